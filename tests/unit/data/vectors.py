#!/usr/bin/env python3
"""Prints vectors.h: cross-entropy and log-softmax cases of public projects' own tests, with the value
that torch float64 gives for the same inputs, from a folder of collected vectors (JSON arrays of
{id, source, op, inputs, reference_f64}).  Run: python3 vectors.py FOLDER > vectors.h"""
import glob
import json
import os
import sys

numbers, targets, cases = [], [], []


def add(source, smoothing, rows, wanted, loss):
    cases.append((source, smoothing, len(numbers), len(rows[0]), len(rows), len(targets), loss))
    numbers.extend(x for row in rows for x in row)
    targets.extend(wanted)


def add_cross_entropy(case):
    inputs, result = case["inputs"], case["reference_f64"]
    if "class_weights" in inputs or inputs.get("ignore_index", -100) != -100:
        return
    smoothing, reduction = inputs.get("label_smoothing", 0), inputs.get("reduction", "mean")
    rows, wanted = inputs["logits"], inputs["targets"]
    if reduction == "none":
        for row, target, loss in zip(rows[:8], wanted, result):
            add(case["source"], smoothing, [row], [target], loss)
    else:
        add(case["source"], smoothing, rows, wanted,
            result / len(rows) if reduction == "sum" else result)


def add_log_softmax(case):
    for row, result in list(zip(case["inputs"]["logits"], case["reference_f64"]))[:2]:
        for target in {row.index(max(row)), row.index(min(row))}:
            add(case["source"], 0, [row], [target], -result[target])


def wrapped(items):
    line = "   "
    for item in items:
        if len(line) + len(item) > 96:
            yield line
            line = "   "
        line += " " + item + ","
    yield line


for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.json"))):
    for case in json.load(open(path)) if "large" not in path else []:
        if case["op"] == "cross_entropy":
            add_cross_entropy(case)
        elif case["op"] == "log_softmax":
            add_log_softmax(case)

print("/* vectors.h - cases from the tests of public projects, printed by vectors.py. */")
print("#ifndef TESTS_UNIT_DATA_VECTORS_H\n#define TESTS_UNIT_DATA_VECTORS_H\n\n/* clang-format off */\n")
print("/* The mean loss of `rows` rows of `width` logits. */")
print("struct vector_case {\n    const char *source;\n    double label_smoothing;\n"
      "    size_t logits, width, rows, targets;\n    double loss;\n};\n")
print("static const double vector_logits[] = {")
print("\n".join(wrapped(repr(float(x)) for x in numbers)))
print("};\n\nstatic const size_t vector_targets[] = {")
print("\n".join(wrapped(str(t) for t in targets)))
print("};\n\nstatic const struct vector_case vector_cases[] = {")
for source, *rest in cases:
    print('    {%s, %s},' % (json.dumps(source), ", ".join(repr(x) for x in rest)))
print("};\n\n/* clang-format on */\n\n#endif")
