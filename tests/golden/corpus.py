"""The oracle's part on corpora: measures for each unit of text, standard errors, bootstrap intervals."""
import re
from decimal import Decimal as D

from draws import below, percentile, xoshiro

INF = float("inf")
UNITS = ("characters", "bytes", "words")
MEASURES = (("document_mean", "documents", "mean"), ("token_mean", "tokens", "mean"),
            ("document_perplexity", "documents", "perplexity"), ("token_perplexity", "tokens", "perplexity"),
            ("word_perplexity", "words", "perplexity"), ("byte_perplexity", "bytes", "perplexity"),
            ("bits_per_character", "characters", "bits"), ("bits_per_byte", "bytes", "bits"))


def out(x):
    x = float(x)
    return "Infinity" if x == INF else "-Infinity" if x == -INF else x


def exp(x):
    """Beyond a million it is no double, whatever it is multiplied with."""
    return INF if x > 10 ** 6 else D(x).exp()


def part(s, prefix):
    if prefix + "text" in s:
        text = s[prefix + "text"]
        return {"characters": len(text), "bytes": len(text.encode()), "words": len(re.split(r"\s+", text))}
    return s.get(prefix + "counts", {})


def sizes(sequence, objective):
    s = sequence.s
    prompt, completion, whole = part(s, "prompt_"), part(s, "completion_"), part(s, "")
    if objective == "marginal":
        return prompt
    if objective == "conditional":
        return completion
    if "text" in s or "counts" in s:
        return whole
    return {u: prompt[u] + completion[u] for u in UNITS if u in prompt and u in completion}


def scaled(log_prob, size, scale):
    if size == 0:
        return None
    if log_prob in (INF, -INF):
        return log_prob if scale == "mean" else INF
    mean = D(log_prob) / size
    return mean if scale == "mean" else exp(-mean) if scale == "perplexity" else -mean / D(2).ln()


def of_sequence(sequence, objective):
    found = sizes(sequence, objective)
    result = {u: found[u] for u in UNITS if u in found}
    for name, unit, scale in MEASURES:
        if unit in found:
            value = scaled(sequence.value(objective)[0], found[unit], scale)
            result[name] = None if value is None else out(value)
    return result


def error(pairs, value, scale):
    """Of a ratio of sums over documents, each a pair of log-probability and size."""
    n, size = len(pairs), sum(x for _, x in pairs)
    if n < 2 or size == 0 or any(y in (INF, -INF) for y, _ in pairs):
        return None
    ratio = sum(D(y) for y, _ in pairs) / size
    squares = sum((D(y) - ratio * x) ** 2 for y, x in pairs)
    slope = {"mean": D(1), "perplexity": value, "bits": 1 / D(2).ln()}[scale]
    return None if slope == INF else (squares * n / (n - 1)).sqrt() / size * slope


def deviation(values):
    if len(values) < 2 or any(v in (INF, -INF) for v in values):
        return None
    mean = sum(values) / len(values)
    return (sum((v - mean) ** 2 for v in values) / (len(values) - 1)).sqrt()


def replicate(pairs, scale, bootstrap):
    source, n = xoshiro(bootstrap["seed"]), len(pairs)
    values = []
    for _ in range(bootstrap["samples"]):
        drawn = [pairs[below(source, n)] for _ in range(n)]
        log_prob = -INF if any(y == -INF for y, _ in drawn) else sum(D(y) for y, _ in drawn)
        values.append(scaled(log_prob, sum(x for _, x in drawn), scale))
    return values


def number(value):
    return None if value is None else out(value)


def mean(values):
    """M(x) of the contract."""
    if not values or None in values:
        return {"mean": None, "standard_error": None}
    if INF in values:
        return {"mean": "Infinity", "standard_error": None}
    spread = deviation(values)
    return {"mean": out(sum(values) / len(values)),
            "standard_error": number(None if spread is None else spread / D(len(values)).sqrt())}


def macro(log_probs, documents):
    def each(unit, scale):
        return [scaled(y, d[unit], scale) for y, d in zip(log_probs, documents)]
    loss = [None if v is None else INF if v == -INF else -v for v in each("tokens", "mean")]
    result = {"sequences": len(documents), "loss": mean(loss), "perplexity": mean(each("tokens", "perplexity"))}
    if all("bytes" in d for d in documents):
        result["bits_per_byte"] = mean(each("bytes", "bits"))
    return result


def of_corpus(request, sequences, having, objective):
    asked = request.get("statistics") is True or "bootstrap" in request
    if not asked and not any(part(s.s, p) for s in sequences for p in ("", "prompt_", "completion_")):
        return {}
    documents = [dict(sizes(s, objective), documents=1, tokens=s.value(objective)[2]) for s in having]
    log_probs = [s.value(objective)[0] for s in having]
    told = {u for d in documents for u in d}
    known = {u for u in told if all(u in d for d in documents)}
    total = {u: sum(d[u] for d in documents) for u in known}
    result = {"documents": len(having)}
    result.update({u: total.get(u) for u in UNITS if u in told})
    whole = -INF if -INF in log_probs else sum(map(D, log_probs))
    errors, spreads, intervals = {}, {}, {}
    bootstrap = {"samples": 1000, "seed": 0, "level": 0.95, **request.get("bootstrap", {})}
    for name, unit, scale in MEASURES:
        if unit not in told:
            continue
        pairs = [(y, d.get(unit)) for y, d in zip(log_probs, documents)]
        value = scaled(whole, total[unit], scale) if unit in known else None
        result[name] = number(value)
        errors[name] = number(error(pairs, value, scale) if value is not None else None)
        values = replicate(pairs, scale, bootstrap) if unit in known and "bootstrap" in request else [None]
        good = None not in values
        spreads[name] = number(deviation(values)) if good else None
        level = D(float(bootstrap["level"]))
        intervals[name] = [out(percentile(values, (1 + sign * level) / 2)) for sign in (-1, 1)] if good else None
    tokens = [x for s in having for x in s.picked(objective)]
    independent = deviation(tokens)
    errors["token_mean_independent"] = number(None if independent is None else independent / D(len(tokens)).sqrt())
    result["standard_error"] = errors
    if request.get("statistics") is True:
        result["macro"] = macro(log_probs, documents)
    if "bootstrap" in request:
        result["bootstrap"] = {"samples": bootstrap["samples"], "seed": bootstrap["seed"],
                               "level": float(bootstrap["level"]), "standard_error": spreads, "interval": intervals}
    return result
