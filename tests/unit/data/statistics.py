#!/usr/bin/env python3
"""Numbers that statistics.c must give: exact rational arithmetic (fractions, decimal), and draws by an
implementation of SplitMix64 and xoshiro256** of its own.  Writes statistics.def."""
import os
import sys

sys.path[0] = os.path.join(sys.path[0], "..", "..", "golden")
from decimal import Decimal, getcontext
from fractions import Fraction

from draws import below, percentile, xoshiro

getcontext().prec = 60

def root(x):
    return (Decimal(x.numerator) / Decimal(x.denominator)).sqrt()


def mean(v):
    return sum(v, Fraction(0)) / len(v)


def variance(v):
    return sum((x - mean(v)) ** 2 for x in v) / (len(v) - 1)


def case(y, x, seed, samples, level):
    fy, fx = [Fraction(a) for a in y], [Fraction(a) for a in x]
    n = len(y)
    ratio = sum(fy) / sum(fx)
    spread = sum((a - ratio * b) ** 2 for a, b in zip(fy, fx)) * Fraction(n, n - 1)
    covariance = sum((a - mean(fy)) * (b - mean(fx)) for a, b in zip(fy, fx)) / (n - 1)
    both = variance(fy) * variance(fx)
    source = xoshiro(seed)
    replicates = []
    for _ in range(samples):
        rows = [below(source, n) for _ in range(n)]
        replicates.append(sum(fy[i] for i in rows) / sum(fx[i] for i in rows))
    low, high = (percentile(replicates, (1 + s * Fraction(level)) / 2) for s in (-1, 1))
    numbers = [
        mean(fy), root(variance(fy)), root(variance(fy) / n),
        root(variance([a - b for a, b in zip(fy, fx)]) / n), root(spread) / Decimal(float(sum(fx))),
        covariance, (Decimal(covariance.numerator) / Decimal(covariance.denominator)) / root(both),
        percentile(fy, Fraction(1, 10)), percentile(fy, Fraction(1, 2)),
        root(variance(replicates)), low, high]
    text = lambda v: "{" + ", ".join(repr(float(a)) for a in v) + "}"
    print(f"CASE({n}, ({text(y)}), ({text(x)}), {seed}U, {samples}, {level},\n     "
          + ", ".join(repr(float(a)) for a in numbers) + ")")


def main():
    draw = xoshiro(5)
    print("/* Made by statistics.py: y, x; seed, samples, level; then for y, or both: mean, deviation,\n"
          " * standard error, paired error, ratio error, covariance, correlation, percentiles 10 and 50, and of\n"
          " * the bootstrapped ratio the error and the interval. */")
    case([-1.0, -2.0], [1.0, 3.0], 0, 7, 0.5)
    case([-3.5, -1.25, -8.0, -0.5], [3.0, 1.0, 7.0, 1.0], 1, 50, 0.95)
    # all but the last digits are the same: what is wrong loses them
    case([-1e9 - i / 4 for i in range(5)], [1.0] * 4 + [2.0], 7, 20, 0.9)
    case([-below(draw, 400000) / 1000 for _ in range(17)],
         [1.0 + below(draw, 90) for _ in range(17)], 2**64 - 1, 101, 0.99)


main()
