#!/usr/bin/env python3
"""An OpenAI completions endpoint in front of any Python function from token ids to logits.

    python3 proxy.py --model MODULE:FUNCTION [--tokenizer MODULE] [--logitd URL] [--port PORT]

The function takes a list of N token ids and returns N rows of logits: row t is about token t + 1.  Rows are
lists of numbers, or a two-dimensional buffer of float16, float32 or float64, such as a NumPy array.  If the function
has an attribute `batch` that is true, it takes a list of prompts and returns a list of outputs.  Only one thread
calls it at a time.  The tokenizer is optional; it has encode(text), decode(ids) and eos_token, and may have bos_token.

POST /v1/completions calls the function, adds the result as `logits`, and passes the request on to logitd.  The
harness sends /tokenize, /detokenize and /tokenizer_info to a remote tokenizer; the proxy answers them."""
import argparse
import base64
import http.server
import importlib
import json
import os
import struct
import sys
import threading
import urllib.error
import urllib.request

DTYPES = {"e": "f16", "f": "f32", "d": "f64"}
JSON = "application/json"


def encode(rows):
    """Rows of logits in the format of logitd: base64 of the little-endian numbers, without conversion."""
    try:
        view = memoryview(rows)
    except TypeError:
        if any(len(row) != len(rows[0]) for row in rows):
            raise ValueError("rows of logits differ in length") from None
        raw = struct.pack("<%dd" % sum(map(len, rows)), *(x for row in rows for x in row))
        shape, dtype = [len(rows), len(rows[0]) if rows else 0], "f64"
    else:
        if view.ndim != 2 or view.format not in DTYPES or sys.byteorder != "little":
            raise ValueError("logits must be a matrix of float16, float32 or float64, little-endian")
        shape, dtype, raw = list(view.shape), DTYPES[view.format], view.tobytes()
    return {"dtype": dtype, "shape": shape, "data": base64.b64encode(raw).decode()}


class Model:
    """The function and its tokenizer."""

    def __init__(self, name, tokenizer):
        module, _, function = name.partition(":")
        self.function = getattr(importlib.import_module(module), function or "logits")
        self.tokenizer = importlib.import_module(tokenizer) if tokenizer else None
        self.lock = threading.Lock()

    def logits(self, prompts):
        with self.lock:
            if getattr(self.function, "batch", False):
                return [encode(rows) for rows in self.function(prompts)]
            return [encode(self.function(prompt)) for prompt in prompts]

    def ids(self, prompt):
        """One prompt as token ids.  It may be text if there is a tokenizer."""
        if isinstance(prompt, str) and self.tokenizer:
            return self.tokenizer.encode(prompt)
        return prompt

    def prompts(self, prompt):
        """OpenAI's `prompt` (text, ids, or an array of either) as a list of lists of ids."""
        several = isinstance(prompt, list) and prompt and isinstance(prompt[0], (str, list))
        return [self.ids(p) for p in (prompt if several else [prompt])]


def is_ids(prompt):
    return isinstance(prompt, list) and prompt and all(type(i) is int and i >= 0 for i in prompt)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model = logitd = None

    def reply(self, status, body, media_type=JSON):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fail(self, status, message, kind="invalid_request_error"):
        self.reply(status, {"error": {"message": message, "type": kind, "param": None, "code": None}})

    def forward(self, body=None):
        """Send the request to logitd, and pass its answer on unchanged, also if it is an error."""
        headers = {"Content-Type": JSON}
        if self.headers.get("Authorization"):
            headers["Authorization"] = self.headers["Authorization"]
        request = urllib.request.Request(self.logitd + self.path, body, headers)
        try:
            with urllib.request.urlopen(request) as answer:
                self.reply(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            self.reply(error.code, error.read(), error.headers.get("Content-Type", JSON))
        except urllib.error.URLError as error:
            self.fail(502, "logitd at %s does not answer: %s" % (self.logitd, error.reason), "server_error")

    def read(self):
        """The request's JSON.  If it is not JSON, the client gets an error, and the result is None."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            self.close_connection = True
            self.fail(411, "the request must have a Content-Length")
            return None
        try:
            request = json.loads(self.rfile.read(int(length)))
        except ValueError as error:
            self.fail(400, "not JSON: %s" % error)
            return None
        if not isinstance(request, dict):
            self.fail(400, "the body must be an object")
            return None
        return request

    def complete(self, request):
        prompts = self.model.prompts(request.get("prompt"))
        if not all(is_ids(prompt) for prompt in prompts):
            # logitd words the error; it checks members before it reads logits
            return self.forward(json.dumps({**request, "logits": [[0]]}).encode())
        try:
            logits = self.model.logits(prompts)
        except Exception as error:  # the model may raise anything; the client must get an answer
            return self.fail(500, "the model failed: %s: %s" % (type(error).__name__, error), "server_error")
        request = {**request, "prompt": prompts}
        request.pop("logits", None)
        request["logits"] = logits  # last, so that they stream
        return self.forward(json.dumps(request).encode())

    def tokenize(self, request):
        if not isinstance(request.get("prompt"), str):
            return self.fail(400, "prompt: must be a text")
        tokens = self.model.tokenizer.encode(request["prompt"])
        return self.reply(200, {"tokens": tokens, "count": len(tokens)})

    def detokenize(self, request):
        if not is_ids(request.get("tokens")):
            return self.fail(400, "tokens: must be an array of token ids")
        return self.reply(200, {"prompt": self.model.tokenizer.decode(request["tokens"])})

    def tokenizer_info(self):
        names = ("eos_token", "bos_token", "pad_token", "chat_template")
        self.reply(200, {name: getattr(self.model.tokenizer, name, None) for name in names})

    def do_POST(self):
        request = self.read()
        if request is None:
            return
        routes = {"/v1/completions": self.complete}
        if self.model.tokenizer:
            routes.update({"/tokenize": self.tokenize, "/detokenize": self.detokenize})
        routes.get(self.path, lambda _: self.fail(404, "there is no such route"))(request)

    def do_GET(self):
        if self.path == "/tokenizer_info" and self.model.tokenizer:
            self.tokenizer_info()
        elif self.path == "/v1/models":
            self.forward()
        else:
            self.fail(404, "there is no such route")

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="MODULE:FUNCTION")
    parser.add_argument("--tokenizer", metavar="MODULE")
    parser.add_argument("--logitd", default="http://127.0.0.1:8080", metavar="URL")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0: choose one")
    options = parser.parse_args()
    sys.path[:0] = [os.getcwd(), os.path.dirname(os.path.abspath(__file__))]
    Handler.model = Model(options.model, options.tokenizer)
    Handler.logitd = options.logitd.rstrip("/")
    server = Server((options.address, options.port), Handler)
    print("listening on http://%s:%d" % server.server_address[:2], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
