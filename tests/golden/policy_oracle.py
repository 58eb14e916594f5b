#!/usr/bin/env python3
"""An independent implementation of POST /v1/policy, from its contract: decimal arithmetic with many digits, and no line
in common with the service.  Log-probabilities of logits are those of oracle.py.

A value is a Decimal, an infinity (a float), or None where there is no number.

Run: python3 tests/golden/policy_oracle.py FILE     prints the answer to one request"""
import json
import sys
from decimal import Decimal as D, getcontext

import oracle
from draws import percentile
from oracle import INF

getcontext().prec = 90
PERCENTILES = (("p99_9", "0.999"), ("p99", "0.99"), ("p95", "0.95"), ("p90", "0.9"), ("p75", "0.75"), ("median", "0.5"),
               ("p25", "0.25"), ("p10", "0.1"), ("p5", "0.05"), ("p1", "0.01"), ("p0_1", "0.001"))
SOURCES = ("current", "old", "rollout", "reference")
RATIOS = (("current", "old"), ("old", "rollout"), ("current", "rollout"), ("reference", "current"))
CLIPPED = {"ppo": ("0.2", "0.2", "token_mean"), "grpo": ("0.2", "0.2", "sequence_mean_token_mean"),
           "dapo": ("0.2", "0.28", "token_mean"), "dr_grpo": ("0.2", "0.2", "sequence_mean_token_sum_norm"),
           "gspo": ("3e-4", "4e-4", "sequence_mean_token_mean"), "cispo": ("1", "4", "token_mean"),
           "reinforce": (None, None, "sequence_mean_token_sum")}


# ---- arithmetic of extended numbers ----

def given(x):
    """A number of the request: the double that it reads as."""
    return INF if x == "Infinity" else -INF if x == "-Infinity" else D(float(x))


def infinite(x):
    return isinstance(x, float)


def plus(a, b):
    if a is None or b is None or (infinite(a) and infinite(b) and a != b):
        return None
    return a if infinite(a) else b if infinite(b) else a + b


def minus(a):
    return None if a is None else -a


def times(a, b):
    if a == 0 or b == 0:
        return D(0)
    if a is None or b is None:
        return None
    return (INF if (a > 0) == (b > 0) else -INF) if infinite(a) or infinite(b) else a * b


def over(a, b):
    """b > 0 is finite, or 0."""
    return None if a is None or b == 0 else a if infinite(a) else a / b


def exp(x):
    if x is None or infinite(x):
        return x if x is None or x > 0 else D(0)
    return x.exp()


def expm1(x):
    if x is None or infinite(x):
        return x if x is None or x > 0 else D(-1)
    return series(x, 1) if abs(x) < D("1e-20") else x.exp() - 1


def series(x, first):
    """The terms of e^x from x^first on: what cancels, of a small x."""
    term = total = D(1)
    for k in range(1, 40):
        term = term * x / k
        total = total + term if k > first else term if k == first else total
    return total


def k1(l):
    return minus(l)


def k2(l):
    return times(D("0.5"), times(l, l))


def k3(l):
    if l is not None and not infinite(l) and abs(l) < D("1e-20"):
        return series(l, 2)
    return plus(plus(exp(l), D(-1)), minus(l))


def less(a, b):
    return a is not None and b is not None and a < b


def total(values):
    result = D(0)
    for value in values:
        result = plus(result, value)
    return result


def mean(values):
    return over(total(values), D(len(values))) if values else None


def number(x):
    if x is None:
        return None
    if isinstance(x, D) and abs(x) < D("1e-330"):
        return 0.0
    try:
        return oracle.out(x)
    except OverflowError:
        return "Infinity" if x > 0 else "-Infinity"


# ---- statistics ----

def error(values):
    n = len(values)
    if n < 2 or any(v is None or isinstance(number(v), str) for v in values):
        return None
    if len(set(values)) == 1:
        return D(0)
    center = sum(values) / n
    return (sum((v - center) ** 2 for v in values) / (n - 1) / n).sqrt()


def between(values, fraction):
    ordered = sorted(values)
    if not any(infinite(v) for v in values):
        return percentile(values, fraction)
    at = fraction * (len(ordered) - 1)
    a, b = ordered[int(at)], ordered[min(int(at) + 1, len(ordered) - 1)]
    return a if a == b or at == int(at) or infinite(a) else b if infinite(b) else a + (at - int(at)) * (b - a)


def spread(values):
    known = values and None not in values
    root = None
    if known:
        square = mean([times(v, v) for v in values])
        root = square if infinite(square) else square.sqrt()
    result = {"mean": number(mean(values)), "error": number(error(values)), "root_mean_square": number(root),
              "max": number(max(values)) if known else None}
    for name, fraction in PERCENTILES:
        result[name] = number(between(values, D(fraction))) if known else None
    result["min"] = number(min(values)) if known else None
    return result


def share(logs):
    """(sum of e^l)^2 / (n sum of e^2l)"""
    if not logs or None in logs or INF in logs or all(l == -INF for l in logs):
        return None
    most = max(logs)
    weights = [exp(plus(l, -most)) for l in logs]
    return sum(weights) ** 2 / (len(weights) * sum(w * w for w in weights))


# ---- one sequence ----

def rounded(log_prob):
    """As it is kept: the nearest double of that of a row."""
    return log_prob if log_prob is None or infinite(log_prob) else D(float(log_prob))


class Sequence:
    def __init__(self, request, own):
        defaults = {k: v for k, v in request.items() if k not in ("sequences", "details", "objectives", "per_token")}
        self.s = s = {**defaults, **own}
        plain = {k: v for k, v in s.items() if k not in SOURCES}
        self.log_prob, self.rows, self.row = {}, {}, {}
        for name in SOURCES:
            if isinstance(s.get(name), dict):
                self.read(name, plain)
        if isinstance(s.get("old"), str):
            for column in (self.log_prob, self.rows):
                column["old"] = column[s["old"]]
        self.y = [i for i in range(self.length) if self.in_y[i]]
        self.ratios = {f"{p}_{q}": (p, q) for p, q in RATIOS if p in self.log_prob and q in self.log_prob}
        self.advantages = self.read_advantages()

    def read(self, name, plain):
        output = {**plain, **self.s[name], "objectives": ["conditional"]}
        if "tokens" not in output and "prompt" not in output:
            output.setdefault("prompt_length", 0)
        one = oracle.Sequence(output)
        self.length, self.ids, self.in_y = one.length, one.ids, one.segment
        self.log_prob[name] = list(map(rounded, one.columns["log_prob"]))
        self.rows[name] = None
        if "logits" in one.s:
            rows = oracle.rows_of(one.s)
            self.rows[name] = {i: oracle.Row(rows[one.place_of(i) - one.shift], one.s)
                               for i in range(one.length) if one.segment[i]}

    def read_advantages(self):
        a = self.s.get("advantages")
        if not isinstance(a, list):
            return {i: None if a is None else given(a) for i in self.y}
        return {i: given(a[i] if len(a) == self.length else a[k]) for k, i in enumerate(self.y)}

    def log(self, ratio, i):
        p, q = self.ratios[ratio]
        return plus(self.log_prob[p][i], minus(self.log_prob[q][i]))

    def logs(self, ratio):
        return [self.log(ratio, i) for i in self.y]

    def level(self, ratio, level, i):
        logs = self.logs(ratio)
        return self.log(ratio, i) if level == "token" else total(logs) if level == "sequence" else mean(logs)

    def ratio(self, name):
        l, known = self.logs(name), bool(self.y)
        sizes = [None if x is None else abs(x) for x in l]
        return {"tokens": len(l), "log_ratio": number(total(l)) if known else None, "log_ratio_mean": number(mean(l)),
                "abs_log_ratio_max": number(max(sizes)) if known and None not in sizes else None,
                "k1": number(mean(list(map(k1, l)))), "k2": number(mean(list(map(k2, l)))),
                "k3": number(mean(list(map(k3, l)))),
                "sequence_ratio": number(exp(total(l))) if known else None, "geometric_ratio": number(exp(mean(l)))}

    def kl(self, name, i):
        """KL(q, p) of the rows of a ratio."""
        p, q = ([None if n is None else -n for n in self.rows[side][i].nll] for side in self.ratios[name])
        if any(x is not None and y is None for x, y in zip(q, p)):
            return INF
        return sum((x.exp() * (x - y) for x, y in zip(q, p) if x is not None), D(0))

    def has_rows(self, name):
        return all(self.rows.get(side) is not None for side in self.ratios.get(name, (None, None)))


# ---- objectives ----

class Objective:
    def __init__(self, element, request):
        own = {"name": element} if not isinstance(element, dict) else element
        self.name, self.key = own["name"], own.get("label", own["name"])
        low, high, aggregation = CLIPPED[self.name]

        def value(name, default):
            return own.get(name, request.get(name, default))
        self.low, self.high = (given(value("clip_low", low)), given(value("clip_high", high))) if low else (None, None)
        dual = value("dual_clip", None) if self.name not in ("cispo", "reinforce") else None
        self.dual = None if dual is None else given(dual)
        self.kl_coef, self.estimator = given(value("kl_coef", 0)), value("kl_estimator", "k3")
        self.aggregation, self.norm = value("aggregation", aggregation), value("norm", None)

    def term(self, s, i):
        """pg, and what is clipped."""
        a, current = s.advantages[i], s.log_prob["current"][i]
        if self.name == "reinforce":
            return times(-a, current), (False, False, False)
        r = exp(s.level("current_old", "geometric" if self.name == "gspo" else "token", i))
        below, above = less(r, 1 - self.low), less(1 + self.high, r)
        clipped = 1 - self.low if below else 1 + self.high if above else r
        if self.name == "cispo":
            return times(times(-a, clipped), current), (below, above, False)
        losses = [times(-a, r), times(-a, clipped)]
        loss = None if None in losses else max(losses)
        binds = a < 0 and self.dual is not None and less(-a * self.dual, loss)
        return -a * self.dual if binds else loss, (below and a < 0, above and a > 0, binds)

    def token(self, s, i, weight):
        pg, marks = self.term(s, i)
        policy, kl = times(weight, pg), None
        loss = policy
        if self.kl_coef > 0:
            kl = {"k1": k1, "k2": k2, "k3": k3}[self.estimator](s.log("reference_current", i))
            loss = plus(policy, times(self.kl_coef, kl))
        return {"loss": loss, "policy": policy, "kl": kl, "marks": marks}

    def aggregate(self, lists):
        """`lists` has the values of the tokens of each sequence that count."""
        lists = [values for values in lists if values]
        if not lists:
            return None
        if self.aggregation == "token_mean":
            return mean([v for values in lists for v in values])
        each = [mean(v) if self.aggregation == "sequence_mean_token_mean" else total(v) for v in lists]
        return over(mean(each), given(self.norm)) if self.aggregation.endswith("norm") else mean(each)

    def totals(self, lists):
        tokens = [t for values in lists for t in values]
        result = {"loss": number(self.aggregate([[t["loss"] for t in v] for v in lists])),
                  "policy_loss": number(self.aggregate([[t["policy"] for t in v] for v in lists]))}
        if self.kl_coef > 0:
            result["kl_loss"] = number(self.aggregate([[t["kl"] for t in v] for v in lists]))
        result.update({"tokens": len(tokens), "sequences": sum(bool(v) for v in lists)})
        if self.name == "reinforce":
            return result
        units = [[t] for t in tokens] if self.name != "gspo" else [v for v in lists if v]

        def fraction(marked):
            return number(mean([D(any(marked(t["marks"]) for t in unit)) for unit in units]))
        result.update({"clip_fraction_low": fraction(lambda m: m[0]), "clip_fraction_high": fraction(lambda m: m[1]),
                       "clip_fraction": fraction(lambda m: m[0] or m[1])})
        if self.name != "cispo":
            result["dual_clip_fraction"] = fraction(lambda m: m[2])
        return result


# ---- a request ----

class Bounds:
    def __init__(self, given_, sequences):
        has_old = any("old" in s.log_prob for s in sequences)
        self.ratio = given_.get("ratio", "old_rollout" if has_old else "current_rollout")
        self.level, self.mode = given_.get("level", "token"), given_.get("mode", "truncate")
        self.low, self.high = given(given_.get("low", 0)), given(given_.get("high", 2))
        self.normalize = given_.get("normalize", False)

    def value(self, s, i):
        return exp(s.level(self.ratio, self.level, i))

    def place(self, s, i):
        value = self.value(s, i)
        return -1 if less(value, self.low) else 1 if less(self.high, value) else 0

    def weight(self, s, i):
        value, place = self.value(s, i), self.place(s, i)
        if place == 0 or (place < 0 and self.mode == "truncate"):
            return value
        return D(0) if self.mode == "mask" else self.high if place > 0 else self.low


class Request:
    def __init__(self, request):
        self.request = request
        self.sequences = [Sequence(request, own) for own in request.get("sequences", [{}])]
        self.objectives = [Objective(o, request) for o in request.get("objectives", [])]
        self.details = request.get("details", [])
        self.rejection = Bounds(request["rejection"], self.sequences) if "rejection" in request else None
        self.correction = Bounds(request["correction"], self.sequences) if "correction" in request else None
        self.counts = [[i for i in s.y if not self.rejection or self.rejection.place(s, i) == 0] for s in self.sequences]
        self.weights = self.weigh() if self.correction else None

    def weigh(self):
        weights = [{i: self.correction.weight(s, i) for i in s.y} for s in self.sequences]
        if not self.correction.normalize:
            return weights
        counted = [[w[i] for i in c] for w, c in zip(weights, self.counts)]
        center = mean([v for w in counted for v in w] if self.correction.level == "token" else [w[0] for w in counted if w])
        if center == 0 or not any(counted):
            return weights
        return [{i: None if center is None else over(v, center) for i, v in w.items()} for w in weights]

    def losses(self, k, objective):
        s = self.sequences[k]
        return {i: objective.token(s, i, self.weights[k][i] if self.weights else D(1)) for i in s.y}

    def answer_sequence(self, k):
        s = self.sequences[k]
        result = {"index": k, **({"id": s.s["id"]} if "id" in s.s else {}), "completion_tokens": len(s.y),
                  "ratios": {name: s.ratio(name) for name in s.ratios}, "objectives": {}}
        losses = {o.key: self.losses(k, o) for o in self.objectives}
        for o in self.objectives:
            counted = [losses[o.key][i]["loss"] for i in self.counts[k]]
            result["objectives"][o.key] = {"tokens": len(counted), "loss_sum": number(total(counted)) if counted else None,
                                           "loss": number(mean(counted))}
        if self.weights:
            result["weight"] = number(mean(list(self.weights[k].values())))
        if self.rejection:
            result["rejected"] = len(s.y) - len(self.counts[k])
        if self.request.get("per_token", False):
            result["tokens"] = self.columns(k, losses)
        return result

    def columns(self, k, losses):
        s = self.sequences[k]

        def column(of):
            return [of(i) if s.in_y[i] else None for i in range(s.length)]
        result = {} if s.ids is None else {"id": s.ids}
        result["log_ratio"] = {name: column(lambda i, name=name: number(s.log(name, i))) for name in s.ratios}
        result["loss"] = {key: column(lambda i, of=of: number(of[i]["loss"])) for key, of in losses.items()}
        if self.weights:
            result["weight"] = column(lambda i: number(self.weights[k][i]))
        if self.rejection:
            result["rejected"] = column(lambda i: i not in self.counts[k])
        if "entropy" in self.details and s.rows.get("current"):
            result["entropy"] = column(lambda i: number(s.rows["current"][i].entropy))
        if "kl" in self.details:
            result["kl"] = {name: column(lambda i, name=name: number(s.kl(name, i)))
                            for name in s.ratios if s.has_rows(name)}
        return result

    def total_ratio(self, name):
        having = [s for s in self.sequences if name in s.ratios]
        p, q = next(iter(having)).ratios[name]
        pairs = [(s.log_prob[p][i], s.log_prob[q][i]) for s in having for i in s.y]
        l = [x for s in having for x in s.logs(name)]
        result = {"tokens": len(l), "ratio": spread([exp(x) for x in l]), "log_ratio": spread(l),
                  "abs_log_ratio": spread([None if x is None else abs(x) for x in l]),
                  "abs_delta_p": spread([abs(exp(a) - exp(b)) for a, b in pairs]),
                  **{k: number(mean(list(map(f, l)))) for k, f in (("k1", k1), ("k2", k2), ("k3", k3))},
                  "chi2": number(mean([expm1(times(D(2), x)) for x in l])), "effective_sample_size": number(share(l)),
                  "perplexity_p": number(exp(minus(mean([a for a, _ in pairs])))),
                  "perplexity_q": number(exp(minus(mean([b for _, b in pairs])))),
                  "perplexity_ratio": number(exp(minus(mean(l))))}
        if "kl" in self.details and any(s.has_rows(name) for s in having):
            result["kl"] = spread([s.kl(name, i) for s in having if s.has_rows(name) for i in s.y])
        result["by_sequence"] = self.by_sequence(name, [s for s in having if s.y], p, q)
        return result

    @staticmethod
    def by_sequence(name, having, p, q):
        sums = [total(s.logs(name)) for s in having]
        means = [mean(s.logs(name)) for s in having]
        perplexities = [[exp(minus(mean([s.log_prob[side][i] for i in s.y]))) for s in having] for side in (p, q)]
        return {"sequences": len(having), "sequence_ratio": spread([exp(x) for x in sums]),
                "geometric_ratio": spread([exp(x) for x in means]), "perplexity_p": spread(perplexities[0]),
                "perplexity_q": spread(perplexities[1]), "perplexity_ratio": spread([exp(minus(x)) for x in means]),
                "chi2": number(mean([expm1(times(D(2), x)) for x in sums])), "effective_sample_size": number(share(sums))}

    def total_correction(self):
        pairs = [(s, i) for s, c in zip(self.sequences, self.counts) for i in c]
        weights = [w[i] for w, c in zip(self.weights, self.counts) for i in c]
        places = [self.correction.place(s, i) for s, i in pairs]
        square = None if None in weights else total([times(w, w) for w in weights])
        return {"weight": spread(weights), "above": number(mean([D(x == 1) for x in places])),
                "below": number(mean([D(x == -1) for x in places])),
                "effective_sample_size": number(over(times(total(weights), total(weights)), square * len(weights)))
                if square else None}

    def answer(self):
        sequences = [self.answer_sequence(k) for k in range(len(self.sequences))]
        names = [f"{p}_{q}" for p, q in RATIOS]
        totals = {"sequences": sum(bool(s.y) for s in self.sequences),
                  "completion_tokens": sum(len(s.y) for s in self.sequences),
                  "ratios": {n: self.total_ratio(n) for n in names if any(n in s.ratios for s in self.sequences)},
                  "objectives": {}}
        for o in self.objectives:
            each = [self.losses(k, o) for k in range(len(self.sequences))]
            totals["objectives"][o.key] = o.totals([[of[i] for i in c] for of, c in zip(each, self.counts)])
        if self.correction:
            totals["correction"] = self.total_correction()
        if self.rejection:
            rejected = [len(s.y) - len(c) for s, c in zip(self.sequences, self.counts)]
            totals["rejection"] = {"tokens": sum(rejected), "sequences": sum(r > 0 for r in rejected)}
        if "entropy" in self.details:
            totals["entropy"] = spread([s.rows["current"][i].entropy for s in self.sequences
                                        if s.rows.get("current") is not None for i in s.y])
        label = {"model": self.request["model"]} if "model" in self.request else {}
        return {**label, "sequences": sequences, "totals": totals}


def answer(request):
    return Request(request).answer()


if __name__ == "__main__":
    print(json.dumps(answer(oracle.load(sys.argv[1])), indent=1))
