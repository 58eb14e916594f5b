"""All ways to ask about a row of logits.  Each is a function of (server, row, dtype) that returns an `Answer`; it is
listed with the dtypes that it can send."""
import base64
import http.client
import json
import pathlib
import re
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "golden"))
INF = float("inf")
BOUNDARY = "logitd-edges"
LETTER = {"f64": "d", "f32": "f", "f16": "e"}
DTYPES = ("f64", "f32", "f16", "bf16")
JSON = "application/json"


class Server:
    """The program with a kernel, and one connection to it."""

    def __init__(self, program, kernel):
        self.process = subprocess.Popen([program, "--port", "0", "--kernel", kernel], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        said = self.process.stderr.readline()
        self.runs = said.startswith("listening on http://")
        if self.runs:
            self.connection = http.client.HTTPConnection(said.strip().removeprefix("listening on http://"), timeout=60)

    def ask(self, path, body, media=JSON, headers=None):
        if not isinstance(body, bytes):
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.connection.request("POST", path, body, {"Content-Type": media, **(headers or {})})
        reply = self.connection.getresponse()
        return reply.status, reply.headers, reply.read()

    def nans(self):
        self.connection.request("GET", "/metrics")
        return int(re.search(rb"\nlogitd_nan_results_total (\d+)\n", self.connection.getresponse().read())[1])

    def end(self):
        self.process.terminate()
        return self.process.wait(30)


class Answer:
    """`raw`: what must be the same bytes with every kernel; `columns`: numbers for each token, by name (None: an error);
    `single`: they are rounded to float32; `least` stands for lower numbers."""

    def __init__(self, raw, columns, single=False, least=-INF):
        self.raw, self.columns, self.single, self.least = raw, columns, single, least


def holds(dtype, x):
    """Whether a dtype has the number."""
    if dtype == "f64" or x == -INF:
        return True
    try:
        if dtype == "bf16":
            bits = struct.pack("<f", x)
            return struct.unpack("<f", bits)[0] == x and bits[:2] == b"\0\0"
        return struct.unpack("<" + LETTER[dtype], struct.pack("<" + LETTER[dtype], x))[0] == x
    except OverflowError:
        return False


def pack(dtype, rows):
    flat = [x for r in rows for x in r]
    if dtype == "bf16":
        return b"".join(struct.pack("<f", x)[2:] for x in flat)
    return struct.pack("<%d%s" % (len(flat), LETTER[dtype]), *flat)


def number(x):
    """A number of JSON; one without a point is a double, too."""
    return None if x is None else float({"Infinity": INF, "-Infinity": -INF}.get(x, x))


# ---- POST /v1/score ----

def request_of(row, **more):
    _, _, tokens, options = row
    return {"tokens": tokens, "alignment": "same", "details": ["entropy", "rank", "top:3"], **options, **more}


def scored(reply):
    status, _, text = reply
    if status != 200:
        return Answer(text, None)
    sequence = json.loads(text)["sequences"][0]
    tokens = sequence["tokens"]
    return Answer(text, {"log_prob": list(map(number, tokens["log_prob"])), "entropy": list(map(number, tokens["entropy"])), "rank": tokens["rank"],
                         "top": [[(i, number(x)) for i, x in top] for top in tokens["top"]],
                         "loss": list(map(number, sequence["objectives"]["joint"]["token_loss"]))})


def nested(server, row, dtype):
    return scored(server.ask("/v1/score", request_of(row, dtype=dtype, logits=row[1])))


def nested_first(server, row, dtype):
    """All members behind the rows."""
    return scored(server.ask("/v1/score", {"logits": row[1], "dtype": dtype, **request_of(row)}))


def encoded(server, row, dtype):
    data = base64.b64encode(pack(dtype, row[1])).decode()
    return scored(server.ask("/v1/score", request_of(row, logits={
        "dtype": dtype, "shape": [len(row[1]), len(row[1][0])], "data": data})))


def lines(server, row, dtype):
    """Two lines; the second is answered as the first."""
    line = json.dumps(request_of(row, dtype=dtype, logits=row[1]))
    status, _, text = server.ask("/v1/score", line + "\n" + line + "\n", "application/x-ndjson")
    first, second = text.split(b"\n")[:2]
    return scored((status, None, first + b"\n")) if first == second else Answer(text, None)


def form(server, row, name, content, **more):
    parts = (("request", json.dumps(request_of(row, **more)).encode()), (name, content))
    body = b"".join(b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (BOUNDARY.encode(), n.encode(), c)
                    for n, c in parts)
    return scored(server.ask("/v1/score", body + b"--%s--\r\n" % BOUNDARY.encode(), "multipart/form-data; boundary=" + BOUNDARY))


def npy(server, row, dtype):
    head = "{'descr': '<f%d', 'fortran_order': False, 'shape': (%d, %d), }" % (
        struct.calcsize(LETTER[dtype]), len(row[1]), len(row[1][0]))
    head += " " * (-(11 + len(head)) % 64) + "\n"
    return form(server, row, "logits", b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode() + pack(dtype, row[1]))


def safetensors(server, row, dtype):
    data = pack(dtype, row[1])
    head = json.dumps({"logits": {"dtype": dtype.upper(), "shape": [len(row[1]), len(row[1][0])], "data_offsets": [0, len(data)]}})
    head += " " * (-len(head) % 8)
    return form(server, row, "logits", struct.pack("<Q", len(head)) + head.encode() + data)


def raw(server, row, dtype):
    return form(server, row, "logits", pack(dtype, row[1]), dtype=dtype, shape=[len(row[1]), len(row[1][0])])


# ---- other routes ----

def infer(server, row, dtype, binary_in, binary_out, precision):
    _, logits, tokens, options = row
    datatype = dtype.upper().replace("F", "FP") if dtype != "bf16" else "BF16"
    tensors = [{"name": "targets", "datatype": "INT64", "shape": [1, len(tokens)], "data": tokens},
               {"name": "logits", "datatype": datatype, "shape": [1, len(logits), len(logits[0])]}]
    blob = pack(dtype, logits) if binary_in else b""
    tensors[1].update({"parameters": {"binary_data_size": len(blob)}} if binary_in else {"data": sum(logits, [])})
    names = ("logprobs", "entropy", "rank", "loss")
    head = json.dumps({"parameters": {**options, "precision": precision, "binary_data_output": binary_out},
                       "outputs": [{"name": n} for n in names], "inputs": tensors}).encode()
    status, heads, text = server.ask("/v2/models/logprobs/infer", head + blob, "application/octet-stream",
                                     {"Inference-Header-Content-Length": str(len(head))} if binary_in else {})
    if status != 200:
        return Answer(text, None)
    size = int(heads.get("Inference-Header-Content-Length", len(text)))
    outputs, at = {}, size
    for output in json.loads(text[:size])["outputs"]:
        values = output.get("data")
        if values is None:
            letter, count = {"FP64": "d", "FP32": "f", "INT32": "i"}[output["datatype"]], output["shape"][-1]
            values = struct.unpack_from("<%d%s" % (count, letter), text, at)
            at += struct.calcsize(letter) * count
        outputs[output["name"]] = list(map(number, values))
    return Answer(text, {"log_prob": outputs["logprobs"], "entropy": outputs["entropy"], "rank": outputs["rank"],
                         "mean": outputs["loss"]}, precision == "fp32")


def infer_way(binary_in, binary_out, precision):
    def way(server, row, dtype):
        return infer(server, row, dtype, binary_in, binary_out, precision)
    way.__name__ = "infer of %s, answered by %s in %s" % (*("bytes" if b else "JSON" for b in (binary_in, binary_out)), precision)
    return way


def completions(server, row, dtype):
    """The first token of the prompt has no row.  Only rows without options."""
    _, logits, tokens, _ = row
    status, _, text = server.ask("/v1/completions", {"prompt": [0, *tokens], "echo": True, "max_tokens": 0, "logprobs": 1,
                                                     "dtype": dtype, "logits": logits})
    if status != 200:
        return Answer(text, None)
    told = json.loads(text)["choices"][0]["logprobs"]["token_logprobs"][1:]
    return Answer(re.sub(rb'"(id|created)":("[^"]*"|\d+)', b"", text), {"log_prob": list(map(number, told))}, least=-9999)


def rank(server, row, dtype):
    """Each token is a choice.  Only options that the route takes."""
    _, logits, tokens, options = row
    status, _, text = server.ask("/v1/rank", {"prompt": [0], "dtype": dtype, **options, "choices": [
        {"completion": [token], "logits": [r]} for token, r in zip(tokens, logits)]})
    if status != 200:
        return Answer(text, None)
    choices = json.loads(text)["questions"][0]["choices"]
    return Answer(text, {"log_prob": [number(c["log_prob"]) for c in choices]})


def compare(server, row, dtype):
    """Two models that say the same.  Only options that the route takes."""
    _, logits, tokens, options = row
    said = {"logits": logits, "dtype": dtype, "alignment": "same", **options}
    status, _, text = server.ask("/v1/compare", {"tokens": tokens, "models": [said, said]})
    if status != 200:
        return Answer(text, None)
    told = json.loads(text)["sequences"][0]["tokens"]
    return Answer(text, {"log_prob": list(map(number, told["a"]))})


DECIMAL = ("f64", "f32")
SCORE_WAYS = ((nested, DECIMAL), (nested_first, DECIMAL), (encoded, DTYPES), (lines, DECIMAL),
              (npy, ("f64", "f32", "f16")), (safetensors, DTYPES), (raw, DTYPES))
INFER_WAYS = tuple((infer_way(i, o, p), DTYPES if i else DECIMAL) for i in (False, True) for o in (False, True)
                   for p in ("fp32", "fp64"))
DISTRIBUTION = {"temperature", "softcap"}
OTHER_WAYS = ((completions, DECIMAL, set()), (rank, DECIMAL, DISTRIBUTION), (compare, DECIMAL, DISTRIBUTION))
