#!/usr/bin/env python3
"""Golden cases of POST /v1/preference: requests, the answers of an independent implementation (formulas in decimal
arithmetic, preference_losses.py), and how invalid requests must be refused.

Run: python3 tests/golden/preference.py          writes preference/valid/*/ and preference/invalid/*/
     python3 tests/golden/preference.py FILE     prints the answer to one request"""
import json
import math
import sys
from decimal import Decimal as D

import oracle
import preference_cases
import trained
from frame import Cases, print_answer
from preference_losses import (INF, NAN, OF_EXAMPLES, PAIRED, SMOOTHED, WITH_F, ZERO, Objective, Side, exactly, mean_of,
                               times)

PARAMETERS = ("beta", "label_smoothing", "f_divergence", "f_alpha", "reference_free", "tau", "gamma", "nll_weight", "nll",
              "center", "desirable_weight", "undesirable_weight", "kl", "delta")
USERS = {  # which objectives use a parameter, where not all of one kind do
    "label_smoothing": SMOOTHED, "f_divergence": WITH_F,
    "tau": ("discopop",), "gamma": ("simpo",), "nll_weight": ("simpo", "cpo", "orpo"), "nll": ("simpo", "cpo", "orpo"),
    "center": ("bradley_terry",), "kl": ("kto",), "delta": ("bco",), "desirable_weight": ("kto", "apo_zero_unpaired"),
    "undesirable_weight": ("kto", "apo_zero_unpaired")}
OF_OUTPUT = ("logits", "logprobs", "outputs", "offset")
PASSED = ("prompt", "completion", "tokens", "prompt_length", "mask", "labels", "attention_mask", "temperature", "softcap",
          "top_k", "top_p", "min_p", "alignment", "dtype")


def decimal(x):
    return D(x) if isinstance(x, float) and x in (INF, -INF) else D(float(x))


def number(x):
    """A Decimal as the answer holds it."""
    if x is None or x.is_nan():
        return None
    return oracle.out(float(x))


def parameter(value):
    if isinstance(value, dict):
        return {k: float(v) for k, v in value.items()}
    return value if isinstance(value, (bool,)) or value in ("conditional", "joint") or str(value).endswith(("_kl", "divergence")) else float(value)


def tokens_told(around):
    """How many tokens y has by the members around a sum; None: they do not tell."""
    if "completion" in around:
        return len(around["completion"])
    ids = around.get("tokens")
    if ids is None:
        return None
    real = around.get("attention_mask", [1] * len(ids))
    if "mask" in around:
        return sum(bool(m) and bool(r) for m, r in zip(around["mask"], real))
    if "labels" in around:
        return sum(x != -100 and bool(r) for x, r in zip(around["labels"], real))
    return sum(map(bool, real)) - around["prompt_length"] if "prompt_length" in around else None


def outputs_of(output, around):
    """The sum over y, its tokens, and the joint sum and its tokens, or None where they are not known."""
    if output is None:
        return None, None, None, None
    if "log_prob" in output:
        told = output["log_prob"]
        return -D(INF) if told in ("-Infinity", -math.inf) else decimal(told), output.get("tokens", tokens_told(around)), None, None
    merged = {k: v for k, v in around.items() if k in PASSED}
    merged.update(output)
    conditional = oracle.Sequence({**merged, "objectives": ["conditional"]})
    log_prob, _, tokens, _ = conditional.value("conditional")
    joint = joint_n = None
    split = oracle.Sequence(merged)
    if "joint" in split.asked and not all(split.segment):
        joint, _, joint_n, _ = split.value("joint")
        joint = D(joint)
    return D(log_prob), tokens, joint, joint_n


def side_of(completion, around, free):
    around = {**around, **completion}
    pi, n, joint, joint_n = outputs_of(completion.get("policy"), around)
    r, reference_n, _, _ = outputs_of(completion.get("reference"), around)
    if r is None and free:
        r = ZERO
    n = n if n is not None else reference_n
    reward = completion.get("reward")
    return Side(pi, r, None if n is None else D(n), None if reward is None else decimal(reward), joint,
                None if joint_n is None else D(joint_n))


def shown(side):
    ratio = None if side.pi is None or side.r is None else side.pi - side.r
    return {"log_prob": number(side.pi), "tokens": None if side.n is None else int(side.n),
            "reference_log_prob": number(side.r), "log_ratio": number(ratio)}


def asked(request, default):
    """The objectives by their keys."""
    result = {}
    for element in request.get("objectives", [default]):
        own = element if isinstance(element, dict) else {"name": element}
        name = own["name"]
        given = {p: request[p] for p in PARAMETERS if p in request and name in USERS.get(p, (name,))}
        given.update({k: v for k, v in own.items() if k not in ("name", "label")})
        result[own.get("label", name)] = Objective(name, {k: parameter(v) for k, v in given.items()}), given
    return result


def m(values, weights):
    mean, error = mean_of([NAN if v is None else v for v in values], weights)
    return {"mean": number(mean), "standard_error": number(error)}


def listed(value):
    return value if isinstance(value, list) else [value]


def judge_pairs(request, free):
    around = {k: v for k, v in request.items() if k in PASSED}
    cases = []
    for i, pair in enumerate(request["pairs"]):
        of_pair = {**around, **{k: v for k, v in pair.items() if k in PASSED}}
        sides = [[side_of(c, of_pair, free) for c in listed(pair[name])] for name in ("chosen", "rejected")]
        for ci, c in enumerate(sides[0]):
            for ji, j in enumerate(sides[1]):
                head = {"index": len(cases), "pair": i}
                if "id" in pair or "id" in request:
                    head["id"] = pair.get("id", request.get("id"))
                head["chosen"], head["rejected"] = {"index": ci, **shown(c)}, {"index": ji, **shown(j)}
                cases.append((head, c, j, decimal(pair.get("weight", request.get("weight", 1))),
                              decimal(pair.get("margin", request.get("margin", 0)))))
    return cases


def pair_figures(objective, c, j, margin):
    rewards = [objective.reward(c), objective.reward(j)]
    rest = NAN if objective.name.startswith("aot") else objective.loss(c, j, margin)
    loss, extra = rest, {}
    if objective.has_nll():
        extra["nll"] = objective.nll(c)
        loss = rest + times(objective.nll_weight(), extra["nll"])
    if objective.name == "orpo":
        extra["log_odds"] = objective.log_odds(c, j)
    apart = None if rewards[0] is None else rewards[0] - rewards[1]
    return {"chosen_reward": rewards[0], "rejected_reward": rewards[1], "margin": apart, "loss": loss, **extra}, rest


def pair_totals(objective, cases, figures, rests):
    weights = [case[3] for case in cases]
    total = {k: m([f[k] for f in figures], weights) for k in ("loss", "chosen_reward", "rejected_reward", "margin")}
    margins = [f["margin"] for f in figures]
    known = [None if x is None or x.is_nan() else D(int(x > 0)) for x in margins]
    total["accuracy"] = m(known, weights)
    total["ties"] = sum(x is not None and x == 0 for x in margins)
    if objective.name.startswith("aot"):
        losses = objective.quantile_losses([case[1:3] for case in cases])
        total["loss"] = {"mean": number(mean_of(losses, weights)[0]) if losses else None, "standard_error": None}
    if objective.has_nll():
        joint = objective.is_joint()
        sums = [times(w, -(c.joint if joint else c.pi)) for _, c, _, w, _ in cases]
        tokens = sum(w * (c.joint_n if joint else c.n) for _, c, _, w, _ in cases)
        batch = times(objective.nll_weight(), sum(sums, ZERO) / tokens) if tokens else NAN
        total["batch_loss"] = number(mean_of(rests, weights)[0] + batch)
    return total


def answer_pairs(request, free):
    cases = judge_pairs(request, free)
    rewards_only = all(s.s is not None and s.pi is None for case in cases for s in case[1:3])
    totals = {}
    for key, (objective, _) in asked(request, "bradley_terry" if rewards_only else "sigmoid").items():
        judged = [pair_figures(objective, c, j, margin) for _, c, j, _, margin in cases]
        for (head, *_), (figures, _) in zip(cases, judged):
            head.setdefault("objectives", {})[key] = {k: number(v) for k, v in figures.items()}
        totals[key] = pair_totals(objective, cases, [f for f, _ in judged], [r for _, r in judged])
    return {"pairs": [case[0] for case in cases], "totals": {"pairs": len(cases), "objectives": totals}}


def judge_examples(request, free):
    around = {k: v for k, v in request.items() if k in PASSED}
    cases = []
    for i, example in enumerate(request["examples"]):
        label = example.get("label", request.get("label"))
        side, mismatched = side_of(example, around, free), None
        if "mismatched" in example:
            prompt = {"prompt": example["prompt"]} if "prompt" in example else {}
            mismatched = side_of(example["mismatched"], {**around, **prompt}, free)
        head = {"index": i}
        if "id" in example or "id" in request:
            head["id"] = example.get("id", request.get("id"))
        cases.append(({**head, "label": label, **shown(side)}, side, label,
                      decimal(example.get("weight", request.get("weight", 1))), mismatched))
    return cases


def answer_examples(request, free):
    cases = judge_examples(request, free)
    labels, totals = [case[2] for case in cases], {}
    for key, (objective, _) in asked(request, "kto").items():
        state = None
        if objective.name != "apo_zero_unpaired":
            state = objective.state([case[1] for case in cases], [case[4] for case in cases if case[4]])
        rewards = [objective.reward(x) for _, x, _, _, _ in cases]
        losses = [objective.loss_of_example(x, label, state) for _, x, label, _, _ in cases]
        for (head, *_), reward, loss in zip(cases, rewards, losses):
            head.setdefault("objectives", {})[key] = {"reward": number(reward), "loss": number(loss)}
        of_label = [[case[3] if case[2] == wanted else ZERO for case in cases] for wanted in (True, False)]
        total = {"loss": m(losses, [case[3] for case in cases]), "chosen_reward": m(rewards, of_label[0]),
                 "rejected_reward": m(rewards, of_label[1]),
                 "margin": number(mean_of(rewards, of_label[0])[0] - mean_of(rewards, of_label[1])[0])}
        if objective.name == "kto":
            total["kl"] = number(state)
        if objective.name == "bco":
            total["delta"] = {"mean": number(state[0]), "count": None if state[1] is None else number(D(state[1]))}
        totals[key] = total
    return {"examples": [case[0] for case in cases],
            "totals": {"examples": len(cases), "desirable": sum(labels), "undesirable": len(labels) - sum(labels),
                       "objectives": totals}}


@exactly
def answer(request):
    own = [e for e in request.get("objectives", []) if isinstance(e, dict)]
    free = any(o.get("reference_free", False) for o in own + [request])
    result = {"model": request["model"]} if "model" in request else {}
    result.update((answer_pairs if "pairs" in request else answer_examples)(request, free))
    return result


def main():
    if len(sys.argv) > 1:
        print_answer(answer, sys.argv[1])
        return
    cases = Cases("preference")
    cases.valid(preference_cases.VALID, answer)
    for name, (body, plain, pointers) in preference_cases.OUTPUTS.items():
        told = trained.told(answer(oracle.parse(json.dumps(plain))), pointers)
        for example in told.get("examples", []):
            example["objectives"] = example.pop("objectives")  # behind what is told of the completion
        cases.answered(name, json.dumps(body), told)
    cases.invalid(preference_cases.INVALID)


if __name__ == "__main__":
    main()
