#!/usr/bin/env python3
"""An independent implementation of POST /v1/score, from its contract: decimal arithmetic with 60 digits,
Python's own JSON, no line in common with the service.  It makes the golden answers.

Run: python3 tests/golden/oracle.py          writes valid/*/response.json for every valid/*/request.json
     python3 tests/golden/oracle.py FILE     prints the answer to one request"""
import base64
import functools
import glob
import json
import os
import re
import struct
import sys
from decimal import Decimal as D, getcontext

import corpus
import detection
import packed
import windowed
import sampling
import temperatures

getcontext().prec = 60
getcontext().Emin, getcontext().Emax = -999999, 999999
INF = float("inf")


def single(x):
    """The nearest float32 of a decimal text, with overflow to infinity."""
    if isinstance(x, float):
        return x
    exact = D(x)
    try:
        bits = struct.unpack("<I", struct.pack("<f", abs(float(exact))))[0]
    except OverflowError:
        bits = 0x7f800000
    if bits == 0x7f800000:
        return INF if exact > 0 else -INF
    around = []
    for near in (max(bits - 1, 0), bits, bits + 1):  # float() rounded once already: look around
        candidate = struct.unpack("<f", struct.pack("<I", near))[0]
        if candidate != INF:
            around.append((abs(D(candidate) - abs(exact)), near & 1, candidate))
    return min(around)[2] * (-1 if x.startswith("-") else 1)


def half(bits):
    sign, exponent, fraction = bits >> 15, bits >> 10 & 31, bits & 1023
    if exponent == 31:
        return (-1) ** sign * INF if fraction == 0 else float("nan")
    value = fraction * 2.0 ** -24 if exponent == 0 else (1 + fraction / 1024) * 2.0 ** (exponent - 15)
    return -value if sign else value


NAMES = {"float64": "f64", "<f8": "f64", "torch.bfloat16": "bf16"}


def tensor(t):
    raw, (rows, width) = base64.b64decode(t["data"]), t["shape"][-2:]
    count = rows * width
    flat = {"f64": lambda: struct.unpack("<%dd" % count, raw), "f32": lambda: struct.unpack("<%df" % count, raw),
            "f16": lambda: [half(b) for b in struct.unpack("<%dH" % count, raw)],
            "bf16": lambda: [struct.unpack("<f", struct.pack("<I", b << 16))[0]
                             for b in struct.unpack("<%dH" % count, raw)]}[NAMES.get(t["dtype"], t["dtype"])]()
    return [list(flat[r * width:(r + 1) * width]) for r in range(rows)]


def rows_of(s):
    if isinstance(s["logits"], dict):
        return tensor(s["logits"])
    wide = NAMES.get(s.get("dtype"), s.get("dtype")) == "f64"
    return [[x if isinstance(x, float) else float(x) if wide else single(str(x)) for x in row] for row in s["logits"]]


def tanh(x):
    if abs(x) > 1000:
        return D(1).copy_sign(x)
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


@functools.cache
def exp_of(x):
    """Many cases have the same rows."""
    return x.exp()


class Row:
    """A distribution over the vocabulary, from logits."""

    NUMBERS = ("entropy", "variance", "collision", "margin", "mean_log_prob")

    def __init__(self, logits, s):
        t, cap = D(str(s.get("temperature", 1))), s.get("softcap")
        t = D(float(s.get("temperature", 1)))
        values = [None if x == -INF else D(x) for x in logits]
        if cap:
            values = [None if x is None else D(float(cap)) * tanh(x / D(float(cap))) for x in values]
        self.values = values
        self.best = max((x for x in values if x is not None))
        self.argmax = values.index(self.best)
        scaled = [None if x is None else (x - self.best) / t for x in values]
        if sampling.drops(s) or "kept" in s.get("details", []):
            left, self.mass = sampling.kept(scaled, s)
            scaled = [x if i in left else None for i, x in enumerate(scaled)]
            self.kept = [len(left), out(self.mass)]
        rest = sum((exp_of(x) for i, x in enumerate(scaled) if x is not None and i != self.argmax), D(0))
        self.log1p = (1 + rest).ln() if rest > D("1e-40") else rest
        self.nll = [None if x is None else self.log1p - x for x in scaled]
        self.lse = self.best / t + self.log1p
        known = [n for n in self.nll if n is not None]
        self.entropy = sum((exp_of(-n) * n for n in known), D(0))
        # By distances from the best, which nothing is lost of: the mean of a row that is sure is near 0.
        far = [-x for x in scaled if x is not None]
        mean = sum((exp_of(-d) * d for d in far), D(0)) / (1 + rest)
        self.excess = [None if x is None else mean + x for x in scaled]
        self.variance = sum((exp_of(-d) * (d - mean) ** 2 for d in far), D(0)) / (1 + rest)
        self.collision = sum((exp_of(-2 * n) for n in known), D(0))
        self.margin = sorted(known)[1] - min(known) if len(known) > 1 else INF
        self.mean_log_prob = -sum(known) / len(known)

    def order(self, i):
        return (-self.values[i] if self.nll[i] is not None else D(10) ** 400, i)

    def loss(self, target, s):
        e, nll, width = D(float(s.get("label_smoothing", 0))), self.nll[target], len(self.nll)
        loss = INF if nll is None else nll
        if e and width > 1:
            if None in self.nll:
                loss = INF
            elif s.get("smoothing", "uniform_all") == "uniform_all":
                loss = (1 - e) * nll + e / width * sum(self.nll)
            else:
                others = D(width - 1)
                loss = (1 - e) * nll + e / others * (sum(self.nll) - nll)
                if s["smoothing"] == "uniform_others_minus_entropy":
                    loss += (1 - e) * (1 - e).ln() + e * (e / others + D("1e-20")).ln()
        if s.get("z_loss") and loss != INF:
            loss += D(float(s["z_loss"])) * self.lse ** 2
        return loss


def out(x):
    """A number as the answer holds it."""
    x = float(x)
    return "Infinity" if x == INF else "-Infinity" if x == -INF else x


def total(values):
    values = list(values)
    return next((v for v in values if v in (INF, -INF)), None) or sum(map(D, values), D(0))


def block(tally, greedy):
    log_prob, loss_sum, tokens, weight = tally
    mean = None if tokens == 0 else INF if log_prob == -INF else -D(log_prob) / tokens
    return {"log_prob": out(log_prob),
            "loss": None if tokens == 0 or weight == 0 else out(INF if loss_sum == INF else D(loss_sum) / D(weight)),
            "loss_sum": out(loss_sum), "tokens": tokens, "weight": out(weight),
            "perplexity": None if mean is None else out(corpus.exp(mean)),
            "bits_per_token": None if mean is None else out(INF if mean == INF else mean / D(2).ln()),
            "greedy": greedy}


def add(a, b):
    return [total([a[i], b[i]]) if i != 2 else a[i] + b[i] for i in range(4)]


DETAILS = dict(re.findall(r'WARNING\(\w+, "(\w+)",\s*"([^"]*)"\)',
                          open(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                            "../../api/engines/warnings.def"), encoding="utf-8").read()))
PER_TOKEN = ("tokens", "prompt", "completion", "mask", "labels", "weights", "attention_mask")


def alone(value, depth):
    """A value without its batch dimension of one: that of an array of `depth` dimensions."""
    first = value
    for _ in range(depth):
        first = first[0] if isinstance(first, list) and first else None
    return value[0] if isinstance(first, list) else value


class Sequence:
    """`place`: the JSON pointer of the object that has a member, by its name."""

    whence = {}

    def __init__(self, s, place=lambda name: ""):
        self.given, self.temperatures, s = s, temperatures.list_of(s), temperatures.alone(s)
        self.s = s = {k: alone(v, 1) if k in PER_TOKEN else alone(v, 2) if k == "logits" else v for k, v in s.items()}
        self.place, self.warnings = place, []
        self.take_padding_out()
        self.read_tokens()
        n, has_logits = self.length, "logits" in s or "windows" in s
        same, offset = s.get("alignment") == "same", s.get("offset", 0)
        self.shift = offset + (0 if same else 1)
        y = [i for i in range(n) if self.split and self.segment[i]]
        self.y_only = not has_logits and len(s["logprobs"]) != n
        if not self.split:
            default = ["joint"]
        elif self.y_only or (offset > 0 and y and self.shift == self.place_of(y[0])):
            default = ["conditional"]
        else:
            default = ["marginal", "conditional", "joint"]
        self.asked = [o for o in ("marginal", "conditional", "joint") if o in s.get("objectives", default)]
        self.needed = [any(self.selects(o, i) for o in self.asked) for i in range(n)]
        if "conditional" in self.asked and not y:
            self.warn("empty_completion", "/" + next((m for m in ("mask", "labels", "completion") if m in s), "prompt_length"))
        self.columns = {k: [None] * n for k in ("log_prob", "loss", "greedy", "rank", *Row.NUMBERS, "kept", "top", "candidates",
                                                "excess", "spread")}
        self.from_windows() if "windows" in s else self.from_logits() if has_logits else self.from_logprobs()

    def take_padding_out(self):
        """Of every list with an entry for each token, only the entries of tokens stay.  `at` is where they stood."""
        s, at = self.s, None
        if "attention_mask" in s:
            real = [float(m) == 1 for m in s["attention_mask"]]
            at = [i for i, m in enumerate(real) if m]
            if "prompt" in s:
                cut = len(s["prompt"])
                s["prompt"] = [t for t, m in zip(s["prompt"], real) if m]
                s["completion"] = [t for t, m in zip(s["completion"], real[cut:]) if m]
            for name in ("tokens", "mask", "labels", "weights", "logprobs"):
                if name in s and len(s[name]) == len(real):
                    s[name] = [v for v, m in zip(s[name], real) if m]
            if at and at[0] > 0 and "prompt_length" in s:
                self.warn("prompt_length_of_tokens", "/prompt_length", at[0])
        self.at = at

    def place_of(self, i):
        return i if self.at is None else self.at[i]

    def warn(self, code, pointer, count=1):
        pointer = self.place(pointer.split("/")[1]) + pointer
        self.warnings.append({"code": code, "detail": DETAILS[code], "pointer": pointer, "count": count})

    def read_tokens(self):
        s = self.s
        self.ids, self.split = s.get("tokens"), True
        if "prompt" in s:
            self.ids, length = s["prompt"] + s["completion"], len(s["prompt"])
        else:
            length = s.get("prompt_length", 0)
        self.length = len(self.ids if self.ids is not None else s["logprobs"])
        if "mask" in s:
            self.segment = [float(m) == 1 for m in s["mask"]]
        elif "labels" in s:
            self.segment = [label != -100 for label in s["labels"]]
        else:
            self.segment = [i >= length for i in range(self.length)]
            self.split = "prompt" in s or "prompt_length" in s or self.ids is None

    def selects(self, objective, i):
        return objective == "joint" or self.segment[i] == (objective == "conditional")

    def from_logits(self):
        rows = rows_of(self.s)
        for i in range(self.length):
            self.needed[i] = self.needed[i] and i >= (0 if self.s.get("alignment") == "same" else 1)
            if self.needed[i]:
                self.fill(i, Row(rows[self.place_of(i) - self.shift], self.s))

    def fill(self, i, row):
        target = self.ids[i]
        nll, value = row.nll[target], row.values[target]
        self.columns["log_prob"][i] = -INF if nll is None else -nll
        self.columns["loss"][i] = row.loss(target, self.s)
        self.columns["greedy"][i] = target == row.argmax
        if "kept" in self.s.get("details", []):
            self.columns["kept"][i] = row.kept
        self.columns["rank"][i] = 1 + sum(v is not None and (value is None or v > value) for v in row.values)
        for name in Row.NUMBERS:
            self.columns[name][i] = out(getattr(row, name))
        self.columns["excess"][i], self.columns["spread"][i] = row.excess[target], row.variance
        self.columns["candidates"][i] = detection.candidates(self, row, i)
        for k in [int(d[4:]) for d in self.s.get("details", []) if d.startswith("top:")]:
            best = sorted(range(len(row.values)), key=row.order)[:k]
            self.columns["top"][i] = [[t, out(-INF if row.nll[t] is None else -row.nll[t])] for t in best]

    def from_windows(self):
        """Each token from the first window that says something about it."""
        said, self.windows = set(), []
        for k, w in enumerate(self.s["windows"]):
            members, told = {**self.s, **w}, windowed.numbers_of(w)
            found = rows_of(members) if told is None else told[0]
            shift = 1 if told is None and members.get("alignment") != "same" else 0
            took = [i for i in range(w["start"] + shift, w["end"]) if i not in said and found[i - w["start"] - shift] is not None]
            said.update(took)
            for i in took:
                one = found[i - w["start"] - shift]
                if told is not None:
                    self.columns["log_prob"][i] = -INF if one == "-Infinity" else D(float(one))
                    self.columns["loss"][i] = INF if one == "-Infinity" else -D(float(one))
                    self.columns["greedy"][i] = told[1][i - w["start"]]
                elif self.needed[i]:
                    self.fill(i, Row(one, members))
            scored = [i for i in took if self.needed[i]]
            self.windows.append({"start": w["start"], "end": w["end"], "scored": len(scored),
                                 **windowed.remarks(w, found, scored, "%s/windows/%d" % (self.place("windows"), k), DETAILS)})
        self.needed = [need and i in said for i, need in enumerate(self.needed)]

    def from_logprobs(self):
        entries, above = iter(self.s["logprobs"]), []
        for i in range(self.length):
            value = None if self.y_only and not self.segment[i] else next(entries)
            value = -INF if value == "-Infinity" else value
            self.needed[i] = self.needed[i] and value is not None
            if value is not None:
                self.columns["log_prob"][i] = -INF if value == -INF else D(float(value))
                self.columns["loss"][i] = INF if value == -INF else -D(float(value))
                if float(value) > 0:
                    above.append(i)
                if float(value) == 0 and i == 0 and not self.y_only:
                    self.warn("first_zero", "/logprobs/%d" % self.place_of(0))
        if above:
            entry = sum(self.segment[:above[0]]) if self.y_only else self.place_of(above[0])
            self.warn("above_zero", "/logprobs/%d" % entry, len(above))

    def weight(self, i):
        return D(float(self.s["weights"][i])) if "weights" in self.s else D(1)

    def token_loss(self, i):
        weight, loss = self.weight(i), self.columns["loss"][i]
        return D(0) if weight == 0 else INF if loss == INF else weight * loss

    def tally(self, completion):
        picked = [i for i in range(self.length) if self.needed[i] and (not self.split or self.segment[i] == completion)]
        return [total(self.columns["log_prob"][i] for i in picked), total(map(self.token_loss, picked)), len(picked),
                total(map(self.weight, picked))]

    def value(self, objective):
        if objective == "joint" and self.split:
            return add(self.tally(False), self.tally(True))
        return self.tally(objective != "marginal")

    def greedy(self, objective):
        found = [self.columns["greedy"][i] for i in range(self.length) if self.needed[i] and self.selects(objective, i)]
        return False if False in found else None if not found or None in found else True

    def sums_at(self, o):
        """The sum of an objective and its tokens, at each temperature of the list."""
        several = [Sequence(temperatures.alone(self.given, i)).value(o) for i in range(len(self.temperatures))]
        return [([value[0]], value[2]) for value in several]

    def answer(self, index):
        s, objectives = self.s, {}
        for o in self.asked:
            objectives[o] = block(self.value(o), self.greedy(o))
            objectives[o].update(corpus.of_sequence(self, o))
            if "measures" in s:
                objectives[o]["measures"] = detection.measures(self, o)
            if self.temperatures:
                objectives[o]["by_temperature"] = temperatures.entries(self.temperatures, self.sums_at(o), corpus.exp)
            if s.get("per_token", True):
                objectives[o]["token_loss"] = [out(self.token_loss(i)) if self.needed[i] and self.selects(o, i) else 0.0
                                               for i in range(self.length)]
        result = {"index": index, **self.whence}
        if "id" in s:
            result["id"] = s["id"]
        result["objectives"] = objectives
        if s.get("per_token", True):
            result["tokens"] = self.tokens()
        if "windows" in s:
            result["windows"] = self.windows
        if self.warnings:
            result["warnings"] = self.warnings
        return result

    def tokens(self):
        result = {} if self.ids is None else {"id": self.ids}
        result["log_prob"] = [None if x is None else out(x) for x in self.columns["log_prob"]]
        for name in ("rank", *Row.NUMBERS, "kept", "top"):
            if any(d.split(":")[0] == name for d in self.s.get("details", [])):
                result[name] = self.columns[name]
        if "candidates" in self.s:
            result["candidates"] = self.columns["candidates"]
        return result

    def picked(self, objective):
        """The log-probabilities that an objective sums."""
        return [self.columns["log_prob"][i] for i in range(self.length) if self.needed[i] and self.selects(objective, i)]


def answer(request):
    defaults = {k: v for k, v in request.items() if k not in ("sequences", "model", "statistics", "bootstrap")}
    found = []
    for i, own in enumerate(request.get("sequences", [{}])):
        members = {**defaults, **own}
        for document, part, before in packed.documents(members, rows_of):
            one = Sequence(part, lambda name, i=i, own=own: "/sequences/%d" % i if name in own and "sequences" in request else "")
            if document is not None:
                one.whence = {"sequence": i, "document": document}
                packed.rename(one, members, document, before)
            found.append(one)
    return answer_of(found, request)


def answer_of(sequences, request):
    totals = {}
    for o in ("marginal", "conditional", "joint"):
        having = [s for s in sequences if o in s.asked]
        if having:
            value = [D(0), D(0), 0, D(0)]
            for s in having:
                value = add(value, s.value(o))
            known = [g for g in (s.greedy(o) for s in having) if g is not None]
            totals[o] = block(value, out(D(sum(known)) / len(known)) if known else None)
            totals[o].update(corpus.of_corpus(request, sequences, having, o))
            same = having[0].temperatures
            if same and all(s.temperatures and [*map(float, s.temperatures)] == [*map(float, same)] for s in having):
                sums = [([x for logs, _ in at for x in logs], sum(n for _, n in at)) for at in zip(*(s.sums_at(o) for s in having))]
                totals[o]["by_temperature"] = temperatures.entries(same, sums, corpus.exp)
    result = {"model": request["model"]} if "model" in request else {}
    result["sequences"] = [s.answer(i) for i, s in enumerate(sequences)]
    result["totals"] = {"sequences": len(sequences), "objectives": totals}
    return result


def parse(text):
    """Decimal texts are kept as texts, so that they are rounded once, as the contract says."""
    class Text(str):
        def __float__(self):
            return float(str(self))
    return json.loads(text, parse_float=Text)


def load(path):
    with open(path, encoding="utf-8") as file:
        return parse(file.read())


def main():
    if len(sys.argv) > 1:
        print(json.dumps(answer(load(sys.argv[1])), indent=1))
        return
    here = os.path.dirname(os.path.abspath(__file__))
    for path in sorted(glob.glob(os.path.join(here, "valid", "*", "request.json"))):
        result = json.dumps(answer(load(path)), ensure_ascii=False)
        with open(os.path.join(os.path.dirname(path), "response.json"), "w", encoding="utf-8") as file:
            file.write(result + "\n")


if __name__ == "__main__":
    main()
