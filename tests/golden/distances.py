"""Divergences of two rows by their definitions, in decimal arithmetic, for compare.py."""
import functools
from decimal import Decimal as D

from oracle import INF


def kl(p, q):
    """By the definition, of lists of ln p and ln q (None: masked)."""
    if any(x is not None and y is None for x, y in zip(p, q)):
        return INF
    return sum((x.exp() * (x - y) for x, y in zip(p, q) if x is not None), D(0))


def divergences(a, b):
    """Of two rows.  Many cases have the same ones."""
    return {**of_logs(*[tuple(None if n is None else -n for n in row.nll) for row in (a, b)]),
            "same_top": a.argmax == b.argmax}


@functools.cache
def of_logs(p, q):
    middle = []
    for x, y in zip(p, q):
        both = sum((v.exp() for v in (x, y) if v is not None), D(0)) / 2
        middle.append(both.ln() if both > 0 else None)
    variation = sum(abs((D(0) if x is None else x.exp()) - (D(0) if y is None else y.exp())) for x, y in zip(p, q)) / 2
    return {"kl_ab": kl(p, q), "kl_ba": kl(q, p), "jsd": (kl(p, middle) + kl(q, middle)) / 2,
            "total_variation": variation}


DISTANCES = ("kl_ab", "kl_ba", "jsd", "total_variation")


def share_error(flags):
    n = len(flags)
    p = D(sum(flags)) / n if n else None
    return None if n < 2 else (p * (1 - p) / (n - 1)).sqrt()
