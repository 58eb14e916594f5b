#!/usr/bin/env python3
"""Writes the requests of the golden cases, and what the invalid ones must be answered with; then run
oracle.py for the answers to the valid ones.  Run: python3 tests/golden/cases.py"""
import base64
import json
import os
import struct

here = os.path.dirname(os.path.abspath(__file__))
L3 = "[[0.5,-1,2,0.25],[1,3,-0.5,0],[-2,0.125,0,4]]"
T4 = '"tokens":[0,2,1,3]'


def pack(letter, values):
    return base64.b64encode(struct.pack("<%d%s" % (len(values), letter), *values)).decode()


def tensor(dtype, values, shape):
    if dtype == "bf16":
        words = [struct.unpack("<I", struct.pack("<f", v))[0] >> 16 for v in values]
        data = pack("H", words)
    else:
        data = pack({"f64": "d", "f32": "f", "f16": "e"}[dtype], values)
    return json.dumps({"dtype": dtype, "shape": shape, "data": data})


FLAT = [0.5, -1, 2, 0.25, 1, 3, -0.5, 0, -2, 0.125, 0, 4]
VALID = {
    "worked_example": '{"tokens":[7,11,13],"prompt_length":1,"logprobs":[null,-0.7,-0.4]}',
    "worked_without_ids": '{"logprobs":[-0.7,-0.4]}',
    "design_answer": '{"model":"stories260k","tokens":[1,403,407,261],"prompt_length":2,"logprobs":[null,-1.9,-0.7,-0.4]}',
    "tokens_prompt_length": '{%s,"prompt_length":2,"logits":%s}' % (T4, L3),
    "prompt_completion": '{"prompt":[0,2],"completion":[1,3],"logits":%s}' % L3,
    "tokens_mask": '{%s,"mask":[0,1,0,1],"logits":%s}' % (T4, L3),
    "tokens_labels": '{%s,"labels":[-100,2,-100,3],"logits":%s}' % (T4, L3),
    "tokens_alone": '{%s,"logits":%s}' % (T4, L3),
    "logprobs_prompt_length": '{"logprobs":[-1.5,-0.25,-3],"prompt_length":1}',
    "prompt_length_zero": '{%s,"prompt_length":0,"logits":%s}' % (T4, L3),
    "prompt_length_all": '{%s,"prompt_length":4,"logits":%s}' % (T4, L3),
    "one_unused_row": '{"tokens":[0,2,1],"prompt_length":1,"logits":%s}' % L3,
    "alignment_same": '{"tokens":[2,1,3],"prompt_length":1,"alignment":"same","logits":%s}' % L3,
    "offset_next": '{%s,"prompt_length":2,"offset":1,"logits":[[1,3,-0.5,0],[-2,0.125,0,4]]}' % T4,
    "offset_same": '{%s,"prompt_length":2,"alignment":"same","offset":2,"logits":[[1,3,-0.5,0],[-2,0.125,0,4]]}' % T4,
    "only_last_row": '{"tokens":[0,1,3],"prompt_length":2,"offset":1,"logits":[[1,3,-0.5,0]]}',
    "logprobs_of_completion": '{%s,"prompt_length":2,"logprobs":[-0.5,-0.125]}' % T4,
    "logprob_at_zero": '{%s,"prompt_length":2,"logprobs":[-4,-1,-0.5,-0.125]}' % T4,
    "logprobs_null_unasked": '{%s,"prompt_length":2,"objectives":["conditional"],"logprobs":[null,null,-0.5,-0.125]}' % T4,
    "logprobs_infinite": '{%s,"prompt_length":2,"logprobs":[null,-Infinity,"-Infinity",-0.125]}' % T4,
    "dtype_f64": '{"tokens":[0,1],"dtype":"f64","logits":[[0.1,0.7,-0.3]]}',
    "dtype_f32": '{"tokens":[0,1],"logits":[[0.1,0.7,-0.3]]}',
    "rounded_once": '{"tokens":[0,1],"logits":[[1.00000005960464477539062500001,1,0.99999997019767761]]}',
    "base64_f64": '{%s,"prompt_length":2,"logits":%s}' % (T4, tensor("f64", FLAT, [3, 4])),
    "base64_f32": '{%s,"prompt_length":2,"logits":%s}' % (T4, tensor("f32", FLAT, [3, 4])),
    "base64_f16": '{%s,"prompt_length":2,"logits":%s}' % (T4, tensor("f16", FLAT, [3, 4])),
    "base64_bf16": '{%s,"prompt_length":2,"logits":%s}' % (T4, tensor("bf16", FLAT, [3, 4])),
    "base64_escaped": '{"tokens":[0,1],"logits":{"dtype":"f32","shape":[1,2],"data":"\\/\\/\\/\\/P\\u0077AAAAA="}}',
    "masks": '{"tokens":[0,2,1,0],"logits":[[-Infinity,1,2],[-1e39,0,-1e400],[0,-1e30,-3e38]]}',
    "masked_target": '{"tokens":[0,0,1],"prompt_length":1,"logits":[[-Infinity,1,2],[0,1,2]]}',
    "confident": '{"tokens":[0,0],"logits":[[0,-40]]}',
    "very_confident": '{"tokens":[0,1,1],"logits":[[0,600],[-300,300]]}',
    "huge": '{"tokens":[0,1,0],"logits":[[1e30,1e30],[3e38,-3e38]]}',
    "offsets": '{"tokens":[0,1,0],"logits":[[100000.5,100001.25,99999],[-1e6,-1000001,-999999.5]]}',
    "vocabulary_of_one": '{"tokens":[0,0,0],"prompt_length":1,"details":["entropy","rank","top:3"],"logits":[[5],[-7]]}',
    "weights": '{%s,"prompt_length":1,"weights":[1,0.5,2,0.25],"logits":%s}' % (T4, L3),
    "text_split": '{"tokens":[1,2,3],"prompt_length":1,"logprobs":[null,-1,-2],"prompt_text":"","completion_text":"h\u00e9llo  w\u00f6rld\\n \\ud83d\\ude00"}',
    "text_whole": '{%s,"text":"one two\u3000three","per_token":false,"logits":%s}' % (T4, L3),
    "text_and_parts": '{%s,"prompt_length":2,"text":"ab cd","prompt_text":"ab","completion_text":" cd","logits":%s}' % (T4, L3),
    "text_of_completion": '{%s,"prompt_length":2,"completion_text":"cd","logits":%s}' % (T4, L3),
    "counts": '{%s,"prompt_length":2,"prompt_counts":{"bytes":4,"words":1},"completion_counts":{"words":0,"bytes":7,"characters":7},"logits":%s}' % (T4, L3),
    "text_default": '{"prompt":[0,2],"prompt_text":"the","sequences":[{"completion":[1,3],"completion_text":" cat","logits":%s},{"completion":[3],"completion_counts":{"bytes":5},"logits":[[0,1,2,3],[3,2,1,0]]}]}' % L3,
    "text_unknown_in_one": '{"per_token":false,"sequences":[{"logprobs":[-1,-2],"completion_text":"ab"},{"logprobs":[-1,-2.5,-4]}]}',
    "text_infinite": '{"per_token":false,"bootstrap":{"samples":9},"sequences":[{"logprobs":[-1,"-Infinity"],"completion_text":"ab"},{"logprobs":[-1,-2.5,-4],"completion_text":"abc d"}]}',
    "statistics": '{"statistics":true,"sequences":[{%s,"prompt_length":2,"logits":%s},{%s,"logits":%s},{"logprobs":[-1,-2]},{%s,"prompt_length":2,"logprobs":[-0.5,-0.25]}]}' % (T4, L3, T4, L3, T4),
    "statistics_false": '{"statistics":false,"logprobs":[-1,-2]}',
    "bootstrap": '{"bootstrap":{"samples":200,"seed":20261124,"level":0.9},"per_token":false,"sequences":[%s]}' % ",".join('{"logprobs":%s,"completion_text":"%s"}' % (json.dumps([-((7 * i + 3 * k) % 11) / 4 for k in range(2 + i % 3)]), "ab c" * (1 + i)) for i in range(6)),
    "bootstrap_defaults": '{"bootstrap":{},"per_token":false,"sequences":[{"logprobs":[-1,-2]},{"logprobs":[-1.5]},{"logprobs":[-4,-0.25,-3]}]}',
    "bootstrap_empty": '{"bootstrap":{"samples":7},"per_token":false,"sequences":[{"prompt":[1],"completion":[],"logprobs":[null]},{"prompt":[1],"completion":[2],"logprobs":[null,-1]}]}',
    "weight_zero_infinity": '{"tokens":[0,0,1],"prompt_length":1,"weights":[1,0,1],"logits":[[-Infinity,1,2],[0,1,2]]}',
    "weights_beyond_doubles": '{"logprobs":[-2,-2],"weights":[1e308,1e308]}',
    "weights_beyond_doubles_together": '{"sequences":[{"logprobs":[-0.5],"weights":[1e308]},{"logprobs":[-1e-9],"weights":[1e308]}]}',
    "weights_all_zero": '{%s,"prompt_length":1,"weights":[0,0,0,0],"logits":%s}' % (T4, L3),
    "per_token_false": '{%s,"prompt_length":2,"per_token":false,"details":["rank"],"logits":%s}' % (T4, L3),
    "details": '{%s,"prompt_length":2,"details":["rank","entropy","top:3"],"logits":%s}' % (T4, L3),
    "details_unasked": '{%s,"prompt_length":2,"objectives":["marginal"],"details":["rank","top:1"],"logits":%s}' % (T4, L3),
    "ties": '{"tokens":[0,2,1],"details":["rank","top:4"],"logits":[[1,2,2,2],[2,2,1,-Infinity]]}',
    "temperature": '{%s,"prompt_length":2,"temperature":0.7,"details":["entropy"],"logits":%s}' % (T4, L3),
    "hot": '{%s,"prompt_length":2,"temperature":1e3,"logits":%s}' % (T4, L3),
    "softcap": '{"tokens":[0,1,2],"softcap":3,"details":["entropy","rank","top:2"],"logits":[[10,-4,-Infinity],[1,2,-50]]}',
    "softcap_temperature": '{%s,"softcap":2.5,"temperature":1.5,"logits":%s}' % (T4, L3),
    "smoothing_all": '{%s,"prompt_length":2,"label_smoothing":0.1,"logits":%s}' % (T4, L3),
    "smoothing_others": '{%s,"prompt_length":2,"label_smoothing":0.2,"smoothing":"uniform_others","logits":%s}' % (T4, L3),
    "smoothing_minus_entropy": '{%s,"prompt_length":2,"label_smoothing":0.3,"smoothing":"uniform_others_minus_entropy","logits":%s}' % (T4, L3),
    "smoothing_masked": '{"tokens":[0,1],"label_smoothing":0.1,"logits":[[0,1,-Infinity]]}',
    "smoothing_zero_masked": '{"tokens":[0,1],"label_smoothing":0,"logits":[[0,1,-Infinity]]}',
    "z_loss": '{%s,"prompt_length":2,"z_loss":0.001,"logits":%s}' % (T4, L3),
    "all_options": '{%s,"prompt_length":1,"z_loss":1e-4,"label_smoothing":0.1,"temperature":0.9,"softcap":30,"weights":[1,2,3,4],"details":["rank","entropy","top:2"],"logits":%s}' % (T4, L3),
    "batch_defaults": '{"prompt":[0,2],"temperature":2,"sequences":[{"id":"a","completion":[1,3],"logits":%s},{"id":7,"completion":[3],"temperature":1,"logits":%s}]}' % (L3, "[[0,1,2,3],[3,2,1,0]]"),
    "shared_output": '{"prompt":[0],"sequences":[{"completion":[2]},{"completion":[1]},{"completion":[3],"temperature":0.5}],"logits":[[0.5,-1,2,0.25]]}',
    "mixed_totals": '{"sequences":[{%s,"prompt_length":2,"logits":%s},{%s,"logits":%s},{"logprobs":[-1,-2]},{%s,"prompt_length":2,"logprobs":[-0.5,-0.25]}]}' % (T4, L3, T4, L3, T4),
    "empty_completion": '{"prompt":[0,1],"completion":[],"logits":[[1,2]]}',
    "one_token": '{"tokens":[0],"prompt_length":1,"logits":[[1,2]]}',
    "unscored_rows_unjudged": '{%s,"prompt_length":2,"objectives":["conditional"],"logits":[[NaN,Infinity,0,0],[1,3,-0.5,0],[-2,0.125,0,4],[NaN,NaN,NaN,NaN]]}' % T4,
    "unscored_ids_unjudged": '{"tokens":[99,1,2],"objectives":["joint"],"logits":[[1,2,3],[3,2,1]]}',
    "members_shuffled": '{"logits":%s,"details":["rank"],"prompt_length":2,%s}' % (L3, T4),
    "escapes_in_names": '{"\\u0074okens":[0,2,1,3],"prompt_l\\u0065ngth":2,"\\u006cogits":%s}' % L3,
    "white_space": ' \r\n\t{ "tokens" : [ 0 , 1 ] ,\n "logits" : [ [ 1 , 2.5e0 ]\t] } \n',
    "number_forms": '{"tokens":[0,1],"logits":[[1E2,-0.0,1e-2,12.5e+1,0]]}',
    "unicode": '{"model":"modèle \\u2603 \\"x\\" \\\\","id":"\\ud83d\\ude00","tokens":[0,1],"logits":[[1,2]]}',
    "neutral_options_with_logprobs": '{"tokens":[0,1],"prompt_length":1,"temperature":1,"label_smoothing":0,"z_loss":0,"logprobs":[null,-1]}',
    "objectives_order": '{%s,"prompt_length":2,"objectives":["joint","marginal"],"logits":%s}' % (T4, L3),
}

# name: (body, status, code, pointer)
INVALID = {
    "empty": ("", 400, "bad_json", ""),
    "not_json": ("nonsense", 400, "bad_json", ""),
    "truncated": ('{"tokens":[1', 400, "bad_json", ""),
    "array": ("[]", 400, "bad_shape", ""),
    "trailing": ('{"tokens":[0,1],"logits":[[1,2]]}x', 400, "bad_json", None),
    "duplicate": ('{"tokens":[0,1],"tokens":[0,1],"logits":[[1,2]]}', 400, "duplicate_name", "/tokens"),
    "duplicate_logits": ('{"tokens":[0,1],"logits":[[1,2]],"logits":[[1,2]]}', 400, "duplicate_name", "/logits"),
    "duplicate_deep": ('{"sequences":[{"tokens":[0,1],"id":1,"id":2,"logits":[[1,2]]}]}', 400, "duplicate_name", "/sequences/0/id"),
    "nan_outside_logits": ('{"tokens":[NaN],"logits":[[1]]}', 400, "bad_json", None),
    "deep": ('{"a":' + "[" * 80 + "]" * 80 + "}", 400, "bad_json", None),
    "unknown": ('{"tokens":[0,1],"promt_length":1,"logits":[[1,2]]}', 400, "unknown_member", "/promt_length"),
    "unknown_in_sequence": ('{"sequences":[{"token":[0,1],"logits":[[1,2]]}]}', 400, "unknown_member", "/sequences/0/token"),
    "unknown_in_tensor": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1,1],"date":"AAAAAA=="}}', 400, "unknown_member", "/logits/date"),
    "model_in_sequence": ('{"sequences":[{"model":"m","tokens":[0,1],"logits":[[1,2]]}]}', 400, "unknown_member", "/sequences/0/model"),
    "tokens_type": ('{"tokens":"abc","logits":[[1,2]]}', 400, "bad_shape", "/tokens"),
    "token_real": ('{"tokens":[0,1.5],"logits":[[1,2]]}', 400, "bad_shape", "/tokens/1"),
    "token_null": ('{"tokens":[0,null],"logits":[[1,2]]}', 400, "bad_shape", "/tokens/1"),
    "temperature_type": ('{"tokens":[0,1],"temperature":"hot","logits":[[1,2]]}', 400, "bad_shape", "/temperature"),
    "null_member": ('{"tokens":[0,1],"softcap":null,"logits":[[1,2]]}', 400, "bad_shape", "/softcap"),
    "logits_flat": ('{"tokens":[0,1],"logits":[1,2]}', 400, "bad_shape", "/logits/0"),
    "logits_deep": ('{"tokens":[0,1],"logits":[[[1,2]]]}', 400, "bad_shape", "/logits/0/0"),
    "logits_string": ('{"tokens":[0,1],"logits":[[1,"2"]]}', 400, "bad_shape", "/logits/0/1"),
    "logits_null": ('{"tokens":[0,1],"logits":[[1,null]]}', 400, "bad_shape", "/logits/0/1"),
    "logits_number": ('{"tokens":[0,1],"logits":7}', 400, "bad_shape", "/logits"),
    "logits_leading_zero": ('{"tokens":[0,1],"logits":[[1,02]]}', 400, "bad_json", "/logits/0/1"),
    "sequences_type": ('{"sequences":{}}', 400, "bad_shape", "/sequences"),
    "sequence_type": ('{"sequences":[3]}', 400, "bad_shape", "/sequences/0"),
    "missing_logits": ('{"tokens":[0,1]}', 400, "missing_member", "/logits"),
    "missing_logits_batch": ('{"sequences":[{"tokens":[0,1],"logits":[[1,2]]},{"tokens":[0,1]}]}', 400, "missing_member", "/sequences/1/logits"),
    "missing_tokens": ('{"logits":[[1,2]]}', 400, "missing_member", "/tokens"),
    "missing_completion": ('{"prompt":[0],"logits":[[1,2]]}', 400, "missing_member", "/completion"),
    "missing_shape": ('{"tokens":[0],"logits":{"dtype":"f32","data":"AAAAAA=="}}', 400, "missing_member", "/logits/shape"),
    "both_outputs": ('{"tokens":[0,1],"logprobs":[null,-1],"logits":[[1,2]]}', 400, "conflicting_members", "/logits"),
    "both_splits": ('{"tokens":[0,1],"mask":[0,1],"prompt_length":1,"logits":[[1,2]]}', 400, "conflicting_members", "/prompt_length"),
    "tokens_and_prompt": ('{"prompt":[0],"completion":[1],"tokens":[0,1],"logits":[[1,2]]}', 400, "conflicting_members", "/tokens"),
    "no_tokens": ('{"tokens":[],"logits":[[1,2]]}', 422, "out_of_range", "/tokens"),
    "no_sequences": ('{"sequences":[]}', 422, "out_of_range", "/sequences"),
    "token_negative": ('{"tokens":[0,-1],"logits":[[1,2]]}', 422, "out_of_range", "/tokens/1"),
    "token_too_large": ('{"tokens":[0,2],"logits":[[1,2]]}', 422, "out_of_range", "/tokens/1"),
    "token_too_large_batch": ('{"sequences":[{"tokens":[0,1],"logits":[[1,2]]},{"tokens":[0,2],"logits":[[1,2]]}]}', 422, "out_of_range", "/sequences/1/tokens/1"),
    "token_beyond_int64": ('{"tokens":[0,99999999999999999999],"logits":[[1,2]]}', 422, "out_of_range", "/tokens/1"),
    "completion_too_large": ('{"prompt":[0],"completion":[1,9],"logits":[[1,2],[1,2]]}', 422, "out_of_range", "/completion/1"),
    "prompt_length_too_large": ('{"tokens":[0,1],"prompt_length":3,"logits":[[1,2]]}', 422, "out_of_range", "/prompt_length"),
    "prompt_length_negative": ('{"tokens":[0,1],"prompt_length":-1,"logits":[[1,2]]}', 422, "out_of_range", "/prompt_length"),
    "mask_length": ('{"tokens":[0,1],"mask":[1],"logits":[[1,2]]}', 422, "bad_count", "/mask"),
    "mask_value": ('{"tokens":[0,1],"mask":[0,2],"logits":[[1,2]]}', 422, "out_of_range", "/mask/1"),
    "labels_shifted": ('{"tokens":[0,1,0],"labels":[1,0,-100],"logits":[[1,2],[1,2]]}', 422, "out_of_range", "/labels/0"),
    "weights_length": ('{"tokens":[0,1],"weights":[1,1,1],"logits":[[1,2]]}', 422, "bad_count", "/weights"),
    "weight_negative": ('{"tokens":[0,1],"weights":[1,-1],"logits":[[1,2]]}', 422, "out_of_range", "/weights/1"),
    "weight_infinite": ('{"tokens":[0,1],"weights":[1,1e400],"logits":[[1,2]]}', 422, "out_of_range", "/weights/1"),
    "text_type": ('{"logprobs":[-1],"text":["a"]}', 400, "bad_shape", "/text"),
    "text_and_counts": ('{"logprobs":[-1],"counts":{"bytes":1},"text":"a"}', 400, "conflicting_members", "/text"),
    "text_without_split": ('{"tokens":[1],"logprobs":[-1],"completion_text":"a"}', 400, "conflicting_members", "/completion_text"),
    "counts_without_split": ('{"tokens":[1],"logprobs":[-1],"prompt_counts":{}}', 400, "conflicting_members", "/prompt_counts"),
    "text_sum": ('{"logprobs":[-1],"text":"abc","prompt_text":"a","completion_text":"b"}', 422, "bad_count", "/text"),
    "counts_sum": ('{"logprobs":[-1],"counts":{"bytes":3,"words":9},"prompt_counts":{"bytes":1},"completion_text":"b"}', 422, "bad_count", "/counts"),
    "counts_type": ('{"logprobs":[-1],"counts":3}', 400, "bad_shape", "/counts"),
    "count_name": ('{"logprobs":[-1],"counts":{"byte":3}}', 400, "unknown_member", "/counts/byte"),
    "count_type": ('{"logprobs":[-1],"counts":{"bytes":"3"}}', 400, "bad_shape", "/counts/bytes"),
    "count_negative": ('{"sequences":[{"logprobs":[-1],"counts":{"words":-3}}]}', 422, "out_of_range", "/sequences/0/counts/words"),
    "count_too_large": ('{"logprobs":[-1],"counts":{"words":1099511627777}}', 422, "out_of_range", "/counts/words"),
    "counts_contradict": ('{"logprobs":[-1],"counts":{"bytes":9,"characters":2}}', 422, "bad_count", "/counts"),
    "statistics_type": ('{"logprobs":[-1],"statistics":1}', 400, "bad_shape", "/statistics"),
    "statistics_in_sequence": ('{"sequences":[{"logprobs":[-1],"statistics":true}]}', 400, "unknown_member", "/sequences/0/statistics"),
    "bootstrap_type": ('{"logprobs":[-1],"bootstrap":true}', 400, "bad_shape", "/bootstrap"),
    "bootstrap_name": ('{"logprobs":[-1],"bootstrap":{"sample":3}}', 400, "unknown_member", "/bootstrap/sample"),
    "bootstrap_samples": ('{"logprobs":[-1],"bootstrap":{"samples":0}}', 422, "out_of_range", "/bootstrap/samples"),
    "bootstrap_samples_type": ('{"logprobs":[-1],"bootstrap":{"samples":10.5}}', 400, "bad_shape", "/bootstrap/samples"),
    "bootstrap_seed": ('{"logprobs":[-1],"bootstrap":{"seed":-1}}', 422, "out_of_range", "/bootstrap/seed"),
    "bootstrap_seed_type": ('{"logprobs":[-1],"bootstrap":{"seed":"x"}}', 400, "bad_shape", "/bootstrap/seed"),
    "bootstrap_level": ('{"logprobs":[-1],"bootstrap":{"level":1}}', 422, "out_of_range", "/bootstrap/level"),
    "bootstrap_level_type": ('{"logprobs":[-1],"bootstrap":{"level":null}}', 400, "bad_shape", "/bootstrap/level"),
    "bootstrap_draws": ('{"bootstrap":{"samples":100000},"per_token":false,"logprobs":[-1],"sequences":[%s]}' % ",".join(["{}"] * 101), 422, "out_of_range", "/bootstrap/samples"),
    "temperature_zero": ('{"tokens":[0,1],"temperature":0,"logits":[[1,2]]}', 422, "out_of_range", "/temperature"),
    "softcap_negative": ('{"tokens":[0,1],"softcap":-1,"logits":[[1,2]]}', 422, "out_of_range", "/softcap"),
    "smoothing_one": ('{"tokens":[0,1],"label_smoothing":1,"logits":[[1,2]]}', 422, "out_of_range", "/label_smoothing"),
    "smoothing_name": ('{"tokens":[0,1],"smoothing":"x","logits":[[1,2]]}', 422, "out_of_range", "/smoothing"),
    "z_loss_negative": ('{"tokens":[0,1],"z_loss":-1,"logits":[[1,2]]}', 422, "out_of_range", "/z_loss"),
    "alignment_name": ('{"tokens":[0,1],"alignment":"prev","logits":[[1,2]]}', 422, "out_of_range", "/alignment"),
    "dtype_name": ('{"tokens":[0,1],"dtype":"f16","logits":[[1,2]]}', 422, "out_of_range", "/dtype"),
    "objective_name": ('{"tokens":[0,1],"objectives":["joint","sum"],"logits":[[1,2]]}', 422, "out_of_range", "/objectives/1"),
    "objective_without_split": ('{"tokens":[0,1],"objectives":["conditional"],"logits":[[1,2]]}', 422, "undefined_objective", "/objectives/0"),
    "objective_without_prompt": ('{"tokens":[0,1,1],"prompt_length":2,"objectives":["joint"],"logprobs":[-1]}', 422, "undefined_objective", "/objectives/0"),
    "detail_name": ('{"tokens":[0,1],"details":["rank","ranks"],"logits":[[1,2]]}', 422, "out_of_range", "/details/1"),
    "top_too_large": ('{"tokens":[0,1],"details":["top:1025"],"logits":[[1,2]]}', 422, "out_of_range", "/details/0"),
    "top_zero": ('{"tokens":[0,1],"details":["top:0"],"logits":[[1,2]]}', 422, "out_of_range", "/details/0"),
    "ragged": ('{"tokens":[0,1,1],"logits":[[1,2],[1,2,3]]}', 422, "bad_row", "/logits/1"),
    "ragged_unscored": ('{"tokens":[0,1,1],"prompt_length":2,"objectives":["conditional"],"logits":[[1,2,3],[1,2]]}', 422, "bad_row", "/logits/1"),
    "row_empty": ('{"tokens":[0,1],"logits":[[]]}', 422, "bad_row", "/logits/0"),
    "row_nan": ('{"tokens":[0,1,1],"logits":[[1,2],[1,NaN]]}', 422, "bad_row", "/logits/1/1"),
    "row_infinite": ('{"tokens":[0,1],"logits":[[Infinity,2]]}', 422, "bad_row", "/logits/0/0"),
    "row_above_float": ('{"tokens":[0,1],"logits":[[1,1e39]]}', 422, "bad_row", "/logits/0/1"),
    "row_masked": ('{"tokens":[0,1],"logits":[[-Infinity,-Infinity]]}', 422, "bad_row", "/logits/0"),
    "no_rows": ('{"tokens":[0,1],"logits":[]}', 422, "bad_count", "/logits"),
    "rows_missing": ('{"tokens":[0,1,1],"logits":[[1,2]]}', 422, "bad_count", "/logits"),
    "rows_too_many": ('{"tokens":[0,1],"logits":[[1,2],[1,2],[1,2]]}', 422, "bad_count", "/logits"),
    "rows_offset": ('{"tokens":[0,1,1],"prompt_length":1,"offset":1,"logits":[[1,2]]}', 422, "bad_count", "/logits"),
    "offset_too_large": ('{"tokens":[0,1],"offset":9,"logits":[[1,2]]}', 422, "out_of_range", "/offset"),
    "tensor_nan": ('{"tokens":[0,1],"logits":%s}' % tensor("f32", [1, float("nan")], [1, 2]), 422, "bad_row", "/logits/0/1"),
    "tensor_dtype": ('{"tokens":[0],"logits":{"dtype":"f8","shape":[1,1],"data":"AAAAAA=="}}', 422, "out_of_range", "/logits/dtype"),
    "tensor_shape": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1],"data":"AAAAAA=="}}', 422, "out_of_range", "/logits/shape"),
    "tensor_overflow": ('{"tokens":[0],"logits":{"dtype":"f64","shape":[9007199254740993,1048576],"data":"AAAAAA=="}}', 422, "bad_data", "/logits/data"),
    "tensor_length": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1,2],"data":"AAAAAA=="}}', 422, "bad_data", "/logits/data"),
    "tensor_alphabet": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1,1],"data":"AA-_AA=="}}', 422, "bad_data", "/logits/data"),
    "tensor_padding": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1,1],"data":"AAAAAA"}}', 422, "bad_data", "/logits/data"),
    "tensor_data_type": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1,1],"data":7}}', 400, "bad_shape", "/logits/data"),
    "shape_without_file": ('{"tokens":[0],"dtype":"f32","shape":[1,2],"logits":[[1,2]]}', 400, "unknown_member", "/shape"),
    "tensor_vocabulary": ('{"tokens":[0],"logits":{"dtype":"f32","shape":[1,1048577],"data":"AAAAAA=="}}', 422, "out_of_range", "/logits/shape"),
    "logprob_positive": ('{"tokens":[0,1],"logprobs":[null,0.5]}', 422, "out_of_range", "/logprobs/1"),
    "logprob_null": ('{"tokens":[0,1],"logprobs":[null,null]}', 422, "out_of_range", "/logprobs/1"),
    "logprob_nan": ('{"tokens":[0,1],"logprobs":[null,NaN]}', 422, "out_of_range", "/logprobs/1"),
    "logprob_count": ('{"tokens":[0,1,2],"prompt_length":1,"logprobs":[-1]}', 422, "bad_count", "/logprobs"),
    "logprob_text": ('{"tokens":[0,1],"logprobs":[null,"x"]}', 400, "bad_shape", "/logprobs/1"),
    "temperature_with_logprobs": ('{"tokens":[0,1],"temperature":0.5,"logprobs":[null,-1]}', 422, "needs_logits", "/temperature"),
    "softcap_with_logprobs": ('{"tokens":[0,1],"softcap":30,"logprobs":[null,-1]}', 422, "needs_logits", "/softcap"),
    "smoothing_with_logprobs": ('{"tokens":[0,1],"label_smoothing":0.1,"logprobs":[null,-1]}', 422, "needs_logits", "/label_smoothing"),
    "z_loss_with_logprobs": ('{"tokens":[0,1],"z_loss":0.1,"logprobs":[null,-1]}', 422, "needs_logits", "/z_loss"),
    "details_with_logprobs": ('{"tokens":[0,1],"details":["rank"],"logprobs":[null,-1]}', 422, "needs_logits", "/details/0"),
    "offset_with_logprobs": ('{"tokens":[0,1],"offset":1,"logprobs":[null,-1]}', 422, "needs_logits", "/offset"),
    "first_of_two": ('{"tokens":[0,5],"logits":[[1,NaN]]}', 422, "out_of_range", "/tokens/1"),
    "first_of_two_turned": ('{"logits":[[1,NaN]],"tokens":[0,5]}', 422, "bad_row", "/logits/0/1"),
    "nul": ('{"tokens":[0,1\x00],"logits":[[1,2]]}', 400, "bad_json", ""),
}


def write(kind, name, files):
    folder = os.path.join(here, kind, name)
    os.makedirs(folder, exist_ok=True)
    for file, text in files.items():
        with open(os.path.join(folder, file), "w", encoding="utf-8", newline="") as out:
            out.write(text)


for name, body in VALID.items():
    write("valid", name, {"request.json": body})
for name, (body, status, code, pointer) in INVALID.items():
    expect = {"status": status, "code": code}
    if pointer is not None:
        expect["pointer"] = pointer
    write("invalid", name, {"request.json": body, "expect.json": json.dumps(expect) + "\n"})
