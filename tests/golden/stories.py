#!/usr/bin/env python3
"""Copies the outputs of stories260K (a 260,000-parameter Llama-style model, V = 512; Karpathy's TinyStories,
MIT) and their published float64 reference values, and adds `exact`: the log-probability in 60-digit
decimal arithmetic (oracle.py), since the published one is rounded at the size of the logits.
Run: python3 tests/golden/stories.py FOLDER"""
import glob
import json
import os
import shutil
import struct
import sys

sys.argv, folder = sys.argv[:1] + ["/dev/null"], sys.argv[1]
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import oracle as module  # noqa: E402

oracle = vars(module)

for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
    case = json.load(open(path))
    if "reference" not in case:
        continue
    name, logits = os.path.basename(path)[:-5], path[:-5] + ".logits.f32"
    width = case["logits"]["shape"][1]
    raw = open(logits, "rb").read()
    positions = []
    for p in case["reference"]["positions"]:
        row = struct.unpack_from("<%df" % width, raw, 4 * width * p["pos"])
        exact = -float(oracle["Row"](row, {}).nll[p["target"]])
        positions.append({**{k: p[k] for k in ("logprob", "rank", "entropy", "smooth_loss", "argmax")},
                          "exact": exact})
    totals = {k: case["reference"]["totals"][k] for k in ("logP_x", "logP_y_given_x", "logP_xy", "ppl_y")}
    shutil.copyfile(logits, os.path.join(here, "stories260k", name + ".logits.f32"))
    os.chmod(os.path.join(here, "stories260k", name + ".logits.f32"), 0o644)
    with open(os.path.join(here, "stories260k", name + ".json"), "w") as out:
        json.dump({"tokens": case["tokens"], "prompt_length": len(case["prompt_tokens"]),
                   "shape": case["logits"]["shape"], "totals": totals, "positions": positions}, out)
        out.write("\n")
