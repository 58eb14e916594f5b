"""What a case is, and the shapes that several engines answer in."""
import os
import re

here = os.path.dirname(os.path.abspath(__file__))
DETAILS = {slug: "".join(re.findall(r'"([^"]*)"', text)) for slug, text in re.findall(
    r'WARNING\(\w+, "(\w+)",\s*((?:"[^"]*"\s*)+)\)', open(os.path.join(here, "../../../api/engines/warnings.def")).read())}
VALID, INVALID = {}, {}
NAN, INF = float("nan"), float("inf")


def source(format, alignment="same", first=0, tokens="outputs", split="outputs", answer=0, detected=True,
           values="log_probs"):
    return {"format": format, "detected": detected, "answer": answer, "values": values, "alignment": alignment,
            "first_token": first, "tokens": tokens, "split": split}


def valid(name, request, plain, sources, warnings=(), greedy=None):
    """One sequence; or lists of plain requests, sources, warnings and greedy columns."""
    assert name not in VALID and name not in INVALID, name
    many = isinstance(plain, list)
    VALID[name] = (request, plain if many else [plain], sources if many else [sources],
                   list(warnings) if many else [list(warnings)], greedy if many else [greedy])


def invalid(name, request, status, code, pointer, says=None):
    """`says` is a text that must be in the detail."""
    assert name not in VALID and name not in INVALID, name
    INVALID[name] = (request, status, code, pointer, says)


# ---- shapes ----

def arrays(tokens, numbers, tops=None):
    result = {"text_offset": [0] * len(tokens), "token_logprobs": numbers, "tokens": tokens}
    result["top_logprobs"] = tops
    return result


def completion(logprobs, usage=None, **more):
    result = {"id": "cmpl-1", "object": "text_completion", "created": 1700000000, "model": "m",
              "choices": [{"text": "", "index": 0, "logprobs": logprobs, "finish_reason": "length", **more}]}
    if usage:
        result["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return result


def content(*rows, **choice):
    return {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": ""},
            "logprobs": {"content": list(rows), "refusal": None}, "finish_reason": "stop", **choice}]}


def piece(token, logprob, *tops, **more):
    return {"token": token, "logprob": logprob, "bytes": list(token.encode()), **more,
            "top_logprobs": [{"token": t, "logprob": p, "bytes": list(t.encode())} for t, p in tops]}


def ranked(*entries):
    return {str(i): {"logprob": p, "rank": r, "decoded_token": "t%d" % i} for i, p, r in entries}
