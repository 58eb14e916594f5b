#!/usr/bin/env python3
"""Writes the golden multipart bodies.  Every file is made here from struct.pack, as the formats'
specifications say (numpy.lib.format, safetensors).

forms/valid/NAME: body must be answered with the bytes that request.json, the same as JSON, is.
forms/invalid/NAME: body must be refused as expect.json says; where there is a request.json, with the
bytes that it is refused with, too.  content_type is there where it is not the usual one.
Run: python3 tests/golden/forms.py"""
import base64
import json
import os
import shutil
import struct

here = os.path.dirname(os.path.abspath(__file__))
BOUNDARY = b"logitd-test-boundary"
LETTER = {"f64": "d", "f32": "f", "f16": "e"}
L3 = [0.5, -1, 2, 0.25, 1, 3, -0.5, 0, -2, 0.125, 0, 4]
T4 = [0, 2, 1, 3]


def pack(dtype, values):
    if dtype == "bf16":
        return b"".join(struct.pack("<f", v)[2:] for v in values)
    return struct.pack("<%d%s" % (len(values), LETTER[dtype]), *values)


def tensor(dtype, shape, values):
    data = values if isinstance(values, bytes) else pack(dtype, values)
    return {"dtype": dtype, "shape": list(shape), "data": base64.b64encode(data).decode()}


def npy(descr, shape, data, version=1, order="False", header=None, length=None):
    if header is None:
        dims = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        header = "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }" % (descr, order, dims)
    before = 10 if version == 1 else 12
    header += " " * (-(before + len(header) + 1) % 64) + "\n"
    size = struct.pack("<H" if version == 1 else "<I", len(header) if length is None else length)
    return b"\x93NUMPY" + bytes([version, 0]) + size + header.encode() + data


def safetensors(entries, data, header=None, length=None):
    """entries: (name, dtype, shape, begin, end)"""
    if header is None:
        header = json.dumps({n: {"dtype": d, "shape": list(s), "data_offsets": [b, e]}
                             for n, d, s, b, e in entries})
    header += " " * (-len(header) % 8)
    return struct.pack("<Q", len(header) if length is None else length) + header.encode() + data


def part(name, content, head=None):
    if head is None:
        head = b'Content-Disposition: form-data; name="%s"\r\n' % name.encode()
    if isinstance(content, dict):
        content = json.dumps(content).encode()
    return b"--" + BOUNDARY + b"\r\n" + head + b"\r\n" + content + b"\r\n"


def form(*parts, end=b"--" + BOUNDARY + b"--\r\n"):
    return b"".join(p if isinstance(p, bytes) else part(*p) for p in parts) + end


def merged(request, **more):
    return dict(request, **more)


ASK = {"tokens": T4, "prompt_length": 2}
TWO = {"sequences": [{"id": "a", "tokens": T4, "prompt_length": 2}, {"tokens": [3, 0]}], "details": ["rank"]}
A, B = L3, [1.5, 2, -3, 0.75] + [9] * 8
NAN_ROW = float("nan")
LEFT = {"tokens": [9] + T4, "attention_mask": [0, 1, 1, 1, 1], "prompt_length": 2}
RIGHT = {"tokens": [3, 0, 9, 9, 9], "attention_mask": [1, 1, 0, 0, 0], "details": ["rank"]}
F32 = pack("f32", L3)
SHORT = [1.5, 2, -3, 0.75]


def with_logits(request, *logits):
    return merged(request, sequences=[merged(s, logits=l) for s, l in zip(request["sequences"], logits)])


def both(*, a=tensor("f32", (3, 4), A), b=tensor("f32", (1, 4), SHORT)):
    return with_logits(TWO, a, b)


ids64, ids32 = struct.pack("<4q", *T4), struct.pack("<4i", *T4)
NEAR = b"\r\n--" + BOUNDARY[:-1] + b"x"
VALID = {
    "npy_f4": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "npy_f2": (form(("request", ASK), ("logits", npy("<f2", (3, 4), pack("f16", L3)))), merged(ASK, logits=tensor("f16", (3, 4), L3))),
    "npy_f8": (form(("request", ASK), ("logits", npy("<f8", (3, 4), pack("f64", L3)))), merged(ASK, logits=tensor("f64", (3, 4), L3))),
    "npy_nested": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32))), merged(ASK, logits=[L3[0:4], L3[4:8], L3[8:12]])),
    "npy_version_2": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32, version=2))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "npy_version_3": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32, version=3))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "npy_other_writer": (form(("request", ASK), ("logits", npy("", (), F32, header='{"shape":(3,4),"fortran_order":False,"descr":"<f4"}'))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "npy_batch_of_one": (form(("request", merged(ASK, padding="right")), ("logits", npy("<f4", (1, 5, 4), F32 + pack("f32", [7] * 8)))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "npy_batch": (form(("request", merged(TWO, padding="right")), ("logits", npy("<f4", (2, 3, 4), pack("f32", A + B)))), both()),
    "npy_batch_left": (form(("request", merged(TWO, padding="left")), ("logits", npy("<f4", (2, 5, 4), pack("f32", [9] * 4 + A + [9] * 4 + [9] * 12 + SHORT + [9] * 4)))), both()),
    "npy_batch_left_same": (form(("request", merged(TWO, padding="left", alignment="same")), ("logits", npy("<f4", (2, 4, 4), pack("f32", SHORT + A + [NAN_ROW] * 8 + A[4:])))),
                            merged(with_logits(TWO, tensor("f32", (4, 4), SHORT + A), tensor("f32", (2, 4), A[4:])), alignment="same")),
    "npy_batch_of_sides": (form(("request", {"padding": "left", "sequences": [{"tokens": T4}, {"tokens": [3, 0], "padding": "right"}]}), ("logits", npy("<f4", (2, 4, 4), pack("f32", A + [9] * 4 + B + [9] * 4)))),
                           {"sequences": [{"tokens": T4, "logits": tensor("f32", (3, 4), A)}, {"tokens": [3, 0], "logits": tensor("f32", (1, 4), SHORT)}]}),
    "npy_batch_masked": (form(("request", {"sequences": [LEFT, RIGHT]}), ("logits", npy("<f4", (2, 5, 4), pack("f32", [NAN_ROW] * 4 + A + [9] * 4 + B + [NAN_ROW] * 8)))),
                         {"sequences": [merged(LEFT, logits=tensor("f32", (5, 4), [NAN_ROW] * 4 + A + [9] * 4)), merged(RIGHT, logits=tensor("f32", (5, 4), B + [NAN_ROW] * 8))]}),
    "npy_batch_masked_shifted": (form(("request", {"sequences": [LEFT, RIGHT]}), ("logits", npy("<f4", (2, 4, 4), pack("f32", [NAN_ROW] * 4 + A + B + [NAN_ROW] * 4)))),
                                 {"sequences": [merged(LEFT, logits=tensor("f32", (4, 4), [NAN_ROW] * 4 + A)), merged(RIGHT, logits=tensor("f32", (4, 4), B + [NAN_ROW] * 4))]}),
    "safetensors_masked": (form(("request", {"sequences": [{"attention_mask": [0, 1, 1, 1]}, {"attention_mask": [1, 1, 0, 0], "labels": [-100, 3, -100, -100]}]}), ("logits", safetensors(
        [("logits", "F16", (2, 4, 4), 0, 64), ("tokens", "I32", (2, 4), 64, 96)], pack("f16", [NAN_ROW] * 4 + A + B + [NAN_ROW] * 4) + struct.pack("<8i", 9, 0, 2, 1, 3, 3, 9, 9)))),
        {"sequences": [{"tokens": [9, 0, 2, 1], "attention_mask": [0, 1, 1, 1], "logits": tensor("f16", (4, 4), [NAN_ROW] * 4 + A)},
                       {"tokens": [3, 3, 9, 9], "attention_mask": [1, 1, 0, 0], "labels": [-100, 3, -100, -100], "logits": tensor("f16", (4, 4), B + [NAN_ROW] * 4)}]}),
    "npy_for_each": (form(("request", TWO), ("logits.0", npy("<f4", (3, 4), F32)), ("logits.1", npy("<f8", (1, 4), pack("f64", SHORT)))), both(b=tensor("f64", (1, 4), SHORT))),
    "npy_for_each_turned": (form(("request", TWO), ("logits.1", npy("<f4", (1, 1, 4), pack("f32", SHORT))), ("logits.0", npy("<f4", (3, 4), F32))), both()),
    "npy_shared": (form(("request", {"prompt": [0, 2], "sequences": [{"completion": [1, 3]}, {"completion": [0, 0]}, {"completion": [3]}]}), ("logits", npy("<f4", (3, 4), F32))),
                   {"prompt": [0, 2], "sequences": [{"completion": [1, 3]}, {"completion": [0, 0]}, {"completion": [3], "logits": tensor("f32", (2, 4), L3[:8])}], "logits": tensor("f32", (3, 4), L3)}),
    "safetensors_f64": (form(("request", ASK), ("logits", safetensors([("logits", "F64", (3, 4), 0, 96)], pack("f64", L3)))), merged(ASK, logits=tensor("f64", (3, 4), L3))),
    "safetensors_f32": (form(("request", ASK), ("logits", safetensors([("logits", "F32", (3, 4), 0, 48)], F32))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "safetensors_f16": (form(("request", ASK), ("logits", safetensors([("logits", "F16", (3, 4), 0, 24)], pack("f16", L3)))), merged(ASK, logits=tensor("f16", (3, 4), L3))),
    "safetensors_bf16": (form(("request", ASK), ("logits", safetensors([("logits", "BF16", (3, 4), 0, 24)], pack("bf16", L3)))), merged(ASK, logits=tensor("bf16", (3, 4), L3))),
    "safetensors_metadata": (form(("request", ASK), ("logits", safetensors([], F32, header='{"__metadata__":{"format":"pt"},"logits":{"shape":[3,4],"data_offsets":[0,48],"dtype":"F32"}}'))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "safetensors_tokens_first": (form(("request", {"prompt_length": 2}), ("logits", safetensors([("tokens", "I64", (4,), 0, 32), ("logits", "F32", (3, 4), 32, 80)], ids64 + F32))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "safetensors_tokens_last": (form(("request", {"prompt_length": 2}), ("logits", safetensors([("tokens", "I32", (4,), 48, 64), ("logits", "F32", (3, 4), 0, 48)], F32 + ids32))), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "safetensors_shared_tokens_last": (form(("request", {"sequences": [{}, {}]}), ("logits", safetensors(
        [("logits", "F32", (3, 4), 0, 48), ("tokens.0", "I32", (4,), 48, 64), ("tokens.1", "I64", (4,), 64, 96)],
        F32 + ids32 + struct.pack("<4q", 3, 0, 0, 1)))),
        {"sequences": [{"tokens": T4}, {"tokens": [3, 0, 0, 1]}], "logits": tensor("f32", (3, 4), L3)}),
    "safetensors_for_each": (form(("request", {"sequences": [{}, {"temperature": 2}]}), ("logits", safetensors(
        [("logits.1", "F32", (1, 4), 0, 16), ("tokens.0", "I32", (4,), 16, 32), ("logits.0", "BF16", (3, 4), 32, 56), ("tokens.1", "I64", (2,), 56, 72)],
        pack("f32", SHORT) + ids32 + pack("bf16", L3) + struct.pack("<2q", 3, 0)))),
        {"sequences": [{"tokens": T4, "logits": tensor("bf16", (3, 4), L3)}, {"temperature": 2, "tokens": [3, 0], "logits": tensor("f32", (1, 4), SHORT)}]}),
    "safetensors_batch": (form(("request", {"prompt_length": 1, "sequences": [{}, {"prompt_length": 0}]}), ("logits", safetensors(
        [("logits", "F16", (2, 3, 4), 0, 48), ("tokens", "I32", (2, 3), 48, 72)], pack("f16", A + B) + struct.pack("<6i", 0, 2, 1, 3, 3, 0)))),
        {"prompt_length": 1, "sequences": [{"tokens": [0, 2, 1], "logits": tensor("f16", (3, 4), A)}, {"prompt_length": 0, "tokens": [3, 3, 0], "logits": tensor("f16", (3, 4), B)}]}),
    "safetensors_part_of_one": (form(("request", {"sequences": [{"logprobs": [-1, -2]}, {}]}), ("logits.1", safetensors([("tokens", "I64", (4,), 48, 80), ("logits", "F32", (3, 4), 0, 48)], F32 + ids64))),
                                {"sequences": [{"logprobs": [-1, -2]}, {"tokens": T4, "logits": tensor("f32", (3, 4), L3)}]}),
    "raw_f32": (form(("request", merged(ASK, dtype="f32", shape=[3, 4])), ("logits", F32)), merged(ASK, logits=tensor("f32", (3, 4), L3))),
    "raw_bf16": (form(("request", merged(ASK, dtype="bf16", shape=[3, 4])), ("logits", pack("bf16", L3))), merged(ASK, logits=tensor("bf16", (3, 4), L3))),
    "raw_batch": (form(("request", merged(TWO, padding="right", dtype="f64", shape=[2, 3, 4])), ("logits", pack("f64", A + B))), both(a=tensor("f64", (3, 4), A), b=tensor("f64", (1, 4), SHORT))),
    "raw_for_each": (form(("request", {"dtype": "f16", "sequences": [{"tokens": T4, "shape": [3, 4]}, {"tokens": [3, 0], "shape": [1, 4], "dtype": "f32"}]}), ("logits.0", pack("f16", L3)), ("logits.1", pack("f32", SHORT))),
                     {"sequences": [{"tokens": T4, "logits": tensor("f16", (3, 4), L3)}, {"tokens": [3, 0], "logits": tensor("f32", (1, 4), SHORT)}]}),
    "raw_like_npy": (form(("request", {"tokens": [0, 1], "dtype": "bf16", "shape": [1, 4]}), ("logits", b"\x93NUMPY\1\0")), {"tokens": [0, 1], "logits": tensor("bf16", (1, 4), b"\x93NUMPY\1\0")}),
    "unneeded_rows": (form(("request", merged(ASK, objectives=["conditional"])), ("logits", npy("<f4", (4, 4), pack("f32", [float("nan")] * 4 + L3[4:] + [float("nan")] * 4)))),
                      merged(ASK, objectives=["conditional"], logits=tensor("f32", (4, 4), [float("nan")] * 4 + L3[4:] + [float("nan")] * 4))),
    "temperatures": (form(("request", merged(ASK, temperature=[0.7, 2, 0.7], top_p=0.9)), ("logits", npy("<f4", (3, 4), F32))),
                     merged(ASK, temperature=[0.7, 2, 0.7], top_p=0.9, logits=tensor("f32", (3, 4), L3))),
    "all_options": (form(("request", merged(ASK, temperature=0.7, softcap=5, label_smoothing=0.1, z_loss=0.01, details=["rank", "entropy", "top:2"], weights=[1, 2, 0.5, 1], model="m")), ("logits", npy("<f4", (3, 4), F32))),
                    merged(ASK, temperature=0.7, softcap=5, label_smoothing=0.1, z_loss=0.01, details=["rank", "entropy", "top:2"], weights=[1, 2, 0.5, 1], model="m", logits=tensor("f32", (3, 4), L3))),
    "logprobs_alone": (form(("request", {"logprobs": [-0.7, -0.4]})), {"logprobs": [-0.7, -0.4]}),
    "near_boundaries": (form(("request", {"tokens": [0, 1, 2], "dtype": "bf16", "shape": [2, 12]}), ("logits", NEAR + NEAR)), {"tokens": [0, 1, 2], "logits": tensor("bf16", (2, 12), NEAR + NEAR)}),
    "crs_everywhere": (form(("request", {"tokens": [0, 1], "dtype": "bf16", "shape": [1, 12]}), ("logits", b"\r\n--\r\r\n--logitd\r\n--\r\n--\r")), {"tokens": [0, 1], "logits": tensor("bf16", (1, 12), b"\r\n--\r\r\n--logitd\r\n--\r\n--\r")}),
    "heads_of_all_kinds": (form(
        part("", ASK, b'content-type: application/json; charset=utf-8\r\nCONTENT-DISPOSITION:form-data;name=request\r\nX-Other: a\tb\r\n').replace(b"boundary\r\n", b"boundary \t\r\n", 1),
        part("", npy("<f4", (3, 4), F32), b'Content-Disposition: form-data; filename="a\\"; name=\\"b;.npy"; NAME="log\\its" ;\r\nContent-Transfer-Encoding: binary\r\n'),
        end=b"--" + BOUNDARY + b"-- "), merged(ASK, logits=tensor("f32", (3, 4), L3))),
}

HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }"
VALID["longest_boundary_line"] = (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32)), end=b"--" + BOUNDARY + b"--" + b" " * 76 + b"\r\n"),
                                  merged(ASK, logits=tensor("f32", (3, 4), L3)))
VALID["npy_longest_header"] = (form(("request", ASK), ("logits", b"\x93NUMPY\2\0" + struct.pack("<I", 10000) + HEADER.ljust(10000).encode() + F32)),
                               merged(ASK, logits=tensor("f32", (3, 4), L3)))

NAN = pack("f32", L3[:5] + [float("nan")] + L3[6:])
ST = [("logits", "F32", (3, 4), 0, 48)]


def file(content, request=ASK, name="logits"):
    return form(("request", request), (name, content))


# name: body, status, code, pointer, words of the detail[, the same as JSON][, Content-Type]
INVALID = {
    "nan": (file(npy("<f4", (3, 4), NAN)), 422, "bad_row", "/logits/1/1", "NaN", merged(ASK, logits=tensor("f32", (3, 4), NAN))),
    "nan_in_batch": (file(npy("<f4", (2, 3, 4), F32 + pack("f32", [float("nan")]) + F32[4:]), TWO), 422, "bad_row", "/sequences/1/logits/0/0", "NaN",
                     both(b=tensor("f32", (1, 4), [float("nan"), -1, 2, 0.25]))),
    "id_above_vocabulary": (file(npy("<f4", (3, 4), NAN), {"tokens": [0, 2, 9, 3]}), 422, "out_of_range", "/tokens/2", "not below", {"tokens": [0, 2, 9, 3], "logits": tensor("f32", (3, 4), NAN)}),
    "id_behind_sequences": (file(npy("<f4", (3, 4), NAN), {"sequences": [{}], "tokens": [0, 2, 9, 3]}, "logits.0"), 422, "bad_row", "/sequences/0/logits/1/1", "NaN",
                            {"sequences": [{"logits": tensor("f32", (3, 4), NAN)}], "tokens": [0, 2, 9, 3]}),
    "too_many_rows": (file(npy("<f4", (3, 4), F32), {"tokens": [0, 1]}), 422, "bad_count", "/logits", "too many", {"tokens": [0, 1], "logits": tensor("f32", (3, 4), L3)}),
    "too_few_rows": (file(npy("<f4", (2, 4), F32[:32])), 422, "bad_count", "/logits", "has no row", merged(ASK, logits=tensor("f32", (2, 4), L3[:8]))),
    "no_rows": (file(npy("<f4", (0, 4), b"")), 422, "bad_count", "/logits", "no rows", merged(ASK, logits=tensor("f32", (0, 4), []))),
    "no_width": (file(npy("<f4", (3, 0), b"")), 422, "out_of_range", "/logits/shape", "vocabulary of 0", merged(ASK, logits=tensor("f32", (3, 0), []))),
    "logprobs_too": (file(npy("<f4", (3, 4), F32), merged(ASK, logprobs=[None, -1, -1, -1])), 400, "conflicting_members", "/logits", "exclude", merged(ASK, logprobs=[None, -1, -1, -1], logits=tensor("f32", (3, 4), L3))),
    "tokens_missing": (file(npy("<f4", (3, 4), F32), {"prompt_length": 2}), 400, "missing_member", "/tokens", "which tokens", {"prompt_length": 2, "logits": tensor("f32", (3, 4), L3)}),
    "member_before_file": (file(npy(">f4", (3, 4), F32), merged(ASK, promptlength=3)), 400, "unknown_member", "/promptlength", "prompt_length"),
    "request_not_json": (file(npy("<f4", (3, 4), F32), b'{"tokens":[0,2,1,3'), 400, "bad_json", "", "ends early"),
    # files
    "npy_truncated": (file(npy("<f4", (3, 4), F32[:-1])), 422, "bad_data", "/logits", "47 bytes of numbers"),
    "npy_goes_on": (file(npy("<f4", (3, 4), F32 + b"\0")), 422, "bad_data", "/logits", "goes on behind the 48 bytes"),
    "npy_overflow": (file(npy("<f4", (2**40, 2**40), F32)), 422, "bad_data", "/logits", "2^63"),
    "npy_overflow_hidden": (file(npy("<f4", (0, 2**62, 2**62), b"")), 422, "bad_data", "/logits", "2^63"),
    "npy_dimension": (file(npy("<f4", (2**64 + 3, 4), F32)), 422, "bad_data", "/logits", "63 bits"),
    "npy_dimension_of_64_bits": (file(npy("<f4", (2**63, 4), F32)), 422, "bad_data", "/logits", "63 bits"),
    "npy_overflow_by_sign": (file(npy("<f2", (2**61, 2), b"")), 422, "bad_data", "/logits", "2^63"),
    "npy_version_1_1": (file(b"\x93NUMPY\1\1" + npy("<f4", (3, 4), F32)[8:]), 422, "bad_data", "/logits", "version 1.1"),
    "npy_header_past_body": (file(npy("<f4", (3, 4), F32, length=9000)), 422, "bad_data", "/logits", "inside its header of 9010 bytes"),
    "npy_header_long": (file(npy("<f4", (3, 4), F32, version=2, length=2**31)), 422, "bad_data", "/logits", "more than 10000"),
    "npy_header_one_longer": (file(b"\x93NUMPY\2\0" + struct.pack("<I", 10001) + HEADER.ljust(10001).encode() + F32), 422, "bad_data", "/logits", "more than 10000"),
    "npy_header_short": (file(npy("<f4", (3, 4), F32, length=20)), 422, "bad_data", "/logits", "cannot be read"),
    "npy_fortran": (file(npy("<f4", (3, 4), F32, order="True")), 422, "bad_data", "/logits", "Fortran"),
    "npy_pickled": (file(npy("|O", (3, 4), F32)), 422, "bad_data", "/logits", "pickled"),
    "npy_big_endian": (file(npy(">f4", (3, 4), F32)), 422, "bad_data", "/logits", "big-endian"),
    "npy_integers": (file(npy("<i8", (3, 4), F32 * 2)), 422, "bad_data", "/logits", "integers"),
    "npy_void": (file(npy("|V2", (3, 4), F32)), 422, "bad_data", "/logits", "bfloat16"),
    "npy_structured": (file(npy("", (), F32, header="{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (12,), }")), 422, "bad_data", "/logits", "structured"),
    "npy_text": (file(npy("|S4", (3, 4), F32)), 422, "bad_data", "/logits", "|S4 (something else)"),
    "npy_descr_number": (file(npy("", (), F32, header="{'descr': 4, 'fortran_order': False, 'shape': (3, 4), }")), 422, "bad_data", "/logits", "descr must be a short string"),
    "npy_order_number": (file(npy("", (), F32, header="{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 4), }")), 422, "bad_data", "/logits", "fortran_order must be True or False"),
    "npy_shape_list": (file(npy("", (), F32, header="{'descr': '<f4', 'fortran_order': False, 'shape': [3, 4], }")), 422, "bad_data", "/logits", "shape must be a tuple of counts"),
    "npy_list": (file(npy("", (), F32, header="['<f4', False, (3, 4)]")), 422, "bad_data", "/logits", "it must be a dictionary"),
    "npy_no_comma": (file(npy("", (), F32, header="{'descr': '<f4' 'fortran_order': False, 'shape': (3, 4), }")), 422, "bad_data", "/logits", "a comma or } must be here"),
    "npy_one_dimension": (file(npy("<f4", (12,), F32)), 422, "bad_data", "/logits", "1 dimensions"),
    "npy_four_dimensions": (file(npy("<f4", (1, 1, 3, 4), F32)), 422, "bad_data", "/logits", "4 dimensions"),
    "npy_version_4": (file(npy("<f4", (3, 4), F32, version=4)), 422, "bad_data", "/logits", "version 4.0"),
    "npy_no_order": (file(npy("", (), F32, header="{'descr': '<f4', 'shape': (3, 4), }")), 422, "bad_data", "/logits", "each once"),
    "npy_twice": (file(npy("", (), F32, header="{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }")), 422, "bad_data", "/logits", "each once"),
    "npy_unknown_key": (file(npy("", (), F32, header="{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), 'x': 1}")), 422, "bad_data", "/logits", "each once"),
    "npy_behind_header": (file(npy("", (), F32, header="{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } x")), 422, "bad_data", "/logits", "follows"),
    "npy_batch_of_three": (file(npy("<f4", (3, 1, 4), F32), TWO), 422, "bad_count", "/logits", "for 3 sequences"),
    "npy_batch_for_one": (file(npy("<f4", (3, 1, 4), F32)), 422, "bad_count", "/logits", "for 3 sequences"),
    "npy_batch_left_short": (file(npy("<f4", (2, 3, 4), pack("f32", A + B)), merged(TWO, padding="left")), 422, "bad_count", "/sequences/0/logits", "needs a row, the last one too"),
    "npy_batch_masked_rows": (file(npy("<f4", (1, 6, 4), F32 * 2), LEFT), 422, "bad_count", "/logits", "too many"),
    "padding_name": (file(npy("<f4", (3, 4), F32), merged(ASK, padding="both")), 422, "out_of_range", "/padding", "right, left"),
    "safetensors_truncated": (file(safetensors(ST, F32[:-4])), 422, "bad_data", "/logits", "44 bytes of numbers"),
    "safetensors_goes_on": (file(safetensors(ST, F32 + b"\0")), 422, "bad_data", "/logits", "goes on behind the 48 bytes"),
    "safetensors_overflow": (file(safetensors([("logits", "F32", (2**40, 2**40), 0, 48)], F32)), 422, "bad_data", "/logits", "2^63"),
    "safetensors_header_past_body": (file(safetensors(ST, F32, length=5000)), 422, "bad_data", "/logits", "inside its header"),
    "safetensors_header_long": (file(safetensors(ST, F32, length=100000001)), 422, "bad_data", "/logits", "more than 100000000"),
    "safetensors_header_short": (file(safetensors(ST, F32, length=20)), 422, "bad_data", "/logits", "not JSON"),
    "safetensors_disagrees": (file(safetensors([("logits", "F64", (3, 4), 0, 48)], F32)), 422, "bad_data", "/logits", "do not fit"),
    "safetensors_backwards": (file(safetensors([("logits", "F32", (3, 4), 48, 0)], F32)), 422, "bad_data", "/logits", "[begin, end]"),
    "safetensors_overlap": (file(safetensors(ST + [("tokens", "I32", (4,), 40, 56)], F32 + ids32)), 422, "bad_data", "/logits", "tokens overlaps"),
    "safetensors_hole": (file(safetensors(ST + [("tokens", "I32", (4,), 56, 72)], F32 + b"\0" * 8 + ids32)), 422, "bad_data", "/logits", "hole"),
    "safetensors_hole_first": (file(safetensors([("logits", "F32", (3, 4), 8, 56)], b"\0" * 8 + F32)), 422, "bad_data", "/logits", "hole"),
    "safetensors_twice": (file(safetensors([], F32, header='{"logits":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]},"logits":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]}}')), 422, "bad_data", "/logits", "occurs twice"),
    "safetensors_integers": (file(safetensors([("logits", "I32", (3, 4), 0, 48)], F32)), 422, "bad_data", "/logits", "none of F64, F32, F16, BF16"),
    "safetensors_float_tokens": (file(safetensors(ST + [("tokens", "F32", (4,), 48, 64)], F32 + ids32)), 422, "bad_data", "/logits", "none of I64, I32"),
    "safetensors_unknown": (file(safetensors(ST + [("hidden", "F32", (4,), 48, 64)], F32 + ids32)), 422, "bad_data", "/logits", "hidden is not known"),
    "safetensors_member": (file(safetensors([], F32, header='{"logits":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48],"x":1}}')), 422, "bad_data", "/logits", "nothing else"),
    "safetensors_metadata": (file(safetensors([], F32, header='{"__metadata__":{"a":1},"logits":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]}}')), 422, "bad_data", "/logits", "object of strings"),
    "safetensors_metadata_list": (file(safetensors([], F32, header='{"__metadata__":[],"logits":{"dtype":"F32","shape":[3,4],"data_offsets":[0,48]}}')), 422, "bad_data", "/logits", "object of strings"),
    "safetensors_shape_text": (file(safetensors([], F32, header='{"logits":{"dtype":"F32","shape":[3,"4"],"data_offsets":[0,48]}}')), 422, "bad_data", "/logits", "no array of counts"),
    "safetensors_shape_negative": (file(safetensors([], F32, header='{"logits":{"dtype":"F32","shape":[3,-4],"data_offsets":[0,48]}}')), 422, "bad_data", "/logits", "no array of counts"),
    "safetensors_nul": (file(safetensors([], F32, header='{"logits":{"dtype":"F32\0"}}')), 422, "bad_data", "/logits", "a NUL"),
    "safetensors_no_logits": (file(safetensors([("tokens", "I32", (4,), 0, 16)], ids32), {"prompt_length": 1}), 422, "bad_data", "/logits", "save tokens in one file with them"),
    "safetensors_tokens_late": (form(("request", {"sequences": [{}, {"tokens": [3, 0]}]}), ("logits.0", npy("<f4", (3, 4), F32)),
                                     ("logits", safetensors([("logits.1", "F32", (1, 4), 0, 16), ("tokens.0", "I32", (4,), 16, 32)], F32[:16] + ids32))),
                                422, "member_after_logits", "/sequences/0/tokens", "save them in the file of the logits"),
    "safetensors_tokens_first": (form(("request", {}), ("logits", safetensors([("tokens", "I32", (4,), 0, 16)], ids32)), ("logits", npy("<f4", (3, 4), F32))),
                                 422, "bad_data", "/logits", "save tokens in one file with them"),
    "safetensors_empty": (file(safetensors([], b"")), 422, "bad_data", "/logits", "names no tensors"),
    "safetensors_no_token": (file(safetensors(ST + [("tokens", "I32", (0,), 0, 0)], F32), {}), 422, "out_of_range", "/tokens", "at least one token"),
    "safetensors_negative_token": (file(safetensors(ST + [("tokens", "I32", (4,), 48, 64)], F32 + struct.pack("<4i", 0, 2, -1, 3)), {}), 422, "out_of_range", "/tokens/2", "-1 is below 0"),
    "safetensors_tokens_twice": (file(safetensors(ST + [("tokens", "I32", (4,), 48, 64)], F32 + ids32)), 400, "conflicting_members", "/tokens", "both"),
    "safetensors_mixed": (file(safetensors([("logits", "F32", (3, 4), 0, 48), ("logits.0", "F32", (3, 4), 48, 96)], F32 + F32), TWO), 400, "conflicting_members", "/logits", "exclude"),
    "safetensors_of_another": (file(safetensors([("logits.1", "F32", (3, 4), 0, 48)], F32), TWO, "logits.0"), 422, "bad_data", "/sequences/0/logits", "for sequence 0"),
    "safetensors_sequence": (file(safetensors([("logits.2", "F32", (3, 4), 0, 48)], F32), TWO), 422, "bad_count", "/logits", "it has 2"),
    "raw_truncated": (file(F32[:-1], merged(ASK, dtype="f32", shape=[3, 4])), 422, "bad_data", "/logits", "47 bytes of numbers"),
    "raw_goes_on": (file(F32, merged(ASK, dtype="f16", shape=[3, 4])), 422, "bad_data", "/logits", "goes on behind the 24 bytes"),
    "raw_overflow": (file(F32, merged(ASK, dtype="f16", shape=[2**40, 2**40])), 422, "bad_data", "/shape", "2^63"),
    "raw_one_dimension": (file(F32, merged(ASK, dtype="f32", shape=[12])), 422, "bad_data", "/shape", "1 dimensions"),
    "raw_without_dtype": (file(F32, merged(ASK, shape=[3, 4])), 400, "missing_member", "/dtype", "needs dtype"),
    "raw_without_shape": (file(F32, merged(ASK, dtype="bf16")), 400, "missing_member", "/shape", "needs shape"),
    "raw_no_width": (file(b"", merged(ASK, dtype="f32", shape=[3, 0])), 422, "out_of_range", "/shape", "vocabulary of 0"),
    "raw_wide": (file(F32, merged(ASK, dtype="f32", shape=[3, 1048577])), 422, "out_of_range", "/shape", "vocabulary of 1048577"),
    "raw_batch_for_one": (file(F32, merged(ASK, dtype="f32", shape=[3, 1, 4])), 422, "bad_count", "/shape", "for 3 sequences"),
    "raw_shape_of_one": (file(F32, {"sequences": [ASK, merged(ASK, dtype="f32", shape=[12])]}, "logits.1"), 422, "bad_data", "/sequences/1/shape", "1 dimensions"),
    "raw_shape_of_all": (file(F32, merged(TWO, dtype="f32", shape=[12]), "logits.1"), 422, "bad_data", "/shape", "1 dimensions"),
    "raw_dtype_of_one": (file(F32, {"sequences": [ASK, merged(ASK, shape=[3, 4])]}, "logits.1"), 400, "missing_member", "/sequences/1/dtype", "needs dtype"),
    "raw_dtype": (file(F32, merged(ASK, dtype="i8", shape=[3, 4])), 422, "out_of_range", "/dtype", "f64, f32, f16, bf16"),
    "raw_shape": (file(F32, merged(ASK, dtype="f32", shape=[3, -4])), 422, "out_of_range", "/shape/1", "below 0"),
    "range_temperature": (file(npy("<f4", (3, 4), F32), merged(ASK, temperature=1e-308)), 422, "out_of_range", "/temperature", "1e-308 is out of its range, 1e-307 to 1e308"),
    "range_softcap": (file(npy("<f4", (3, 4), F32), merged(ASK, temperature=2, softcap=1e19)), 422, "out_of_range", "/softcap", "10000000000000000000 is more than 2^60"),
    "range_weights": (file(npy("<f4", (3, 4), F32), merged(ASK, weights=[1, 1, 1e-301, 1])), 422, "out_of_range", "/weights/2", "1e-301 is out of its range"),
    "zip": (file(b"PK\3\4" + b"\0" * 40), 422, "bad_data", "/logits", "zip"),
    "pickle": (file(b"\x80\4" + b"\0" * 40), 422, "bad_data", "/logits", "pickle"),
    "unknown_format": (file(F32), 422, "bad_data", "/logits", "give dtype and shape"),
    "tiny_file": (file(b"\x93NUMPY"), 422, "bad_data", "/logits", "6 bytes"),
    "empty_file": (file(b""), 422, "bad_data", "/logits", "0 bytes"),
    # parts
    "no_request": (form(), 400, "missing_member", "", "request is missing"),
    "no_logits": (form(("request", ASK)), 400, "missing_member", "/logits", "a part logits"),
    "no_logits_for_one": (file(npy("<f4", (3, 4), F32), TWO, "logits.0"), 400, "missing_member", "/sequences/1/logits", "a part logits"),
    "request_twice": (form(("request", ASK), ("request", ASK)), 400, "duplicate_name", "", "twice"),
    "logits_twice": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32)), ("logits", npy("<f4", (3, 4), F32))), 400, "duplicate_name", "/logits", "already"),
    "logits_in_two_ways": (form(("request", TWO), ("logits.0", npy("<f4", (3, 4), F32)), ("logits", npy("<f4", (3, 4), F32))), 400, "conflicting_members", "/logits", "exclude"),
    "batch_and_one": (form(("request", TWO), ("logits", npy("<f4", (2, 3, 4), F32 * 2)), ("logits.1", npy("<f4", (1, 4), F32[:16]))), 400, "duplicate_name", "/sequences/1/logits", "already"),
    "unknown_part": (form(("request", ASK), ("logit", F32)), 400, "unknown_member", "", "the part logit is not known"),
    "tokens_part": (form(("request", {}), ("tokens", safetensors([("tokens", "I32", (4,), 0, 16)], ids32)), ("logits", npy("<f4", (3, 4), F32))), 400, "unknown_member", "", "give tokens in the request"),
    "sequence_out_of_range": (file(npy("<f4", (3, 4), F32), TWO, "logits.2"), 422, "bad_count", "", "it has 2"),
    "sequence_without_sequences": (file(npy("<f4", (3, 4), F32), ASK, "logits.0"), 422, "bad_count", "", "it has 0"),
    "sequence_with_zero": (file(npy("<f4", (3, 4), F32), TWO, "logits.01"), 400, "unknown_member", "", "logits.01 is not known"),
    "file_first": (form(("logits", npy("<f4", (3, 4), F32)), ("request", ASK)), 400, "bad_multipart", "", "must come before logits"),
    "request_with_rows": (form(("request", merged(ASK, logits=[L3[0:4], L3[4:8], L3[8:12]]))), 400, "conflicting_members", "/logits", "holds logits"),
    "request_with_tensor": (file(npy("<f4", (3, 4), F32), {"sequences": [{"tokens": T4, "logits": tensor("f32", (3, 4), L3)}]}), 400, "conflicting_members", "/sequences/0/logits", "holds logits"),
    # framing
    "no_boundary": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "names no boundary", None, "multipart/form-data"),
    "empty_boundary": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "no boundary has", None, 'multipart/form-data; boundary=""'),
    "long_boundary": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "longer than 70", None, "multipart/form-data; boundary=" + "b" * 71),
    "bad_boundary": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "no boundary has", None, 'multipart/form-data; boundary="a{b"'),
    "blank_behind_boundary": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "no boundary has", None, 'multipart/form-data; boundary="ab "'),
    "two_boundaries": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "cannot be read", None, "multipart/form-data; boundary=a; boundary=b"),
    "other_boundary": (file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "does not begin", None, "multipart/form-data; boundary=logitd-test-boundari"),
    "preamble": (b"\r\n" + file(npy("<f4", (3, 4), F32)), 400, "bad_multipart", "", "does not begin"),
    "empty_body": (b"", 400, "bad_multipart", "", "without its last boundary"),
    "cut_in_part": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32)), end=b"")[:-2], 400, "bad_multipart", "", "without its last boundary"),
    "cut_in_head": (form(("request", ASK), end=b"--" + BOUNDARY + b"\r\nContent-Disp"), 400, "bad_multipart", "", "without its last boundary"),
    "no_last_boundary": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32)), end=b""), 400, "bad_multipart", "", "without its last boundary"),
    "half_last_boundary": (form(("request", ASK), ("logits", npy("<f4", (3, 4), F32)), end=b"--" + BOUNDARY + b"-"), 400, "bad_multipart", "", "without its last boundary"),
    "boundary_line_one_longer": (form(("request", ASK), end=b"--" + BOUNDARY + b"--" + b" " * 77 + b"\r\n"), 400, "bad_multipart", "", "goes on"),
    "end_goes_on": (form(("request", ASK), end=b"--" + BOUNDARY + b"--x"), 400, "bad_multipart", "", "without its last boundary"),
    "bytes_after_end": (file(npy("<f4", (3, 4), F32)) + b"x", 400, "bad_multipart", "", "follow the last"),
    "boundary_goes_on": (form(("request", ASK), end=b"--" + BOUNDARY + b"2\r\n"), 400, "bad_multipart", "", "goes on"),
    "boundary_line_feed": (form(end=b"--" + BOUNDARY + b"\nContent-Disposition: form-data; name=request\n\n{}" + b" " * 80), 400, "bad_multipart", "", "goes on"),
    "no_disposition": (form(part("", ASK, b"Content-Type: application/json\r\n")), 400, "bad_multipart", "", "without a Content-Disposition"),
    "no_head": (form(part("", ASK, b"")), 400, "bad_multipart", "", "without a Content-Disposition"),
    "no_name": (form(part("", ASK, b"Content-Disposition: form-data\r\n")), 400, "bad_multipart", "", "without a name"),
    "empty_name": (form(part("", ASK, b'Content-Disposition: form-data; name=""\r\n')), 400, "bad_multipart", "", "without a name"),
    "two_names": (form(part("", ASK, b"Content-Disposition: form-data; name=a; name=b\r\n")), 400, "bad_multipart", "", "two names"),
    "two_dispositions": (form(part("", ASK, b"Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a\r\n")), 400, "bad_multipart", "", "two Content-Dispositions"),
    "long_name": (form(part("n" * 64, ASK)), 400, "bad_multipart", "", "too long"),
    "open_quote": (form(part("", ASK, b'Content-Disposition: form-data; name="request\r\n')), 400, "bad_multipart", "", "cannot be read"),
    "attachment": (form(part("", ASK, b"Content-Disposition: attachment; name=request\r\n")), 400, "bad_multipart", "", "not form-data"),
    "base64_part": (form(part("", ASK, b"Content-Disposition: form-data; name=request\r\nContent-Transfer-Encoding: base64\r\n")), 400, "bad_multipart", "", "as they are"),
    "long_head": (form(part("", ASK, b"Content-Disposition: form-data; name=request\r\nX: " + b"x" * 4096 + b"\r\n")), 400, "bad_multipart", "", "4096"),
    "folded_head": (form(part("", ASK, b"Content-Disposition: form-data;\r\n name=request\r\n")), 400, "bad_multipart", "", ""),
    "folded_line": (form(part("", ASK, b"Content-Disposition: form-data; name=request\r\n X: y\r\n")), 400, "bad_multipart", "", "no header field"),
    "line_without_colon": (form(part("", ASK, b"Content-Disposition: form-data; name=request\r\nnonsense\r\n")), 400, "bad_multipart", "", "no header field"),
    "words_behind_name": (form(part("", ASK, b'Content-Disposition: form-data; name="request" x\r\n')), 400, "bad_multipart", "", "cannot be read"),
    "parameter_without_name": (form(part("", ASK, b"Content-Disposition: form-data; =request\r\n")), 400, "bad_multipart", "", "cannot be read"),
    "parameter_without_value": (form(part("", ASK, b"Content-Disposition: form-data; name\r\n")), 400, "bad_multipart", "", "cannot be read"),
    "empty_parameter": (form(part("", ASK, b"Content-Disposition: form-data;;; x=y\r\n")), 400, "bad_multipart", "", "without a name"),
    "cut_in_bad_request": (form(("request", b'{"tokens":[0,]}'), end=b"")[:-2], 400, "bad_json", "/tokens/1", "a comma too many"),
    "control_in_head": (form(part("", ASK, b"Content-Disposition: form-data; name=request\0\r\n")), 400, "bad_multipart", "", "control"),
    "line_feed_in_head": (form(part("", ASK, b"Content-Disposition: form-data; name=request\nX: y\r\n")), 400, "bad_multipart", "", "control"),
}


def write(folder, name, content):
    with open(os.path.join(folder, name), "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())


def save(kind, name, body, request=None, expect=None, content_type=None):
    folder = os.path.join(here, "forms", kind, name)
    os.makedirs(folder)
    write(folder, "body", body)
    if request is not None:
        write(folder, "request.json", json.dumps(request))
    if expect is not None:
        write(folder, "expect.json", json.dumps(expect) + "\n")
    if content_type is not None:
        write(folder, "content_type", content_type)


shutil.rmtree(os.path.join(here, "forms"), ignore_errors=True)
for name, (body, request) in VALID.items():
    save("valid", name, body, request)
for name, (body, status, code, pointer, words, *rest) in INVALID.items():
    save("invalid", name, body, rest[0] if rest else None,
         {"status": status, "code": code, "pointer": pointer, "detail": words}, rest[1] if len(rest) > 1 else None)
