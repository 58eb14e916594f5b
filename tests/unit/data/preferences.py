#!/usr/bin/env python3
"""Prints preferences.def: losses of preferences, by the formulas of tests/golden/preference_losses.py.

Run: python3 tests/unit/data/preferences.py > tests/unit/data/preferences.def"""
import os
import random
import sys
from decimal import Decimal as D

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../golden"))
import preference_losses as losses  # noqa: E402

INF = float("inf")
F = ["reverse_kl", "forward_kl", "js_divergence", "alpha_divergence"]
WITH_F, SMOOTHED = losses.WITH_F, losses.SMOOTHED
# Those of quantiles have no loss of a pair.  The order is that of random numbers.
OF_PAIRS = WITH_F + ["apo_zero", "apo_down", "simpo", "cpo", "orpo", "bradley_terry", "sft"]
# pi, r, n, s of the chosen and the rejected completion
PAIRS = [
    (-1.2, -1.5, 2, 0.25, -2.5, -2.1, 1, -0.5),
    (-44.60747814, -29.5, 8, 1e-3, -22.5, -9.25, 4, 7.0),
    (-10000.0, -10000.000000001, 700, 3.0, -9999.5, -9999.5, 699, 3.0),
    (-3e-300, -2e-300, 1, 1e-300, -5e-324, -1e-310, 3, -1e-300),
    (-800.0, -3.0, 100, -900.0, -2.0, -750.0, 90, 900.0),
    (-1e9, -1.0, 1000, 1e9, -1.0, -1e9, 1000, -1e9),
    (-1.5e308, -1.0, 2, 1.7e308, -1.0, -1.5e308, 3, -1.7e308),
    (0.0, 0.0, 1, 0.0, -0.5, 0.0, 1, 0.0),
    (-0.5, -0.25, 2, 0.0, 0.0, 0.0, 2, -0.0),
    (-2.0, -2.0, 3, 1.0, -3.0, -3.0, 3, 1.0),
    (-INF, -2.0, 3, 1.0, -3.0, -2.5, 3, 2.0),
    (-4.0, -2.0, 3, 1.0, -INF, -2.5, 2, 2.0),
    (-4.0, -INF, 3, 1.0, -2.0, -2.5, 2, 2.0),
    (-4.0, -3.0, 3, 1.0, -2.0, -INF, 2, 2.0),
    (-INF, -INF, 3, 1.0, -3.0, -2.5, 3, 2.0),
    (-INF, -1.0, 3, 1.0, -INF, -2.5, 3, 2.0),
    (-INF, -1.0, 3, 1.0, -3.0, -INF, 3, 2.0),
]


def number(x):
    x = float(x)
    return "NAN" if x != x else "INFINITY" if x == INF else "-INFINITY" if x == -INF else repr(x)


def side(pi, r, n, s):
    d = D(float(pi)), D(float(r))
    return losses.Side(d[0], d[1], D(n), D(float(s))), "{%s, %s, %d, %s}" % (number(pi), number(r), n, number(s))


@losses.exactly
def row(name, given, pair, margin=0.0):
    objective = losses.Objective(name, given)
    (c, of_c), (j, of_j) = side(*pair[:4]), side(*pair[4:])
    loss = objective.loss(c, j, D(margin))
    if objective.has_nll():
        loss += losses.times(objective.nll_weight(), objective.nll(c))
    p = objective.p
    print("PAIR(%s, %s, F_%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)" % (
        name, number(p["beta"]), p["f_divergence"], number(p["f_alpha"]), number(p["label_smoothing"]),
        number(p["tau"]), number(p["gamma"]), number(p["nll_weight"]), number(p["center"]), number(margin),
        of_c, of_j, number(loss)))


@losses.exactly
def example(name, given, label, a, r, state):
    objective = losses.Objective(name, given)
    x, of_x = side(a, r, 3, 0)
    d = D(state)
    loss = objective.loss_of_example(x, label, (d, None) if name == "bco" else d)
    p = objective.p
    print("EXAMPLE(%s, %s, %s, %s, %s, %s, %s, %s)" % (
        name, number(p["beta"]), number(p["desirable_weight"]), number(p["undesirable_weight"]),
        "true" if label else "false", number(state), of_x, number(loss)))


def main():
    print("/* Made by preferences.py.  Of a pair: the objective, beta, f_divergence, f_alpha, label_smoothing, tau, gamma,\n"
          " * nll_weight, center, margin; pi, r, n and reward of the chosen and the rejected completion; the loss.\n"
          " * Of an example: beta, both weights, the label, k or d; the completion; the loss. */")
    chance = random.Random(7)
    for name in OF_PAIRS:
        for pair in PAIRS:
            row(name, {}, pair)
        for _ in range(3):
            given = {"beta": round(chance.uniform(0.01, 3), 3), "gamma": 1.25, "tau": 0.75, "center": 0.01}
            if name in WITH_F:
                given.update(f_divergence=chance.choice(F), f_alpha=chance.choice([0.5, 1.5, 1.0, -2.0, 1 + 2.0 ** -40]))
            if name in SMOOTHED:
                given["label_smoothing"] = chance.choice([0.1, 0.49, 1e-12])
            if name in losses.WITH_NLL:
                given["nll_weight"] = chance.choice([0.0, 0.5, 2.0])
            pair = [round(chance.uniform(-60, 0), 6), round(chance.uniform(-60, 0), 6), chance.randrange(1, 30),
                    round(chance.uniform(-5, 5), 4)] + [round(chance.uniform(-60, 0), 6), round(chance.uniform(-60, 0), 6),
                                                        chance.randrange(1, 30), round(chance.uniform(-5, 5), 4)]
            row(name, given, pair, round(chance.uniform(-1, 1), 3) if name == "bradley_terry" else 0.0)
    for name in WITH_F:
        for f in F[1:]:
            for pair in (chance.choice(PAIRS[:6]), chance.choice(PAIRS[10:])):
                row(name, {"f_divergence": f}, pair)
    for name in losses.OF_EXAMPLES:
        for label in (True, False):
            for a, r, state in ((-1.2, -1.5, 0.25), (-10000.0, -10000.000000001, 0.0), (-INF, -1.0, 0.5), (-900.0, -1.0, 3.0),
                                (-1.0, -INF, 0.5), (-INF, -INF, 0.5), (-0.1, -9000.0, 0.0)):
                given = {"beta": 0.7, "desirable_weight": 0.0, "undesirable_weight": 1.33}
                example(name, given if a == -900.0 else {}, label, a, r, state)


main()
