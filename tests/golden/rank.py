#!/usr/bin/env python3
"""Golden cases of POST /v1/rank: requests, the answers of an independent implementation (the oracle's
log-probabilities in decimal arithmetic, ranked here), and how invalid requests must be refused.

Run: python3 tests/golden/rank.py          writes rank/valid/*/ and rank/invalid/*/
     python3 tests/golden/rank.py FILE     prints the answer to one request"""
import json
import math
import re
import sys
from decimal import Decimal as D, getcontext

import oracle
import rank_calibration
import rank_labels
import rank_models
from frame import Cases, L3, LP, TENSOR, print_answer
from oracle import DETAILS, INF, out
from rank_labels import source

getcontext().prec = 400  # 1 - p keeps its digits, however near 1 p is


def label_values(merged, place):
    """The log-probability of a choice that is some ids of one row, its tokens and greedy."""
    ids = merged["token"] if isinstance(merged["token"], list) else [merged["token"]]
    row = oracle.Row(oracle.rows_of(merged)[0], merged)
    mass = sum(((-row.nll[i]).exp() for i in ids if row.nll[i] is not None), D(0))
    return mass.ln() if mass else -INF, 1, row.argmax in ids, []


def sequence_values(merged, place):
    sequence = oracle.Sequence({**merged, "objectives": ["conditional"]}, place)
    log_prob, _, tokens, _ = sequence.value("conditional")
    return log_prob, tokens, sequence.greedy("conditional"), sequence.warnings


def choice_values(merged, place):
    """The values of a choice by normalisation, and its tokens, greedy and warnings; `place` as in oracle.py."""
    log_prob, tokens, greedy, warnings = (label_values if "token" in merged else sequence_values)(merged, place)
    counts = dict(merged.get("counts", {}))
    if "text" in merged:
        text = merged["text"]
        counts = {"characters": len(text), "bytes": len(text.encode()), "words": len(re.split(r"\s+", text))}

    def per(length):
        return None if not length else log_prob if log_prob == -INF else D(log_prob) / length

    pmi, unconditional = None, merged.get("unconditional")
    if unconditional is not None:
        infinite = unconditional in ("-Infinity", -math.inf)
        if log_prob == -INF:
            pmi = None if infinite else -INF
        else:
            pmi = INF if infinite else D(log_prob) - D(float(unconditional))
    values = {"log_prob": log_prob, "log_prob_per_token": per(tokens),
              "log_prob_per_character": per(counts.get("characters")), "log_prob_per_byte": per(counts.get("bytes")),
              "log_prob_per_word": per(counts.get("words")), "pmi": pmi}
    return values, tokens, greedy, warnings


BEST = {"log_prob": ("log_prob", "acc"), "log_prob_per_token": ("per_token", "acc_tokens"),
        "log_prob_per_character": ("per_character", "acc_norm"), "log_prob_per_byte": ("per_byte", "acc_bytes"),
        "log_prob_per_word": ("per_word", "acc_words"), "pmi": ("pmi", "acc_mutual_info")}
MEASURES = [accuracy for _, accuracy in BEST.values()] + ["brier"]


def right_choice(gold, choices):
    """The index of a choice, from its id or its index."""
    named = [i for i, choice in enumerate(choices) if "id" in choice and choice["id"] == gold]
    return named[0] if named else gold


BY = {name: value for value, (name, _) in BEST.items()}


def rank_question(index, defaults, question, request):
    choices, all_values, warnings = [], [], []
    at = "/questions/%d" % index if "questions" in request else ""
    for i, choice in enumerate(question["choices"]):
        values, tokens, greedy, noticed = choice_values({**defaults, **choice}, lambda name: "%s/choices/%d" % (at, i)
                                                        if name in choice else at if name in question else "")
        all_values.append(values)
        warnings.append(noticed)
        choices.append({"index": i, **({"id": choice["id"]} if "id" in choice else {}), "tokens": tokens,
                        **{k: None if v is None else out(v) for k, v in values.items()}, "greedy": greedy})
    sums = [v["log_prob"] for v in all_values]
    weights = [D(0) if s == -INF else D(s).exp() for s in sums]
    most = max(sums)
    shares = [D(0) if s == -INF or s - most < -10 ** 6 else (s - most).exp() for s in map(D, sums)] if most > -INF else []
    probabilities = [w / sum(shares) for w in shares] or None
    for i, choice in enumerate(choices):
        choice["probability"] = out(probabilities[i]) if probabilities else None
        if warnings[i]:
            choice["warnings"] = warnings[i]
    best = {}
    for norm, (name, _) in BEST.items():
        column = [v[norm] for v in all_values]
        best[name] = None if None in column else column.index(max(column))
    result = {"index": index}
    identity = question.get("id", request.get("id"))
    if identity is not None:
        result["id"] = identity
    result.update({"choices": choices, "best": best})
    gold = question.get("gold", request.get("gold"))
    measures = {}
    of_mass = question.get("mass", any("token" in {**defaults, **choice} for choice in question["choices"]))
    if of_mass is not False:
        result["mass"] = out(sum((weights if of_mass is True else [weights[i] for i in of_mass]), D(0)))
    values = [{**defaults, **choice}.get("value") for choice in question["choices"]]
    if any(v is not None for v in values):
        having = [(w, D(float(v))) for w, v in zip(weights, values) if v is not None]
        mass = sum(w for w, _ in having)
        measures["expected_value"] = sum(w * v for w, v in having) / mass if mass else None
        result["expected_value"] = out(measures["expected_value"]) if mass else None
    if gold is not None:
        golds = set(right_choice(g, question["choices"]) for g in (gold if isinstance(gold, list) else [gold]))
        for name, accuracy in BEST.values():
            measures[accuracy] = None if best[name] is None else int(best[name] in golds)
        measures["brier"] = None
        if probabilities and len(golds) == 1:
            measures["brier"] = sum((p - (k in golds)) ** 2 for k, p in enumerate(probabilities))
        result.update({k: v if v is None or isinstance(v, int) else out(v) for k, v in measures.items()})
        if "calibration" in request:
            by = BY[request["calibration"].get("by", "log_prob")]
            measures["judged"] = [v[by] for v in all_values], golds
            rank = rank_calibration.rank_of(*measures["judged"])
            result["reciprocal_rank"] = rank and 1 / rank
    return result, measures


def total(values):
    values = [D(v) for v in values if v is not None]
    mean = sum(values, D(0)) / len(values) if values else None
    error = None
    if len(values) > 1:
        error = (sum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values)).sqrt()
    return {"mean": None if mean is None else out(mean), "standard_error": None if error is None else out(error),
            "questions": len(values)}


def answer(request):
    if rank_models.has_models(request):
        return rank_models.answer(request, answer, MEASURES[:-1])
    own = ("questions", "choices", "gold", "id", "model", "mass", "calibration")
    defaults = {k: v for k, v in request.items() if k not in own}
    questions, measures = [], []
    for i, question in enumerate(request.get("questions", [request])):
        merged = {**defaults, **{k: v for k, v in question.items() if k not in own}}
        result, measured = rank_question(i, merged, question, request)
        questions.append(result)
        measures.append(measured)
    result = {"model": request["model"]} if "model" in request else {}
    result["questions"] = questions
    result["totals"] = {"questions": len(questions), "choices": sum(len(q["choices"]) for q in questions),
                        **{name: total([m.get(name) for m in measures]) for name in ["expected_value"] + MEASURES
                           if name in MEASURES or any(name in m for m in measures)}}
    if "calibration" in request:
        judged = [m["judged"] for m in measures if "judged" in m]
        result["totals"]["calibration"] = rank_calibration.calibration(judged, request["calibration"], total)
    return result


VALID = {
    "attention_mask": '{"choices":[{"tokens":[9,0,2,1,3],"attention_mask":[0,1,1,1,1],"prompt_length":3,"logits":[[NaN,0,0,0],%s},{"tokens":[0,2,1,1,9],"attention_mask":[1,1,1,1,0],"labels":[-100,-100,1,1,9],"logits":%s}]}' % (L3[1:], L3),
    "above_zero": '{"prompt":[0],"questions":[{"choices":[{"completion":[2,1],"logprobs":[0.005,-1]},{"completion":[1],"logprobs":[null,0.01]}]}]}',
    "own_rows": '{"questions":[{"id":"q","prompt":[0,2],"gold":1,"choices":[{"completion":[1,3],"text":" went to sleep.","logits":%s},{"completion":[3],"text":" ran","logits":[[9,9,9,9],[1,3,-0.5,0]]}]}]}' % L3,
    "shared_row": '{"model":"m","questions":[{"prompt":[0,1],"offset":1,"choices":[{"completion":[0],"text":"A"},{"completion":[1],"text":"B"},{"completion":[2],"text":"C"},{"completion":[3],"text":"D"}],"gold":2,"logits":[[0.5,-1,2,0.25]]}]}',
    "shared_first": '{"logits":[[0.5,-1,2,0.25]],"prompt":[3],"questions":[{"choices":[{"completion":[0]},{"completion":[2]}]},{"choices":[{"completion":[1]},{"completion":[3]}],"gold":0}]}',
    "question_alone": '{"id":7,"prompt":[0],"gold":0,"choices":[{"completion":[2]},{"completion":[1]}],"logits":[[0.5,-1,2,0.25]]}',
    "mixed_owners": '{"prompt":[0],"logits":[[1,2,3,4]],"questions":[{"choices":[{"completion":[1]},{"completion":[1],"logits":[[4,3,2,1]]}],"logits":[[3,1,2,0]]},{"choices":[{"completion":[1]},{"completion":[1],"temperature":2}]}]}',
    "tensors": '{"prompt":[0],"questions":[{"choices":[{"completion":[2],"logits":%s},{"completion":[1]}],"logits":%s}]}' % (TENSOR, TENSOR),
    "logprobs": '{"questions":[{"choices":[{"logprobs":[-1,-0.5],"text":" a b"},{"logprobs":[-0.75],"text":"abc"}],"gold":1}]}',
    "logprobs_of_all": '{"questions":[{"choices":[{"tokens":[5,6,7],"prompt_length":1,"logprobs":[null,-1,-0.5]},{"prompt":[5],"completion":[8,9],"logprobs":[-0.25,-1]}],"gold":[0,1]}]}',
    "masks_and_labels": '{"logits":%s,"questions":[{"choices":[{"tokens":[0,2,1,3],"mask":[0,1,0,1]},{"tokens":[0,2,1,3],"labels":[-100,-100,1,3]}]}]}' % L3,
    "texts": '{"questions":[{"choices":[{"logprobs":[-3],"text":"\\u6df1\\u5ea6"},{"logprobs":[-4],"text":"caf\\u00e9 au lait"},{"logprobs":[-3.5],"text":"\\ud83d\\ude00\\u00a0 x"}],"gold":0}]}',
    "texts_of_all_levels": '{"text":"a b","questions":[{"choices":[{"logprobs":[-1]},{"logprobs":[-2],"text":"abc"},{"logprobs":[-3]}]},{"text":"d","choices":[{"logprobs":[-1]},{"logprobs":[-2],"text":"ef gh"},{"logprobs":[-1.5]}]},{"choices":[{"logprobs":[-4]}]}]}',
    "text_empty": '{"questions":[{"choices":[{"logprobs":[-3],"text":""},{"logprobs":[-4],"text":"a"}],"gold":0}]}',
    "counts": '{"questions":[{"choices":[{"logprobs":[-3],"counts":{"characters":5,"bytes":7,"words":2}},{"logprobs":[-4],"counts":{"bytes":0,"characters":0}}],"gold":0}]}',
    "counts_of_all": '{"counts":{"characters":4,"bytes":4},"questions":[{"choices":[{"logprobs":[-3]},{"logprobs":[-2]}],"gold":1}]}',
    "pmi": '{"questions":[{"choices":[{"logprobs":[-3],"unconditional":-5.5},{"logprobs":[-2],"unconditional":-2.25}],"gold":0},{"choices":[{"logprobs":[-3],"unconditional":-4},{"logprobs":[-2]}],"gold":0}]}',
    "pmi_near": '{"questions":[{"choices":[{"logprobs":[-0.1,-0.2,-0.3],"unconditional":-0.6},{"logprobs":[-1e4,-0.7],"unconditional":-10000.7}],"gold":0}]}',
    "pmi_infinite": '{"questions":[{"choices":[{"logprobs":[-3],"unconditional":-5.5},{"logprobs":[-2],"unconditional":-Infinity},{"logprobs":[-Infinity],"unconditional":-1}],"gold":1},{"choices":[{"logprobs":[-1],"unconditional":0},{"logprobs":[-Infinity],"unconditional":"-Infinity"}],"gold":0}]}',
    "ties": '{"questions":[{"choices":[{"logprobs":[-2],"text":"ab"},{"logprobs":[-1,-1],"text":"ab"},{"logprobs":[-1.5],"text":"a"},{"logprobs":[-1.5],"text":"a"}],"gold":3}]}',
    "infinite": '{"questions":[{"choices":[{"logprobs":[-Infinity,-1],"text":"x"},{"logprobs":[-700],"text":"x"}],"gold":1}]}',
    "all_infinite": '{"questions":[{"choices":[{"logprobs":[-Infinity],"text":"x"},{"logprobs":["-Infinity"],"text":"x"}],"gold":0},{"choices":[{"logprobs":[-1]},{"logprobs":[-2]}],"gold":0}]}',
    "masked": '{"prompt":[0],"choices":[{"completion":[0]},{"completion":[1]}],"gold":1,"logits":[[-Infinity,1,2]]}',
    "far_apart": '{"questions":[{"choices":[{"logprobs":[-1000]},{"logprobs":[-1001.5]},{"logprobs":[-2000]}],"gold":0},{"choices":[{"logprobs":[-1]},{"logprobs":[-60]}],"gold":0},{"choices":[{"logprobs":[-1]},{"logprobs":[-800]}],"gold":1}]}',
    "small_squares": '{"questions":[{"choices":[{"logprobs":[-1e-300]},{"logprobs":[-196]}],"gold":0},{"choices":[{"logprobs":[0]},{"logprobs":[-195.5]},{"logprobs":[-197]}],"gold":0}]}',
    "sums_beyond_doubles": '{"questions":[{"choices":[{"logprobs":[-1.5e308,-1e308],"text":"ab c"},{"logprobs":[-1.7e308],"text":"d"}],"gold":0}]}',
    "one_choice": '{"questions":[{"choices":[{"logprobs":[-1],"text":"a"}],"gold":0}]}',
    "golds": '{"gold":[1],"questions":[{"choices":[{"logprobs":[-1]},{"logprobs":[-2]}]},{"gold":[0,0],"choices":[{"logprobs":[-1]},{"logprobs":[-2]}]},{"gold":[1,2],"choices":[{"logprobs":[-3]},{"logprobs":[-2]},{"logprobs":[-4]}]}]}',
    "no_gold": '{"questions":[{"choices":[{"logprobs":[-1]},{"logprobs":[-2]}]}]}',
    "some_gold": '{"questions":[{"id":1,"choices":[{"id":"a","logprobs":[-1]},{"logprobs":[-2]}]},{"choices":[{"logprobs":[-1]},{"logprobs":[-2]}],"gold":1},{"choices":[{"logprobs":[-1.5]},{"logprobs":[-2]}],"gold":0},{"choices":[{"logprobs":[-0.5]},{"logprobs":[-2]}],"gold":0}]}',
    "greedy": '{"prompt":[0],"choices":[{"completion":[2]},{"completion":[1]}],"logits":[[0.5,-1,2,0.25]]}',
    "alignment_same": '{"alignment":"same","questions":[{"prompt":[0],"choices":[{"completion":[1]},{"completion":[3]}],"logits":[[0,0,0,0],[0.5,-1,2,0.25]]},{"prompt":[],"choices":[{"completion":[1,2],"logits":[[0,0,0,0],[0.5,-1,2,0.25]]}]}]}',
    "temperature": '{"temperature":0.5,"softcap":3,"questions":[{"prompt":[0],"temperature":2,"choices":[{"completion":[1]},{"completion":[2],"temperature":0.25}],"logits":[[0.5,-1,2,0.25]]}]}',
    "dtypes": '{"prompt":[0],"questions":[{"choices":[{"completion":[1]},{"completion":[1],"dtype":"f64"}],"logits":[[0.1,0.7,-0.3]]},{"dtype":"f64","choices":[{"completion":[1],"logits":[[0.1,0.7,-0.3]]}]}]}',
    "gold_ids": '{"questions":[{"gold":"B","choices":[{"id":"A","logprobs":[-1]},{"id":"B","logprobs":[-2]}]},{"gold":["n","a"],"choices":[{"id":"a","logprobs":[-1]},{"id":"b","logprobs":[-2]},{"id":"n","logprobs":[-3]}]},{"gold":17,"choices":[{"id":16,"logprobs":[-1]},{"id":17,"logprobs":[-0.5]}]},{"gold":1,"choices":[{"id":10,"logprobs":[-1]},{"id":11,"logprobs":[-0.5]}]},{"gold":1,"choices":[{"id":0,"logprobs":[-1]},{"id":1,"logprobs":[-0.5]}]},{"gold":-1,"choices":[{"id":-1,"logprobs":[-1]},{"id":1,"logprobs":[-0.5]}]},{"gold":["0",0],"choices":[{"logprobs":[-1]},{"id":"0","logprobs":[-0.5]}]}]}',
    "gold_id_of_all": '{"gold":"y","questions":[{"choices":[{"id":"y","logprobs":[-1]},{"id":"n","logprobs":[-2]}]},{"choices":[{"id":"n","logprobs":[-1]},{"id":"y","logprobs":[-2]}]}]}',
    "values": '{"questions":[{"choices":[{"logprobs":[-1],"value":1},{"logprobs":[-2],"value":2.5},{"logprobs":[-0.5],"value":-3}],"gold":0},{"choices":[{"logprobs":[-1],"value":4},{"logprobs":[-2]},{"logprobs":[-3],"value":5}]},{"choices":[{"logprobs":[-1]}]},{"choices":[{"logprobs":[-Infinity],"value":1},{"logprobs":[-1]}]}]}',
    "values_far_apart": '{"questions":[{"choices":[{"logprobs":[-1000],"value":1},{"logprobs":[-1001.5],"value":3},{"logprobs":[-2000],"value":1e100}]},{"choices":[{"logprobs":[-1e5],"value":0.1},{"logprobs":[-100000.25],"value":0.7},{"logprobs":[-Infinity],"value":9}]}]}',
    "value_of_one": '{"choices":[{"logprobs":[-2],"value":7}]}',
    "labels_row": '{"gold":"B","choices":[{"id":"A","token":0,"text":"A"},{"id":"B","token":2,"text":" B"},{"id":"C","token":1,"text":"C"}],"logits":[[0.5,-1,2,0.25]]}',
    "labels_row_ids": '{"questions":[{"prompt":[7],"choices":[{"token":[0,3],"value":1},{"token":[2],"value":2}],"logits":[[0.5,-1,2,0.25,1.5]]},{"choices":[{"token":1,"value":1.5},{"token":[0,2,3],"unconditional":-3}],"logits":[[0.5,2,2,-0.25]]}]}',
    "samplers": '{"top_k":3,"questions":[{"prompt":[0],"top_p":0.9,"gold":0,"choices":[{"completion":[1]},{"completion":[2],"min_p":0.9},{"completion":[3]}],"logits":[[0.5,-1,2,0.25]]},{"min_p":0.1,"choices":[{"token":[0,1]},{"token":2}],"logits":[[0.5,-1,2,0.25]]}]}',
    "labels_row_of_all": '{"temperature":2,"softcap":3,"logits":[[0.5,-1,2,0.25]],"questions":[{"choices":[{"token":0},{"token":1}],"gold":0},{"choices":[{"token":[2,3]},{"token":1,"temperature":0.5}],"gold":[1]}]}',
    "labels_row_tiny": '{"questions":[{"choices":[{"token":[0,1],"value":1},{"token":[2,3],"value":5}],"logits":[[-900,-900.5,-901,-899.5,0]]},{"choices":[{"token":[0,1]},{"token":2}],"logits":[[-Infinity,-Infinity,1,0]]},{"choices":[{"token":[0,1]},{"token":2}],"logits":[[-Infinity,3,-800,0]]}]}',
    "labels_row_tensor": '{"dtype":"f64","choices":[{"token":[0,2]},{"token":1}],"logits":%s}' % TENSOR,
    "labels_row_f64": '{"dtype":"f64","choices":[{"token":[0,2]},{"token":1}],"logits":[[0.1,0.7,-0.3]]}',
    "labels_row_first": '{"logits":[[0.5,-1,2,0.25]],"gold":0,"choices":[{"token":[3,1]},{"token":0}]}',
    "unscored_rows_unjudged": '{"questions":[{"prompt":[99,2],"choices":[{"completion":[1],"logits":[[NaN,Infinity,0,0],[1,3,-0.5,0],[NaN,0,0,0]]}]}]}',
}

INVALID = {
    "empty": ("{}", 400, "missing_member", "/choices"),
    "array": ("[]", 400, "bad_shape", ""),
    "questions_type": ('{"questions":{}}', 400, "bad_shape", "/questions"),
    "question_type": ('{"questions":[3]}', 400, "bad_shape", "/questions/0"),
    "choices_type": ('{"questions":[{"choices":{}}]}', 400, "bad_shape", "/questions/0/choices"),
    "choice_type": ('{"questions":[{"choices":[[]]}]}', 400, "bad_shape", "/questions/0/choices/0"),
    "no_questions": ('{"questions":[]}', 422, "out_of_range", "/questions"),
    "no_choices": ('{"questions":[{"choices":[]}]}', 422, "out_of_range", "/questions/0/choices"),
    "choices_missing": ('{"questions":[{"choices":[{%s}]},{"gold":0}]}' % LP, 400, "missing_member", "/questions/1/choices"),
    "both_lists": ('{"choices":[{%s}],"questions":[{"choices":[{%s}]}]}' % (LP, LP), 400, "conflicting_members", "/questions"),
    "both_lists_and_fault": ('{"choices":[{%s},{"logprops":[-1]}],"questions":[{"choices":[{%s}]}]}' % (LP, LP), 400, "unknown_member", "/choices/1/logprops"),
    "fault_behind_choices": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1]}],"logits":{"dtype":"f32","shape":[1,2],"data":1}}]}', 400, "bad_shape", "/questions/0/logits/data"),
    "fault_in_and_behind_choices": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1]},{"x":1}],"logits":{"dtype":"f32","shape":[1,2],"data":1}}]}', 400, "unknown_member", "/questions/0/choices/1/x"),
    "both_lists_turned": ('{"questions":[{"choices":[{%s}]}],"choices":[{%s}]}' % (LP, LP), 400, "conflicting_members", "/choices"),
    "sequences": ('{"sequences":[{%s}]}' % LP, 400, "unknown_member", "/sequences"),
    "unknown": ('{"questions":[{"chioces":[{%s}]}]}' % LP, 400, "unknown_member", "/questions/0/chioces"),
    "unknown_in_choice": ('{"questions":[{"choices":[{"txt":"a",%s}]}]}' % LP, 400, "unknown_member", "/questions/0/choices/0/txt"),
    "model_in_question": ('{"questions":[{"model":"m","choices":[{%s}]}]}' % LP, 400, "unknown_member", "/questions/0/model"),
    "gold_in_choice": ('{"choices":[{%s,"gold":0}]}' % LP, 400, "unknown_member", "/choices/0/gold"),
    "questions_nested": ('{"questions":[{"questions":[]}]}', 400, "unknown_member", "/questions/0/questions"),
    "objectives": ('{"objectives":["joint"],"choices":[{%s}]}' % LP, 400, "unknown_member", "/objectives"),
    "weights": ('{"choices":[{"weights":[1],%s}]}' % LP, 400, "unknown_member", "/choices/0/weights"),
    "duplicate": ('{"questions":[{"choices":[{%s,"text":"a","text":"b"}]}]}' % LP, 400, "duplicate_name", "/questions/0/choices/0/text"),
    "gold_type": ('{"choices":[{%s}],"gold":true}' % LP, 400, "bad_shape", "/gold"),
    "gold_no_id": ('{"choices":[{%s}],"gold":"0"}' % LP, 422, "out_of_range", "/gold"),
    "gold_id_of_none": ('{"questions":[{"choices":[{"id":"a",%s},{"id":"b",%s}],"gold":["b","c"]}]}' % (LP, LP), 422, "out_of_range", "/questions/0/gold/1"),
    "gold_id_of_other_type": ('{"choices":[{"id":7,%s},{"id":8,%s}],"gold":"7"}' % (LP, LP), 422, "out_of_range", "/gold"),
    "gold_id_twice": ('{"choices":[{"id":"a",%s},{"id":"a",%s}],"gold":"a"}' % (LP, LP), 422, "out_of_range", "/gold"),
    "gold_id_or_index": ('{"choices":[{"id":1,%s},{"id":2,%s}],"gold":1}' % (LP, LP), 422, "out_of_range", "/gold"),
    "gold_id_or_index_in_list": ('{"choices":[{"id":5,%s},{"id":0,%s}],"gold":[5,0]}' % (LP, LP), 422, "out_of_range", "/gold/1"),
    "gold_no_index_no_id": ('{"choices":[{"id":5,%s},{"id":6,%s}],"gold":2}' % (LP, LP), 422, "out_of_range", "/gold"),
    "value_type": ('{"choices":[{"value":"5",%s}]}' % LP, 400, "bad_shape", "/choices/0/value"),
    "value_too_large": ('{"choices":[{"value":1e101,%s}]}' % LP, 422, "out_of_range", "/choices/0/value"),
    "gold_real": ('{"choices":[{%s}],"gold":[0.5]}' % LP, 400, "bad_shape", "/gold/0"),
    "gold_negative": ('{"choices":[{%s}],"gold":-1}' % LP, 422, "out_of_range", "/gold"),
    "gold_empty": ('{"choices":[{%s}],"gold":[]}' % LP, 422, "out_of_range", "/gold"),
    "gold_too_large": ('{"questions":[{"choices":[{%s}],"gold":1}]}' % LP, 422, "out_of_range", "/questions/0/gold"),
    "gold_of_list_too_large": ('{"questions":[{"gold":[0,2],"choices":[{%s},{%s}]}]}' % (LP, LP), 422, "out_of_range", "/questions/0/gold/1"),
    "gold_of_too_many": ('{"questions":[{"gold":[0,0],"choices":[{%s}]}]}' % LP, 422, "bad_count", "/questions/0/gold"),
    "gold_default_too_large": ('{"gold":1,"questions":[{"choices":[{%s},{%s}]},{"choices":[{%s}]}]}' % (LP, LP, LP), 422, "out_of_range", "/gold"),
    "token_type": ('{"choices":[{"token":"A"}],"logits":[[1,2]]}', 400, "bad_shape", "/choices/0/token"),
    "token_negative": ('{"choices":[{"token":[1,-1]}],"logits":[[1,2]]}', 422, "out_of_range", "/choices/0/token/1"),
    "token_none": ('{"choices":[{"token":[]}],"logits":[[1,2]]}', 422, "out_of_range", "/choices/0/token"),
    "token_above_vocabulary": ('{"choices":[{"token":1},{"token":2}],"logits":[[1,2]]}', 422, "out_of_range", "/choices/1/token"),
    "token_of_list_above_vocabulary": ('{"questions":[{"choices":[{"token":1},{"token":[0,2]}],"logits":[[1,2]]}]}', 422, "out_of_range", "/questions/0/choices/1/token/1"),
    "token_same": ('{"choices":[{"token":1},{"token":0},{"token":1}],"logits":[[1,2]]}', 422, "out_of_range", "/choices/2/token"),
    "token_same_in_list": ('{"choices":[{"token":[0,1]},{"token":[2,1]}],"logits":[[1,2,3]]}', 422, "out_of_range", "/choices/1/token/1"),
    "token_twice": ('{"choices":[{"token":[1,0,1]}],"logits":[[1,2,3]]}', 422, "out_of_range", "/choices/0/token/2"),
    "token_and_label": ('{"choices":[{"token":1,"label":"A"}],"logits":[[1,2]]}', 400, "conflicting_members", "/choices/0/label"),
    "token_and_completion": ('{"prompt":[0],"choices":[{"completion":[1],"token":1}],"logits":[[1,2]]}', 400, "conflicting_members", "/choices/0/token"),
    "token_and_tokens": ('{"tokens":[0,1],"choices":[{"token":1}],"logits":[[1,2]]}', 400, "conflicting_members", "/choices/0/token"),
    "token_and_mask": ('{"choices":[{"token":1,"mask":[1]}],"logits":[[1,2]]}', 400, "conflicting_members", "/choices/0/mask"),
    "token_and_prompt_length": ('{"prompt_length":1,"choices":[{"token":1}],"logits":[[1,2]]}', 400, "conflicting_members", "/choices/0/token"),
    "token_and_offset": ('{"choices":[{"token":1}],"logits":[[1,2]],"offset":1}', 400, "conflicting_members", "/offset"),
    "token_and_logprobs": ('{"choices":[{"token":1,"logprobs":[-1]}]}', 400, "conflicting_members", "/choices/0/logprobs"),
    "token_and_no_output": ('{"questions":[{"choices":[{"token":1}]}]}', 400, "missing_member", "/questions/0/choices/0/outputs"),
    "token_with_own_row": ('{"choices":[{"token":1,"logits":[[1,2]]}]}', 400, "conflicting_members", "/choices/0/logits"),
    "token_rows": ('{"choices":[{"token":1}],"logits":[[1,2],[1,2]]}', 422, "bad_count", "/logits"),
    "token_row_nan": ('{"choices":[{"token":1}],"logits":[[1,NaN]]}', 422, "bad_row", "/logits/0/1"),
    "token_and_completion_of_others": ('{"prompt":[0],"choices":[{"token":1},{"completion":[0]}],"logits":[[1,2]]}', 400, "missing_member", "/choices/1/token"),
    "completion_and_token_of_others": ('{"prompt":[0],"choices":[{"completion":[0]},{"token":1}],"logits":[[1,2]]}', 400, "missing_member", "/choices/0/token"),
    "label_type": ('{"choices":[{"label":65}],"logits":[[1,2]]}', 400, "bad_shape", "/choices/0/label"),
    "label_none": ('{"choices":[{"label":[]}],"logits":[[1,2]]}', 422, "out_of_range", "/choices/0/label"),
    "label_of_row": ('{"choices":[{"label":"A"}],"logits":[[1,2]]}', 422, "out_of_range", "/choices/0/label"),
    "position_type": ('{"position":"1","choices":[{%s}]}' % LP, 400, "bad_shape", "/position"),
    "position_of_row": ('{"position":0,"choices":[{"token":1}],"logits":[[1,2]]}', 400, "conflicting_members", "/logits"),
    "position_in_choice": ('{"choices":[{"position":0,"token":1}],"logits":[[1,2]]}', 400, "unknown_member", "/choices/0/position"),
    "unlisted_unknown": ('{"unlisted":"zero","choices":[{%s}]}' % LP, 422, "out_of_range", "/unlisted"),
    "text_type": ('{"choices":[{"text":5,%s}]}' % LP, 400, "bad_shape", "/choices/0/text"),
    "counts_type": ('{"choices":[{"counts":5,%s}]}' % LP, 400, "bad_shape", "/choices/0/counts"),
    "counts_name": ('{"choices":[{"counts":{"chars":5},%s}]}' % LP, 400, "unknown_member", "/choices/0/counts/chars"),
    "count_type": ('{"choices":[{"counts":{"bytes":5.5},%s}]}' % LP, 400, "bad_shape", "/choices/0/counts/bytes"),
    "count_negative": ('{"choices":[{"counts":{"bytes":-5},%s}]}' % LP, 422, "out_of_range", "/choices/0/counts/bytes"),
    "text_and_counts": ('{"choices":[{"text":"a","counts":{"bytes":1},%s}]}' % LP, 400, "conflicting_members", "/choices/0/counts"),
    "text_and_default_counts": ('{"choices":[{"text":"a",%s}],"counts":{"bytes":1}}' % LP, 400, "conflicting_members", "/counts"),
    "unconditional_type": ('{"choices":[{"unconditional":"none",%s}]}' % LP, 400, "bad_shape", "/choices/0/unconditional"),
    "unconditional_nan": ('{"choices":[{"unconditional":NaN,%s}]}' % LP, 400, "bad_json", "/choices/0/unconditional"),
    "unconditional_infinite": ('{"choices":[{"unconditional":Infinity,%s}]}' % LP, 400, "bad_json", "/choices/0/unconditional"),
    "unconditional_positive": ('{"choices":[{"unconditional":0.5,%s}]}' % LP, 422, "out_of_range", "/choices/0/unconditional"),
    "completion_empty": ('{"questions":[{"prompt":[0],"choices":[{"completion":[1]},{"completion":[]}],"logits":[[1,2]]}]}', 422, "out_of_range", "/questions/0/choices/1/completion"),
    "completion_empty_by_length": ('{"questions":[{"choices":[{"tokens":[0,1],"prompt_length":2,"logits":[[1,2]]}]}]}', 422, "out_of_range", "/questions/0/choices/0/prompt_length"),
    "completion_empty_by_mask": ('{"choices":[{"tokens":[0,1],"mask":[0,0],"logits":[[1,2]]}]}', 422, "out_of_range", "/choices/0/mask"),
    "completion_unknown": ('{"choices":[{"tokens":[0,1],"logits":[[1,2]]}]}', 400, "missing_member", "/choices/0/prompt_length"),
    "completion_at_zero": ('{"choices":[{"prompt":[],"completion":[0,1],"logits":[[1,2]]}]}', 422, "out_of_range", "/choices/0/completion/0"),
    "logprob_null_at_zero": ('{"choices":[{"logprobs":[null,-1]}]}', 422, "out_of_range", "/choices/0/logprobs/0"),
    "prompt_missing": ('{"questions":[{"choices":[{"completion":[1],"logits":[[1,2]]}]}]}', 400, "missing_member", "/questions/0/choices/0/prompt"),
    "output_missing": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1],"logits":[[1,2]]},{"completion":[1]}]}]}', 400, "missing_member", "/questions/0/choices/1/logits"),
    "both_outputs": ('{"prompt":[0],"questions":[{"logits":[[1,2]],"choices":[{"completion":[1],"logprobs":[-1]}]}]}', 400, "conflicting_members", "/questions/0/choices/0/logprobs"),
    "both_outputs_turned": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1],"logprobs":[-1]}],"logits":[[1,2]]}]}', 400, "conflicting_members", "/questions/0/logits"),
    "row_nan": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1],"logits":[[1,2]]},{"completion":[1],"logits":[[1,NaN]]}]}]}', 422, "bad_row", "/questions/0/choices/1/logits/0/1"),
    "shared_row_nan": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1],"logits":[[1,2]]}]},{"choices":[{"completion":[1]}],"logits":[[1,NaN]]}]}', 422, "bad_row", "/questions/1/logits/0/1"),
    "top_row_masked": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1]}]}],"logits":[[-Infinity,-Infinity]]}', 422, "bad_row", "/logits/0"),
    "choice_row_infinite": ('{"prompt":[0],"choices":[{"completion":[1],"logits":[[1,Infinity]]}]}', 422, "bad_row", "/choices/0/logits/0/1"),
    "token_too_large": ('{"questions":[{"prompt":[0],"choices":[{"completion":[1]},{"completion":[2]}],"logits":[[1,2]]}]}', 422, "out_of_range", "/questions/0/choices/1/completion/0"),
    "shared_prompt_too_large": ('{"questions":[{"tokens":[0,2],"prompt_length":1,"choices":[{"logits":[[1,2]]}]}]}', 422, "out_of_range", "/questions/0/tokens/1"),
    "rows_missing": ('{"questions":[{"prompt":[0],"choices":[{"completion":[1,1]}],"logits":[[1,2]]}]}', 422, "bad_count", "/questions/0/logits"),
    "rows_too_many": ('{"questions":[{"prompt":[0],"choices":[{"completion":[1],"logits":[[1,2],[1,2],[1,2]]}]}]}', 422, "bad_count", "/questions/0/choices/0/logits"),
    "offset_too_large": ('{"questions":[{"prompt":[0],"offset":9,"choices":[{"completion":[1],"logits":[[1,2]]}]}]}', 422, "out_of_range", "/questions/0/offset"),
    "logits_flat": ('{"questions":[{"choices":[{"logits":[1,2]}]}]}', 400, "bad_shape", "/questions/0/choices/0/logits/0"),
    "logits_flat_of_labels": ('{"choices":[{"token":0},{"token":2}],"logits":[0.0,1.0,2.0]}', 400, "bad_shape", "/logits/0"),
    "tensor_member": ('{"questions":[{"logits":{"dtype":"f32","shape":[1,1],"date":""},"choices":[]}]}', 400, "unknown_member", "/questions/0/logits/date"),
    "range_softcap": ('{"softcap":1e20,"questions":[{"prompt":[0],"logits":[[1,2]],"choices":[{"completion":[0]}]}]}', 422, "out_of_range", "/softcap", "more than 2^60 (about 1.15e18) times the temperature 1"),
    "range_temperature": ('{"questions":[{"prompt":[0],"logits":[[1,2]],"choices":[{"completion":[0],"temperature":1e-308}]}]}', 422, "out_of_range", "/questions/0/choices/0/temperature", "1e-308 is out of its range, 1e-307 to 1e308"),
    "range_value": ('{"questions":[{"prompt":[0],"logits":[[1,2]],"choices":[{"completion":[0],"value":1.1e100}]}]}', 422, "out_of_range", "/questions/0/choices/0/value", "1.1e+100 is out of its range, -1e100 to 1e100"),
    "tensor_bits": ('{"questions":[{"prompt":[0],"logits":{"dtype":"f32","shape":[1,1],"data":"AAAAAB=="},"choices":[{"completion":[0]}]}]}', 422, "bad_data", "/questions/0/logits/data", "unused bits 0"),
    "tensor_length": ('{"questions":[{"prompt":[0],"logits":{"dtype":"f32","shape":[1,2],"data":"AAAAAA=="},"choices":[{"completion":[0]}]}]}', 422, "bad_data", "/questions/0/logits/data"),
    "logprob_positive": ('{"questions":[{"choices":[{%s},{"logprobs":[-1,0.5]}]}]}' % LP, 422, "out_of_range", "/questions/0/choices/1/logprobs/1"),
    "temperature_list": ('{"temperature":[1,2],"choices":[{%s}]}' % LP, 400, "bad_shape", "/temperature"),
    "temperature_with_logprobs": ('{"questions":[{"temperature":2,"choices":[{%s}]}]}' % LP, 422, "needs_logits", "/questions/0/temperature"),
    "earlier_row": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1],"logits":[[1,NaN]]}]},{"choices":[{"completion":[1.5]}]}]}', 422, "bad_row", "/questions/0/choices/0/logits/0/1"),
    "earlier_row_in_question": ('{"prompt":[0],"questions":[{"choices":[{"completion":[1],"logits":[[1,NaN]]},{"completion":[1.5]}]}]}', 422, "bad_row", "/questions/0/choices/0/logits/0/1"),
}


# ---- outputs: a choice is ranked as the plain choice beside it, and says where its numbers are from ----

OUTPUTS = {}


def openai(*lists):
    """An answer of OpenAI's completions with so many lists of log-probabilities."""
    return {"object": "text_completion", "choices": [
        {"index": i, "text": "", "logprobs": {"tokens": [chr(97 + t) for t in range(len(numbers))], "token_logprobs": numbers}}
        for i, numbers in enumerate(lists)]}


def vllm(ids, *tops):
    """vLLM's prompt_logprobs: for each token behind the first {id: (log-probability, rank)}."""
    entries = [{str(i): {"logprob": p, "rank": r, "decoded_token": str(i)} for i, (p, r) in top.items()} for top in tops]
    return {"object": "text_completion", "choices": [
        {"index": 0, "text": "", "logprobs": None, "prompt_token_ids": ids, "prompt_logprobs": [None] + entries}]}


def outputs(name, request, plain, *told):
    """`told`: of each choice None, or its source and then (slug, pointer, count) of its warnings; a boolean is greedy."""
    OUTPUTS[name] = (json.dumps(request), plain, told)


def answer_outputs(plain, told):
    result, told = answer(oracle.parse(json.dumps(plain))), list(told)
    for choice in [c for q in result["questions"] for c in q["choices"]]:
        of_choice = told.pop(0)
        if of_choice is None:
            continue
        choice["source"], choice["warnings"] = of_choice[0], []
        for item in of_choice[1:]:
            if isinstance(item, bool):
                choice["greedy"] = item
            else:
                choice["warnings"].append({"code": item[0], "detail": DETAILS[item[0]], "pointer": item[1], "count": item[2]})
    return result


AT = "/questions/0/choices/%d/outputs/choices/0/"
outputs("outputs_echo", {"questions": [{"prompt": [1, 2], "gold": 0, "choices": [
    {"completion": [3], "text": "e", "outputs": openai([None, -1.5, -0.25])},
    {"completion": [4, 5], "text": "fgh", "format": "openai", "outputs": openai([None, -1.5, -2, -0.5])}]}]},
    {"questions": [{"gold": 0, "choices": [{"logprobs": [-0.25], "text": "e"}, {"logprobs": [-2, -0.5], "text": "fgh"}]}]},
    [source()], [source(detected=False)])
outputs("outputs_one_more", {"questions": [{"choices": [
    {"prompt": [1, 2], "completion": [3], "outputs": openai([None, -1.5, -0.25, -9])},
    {"tokens": [1, 2, 4], "prompt_length": 2, "outputs": openai([None, -1, -2, -9])}]}]},
    {"choices": [{"logprobs": [-0.25]}, {"logprobs": [-2]}]},
    [source(), ("generated_left_out", AT % 0 + "logprobs/token_logprobs/3", 1)],
    [source(), ("generated_left_out", AT % 1 + "logprobs/token_logprobs/3", 1)])
outputs("outputs_generated", {"questions": [{"choices": [
    {"id": "a", "prompt": [1, 2], "completion": [3, 4], "outputs": openai([-1, -0.5])},
    {"outputs": openai([-1, -0.75])}]}]},
    {"questions": [{"choices": [{"id": "a", "logprobs": [-1, -0.5]}, {"logprobs": [-1, -0.75]}]}]},
    [source(first=2)], [source(tokens=None, split="outputs")])
BATCH = openai([None, -1.5, -0.25], [None, -1.5, -float("inf")])
BATCH["choices"].reverse()
outputs("outputs_dealt", {"prompt": [1, 2], "questions": [{"gold": 0, "outputs": BATCH, "choices": [
    {"completion": [3]}, {"completion": [4]}]}, {"gold": 0, "choices": [{"completion": [3], "logprobs": [-3]}, {
        "completion": [4], "outputs": openai([None, -1, -2])}]}]},
    {"questions": [{"gold": 0, "choices": [{"logprobs": [-0.25]}, {"logprobs": [-float("inf")]}]},
                   {"gold": 0, "choices": [{"logprobs": [-3]}, {"logprobs": [-2]}]}]},
    [source()], [source(answer=1)], None, [source()])
outputs("outputs_top_level", {"format": "openai", "outputs": BATCH, "prompt": [1, 2], "gold": [1], "choices": [
    {"completion": [3]}, {"completion": [4]}]},
    {"gold": [1], "choices": [{"logprobs": [-0.25]}, {"logprobs": [-float("inf")]}]},
    [source(detected=False)], [source(detected=False, answer=1)])
outputs("outputs_list", {"questions": [{"prompt": [7], "outputs": [
    vllm([7, 3], {3: (-0.5, 1), 9: (-2, 2)}), vllm([7, 4], {4: (-1.25, 2), 3: (-0.5, 1)})],
    "choices": [{"completion": [3]}, {"completion": [4]}]}]},
    {"choices": [{"logprobs": [-0.5]}, {"logprobs": [-1.25]}]},
    [source("vllm"), True, ("truncated_top", "/questions/0/outputs/0/choices/0/prompt_logprobs/1", 1)],
    [source("vllm", answer=1), False, ("truncated_top", "/questions/0/outputs/1/choices/0/prompt_logprobs/1", 1)])
outputs("outputs_prompt_length", {"prompt_length": 1, "choices": [
    {"outputs": vllm([7, 3, 4], {3: (-0.5, 1), 9: (-2, 2)}, {4: (-3, 9), 5: (-1, 1)})},
    {"logprobs": [None, -4]}]},
    {"choices": [{"logprobs": [-0.5, -3]}, {"logprobs": [-4]}]},
    [source("vllm", tokens="outputs"), False, ("truncated_top", "/choices/0/outputs/choices/0/prompt_logprobs/1", 2)], None)
outputs("outputs_null_prompt", {"choices": [{"prompt": [1, 2, 3], "completion": [4], "outputs": openai([None, None, None, -2])}]},
        {"choices": [{"logprobs": [-2]}]}, [source(), ("leading_nulls", "/choices/0/outputs/choices/0/logprobs/token_logprobs/1", 1)])
ROWS = [[0.5, -1, 2, 0.25], [1, 3, -0.5, 0]]
ROWS_SOURCE = source("tensorrt_llm", first=1, alignment="next", values="logits")
outputs("outputs_rows", {"temperature": 0.5, "questions": [{"prompt": [0, 2], "outputs": {"context_logits": ROWS}, "choices": [
    {"completion": [1]}, {"completion": [3]}]}]},
    {"temperature": 0.5, "questions": [{"prompt": [0, 2], "logits": ROWS, "choices": [{"completion": [1]}, {"completion": [3]}]}]},
    [ROWS_SOURCE], [ROWS_SOURCE])

for case in rank_labels.OUTPUTS:
    outputs(*case)
VALID.update({**rank_calibration.VALID, **rank_models.VALID})
INVALID.update({**rank_labels.INVALID, **rank_calibration.INVALID, **rank_models.INVALID})

TWO = json.dumps(openai([None, -1], [None, -2]))
ONE = json.dumps(openai([None, -1]))
PAIR = '"prompt":[1],"choices":[{"completion":[2]},{"completion":[3]}]'
INVALID.update({
    "outputs_type": ('{"choices":[{"outputs":7}]}', 400, "bad_shape", "/choices/0/outputs"),
    "outputs_unknown": ('{"choices":[{"outputs":{"text":"a"}}]}', 422, "bad_outputs", "/choices/0/outputs"),
    "outputs_shared": ('{"questions":[{%s,"outputs":%s}]}' % (PAIR, ONE), 422, "bad_count", "/questions/0/outputs"),
    "outputs_too_few": ('{"outputs":%s,"prompt":[1],"choices":[{"completion":[2]},{"completion":[3]},{"completion":[4]}]}' % TWO, 422, "bad_count", "/outputs"),
    "outputs_of_questions": ('{"questions":[{%s},{%s}],"outputs":%s}' % (PAIR, PAIR, TWO), 422, "bad_count", "/outputs"),
    "outputs_several_for_one": ('{"choices":[{"prompt":[1],"completion":[2],"outputs":%s}]}' % TWO, 422, "bad_count", "/choices/0/outputs"),
    "outputs_null": ('{"questions":[{"choices":[{"prompt":[1],"completion":[2,3],"outputs":%s}]}]}' % json.dumps(openai([None, -1, None])), 422, "bad_outputs", AT % 0 + "logprobs/token_logprobs/2"),
    "outputs_null_at_zero": ('{"questions":[{"choices":[{"prompt":[],"completion":[2,3],"outputs":%s}]}]}' % ONE, 422, "bad_outputs", AT % 0 + "logprobs/token_logprobs/0"),
    "outputs_no_split": ('{"choices":[{"tokens":[1,2],"outputs":%s}]}' % ONE, 400, "missing_member", "/choices/0/prompt_length"),
    "outputs_count": ('{"questions":[{"choices":[{"prompt":[1],"completion":[2,3,4],"outputs":%s}]}]}' % ONE, 422, "bad_count", "/questions/0/choices/0/outputs/choices/0"),
    "outputs_and_logprobs": ('{"choices":[{"logprobs":[-1],"outputs":%s}]}' % ONE, 400, "conflicting_members", "/choices/0/outputs"),
    "outputs_ids_differ": ('{"choices":[{"prompt":[7],"completion":[4],"outputs":%s}]}' % json.dumps(vllm([7, 3], {3: (-1, 1)})), 422, "out_of_range", "/choices/0/completion/0"),
    "outputs_temperature": ('{"temperature":2,"choices":[{"prompt":[1],"completion":[2],"outputs":%s}]}' % ONE, 422, "needs_logits", "/temperature"),
    "outputs_echo_ignored": (json.dumps({"prompt": [1, 2, 3, 4, 5], "gold": 1, "choices": [{"completion": [t], "outputs": {
        "id": "cmpl", "object": "text_completion", "created": 1, "model": "m", "choices": [{"text": " x", "index": 0, "logprobs": {
            "content": [{"token": " x", "bytes": [32, 120], "logprob": p, "top_logprobs": []}]}, "finish_reason": "length"}],
        "usage": {"completion_tokens": 1, "prompt_tokens": 6, "total_tokens": 7}}} for t, p in [(6, -0.35), (7, -0.3)]]}), 422,
        "not_of_the_prompt", "/choices/0/outputs/choices/0"),
    "format_alone": ('{"choices":[{"format":"openai",%s}]}' % LP, 400, "missing_member", "/choices/0/outputs"),
    "format_unknown": ('{"choices":[{"format":"gpt","outputs":%s}]}' % ONE, 422, "out_of_range", "/choices/0/format"),
})


def main():
    if len(sys.argv) > 1:
        print_answer(answer, sys.argv[1])
        return
    cases = Cases("rank")
    cases.valid(VALID, answer)
    for name, (body, plain, told) in OUTPUTS.items():
        cases.answered(name, body, answer_outputs(plain, told))
    cases.invalid(INVALID)


main()
