#!/usr/bin/env python3
"""Write the example requests from a folder with the output of a real model: stories260K, a
Llama-style model of 260,000 parameters and a vocabulary of 512 (Karpathy's TinyStories, MIT).
Run: python3 make.py FOLDER, with NAME.json and NAME.logits.f32 for each NAME below."""
import base64
import json
import os
import struct
import sys

here, folder = os.path.dirname(os.path.abspath(__file__)), sys.argv[1]


def load(name):
    with open(os.path.join(folder, name + ".json")) as file:
        case = json.load(file)
    with open(os.path.join(folder, name + ".logits.f32"), "rb") as file:
        raw = file.read()
    tensor = {"dtype": "f32", "shape": case["logits"]["shape"], "data": base64.b64encode(raw).decode()}
    return case, tensor


def save(name, request):
    with open(os.path.join(here, name + ".json"), "w") as file:
        json.dump(request, file, separators=(",", ":"))
        file.write("\n")


def save_npy(name, shape, raw):
    """The logits as numpy.save() writes them: version 1.0, '<f4', C order."""
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }" % tuple(shape)
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    with open(os.path.join(here, name + ".npy"), "wb") as file:
        file.write(b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + raw)


texts = {"worked": {"prompt": "", "completions": [" deep learning"]}}
for name in ("once", "empty_x"):
    case, tensor = load(name)
    texts[name] = {"prompt": case["text_x"], "completions": [case["text_y"]]}
    save(name, {"model": "stories260k", "tokens": case["tokens"],
                "prompt_length": len(case["prompt_tokens"]), "logits": tensor})
    if name == "once":
        save_npy(name, tensor["shape"], base64.b64decode(tensor["data"]))
for group in ("animal", "length"):
    cases = [load("%s.%d" % (group, i)) for i in range(3)]
    texts[group] = {"prompt": cases[0][0]["text_x"], "completions": [c["text_y"] for c, _ in cases]}
    save(group, {"model": "stories260k", "prompt": cases[0][0]["prompt_tokens"],
                 "objectives": ["conditional"],
                 "sequences": [{"id": "%s.%d" % (group, i), "completion": case["completion_tokens"],
                                "logits": tensor} for i, (case, tensor) in enumerate(cases)]})

def choice(name):
    """A choice with the log-probabilities of its tokens, as an engine would return them."""
    case, _ = load(name)
    y = case["reference"]["positions"][len(case["prompt_tokens"]) - 1:]
    assert [p["target"] for p in y] == case["completion_tokens"]
    return {"completion": case["completion_tokens"], "text": case["text_y"],
            "logprobs": [p["logprob"] for p in y]}


save("rank", {"model": "stories260k", "questions": [
    {"id": group, "prompt": load(group + ".0")[0]["prompt_tokens"], "gold": gold,
     "choices": [choice("%s.%d" % (group, i)) for i in range(3)]}
    for group, gold in (("animal", 0), ("length", 1))]})


def cut(tensor, rows, dtype):
    """The first rows of a float32 tensor, as they are or cut to bfloat16."""
    width = tensor["shape"][1]
    raw = base64.b64decode(tensor["data"])[:rows * width * 4]
    if dtype == "bf16":
        raw = b"".join(raw[i + 2:i + 4] for i in range(0, len(raw), 4))
    return {"dtype": dtype, "shape": [rows, width], "data": base64.b64encode(raw).decode()}


case, tensor = load("once")
save("compare", {"tokens": case["tokens"][:12], "prompt_length": len(case["prompt_tokens"]),
                 "models": [{"model": "float32", "logits": cut(tensor, 11, "f32")},
                            {"model": "bfloat16", "logits": cut(tensor, 11, "bf16")}]})
save("worked", {"model": "worked example", "logprobs": [-0.7, -0.4]})
save("nested", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "details": ["rank"],
                "logits": [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [-2, 0.125, 0, 4]]})
with open(os.path.join(here, "lines.ndjson"), "w") as file:
    for request in (
            {"model": "worked example", "logprobs": [-0.7, -0.4], "per_token": False},
            {"tokens": [0, 2, 1, 3], "prompt_length": 2, "per_token": False,
             "logits": [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [-2, 0.125, 0, 4]]},
            {"tokens": [0, 2], "prompt_length": 3, "logits": [[0.5, -1, 2, 0.25]]}):
        file.write(json.dumps(request, separators=(",", ":")) + "\n")
texts["nested"] = {"prompt": "", "completions": [""]}
with open(os.path.join(here, "texts.json"), "w") as file:
    json.dump(texts, file, indent=1, ensure_ascii=False)
    file.write("\n")
