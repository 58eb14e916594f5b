"""Lists of temperatures, for oracle.py: an objective at each of them, and the cases.

The oracle answers a request with a list as it answers one with a single temperature, once for each."""
from decimal import Decimal as D

from packed import rows_of_pack, text
from frame import L3

INF = float("inf")
T4 = '"tokens":[0,2,1,3]'
SIXTEEN = [0.125, 0.25, 0.5, 0.7, 0.9, 1, 1.1, 1.3, 1.5, 2, 3, 5, 8, 13, 1e3, 1e-3]

VALID = {
    "temperatures": '{%s,"prompt_length":2,"temperature":[0.7,1,2],"details":["entropy","rank","top:2"],"logits":%s}' % (T4, L3),
    "temperatures_one": '{%s,"temperature":[0.7],"logits":%s}' % (T4, L3),
    "temperatures_equal": '{%s,"prompt_length":1,"temperature":[2,0.5,2,2.0,0.5],"per_token":false,"logits":%s}' % (T4, L3),
    "temperatures_sixteen": '{%s,"prompt_length":2,"temperature":%s,"details":["variance"],"logits":%s}' % (T4, text(SIXTEEN), L3),
    "temperatures_ends": '{"tokens":[0,1,2],"temperature":[1,1e308,1e-307,1e300],"dtype":"f64","logits":[[1e-300,0,-1e-300],[1e308,-1e308,1e308]]}',
    "temperatures_softcap": '{%s,"prompt_length":2,"softcap":2.5,"temperature":[1.5,0.5],"logits":%s}' % (T4, L3),
    "temperatures_loss": '{%s,"prompt_length":1,"temperature":[0.9,3],"label_smoothing":0.1,"z_loss":1e-4,"weights":[1,0,3,4],"logits":%s}' % (T4, L3),
    "temperatures_weights": '{%s,"labels":[-100,2,-100,3],"temperature":[1,2],"weights":[1,0,0,0],"logits":%s}' % (T4, L3),
    "temperatures_samplers": '{%s,"prompt_length":1,"top_k":3,"top_p":0.9,"min_p":0.05,"temperature":[1,0.25,4],"details":["kept"],"logits":%s}' % (T4, L3),
    "temperatures_drop": '{"tokens":[0,1,2],"alignment":"same","top_p":0.6,"temperature":[1,0.25,9],"logits":[[3,1,2],[3,1,2],[1,2,3]]}',
    "temperatures_masks": '{"tokens":[0,2,0],"temperature":[1,2],"logits":[[-Infinity,1,2],[-Infinity,0,-Infinity]]}',
    "temperatures_nothing": '{%s,"prompt_length":4,"temperature":[1,2],"logits":%s}' % (T4, L3),
    "temperatures_measures": '{%s,"prompt_length":1,"temperature":[0.5,2],"measures":{"min_k":[0.5],"min_k_plus_plus":[0.5],"fast_detect_gpt":true},"candidates":[1],"statistics":true,"logits":%s}' % (T4, L3),
    "temperatures_defaults": '{"temperature":[1,2],"prompt":[0],"sequences":[{"completion":[2],"logits":%s},{"completion":[1,3],"logits":%s}]}' % (L3[:16] + "]", L3),
    "temperatures_shared": '{"prompt":[0],"temperature":[2,1],"sequences":[{"completion":[2]},{"completion":[1],"details":["entropy"]},{"completion":[3],"temperature":[2,1,0.5]},{"completion":[3],"temperature":1},{"completion":[0],"softcap":3},{"completion":[0],"top_k":2}],"logits":[[0.5,-1,2,0.25]]}',
    "temperatures_differ": '{"sequences":[{"tokens":[0,2],"temperature":[1,2],"logits":[[1,2,3]]},{"tokens":[0,2],"prompt_length":1,"temperature":[2,1],"logits":[[1,2,3]]},{"tokens":[0,1],"prompt_length":1,"temperature":[2,1],"objectives":["conditional"],"logits":[[1,2,3]]}]}',
    "temperatures_of_some": '{"sequences":[{"tokens":[0,2],"prompt_length":1,"temperature":[1,2],"logits":[[1,2,3]]},{"tokens":[0,2],"logits":[[1,2,3]]}]}',
    "temperatures_windows": '{%s,"prompt_length":2,"temperature":[2,0.5],"windows":[{"start":0,"end":3,"logits":[[0.5,-1,2,0.25],[1,3,-0.5,0]]},{"start":1,"end":4,"logits":[[1,3,-0.5,0],[-2,0.125,0,4]]}]}' % T4,
    "temperatures_windows_own": '{%s,"windows":[{"start":0,"end":3,"temperature":[1,3],"logits":[[0.5,-1,2,0.25],[1,3,-0.5,0]]},{"start":2,"end":4,"temperature":[1.0,3.0],"logits":[[-2,0.125,0,4]]}]}' % T4,
    "temperatures_windows_differ": '{%s,"temperature":[1,3],"windows":[{"start":0,"end":3,"logits":[[0.5,-1,2,0.25],[1,3,-0.5,0]]},{"start":2,"end":4,"temperature":[3,1],"logits":[[-2,0.125,0,4]]}]}' % T4,
    "temperatures_windows_late": '{%s,"windows":[{"start":0,"end":3,"temperature":2,"logits":[[0.5,-1,2,0.25],[1,3,-0.5,0]]},{"start":2,"end":4,"temperature":[2,1],"logits":[[-2,0.125,0,4]]}]}' % T4,
    "temperatures_pack": '{"tokens":[3,4,1,2,1,1,5],"cu_seqlens":[0,3,4,7],"prompt_length":[1,0,2],"temperature":[1,0.5],"logits":%s}' % text(rows_of_pack(1, 7)),
    "temperatures_padded": '{"tokens":[9,0,2,1,3,9],"attention_mask":[0,1,1,1,1,0],"prompt_length":2,"temperature":[3,1],"logits":[[0,0,0,0],%s}' % L3[1:],
    "temperatures_behind": '{"logits":%s,%s,"prompt_length":2,"temperature":[2,1]}' % (L3, T4),
    "temperatures_of_logprobs": '{"tokens":[0,1],"prompt_length":1,"temperature":[1,1.0],"logprobs":[null,-1]}',
}

OF_ONE = '{"tokens":[0,1],"temperature":%s,"logits":[[1,2]]}'
INVALID = {
    "temperatures_none": (OF_ONE % "[]", 422, "out_of_range", "/temperature", "has 0 temperatures, and 1 to 16 may be given"),
    "temperatures_seventeen": (OF_ONE % text(SIXTEEN + [1]), 422, "out_of_range", "/temperature", "has 17 temperatures"),
    "temperatures_none_of_sequence": ('{"sequences":[{"tokens":[0,1],"logits":[[1,2]]},{"tokens":[0,1],"temperature":[],"logits":[[1,2]]}]}', 422, "out_of_range", "/sequences/1/temperature"),
    "temperatures_zero": (OF_ONE % "[1,0]", 422, "out_of_range", "/temperature/1", "0 is out of its range, 1e-307 to 1e308"),
    "temperatures_negative": ('{"sequences":[{"tokens":[0,1],"temperature":[-1],"logits":[[1,2]]}]}', 422, "out_of_range", "/sequences/0/temperature/0"),
    "temperatures_large": (OF_ONE % "[1,2,1.1e308]", 422, "out_of_range", "/temperature/2"),
    "temperatures_text": (OF_ONE % '[1,"2"]', 400, "bad_shape", "/temperature/1"),
    "temperatures_null": (OF_ONE % "[null]", 400, "bad_shape", "/temperature/0"),
    "temperatures_nested": (OF_ONE % "[[1,2]]", 400, "bad_shape", "/temperature/0"),
    "temperatures_object": (OF_ONE % "{}", 400, "bad_shape", "/temperature"),
    "temperatures_of_window": ('{%s,"windows":[{"start":0,"end":4,"temperature":[1,0],"logits":%s}]}' % (T4, L3), 422, "out_of_range", "/windows/0/temperature/1"),
    "temperatures_softcap_of_cold": ('{"tokens":[0,1],"softcap":1,"temperature":[1,1e-20],"logits":[[1,2]]}', 422, "out_of_range", "/softcap", "1 is more than 2^60 (about 1.15e18) times the temperature 1e-20: "),
    "temperatures_with_logprobs": ('{"tokens":[0,1],"temperature":[1,2],"logprobs":[null,-1]}', 422, "needs_logits", "/temperature"),
    "temperatures_first_with_logprobs": ('{"sequences":[{"tokens":[0,1],"temperature":[2],"logprobs":[null,-1]}]}', 422, "needs_logits", "/sequences/0/temperature"),
    "temperatures_with_window_of_logprobs": ('{"tokens":[0,1],"temperature":[1,2],"windows":[{"start":0,"end":2,"logprobs":[null,-1]}]}', 422, "needs_logits", "/temperature"),
}


def list_of(s):
    """The list that a sequence has, or None: that of all its windows."""
    lists = [{**s, **w}.get("temperature") for w in s.get("windows", [{}])]
    same = all(isinstance(t, list) and [*map(float, t)] == [*map(float, lists[0])] for t in lists)
    return lists[0] if same else None


def alone(s, i=0):
    """The members with the temperature at place i in place of a list."""
    found = {k: v[i] if k == "temperature" and isinstance(v, list) else v for k, v in s.items()}
    if "windows" in s:
        found["windows"] = [alone(w, i) for w in s["windows"]]
    return found


def out(x):
    x = float(x)
    return "Infinity" if x == INF else "-Infinity" if x == -INF else x


def entry(temperature, log_prob, tokens, exp):
    mean = None if tokens == 0 else INF if log_prob == -INF else -D(log_prob) / tokens
    return {"temperature": float(temperature), "log_prob": out(log_prob), "loss": None if mean is None else out(mean),
            "perplexity": None if mean is None else out(exp(mean))}


def entries(temperatures, sums, exp):
    """`sums`: for each temperature the log-probabilities of sequences, and their tokens."""
    found = []
    for t, (log_probs, tokens) in zip(temperatures, sums):
        log_prob = -INF if -INF in log_probs else sum(map(D, log_probs), D(0))
        found.append(entry(t, log_prob, tokens, exp))
    return found
