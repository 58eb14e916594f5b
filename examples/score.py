#!/usr/bin/env python3
"""Score a story of a real model through logitd, as an evaluation tool does.

    python3 score.py [URL] [--nested]

Logits go as base64 of little-endian float32; with --nested as decimal numbers, which gives the same
bits.  NumPy is used if it is installed."""
import base64
import json
import os
import sys
import urllib.error
import urllib.request

try:
    import numpy
except ImportError:
    numpy = None
    import array

URL = next((a for a in sys.argv[1:] if a.startswith("http")), "http://127.0.0.1:8080")


def load_once():
    """The tokens, the length of the prompt, and the raw float32 logits of examples/once.json."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "once.json")
    with open(path) as file:
        request = json.load(file)
    return (request["tokens"], request["prompt_length"], request["logits"]["shape"],
            base64.b64decode(request["logits"]["data"]))


def encode(raw, shape, nested):
    """Rows of logits in the format of logitd."""
    if not nested:
        return {"dtype": "f32", "shape": list(shape), "data": base64.b64encode(raw).decode()}
    if numpy:
        return numpy.frombuffer(raw, "<f4").reshape(shape).tolist()
    flat = array.array("f", raw).tolist()
    return [flat[r * shape[1]:(r + 1) * shape[1]] for r in range(shape[0])]


def score(request):
    """POST a request.  Return the answer, or raise an exception with the server's words."""
    body = json.dumps(request).encode()
    post = urllib.request.Request(URL + "/v1/score", body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(post) as reply:
            return json.load(reply)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        raise SystemExit("%d: %s" % (error.code, problem["detail"]))


def main():
    tokens, prompt_length, shape, raw = load_once()
    answer = score({"tokens": tokens, "prompt_length": prompt_length,  # logits last, so that they stream
                    "logits": encode(raw, shape, "--nested" in sys.argv)})
    for name, objective in answer["sequences"][0]["objectives"].items():
        print("%-12s log_prob %.17g  loss %.17g" % (name, objective["log_prob"], objective["loss"]))


main()
