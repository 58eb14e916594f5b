#!/usr/bin/env python3
"""Writes the golden cases of /v2/models/NAME/infer: tests/golden/infer/NAME with
    line           the path, and the Inference-Header-Content-Length or -
    request        the body
    response.json  the id, and the outputs in order: infinities and NaN as strings where they are binary
The numbers come from oracle.py (decimal arithmetic).  Run: python3 tests/golden/infer.py"""
import json
import os
import struct
from decimal import Decimal as D

import oracle

here = os.path.dirname(os.path.abspath(__file__))
INF, NAN = float("inf"), float("nan")
PACK = {"FP64": "d", "FP32": "f", "FP16": "e", "INT64": "q", "INT32": "i", "UINT8": "B", "BOOL": "?"}
# What may be asked of each model: datatype, one value a token or a sequence, by default.
OUTPUTS = {
    "logprobs": {"logprobs": ("FP32", 2, True), "loss": ("FP32", 1, True), "rank": ("INT32", 2, False),
                 "greedy": ("BOOL", 2, False), "entropy": ("FP32", 2, False), "token_count": ("INT32", 1, False)},
    "score": {"joint.loss": ("FP32", 1, True), "joint.log_prob": ("FP32", 1, True),
              "conditional.loss": ("FP32", 1, True), "conditional.log_prob": ("FP32", 1, True),
              "marginal.loss": ("FP32", 1, True), "marginal.log_prob": ("FP32", 1, True),
              "token_loss": ("FP32", 2, True)},
}


def bfloat(value):
    return struct.unpack("<I", struct.pack("<f", value))[0] >> 16


def pack(datatype, values):
    if datatype == "BF16":
        return struct.pack("<%dH" % len(values), *map(bfloat, values))
    return struct.pack("<%d%s" % (len(values), PACK[datatype]), *values)


def exact(datatype, value):
    """What the service gets of a value."""
    if datatype == "BF16":
        return struct.unpack("<f", struct.pack("<I", bfloat(value) << 16))[0]
    return struct.unpack("<" + PACK[datatype], struct.pack("<" + PACK[datatype], value))[0]


def rounded(value, datatype):
    if value != value or value in (INF, -INF):
        return float(value)
    if datatype == "FP32":
        return oracle.single(str(D(value))) if value else 0.0
    return float(value) if datatype == "FP64" else value


def logprobs(inputs, parameters):
    """Columns of the answer, a list for each sequence."""
    logits, targets = inputs["logits"], inputs["targets"]
    answer = {name: [] for name in OUTPUTS["logprobs"]}
    for rows, ids in zip(logits, targets):
        column = {name: [] for name in ("logprobs", "rank", "greedy", "entropy")}
        losses = []
        for row, target in zip(rows, ids):
            if target == -100:
                for name, nothing in (("logprobs", 0), ("rank", 0), ("greedy", False), ("entropy", 0)):
                    column[name].append(nothing)
                continue
            r = oracle.Row(row, parameters)
            nll, value = r.nll[target], r.values[target]
            column["logprobs"].append(-INF if nll is None else -nll)
            column["rank"].append(1 + sum(v is not None and (value is None or v > value) for v in r.values))
            column["greedy"].append(target == r.argmax)
            column["entropy"].append(r.entropy)
            losses.append(r.loss(target, parameters))
        for name in column:
            answer[name].append(column[name])
        answer["loss"].append(NAN if not losses else INF if INF in losses else sum(losses, D(0)) / len(losses))
        answer["token_count"].append(len(losses))
    return answer


def score(inputs, parameters):
    answer = {name: [] for name in OUTPUTS["score"]}
    for b, (rows, ids) in enumerate(zip(inputs["logits"], inputs["tokens"])):
        length = len(ids)
        while length and ids[length - 1] < 0:
            length -= 1
        s = {"tokens": ids[:length], "prompt_length": inputs["prompt_length"][b], "logits": [], **parameters}
        if "weights" in inputs:
            s["weights"] = inputs["weights"][b][:length]
        s["logits"] = rows
        sequence = oracle.Sequence(s)
        for o in ("joint", "conditional", "marginal"):
            log_prob, loss_sum, tokens, weight = sequence.value(o)
            answer[o + ".log_prob"].append(log_prob)
            answer[o + ".loss"].append(NAN if weight == 0 else INF if loss_sum == INF else D(loss_sum) / D(weight))
        answer["token_loss"].append([sequence.token_loss(i) if i < length and sequence.needed[i] and sequence.segment[i] else 0
                                     for i in range(len(ids))])
    return answer


def nest(shape, values):
    if len(shape) == 1:
        return values
    size = len(values) // shape[0]
    return [nest(shape[1:], values[i * size:(i + 1) * size]) for i in range(shape[0])]


def case(name, model, inputs, outputs=None, parameters=None, ident=None, version=False, nested=False, before=(), space=b" "):
    """inputs: (name, datatype, shape, values, binary); outputs: (name, binary or None)."""
    parameters = parameters or {}
    head, blobs, meaning = {}, b"", {}
    if ident is not None:
        head["id"] = ident
    tensors = []
    for key, datatype, shape, values, binary in inputs:
        tensor = {"name": key, "shape": shape, "datatype": datatype}
        if binary:
            blob = pack(datatype, values)
            blobs += blob
            tensor["parameters"] = {"binary_data_size": len(blob)}
        elif "data" in before:
            tensor = {"data": nest(shape, values) if nested else values, **tensor}
        else:
            tensor["data"] = nest(shape, values) if nested else values
        tensors.append(tensor)
        meaning[key] = nest(shape, [exact(datatype, v) for v in values])
    head["inputs"] = tensors
    if outputs:
        head["outputs"] = [{"name": o, **({} if b is None else {"parameters": {"binary_data": b}})} for o, b in outputs]
    if parameters:
        head["parameters"] = parameters
    text = json.dumps(head).encode().replace(b", ", b"," + space)
    default = parameters.get("binary_data_output", False)
    known = {k: v for k, v in parameters.items() if k in ("temperature", "softcap", "label_smoothing", "smoothing", "z_loss",
                                                          "alignment")}
    columns = {"logprobs": logprobs, "score": score}[model](meaning, known)
    answer = []
    for o, binary in outputs or [(o, None) for o, about in OUTPUTS[model].items() if about[2]]:
        datatype, rank, _ = OUTPUTS[model][o]
        datatype = "FP64" if datatype == "FP32" and parameters.get("precision") == "fp64" else datatype
        flat = columns[o] if rank == 1 else [v for row in columns[o] for v in row]
        flat = [rounded(v, datatype) for v in flat]
        special = {True: lambda v: "NaN" if v != v else "Infinity" if v == INF else "-Infinity" if v == -INF else v,
                   False: lambda v: None if v != v or v in (INF, -INF) else v}[default if binary is None else binary]
        answer.append({"name": o, "datatype": datatype, "shape": meaning_shape(meaning, rank),
                       "binary": default if binary is None else binary,
                       "data": [special(v) if isinstance(v, float) else v for v in flat]})
    write(name, "/v2/models/%s%s/infer" % (model, "/versions/1" if version else ""), text, blobs,
          {"model_name": model, "model_version": "1", **({} if ident is None else {"id": ident}), "outputs": answer})


def write(name, path, head, blobs, answer):
    folder = os.path.join(here, "infer", name)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "line"), "w", encoding="ascii") as file:
        file.write("%s %s\n" % (path, len(head) if blobs else "-"))
    with open(os.path.join(folder, "request"), "wb") as file:
        file.write(head + blobs)
    with open(os.path.join(folder, "response.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(answer) + "\n")


def meaning_shape(meaning, rank):
    logits = meaning["logits"]
    return [len(logits), len(next(meaning[k] for k in ("tokens", "targets") if k in meaning)[0])][:rank]


def main():
    rows = [0.5, -1, 2, 0.25, 1, 3, -0.5, 0, -2, 0.125, 0, 4, 0.1, 0.2, 0.3, 0.4, 7, -7, 7, 6.5, 1e-3, 2e-3, 0, -1e-3]
    shape, flat = [2, 3, 4], rows
    ids = [2, 1, 3, 0, 2, 1]
    every = [(o, None) for o in OUTPUTS["logprobs"]]

    def about(binary, targets=ids, kind="INT64", datatype="FP32", values=None, first="targets"):
        pair = [("targets", kind, [2, 3], targets, binary), ("logits", datatype, shape, values or flat, binary)]
        return pair if first == "targets" else pair[::-1]

    case("json", "logprobs", about(False), ident="42")
    case("json_spaced", "logprobs", about(False), space=b" \t\n\r" * 40)
    case("json_nested", "logprobs", about(False), nested=True, version=True)
    case("json_logits_first", "logprobs", about(False, first="logits"), outputs=every)
    case("json_data_first", "logprobs", about(False), outputs=every, before=["data"])
    case("json_fp64", "logprobs", about(False, datatype="FP64"), parameters={"precision": "fp64"}, outputs=every)
    case("json_int32", "logprobs", about(False, kind="INT32"))
    case("json_mask", "logprobs", about(False, values=flat[:3] + [-INF] + flat[4:], targets=[3, 1, 3, 0, 2, 1]), outputs=every)
    case("json_unscored", "logprobs", about(False, targets=[-100, 1, -100, -100, -100, -100]), outputs=every)
    case("json_empty_id", "logprobs", about(False), ident="")
    case("json_unicode_id", "logprobs", about(False), ident="\u00e9\U0001f600\"\\")
    case("binary", "logprobs", about(True), parameters={"binary_data_output": True})
    case("binary_logits_first", "logprobs", about(True, first="logits"), parameters={"binary_data_output": True}, outputs=every)
    case("binary_in_json_out", "logprobs", about(True), outputs=every)
    case("binary_fp64", "logprobs", about(True, datatype="FP64"), outputs=every,
         parameters={"binary_data_output": True, "precision": "fp64"})
    case("binary_fp16", "logprobs", about(True, datatype="FP16", kind="INT32"), parameters={"binary_data_output": True})
    case("binary_bf16", "logprobs", about(True, datatype="BF16"), parameters={"binary_data_output": True}, outputs=every)
    case("binary_unscored", "logprobs", about(True, targets=[-100] * 3 + [0, -100, 1]), outputs=every,
         parameters={"binary_data_output": True})
    case("binary_mask", "logprobs", about(True, values=flat[:3] + [-INF] + flat[4:], targets=[3, 1, 3, 0, 2, 1]), outputs=every,
         parameters={"binary_data_output": True, "precision": "fp64"})
    case("mixed_targets_json", "logprobs", [about(False)[0], about(True)[1]],
         outputs=[("loss", False), ("logprobs", True), ("greedy", True), ("rank", False)])
    case("mixed_logits_json", "logprobs", [about(False)[1], about(True)[0]], outputs=[("rank", True), ("loss", None)],
         parameters={"binary_data_output": True})
    case("temperature", "logprobs", about(True), outputs=every, parameters={"temperature": 0.5, "priority": 3, "other": "x"})
    case("softcap", "logprobs", about(False), outputs=every, parameters={"softcap": 3.0, "temperature": 2})
    case("smoothed", "logprobs", about(False), parameters={"label_smoothing": 0.1, "z_loss": 0.001})
    case("one", "logprobs", [("targets", "INT64", [1, 1], [0], False), ("logits", "FP32", [1, 1, 1], [5.0], False)], outputs=every)

    tokens = [1, 2, 3, 0, 2, -1]

    def scored(binary, lengths=(1, 1), ids=tokens, first=False, weights=None, datatype="FP32"):
        small = [("tokens", "INT64", [2, 3], list(ids), binary), ("prompt_length", "INT32", [2], list(lengths), binary)]
        if weights:
            small.append(("weights", "FP32", [2, 3], weights, binary))
        logits = [("logits", datatype, shape, flat, binary)]
        return logits + small if first else small + logits

    case("score", "score", scored(False), ident="s")
    case("score_nested", "score", scored(False), nested=True)
    case("score_binary", "score", scored(True), parameters={"binary_data_output": True})
    case("score_binary_first", "score", scored(True, first=True), parameters={"binary_data_output": True, "precision": "fp64"})
    case("score_fp64", "score", scored(False, datatype="FP64"), parameters={"precision": "fp64"})
    case("score_bf16", "score", scored(True, datatype="BF16"), outputs=[("marginal.loss", None), ("joint.loss", True)])
    case("score_empty_prompt", "score", scored(True, lengths=(0, 0)), parameters={"binary_data_output": True})
    case("score_empty_completion", "score", scored(True, lengths=(3, 2)), parameters={"binary_data_output": True})
    case("score_weights", "score", scored(False, weights=[1, 0.5, 2, 0, 0.25, 1]), parameters={"precision": "fp64"})
    case("score_weights_last", "score", scored(True, first=True, weights=[1, 0.5, 2, 0, 0.25, 1]))
    case("score_zero_weights", "score", scored(True, weights=[0.0] * 6), parameters={"binary_data_output": True})
    case("score_padding", "score", scored(True, ids=[1, -1, -1, -7, -7, -7], lengths=(1, 0)),
         parameters={"binary_data_output": True})
    case("score_same", "score", scored(False), parameters={"alignment": "same", "precision": "fp64"})
    case("score_options", "score", scored(False), parameters={"temperature": 1.5, "softcap": 5.0, "label_smoothing": 0.1,
                                                              "smoothing": "uniform_others", "z_loss": 0.01})
    def shifted(binary, first=False, **more):
        """With the logits of all tokens but the last."""
        inputs = scored(binary, first=first, **more)
        rows = flat[:8] + flat[12:20]
        return [("logits", "FP32", [2, 2, 4], rows, binary) if i[0] == "logits" else i for i in inputs]

    case("score_shifted", "score", shifted(False), parameters={"precision": "fp64"})
    case("score_shifted_first", "score", shifted(False, first=True, weights=[1, 0.5, 2, 0, 0.25, 1]))
    case("score_shifted_binary", "score", shifted(True, ids=[1, 2, 3, 0, 2, 3]), parameters={"binary_data_output": True})
    case("score_shifted_binary_first", "score", shifted(True, first=True), parameters={"precision": "fp64"})
    case("score_shifted_same", "score", shifted(True, ids=[1, 2, -1, 0, 2, -1]), parameters={"alignment": "same"})
    case("score_one_output", "score", scored(False), outputs=[("token_loss", None)])


if __name__ == "__main__":
    main()
