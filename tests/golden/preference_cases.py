"""The requests of the golden cases of POST /v1/preference (preference.py)."""
import json

from frame import L3, TENSOR
from preference_losses import PAIRED, SMOOTHED, WITH_F, WITH_REFERENCE
from trained import openai, read



def sums(c, rc, j, rj, n=(None, None), **more):
    """A pair of sums."""
    def side(p, r, tokens):
        count = {} if tokens is None else {"tokens": tokens}
        return {"policy": {"log_prob": p, **count}, **({} if r is None else {"reference": {"log_prob": r, **count}})}
    return {"chosen": side(c, rc, n[0]), "rejected": side(j, rj, n[1]), **more}


def text(value):
    return json.dumps(value, separators=(",", ":"))


def request(objectives, pairs, **more):
    return text({"objectives": objectives, **more, "pairs": pairs})


FIVE = [sums(-44.5, -30.25, -22.5, -17.125, (8, 4), id="a"), sums(-19.5, -15.25, -29.0, -36.75, (5, 8)),
        sums(-21.0, -33.0, -16.75, -17.5, (6, 5), weight=0.5), sums(-23.0, -23.375, -20.875, -14.25, (6, 6), weight=3),
        sums(-28.125, -35.0, -21.5, -20.0, (7, 6), weight=0)]
EVEN = [{k: v for k, v in pair.items() if k != "weight"} for pair in FIVE]
EDGES = [sums("-Infinity", -2, -3, -2.5, (3, 3)), sums(-4, -2, "-Infinity", -2.5, (3, 2)),
         sums(-4, "-Infinity", -2, -2.5, (3, 2)), sums(-4, -3, -2, "-Infinity", (3, 2)),
         sums("-Infinity", "-Infinity", -3, -2.5, (3, 3)), sums("-Infinity", -1, "-Infinity", -2.5, (3, 3)),
         sums("-Infinity", -1, -3, "-Infinity", (3, 3)), sums(-3, "-Infinity", "-Infinity", -2, (3, 3))]
REWARDS = [{"chosen": {"reward": 1.5}, "rejected": {"reward": -0.25}, "margin": 0.5},
           {"chosen": {"reward": -0.75}, "rejected": {"reward": 0.125}, "margin": -1},
           {"chosen": {"reward": 2}, "rejected": {"reward": 2}, "weight": 2}]
EXAMPLES = [{"label": True, "policy": {"log_prob": -12.5, "tokens": 4}, "reference": {"log_prob": -14.25, "tokens": 4},
             "mismatched": {"policy": {"log_prob": -20}, "reference": {"log_prob": -21.5}}, "id": "x"},
            {"label": False, "policy": {"log_prob": -8}, "reference": {"log_prob": -7.5}, "weight": 2,
             "mismatched": {"policy": {"log_prob": -30.5}, "reference": {"log_prob": -30.25}}},
            {"label": True, "policy": {"log_prob": -40.125}, "reference": {"log_prob": -40.125}}]
PLAIN = [{k: v for k, v in example.items() if k != "mismatched"} for example in EXAMPLES]
LABELLED = ["apo_zero_unpaired", "bco", {"name": "kto", "kl": 0.25}]

VALID = {
    "contract": '{"beta":0.1,"objectives":["sigmoid",{"name":"ipo","beta":0.2}],"pairs":[{"id":7,"prompt":[1,5],"weight":1,"chosen":{"completion":[4,9],"policy":{"logprobs":[-0.5,-0.7]},"reference":{"log_prob":-1.5,"tokens":2}},"rejected":{"completion":[8],"policy":{"logprobs":[-2.5]},"reference":{"log_prob":-2.1,"tokens":1}}}]}',
    "default": text({"pairs": EVEN[:2]}),
    "default_rewards": text({"model": "m", "pairs": REWARDS}),
    "default_examples": text({"examples": EXAMPLES}),
    "rewards_beside_policies": text({"pairs": [{"chosen": {**EVEN[0]["chosen"], "reward": 1}, "rejected": {**EVEN[0]["rejected"], "reward": 2}}]}),
    "all_of_pairs": request(PAIRED, EVEN),
    "all_weighted": request([o for o in PAIRED if not o.startswith("aot")], FIVE),
    "all_of_one_pair": request(PAIRED, EVEN[:1]),
    "all_equal": request(PAIRED, [EVEN[1]] * 3),
    "all_without_references": request(["simpo", "cpo", "orpo", "sft"], [sums(-3.5, None, -4.25, None, (2, 3)), sums(-1.125, None, -1.5, None, (1, 2))]),
    "reference_free": request(WITH_REFERENCE, [sums(-3.5, None, -4.25, None, (2, 3)), sums(-1.125, -2, -1.5, None, (1, 2))], reference_free=True),
    "reference_free_of_one": request([{"name": "sigmoid", "reference_free": True}, "cpo"], [sums(-3.5, None, -4.25, None, (2, 3))]),
    "ties": request(["sigmoid", "hinge", "cpo", "orpo", "simpo"], [sums(-3, -2, -4, -3, (2, 2)), sums(-3, -2, -3, -2, (2, 2)), sums(-2, -2, -3, -2, (1, 2))]),
    "weights_zero": request(["sigmoid", "cpo"], [{**pair, "weight": 0} for pair in EVEN[:2]]),
    "weight_of_one": request(["sigmoid"], [{**EVEN[0], "weight": 0}, {**EVEN[1], "weight": 2.5}]),
    "weight_of_all": request(["sigmoid", "sft"], EVEN[:3], weight=0.25),
    "weights_far_apart": request(["sigmoid", "hinge"], [{**EVEN[0], "weight": 1e-200}, {**EVEN[1], "weight": 1e200}, {**EVEN[2], "weight": 3e199}]),
    "impossible": request([o for o in PAIRED if not o.startswith("aot")], EDGES),
    "impossible_smoothed": request([{"name": o, "label_smoothing": 0.1} for o in SMOOTHED if not o.startswith("aot")], EDGES),
    "impossible_forward_kl": request(WITH_F, EDGES, f_divergence="forward_kl"),
    "impossible_js": request(WITH_F, EDGES, f_divergence="js_divergence"),
    "impossible_rejected": request(PAIRED, [EDGES[1], EVEN[0]]),
    "impossible_null": request(PAIRED, [EDGES[4], EVEN[0]]),
    "impossible_null_without_weight": request(["sigmoid", "sft"], [{**EDGES[4], "weight": 0}, EVEN[0], EVEN[1]]),
    "impossible_both_infinities": request(["robust"], [EDGES[0], EDGES[1]], label_smoothing=0.1),
    "certain": request(["orpo", "simpo", "sft"], [sums(0, None, -1, None, (2, 2)), sums(-1, None, 0, None, (2, 2)), sums(0, None, 0, None, (1, 1))]),
    "margin_small": request(["sigmoid", "hinge", "sigmoid_norm", "cpo", "ipo_sum"], [sums(-10000, -10000.000000001, -9999.5, -9999.5, (700, 700))]),
    "margin_large": request(PAIRED, [sums(-1e9, -1, -1, -1e9, (10, 10)), sums(-1, -1e9, -1e9, -1, (10, 10))]),
    "margin_overflow": request(["sigmoid", "hinge", "ipo", "cpo", "robust"], [sums(-1.5e308, -1, -1, -1.5e308, (2, 3)), sums(-1, -1.5e308, -1.5e308, -1, (2, 3))]),
    "sums_beyond_doubles": '{"objectives":["sigmoid","cpo"],"beta":1e-308,"pairs":[{"chosen":{"policy":{"logprobs":[-1.5e308,-1e308]},"reference":{"log_prob":-1e308,"tokens":2}},"rejected":{"policy":{"logprobs":[-1.7e308]},"reference":{"log_prob":-1,"tokens":1}}}]}',
    "tiny": request(["sigmoid", "sigmoid_norm", "simpo", "hinge"], [sums(-3e-300, -2e-300, -1e-305, -1e-310, (1, 3))]),
    "beta_small": request(["sigmoid", "cpo", "sppo_hard", "exo_pair"], EVEN[:1], beta=1e-200),
    "beta_large": request(["sigmoid", "ipo", "exo_pair", "discopop"], EVEN[:1], beta=1e5),
    "sweep": request([{"name": "sigmoid", "label": "b%g" % b, "beta": b} for b in (0.01, 0.1, 0.5)] + ["sigmoid", {"name": "hinge", "label": "a \"b\""}], EVEN, beta=0.25),
    "smoothing": request(["sigmoid", {"name": "sigmoid", "label": "e", "label_smoothing": 0.3}, "robust", "exo_pair", "sigmoid_norm", "aot", "aot_unpaired", "simpo", "cpo", "hinge"], EVEN, label_smoothing=0.1),
    "forward_kl": request(WITH_F, EVEN, f_divergence="forward_kl"),
    "js_divergence": request(WITH_F, EVEN, f_divergence="js_divergence"),
    "alpha": request([{"name": "sigmoid", "label": "a%g" % a, "f_alpha": a} for a in (0.5, 1, 1.5, -3)] + WITH_F[1:], EVEN, f_divergence="alpha_divergence"),
    "alpha_unused": request(["sigmoid"], EVEN[:1], f_alpha=2),
    "own_zeros": request(["ipo_sum", "sppo_hard", {"name": "exo_pair", "label_smoothing": 0.25, "beta": 1}, {"name": "ipo", "beta": 0.5}], [sums(-3, -8, -8, -3, (1, 1)), sums(-5, -6.09, -5, -5, (1, 1)), sums(-5, -6, -5, -5, (1, 1))]),
    "discopop_tau": request(["discopop", {"name": "discopop", "label": "t", "tau": 2}], EVEN),
    "simpo_parameters": request([{"name": "simpo", "beta": 10, "gamma": -3.5, "nll_weight": 0.5, "label_smoothing": 0.2}], FIVE),
    "nll_weights": request(["cpo", "orpo", "simpo", {"name": "cpo", "label": "none", "nll_weight": 0}], FIVE, nll_weight=2.5),
    "cpo_without_tokens": request([{"name": "cpo", "nll_weight": 0}], [sums(-3.5, None, -4.25, None)]),
    "aot_of_five": request(["aot", "aot_unpaired"], EVEN, beta=0.2),
    "aot_ties": request(["aot", "aot_unpaired"], [EVEN[0], EVEN[0], EVEN[1], EVEN[1]]),
    "aot_infinite": request(["aot", "aot_unpaired"], [EDGES[1], EDGES[3], EVEN[0]]),
    "rewards_center": request([{"name": "bradley_terry", "center": 0.01}, {"name": "bradley_terry", "label": "plain"}], REWARDS),
    "rewards_margin_of_all": request(["bradley_terry"], [{k: v for k, v in pair.items() if k != "margin"} for pair in REWARDS], margin=0.25),
    "rewards_far": request([{"name": "bradley_terry", "center": 1e-300}], [{"chosen": {"reward": 1.7e308}, "rejected": {"reward": -1.7e308}}, {"chosen": {"reward": -900}, "rejected": {"reward": 1e-300}, "margin": -900}]),
    "lists": '{"objectives":["sigmoid","aot"],"pairs":[{"id":"p","chosen":[{"policy":{"log_prob":-3},"reference":{"log_prob":-4}},{"policy":{"log_prob":-2},"reference":{"log_prob":-2.5}}],"rejected":[{"policy":{"log_prob":-5},"reference":{"log_prob":-4}},{"policy":{"log_prob":-6.5},"reference":{"log_prob":-3}},{"policy":{"log_prob":-1},"reference":{"log_prob":-1}}]},{"rejected":{"policy":{"log_prob":-5},"reference":{"log_prob":-4}},"chosen":[{"policy":{"log_prob":-3},"reference":{"log_prob":-4}}]}]}',
    "logits": '{"objectives":["sigmoid","orpo","sigmoid_norm"],"pairs":[{"prompt":[0,2],"chosen":{"completion":[1,3],"policy":{"logits":%s},"reference":{"logits":[[1,2,3,4],[0,1,0,1],[2,0,1,0]]}},"rejected":{"completion":[0],"policy":{"offset":1,"logits":[[1,3,-0.5,0]]},"reference":{"offset":1,"logits":[[0.25,0.5,1,2]]}}}]}' % L3,
    "logits_of_tokens": '{"objectives":["cpo"],"temperature":0.5,"softcap":30,"pairs":[{"chosen":{"tokens":[0,2,1,3],"prompt_length":2,"policy":{"logits":%s}},"rejected":{"tokens":[0,2,1,3],"mask":[0,1,0,1],"policy":{"temperature":2,"logits":%s}}}]}' % (L3, L3),
    "samplers": '{"objectives":["sigmoid","ipo","cpo",{"name":"orpo","nll":"joint"}],"top_k":3,"pairs":[{"prompt":[0,2],"chosen":{"completion":[1,3],"policy":{"logits":%s},"reference":{"top_p":0.999,"temperature":2,"logits":[[1,2,3,4],[0,1,0,1],[2,0,1,1.5]]}},"rejected":{"completion":[0],"policy":{"offset":1,"min_p":0.1,"logits":[[1,3,-0.5,0]]},"reference":{"top_k":4,"offset":1,"logits":[[0.25,0.5,1,2]]}}}]}' % L3,
    "samplers_drop": '{"objectives":["sigmoid","cpo"],"pairs":[{"prompt":[0],"top_p":0.6,"chosen":{"completion":[1],"policy":{"logits":[[1,3,0]]},"reference":{"logits":[[2,3,0]]}},"rejected":[{"completion":[0],"policy":{"logits":[[1,3,0]]},"reference":{"top_p":1,"logits":[[2,3,0]]}},{"completion":[0],"policy":{"logits":[[1,3,0]]},"reference":{"top_k":1,"logits":[[2,3,0]]}}]}]}',
    "logits_same": '{"objectives":["simpo"],"alignment":"same","dtype":"f64","pairs":[{"prompt":[0],"chosen":{"completion":[1],"policy":{"logits":[[0,0],[0.1,0.7]]}},"rejected":{"completion":[0],"policy":{"logits":[[0,0],[0.1,0.7]]}}}]}',
    "tensors": '{"objectives":["cpo"],"pairs":[{"prompt":[3],"chosen":{"completion":[2],"policy":{"logits":%s}},"rejected":{"completion":[1],"policy":{"logits":%s}}}]}' % (TENSOR, TENSOR),
    "members_turned": '{"pairs":[{"rejected":{"reference":{"log_prob":-2},"policy":{"logits":[[1,2]]},"completion":[1]},"chosen":{"reference":{"log_prob":-1},"policy":{"logits":[[1,2]]},"completion":[0]},"prompt":[1]}],"objectives":["sigmoid"]}',
    "logprobs_of_all": '{"objectives":["cpo"],"pairs":[{"chosen":{"tokens":[5,6,7],"prompt_length":1,"policy":{"logprobs":[null,-1,-0.5]}},"rejected":{"prompt":[5],"completion":[8,9],"policy":{"logprobs":[-0.25,-1]}}}]}',
    "logprobs_impossible": '{"objectives":["cpo","simpo"],"pairs":[{"chosen":{"policy":{"logprobs":[-Infinity,-1]}},"rejected":{"policy":{"logprobs":["-Infinity"]}}}]}',
    "tokens_told_once": '{"objectives":["sigmoid_norm","ipo"],"pairs":[{"chosen":{"policy":{"log_prob":-3},"reference":{"log_prob":-4,"tokens":3}},"rejected":{"policy":{"log_prob":-5,"tokens":2},"reference":{"log_prob":-4}}}]}',
    "joint": '{"nll":"joint","objectives":["orpo","cpo",{"name":"orpo","label":"conditional","nll":"conditional"}],"pairs":[{"prompt":[0,2],"chosen":{"completion":[1,3],"policy":{"logits":%s}},"rejected":{"completion":[0],"policy":{"logits":[[1,2,3,4],[1,3,-0.5,0]]}}},{"weight":2,"chosen":{"tokens":[5,6,7],"prompt_length":2,"policy":{"logprobs":[null,-1,-0.5]}},"rejected":{"policy":{"logprobs":[-2]}}}]}' % L3,
    "examples_of_all": text({"objectives": LABELLED, "examples": PLAIN}),
    "examples_kto": text({"objectives": [{"name": "kto", "desirable_weight": 1.5, "undesirable_weight": 0.75, "beta": 0.5}], "examples": EXAMPLES}),
    "examples_weights_none": text({"objectives": LABELLED[:1] + LABELLED[2:], "desirable_weight": 0, "examples": PLAIN}),
    "examples_of_one_label": text({"objectives": LABELLED, "label": True, "examples": [{k: v for k, v in e.items() if k != "label"} for e in PLAIN]}),
    "examples_single": text({"objectives": LABELLED, "examples": PLAIN[1:2]}),
    "examples_kl_below_zero": text({"examples": [{**EXAMPLES[0], "mismatched": {"policy": {"log_prob": -20}, "reference": {"log_prob": -19.5}}}]}),
    "examples_kl_infinite": text({"examples": [{**EXAMPLES[0], "mismatched": {"policy": {"log_prob": -20}, "reference": {"log_prob": "-Infinity"}}}, PLAIN[1]]}),
    "examples_kl_zero": text({"kl": 0, "objectives": ["kto", {"name": "kto", "label": "k", "kl": 3.5}], "examples": PLAIN}),
    "examples_impossible": text({"objectives": LABELLED, "examples": PLAIN + [{"label": True, "policy": {"log_prob": "-Infinity"}, "reference": {"log_prob": -2}}]}),
    "sums_of_completions": '{"objectives":["sigmoid_norm","ipo","sft","simpo","orpo"],"prompt":[1],"pairs":[{"chosen":{"completion":[4,9],"policy":{"log_prob":-1.5,"tokens":2},"reference":{"log_prob":-2}},"rejected":{"completion":[8,8,8],"policy":{"log_prob":-2.5},"reference":{"log_prob":-3,"tokens":3}}}]}',
    "sums_of_splits": '{"objectives":["sigmoid_norm"],"pairs":[{"chosen":{"tokens":[0,4,9],"mask":[0,1,1],"policy":{"log_prob":-1.5},"reference":{"log_prob":-2}},"rejected":{"tokens":[8,8,8],"prompt_length":0,"policy":{"log_prob":-2.5},"reference":{"log_prob":-3}}},{"chosen":{"completion":[4],"policy":{"log_prob":-1.5},"reference":{"log_prob":-2}},"rejected":{"tokens":[7,8,9,9],"attention_mask":[0,1,1,0],"labels":[-100,-100,9,-100],"policy":{"log_prob":-2.5},"reference":{"log_prob":-3}}}]}',
    "orpo_sure": text({"objectives": ["orpo"], "pairs": [{"chosen": {"policy": {"log_prob": c, "tokens": 1}}, "rejected": {"policy": {"log_prob": j, "tokens": 1}}}
                                                         for c in (-1, -0.1, -1e-12) for j in (-1e-5, -1e-13, -1e-17, -1e-30, -1e-300)]}),
    "orpo_sure_turned": text({"objectives": ["orpo"], "pairs": [{"chosen": {"policy": {"log_prob": c, "tokens": 1}}, "rejected": {"policy": {"log_prob": j, "tokens": 1}}}
                                                                for j in (-1, -0.1, -1e-12) for c in (-1e-5, -1e-13, -1e-17, -1e-30, -1e-300)]}),
    "sums_bare": '{"objectives":["cpo"],"pairs":[{"chosen":{"policy":{"log_prob":-1,"tokens":2}},"rejected":{"policy":{"log_prob":-Infinity,"tokens":1}}},{"chosen":{"policy":{"log_prob":-1e999,"tokens":2}},"rejected":{"policy":{"log_prob":-30000000000000000000000,"tokens":1}}}]}',
    "examples_null": text({"objectives": LABELLED, "examples": PLAIN + [{"label": False, "policy": {"log_prob": "-Infinity"}, "reference": {"log_prob": "-Infinity"}}]}),
    "examples_delta": text({"objectives": ["bco", {"name": "bco", "label": "evaluation", "delta": 0.125}, {"name": "bco", "label": "next", "delta": {"mean": -0.5, "count": 12}}], "examples": PLAIN}),
    "examples_reference_free": text({"objectives": ["apo_zero_unpaired"], "reference_free": True, "examples": [{"label": False, "policy": {"log_prob": -3}}]}),
    "examples_logits": '{"kl":0.5,"examples":[{"prompt":[0,2],"completion":[1,3],"label":true,"policy":{"logits":%s},"reference":{"logits":[[1,2,3,4],[0,1,0,1],[2,0,1,0]]}}]}' % L3,
    "examples_mismatched_logits": '{"examples":[{"prompt":[0,2],"completion":[1,3],"label":true,"policy":{"logits":%s},"mismatched":{"completion":[0],"reference":{"log_prob":-4},"policy":{"offset":1,"logits":[[1,3,-0.5,0]]}},"reference":{"log_prob":-3}}]}' % L3,
}



def judged(numbers, outputs, of=0):
    """A completion of two tokens whose outputs are engines' answers, or plain numbers."""
    return {"completion": [2, 3], **{name: openai(*p) if outputs else {"logprobs": list(p)} for name, p in numbers.items()}}


# Answers of engines: the request, the same with plain numbers, and what is told of each.
FOUR = [{"policy": (None, -1, -2), "reference": (None, -1.5, -2)}, {"policy": (None, -3, -2)}, {"policy": (None, -1, -0.5), "reference": (None, -1, -1)}]
FREE = {"objectives": ["sigmoid"], "reference_free": True, "prompt": [1]}
OUTPUTS = {
    "outputs": (*({**FREE, "pairs": [{"chosen": judged(FOUR[0], o), "rejected": [judged(FOUR[1], o), judged(FOUR[2], False)]}]} for o in (True, False)),
                {"/pairs/0/chosen/policy": read(), "/pairs/0/chosen/reference": read(), "/pairs/0/rejected/policy": read(),
                 "/pairs/1/chosen/policy": read(), "/pairs/1/chosen/reference": read()}),
    "outputs_of_examples": (*({"objectives": ["kto"], "kl": 0, "prompt": [1], "examples": [{"label": True, **judged(FOUR[0], o)}, {"label": False, **judged(FOUR[2], False)}]} for o in (True, False)),
                            {"/examples/0/policy": read(), "/examples/0/reference": read()}),
}

PAIR = '"chosen":{"policy":{"log_prob":-1},"reference":{"log_prob":-2}},"rejected":{"policy":{"log_prob":-3},"reference":{"log_prob":-2}}'
ONE = '"pairs":[{%s}]' % PAIR
EXAMPLE = '{"label":true,"policy":{"log_prob":-1},"reference":{"log_prob":-2}}'
SIDE = '{"policy":{"log_prob":-1},"reference":{"log_prob":-2}}'


def chosen(members):
    return '{"pairs":[{"chosen":{%s},"rejected":%s}]}' % (members, SIDE)


def with_objectives(objectives, pairs=ONE):
    return '{"objectives":%s,%s}' % (objectives, pairs)


BAD, RANGE, MISSING, CONFLICT = (400, "bad_shape"), (422, "out_of_range"), (400, "missing_member"), (400, "conflicting_members")
UNKNOWN, UNDEFINED, COUNT = (400, "unknown_member"), (422, "undefined_objective"), (422, "bad_count")
WITH_SIDE = '"reference":{"log_prob":-1}'
INVALID = {
    # the shape of the request
    "empty": ("{}", *MISSING, "/pairs"),
    "array": ("[]", *BAD, ""),
    "both_lists": ('{%s,"examples":[%s]}' % (ONE, EXAMPLE), *CONFLICT, "/examples"),
    "both_lists_turned": ('{"examples":[%s],%s}' % (EXAMPLE, ONE), *CONFLICT, "/pairs"),
    "pairs_type": ('{"pairs":{}}', *BAD, "/pairs"),
    "pairs_none": ('{"pairs":[]}', *RANGE, "/pairs"),
    "pair_type": ('{"pairs":[1]}', *BAD, "/pairs/0"),
    "pair_unknown": ('{"pairs":[{%s,"wieght":1}]}' % PAIR, *UNKNOWN, "/pairs/0/wieght"),
    "chosen_missing": ('{"pairs":[{"rejected":%s}]}' % SIDE, *MISSING, "/pairs/0/chosen"),
    "rejected_missing": ('{"pairs":[{"chosen":%s}]}' % SIDE, *MISSING, "/pairs/0/rejected"),
    "chosen_type": ('{"pairs":[{"chosen":7,"rejected":%s}]}' % SIDE, *BAD, "/pairs/0/chosen"),
    "chosen_none": ('{"pairs":[{"chosen":[],"rejected":%s}]}' % SIDE, *RANGE, "/pairs/0/chosen"),
    "chosen_element": ('{"pairs":[{"chosen":[%s,3],"rejected":%s}]}' % (SIDE, SIDE), *BAD, "/pairs/0/chosen/1"),
    "rejected_too_many": ('{"pairs":[{"chosen":%s,"rejected":[%s]}]}' % (SIDE, ",".join([SIDE] * 65)), *RANGE, "/pairs/0/rejected"),
    "policy_type": (chosen('"policy":[-1]'), *BAD, "/pairs/0/chosen/policy"),
    "output_none": (chosen('"policy":{}'), *MISSING, "/pairs/0/chosen/policy/logits"),
    "output_none_second": ('{"pairs":[{%s},{"chosen":%s,"rejected":{"reference":{"temperature":1}}}]}' % (PAIR, SIDE), *MISSING, "/pairs/1/rejected/reference/logits"),
    "output_both": (chosen('"policy":{"log_prob":-1,"logprobs":[-1]}'), *CONFLICT, "/pairs/0/chosen/policy/logprobs"),
    "output_both_turned": (chosen('"policy":{"logits":[[1,2]],"log_prob":-1}'), *CONFLICT, "/pairs/0/chosen/policy/log_prob"),
    "output_count_of_logprobs": (chosen('"policy":{"logprobs":[-1],"tokens":1}'), *CONFLICT, "/pairs/0/chosen/policy/tokens"),
    "output_count_alone": (chosen('"policy":{"tokens":1}'), *MISSING, "/pairs/0/chosen/policy/log_prob"),
    "output_unknown": (chosen('"policy":{"logprob":-1}'), *UNKNOWN, "/pairs/0/chosen/policy/logprob"),
    "output_in_pair": ('{"pairs":[{"logprobs":[-1],%s}]}' % PAIR, *UNKNOWN, "/pairs/0/logprobs"),
    "logits_in_completion": (chosen('"logits":[[1,2]],"policy":{"log_prob":-1}'), *UNKNOWN, "/pairs/0/chosen/logits"),
    "sum_positive": (chosen('"policy":{"log_prob":0.5}'), *RANGE, "/pairs/0/chosen/policy/log_prob"),
    "sum_nan": (chosen('"policy":{"log_prob":NaN}'), 400, "bad_json", "/pairs/0/chosen/policy/log_prob"),
    "sum_infinite": (chosen('"policy":{"log_prob":Infinity}'), 400, "bad_json", "/pairs/0/chosen/policy/log_prob"),
    "sum_word": (chosen('"policy":{"log_prob":-Infinity,"tokens":-Infinity}'), 400, "bad_json", "/pairs/0/chosen/policy/tokens"),
    "sum_type": (chosen('"policy":{"log_prob":"-1"}'), *BAD, "/pairs/0/chosen/policy/log_prob"),
    "sum_infinity": (chosen('"policy":{"log_prob":"Infinity"}'), *BAD, "/pairs/0/chosen/policy/log_prob"),
    "sum_tokens_zero": (chosen('"policy":{"log_prob":-1,"tokens":0}'), *RANGE, "/pairs/0/chosen/policy/tokens"),
    "sum_tokens_type": (chosen('"policy":{"log_prob":-1,"tokens":1.5}'), *BAD, "/pairs/0/chosen/policy/tokens"),
    "sum_tokens_ids": (chosen('"policy":{"log_prob":-1,"tokens":[1]}'), *BAD, "/pairs/0/chosen/policy/tokens"),
    "tokens_count_in_completion": (chosen('"tokens":2,"policy":{"log_prob":-1}'), *BAD, "/pairs/0/chosen/tokens"),
    "tokens_differ": (chosen('"policy":{"log_prob":-1,"tokens":2},"reference":{"log_prob":-1,"tokens":3}'), *COUNT, "/pairs/0/chosen/reference/tokens"),
    "tokens_differ_turned": (chosen('"reference":{"log_prob":-1,"tokens":3},"policy":{"logprobs":[-1,-2]}'), *COUNT, "/pairs/0/chosen/reference/tokens"),
    "tokens_differ_completion": (chosen('"completion":[4,9],"policy":{"log_prob":-1,"tokens":3},"reference":{"log_prob":-1}'), *COUNT, "/pairs/0/chosen/policy/tokens", "has 2"),
    "tokens_differ_completion_reference": (chosen('"completion":[4,9],"policy":{"logprobs":[-1,-2]},"reference":{"log_prob":-1,"tokens":1}').replace('{"pairs":[{', '{"pairs":[{"prompt":[1],'), *COUNT, "/pairs/0/chosen/reference/tokens"),
    "tokens_differ_prompt_length": (chosen('"tokens":[4,9,1],"prompt_length":1,"policy":{"log_prob":-1,"tokens":3},"reference":{"log_prob":-1}'), *COUNT, "/pairs/0/chosen/policy/tokens"),
    "tokens_differ_mask": (chosen('"tokens":[4,9,1],"mask":[0,1,0],"policy":{"log_prob":-1},"reference":{"tokens":2,"log_prob":-1}'), *COUNT, "/pairs/0/chosen/reference/tokens"),
    "tokens_differ_example": ('{"kl":0,"examples":[{"label":true,"completion":[1,2],"policy":{"log_prob":-1,"tokens":1},"reference":{"log_prob":-1}}]}', *COUNT, "/examples/0/policy/tokens"),
    "sum_empty": (chosen('"completion":[],"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *RANGE, "/pairs/0/chosen/completion"),
    "sum_empty_prompt": (chosen('"prompt":[],"completion":[],"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *RANGE, "/pairs/0/chosen/completion"),
    "sum_empty_mask": (chosen('"tokens":[1,2],"mask":[0,0],"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *RANGE, "/pairs/0/chosen/mask"),
    "sum_empty_prompt_length": (chosen('"tokens":[1,2],"prompt_length":2,"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *RANGE, "/pairs/0/chosen/prompt_length"),
    "sum_mask_count": (chosen('"tokens":[1,2],"mask":[0,1,1],"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *COUNT, "/pairs/0/chosen/mask"),
    "sum_prompt_length_above": (chosen('"tokens":[1,2],"prompt_length":3,"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *RANGE, "/pairs/0/chosen/prompt_length"),
    "sum_two_splits": (chosen('"completion":[1,2],"prompt":[0],"mask":[1,1,0],"policy":{"log_prob":0},"reference":{"log_prob":-1}'), *CONFLICT, "/pairs/0/chosen/mask"),
    "sum_empty_mismatched": ('{"examples":[{"label":true,"completion":[1],"policy":{"log_prob":-1},"reference":{"log_prob":-1},"mismatched":{"completion":[],"policy":{"log_prob":-1},"reference":{"log_prob":-1}}}]}', *RANGE, "/examples/0/mismatched/completion"),
    "tokens_differ_logprobs": (chosen('"policy":{"logprobs":[-1,-2]},"reference":{"logprobs":[-1]}'), *COUNT, "/pairs/0/chosen/reference/logprobs"),
    "tokens_differ_in_list": ('{"pairs":[{"chosen":[%s,{"policy":{"log_prob":-1,"tokens":2},"reference":{"log_prob":-1,"tokens":3}}],"rejected":%s}]}' % (SIDE, SIDE), *COUNT, "/pairs/0/chosen/1/reference/tokens"),
    "weight_negative": ('{"pairs":[{"weight":-1,%s}]}' % PAIR, *RANGE, "/pairs/0/weight"),
    "weight_type": ('{"pairs":[{"weight":"1",%s}]}' % PAIR, *BAD, "/pairs/0/weight"),
    "margin_type": ('{"pairs":[{"margin":null,%s}]}' % PAIR, *BAD, "/pairs/0/margin"),
    "id_type": ('{"pairs":[{"id":1.5,%s}]}' % PAIR, *BAD, "/pairs/0/id"),
    "reward_type": (chosen('"reward":"3"'), *BAD, "/pairs/0/chosen/reward"),
    "label_in_pair": ('{"pairs":[{"label":true,%s}]}' % PAIR, *UNKNOWN, "/pairs/0/label"),
    "examples_type": ('{"examples":1}', *BAD, "/examples"),
    "examples_none": ('{"examples":[]}', *RANGE, "/examples"),
    "label_missing": ('{"kl":0,"examples":[{"policy":{"log_prob":-1}}]}', *MISSING, "/examples/0/label"),
    "label_type": ('{"kl":0,"examples":[{"label":1,"policy":{"log_prob":-1}}]}', *BAD, "/examples/0/label"),
    "mismatched_type": ('{"examples":[{"label":true,"mismatched":[],"policy":{"log_prob":-1}}]}', *BAD, "/examples/0/mismatched"),
    "mismatched_in_pair": ('{"pairs":[{"mismatched":%s,%s}]}' % (SIDE, PAIR), *UNKNOWN, "/pairs/0/mismatched"),
    "chosen_in_example": ('{"examples":[{"label":true,"chosen":%s}]}' % SIDE, *UNKNOWN, "/examples/0/chosen"),
    # which tokens
    "completion_empty": (chosen('"prompt":[1],"completion":[],"policy":{"logprobs":[-1]}'), *RANGE, "/pairs/0/chosen/completion"),
    "logprobs_empty": (chosen('"policy":{"logprobs":[]}'), *RANGE, "/pairs/0/chosen/policy/logprobs"),
    "prompt_missing": (chosen('"completion":[1],"policy":{"logits":[[1,2]]}'), *MISSING, "/pairs/0/chosen/prompt"),
    "split_missing": (chosen('"tokens":[0,1],"policy":{"logits":[[1,2]]}'), *MISSING, "/pairs/0/chosen/prompt_length"),
    "token_at_zero": (chosen('"prompt":[],"completion":[0,1],"policy":{"logits":[[1,2]]}'), *RANGE, "/pairs/0/chosen/completion/0"),
    "token_too_large": ('{"pairs":[{"prompt":[0],"chosen":{"completion":[2],"policy":{"logits":[[1,2]]}},"rejected":%s}]}' % SIDE, *RANGE, "/pairs/0/chosen/completion/0"),
    "rows_missing": ('{"pairs":[{"prompt":[0],"chosen":{"completion":[1,1],"policy":{"logits":[[1,2]]}},"rejected":%s}]}' % SIDE, *COUNT, "/pairs/0/chosen/policy/logits"),
    "row_nan": ('{"pairs":[{"prompt":[0],"chosen":{"completion":[1],"policy":{"log_prob":-1},"reference":{"logits":[[1,NaN]]}},"rejected":%s}]}' % SIDE, 422, "bad_row", "/pairs/0/chosen/reference/logits/0/1"),
    "logprob_null": (chosen('"policy":{"logprobs":[-1,null]}'), *RANGE, "/pairs/0/chosen/policy/logprobs/1"),
    "logprob_positive": (chosen('"policy":{"logprobs":[0.5]}'), *RANGE, "/pairs/0/chosen/policy/logprobs/0"),
    "logprobs_count": ('{"pairs":[{"prompt":[0],"chosen":{"completion":[1,1],"policy":{"logprobs":[-1]}},"rejected":%s}]}' % SIDE, *COUNT, "/pairs/0/chosen/policy/logprobs"),
    "temperature_list": (chosen('"policy":{"log_prob":-1,"temperature":[1]}'), 400, "bad_shape", "/pairs/0/chosen/policy/temperature"),
    "temperature_with_logprobs": ('{"temperature":2,"pairs":[{"chosen":{"policy":{"logprobs":[-1]}},"rejected":%s}]}' % SIDE, 422, "needs_logits", "/temperature"),
    "temperature_with_sum": (chosen('"policy":{"log_prob":-1,"temperature":2}'), 422, "needs_logits", "/pairs/0/chosen/policy/temperature"),
    "softcap_with_sum": (chosen('"policy":{"softcap":2,"log_prob":-1}'), 422, "needs_logits", "/pairs/0/chosen/policy/softcap"),
    "top_k_with_sum": (chosen('"policy":{"top_k":2,"log_prob":-1}'), 422, "needs_logits", "/pairs/0/chosen/policy/top_k"),
    "top_p_of_all_with_sum": ('{"top_p":0.9,"pairs":[{%s}]}' % PAIR, 422, "needs_logits", "/top_p"),
    "temperature_range": (chosen('"policy":{"log_prob":-1,"temperature":0}'), *RANGE, "/pairs/0/chosen/policy/temperature"),
    # objectives and their parameters
    "objectives_type": (with_objectives('"sigmoid"'), *BAD, "/objectives"),
    "objectives_none": (with_objectives("[]"), *RANGE, "/objectives"),
    "objective_type": (with_objectives("[3]"), *BAD, "/objectives/0"),
    "objective_unknown": (with_objectives('["sigmoid","sigmiod"]'), *RANGE, "/objectives/1", "the nearest objective is sigmoid"),
    "objective_of_tutorials": (with_objectives('["aot_pair"]'), *RANGE, "/objectives/0"),
    "objective_unnamed": (with_objectives('[{"beta":1}]'), *MISSING, "/objectives/0/name"),
    "objective_name_type": (with_objectives('[{"name":1}]'), *BAD, "/objectives/0/name"),
    "objective_named_unknown": (with_objectives('[{"name":"dpo"}]'), *RANGE, "/objectives/0/name"),
    "objective_twice": (with_objectives('["sigmoid","sigmoid"]'), 400, "duplicate_name", "/objectives/1"),
    "label_twice": (with_objectives('["sigmoid",{"name":"hinge","label":"sigmoid"}]'), 400, "duplicate_name", "/objectives/1/label"),
    "label_of_objective_type": (with_objectives('[{"name":"hinge","label":3}]'), *BAD, "/objectives/0/label"),
    "parameter_unknown": (with_objectives('[{"name":"hinge","betas":1}]'), *UNKNOWN, "/objectives/0/betas"),
    "parameter_unused": (with_objectives('[{"name":"hinge","label_smoothing":0.1}]'), *CONFLICT, "/objectives/0/label_smoothing"),
    "parameter_unused_by_all": ('{"tau":0.1,"objectives":["hinge","ipo"],%s}' % ONE, *CONFLICT, "/tau"),
    "parameter_unused_by_default": ('{"gamma":0.1,%s}' % ONE, *CONFLICT, "/gamma"),
    "f_divergence_of_apo_down": (with_objectives('[{"name":"apo_down","f_divergence":"forward_kl"}]'), *CONFLICT, "/objectives/0/f_divergence"),
    "beta_of_sft": (with_objectives('[{"name":"sft","beta":1}]'), *CONFLICT, "/objectives/0/beta"),
    "beta_zero": ('{"beta":0,%s}' % ONE, *RANGE, "/beta"),
    "beta_type": ('{"beta":"0.1",%s}' % ONE, *BAD, "/beta"),
    "beta_of_one": (with_objectives('["sigmoid",{"name":"hinge","beta":-1}]'), *RANGE, "/objectives/1/beta"),
    "smoothing_half": ('{"label_smoothing":0.5,%s}' % ONE, *RANGE, "/label_smoothing"),
    "smoothing_negative": (with_objectives('[{"name":"cpo","label_smoothing":-0.1}]'), *RANGE, "/objectives/0/label_smoothing"),
    "smoothing_zero_of_exo": (with_objectives('[{"name":"exo_pair","label_smoothing":0}]'), *RANGE, "/objectives/0/label_smoothing"),
    "smoothing_zero_for_exo": ('{"label_smoothing":0,"objectives":["sigmoid","exo_pair"],%s}' % ONE, *RANGE, "/label_smoothing"),
    "f_divergence_unknown": ('{"f_divergence":"jeffreys",%s}' % ONE, *RANGE, "/f_divergence"),
    "f_divergence_type": ('{"f_divergence":1,%s}' % ONE, *BAD, "/f_divergence"),
    "f_alpha_type": ('{"f_alpha":null,%s}' % ONE, *BAD, "/f_alpha"),
    "tau_zero": (with_objectives('[{"name":"discopop","tau":0}]'), *RANGE, "/objectives/0/tau"),
    "nll_unknown": (with_objectives('[{"name":"orpo","nll":"all"}]'), *RANGE, "/objectives/0/nll"),
    "nll_weight_negative": (with_objectives('[{"name":"orpo","nll_weight":-1}]'), *RANGE, "/objectives/0/nll_weight"),
    "center_negative": (with_objectives('[{"name":"bradley_terry","center":-1}]'), *RANGE, "/objectives/0/center"),
    "reference_free_type": ('{"reference_free":1,%s}' % ONE, *BAD, "/reference_free"),
    "kl_negative": ('{"kl":-1,"examples":[%s]}' % EXAMPLE, *RANGE, "/kl"),
    "delta_type": ('{"objectives":["bco"],"delta":"0","examples":[%s]}' % EXAMPLE, *BAD, "/delta"),
    "delta_count_missing": ('{"objectives":["bco"],"delta":{"mean":1},"examples":[%s]}' % EXAMPLE, *MISSING, "/delta/count"),
    "delta_count_negative": ('{"objectives":["bco"],"delta":{"mean":1,"count":-1},"examples":[%s]}' % EXAMPLE, *RANGE, "/delta/count"),
    "delta_unknown": ('{"objectives":["bco"],"delta":{"mean":1,"count":1,"sum":1},"examples":[%s]}' % EXAMPLE, *UNKNOWN, "/delta/sum"),
    # what an objective lacks
    "policy_missing": (chosen(WITH_SIDE), *UNDEFINED, "/objectives/0"),
    "policy_missing_second": ('{"objectives":["bradley_terry","cpo"],"pairs":[{"chosen":{"reward":1},"rejected":{"reward":2}}]}', *UNDEFINED, "/objectives/1"),
    "reference_missing": ('{"pairs":[{"chosen":{"policy":{"log_prob":-1}},"rejected":%s}]}' % SIDE, *UNDEFINED, "/objectives/0", "reference_free"),
    "reference_missing_second": ('{"objectives":["cpo","hinge"],"pairs":[{"chosen":{"policy":{"log_prob":-1,"tokens":1}},"rejected":%s}]}' % SIDE, *UNDEFINED, "/objectives/1"),
    "reward_missing": (with_objectives('["sigmoid","bradley_terry"]'), *UNDEFINED, "/objectives/1"),
    "reward_of_one": ('{"pairs":[{"chosen":{"reward":1},"rejected":{}}]}', *UNDEFINED, "/objectives/0"),
    **{"tokens_of_" + name: (with_objectives('["hinge","%s"]' % name), *UNDEFINED, "/objectives/1") for name in ("sigmoid_norm", "ipo", "sft", "simpo", "orpo", "cpo")},
    "joint_of_sums": (with_objectives('[{"name":"cpo","nll":"joint"}]', '"pairs":[{"chosen":{"policy":{"log_prob":-1,"tokens":1}},"rejected":%s}]' % SIDE), *UNDEFINED, "/objectives/0"),
    "joint_of_y": (with_objectives('[{"name":"orpo","nll":"joint"}]', '"pairs":[{"chosen":{"policy":{"logprobs":[-1,-2]}},"rejected":{"policy":{"logprobs":[-1]}}}]'), *UNDEFINED, "/objectives/0"),
    "joint_of_completion_only": ('{"nll":"joint","objectives":["orpo"],"pairs":[{"prompt":[1,2],"chosen":{"completion":[3],"policy":{"logprobs":[-2]}},"rejected":{"completion":[3],"policy":{"logprobs":[-1]}}}]}', *UNDEFINED, "/objectives/0"),
    "joint_behind_offset": ('{"nll":"joint","objectives":["orpo"],"pairs":[{"prompt":[1,0],"chosen":{"completion":[1],"policy":{"offset":1,"logits":[[1,2]]}},"rejected":{"completion":[0],"policy":{"offset":1,"logits":[[1,2]]}}}]}', *UNDEFINED, "/objectives/0"),
    "kto_of_pairs": (with_objectives('["sigmoid","kto"]'), *UNDEFINED, "/objectives/1"),
    "sigmoid_of_examples": ('{"objectives":["sigmoid"],"examples":[%s]}' % EXAMPLE, *UNDEFINED, "/objectives/0"),
    "kl_missing": ('{"examples":[%s]}' % EXAMPLE, *MISSING, "/kl"),
    "kl_and_mismatched": ('{"kl":1,"examples":[{"mismatched":%s,%s]}' % (SIDE, EXAMPLE[1:]), *CONFLICT, "/kl"),
    "kl_of_one_and_mismatched": ('{"objectives":["bco",{"name":"kto","kl":1}],"examples":[{"mismatched":%s,%s]}' % (SIDE, EXAMPLE[1:]), *CONFLICT, "/objectives/1/kl"),
    "mismatched_without_reference": ('{"examples":[{"mismatched":{"policy":{"log_prob":-1}},%s]}' % EXAMPLE[1:], *UNDEFINED, "/objectives/0"),
    "example_without_policy": ('{"kl":1,"examples":[%s,{"label":true,"reference":{"log_prob":-1}}]}' % EXAMPLE, *UNDEFINED, "/objectives/0"),
    "aot_weight": (with_objectives('["sigmoid","aot"]', '"pairs":[{%s},{"weight":2,%s}]' % (PAIR, PAIR)), *CONFLICT, "/pairs/1/weight"),
    "aot_weight_zero": (with_objectives('["aot_unpaired"]', '"pairs":[{"weight":0,%s}]' % PAIR), *CONFLICT, "/pairs/0/weight"),
    "duplicate": ('{"beta":1,"beta":2,%s}' % ONE, 400, "duplicate_name", "/beta"),
}
