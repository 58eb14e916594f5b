"""The right numbers of a row of logits, from their definitions: decimal arithmetic with 1,000 digits, whose exponents
have no practical bound.  No line in common with the service, nor with golden/oracle.py."""
import functools
from decimal import Context, Decimal as D, MAX_EMAX, MIN_EMIN, setcontext

DIGITS = 1000
SATURATED = 10 ** 4  # tanh of more than this is 1, but for less than 10^-8000
FAR = 10 ** 6  # exp(-x) of more than this is less than any product of doubles
INF = float("inf")

setcontext(Context(prec=DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN))


@functools.lru_cache(maxsize=None)
def exp(x):
    return x.exp() if x > -FAR else D(0)


@functools.lru_cache(maxsize=None)
def ln(x):
    return x.ln()


@functools.lru_cache(maxsize=None)
def tanh(x):
    if abs(x) > SATURATED:
        return D(1).copy_sign(x)
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


class Row:
    """softmax(c tanh(x / c) / T).  A logit of -inf is a mask: None here."""

    def __init__(self, logits, options):
        cap, self.options = options.get("softcap"), options
        capped = [None if x == -INF else D(x) for x in logits]
        if cap:
            capped = [None if x is None else D(cap) * tanh(x / D(cap)) for x in capped]
        raw, t = [x for x in logits if x != -INF], D(options.get("temperature", 1))
        self.logits = logits
        self.argmax = logits.index(max(raw))
        best = capped[self.argmax]
        self.distance = [None if x is None else (best - x) / t for x in capped]
        self.weight = [D(0) if d is None else exp(-d) for d in self.distance]
        self.sum = sum(self.weight, D(0))
        self.lse = best / t + ln(self.sum)

    def nll(self, token):
        """None: infinite."""
        distance = self.distance[token]
        return None if distance is None else distance + ln(self.sum)

    def p(self, token):
        return self.weight[token] / self.sum

    def entropy(self):
        return sum((w * d for w, d in zip(self.weight, self.distance) if w), D(0)) / self.sum + ln(self.sum)

    def rank(self, token):
        return 1 + sum(x > self.logits[token] for x in self.logits)

    def loss(self, token):
        """With label smoothing and z_loss.  None: infinite."""
        e, kind = D(self.options.get("label_smoothing", 0)), self.options.get("smoothing", "uniform_all")
        loss, width = self.nll(token), len(self.logits)
        if e and width > 1:
            if None in self.distance:
                return None
            everything = sum(self.distance, width * ln(self.sum))
            if kind == "uniform_all":
                loss = (1 - e) * loss + e / width * everything
            else:
                others = D(width - 1)
                loss = (1 - e) * loss + e / others * (everything - loss)
                if kind == "uniform_others_minus_entropy":
                    loss += (1 - e) * ln(1 - e) + e * ln(e / others + D("1e-20"))
        if loss is not None and self.options.get("z_loss"):
            loss += D(self.options["z_loss"]) * self.lse ** 2
        return loss


def divergences(a, b):
    """KL(a || b), KL(b || a) and Jensen-Shannon of two rows, in nats; None: infinite."""
    kl = [D(0), D(0)]
    jsd = D(0)
    for i in range(len(a.logits)):
        p, q = a.p(i), b.p(i)
        r = None if a.distance[i] is None or b.distance[i] is None else \
            (a.distance[i] + ln(a.sum)) - (b.distance[i] + ln(b.sum))  # ln(q / p)
        for side, (one, other, sign) in enumerate(((a, b, -1), (b, a, 1))):
            if one.distance[i] is None or kl[side] is None:
                continue
            kl[side] = None if other.distance[i] is None else kl[side] + one.p(i) * sign * r
        m = (p + q) / 2
        if p:
            jsd += p * ln(p / m) / 2
        if q:
            jsd += q * ln(q / m) / 2
    return kl[0], kl[1], jsd
