"""The losses of preferences by their formulas (docs/preference.md), in decimal arithmetic: the oracle of
POST /v1/preference and of the unit tests.  It has no line in common with the service.

A number is a Decimal; NaN is what is no number (null in an answer)."""
import decimal
from decimal import Decimal as D

CONTEXT = decimal.Context(prec=120, Emin=-10 ** 17, Emax=10 ** 17, traps=[])
INF, NAN, ZERO, ONE, HALF = D("Infinity"), D("NaN"), D(0), D(1), D("0.5")


def exactly(function):
    """Run it with 120 digits, where nothing traps."""
    def run(*arguments, **named):
        with decimal.localcontext(CONTEXT):
            return function(*arguments, **named)
    return run


def times(a, b):
    """A factor of exactly 0 makes its product 0."""
    return ZERO if a == 0 or b == 0 else a * b


def exp(x):
    if x.is_nan() or x == INF:
        return x
    return ZERO if x < -10 ** 15 else INF if x > 10 ** 15 else x.exp()


def log1p(y):
    if y.is_nan() or abs(y) > D("1e-40"):
        return (1 + y).ln()
    return y - y * y / 2 + y * y * y / 3


def expm1(x):
    if abs(x) > D("1e-20"):
        return exp(x) - 1
    return x + x * x / 2 + x * x * x / 6 + x ** 4 / 24 + x ** 5 / 120


def log_sigmoid(z):
    if z.is_nan():
        return NAN
    return -log1p(exp(-z)) if z >= 0 else z - log1p(exp(z))


def sigmoid(z):
    return exp(log_sigmoid(z))


def log1mexp(u):
    return (-expm1(u)).ln() if u > D("-0.6931") else log1p(-exp(u))


def smoothed(z, e):
    """The logistic loss with label smoothing."""
    if z.is_nan():
        return NAN
    return -log_sigmoid(z) + times(e, z) if z >= 0 else log1p(exp(z)) - times(1 - e, z)


def f_divergence(name, alpha, u):
    if name == "reverse_kl" or (name == "alpha_divergence" and alpha == 1):
        return u
    if name == "forward_kl":
        return -exp(-u)
    if name == "js_divergence":
        return log_sigmoid(u)
    return exp(times(alpha - 1, u)) / (alpha - 1)


class Side:
    """A completion: the sums pi and r, n tokens, the reward s; None: not told."""

    def __init__(self, pi=None, r=None, n=None, s=None, joint=None, joint_n=None):
        self.pi, self.r, self.n, self.s, self.joint, self.joint_n = pi, r, n, s, joint, joint_n

    def ratio(self):
        return self.pi - self.r

    def mean(self):
        return self.pi / self.n


DEFAULTS = {
    "beta": 0.1, "label_smoothing": 0.0, "f_divergence": "reverse_kl", "f_alpha": 0.5, "tau": 0.05, "gamma": 0.5,
    "nll_weight": 1.0, "nll": "conditional", "center": 0.0, "desirable_weight": 1.0, "undesirable_weight": 1.0,
    "kl": None, "delta": {"mean": 0.0, "count": 0.0}}
# The objectives of pairs, and which of all go through an f-divergence or use label_smoothing.
WITH_F = ["sigmoid", "sigmoid_norm", "hinge", "ipo", "ipo_sum", "exo_pair", "nca_pair", "robust", "bco_pair", "sppo_hard",
          "discopop"]
WITH_REFERENCE = WITH_F + ["apo_zero", "apo_down", "aot", "aot_unpaired"]
PAIRED = WITH_REFERENCE + ["sft", "simpo", "cpo", "orpo"]
SMOOTHED = ["sigmoid", "sigmoid_norm", "robust", "exo_pair", "aot", "aot_unpaired", "simpo", "cpo"]
OWN = {"exo_pair": {"label_smoothing": 0.001}, "simpo": {"beta": 2.0, "nll_weight": 0.0}}
OF_EXAMPLES = ("kto", "apo_zero_unpaired", "bco")
WITH_NLL = ("simpo", "cpo", "orpo")


class Objective:
    def __init__(self, name, given):
        self.name = name
        self.p = {k: D(v) if isinstance(v, (int, float)) else v
                  for k, v in {**DEFAULTS, **OWN.get(name, {}), **given}.items()}

    def has_nll(self):
        return self.name == "sft" or (self.name in WITH_NLL and self.p["nll_weight"] > 0)

    def is_joint(self):
        return self.name in WITH_NLL and self.p["nll"] == "joint"

    def nll_weight(self):
        return ONE if self.name == "sft" else self.p["nll_weight"]

    def nll(self, c):
        return -c.joint / c.joint_n if self.is_joint() else -c.mean()

    def reward(self, side):
        """What a completion is worth; None: the objective has no rewards."""
        if self.name == "sft":
            return None
        if self.name == "bradley_terry":
            return side.s
        if self.name in ("simpo", "orpo"):
            return times(self.p["beta"], side.mean())
        return times(self.p["beta"], side.pi if self.name == "cpo" else side.ratio())

    def log_odds(self, c, j):
        return (c.mean() - log1mexp(c.mean())) - (j.mean() - log1mexp(j.mean()))

    def loss(self, c, j, margin=ZERO):
        """The loss of a pair without its NLL."""
        name, p = self.name, self.p
        beta, e = p["beta"], p["label_smoothing"]
        if name == "sft":
            return ZERO
        if name == "bradley_terry":
            return -log_sigmoid(c.s - j.s - margin) + times(p["center"], (c.s + j.s) ** 2)
        if name == "simpo":
            return smoothed(times(beta, c.mean() - j.mean()) - p["gamma"], e)
        if name == "cpo":
            return smoothed(times(beta, c.pi - j.pi), e)
        if name == "orpo":
            return times(-beta, log_sigmoid(self.log_odds(c, j)))
        a, b = c.ratio(), j.ratio()
        if name == "apo_zero":
            return sigmoid(times(-beta, a)) + sigmoid(times(beta, b))
        if name == "apo_down":
            return sigmoid(times(beta, a)) + sigmoid(times(-beta, a - b))
        fa, fb = (f_divergence(p["f_divergence"], p["f_alpha"], u) for u in (a, b))
        half = 1 / (2 * beta)
        if name in ("sigmoid_norm", "ipo"):
            apart = fa / c.n - fb / j.n
            return (apart - half) ** 2 if name == "ipo" else smoothed(times(beta, apart), e)
        z = times(beta, fa - fb)
        if name == "sigmoid":
            return smoothed(z, e)
        if name == "hinge":
            return NAN if z.is_nan() else max(ZERO, 1 - z)
        if name == "ipo_sum":
            return (fa - fb - half) ** 2
        if name == "exo_pair":
            return (times(sigmoid(z), log_sigmoid(z) - (1 - e).ln())
                    + times(sigmoid(-z), log_sigmoid(-z) - e.ln()))
        if name == "nca_pair":
            a, b = times(beta, fa), times(beta, fb)
            return -log_sigmoid(a) - HALF * log_sigmoid(-a) - HALF * log_sigmoid(-b)
        if name == "robust":
            return -log_sigmoid(z) - times(e, z) / (1 - 2 * e)
        if name == "bco_pair":
            return -log_sigmoid(times(beta, fa)) - log_sigmoid(times(-beta, fb))
        if name == "sppo_hard":
            return (fa - half) ** 2 + (fb + half) ** 2
        if name == "discopop":
            mixed = log_sigmoid(z / p["tau"])
            return times(-sigmoid(-z / p["tau"]), log_sigmoid(z)) + exp(mixed - z)
        raise KeyError(name)

    def quantile_losses(self, pairs):
        """The losses of aot, or None where they cannot be sorted."""
        if self.name == "aot":
            x, y = [c.pi - j.pi for c, j in pairs], [c.r - j.r for c, j in pairs]
        else:
            x, y = [c.ratio() for c, _ in pairs], [j.ratio() for _, j in pairs]
        if any(v.is_nan() for v in x + y):
            return None
        return [smoothed(times(self.p["beta"], u - v), self.p["label_smoothing"]) for u, v in zip(sorted(x), sorted(y))]

    def state(self, examples, mismatched):
        """k of kto, or d of bco and its count."""
        if self.name == "kto":
            if self.p["kl"] is not None:
                return self.p["kl"]
            mean = sum((m.ratio() for m in mismatched), ZERO) / len(mismatched)
            return NAN if mean.is_nan() else max(ZERO, mean)
        delta = self.p["delta"]
        if not isinstance(delta, dict):
            return delta, None
        before, count = D(float(delta["mean"])), D(float(delta["count"]))
        rewards = sum((self.reward(x) for x in examples), ZERO)
        return (times(count, before) + rewards) / (count + len(examples)), count + len(examples)

    def loss_of_example(self, x, label, state):
        p, a = self.p, x.ratio()
        w = p["desirable_weight"] if label else p["undesirable_weight"]
        if self.name == "bco":
            apart = times(p["beta"], a) - state[0]
            return -log_sigmoid(apart if label else -apart)
        k = state if self.name == "kto" else ZERO
        return times(w, sigmoid(times(p["beta"], k - a if label else a - k)))


def mean_of(values, weights):
    """M(x) of docs/preference.md: the mean and its standard error."""
    having = [(x, w) for x, w in zip(values, weights) if w > 0]
    n, weight = len(having), sum((w for _, w in having), ZERO)
    if n == 0:
        return NAN, NAN
    if all(x == having[0][0] for x, _ in having) and having[0][0].is_finite():
        return having[0][0], NAN if n < 2 else ZERO
    mean = sum((w * x for x, w in having), ZERO) / weight
    if n < 2 or not mean.is_finite():
        return mean, NAN
    return mean, (D(n) / (n - 1) * sum(((w * (x - mean)) ** 2 for x, w in having), ZERO)).sqrt() / weight
