#!/usr/bin/env python3
"""Golden cases of POST /v1/policy: requests, the answers of an independent implementation (policy_oracle.py), and how
invalid requests must be refused.

Run: python3 tests/golden/policy.py     writes policy/valid/*/ and policy/invalid/*/"""
import json

import oracle
import policy_oracle
from frame import Cases
from trained import openai, read, told


# Three sequences of three, two and one token of y, with an entry that does not count.
NUMBERS = [
    {"mask": [1, 1, 0, 1], "current": [-0.5, -1.25, -9, -2.75], "old": [-0.6, -1.0, -7, -2.5],
     "rollout": [-0.61, -1.2, -7, -2.25], "reference": [-0.9, -0.6, -7, -3.0]},
    {"mask": [1, 1], "current": [-0.1, -3.5], "old": [-0.35, -3.0], "rollout": [-0.3, -3.25], "reference": [-0.2, -4.0]},
    {"mask": [1], "current": [-0.75], "old": [-0.7], "rollout": [-0.72], "reference": [-1.5]},
]
ADVANTAGES = [[1.5, -0.75, None, 2], [-1, 0.5], 0.25]
CLIPPED = ["ppo", "grpo", "dapo", {"name": "dr_grpo", "norm": 16}, "gspo", "cispo", "reinforce"]
ALL = ("current", "old", "rollout", "reference")


def sequences(sources=ALL, numbers=NUMBERS, advantages=None, **more):
    advantages = advantages or (ADVANTAGES if numbers is NUMBERS else [1.5, -1])
    return [{**({"mask": s["mask"]} if "mask" in s else {}), **({} if a is None else {"advantages": a}),
             **{name: {"logprobs": s[name]} for name in sources}, **more} for s, a in zip(numbers, advantages)]


def one(current, old=None, advantages=1, **more):
    """A sequence whose tokens are all y."""
    return {"advantages": advantages, "current": {"logprobs": current}, **({} if old is None else {"old": {"logprobs": old}}), **more}


def request(objectives=None, of=None, **more):
    return {**({} if objectives is None else {"objectives": objectives}), "sequences": sequences() if of is None else of, **more}


ROWS = {"a": [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0], [-2, 0.125, 0, 4]], "b": [[0.25, -1.5, 1, 0.5], [0, 4, -0.5, 1], [-1, 0.5, 3, 2.5]],
        "c": [[0.25, -1.5, 1, 0.75], [0, 3.5, -0.5, 1], [-1, 0.25, 3, 2.5]]}
TOKENS = {"tokens": [0, 2, 1, 3], "prompt_length": 1, "advantages": 0.5}


def rows(name):
    return {"logits": ROWS[name]}


LEVELS, MODES = ("token", "sequence", "geometric"), ("truncate", "clip", "mask")
AGGREGATIONS = ("token_mean", "sequence_mean_token_sum", "sequence_mean_token_mean", "sequence_mean_token_sum_norm")
EMPTY = {"mask": [0, 0], "current": [-1, -2], "old": [-1, -2], "rollout": [-1, -2], "reference": [-1, -2]}
FAR = [{"current": [-1e4, -1], "old": [-1, -1e4], "rollout": [-2, -3], "reference": [-800, -1]}, NUMBERS[1]]
NEAR = [{"current": [-1e4, -5e3], "old": [-1e4 - 1e-9, -5e3], "rollout": [-1e4, -5e3 - 1e-9], "reference": [-1e4 + 1e-9, -5e3]}] * 2
ALIKE = [{name: [-1, -2, -3] for name in ALL}, {name: [-0.25] for name in ALL}]
MASKED = [{"current": ["-Infinity", -1], "old": [-1, -2], "rollout": [-1, "-Infinity"], "reference": [-2, -3]}, NUMBERS[1]]
BOTH_MASKED = [{"current": ["-Infinity", -1], "old": ["-Infinity", -2], "rollout": ["-Infinity", -2], "reference": [-2, -3]}, NUMBERS[1]]
BOTH_WAYS = [{"current": ["-Infinity", -1], "old": [-1, "-Infinity"], "rollout": [-1, -2], "reference": [-1, -2]}, NUMBERS[1]]
ALL_MASKED = [{"current": ["-Infinity"], "old": [-1], "rollout": [-1], "reference": [-1]}] * 2
EVERY = CLIPPED + [{"name": "grpo", "label": "k3", "kl_coef": 0.1}, {"name": "ppo", "label": "k1", "kl_coef": 0.5, "kl_estimator": "k1"},
                   {"name": "reinforce", "label": "k2", "kl_coef": 1, "kl_estimator": "k2"}]

VALID = {
    "contract": request(["grpo", {"name": "dapo", "kl_coef": 0.001}], [
        {"prompt": [1, 5], "completion": [4, 9], "advantages": 0.7, "current": {"logprobs": [-0.5, -0.7]},
         "old": {"logprobs": [-0.6, -0.7]}, "rollout": {"logprobs": [-0.61, -0.69]}, "reference": {"logprobs": [-0.9, -0.6]}}]),
    "ratios": request(),
    "ratios_of_two": request(of=sequences(("old", "rollout"), advantages=[None] * 3)),
    "no_objectives": request([]),
    "one_source": request(of=sequences(("current",))),
    "reference_alone": request(of=sequences(("reference",))),
    "every_objective": request(EVERY, per_token=True),
    "without_list": {**one([-1, -2], [-1.5, -1]), "objectives": ["ppo"], "model": "p", "id": "x"},
    "ids": request(["ppo"], [{**s, "id": i} for i, s in enumerate(sequences())], model="m"),
    "sweep": request([{"name": "ppo", "label": "a"}, {"name": "ppo", "label": "b", "clip_high": 0.05}, "ppo"]),
    "defaults": request(["ppo", "cispo", {"name": "dapo", "clip_low": 0.3}], clip_low=0.05, clip_high=0.1, kl_coef=0.25, kl_estimator="k1"),
    "advantages_at_the_top": request(["ppo"], sequences(advantages=[None] * 3), advantages=-2),
    "advantages_of_y": request(["ppo"], sequences(advantages=[[1, 2, 3], [4, 5], [6]])),
    "advantages_zero": request(EVERY, sequences(advantages=[0, 0, 0])),
    "advantages_negative": request(EVERY, sequences(advantages=[-1, -2, -0.5]), dual_clip=1.01),
    "old_is_current": request(["ppo", "gspo"], sequences(("current", "rollout"), old="current")),
    "old_is_rollout": request(["ppo", "gspo"], sequences(("current", "rollout"), old="rollout"), per_token=True),
    "old_at_the_top": request(["ppo"], sequences(("current", "rollout")), old="rollout"),
    "some_without_old": request(["reinforce"], [sequences()[0], sequences(("current", "rollout"))[1]]),
    "dual_clip": request([{"name": n, "dual_clip": 1.05} for n in ("ppo", "gspo")], sequences(advantages=[-1, -1, -1])),
    "clip_all": request([{"name": "ppo", "clip_low": 0, "clip_high": 0}, {"name": "cispo", "clip_low": 0, "clip_high": 0}]),
    "clip_none": request([{"name": "ppo", "clip_low": 1, "clip_high": 1e300}]),
    "empty_y": request(CLIPPED, sequences(numbers=[EMPTY, NUMBERS[0]], advantages=[1, 1]), correction={}, rejection={}, per_token=True),
    "empty_y_alone": request(CLIPPED, sequences(numbers=[EMPTY], advantages=[1]), correction={"normalize": True}, rejection={}),
    "empty_completion": request(["ppo"], [{"prompt": [1, 2], "completion": [], "advantages": [], "current": {"logprobs": [None, -1]},
                                           "old": {"logprobs": [None, -1]}}], per_token=True),
    "one_token": request(CLIPPED, [one([-1], [-1.5])]),
    "alike": request(EVERY, sequences(numbers=ALIKE), correction={"normalize": True}),
    "near": request(EVERY, sequences(numbers=NEAR)),
    "far": request(EVERY, sequences(numbers=FAR), correction={"level": "sequence"}),
    "ratios_beyond_doubles": request(["ppo"], [one([-1, -1], [-1e5, -2], 1), one([-1e5], [-1], -1)]),
    "masked": request(EVERY, sequences(numbers=MASKED), correction={}, rejection={}, per_token=True),
    "masked_on_both_sides": request(EVERY, sequences(numbers=BOTH_MASKED), correction={}, rejection={}, per_token=True),
    "masked_both_ways": request(EVERY, sequences(numbers=BOTH_WAYS), correction={"level": "geometric"}),
    "masked_everywhere": request(CLIPPED, sequences(numbers=ALL_MASKED)),
    "masked_and_advantage_zero": request(CLIPPED, sequences(numbers=MASKED, advantages=[0, 0])),
    "tokens_and_mask": {**one([None, -1, -2, -0.5], [None, -1.5, -1, -0.25], [None, None, 1, -1]), "tokens": [7, 8, 9, 4],
                        "mask": [0, 0, 1, 1], "objectives": ["ppo"], "per_token": True},
    "labels": {**one([None, -1, -2], [None, -1.5, -1]), "tokens": [7, 8, 9], "labels": [-100, 8, 9], "objectives": ["ppo"]},
    "numbers_of_y": {**one([-1, -2], [-1.5, -1]), "tokens": [7, 8, 9], "prompt_length": 1, "objectives": ["ppo"], "per_token": True},
    "prompt_length_alone": {**one([-3, -1, -2], [-3, -1.5, -1], [None, 1, 2]), "prompt_length": 1, "objectives": ["ppo"], "per_token": True},
    "logits": {**TOKENS, "current": rows("a"), "old": rows("b"), "rollout": rows("c"), "objectives": ["ppo"], "per_token": True},
    "entropy": {**TOKENS, "details": ["entropy"], "current": rows("a"), "old": {"logprobs": [None, -1, -2, -3]}, "per_token": True},
    "kl": {**TOKENS, "details": ["kl", "entropy"], "per_token": True, **{name: rows(r) for name, r in zip(ALL, "abca")}},
    "kl_of_some": request(of=[{**TOKENS, "current": rows("a"), "old": rows("b")}, sequences()[0]], details=["kl", "entropy"]),
    "kl_of_one_ratio": {**TOKENS, "details": ["kl"], "current": rows("a"), "old": {"logprobs": [None, -1, -2, -3]}, "reference": rows("b"), "per_token": True},
    "kl_of_old_by_name": {**TOKENS, "details": ["kl"], "current": rows("a"), "rollout": rows("b"), "old": "rollout"},
    "kl_masked": {**TOKENS, "details": ["kl"], "current": {"logits": [[0, "-Infinity", 1, 1], [0, 1, 2, 3], [0, 1, 2, 3]]}, "old": rows("b")},
    "samplers": {**TOKENS, "current": {**rows("a"), "top_k": 3}, "old": {**rows("a"), "top_p": 0.999}, "objectives": ["ppo"]},
    "temperatures": {**TOKENS, "temperature": 2, "current": rows("a"), "old": {**rows("a"), "temperature": 0.5}, "objectives": ["ppo"]},
    "alignments": {"tokens": [2, 1, 3], "prompt_length": 0, "alignment": "same", "current": rows("a"), "old": rows("b")},
    "offset": {**TOKENS, "prompt_length": 2, "current": {"offset": 1, "logits": ROWS["a"][1:]}, "old": rows("b")},
    "tensor": {"tokens": [0, 2], "prompt_length": 1, "current": {"logits": {"dtype": "f32", "shape": [1, 4], "data": "AAAAPwAAgL8AAABAAACAPg=="}},
               "old": {"logits": [[0.25, -1.5, 1, 0.5]]}},
    "correction_current": request(["ppo"], sequences(("current", "rollout", "reference"), old="current"), correction={"ratio": "current_rollout"}),
    "correction_without_old": request(["reinforce"], sequences(("current", "rollout")), correction={}),
    "correction_all_zero": request(["ppo"], correction={"mode": "mask", "low": 1.9, "normalize": True}),
    "correction_at_its_bounds": request(["ppo"], sequences(numbers=ALIKE), correction={"mode": "mask", "low": 1, "high": 1}, rejection={"low": 1, "high": 1}),
    "correction_tiny": request(["reinforce"], sequences(numbers=[{**NUMBERS[0], "old": [-3e3, -3e3, -1, -3e3]}]), correction={"normalize": True}),
    "rejection_and_correction": request(EVERY, correction={"high": 1.02, "normalize": True}, rejection={"low": 0.9, "high": 1.1}, per_token=True),
    "rejection_of_all": request(EVERY, correction={"normalize": True}, rejection={"low": 1.9}, per_token=True),
}
for level in LEVELS:
    VALID["rejection_" + level] = request(EVERY, rejection={"level": level, "low": 0.95, "high": 1.1}, per_token=True)
    for mode in MODES:
        for normalize in (False, True):
            name = "correction_%s_%s%s" % (level, mode, "_normalized" if normalize else "")
            VALID[name] = request(["ppo", "gspo"], correction={"level": level, "mode": mode, "low": 0.9, "high": 1.05, "normalize": normalize}, per_token=True)
for aggregation in AGGREGATIONS:
    VALID["aggregation_" + aggregation] = request(["ppo", "gspo", "reinforce"], aggregation=aggregation, norm=128, kl_coef=0.1)

# Answers of engines: the request, the same with plain numbers, and what is told of each.
Y = {"prompt": [1], "completion": [2, 3], "advantages": 1}
PLAIN = {**Y, "current": {"logprobs": [None, -1, -2]}, "old": {"logprobs": [None, -1.5, -2]},
         "rollout": {"logprobs": [None, -1.25, -2.5]}, "reference": {"logprobs": [None, -3, -1]}}
OUTPUTS = {
    "outputs": ({**Y, "current": openai(None, -1, -2), "old": openai(None, -1.5, -2), "rollout": openai(None, -1.25, -2.5),
                 "reference": openai(None, -3, -1), "objectives": ["ppo"]}, {**PLAIN, "objectives": ["ppo"]},
                {"/sequences/0/" + name: read() for name in ALL}),
    "outputs_of_old_by_name": (
        request(of=[{**Y, "old": "rollout", "rollout": openai(-1.25, -2.5), "current": PLAIN["current"]}, PLAIN]),
        request(of=[{**Y, "old": "rollout", "rollout": PLAIN["rollout"], "current": PLAIN["current"]}, PLAIN]),
        {"/sequences/0/rollout": read(first=1)}),
}

P2 = {"current": {"logprobs": [-1, -2]}, "old": {"logprobs": [-1, -2]}}
A2 = {**P2, "advantages": 1}


def bad(status, code, pointer, *says, **body):
    return (json.dumps(body), status, code, pointer, *says)


def bad_one(status, code, pointer, *says, **more):
    return bad(status, code, pointer, *says, **{**A2, **more})


def bad_sequence(status, code, pointer, *says, **more):
    return bad(status, code, pointer, *says, objectives=["ppo"], sequences=[A2, {**A2, **more}])


INVALID = {
    "kl_beside_a_bad_sequence": ('{"sequences":[[]],"tokens":[0,1],"details":["kl"],"current":{"logits":[[1,2]]},"old":{"logits":[[2,1]]}}', 400, "bad_shape", "/sequences/0"),
    "empty": bad(400, "missing_member", "/current"),
    "no_sequences": bad(422, "out_of_range", "/sequences", sequences=[]),
    "sequences_type": bad(400, "bad_shape", "/sequences", sequences={}),
    "sequence_type": bad(400, "bad_shape", "/sequences/0", sequences=[3]),
    "no_output": bad(400, "missing_member", "/sequences/1/current", sequences=[A2, {"advantages": 1}]),
    "no_output_but_a_name": bad(400, "missing_member", "/sequences/0/current", sequences=[{"old": "current"}]),
    "old_names_nothing": bad(400, "missing_member", "/sequences/0/rollout", sequences=[{"old": "rollout", "current": P2["current"]}]),
    "old_name": bad_one(422, "out_of_range", "/old", old="reference"),
    "old_type": bad_one(400, "bad_shape", "/old", old=3),
    "current_name": bad_one(400, "bad_shape", "/current", current="old"),
    "source_type": bad_one(400, "bad_shape", "/reference", reference=[{"logprobs": [-1, -2]}]),
    "sources_beside_sequences": bad(400, "conflicting_members", "/current", sequences=[A2], current=P2["current"]),
    "sequences_behind_a_source": bad(400, "conflicting_members", "/sequences", "put it into that element", old=P2["old"], sequences=[A2]),
    "sequences_beside_sources": bad(400, "conflicting_members", "/sequences", current=P2["current"], sequences=[A2]),
    "sums": bad(400, "unknown_member", "/current/log_prob", current={"log_prob": -3, "tokens": 2}),
    "logits_outside": bad(400, "unknown_member", "/logits", **{**A2, "logits": [[1, 2]]}),
    "unknown": bad_one(400, "unknown_member", "/advantage", advantage=1),
    "unknown_in_output": bad(400, "unknown_member", "/current/logprob", current={"logprob": [-1]}),
    "weights": bad_one(400, "unknown_member", "/weights", weights=[1, 1]),
    "two_outputs": bad(400, "conflicting_members", "/current/logits", tokens=[1, 2], prompt_length=1, current={"logprobs": [-1], "logits": [[1, 2, 3]]}),
    "no_numbers": bad(400, "missing_member", "/current/logits", current={}),
    "no_tokens": bad(400, "missing_member", "/sequences/0/tokens", sequences=[{"current": {"logits": [[1, 2]]}}]),
    "no_split": bad(400, "missing_member", "/sequences/0/prompt_length", sequences=[{"tokens": [0, 1], "current": {"logits": [[1, 2]]}}]),
    "no_completion": bad(400, "missing_member", "/completion", prompt=[0, 1], current={"logprobs": [-1, -2]}),
    "token_zero": bad(422, "out_of_range", "/tokens/0", tokens=[0, 1], prompt_length=0, current={"logits": [[1, 2], [1, 2]]}),
    "token_too_large": bad(422, "out_of_range", "/tokens/1", tokens=[0, 2], prompt_length=1, current={"logits": [[1, 2]]}),
    "rows_missing": bad(422, "bad_count", "/old/logits", tokens=[0, 1, 1], prompt_length=1, current={"logits": [[1, 2], [1, 2]]}, old={"logits": [[1, 2]]}),
    "mask_count": bad_one(422, "bad_count", "/mask", mask=[1, 1, 1]),
    "mask_count_of_tokens": bad_one(422, "bad_count", "/mask", tokens=[1, 2], mask=[1]),
    "counts_differ": bad_sequence(422, "bad_count", "/sequences/1/old/logprobs", old={"logprobs": [-1]}),
    "logprobs_count": bad(422, "bad_count", "/current/logprobs", tokens=[1, 2, 3], prompt_length=1, current={"logprobs": [-1]}),
    "logprobs_none": bad(422, "out_of_range", "/current/logprobs", current={"logprobs": []}),
    "logprob_null": bad_sequence(422, "out_of_range", "/sequences/1/old/logprobs/1", old={"logprobs": [-1, None]}),
    "logprob_null_first": bad_sequence(422, "out_of_range", "/sequences/1/old/logprobs/0", old={"logprobs": [None, -1]}),
    "logprob_above_zero": bad_one(422, "out_of_range", "/current/logprobs/0", current={"logprobs": [0.5, -1]}),
    "logprob_type": bad_one(400, "bad_shape", "/current/logprobs/0", current={"logprobs": ["x", -1]}),
    "row_nan": ('{"tokens":[0,1],"prompt_length":1,"current":{"logits":[[1,NaN]]}}', 422, "bad_row", "/current/logits/0/1"),
    "temperature_list": bad_one(400, "bad_shape", "/current/temperature", current={"temperature": [1, 2], "logprobs": [-1, -2]}),
    "temperature_without_logits": bad_one(422, "needs_logits", "/current/temperature", current={"temperature": 2, "logprobs": [-1, -2]}),
    "advantages_missing": bad(400, "missing_member", "/sequences/1/advantages", objectives=["ppo"], sequences=[A2, P2]),
    "advantages_missing_alone": bad(400, "missing_member", "/advantages", objectives=["ppo"], **P2),
    "advantages_type": bad_sequence(400, "bad_shape", "/sequences/1/advantages", advantages="1"),
    "advantage_type": bad_sequence(400, "bad_shape", "/sequences/1/advantages/1", advantages=[1, "1"]),
    "advantages_infinite": bad_sequence(400, "bad_shape", "/sequences/1/advantages", advantages="Infinity"),
    "advantages_count": bad_sequence(422, "bad_count", "/sequences/1/advantages", advantages=[1, 2, 3]),
    "advantages_none": bad_sequence(422, "bad_count", "/sequences/1/advantages", advantages=[]),
    "advantages_count_without_objectives": bad(422, "bad_count", "/advantages", **{**P2, "advantages": [1]}),
    "advantage_null": bad_sequence(422, "out_of_range", "/sequences/1/advantages/1", advantages=[1, None]),
    "advantage_null_of_y": bad_one(422, "out_of_range", "/advantages/0", mask=[1, 0], advantages=[None], objectives=["ppo"]),
    "objective_unknown": bad_one(422, "out_of_range", "/objectives/1", objectives=["ppo", "pppo"]),
    "objective_unknown_name": bad_one(422, "out_of_range", "/objectives/0/name", objectives=[{"name": "sigmoid"}]),
    "objective_type": bad_one(400, "bad_shape", "/objectives/0", objectives=[3]),
    "objectives_type": bad_one(400, "bad_shape", "/objectives", objectives="ppo"),
    "objective_without_name": bad_one(400, "missing_member", "/objectives/0/name", objectives=[{"label": "x"}]),
    "objective_twice": bad_one(400, "duplicate_name", "/objectives/1", objectives=["ppo", "ppo"]),
    "label_twice": bad_one(400, "duplicate_name", "/objectives/1/label", objectives=["ppo", {"name": "grpo", "label": "ppo"}]),
    "label_type": bad_one(400, "bad_shape", "/objectives/0/label", objectives=[{"name": "ppo", "label": 1}]),
    "parameter_unknown": bad_one(400, "unknown_member", "/objectives/0/beta", objectives=[{"name": "ppo", "beta": 1}]),
    "parameter_of_none": bad_one(400, "conflicting_members", "/clip_low", objectives=["reinforce"], clip_low=0.1),
    "parameter_without_objectives": bad_one(400, "conflicting_members", "/kl_coef", kl_coef=0.1),
    "dual_clip_of_cispo": bad_one(400, "conflicting_members", "/objectives/0/dual_clip", objectives=[{"name": "cispo", "dual_clip": 3}]),
    "dual_clip_of_reinforce": bad_one(400, "conflicting_members", "/dual_clip", objectives=["reinforce", "cispo"], dual_clip=3),
    "dual_clip_one": bad_one(422, "out_of_range", "/objectives/0/dual_clip", objectives=[{"name": "ppo", "dual_clip": 1}]),
    "dual_clip_type": bad_one(400, "bad_shape", "/dual_clip", objectives=["ppo"], dual_clip="3"),
    "clip_low_below": bad_one(422, "out_of_range", "/objectives/0/clip_low", objectives=[{"name": "ppo", "clip_low": -0.1}]),
    "clip_low_above": bad_one(422, "out_of_range", "/clip_low", objectives=["ppo"], clip_low=1.1),
    "clip_high_below": bad_one(422, "out_of_range", "/clip_high", objectives=["ppo"], clip_high=-1),
    "kl_coef_below": bad_one(422, "out_of_range", "/kl_coef", objectives=["ppo"], kl_coef=-1),
    "kl_estimator_unknown": bad_one(422, "out_of_range", "/kl_estimator", objectives=["ppo"], kl_estimator="k4"),
    "kl_without_reference": bad(400, "missing_member", "/sequences/1/reference", objectives=["ppo"], kl_coef=0.1,
                                sequences=[{**A2, "reference": P2["old"]}, A2]),
    "aggregation_unknown": bad_one(422, "out_of_range", "/aggregation", objectives=["ppo"], aggregation="token-mean"),
    "aggregation_type": bad_one(400, "bad_shape", "/aggregation", objectives=["ppo"], aggregation=1),
    "norm_missing": bad_one(400, "missing_member", "/norm", objectives=["dr_grpo"]),
    "norm_missing_of_label": bad_one(400, "missing_member", "/norm", objectives=["ppo", {"name": "ppo", "label": "x", "aggregation": "sequence_mean_token_sum_norm"}]),
    "norm_zero": bad_one(422, "out_of_range", "/norm", objectives=["dr_grpo"], norm=0),
    "objective_without_old": bad(422, "undefined_objective", "/objectives/1", objectives=["reinforce", "ppo"], advantages=1, current=P2["current"]),
    "objective_without_current": bad(422, "undefined_objective", "/objectives/0", objectives=["reinforce"], advantages=1, old=P2["old"]),
    "objective_without_old_in_one": bad(422, "undefined_objective", "/objectives/0", objectives=["ppo"], sequences=[A2, {"advantages": 1, "current": P2["current"]}]),
    "correction_type": bad_one(400, "bad_shape", "/correction", correction=[]),
    "correction_unknown": bad_one(400, "unknown_member", "/correction/hihg", correction={"hihg": 2}),
    "correction_ratio_missing": bad_one(400, "missing_member", "/correction/ratio", correction={}),
    "correction_ratio_missing_in_one": bad(400, "missing_member", "/correction/ratio", correction={}, sequences=[{**A2, "rollout": P2["old"]}, A2]),
    "correction_ratio_named": bad_one(400, "missing_member", "/correction/ratio", correction={"ratio": "reference_current"}),
    "correction_ratio_unknown": bad_one(422, "out_of_range", "/correction/ratio", correction={"ratio": "rollout_old"}),
    "correction_ratio_type": bad_one(400, "bad_shape", "/correction/ratio", correction={"ratio": 1}),
    "correction_level_unknown": bad_one(422, "out_of_range", "/correction/level", correction={"level": "group"}),
    "correction_mode_unknown": bad_one(422, "out_of_range", "/correction/mode", correction={"mode": "trunc"}),
    "correction_low_above_high": bad_one(422, "out_of_range", "/correction/low", correction={"high": 1, "low": 1.5}),
    "correction_low_above_default": bad_one(422, "out_of_range", "/correction/low", correction={"low": 2.5}),
    "correction_low_below": bad_one(422, "out_of_range", "/correction/low", correction={"low": -1}),
    "correction_high_type": bad_one(400, "bad_shape", "/correction/high", correction={"high": "2"}),
    "correction_normalize_type": bad_one(400, "bad_shape", "/correction/normalize", correction={"normalize": 1}),
    "rejection_low_above_high": bad_one(422, "out_of_range", "/rejection/low", rejection={"low": 3}),
    "rejection_mode": bad_one(400, "unknown_member", "/rejection/mode", rejection={"mode": "mask"}),
    "rejection_ratio_missing": bad_one(400, "missing_member", "/rejection/ratio", rejection={"ratio": "current_rollout"}),
    "details_type": bad_one(400, "bad_shape", "/details", details="kl"),
    "details_unknown": bad_one(422, "out_of_range", "/details/1", details=["kl", "rank"]),
    "entropy_without_logits": bad_one(422, "needs_logits", "/details/0", details=["entropy"]),
    "kl_without_logits": bad_one(422, "needs_logits", "/details/0", details=["kl"]),
    "kl_with_one_side": bad(422, "needs_logits", "/details/1", tokens=[0, 1], prompt_length=1, details=["entropy", "kl"],
                            current={"logits": [[1, 2]]}, old={"logprobs": [None, -1]}),
    "entropy_of_old": bad(422, "needs_logits", "/details/0", tokens=[0, 1], prompt_length=1, details=["entropy"],
                          current={"logprobs": [None, -1]}, old={"logits": [[1, 2]]}),
    "vocabularies": bad(422, "bad_count", "/old/logits", tokens=[0, 1], prompt_length=1, details=["kl"], current={"logits": [[1, 2]]}, old={"logits": [[1, 2, 3]]}),
    "per_token_type": bad_one(400, "bad_shape", "/per_token", per_token=1),
    "not_json": ('{"current":', 400, "bad_json", ""),
}


def main():
    cases = Cases("policy")
    for name, body in VALID.items():
        text = json.dumps(body).replace('"-Infinity"', "-Infinity") if name == "kl_masked" else json.dumps(body)
        cases.answered(name, text, policy_oracle.answer(oracle.parse(text)))
    for name, (body, plain, pointers) in OUTPUTS.items():
        cases.answered(name, json.dumps(body), told(policy_oracle.answer(oracle.parse(json.dumps(plain))), pointers))
    cases.invalid(INVALID)


if __name__ == "__main__":
    main()
