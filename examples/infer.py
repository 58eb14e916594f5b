#!/usr/bin/env python3
"""Score two rows of logits through the Open Inference Protocol, with tensors as raw bytes.
Run: python3 examples/infer.py [http://127.0.0.1:8080]"""
import json
import struct
import sys
import urllib.request

url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"
body = json.dumps({"inputs": [
    {"name": "targets", "shape": [1, 2], "datatype": "INT64", "parameters": {"binary_data_size": 16}},
    {"name": "logits", "shape": [1, 2, 3], "datatype": "FP32", "parameters": {"binary_data_size": 24}}],
    "parameters": {"binary_data_output": True}}).encode()
request = urllib.request.Request(
    url + "/v2/models/logprobs/infer",
    body + struct.pack("<2q", 1, 0) + struct.pack("<6f", 0, 0.6931472, -1, 1, 2, 3),
    {"Inference-Header-Content-Length": str(len(body))})
with urllib.request.urlopen(request) as answer:
    length = int(answer.headers["Inference-Header-Content-Length"])
    outputs, bytes_ = json.loads(answer.read(length))["outputs"], answer.read()
for output in outputs:
    size = output["parameters"]["binary_data_size"]
    print(output["name"], output["shape"], struct.unpack("<%df" % (size // 4), bytes_[:size]))
    bytes_ = bytes_[size:]
