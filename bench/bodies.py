"""bodies.py - request bodies: files, and pieces of files that are sent again and again.

A body is a list of pieces as bench/client takes them (FILE or FILE*TIMES), so that 2 GB of it need
no file of 2 GB.
"""
import base64
import json
import os
from dataclasses import dataclass

import numpy

# How a float32 is written: as Python's json writes what torch's tolist() gives (17 digits), and as
# programs write that know it is a float32 (the fewest digits that read back to it).
DIGITS_17 = ("17-digit", lambda number: repr(float(number)))
SHORTEST = ("shortest float32", str)

VOCABULARY = 32_000


@dataclass(frozen=True)
class Body:
    pieces: tuple
    size: int
    rows: int = 0
    path: str = "/v1/score"
    media_type: str = "application/json"
    field: str = ""  # one more header field


def logits(rows, width):
    """What models say, roughly: normal, a few units wide."""
    return (numpy.random.default_rng(1).standard_normal((rows, width)) * 3).astype(numpy.float32)


def row_text(row, write):
    return "[" + ",".join(map(write, row)) + "]"


def tokens(count):
    return [i % 7 for i in range(count)]


def head_text(count):
    return f'{{"tokens":{json.dumps(tokens(count))},"prompt_length":{count // 2},"logits":['


def put(directory, name, content):
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def whole(directory, rows, width, text):
    """A body in one file."""
    write = text[1]
    numbers = ",".join(row_text(row, write) for row in logits(rows, width))
    body = head_text(rows) + numbers + "]}"
    path = put(directory, f"body-{rows}-{width}", body)
    return Body((path,), len(body))


def sweep(directory, rows, width, temperatures):
    """One output that is asked about at many temperatures: much work for few bytes."""
    data = base64.b64encode(logits(rows, width).tobytes()).decode()
    body = json.dumps({
        "tokens": tokens(rows),
        "prompt_length": rows // 2,
        "per_token": False,
        "sequences": [{"temperature": 0.5 + i / temperatures} for i in range(temperatures)],
        "logits": {"dtype": "f32", "shape": [rows, width], "data": data},
    })
    return Body((put(directory, "sweep", body),), len(body))


def long(directory, size, text, width=VOCABULARY):
    """A body of at least `size` bytes that says the same row again and again."""
    row = row_text(logits(1, width)[0], text[1])
    times = size // (len(row) + 1) + 1
    head, more, last = head_text(times + 1), row + ",", row + "]}"
    pieces = (
        put(directory, "head", head),
        put(directory, "row", more) + f"*{times}",
        put(directory, "last", last),
    )
    return Body(pieces, len(head) + len(more) * times + len(last))


# ---- binary numbers ----

# How a row of float32 becomes the bytes of each dtype; bfloat16 is cut, not rounded.
DTYPES = {
    "f32": lambda row: row.astype("<f4").tobytes(),
    "f16": lambda row: row.astype("<f2").tobytes(),
    "bf16": lambda row: (row.view(numpy.uint32) >> 16).astype("<u2").tobytes(),
}


def repeated(directory, name, head, row, rows, last, **how):
    """A body of a head, a row again and again, and what follows."""
    pieces = (
        put(directory, name + "-head", head),
        put(directory, name + "-row", row) + f"*{rows}",
        put(directory, name + "-last", last),
    )
    return Body(pieces, len(head) + len(row) * rows + len(last), rows, **how)


def form(directory, size, dtype, width):
    """multipart/form-data with raw numbers of at least `size` bytes."""
    row = DTYPES[dtype](logits(1, width)[0])
    rows = size // len(row) + 1
    request = {"tokens": tokens(rows), "prompt_length": rows // 2, "per_token": False,
               "dtype": dtype, "shape": [rows, width]}
    head = (
        '--edge\r\nContent-Disposition: form-data; name="request"\r\n'
        "Content-Type: application/json\r\n\r\n" + json.dumps(request) + "\r\n--edge\r\n"
        'Content-Disposition: form-data; name="logits"; filename="logits"\r\n\r\n'
    )
    return repeated(directory, "form-" + dtype, head.encode(), row, rows, b"\r\n--edge--\r\n",
                    media_type="multipart/form-data; boundary=edge")


def infer(directory, size, width):
    """The Open Inference Protocol with binary tensors, the targets first."""
    row = DTYPES["f32"](logits(1, width)[0])
    rows = size // len(row) + 1
    targets = numpy.array(tokens(rows), "<i8").tobytes()

    def tensor(name, datatype, shape, length):
        return {"name": name, "datatype": datatype, "shape": shape,
                "parameters": {"binary_data_size": length}}

    head = json.dumps({"inputs": [
        tensor("targets", "INT64", [1, rows], len(targets)),
        tensor("logits", "FP32", [1, rows, width], len(row) * rows),
    ]}).encode()
    return repeated(directory, "infer", head + targets, row, rows, b"",
                    path="/v2/models/logprobs/infer", media_type="application/octet-stream",
                    field=f"Inference-Header-Content-Length: {len(head)}")


def tensor_head(name, datatype, shape, size):
    return {"name": name, "datatype": datatype, "shape": shape, "parameters": {"binary_data_size": size}}


def policies(directory, sequences, tokens):
    """Log-probabilities of four sources as tensors, and what a training run asks of them."""
    random = numpy.random.default_rng(1)
    old = -4 * random.random((sequences, tokens))
    inputs = {"old": old}
    for name in ("current", "rollout", "reference"):
        inputs[name] = numpy.minimum(old + 0.1 * random.standard_normal(old.shape), 0)
    inputs["advantages"] = random.standard_normal(sequences)
    data = [numbers.astype("<f4").tobytes() for numbers in inputs.values()]
    head = json.dumps({
        "parameters": {"request": json.dumps({"objectives": ["grpo", {"name": "dapo", "kl_coef": 0.001}]})},
        "inputs": [tensor_head(name, "FP32", list(numbers.shape), len(of_it))
                   for (name, numbers), of_it in zip(inputs.items(), data)],
    }).encode()
    path = put(directory, "policies", head + b"".join(data))
    return Body((path,), os.path.getsize(path), sequences * tokens, path="/v2/models/policy/infer",
                media_type="application/octet-stream", field=f"Inference-Header-Content-Length: {len(head)}")


def output(shape, row):
    """The text of an output in bf16 before and behind its rows, each `row` in base64."""
    return f'{{"alignment":"same","logits":{{"dtype":"bf16","shape":{json.dumps(shape)},"data":"', row, '"}}'


def preferences(directory, pairs, length, width):
    """The logits of both completions of each pair under both models, in bf16 as base64."""
    assert width % 3 == 0  # so that the text of several rows is that of one, again and again
    row = base64.b64encode(DTYPES["bf16"](logits(1, width)[0])).decode()
    before, row, behind = output([length, width], row)
    files = {
        "first": '{"pairs":[{"chosen":{', "next": ',{"chosen":{', "other": ',"rejected":{',
        "ids": f'"completion":{json.dumps(tokens(length))},"prompt":[],"policy":{before}',
        "between": behind + f',"reference":{before}', "end": behind + "}", "close": "}", "last": "]}", "row": row,
    }
    paths = {name: put(directory, "preference-" + name, text) for name, text in files.items()}
    rows = ["row" + f"*{length}"]
    completion = ["ids", *rows, "between", *rows, "end"]
    names = []
    for index in range(pairs):
        names += ["next" if index else "first", *completion, "other", *completion, "close"]
    names.append("last")
    pieces = tuple(paths[name.split("*")[0]] + ("*" + name.split("*")[1] if "*" in name else "") for name in names)
    size = sum(len(files[name.split("*")[0]]) * int((name + "*1").split("*")[1]) for name in names)
    return Body(pieces, size, 4 * pairs * length, path="/v1/preference")


def many_log_probs(directory, size, route):
    """A body for /v1/preference or /v1/policy whose logits come last, of at least `size` bytes."""
    width = 3 * 10_668
    row = base64.b64encode(DTYPES["f32"](logits(1, width)[0])).decode()
    rows = size // len(row) + 1
    ids = json.dumps(tokens(rows))
    given = json.dumps([-1.5] * rows)
    logits_of = f'"logits":{{"dtype":"f32","shape":[{rows},{width}],"data":"'
    if route == "/v1/policy":
        head = f'{{"tokens":{ids},"prompt_length":0,"old":{{"logprobs":{given}}},' \
               f'"current":{{"alignment":"same",{logits_of}'
        last = '"}}}'
    else:
        head = '{"objectives":["sigmoid"],"reference_free":true,"pairs":[{"rejected":{"policy":{"log_prob":-9.5}},' \
               f'"chosen":{{"prompt":[],"completion":{ids},"policy":{{"alignment":"same",{logits_of}'
        last = '"}}}}]}'
    return repeated(directory, "many" + route.replace("/", "-"), head, row, rows, last, path=route)


def comparison(directory, length, width):
    """The logits of two models whose distributions are close, as base64: the same row again and again."""
    assert width % 3 == 0
    a = logits(1, width)[0]
    b = a + 0.1 * numpy.random.default_rng(2).standard_normal(width).astype(numpy.float32)
    shape = f'{{"logits":{{"dtype":"f32","shape":[{length},{width}],"data":"'
    files = {
        "head": f'{{"tokens":{json.dumps(tokens(length + 1))},"prompt_length":1,"per_token":false,"models":[{shape}',
        "a": base64.b64encode(DTYPES["f32"](a)).decode(), "between": '"}},' + shape,
        "b": base64.b64encode(DTYPES["f32"](b)).decode(), "last": '"}}]}',
    }
    paths = {name: put(directory, "compare-" + name, text) for name, text in files.items()}
    pieces = (paths["head"], f"{paths['a']}*{length}", paths["between"], f"{paths['b']}*{length}", paths["last"])
    size = sum(len(text) * (length if name in "ab" else 1) for name, text in files.items())
    return Body(pieces, size, length, path="/v1/compare")
