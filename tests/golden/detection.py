"""The oracle's part on measures of how well a model knows a text, and on candidates."""
import zlib
from decimal import Decimal as D

INF = float("inf")


def out(x):
    x = None if x is None else float(x)
    return "Infinity" if x == INF else "-Infinity" if x == -INF else x


def candidates(sequence, row, i):
    """[[id, log_prob, rank], ...] of the ids asked about at token i."""
    asked = sequence.s.get("candidates", [])
    if asked and not isinstance(asked[0], int):
        asked = asked[sequence.place_of(i)]
    if asked is None:
        return None
    def rank(value):
        return 1 + sum(v is not None and (value is None or v > value) for v in row.values)
    return [[t, out(-INF if row.nll[t] is None else -row.nll[t]), rank(row.values[t])] for t in asked]


def mean(values):
    return -INF if -INF in values else sum(map(D, values)) / len(values)


def lowest(values, shares):
    values = sorted(values)
    return [out(mean(values[:max(1, int(len(values) * float(k)))])) if values else None for k in shares]


def standard(excess, variance):
    return -INF if excess is None else D(0) if variance == 0 else excess / variance.sqrt()


def text_of(s, objective):
    part = {"marginal": "prompt_text", "conditional": "completion_text", "joint": "text"}[objective]
    return s[part] if part in s else s["prompt_text"] + s["completion_text"]


def measures(sequence, objective):
    s, asked, result = sequence.s, sequence.s["measures"], {}
    tokens = [i for i in range(sequence.length) if sequence.needed[i] and sequence.selects(objective, i)]
    log_probs, excess, spread = ([sequence.columns[c][i] for i in tokens] for c in ("log_prob", "excess", "spread"))
    if "min_k" in asked:
        result["min_k"] = lowest(log_probs, asked["min_k"])
    if "min_k_plus_plus" in asked:
        result["min_k_plus_plus"] = lowest(list(map(standard, excess, spread)), asked["min_k_plus_plus"])
    if asked.get("zlib_ratio"):
        size = len(zlib.compress(text_of(s, objective).encode(), 6))
        result["zlib_ratio"] = out(-mean(log_probs) / size) if tokens else None
        result["zlib_bytes"] = size
    if asked.get("fast_detect_gpt"):
        root = sum(spread, D(0)).sqrt()
        total = -INF if None in excess else sum(excess, D(0))
        result["fast_detect_gpt"] = None if root == 0 else out(total if total == -INF else total / root)
    return result
