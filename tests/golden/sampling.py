"""What samplers keep of a row, for oracle.py: top_k, top_p and min_p in decimal arithmetic, and the cases."""
from decimal import Decimal as D

EQUAL = D(2) ** -40  # masses that differ by this count as equal


def groups(scaled):
    """The tokens of each logit, the largest first; no masks."""
    values = sorted({x for x in scaled if x is not None}, reverse=True)
    return [[i for i, x in enumerate(scaled) if x == value] for value in values]


def kept(scaled, s):
    """The tokens that are kept, and their mass; `scaled` are logits at the temperature, None for masks."""
    mass = [D(0) if x is None else x.exp() for x in scaled]
    left = groups(scaled)
    everything = sum(mass)

    def total(some):
        return sum((mass[i] for group in some for i in group), D(0))

    if "top_k" in s:
        left = [g for n, g in enumerate(left) if sum(map(len, left[:n])) < s["top_k"]]
    if "top_p" in s:
        edge = (D(float(s["top_p"])) - EQUAL) * total(left)
        left = [g for n, g in enumerate(left) if n == 0 or total(left[:n]) < edge]
    if "min_p" in s:
        edge = D(float(s["min_p"])) * mass[left[0][0]] - EQUAL * total(left)
        left = [g for n, g in enumerate(left) if n == 0 or mass[g[0]] >= edge]
    return {i for g in left for i in g}, total(left) / everything


def drops(s):
    return any(name in s for name in ("top_k", "top_p", "min_p"))


V8 = "[[1.5,0.25,-1,3,0.25,-0.5,2,-4],[2,1,1,1,0,-1,-1,-9],[-1,-1,-1,-1,-1,-1,-1,-1]]"
T8 = '"tokens":[5,3,1,6],"prompt_length":2'

VALID = {
    "top_k": '{%s,"top_k":3,"details":["rank","kept","entropy","variance","collision","margin","mean_log_prob","top:4"],"logits":%s}' % (T8, V8),
    "top_k_one": '{%s,"top_k":1,"details":["entropy","top:2"],"logits":%s}' % (T8, V8),
    "top_k_all": '{%s,"top_k":9000000000000000000,"logits":%s}' % (T8, V8),
    "top_k_tie": '{"tokens":[0,3],"top_k":2,"details":["rank","top:5"],"logits":[[2,1,1,1,0]]}',
    "top_k_dropped": '{"tokens":[0,3,1],"top_k":1,"details":["rank","kept","top:4"],"candidates":[0,3],"logits":[[0,3,1,2],[0,2,2,-Infinity]]}',
    "top_k_masks": '{"tokens":[0,3,1],"top_k":3,"details":["rank","kept","entropy","variance","collision","margin","mean_log_prob","top:4"],"logits":[[-Infinity,1,-Infinity,0],[-1e39,2,2,-1e39]]}',
    "top_p": '{%s,"top_p":0.9,"details":["rank","kept","entropy","variance","collision","margin","mean_log_prob","top:4"],"logits":%s}' % (T8, V8),
    "top_p_tie": '{"tokens":[0,3],"top_p":0.5,"details":["kept","top:5"],"logits":[[2,1,1,1,0]]}',
    "top_p_one": '{%s,"top_p":1,"details":["kept","entropy"],"logits":%s}' % (T8, V8),
    "top_p_tail": '{"tokens":[0,2,1],"top_p":1.0,"logits":[[40,39,0,1],[40,39,0,13]]}',
    "top_p_small": '{"tokens":[0,3,2],"top_p":1e-15,"logits":[[2,1,1,2,0],[2,1,1,2,0]]}',
    "top_p_equal": '{"tokens":[0,1],"top_p":0.5,"logits":[[0,-0.69314718055994531,-0.69314718055994531]],"dtype":"f64"}',
    "min_p": '{%s,"min_p":0.1,"details":["rank","kept","entropy","variance","collision","margin","mean_log_prob","top:4"],"logits":%s}' % (T8, V8),
    "min_p_zero": '{%s,"min_p":0,"logits":%s}' % (T8, V8),
    "min_p_one": '{%s,"min_p":1,"details":["kept","entropy"],"logits":%s}' % (T8, V8),
    "min_p_equal": '{"tokens":[0,1],"min_p":0.5,"dtype":"f64","logits":[[0,-0.69314718055994531,-0.69314718056]]}',
    "min_p_least": '{"tokens":[0,1],"min_p":5e-324,"logits":[[0,-800]]}',
    "samplers": '{%s,"top_k":6,"top_p":0.9,"min_p":0.2,"temperature":1.3,"details":["entropy","top:3"],"logits":%s}' % (T8, V8),
    "samplers_softcap": '{%s,"top_p":0.8,"min_p":0.1,"softcap":2,"temperature":0.7,"details":["kept","entropy"],"logits":%s}' % (T8, V8),
    "samplers_shared": '{"prompt":[0],"top_p":0.7,"sequences":[{"completion":[2]},{"completion":[1],"top_k":2},{"completion":[3],"min_p":0.5},{"completion":[3],"top_p":0.3},{"completion":[1],"temperature":4}],"logits":[[0.5,-1,2,0.25]]}',
    "samplers_weights": '{%s,"top_k":2,"weights":[1,0,0.5,2],"logits":%s}' % (T8, V8),
    "sampler_drops": '{"tokens":[0,1,2],"alignment":"same","top_k":1,"logits":[[3,1,2],[3,1,2],[1,2,3]]}',
    "sampler_uniform": '{"tokens":[0,1],"top_p":0.3,"min_p":1,"details":["kept","entropy"],"logits":[[0.5,0.5,0.5,0.5,0.5]]}',
    "kept_of_all": '{"tokens":[0,1,0],"details":["kept"],"logits":[[-Infinity,2,3],[1,2,3]]}',
    "samplers_before_rows": '{"top_k":5,"top_p":0.95,"details":["kept","entropy","top:3"],"logits":%s,%s}' % (V8, T8),
    "samplers_behind_rows": '{"logits":%s,%s,"min_p":0.1,"top_p":0.9,"details":["kept"],"temperature":0.8}' % (V8, T8),
    "samplers_of_sequences_behind_rows": '{"top_p":0.7,"logits":[[0.5,-1,2,0.25],[1,3,-0.5,0]],"prompt":[0],"sequences":[{"completion":[2,1]},{"completion":[1],"top_k":2},{"completion":[2,3],"min_p":0.05,"top_p":1},{"completion":[3],"temperature":4}]}',
    "samplers_before_tensor": '{"top_p":0.8,"details":["kept"],"logits":{"dtype":"f32","shape":[1,4],"data":"AAAAPwAAgL8AAABAAACAPg=="},"tokens":[0,0]}',
    "sampler_without_smoothing": '{"tokens":[0,1],"top_k":2,"label_smoothing":0,"z_loss":0,"logits":[[1,2,3]]}',
}

INVALID = {
    "top_k_zero": ('{"tokens":[0,1],"top_k":0,"logits":[[1,2]]}', 422, "out_of_range", "/top_k"),
    "top_k_negative": ('{"tokens":[0,1],"sequences":[{"top_k":-1}],"logits":[[1,2]]}', 422, "out_of_range", "/sequences/0/top_k"),
    "top_k_fraction": ('{"tokens":[0,1],"top_k":2.5,"logits":[[1,2]]}', 400, "bad_shape", "/top_k"),
    "top_k_text": ('{"tokens":[0,1],"top_k":"2","logits":[[1,2]]}', 400, "bad_shape", "/top_k"),
    "top_p_zero": ('{"tokens":[0,1],"top_p":0,"logits":[[1,2]]}', 422, "out_of_range", "/top_p", "0 is out of its range, 5e-324 to 1: leave it out"),
    "top_p_above": ('{"tokens":[0,1],"top_p":1.0000000000000002,"logits":[[1,2]]}', 422, "out_of_range", "/top_p"),
    "top_p_type": ('{"tokens":[0,1],"top_p":[0.5],"logits":[[1,2]]}', 400, "bad_shape", "/top_p"),
    "min_p_below": ('{"tokens":[0,1],"min_p":-0.1,"logits":[[1,2]]}', 422, "out_of_range", "/min_p", "-0.1 is out of its range, 0 to 1: 0 keeps"),
    "min_p_above": ('{"tokens":[0,1],"min_p":1.5,"logits":[[1,2]]}', 422, "out_of_range", "/min_p"),
    "min_p_type": ('{"tokens":[0,1],"min_p":true,"logits":[[1,2]]}', 400, "bad_shape", "/min_p"),
    "top_k_with_smoothing": ('{"tokens":[0,1],"top_k":2,"label_smoothing":0.1,"logits":[[1,2]]}', 400, "conflicting_members", "/label_smoothing"),
    "smoothing_with_top_p": ('{"tokens":[0,1],"label_smoothing":0.1,"top_p":0.9,"logits":[[1,2]]}', 400, "conflicting_members", "/top_p"),
    "min_p_with_z_loss": ('{"tokens":[0,1],"sequences":[{"min_p":0.1}],"z_loss":1e-4,"logits":[[1,2]]}', 400, "conflicting_members", "/z_loss"),
    "top_k_with_logprobs": ('{"tokens":[0,1],"top_k":2,"logprobs":[null,-1]}', 422, "needs_logits", "/top_k"),
    "top_p_with_logprobs": ('{"tokens":[0,1],"sequences":[{"top_p":0.5}],"logprobs":[null,-1]}', 422, "needs_logits", "/sequences/0/top_p"),
    "min_p_with_logprobs": ('{"tokens":[0,1],"min_p":0,"logprobs":[null,-1]}', 422, "needs_logits", "/min_p"),
}
