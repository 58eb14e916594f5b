#!/usr/bin/env python3
"""lm_eval.py PROGRAM - examples/lm_eval/proxy.py in front of the program, asked as lm-evaluation-harness asks: what it
makes of the answers is compared with log-probabilities computed here.  Prints check's summary line."""
import json
import math
import os
import subprocess
import sys
import urllib.error
import urllib.request

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "lm_eval")
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True
import bigram  # noqa: E402

checks = failures = 0


def check(good, what, evidence=None):
    global checks, failures
    checks += 1
    if not good:
        failures += 1
        print("lm_eval: %s: %r" % (what, evidence))


def start(command, stream):
    """A child, and the URL that its first line tells."""
    child = subprocess.Popen(command, text=True, **{stream: subprocess.PIPE},
                             **({"stdout": subprocess.DEVNULL} if stream == "stderr" else {}))
    return child, getattr(child, stream).readline().split()[-1]


def ask(url, body=None):
    """The status and the answer; with the header that the harness sends when it has no key."""
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(),
                                     {"Content-Type": "application/json", "Authorization": "Bearer "})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def log_prob(ids, at):
    """log P(ids[at] | ids[at - 1]), and whether nothing is likelier."""
    row = bigram.ROWS[ids[at - 1]]
    best = max(row)
    return (row[ids[at]] - best - math.log(math.fsum(math.exp(x - best) for x in row)), row[ids[at]] == best)


def payload(prompts):
    return {"model": "bigram", "prompt": prompts, "temperature": 0, "max_tokens": 1, "logprobs": 1, "seed": 1234,
            "echo": True}


def read_answer(answer, lengths):
    """(log-likelihood, is_greedy) of each choice, as the harness reads them."""
    found = []
    for choice, start_at in zip(sorted(answer["choices"], key=lambda c: c["index"]), lengths):
        values = choice["logprobs"]["token_logprobs"][start_at:-1]
        tops = choice["logprobs"]["top_logprobs"][start_at:-1]
        found.append((sum(values), all(v == max(top.values()) for v, top in zip(values, tops))))
    return found


def check_tokenizer(url):
    status, info = ask(url + "/tokenizer_info")
    check(status == 200 and info["eos_token"] == info["bos_token"] == "<|end|>", "/tokenizer_info", info)
    for text, ids in (("test", [116, 101, 115, 116]), ("<|end|>", [256]), ("a<|end|>b", [97, 256, 98]), ("", [])):
        status, answer = ask(url + "/tokenize", {"prompt": text, "add_special_tokens": False})
        check(status == 200 and answer["tokens"] == ids, "/tokenize", answer)
        if ids:
            status, answer = ask(url + "/detokenize", {"tokens": ids})
            check(status == 200 and answer == {"prompt": text}, "/detokenize", answer)
    check(ask(url + "/tokenize", {"prompt": [1]})[0] == 400, "/tokenize of ids")


def check_choices(url):
    """Contexts and continuations, one by one and in a batch; the empty context is the token that ends a text."""
    pairs = [("the cat", " sat"), ("the cat", " xyz"), ("th", "e"), ("", "the dog"), ("the d", "og")]
    requests = [((bigram.encode(c) or [256]), bigram.encode(y)) for c, y in pairs]
    right = []
    for context, continuation in requests:
        ids = context + continuation
        told = [log_prob(ids, i) for i in range(len(context), len(ids))]
        right.append((math.fsum(t[0] for t in told), all(t[1] for t in told)))
    check(len({greedy for _, greedy in right}) == 2, "some are greedy, some are not", right)
    for size in (1, len(pairs)):
        for at in range(0, len(pairs), size):
            batch = requests[at:at + size]
            status, answer = ask(url + "/v1/completions", payload([c + y for c, y in batch]))
            check(status == 200, "/v1/completions", answer)
            found = read_answer(answer, [len(c) for c, _ in batch])
            for (got, greedy), (value, is_greedy) in zip(found, right[at:at + size]):
                check(abs(got - value) <= 1e-12 * abs(value) and greedy == is_greedy, "log-likelihood",
                      (got, value, greedy, is_greedy))


def check_errors(url):
    status, answer = ask(url + "/v1/completions", {**payload([[1, 2]]), "max_tokens": 256})
    check(status == 400 and answer["error"]["param"] == "max_tokens", "max_tokens", answer)
    status, answer = ask(url + "/v1/completions", payload([[]]))
    check(status == 422 and answer["error"]["param"] == "prompt", "an empty prompt", answer)
    status, answer = ask(url + "/v1/completions", payload([[257]]))
    check(status == 500 and "the model failed: IndexError" in answer["error"]["message"], "a failing model", answer)
    check(ask(url + "/v1/chat/completions", {})[0] == 404, "no such route")


def check_text(url):
    """Texts are prompts where there is a tokenizer."""
    asked = [ask(url + "/v1/completions", payload(p))[1]["choices"]
             for p in (["the", "cat"], [bigram.encode("the"), bigram.encode("cat")])]
    check(asked[0] == asked[1], "texts", asked)
    check(ask(url + "/v1/completions", payload("the"))[1]["choices"][0]["logprobs"] == asked[0][0]["logprobs"], "text")
    check(ask(url + "/v1/models")[1]["object"] == "list", "/v1/models")


def main():
    server, logitd = start([sys.argv[1], "--port", "0"], "stderr")
    proxy, url = start([sys.executable, os.path.join(FOLDER, "proxy.py"), "--model", "bigram:logits", "--tokenizer",
                        "bigram", "--logitd", logitd, "--port", "0"], "stdout")
    try:
        for test in (check_tokenizer, check_choices, check_errors, check_text):
            test(url)
    finally:
        proxy.terminate()
        server.terminate()
        check(server.wait() == 0, "the server ends well")
        proxy.wait()
    print("%d%%: Checks: %d, Failures: %d, Errors: 0" % (100 * (checks - failures) // checks, checks, failures))
    return failures > 0


sys.exit(main())
