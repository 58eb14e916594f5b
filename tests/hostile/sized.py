"""sized.py - requests of any size, each with one thing in it that is limited."""
import base64
import json
import struct
import zlib

from hostile import request

JSON = [("Content-Type", "application/json")]
SMALL = b'{"tokens":[0,1],"logprobs":[null,-1]}'


def post(body, path="/v1/score", fields=JSON):
    return request("POST", path, body if isinstance(body, bytes) else json.dumps(body).encode(), fields)


def padded(size, body=SMALL):
    """A good body of that many bytes."""
    return body + b" " * (size - len(body))


def tensor(rows, width):
    return {"dtype": "f16", "shape": [rows, width], "data": base64.b64encode(bytes(2 * rows * width)).decode()}


def logits(rows, width, **members):
    return post({"tokens": [0] * (rows + 1), "per_token": False, **members, "logits": tensor(rows, width)})


def nested(depth):
    """`outputs` is read whole before it is found to be too much beside logprobs."""
    return post(SMALL[:-1] + b',"outputs":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}")


def multipart(parts, boundary="b"):
    body = b"".join(b"--%s\r\n%s\r\n\r\n%s\r\n" % (boundary.encode(), head, data) for head, data in parts)
    body += b"--%s--\r\n" % boundary.encode()
    return post(body, fields=[("Content-Type", f"multipart/form-data; boundary={boundary}")])


def part(name, file=""):
    return b'Content-Disposition: form-data; name="%s"; filename="%s"' % (name.encode(), file.encode())


def form(file, data, head=b""):
    return multipart([(b'Content-Disposition: form-data; name="request"', b'{"tokens":[0,1]}'),
                      (part("logits", file) + head, data)])


def npy(length):
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
    header += b" " * (length - len(header) - 1) + b"\n"
    return form("a.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", length) + header + bytes(8))


def safetensors(length):
    """Only its length is told: a header that may come is waited for."""
    return form("a.safetensors", struct.pack("<Q", length) + b"{")


def part_head(size):
    """The line ends around it count."""
    size -= 6
    head = part("logits", "a.f32") + b"\r\nX: "
    return multipart([(b'Content-Disposition: form-data; name="request"',
                       b'{"tokens":[0,1],"dtype":"f32","shape":[1,2]}'),
                      (head + b"y" * (size - len(head)), bytes(8))])


def part_name(length):
    """A part of any name is a file; none of a longer name is."""
    return multipart([(b'Content-Disposition: form-data; name="request"', SMALL), (part("n" * length), b"")])


def gzipped(inflated, sent, body=SMALL):
    """A gzip body of `sent` bytes, for the length of a comment in its head, that becomes `inflated`."""
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = padded(inflated, body)
    data = raw.compress(text) + raw.flush()
    comment = b"c" * (sent - len(data) - 19) + b"\0"
    return (b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + comment + data
            + struct.pack("<II", zlib.crc32(text), len(text) & 0xffffffff))


def coded(body):
    return post(body, fields=[*JSON, ("Content-Encoding", "gzip")])


def completion(logprobs):
    return post({"model": "m", "prompt": [0], "echo": True, "max_tokens": 1, "logprobs": logprobs,
                 "logits": [[0, 1]]}, "/v1/completions")


def draws(samples):
    return post({"sequences": [{"tokens": [0, 1], "logprobs": [None, -1]}] * 200, "per_token": False,
                 "bootstrap": {"samples": samples}})


def outputs(count):
    """A request to a model with so many outputs."""
    return post({"inputs": [{"name": "current", "datatype": "FP64", "shape": [1, 1], "data": [-1]}],
                 "outputs": [{"name": f"loss.{i}"} for i in range(count)]}, "/v2/models/policy/infer")


def drafts(count):
    """A comparison that asks of so many draft tokens."""
    return post({"tokens": [0, 1], "details": [f"speculative:{count}"],
                 "models": [{"logits": [[0, 1]]}, {"logits": [[1, 1]]}]}, "/v1/compare")


def bins(count):
    """A question whose confidence goes into so many bins."""
    return post({"gold": 0, "calibration": {"bins": count},
                 "choices": [{"logprobs": [-1]}, {"logprobs": [-2]}]}, "/v1/rank")
