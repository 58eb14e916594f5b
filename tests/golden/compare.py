#!/usr/bin/env python3
"""Golden cases of POST /v1/compare: requests, the answers of an independent implementation (the oracle's
distributions in decimal arithmetic, compared here by the definitions), and how invalid requests must be
refused.

Run: python3 tests/golden/compare.py          writes compare/valid/*/ and compare/invalid/*/
     python3 tests/golden/compare.py FILE     prints the answer to one request"""
import json
import sys
from decimal import Decimal as D, getcontext

import distilled
import oracle
from distances import DISTANCES, divergences, share_error
from frame import Cases, TENSOR, print_answer
from draws import percentile
from oracle import DETAILS, INF

getcontext().prec = 400  # differences of what is nearly equal keep their digits
OBJECTIVES = ("marginal", "conditional", "joint")
PERCENTILES = (("p99_9", "0.999"), ("p99", "0.99"), ("p95", "0.95"), ("p90", "0.9"), ("p75", "0.75"), ("median", "0.5"),
               ("p25", "0.25"), ("p10", "0.1"), ("p5", "0.05"), ("p1", "0.01"), ("p0_1", "0.001"))
A = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4]]"
B = "[[0.25,-1.5,1,0.5],[0,4,-0.5,1],[-1,0.5,3,2.5]]"
T4 = '"tokens":[0,2,1,3]'

PAIR = '%s,"prompt_length":2,"models":[{"logits":%s},{"logits":%s}]' % (T4, A, B)
VALID = {
    "attention_mask": '{"tokens":[9,0,2,1,3],"attention_mask":[0,1,1,1,1],"labels":[-100,-100,-100,1,3],"models":[{"logits":[[NaN,0,0,0],%s},{"alignment":"same","logits":[[0,0,0,0],[1,2,3,4],%s}]}' % (A[1:], B[1:]),
    "above_zero": '{"sequences":[{%s,"models":[{"logprobs":[0,-1,-2,-0.5]},{"logprobs":[null,0.01,-0.25,0.001]}]}]}' % T4,
    # Models that are nearly equal, and squares beyond doubles.
    "ends_near": '{"models":[{"logprobs":[-1]},{"logprobs":[-1.0000000000000002]}]}',
    "ends_near_of_two": '{"models":[{"logprobs":[-1,-2]},{"logprobs":[-1.0000000000000002,-2]}]}',
    "ends_perplexities": '{"models":[{"logprobs":[-580,-590]},{"logprobs":[-585,-589]}]}',
    "ends_small": '{"models":[{"logprobs":[-1e-174,-3e-174]},{"logprobs":[-2e-174,-7e-174]}]}',
    "ends_large": '{"models":[{"logprobs":[-1e300,-3e300]},{"logprobs":[-2e300,-7e300]}]}',
    "ends_sequences": '{"sequences":[{"models":[{"logprobs":[-1e200,-3e200]},{"logprobs":[-2e200,-7e200]}]},{"models":[{"logprobs":[-1e190,-3e200]},{"logprobs":[-5e200,-7e200]}]},{"models":[{"logprobs":[-1e-190]},{"logprobs":[-5e-200]}]}]}',
    "ends_sequences_small": '{"sequences":[{"models":[{"logprobs":[-1e-200,-3e-200]},{"logprobs":[-2e-200,-7e-200]}]},{"models":[{"logprobs":[-1e-190,-3e-200]},{"logprobs":[-5e-200,-7e-200]}]}]}',
    "ends_correlated": '{"models":[{"logprobs":[-1e-200,-3e-200,-4e-200]},{"logprobs":[-2,-7,-7.5]}]}',
    "logits": '{%s}' % PAIR,
    "labels": '{%s,"id":"x","prompt_length":2,"models":[{"model":"base","logits":%s},{"logits":%s,"model":"q\\u0034"}]}' % (T4, A, B),
    "one_label": '{%s,"models":[{"logits":%s},{"logits":%s,"model":"b"}]}' % (T4, A, B),
    "logprobs": '{%s,"prompt_length":2,"models":[{"logprobs":[null,-1,-2,-0.5]},{"logprobs":[null,-1.5,-0.25,-0.75]}]}' % T4,
    "logprobs_without_ids": '{"models":[{"logprobs":[-1,-2]},{"logprobs":[-2,-0.5]}]}',
    "mixed": '{%s,"models":[{"logprobs":[null,-1,-2,-0.5]},{"logits":%s}]}' % (T4, B),
    "same": '{%s,"models":[{"logits":%s},{"logits":%s}]}' % (T4, A, A),
    "shared": '{%s,"logits":%s,"models":[{},{"temperature":2}]}' % (T4, A),
    "temperatures": '{%s,"temperature":0.5,"models":[{"logits":%s},{"logits":%s,"temperature":1.5}]}' % (T4, A, B),
    "samplers": '{%s,"prompt_length":2,"top_p":0.99,"models":[{"logits":%s},{"logits":%s,"top_k":3}]}' % (T4, A, B),
    "softcap": '{%s,"models":[{"softcap":2,"logits":%s},{"logits":%s}]}' % (T4, A, B),
    "dtypes": '{%s,"models":[{"dtype":"f64","logits":%s},{"logits":%s,"dtype":"f64"}]}' % (T4, A.replace("0.125", "0.1"), B.replace("2.5", "2.3")),
    "tensor": '{"tokens":[0,2],"models":[{"logits":%s},{"logits":[[0,1,0,1]]}]}' % TENSOR,
    "alignments": '{"tokens":[0,2,1,3],"prompt_length":1,"models":[{"logits":%s},{"alignment":"same","logits":[[1,2,3,4],[0.25,-1.5,1,0.5],[0,4,-0.5,1],[-1,0.5,3,2.5]]}]}' % A,
    "offset": '{%s,"prompt_length":2,"models":[{"logits":%s},{"offset":1,"logits":[[0,4,-0.5,1],[-1,0.5,3,2.5]]}]}' % (T4, A),
    "completion_only": '{%s,"prompt_length":2,"models":[{"logits":%s},{"logprobs":[-0.5,-0.125]}]}' % (T4, A),
    "scored_by_one": '{%s,"models":[{"logits":%s},{"logprobs":[-3,-1,-2,-0.5]}]}' % (T4, A),
    "scored_by_the_other": '{%s,"models":[{"logprobs":[-3,-1,-2,-0.5]},{"logits":%s}]}' % (T4, A),
    "objectives": '{%s,"objectives":["joint"],"per_token":false}' % PAIR,
    "masks": '{"tokens":[0,1,1],"models":[{"logits":[[0,1,-Infinity],[0,1,2]]},{"logits":[[0,1.5,2],[0,-Infinity,1]]}]}',
    "disjoint": '{"tokens":[0,1],"models":[{"logits":[[-Infinity,1,2,-Infinity]]},{"logits":[[3,-Infinity,-Infinity,1]]}]}',
    "both_infinite": '{"tokens":[0,1,2],"models":[{"logprobs":[null,"-Infinity",-1]},{"logprobs":[null,"-Infinity",-2]}]}',
    "one_infinite": '{"tokens":[0,1,2],"models":[{"logprobs":[null,"-Infinity",-1]},{"logprobs":[null,-1,-2]}]}',
    "infinite_both_ways": '{"models":[{"logprobs":["-Infinity",-1]},{"logprobs":[-1,"-Infinity"]}]}',
    "far_apart": '{"models":[{"logprobs":[-1,-800,-3]},{"logprobs":[-1.5,-2,-900]}]}',
    "near_equal": '{"sequences":[{"models":[{"logprobs":[-1]},{"logprobs":[-1.0000000000000002]}]},{"models":[{"logprobs":[-2,-3.5]},{"logprobs":[-2.0000000000000004,-3.4999999999999996]}]}]}',
    "large_squares": '{"sequences":[{"models":[{"logprobs":[-585,-586.5]},{"logprobs":[-580,-589]}]},{"models":[{"logprobs":[-580,-590]},{"logprobs":[-588,-585]}]}]}',
    "small_squares": '{"sequences":[{"models":[{"logprobs":[-1e-174,-3e-174]},{"logprobs":[-2e-174,-1e-174]}]},{"models":[{"logprobs":[-5e-174,-3e-174]},{"logprobs":[-2e-175,-1e-300]}]}]}',
    "sums_beyond_doubles": '{"sequences":[{"models":[{"logprobs":[-1e308,-1.5e308]},{"logprobs":[-1.1e308,-1.2e308]}]},{"models":[{"logprobs":[-1e307]},{"logprobs":[-5e306]}]}]}',
    "proportional": '{"models":[{"logprobs":[-1,-2,-3]},{"logprobs":[-1.0000001,-2.0000002,-3.0000003]}]}',
    "ties": '{"models":[{"logprobs":[-1,-2,-3]},{"logprobs":[-1,-2,-2]}]}',
    "empty_completion": '{"prompt":[0,1],"completion":[],"models":[{"logits":[[1,2]]},{"logits":[[1,3]]}]}',
    "one_token": '{"prompt":[0],"completion":[1],"models":[{"logits":[[1,2]]},{"logits":[[1,3]]}]}',
    "vocabulary_of_one": '{"tokens":[0,0],"models":[{"logits":[[1]]},{"logits":[[7]]}]}',
    "mask_split": '{%s,"mask":[0,1,0,1],"models":[{"logits":%s},{"logits":%s}]}' % (T4, A, B),
    "batch": '{"prompt":[0,2],"sequences":[{"id":1,"completion":[1,3],"models":[{"logits":%s},{"logits":%s}]},{"completion":[3],"models":[{"logits":[[0,1,2,3],[3,2,1,0]]},{"logits":[[1,1,2,3],[3,2,0,1.5]]}]},{"completion":[0,0,1],"models":[{"logprobs":[null,-1,-2,-3,-4]},{"logprobs":[null,-1,-3,-2.5,-0.5]}]}]}' % (A, B),
    "batch_of_logprobs": '{"per_token":false,"sequences":[%s]}' % ",".join('{"models":[{"logprobs":%s},{"logprobs":%s}]}' % (json.dumps([-((7 * i + 3 * k) % 11) / 4 for k in range(2 + i % 3)]), json.dumps([-((5 * i + 2 * k) % 13) / 8 for k in range(2 + i % 3)])) for i in range(7)),
    "batch_infinite": '{"sequences":[{"models":[{"logprobs":["-Infinity"]},{"logprobs":["-Infinity"]}]},{"models":[{"logprobs":[-1]},{"logprobs":[-2]}]}]}',
    "members_shuffled": '{"models":[{"logits":%s},{"logits":%s}],"prompt_length":2,%s}' % (A, B, T4),
}

# name: (body, status, code, pointer)
INVALID = {
    "empty": ('{}', 400, "missing_member", "/models"),
    "no_models": ('{"sequences":[{"tokens":[0,1]}]}', 400, "missing_member", "/sequences/0/models"),
    "no_sequences": ('{"sequences":[]}', 422, "out_of_range", "/sequences"),
    "models_type": ('{"models":{}}', 400, "bad_shape", "/models"),
    "model_type": ('{"models":[{"logprobs":[-1]},3]}', 400, "bad_shape", "/models/1"),
    "none": ('{"models":[]}', 422, "out_of_range", "/models"),
    "one_model": ('{"models":[{"logprobs":[-1]}]}', 422, "out_of_range", "/models"),
    "three_models": ('{"sequences":[{"models":[{"logprobs":[-1]},{"logprobs":[-1]},{"logprobs":[-1]}]}]}', 422, "out_of_range", "/sequences/0/models"),
    "both_lists": ('{"models":[{"logprobs":[-1]},{"logprobs":[-1]}],"sequences":[{"models":[{"logprobs":[-1]},{"logprobs":[-1]}]}]}', 400, "conflicting_members", "/sequences"),
    "both_lists_and_fault": ('{"models":[{"logprobs":[-1]},{"logprops":[-1]}],"sequences":[{"models":[{"logprobs":[-1]},{"logprobs":[-1]}]}]}', 400, "unknown_member", "/models/1/logprops"),
    "fault_behind_models": ('{"sequences":[{"models":[{},{}],"tokens":[0,1],"logits":{"dtype":"f32","shape":[1,2],"data":1}}]}', 400, "bad_shape", "/sequences/0/logits/data"),
    "fault_in_and_behind_models": ('{"sequences":[{"models":[{},{"x":1}],"tokens":[0,1],"logits":{"dtype":"f32","shape":[1,2],"data":1}}]}', 400, "unknown_member", "/sequences/0/models/1/x"),
    "both_lists_turned": ('{"sequences":[{"models":[{"logprobs":[-1]},{"logprobs":[-1]}]}],"models":[{"logprobs":[-1]},{"logprobs":[-1]}]}', 400, "conflicting_members", "/models"),
    "tokens_in_model": ('{"models":[{"tokens":[0,1],"logits":[[1,2]]},{"logits":[[1,2]]}]}', 400, "unknown_member", "/models/0/tokens"),
    "split_in_model": ('{"tokens":[0,1],"models":[{"prompt_length":1,"logits":[[1,2]]},{"logits":[[1,2]]}]}', 400, "unknown_member", "/models/0/prompt_length"),
    "weights": ('{"tokens":[0,1],"weights":[1,1],"models":[{"logits":[[1,2]]},{"logits":[[1,2]]}]}', 400, "unknown_member", "/weights"),
    "unknown": ('{"tokens":[0,1],"modles":[]}', 400, "unknown_member", "/modles"),
    "unknown_in_model": ('{"tokens":[0,1],"models":[{"logit":[[1,2]]},{"logits":[[1,2]]}]}', 400, "unknown_member", "/models/0/logit"),
    "label_type": ('{"tokens":[0,1],"models":[{"model":1,"logits":[[1,2]]},{"logits":[[1,2]]}]}', 400, "bad_shape", "/models/0/model"),
    "duplicate": ('{"models":[{"logprobs":[-1],"logprobs":[-1]},{"logprobs":[-1]}]}', 400, "duplicate_name", "/models/0/logprobs"),
    "vocabularies": ('{"tokens":[0,1,1],"models":[{"logits":[[1,2],[3,4]]},{"logits":[[1,2,3],[3,4,5]]}]}', 422, "bad_count", "/models/1/logits"),
    "vocabularies_batch": ('{"sequences":[{"tokens":[0,1],"models":[{"logits":[[1,2]]},{"logits":[[1,2]]}]},{"tokens":[0,1],"models":[{"logits":[[1,2]]},{"logits":[[1,2,3]]}]}]}', 422, "bad_count", "/sequences/1/models/1/logits"),
    "output_missing": ('{"tokens":[0,1],"models":[{"logits":[[1,2]]},{}]}', 400, "missing_member", "/models/1/logits"),
    "tokens_missing": ('{"models":[{"logits":[[1,2]]},{"logits":[[1,2]]}]}', 400, "missing_member", "/models/0/tokens"),
    "both_outputs": ('{"tokens":[0,1],"logprobs":[null,-1],"models":[{"logits":[[1,2]]},{}]}', 400, "conflicting_members", "/models/0/logits"),
    "row_nan": ('{"tokens":[0,1],"models":[{"logits":[[1,2]]},{"logits":[[1,NaN]]}]}', 422, "bad_row", "/models/1/logits/0/1"),
    "row_masked": ('{"sequences":[{"tokens":[0,1],"models":[{"logits":[[-Infinity,-Infinity]]},{"logits":[[1,2]]}]}]}', 422, "bad_row", "/sequences/0/models/0/logits/0"),
    "token_too_large": ('{"tokens":[0,2],"models":[{"logits":[[1,2]]},{"logits":[[1,2]]}]}', 422, "out_of_range", "/tokens/1"),
    "rows_missing": ('{"tokens":[0,1,1],"models":[{"logits":[[1,2],[1,2]]},{"logits":[[1,2]]}]}', 422, "bad_count", "/models/1/logits"),
    "logprobs_count": ('{"tokens":[0,1,1],"models":[{"logprobs":[-1,-1,-1]},{"logprobs":[-1,-1]}]}', 422, "bad_count", "/models/1/logprobs"),
    "logprobs_without_tokens": ('{"models":[{"logprobs":[-1,-2,-3]},{"logprobs":[-1]}]}', 422, "bad_count", "/models/1/logprobs"),
    "logprobs_without_tokens_batch": ('{"sequences":[{"models":[{"logprobs":[-1]},{"logprobs":[-2]}]},{"models":[{"logprobs":[-1]},{"logprobs":[-2,-3]}]}]}', 422, "bad_count", "/sequences/1/models/1/logprobs"),
    "top_p_with_logprobs": ('{"tokens":[0,1],"models":[{"logits":[[1,2]]},{"logprobs":[null,-1],"top_p":0.5}]}', 422, "needs_logits", "/models/1/top_p"),
    "temperature_list": ('{%s,"models":[{"logits":%s},{"temperature":[1],"logits":%s}]}' % (T4, A, B), 400, "bad_shape", "/models/1/temperature"),
    "temperature_with_logprobs": ('{"tokens":[0,1],"models":[{"logits":[[1,2]],"temperature":2},{"logprobs":[null,-1],"temperature":2}]}', 422, "needs_logits", "/models/1/temperature"),
    "objective_without_split": ('{"tokens":[0,1],"objectives":["marginal"],"models":[{"logits":[[1,2]]},{"logits":[[1,2]]}]}', 422, "undefined_objective", "/objectives/0"),
    "objective_of_one": ('{"tokens":[0,1],"prompt_length":1,"objectives":["joint"],"models":[{"logits":[[1,2]]},{"logprobs":[-1]}]}', 422, "undefined_objective", "/objectives/0"),
    "logits_flat": ('{"tokens":[0,1],"models":[{"logits":[1,2]},{"logits":[[1,2]]}]}', 400, "bad_shape", "/models/0/logits/0"),
    "range_temperature": ('{%s,"models":[{"logits":%s},{"temperature":1e-308,"logits":%s}]}' % (T4, A, B), 422, "out_of_range", "/models/1/temperature", "1e-308 is out of its range, 1e-307 to 1e308"),
    "range_softcap": ('{%s,"temperature":1e-10,"models":[{"logits":%s},{"softcap":1e9,"logits":%s}]}' % (T4, A, B), 422, "out_of_range", "/models/1/softcap", "1000000000 is more than 2^60 (about 1.15e18) times the temperature 1e-10"),
    "tensor_bits": ('{"tokens":[0],"alignment":"same","models":[{"logits":{"dtype":"f32","shape":[1,1],"data":"AAAAAA=="}},{"logits":{"dtype":"f32","shape":[1,1],"data":"AAAAAP=="}}]}', 422, "bad_data", "/models/1/logits/data", "unused bits 0"),
    "tensor_length": ('{"tokens":[0,1],"models":[{"logits":{"dtype":"f32","shape":[1,2],"data":"AAAAAA=="}},{"logits":[[1,2]]}]}', 422, "bad_data", "/models/0/logits/data"),
    "earlier_row": ('{"tokens":[0,1],"sequences":[{"models":[{"logits":[[1,NaN]]},{"logits":[[1,2]]}]},{"models":[{"logits":[[1,2]],"temperature":0},{}]}]}', 422, "bad_row", "/sequences/0/models/0/logits/0/1"),
}


# ---- outputs: compared as the plain models beside them, and told where the numbers are from ----

OUTPUTS = {}


def openai(*numbers, ids=None, usage=None):
    """An answer of OpenAI's completions; `ids` as vLLM's texts of tokens."""
    texts = ["token_id:%d" % i for i in ids] if ids else [chr(97 + t) for t in range(len(numbers))]
    return {"object": "text_completion", "choices": [
        {"index": 0, "text": "", "logprobs": {"tokens": texts, "token_logprobs": list(numbers)}}],
        **({"usage": {"prompt_tokens": usage, "completion_tokens": len(numbers) - usage}} if usage else {})}


def told(greedy, format="openai", detected=True, answer=0, first=0, tokens="request", split="request", alignment="same",
         values="log_probs", warnings=()):
    """The member `a` or `b` of a sequence; `greedy` of each objective."""
    return {"greedy": greedy, "source": {
        "format": format, "detected": detected, "answer": answer, "values": values, "alignment": alignment,
        "first_token": first, "tokens": tokens, "split": split},
        "warnings": [{"code": code, "detail": DETAILS[code], "pointer": pointer, "count": count}
                     for code, pointer, count in warnings]}


def outputs(name, request, plain, a=None, b=None, ids=True):
    """`plain`: the same request without outputs; `ids`: they are told, by the request or by the answers."""
    OUTPUTS[name] = (json.dumps(request), plain, a, b, ids)


def answer_outputs(plain, a, b, ids):
    result = answer(oracle.parse(json.dumps(plain)))
    sequence = result["sequences"][0]
    if not ids:
        del sequence["tokens"]["id"]
    sequence.update({name: side for name, side in (("a", a), ("b", b)) if side})
    return result


UNKNOWN = {"marginal": None, "conditional": None, "joint": None}
outputs("outputs", {"tokens": [1, 2, 3], "prompt_length": 1, "models": [
    {"model": "a", "outputs": openai(None, -1, -2, usage=3)}, {"model": "b", "outputs": openai(None, -1.5, -1, usage=3)}]},
    {"tokens": [1, 2, 3], "prompt_length": 1, "models": [
        {"model": "a", "logprobs": [None, -1, -2]}, {"model": "b", "logprobs": [None, -1.5, -1]}]},
    told(UNKNOWN), told(UNKNOWN))
outputs("outputs_and_logits", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "models": [
    {"logits": json.loads(A)}, {"format": "openai", "outputs": openai(None, -1.5, -1, -0.25)}]},
    {"tokens": [0, 2, 1, 3], "prompt_length": 2, "models": [{"logits": json.loads(A)}, {"logprobs": [None, -1.5, -1, -0.25]}]},
    None, told(UNKNOWN, detected=False))
outputs("outputs_and_logprobs", {"prompt": [0, 2], "completion": [1, 3], "models": [
    {"outputs": openai(-1, -0.25)}, {"logprobs": [None, -1.5, -1, -0.25]}]},
    {"prompt": [0, 2], "completion": [1, 3], "models": [{"logprobs": [-1, -0.25]}, {"logprobs": [None, -1.5, -1, -0.25]}]},
    told({"conditional": None}, first=2), None)
outputs("outputs_ids", {"models": [
    {"outputs": openai(None, -1, -2, ids=[7, 8, 9], usage=3)}, {"outputs": openai(None, -1.5, -1, ids=[7, 8, 9], usage=3)}]},
    {"models": [{"logprobs": [None, -1, -2]}, {"logprobs": [None, -1.5, -1]}], "tokens": [7, 8, 9]},
    told({"joint": None}, tokens="outputs", split=None), told({"joint": None}, tokens="outputs", split=None))
outputs("outputs_split", {"models": [
    {"outputs": openai(None, -1, -2, -3, ids=[7, 8, 9, 4], usage=2)}, {"outputs": openai(None, -1.5, -1, -1, ids=[7, 8, 9, 4], usage=4)}]},
    {"models": [{"logprobs": [None, -1, -2, -3]}, {"logprobs": [None, -1.5, -1, -1]}], "tokens": [7, 8, 9, 4]},
    told({"joint": None}, tokens="outputs", split="outputs"), told({"joint": None}, tokens="outputs", split=None))
outputs("outputs_texts", {"models": [{"outputs": openai(None, -1, -2, usage=3)}, {"outputs": openai(None, -1.5, -1, usage=3)}]},
        {"models": [{"logprobs": [None, -1, -2]}, {"logprobs": [None, -1.5, -1]}], "tokens": [0, 0, 0]},
        *[told({"joint": None}, tokens=None, split=None)] * 2, ids=False)
TRT = {"context_logits": json.loads(A)}
outputs("outputs_rows", {"tokens": [0, 2, 1, 3], "prompt_length": 2, "models": [
    {"outputs": TRT}, {"logits": json.loads(B)}]},
    {"tokens": [0, 2, 1, 3], "prompt_length": 2, "models": [{"logits": json.loads(A)}, {"logits": json.loads(B)}]},
    told({"marginal": True, "conditional": True, "joint": True}, format="tensorrt_llm", first=1, alignment="next",
         values="logits"), None)
outputs("outputs_shared", {"tokens": [0, 2, 1, 3], "outputs": TRT, "models": [{}, {"temperature": 2}]},
        {"tokens": [0, 2, 1, 3], "logits": json.loads(A), "models": [{}, {"temperature": 2}]},
        *[told({"joint": True}, format="tensorrt_llm", first=1, alignment="next", values="logits", split=None)] * 2)

ECHO = json.dumps(openai(None, -1, ids=[5, 6]))
INVALID.update({
    "outputs_type": ('{"models":[{"outputs":7},{"logprobs":[-1]}]}', 400, "bad_shape", "/models/0/outputs"),
    "outputs_ids_differ": ('{"models":[{"outputs":%s},{"outputs":%s}]}' % (ECHO, json.dumps(openai(None, -1, ids=[5, 7]))), 422, "bad_count", "/models/1/outputs"),
    "outputs_texts_differ": ('{"models":[{"outputs":%s},{"outputs":%s}]}' % (json.dumps(openai(None, -1, -2)), json.dumps(openai(None, -1, -2)).replace('"b"', '" b"')), 422, "bad_count", "/models/1/outputs"),
    "outputs_ids_and_texts": ('{"models":[{"outputs":%s},{"outputs":%s}]}' % (ECHO, json.dumps(openai(None, -1))), 422, "bad_count", "/models/1/outputs"),
    "outputs_not_of_tokens": ('{"tokens":[5,7],"models":[{"logprobs":[null,-1]},{"outputs":%s}]}' % ECHO, 422, "out_of_range", "/tokens/1"),
    "outputs_lengths": ('{"models":[{"outputs":%s},{"outputs":%s}]}' % (ECHO, json.dumps(openai(None, -1, -2, ids=[5, 6, 7]))), 422, "bad_count", "/models/1/outputs"),
    "outputs_of_untold_tokens": ('{"models":[{"outputs":%s},{"logprobs":[null,-1]}]}' % ECHO, 422, "bad_count", "/models/1/logprobs"),
    "outputs_splits_differ": ('{"models":[{"outputs":%s},{"outputs":%s}]}' % (json.dumps(openai(None, -1, -2, ids=[5, 6, 7], usage=1)), json.dumps(openai(None, -1, -2, ids=[5, 6, 7], usage=2))), 422, "bad_count", "/models/1/outputs"),
    "outputs_nothing_in_common": ('{"models":[{"outputs":%s},{"outputs":%s}]}' % (json.dumps(openai(-1, -2, ids=[5, 6])), ECHO), 422, "undefined_objective", "/models/1/outputs"),
    "outputs_vocabularies": ('{"tokens":[0,1],"models":[{"logits":[[1,2,3]]},{"outputs":{"context_logits":[[1,2]]}}]}', 422, "bad_count", "/models/1/outputs"),
    "outputs_and_logprobs_of_one": ('{"models":[{"outputs":%s,"logprobs":[-1]},{"logprobs":[-1]}]}' % ECHO, 400, "conflicting_members", "/models/0/logprobs"),
    "format_alone": ('{"models":[{"format":"openai","logprobs":[-1]},{"logprobs":[-1]}]}', 400, "missing_member", "/models/0/outputs"),
})


def out(x):
    """All digits leave this much of what is 0, and of no double."""
    return 0.0 if isinstance(x, D) and abs(x) < D("1e-330") else oracle.out(x)


def number(value):
    return None if value is None else out(value)


def finite(value):
    return None if value is None or value in (INF, -INF) else value


def mean(values):
    return oracle.total(values) / len(values)


def deviation(values):
    """The sample deviation, or None."""
    if len(values) < 2 or any(v is None or v in (INF, -INF) for v in values):
        return None
    center = sum(values) / len(values)
    return (sum((v - center) ** 2 for v in values) / (len(values) - 1)).sqrt()


def error_of_mean(values):
    spread = deviation(values)
    return None if spread is None else spread / D(len(values)).sqrt()


def exp(x):
    """Beyond a million the result is no double, whatever it is multiplied with."""
    return INF if x > 10 ** 6 else D(0) if x < -10 ** 6 else D(x).exp()


def minus(b, a):
    if a == b and a in (INF, -INF):
        return None
    return INF if a == -INF or b == INF else -INF if b == -INF or a == INF else D(b) - D(a)


def times(a, b):
    return None if a is None or b is None else finite(a if a in (INF, -INF) else a * b)


def wins(pairs):
    return sum((D(1) if b > a else D("0.5") if a == b else D(0)) for a, b in pairs) / len(pairs) if pairs else None


def correlation(a, b):
    if len(a) < 2 or not deviation(a) or not deviation(b):
        return None
    ma, mb = mean(a), mean(b)
    covariance = sum((x - ma) * (y - mb) for x, y in zip(a, b)) / (len(a) - 1)
    return covariance / (deviation(a) * deviation(b))


def sum_of_differences(differences):
    if None in differences or (INF in differences and -INF in differences):
        return None
    return oracle.total(differences)


def comparison(pairs):
    n, result, perplexities = len(pairs), {"tokens": len(pairs)}, []
    sides = [[p[0] for p in pairs], [p[1] for p in pairs]]
    for name, side in zip("ab", sides):
        total = oracle.total(side)
        perplexity = None if n == 0 else exp(INF if total == -INF else -total / n)
        perplexities.append(perplexity)
        result[name] = {"log_prob": out(total), "perplexity": number(perplexity),
                        "perplexity_error": number(times(perplexity, error_of_mean(side)))}
    differences = [minus(b, a) for a, b in pairs]
    total = sum_of_differences(differences)
    average = None if total is None or n == 0 else total if total in (INF, -INF) else total / n
    error = error_of_mean(differences)
    ratio = None if average is None else exp(-average)
    apart = None if n == 0 else minus(perplexities[1], perplexities[0])
    combined = None
    if n and INF not in perplexities:
        combined = error_of_mean([perplexities[1] * b - perplexities[0] * a for a, b in pairs])
    result.update({"difference": number(total), "difference_mean": number(average), "difference_error": number(error),
                   "win_rate": number(wins(pairs)), "correlation": number(correlation(*sides)),
                   "perplexity_ratio": number(ratio), "perplexity_ratio_error": number(times(ratio, error)),
                   "perplexity_difference": number(apart), "perplexity_difference_error": number(combined)})
    return result


def spread(values, full):
    if None in values:
        values = []
    known = len(values) > 0
    result = {"mean": number(mean(values)) if known else None, "error": number(error_of_mean(values)),
              "root_mean_square": number(root_mean_square(values)) if known else None,
              "max": number(max(values)) if known else None}
    for name, fraction in PERCENTILES if full else ():
        result[name] = number(between(values, D(fraction))) if known else None
    result["min"] = number(min(values)) if known else None
    return result


def root_mean_square(values):
    return INF if INF in values else (sum(v * v for v in values) / len(values)).sqrt()


def between(values, fraction):
    """As percentile(), with infinities: what lies between a number and +inf is +inf."""
    if INF not in values:
        return percentile(values, fraction)
    ordered = sorted(values)
    at = fraction * (len(ordered) - 1)
    a, b = ordered[int(at)], ordered[min(int(at) + 1, len(ordered) - 1)]
    return a if a == b or at == int(at) else INF if b == INF else a + (at - int(at)) * (b - a)


def contrast(tokens, rows, full, asked):
    """`asked`: what each sequence asks."""
    result = comparison([(t["a"], t["b"]) for t in tokens])
    result["delta_p"] = spread([exp(t["b"]) - exp(t["a"]) for t in tokens], full)
    if rows:
        having = [t for t in tokens if "jsd" in t]
        result["rows"] = len(having)
        for name in DISTANCES:
            result[name] = spread([t[name] for t in having], full)
        same = [t["same_top"] for t in having]
        result["same_top"] = number(D(sum(same)) / len(same)) if same else None
        result["same_top_error"] = number(share_error(same))
    result.update(contrast_asked(tokens, full, asked))
    return result


def contrast_asked(tokens, full, asked):
    names = {name for a in asked for name in a.names()}
    having = {name: [t[name] for t in tokens if name in t] for name in names}
    result = {}
    if "divergence" in names:
        result["distillation"] = {name: spread(having[name], full) for name in distilled.DISTILLED if name in names}
    if "cross_entropy_ab" in names:
        result["cross_entropy_ab"] = spread(having["cross_entropy_ab"], full)
        result["binoculars"], result["fast_detect_gpt"] = map(number, distilled.detected([t for t in tokens if "variance" in t]))
    if "acceptance" in names:
        result["acceptance"] = spread(having["acceptance"], full)
        drafts = [a.drafts for a in asked if a.drafts is not None]
        result["expected_tokens"] = number(distilled.expected_tokens(having["acceptance"], drafts))
    return result


class Pair:
    """`place`: the JSON pointer of the sequence, by the name of a member of it or of the request."""

    def __init__(self, s, place):
        self.s = s
        defaults = {k: v for k, v in s.items() if k != "models"}
        self.sides = [oracle.Sequence({**defaults, **m}, lambda name, k=k, m=m: "%s/models/%d" % (place("models"), k)
                                      if name in m else place(name)) for k, m in enumerate(s["models"])]
        a, b = self.sides
        self.asked = [o for o in OBJECTIVES if o in a.asked and o in b.asked]
        self.rows = "logits" in a.s and "logits" in b.s
        self.more = distilled.Asked(s, a.s, b.s)
        self.tokens = [self.token(i) if self.has(i) else None for i in range(a.length)]

    def has(self, i):
        return all(side.needed[i] for side in self.sides) and any(self.sides[0].selects(o, i) for o in self.asked)

    def token(self, i):
        a, b = self.sides
        result = {"a": a.columns["log_prob"][i], "b": b.columns["log_prob"][i]}
        if self.rows:
            rows = [self.row(side, i) for side in self.sides]
            result.update(divergences(*rows))
            result.update(self.more.of_rows(*rows, b.ids[i]))
        elif self.more.known and self.more.rule is not None:
            result.update(self.more.of_known(self.more.known[self.entry(i)], self.row(b, i)))
        return result

    def entry(self, i):
        """The entry of a token in top_logprobs, which may be of y alone."""
        a, count = self.sides[0], len(self.more.known)
        return a.place_of(i) if count >= a.length else i - (a.length - count)

    def row(self, side, i):
        return oracle.Row(oracle.rows_of(side.s)[side.place_of(i) - side.shift], side.s)

    def of(self, objective):
        a = self.sides[0]
        return [t for i, t in enumerate(self.tokens) if t and a.selects(objective, i)]

    def answer(self, index):
        s, result = self.s, {"index": index}
        if "id" in s:
            result["id"] = s["id"]
        labels = [side.s.get("model") for side in self.sides]
        if labels != [None, None]:
            result["models"] = labels
        result["objectives"] = {o: contrast(self.of(o), self.rows, False, [self.more]) for o in self.asked}
        if s.get("per_token", True):
            result["tokens"] = self.columns()
        result.update({name: {"warnings": side.warnings} for name, side in zip("ab", self.sides) if side.warnings})
        return result

    def columns(self):
        ids = self.sides[0].ids
        result = {} if ids is None else {"id": ids}
        tokens = self.tokens
        result["a"] = [t and out(t["a"]) for t in tokens]
        result["b"] = [t and out(t["b"]) for t in tokens]
        result["difference"] = [t and number(minus(t["b"], t["a"])) for t in tokens]
        result["delta_p"] = [t and out(exp(t["b"]) - exp(t["a"])) for t in tokens]
        for name in DISTANCES if self.rows else ():
            result[name] = [t and out(t[name]) for t in tokens]
        if self.rows:
            result["same_top"] = [t and t["same_top"] for t in tokens]
        for name in self.more.names():
            result[name] = [t and number(t.get(name)) for t in tokens]
        return result


def documents(pairs, objective):
    tokens = [[(t["a"], t["b"]) for t in p.of(objective)] for p in pairs]
    differences = [sum_of_differences([minus(b, a) for a, b in t]) for t in tokens]
    average, ratio_error = None, None
    total = sum_of_differences(differences)
    if total is not None:
        average = total if total in (INF, -INF) else total / len(pairs)
    count = sum(map(len, tokens))
    if len(pairs) > 1 and count and None not in differences and finite(total) is not None:
        rests = [(d - total / count * len(t)) ** 2 for d, t in zip(differences, tokens)]
        ratio_error = (sum(rests) * len(pairs) / (len(pairs) - 1)).sqrt() / count
    sums = [[oracle.total(x) for x in (zip(*t) if t else ([], []))] for t in tokens]
    return {"sequences": len(pairs), "difference_mean": number(average), "difference_error": number(error_of_mean(differences)),
            "token_difference_error": number(ratio_error), "win_rate": number(wins(sums))}


def answer(request):
    defaults = {k: v for k, v in request.items() if k != "sequences"}
    pairs = [Pair({**defaults, **s}, lambda name, i=i, s=s: "/sequences/%d" % i if name in s and "sequences" in request
                  else "") for i, s in enumerate(request.get("sequences", [{}]))]
    totals = {}
    for o in OBJECTIVES:
        having = [p for p in pairs if o in p.asked]
        if having:
            tokens = [t for p in having for t in p.of(o)]
            totals[o] = contrast(tokens, any("jsd" in t for t in tokens), True, [p.more for p in having])
            totals[o]["by_sequence"] = documents(having, o)
    return {"sequences": [p.answer(i) for i, p in enumerate(pairs)],
            "totals": {"sequences": len(pairs), "objectives": totals}}


VALID.update(distilled.valid())
INVALID.update(distilled.INVALID)


def main():
    if len(sys.argv) > 1:
        print_answer(answer, sys.argv[1])
        return
    cases = Cases("compare")
    cases.valid(VALID, answer)
    for name, (body, *plain) in OUTPUTS.items():
        cases.answered(name, body, answer_outputs(*plain))
    cases.invalid(INVALID)


main()
