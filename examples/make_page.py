#!/usr/bin/env python3
"""Write the examples of the page (web/examples/) from a folder with the output of a real model: stories260K, a
Llama-style model of 260,000 parameters and a vocabulary of 512 (Karpathy's TinyStories, MIT).
The numbers are the model's; the answers of engines are these numbers in the shape that each engine answers in.
Run: python3 make_page.py FOLDER, with NAME.json, NAME.logits.f32 and vocab_latin1.json."""
import base64
import json
import math
import os
import struct
import sys

folder = sys.argv[1]
target = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "web", "examples")


def read(name):
    with open(os.path.join(folder, name)) as file:
        return json.load(file)


vocabulary = [piece.encode("latin-1").decode() for piece in read("vocab_latin1.json")]
vocabulary[1] = "<s>"


def said(token):
    """The text of a token as engines write it: a piece that is a byte becomes that byte."""
    piece = vocabulary[token]
    return bytes.fromhex(piece[3:5]).decode("utf-8", "replace") if piece.startswith("<0x") else piece


class Case:
    """A text with the model's row of logits at each token."""

    def __init__(self, name):
        self.case = read(name + ".json")
        self.tokens, self.prompt_length = self.case["tokens"], len(self.case["prompt_tokens"])
        self.shape = self.case["logits"]["shape"]
        with open(os.path.join(folder, name + ".logits.f32"), "rb") as file:
            self.raw = file.read()

    def names(self, top=5):
        """The texts by id: of the tokens, and of what is likely in their places."""
        ids = set(self.tokens).union(one[0] for t in range(1, len(self.tokens)) for one in self.at(t, top)[1])
        return {str(i): vocabulary[i] for i in sorted(ids)}

    def texts(self):
        return [vocabulary[token] for token in self.tokens]

    def tensor(self):
        return {"dtype": "f32", "shape": self.shape, "data": base64.b64encode(self.raw).decode()}

    def log_probs(self, t):
        """log P of each token of the vocabulary at token t."""
        width = self.shape[1]
        row = struct.unpack_from("<%df" % width, self.raw, 4 * width * (t - 1))
        most = max(row)
        lse = most + math.log(math.fsum(math.exp(x - most) for x in row))
        return [x - lse for x in row]

    def at(self, t, top):
        """The token at t as (id, log P, rank), and the most likely ones."""
        log_probs = self.log_probs(t)
        order = sorted(range(len(log_probs)), key=lambda i: (-log_probs[i], i))
        own = self.tokens[t]
        pick = lambda i: (i, round(log_probs[i], 10), 1 + order.index(i))
        return pick(own), [pick(i) for i in order[:top]]


def save(name, value, indent=1):
    with open(os.path.join(target, name), "w") as file:
        if isinstance(value, str):
            file.write(value)
        else:
            json.dump(value, file, separators=(",", ":") if indent is None else None, indent=indent, ensure_ascii=False)
            file.write("\n")


def request(case, **more):
    return {"model": "stories260k", "tokens": case.tokens, **more, "token_texts": case.names(), "logits": case.tensor()}


def entry(case, t, top):
    """A token as chat completions list it."""
    show = lambda one: {"token": said(one[0]), "logprob": one[1], "bytes": list(said(one[0]).encode())}
    own, tops = case.at(t, top)
    return {**show(own), "top_logprobs": [show(one) for one in tops]}


def chat(case):
    y = range(case.prompt_length, len(case.tokens))
    return {"id": "chatcmpl-1", "object": "chat.completion", "model": "stories260k", "choices": [{
        "index": 0, "message": {"role": "assistant", "content": case.case["text_y"]}, "finish_reason": "stop",
        "logprobs": {"content": [entry(case, t, 5) for t in y]}}],
        "usage": {"prompt_tokens": case.prompt_length, "completion_tokens": len(y), "total_tokens": len(case.tokens)}}


def stream(case):
    """The same as an event stream, a token in each piece."""
    head = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "model": "stories260k"}
    lines = []
    for t in range(case.prompt_length, len(case.tokens)):
        lines.append({**head, "choices": [{"index": 0, "delta": {"content": said(case.tokens[t])},
                                           "logprobs": {"content": [entry(case, t, 3)]}, "finish_reason": None}]})
    lines.append({**head, "choices": [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]})
    return "".join("data: %s\n\n" % json.dumps(line, ensure_ascii=False) for line in lines) + "data: [DONE]\n"


def completions(case):
    """OpenAI's completions with echo: prompt and completion in parallel lists."""
    t = range(1, len(case.tokens))
    at = [case.at(i, 5) for i in t]
    offsets = [len("".join(case.texts()[1:i])) for i in t]
    return {"id": "cmpl-1", "object": "text_completion", "model": "stories260k", "choices": [{
        "index": 0, "text": "".join(case.texts()[1:]), "finish_reason": "length", "logprobs": {
            "tokens": case.texts()[1:], "token_logprobs": [None] + [own[1] for own, _ in at[1:]],
            "top_logprobs": [None] + [{said(i): p for i, p, _ in tops} for _, tops in at[1:]],
            "text_offset": offsets}}],
        "usage": {"prompt_tokens": case.prompt_length - 1, "completion_tokens": len(case.tokens) - case.prompt_length,
                  "total_tokens": len(t)}}


def vllm(case):
    """vLLM's completions with prompt_logprobs: all tokens were the prompt, and one more was generated."""
    show = lambda one: {"logprob": one[1], "rank": one[2], "decoded_token": said(one[0])}
    places = [None]
    for t in range(1, len(case.tokens)):
        own, tops = case.at(t, 3)
        places.append({str(one[0]): show(one) for one in [own] + tops})
    most = max(enumerate(case.log_probs(len(case.tokens))), key=lambda one: one[1])
    text = said(most[0])
    return {"tokens": case.tokens, "prompt_length": case.prompt_length, "outputs": {
        "id": "cmpl-2", "object": "text_completion", "model": "stories260k", "choices": [{
            "index": 0, "text": text, "finish_reason": "length", "prompt_token_ids": case.tokens, "token_ids": [most[0]],
            "prompt_logprobs": places, "logprobs": {"tokens": [text], "token_logprobs": [most[1]],
                                                    "top_logprobs": [{text: most[1]}], "text_offset": [0]}}],
        "usage": {"prompt_tokens": len(case.tokens), "completion_tokens": 1, "total_tokens": len(case.tokens) + 1}}}


def llamacpp(case):
    y = range(case.prompt_length, len(case.tokens))
    show = lambda one: {"id": one[0], "token": said(one[0]), "bytes": list(said(one[0]).encode()), "logprob": one[1]}
    places = [{**show(case.at(t, 5)[0]), "top_logprobs": [show(one) for one in case.at(t, 5)[1]]} for t in y]
    return {"content": case.case["text_y"], "stop": True, "stop_type": "limit", "tokens_evaluated": case.prompt_length,
            "tokens_predicted": len(y), "completion_probabilities": places}


def turns(case):
    """A story that two tell in turns: every second sentence is y."""
    mask, turn = [], 0
    for t, text in enumerate(case.texts()):
        mask.append(turn % 2 if t >= case.prompt_length else 0)
        if t >= case.prompt_length - 1 and text.endswith("."):
            turn += 1
    return mask


def main():
    once, answer, story = Case("once"), Case("animal.0"), Case("instruction")
    save("story.json", request(once, prompt_length=once.prompt_length), None)
    save("turns.json", request(story, mask=turns(story)), None)
    save("unicode.json", request(Case("bytes"), prompt_length=Case("bytes").prompt_length), None)
    save("completions.json", completions(once))
    save("chat.json", chat(answer))
    save("stream.txt", stream(Case("length.1")))
    save("vllm.json", vllm(Case("ball")))
    save("llamacpp.json", llamacpp(Case("greedy")))
    choices = [Case("length.%d" % i) for i in range(3)]
    save("choices.json", {"model": "stories260k", "sequences": [
        {"id": case.case["text_y"].strip(), **{name: value for name, value in request(case, prompt_length=case.prompt_length).items()
                                               if name != "model"}} for case in choices]}, None)
    save("worked.json", {"prompt_length": 0, "token_texts": ["deep", " learning"], "logprobs": [-0.7, -0.4]}, None)


main()
