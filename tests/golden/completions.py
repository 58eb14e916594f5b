#!/usr/bin/env python3
"""Golden cases of POST /v1/completions: writes completions_valid/*/request.json with the answer of an independent
implementation (decimal arithmetic: Row of oracle.py), and completions_invalid/*/request.json with the error.
Run: python3 tests/golden/completions.py"""
import json
import os
import struct
import sys
import base64

here = os.path.dirname(os.path.abspath(__file__))
sys.argv = sys.argv[:1] + ["/dev/null"]
sys.path.insert(0, here)
import oracle as module  # noqa: E402

oracle = vars(module)


def tensor(letter, dtype, values, width):
    data = base64.b64encode(struct.pack("<%d%s" % (len(values), letter), *values)).decode()
    return '{"dtype":"%s","shape":[%d,%d],"data":"%s"}' % (dtype, len(values) // width, width, data)


R3 = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4]]"
R4 = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4],[0.5,7,7,-1]]"
R1 = "[[3,1,2,0]]"
FLAT = [0.5, -1, 2, 0.25, 1, 3, -0.5, 0, -2, 0.125, 0, 4, 0.5, 7, 7, -1]
P4 = '"prompt":[0,2,1,3]'
HARNESS = '{"model":"stories","prompt":[[0,2,1,3]],"temperature":0,"max_tokens":1,"logprobs":1,"seed":1234,"echo":true,"logits":[%s]}'

VALID = {
    "harness": HARNESS % R4,
    "harness_two": '{"model":"m","prompt":[[0,2,1,3],[2]],"temperature":0,"max_tokens":1,"logprobs":1,"seed":1,"echo":true,"logits":[%s,%s]}' % (R4, R1),
    "helm": '{"model":"m",%s,"echo":true,"max_tokens":0,"logprobs":3,"temperature":1.0,"n":1,"best_of":1,"top_p":1,"stop":null,"presence_penalty":0,"logits":%s}' % (P4, R3),
    "unused_row": '{%s,"echo":true,"logprobs":1,"logits":%s}' % (P4, R4),
    "batch_of_one_prompt": '{"prompt":[[0,2,1,3]],"echo":true,"logprobs":1,"logits":%s}' % R3,
    "batch_of_one_output": '{%s,"echo":true,"logprobs":1,"logits":[%s]}' % (P4, R3),
    "logprobs_zero": '{%s,"echo":true,"max_tokens":1,"logprobs":0,"logits":%s}' % (P4, R4),
    "logprobs_null": '{%s,"echo":true,"max_tokens":1,"logprobs":null,"logits":%s}' % (P4, R4),
    "logprobs_absent": '{%s,"echo":true,"max_tokens":0,"logits":%s}' % (P4, R4),
    "logprobs_many": '{%s,"echo":true,"max_tokens":1,"logprobs":1024,"logits":%s}' % (P4, R4),
    "no_echo": '{%s,"max_tokens":1,"logprobs":2,"logits":%s}' % (P4, R4),
    "no_echo_unscored": '{%s,"echo":false,"max_tokens":1,"logprobs":2,"logits":[[NaN,1,2,3],[1,Infinity,0,0],[-Infinity,-Infinity,-Infinity,-Infinity],[0.5,7,7,-1]]}' % P4,
    "no_echo_large_ids": '{"prompt":[9,9,9,9],"max_tokens":1,"logprobs":1,"logits":%s}' % R4,
    "ids_of_two_digits": '{"prompt":[10,0,11],"echo":true,"max_tokens":1,"logprobs":1,"logits":[[0,1,2,3,4,5,6,7,8,9,10,11],[11,10,9,8,7,6,5,4,3,2,1,0],[1,2,1,0,3,0,1,2,3,0,4,1]]}',
    "ties": '{"prompt":[0,1,2],"echo":true,"max_tokens":1,"logprobs":2,"logits":[[2,2,2,1],[1,2,2,2],[0,5,5,5]]}',
    "masks": '{"prompt":[0,0,1],"echo":true,"max_tokens":1,"logprobs":3,"logits":[[-Infinity,1,2],[-1e39,0,1],[0,-Infinity,-Infinity]]}',
    "very_unlikely": '{"prompt":[0,1,0],"echo":true,"logprobs":2,"logits":[[0,-9998],[-20000,0],[1,2]]}',
    "temperature": '{%s,"echo":true,"logprobs":1,"temperature":0.25,"logits":%s}' % (P4, R3),
    "temperature_odd": '{%s,"echo":true,"logprobs":1,"temperature":"hot","top_p":-1,"logit_bias":{"3":100},"logits":%s}' % (P4, R3),
    "nulls": '{"model":null,%s,"echo":true,"max_tokens":null,"n":null,"stream":null,"dtype":null,"stop":null,"logprobs":1,"logits":%s}' % (P4, R3),
    "unknown_members": '{%s,"softcap":2,"x":{"logits":[[1]],"a":[[[]]]},"tokens":[9],"sequences":[],"echo":true,"stream":false,"n":1,"logprobs":1,"logits":%s}' % (P4, R3),
    "dtype": '{"prompt":[0,1],"echo":true,"logprobs":1,"dtype":"f64","logits":[[0.1,0.7,-0.3]]}',
    "rounded": '{"prompt":[0,1],"echo":true,"logprobs":1,"logits":[[0.1,0.7,-0.3]]}',
    "base64_f32": '{%s,"echo":true,"max_tokens":1,"logprobs":1,"logits":%s}' % (P4, tensor("f", "f32", FLAT, 4)),
    "base64_f64": '{%s,"echo":true,"max_tokens":1,"logprobs":1,"logits":%s}' % (P4, tensor("d", "f64", FLAT, 4)),
    "base64_f16": '{%s,"echo":true,"max_tokens":0,"logprobs":1,"logits":[ %s ]}' % (P4, tensor("e", "f16", FLAT, 4)),
    "base64_list": '{"prompt":[[0,2,1,3],[0,2,1]],"echo":true,"max_tokens":0,"logprobs":1,"logits":[%s,%s]}' % (tensor("f", "f32", FLAT, 4), tensor("f", "f32", FLAT[:12], 4)),
    "mixed_list": '{"prompt":[[0,2,1,3],[2,2],[1]],"echo":true,"max_tokens":1,"logprobs":1,"logits":[%s , %s,[ [ 1,2 ]\n]]}' % (R4, tensor("e", "f16", FLAT[:8], 4)),
    "mixed_list_turned": '{"prompt":[[2,2],[0,2,1,3]],"echo":true,"max_tokens":0,"logprobs":1,"logits":[\n\t %s , %s]}' % (tensor("e", "f16", FLAT[:8], 4), R4),
    "white_space": '{%s , "echo" : true , "logprobs" : 1 , "logits" : [ \n [\t[0.5,-1,2,0.25] , [1,3,-0.5,0], [ -2,0.125,0,4 ]\r\n]\n ] }' % P4,
    "logits_first": '{"logits":[%s,%s],"logprobs":1,"max_tokens":1,"echo":true,"prompt":[[0,2,1,3],[0]],"model":"m"}' % (R4, R1),
    "widths_differ": '{"prompt":[[0,1],[0,1]],"echo":true,"logprobs":2,"logits":[[[1,2]],[[1,2,3]]]}',
    "one_token": '{"prompt":[2],"echo":true,"max_tokens":1,"logprobs":1,"logits":%s}' % R1,
    "one_token_echoed": '{"prompt":[[2],[9999999]],"echo":true,"logprobs":1,"logits":[%s,%s]}' % (R1, R1),
    "vocabulary_of_one": '{"prompt":[0,0],"echo":true,"max_tokens":1,"logprobs":2,"logits":[[5],[-7]]}',
    "escaped": '{"\\u0070rompt":[0,1],"echo":true,"logprobs":1,"\\u006cogits":[[[1,2,3]]]}',
}


def case(status, pointer, code, body):
    return {"request": body, "expect": {"status": status, "pointer": pointer, "code": code}}


P2 = '"prompt":[0,1],"echo":true,"logprobs":1'
INVALID = {
    "empty": case(400, None, "bad_json", ''),
    "array": case(400, None, "bad_shape", '[]'),
    "cut": case(400, "/logits/0", "bad_json", '{%s,"logits":[[[1,2]' % P2),
    "cut_in_row": case(400, "/logits/0/0/1", "bad_json", '{%s,"logits":[[[1,' % P2),
    "duplicate": case(400, "/n", "duplicate_name", '{"n":1,"n":1}'),
    "no_prompt": case(400, "/prompt", "missing_member", '{"echo":true,"logits":[[1,2]]}'),
    "no_logits": case(400, "/logits", "missing_member", '{%s}' % P2),
    "null_prompt": case(400, "/prompt", "bad_shape", '{"prompt":null,"logits":[[1,2]]}'),
    "null_logits": case(400, "/logits", "bad_shape", '{%s,"logits":null}' % P2),
    "text": case(400, "/prompt", "unsupported_value", '{"prompt":"Say this is a test","logits":[[1,2]]}'),
    "texts": case(400, "/prompt/0", "unsupported_value", '{"prompt":["a","b"],"logits":[[1,2]]}'),
    "text_second": case(400, "/prompt/1", "unsupported_value", '{"prompt":[[0],"b"],"logits":[[1,2]]}'),
    "text_in_prompt": case(400, "/prompt/0/1", "unsupported_value", '{"prompt":[[0,"b"]],"logits":[[1,2]]}'),
    "prompt_object": case(400, "/prompt", "bad_shape", '{"prompt":{},"logits":[[1,2]]}'),
    "prompt_empty": case(422, "/prompt", "out_of_range", '{"prompt":[],"logits":[[1,2]]}'),
    "prompt_empty_second": case(422, "/prompt/1", "out_of_range", '{"prompt":[[0],[]],"logits":[[1,2]]}'),
    "prompt_mixed": case(400, "/prompt/1", "bad_shape", '{"prompt":[[0],1],"logits":[[1,2]]}'),
    "prompt_real": case(400, "/prompt/1", "bad_shape", '{"prompt":[0,1.5],"logits":[[1,2]]}'),
    "prompt_negative": case(422, "/prompt/1/0", "out_of_range", '{"prompt":[[0],[-1]],"logits":[[1,2]]}'),
    "max_tokens": case(400, "/max_tokens", "unsupported_value", '{%s,"max_tokens":16,"logits":[[1,2]]}' % P2),
    "max_tokens_negative": case(422, "/max_tokens", "out_of_range", '{%s,"max_tokens":-1,"logits":[[1,2]]}' % P2),
    "max_tokens_text": case(400, "/max_tokens", "bad_shape", '{%s,"max_tokens":"1","logits":[[1,2]]}' % P2),
    "max_tokens_absent": case(400, "/max_tokens", "missing_member", '{"prompt":[0,1],"logits":[[1,2]]}'),
    "nothing": case(400, "/echo", "missing_member", '{"prompt":[0,1],"max_tokens":0,"logits":[[1,2]]}'),
    "stream": case(400, "/stream", "unsupported_value", '{%s,"stream":true,"logits":[[1,2]]}' % P2),
    "n": case(400, "/n", "unsupported_value", '{%s,"n":2,"logits":[[1,2]]}' % P2),
    "logprobs_large": case(422, "/logprobs", "out_of_range", '{"prompt":[0,1],"echo":true,"logprobs":1025,"logits":[[1,2]]}'),
    "logprobs_negative": case(422, "/logprobs", "out_of_range", '{"prompt":[0,1],"echo":true,"logprobs":-1,"logits":[[1,2]]}'),
    "logprobs_true": case(400, "/logprobs", "bad_shape", '{"prompt":[0,1],"echo":true,"logprobs":true,"logits":[[1,2]]}'),
    "logprobs_array": case(400, "/logprobs", "bad_shape", '{"prompt":[0,1],"echo":true,"logprobs":[-1],"logits":[[1,2]]}'),
    "echo_text": case(400, "/echo", "bad_shape", '{"prompt":[0,1],"echo":"yes","logits":[[1,2]]}'),
    "model_number": case(400, "/model", "bad_shape", '{"model":1,%s,"logits":[[1,2]]}' % P2),
    "dtype": case(422, "/dtype", "out_of_range", '{%s,"dtype":"f16","logits":[[1,2]]}' % P2),
    "logits_number": case(400, "/logits", "bad_shape", '{%s,"logits":0}' % P2),
    "logits_flat": case(400, "/logits/0", "bad_shape", '{%s,"logits":[1,2]}' % P2),
    "logits_deep": case(400, "/logits/0/0/0/0", "bad_shape", '{%s,"logits":[[[[[1,2]]]]]}' % P2),
    "logits_depth_differs": case(400, "/logits/1/0", "bad_shape", '{%s,"logits":[[1,2],[[1,2]]]}' % P2),
    "logits_flat_in_list": case(400, "/logits/1/0", "bad_shape", '{%s,"logits":[[[1,2]],[1,2]]}' % P2),
    "logits_null_in_list": case(400, "/logits/1", "bad_shape", '{%s,"logits":[[[1,2]],null]}' % P2),
    "logits_number_in_list": case(400, "/logits/1", "bad_shape", '{%s,"logits":[[[1,2]],0]}' % P2),
    "logits_text_in_list": case(400, "/logits/0/1", "bad_shape", '{%s,"logits":[[[1,2],"a"]]}' % P2),
    "logits_array_in_object": case(400, "/logits/1/data", "bad_shape", '{%s,"logits":[{"dtype":"f32","shape":[1,2],"data":"AACAPwAAAEA="},{"data":[[1]]}]}' % P2),
    "tensor_member": case(400, "/logits/0/shap", "unknown_member", '{%s,"logits":[{"shap":[1,2]}]}' % P2),
    "tensor_shape": case(400, "/logits/0/shape", "missing_member", '{%s,"logits":[{"dtype":"f32","data":"AACAPwAAAEA="}]}' % P2),
    "tensor_dtype": case(422, "/logits/dtype", "out_of_range", '{%s,"logits":{"dtype":"i8","shape":[1,2],"data":"AACAPwAAAEA="}}' % P2),
    "tensor_bytes": case(422, "/logits/0/data", "bad_data", '{%s,"logits":[{"dtype":"f32","shape":[1,3],"data":"AACAPwAAAEA="}]}' % P2),
    "tensor_bits": case(422, "/logits/0/data", "bad_data", '{%s,"logits":[{"dtype":"f32","shape":[1,2],"data":"AACAPwAAAEB="}]}' % P2),
    "tensor_base64": case(422, "/logits/0/data", "bad_data", '{%s,"logits":[{"dtype":"f32","shape":[1,2],"data":"AACAPw-AAEA="}]}' % P2),
    "one_output_for_two": case(422, "/logits", "bad_count", '{"prompt":[[0],[1]],"echo":true,"max_tokens":1,"logits":[[1,2]]}'),
    "two_outputs_for_one": case(422, "/logits", "bad_count", '{%s,"logits":[[[1,2]],[[1,2]]]}' % P2),
    "too_few_outputs": case(422, "/logits", "bad_count", '{"prompt":[[0],[1],[2]],"echo":true,"logits":[[[1,2]],[[1,2]]]}'),
    "no_rows": case(422, "/logits", "bad_count", '{%s,"logits":[]}' % P2),
    "no_rows_in_list": case(422, "/logits/1", "bad_count", '{"prompt":[[0,1],[0,1]],"echo":true,"logits":[[[1,2]],[]]}'),
    "empty_row": case(422, "/logits/0", "bad_row", '{%s,"logits":[[]]}' % P2),
    "empty_row_in_list": case(422, "/logits/0/0", "bad_row", '{%s,"logits":[[[]]]}' % P2),
    "too_few_rows": case(422, "/logits", "bad_count", '{"prompt":[0,1,1],"echo":true,"logprobs":1,"logits":[[1,2]]}'),
    "no_last_row": case(422, "/logits", "bad_count", '{"prompt":[0,1],"echo":true,"max_tokens":1,"logprobs":1,"logits":[[1,2]]}'),
    "too_many_rows": case(422, "/logits/1", "bad_count", '{"prompt":[[0],[0,1]],"echo":true,"max_tokens":1,"logprobs":1,"logits":[[[1,2]],[[1,2],[1,2],[1,2]]]}'),
    "ragged": case(422, "/logits/1/1", "bad_row", '{"prompt":[[0,1],[0,1]],"echo":true,"logits":[[[1,2]],[[1,2],[1]]]}'),
    "nan": case(422, "/logits/0/1", "bad_row", '{%s,"logits":[[1,NaN],[1,2]]}' % P2),
    "nan_in_list": case(422, "/logits/1/0/0", "bad_row", '{"prompt":[[0,1],[0,1]],"echo":true,"logprobs":0,"logits":[[[1,2]],[[NaN,2]]]}'),
    "infinite": case(422, "/logits/1/1", "bad_row", '{"prompt":[0,1],"max_tokens":1,"logits":[[1,2],[1,Infinity]]}'),
    "masked": case(422, "/logits/0", "bad_row", '{%s,"logits":[[-Infinity,-Infinity]]}' % P2),
    "id": case(422, "/prompt/1", "out_of_range", '{"prompt":[0,2],"echo":true,"logprobs":1,"logits":[[1,2]]}'),
    "id_in_batch": case(422, "/prompt/1/2", "out_of_range", '{"prompt":[[0,1],[0,1,2]],"echo":true,"logprobs":1,"logits":[[[1,2]],[[1,2],[1,2]]]}'),
    "id_before_row": case(422, "/prompt/1", "out_of_range", '{"prompt":[0,2],"echo":true,"logprobs":1,"logits":[[NaN,2]]}'),
    "row_before_id": case(422, "/logits/0/0", "bad_row", '{"logits":[[NaN,2]],"prompt":[0,2],"echo":true,"logprobs":1}'),
}


def least(x):
    return max(float(x), -9999.0)


def score(prompt, logits, request):
    rows = oracle["rows_of"]({"logits": logits, "dtype": request.get("dtype")})
    echo, most = request.get("echo") or False, request.get("max_tokens") or 0
    ids, found = list(prompt), [None]
    for t in range(1, len(prompt) + most):
        appended = t == len(prompt)
        if not (appended or (echo and request.get("logprobs") is not None)):
            found.append(None)
            continue
        row = oracle["Row"](rows[t - 1], {})
        if appended:
            ids.append(row.argmax)
        best = sorted(range(len(row.values)), key=row.order)[:request.get("logprobs") or 0]
        told = best + [ids[t]] * (ids[t] not in best)
        lps = {"token_id:%d" % i: least(-float("inf") if row.nll[i] is None else -row.nll[i]) for i in told}
        found.append((lps["token_id:%d" % ids[t]], lps))
    return ids, found


def choice(index, prompt, logits, request):
    ids, found = score(prompt, logits, request)
    first = 0 if request.get("echo") else len(prompt)
    tokens = ["token_id:%d" % i for i in ids[first:]]
    text, offsets = "", []
    for token in tokens:
        offsets.append(len(text))
        text += token
    logprobs = None if request.get("logprobs") is None else {
        "tokens": tokens, "token_logprobs": [f and f[0] for f in found[first:]],
        "top_logprobs": [f and f[1] for f in found[first:]], "text_offset": offsets}
    return {"text": text, "index": index, "logprobs": logprobs, "finish_reason": "length"}


def depth(value):
    return 1 + depth(value[0]) if isinstance(value, list) else 0


def answer(request):
    prompts, logits = request["prompt"], request["logits"]
    prompts = prompts if depth(prompts) == 2 else [prompts]
    many = isinstance(logits, list) and (isinstance(logits[0], dict) or depth(logits) == 3)
    choices = [choice(i, p, l, request) for i, (p, l) in enumerate(zip(prompts, logits if many else [logits]))]
    count, appended = sum(map(len, prompts)), len(prompts) * (request.get("max_tokens") or 0)
    return {"object": "text_completion", "model": request.get("model") or "", "choices": choices,
            "usage": {"prompt_tokens": count, "completion_tokens": appended, "total_tokens": count + appended}}


def parse(text):
    class Text(str):
        def __float__(self):
            return float(str(self))
    return json.loads(text, parse_float=Text)


def write(folder, name, file, text):
    path = os.path.join(here, folder, name)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, file), "w", encoding="utf-8", newline="") as out:
        out.write(text)


for name, body in VALID.items():
    write("completions_valid", name, "request.json", body)
    write("completions_valid", name, "response.json", json.dumps(answer(parse(body))) + "\n")
for name, case in INVALID.items():
    write("completions_invalid", name, "request.json", case["request"])
    write("completions_invalid", name, "expect.json", json.dumps(case["expect"]) + "\n")
