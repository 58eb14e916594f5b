"""Golden cases of POST /v1/rank: two models over the same questions.  rank.py writes them.

The answer about each model is that of a request without models, in which its members stand where the model stood; the
paired numbers are computed by their definitions, in fractions and decimal arithmetic."""
import json
from decimal import Decimal as D
from fractions import Fraction
from math import comb

from frame import LP, TENSOR
from draws import below, percentile, xoshiro
from oracle import out


# ---- the requests of each model ----

def without(value, *names):
    return {k: v for k, v in value.items() if k not in names}


def put_model(holder, index):
    """An object whose models are replaced by the members of one of them."""
    return {**without(holder, "models"), **(holder["models"][index] if "models" in holder else {})}


def put_question(question, index):
    question = put_model(question, index)
    return {**question, "choices": [put_model(choice, index) for choice in question["choices"]]}


def label(request, index):
    """The label of a model: its own, of the first choice."""
    question = request.get("questions", [request])[0]
    models = question["choices"][0].get("models", question.get("models", request.get("models")))
    return {k: v for k, v in models[index].items() if k == "model"} or without(request, *set(request) - {"model"})


def put_request(request, index):
    named, request = label(request, index), without(request, "bootstrap", "model")
    if "questions" in request:
        request = {**put_model(request, index), "questions": [put_question(q, index) for q in request["questions"]]}
    else:
        request = put_question(request, index)
    return {**strip(request), **named}


def strip(value):
    """A request without the labels of models, which belong to no object of it."""
    if isinstance(value, dict):
        return {k: strip(v) for k, v in value.items() if k != "model"}
    return [strip(v) for v in value] if isinstance(value, list) else value


# ---- the paired numbers ----

def pi():
    """The decimal module's recipe."""
    last, t, s, n, na, d, da = 0, D(3), D(3), 1, 0, 0, 24
    while s != last:
        last = s
        n, na = n + na, na + 8
        d, da = d + da, da + 32
        t = (t * n) / d
        s += t
    return s


def erfc(x):
    """By the series of erf, with digits enough for x below 15."""
    total, term, n = D(0), x, 0
    while abs(term) > D(10) ** -390:
        total += term / (2 * n + 1)
        n += 1
        term = -term * x * x / n
    return 1 - 2 * total / pi().sqrt()


def decimal(fraction):
    return D(fraction.numerator) / fraction.denominator


def mcnemar(a, b):
    if a + b == 0:
        return {"exact": 1.0, "statistic": 0.0, "corrected": 1.0}
    tail = Fraction(sum(comb(a + b, i) for i in range(min(a, b) + 1)), 2 ** (a + b))
    statistic = Fraction(max(abs(a - b) - 1, 0) ** 2, a + b)
    return {"exact": float(min(Fraction(1), 2 * tail)), "statistic": float(statistic),
            "corrected": out(erfc(decimal(statistic / 2).sqrt()))}


def deviation(numbers):
    mean = Fraction(sum(numbers), len(numbers))
    return sum((x - mean) ** 2 for x in numbers) / (len(numbers) - 1)


def bootstrap(differences, asked):
    samples, level = asked.get("samples", 1000), Fraction(float(asked.get("level", 0.95)))
    source, n = xoshiro(asked.get("seed", 0)), len(differences)
    means = [Fraction(sum(differences[below(source, n)] for _ in range(n)), n) for _ in range(samples)]
    return {"standard_error": out(decimal(deviation(means)).sqrt()) if samples > 1 else None,
            "interval": [float(percentile(means, (1 - level) / 2)), float(percentile(means, (1 + level) / 2))]}


def paired(rankings, accuracies, asked):
    result = {}
    for name in accuracies:
        pairs = [tuple(q.get(name) for q in pair) for pair in zip(*(r["questions"] for r in rankings))]
        pairs = [pair for pair in pairs if None not in pair]
        if not pairs:
            continue
        n, differences = len(pairs), [b - a for a, b in pairs]
        only_a, only_b = pairs.count((1, 0)), pairs.count((0, 1))
        result[name] = {"questions": n, "both": pairs.count((1, 1)), "only_a": only_a, "only_b": only_b,
                        "neither": pairs.count((0, 0)), "difference": float(Fraction(only_b - only_a, n)),
                        "standard_error": out(decimal(deviation(differences) / n).sqrt()) if n > 1 else None,
                        "mcnemar": mcnemar(only_a, only_b)}
        if asked is not None:
            result[name]["bootstrap"] = bootstrap(differences, asked)
    return result


def has_models(request):
    return "models" in json.dumps(request, default=str)


def answer(request, ranked, accuracies):
    """`ranked` answers a request without models."""
    rankings = [ranked(put_request(request, index)) for index in range(2)]
    return {"models": rankings, "paired": paired(rankings, accuracies, request.get("bootstrap"))}


# ---- cases ----

def duel(*outcomes, **members):
    """Questions of two choices, of which the first is right, with logprobs of two models; an outcome is two of 0 and 1."""
    def choice(right, i):
        return [-1 - i / 16, -2] if right else [-2 - i / 16, -1]
    return json.dumps({**members, "questions": [{"gold": 0, "choices": [
        {"models": [{"logprobs": [choice(right, i)[c]]} for right in (a, b)]} for c in range(2)]}
        for i, (a, b) in enumerate(outcomes)]}, separators=(",", ":"))


def outcomes(both, only_a, only_b, neither):
    return [(1, 1)] * both + [(1, 0)] * only_a + [(0, 1)] * only_b + [(0, 0)] * neither


A, B = '{"model":"a","logits":[[0.5,-1,2,0.25]]}', '{"model":"b","logits":[[1,3,-0.5,0]]}'
AB = '"models":[%s,%s]' % (A, B)
CHOICES = '"choices":[{"completion":[0]},{"completion":[1],"text":"B"},{"completion":[2]}]'
VALID = {
    "models_shared": '{"questions":[{"prompt":[3],"gold":2,%s,%s}]}' % (CHOICES, AB),
    "models_first": '{"questions":[{"prompt":[3],%s,"gold":1,%s},{"prompt":[3],%s,%s,"gold":0}]}' % (AB, CHOICES, AB, CHOICES),
    "models_of_one_question": '{"gold":1,"prompt":[3],%s,%s}' % (CHOICES, AB),
    "models_without_gold": '{"prompt":[3],%s,%s}' % (CHOICES, AB),
    "models_of_all_questions": '{"prompt":[3],%s,"questions":[{%s,"gold":0},{%s,"gold":2}]}' % (AB, CHOICES, CHOICES),
    "models_of_questions_before": '{"prompt":[3],"questions":[{%s,"gold":0},{%s,"gold":1},{"gold":1,%s}],%s}' % (CHOICES, CHOICES, CHOICES, AB),
    "models_mixed": '{"prompt":[3],"questions":[{%s,"gold":0,%s},{"gold":1,"choices":[{"completion":[1],%s},{"completion":[2],%s}]},{%s,%s,"gold":2}]}' % (CHOICES, AB, AB, AB, AB, CHOICES),
    "models_in_choices": '{"questions":[{"gold":0,"choices":[{"id":"x","prompt":[3],"completion":[2],"text":"ab","models":[{"logits":[[0.5,-1,2,0.25]],"unconditional":-2},{"model":"second","logprobs":[-0.75],"unconditional":-1.5}]},{"prompt":[3],"completion":[1,0],"text":"c","models":[{"logprobs":[-0.5,-1],"unconditional":-3},{"logprobs":[-0.25,-2],"unconditional":-4}]}]}]}',
    "models_defaults": '{"model":"m","temperature":0.5,"questions":[{"prompt":[3],"gold":2,%s,"models":[{"temperature":2,"logits":[[0.5,-1,2,0.25]]},{"model":"b","logits":[[1,3,-0.5,0]]}]}]}' % CHOICES,
    "models_with_one_of_their_own": '{"questions":[{"prompt":[3],"gold":2,%s,"models":[{"temperature":2},{"logits":[[1,3,-0.5,0]]}],"logits":[[0.5,-1,2,0.25]]}]}' % CHOICES,
    "models_of_shared_rows": '{"questions":[{"prompt":[3],"gold":2,%s,"models":[{"temperature":2},{"softcap":1.5}],"logits":[[0.5,-1,2,0.25]]}]}' % CHOICES,
    "models_of_shared_rows_first": '{"logits":[[0.5,-1,2,0.25]],"questions":[{"prompt":[3],"gold":2,%s,"models":[{"temperature":2},{"temperature":3}]},{"prompt":[3],"gold":0,%s,"models":[{"temperature":2},{"temperature":3}]}]}' % (CHOICES, CHOICES),
    "models_of_a_choices_rows": '{"prompt":[3],"gold":0,"choices":[{"completion":[0],"models":[{"temperature":2},{"temperature":3}],"logits":[[0.5,-1,2,0.25]]},{"completion":[1],"models":[{"temperature":2},{"temperature":3}],"logits":[[0.5,-1,2,0.25]]}]}',
    "models_tensors": '{"prompt":[0],"gold":1,%s,"models":[{"logits":%s},{"logits":%s,"temperature":0.25}]}' % (CHOICES, TENSOR, TENSOR),
    "models_of_labels": '{"gold":0,"choices":[{"token":2},{"token":[0,1]}],%s}' % AB,
    "models_same": '{"gold":1,"prompt":[3],%s,"models":[%s,%s]}' % (CHOICES, A, A),
    "models_calibration": duel(*outcomes(3, 2, 1, 1), calibration={"bins": 4, "curve": True}),
    "models_bootstrap": duel(*outcomes(1, 2, 5, 1), bootstrap={"samples": 200, "seed": 3, "level": 0.9}),
    "models_bootstrap_defaults": duel(*outcomes(1, 2, 3, 1), bootstrap={}),
    "models_bootstrap_one": duel((0, 1), bootstrap={"samples": 20}),
    "models_bootstrap_once": duel(*outcomes(1, 1, 1, 1), bootstrap={"samples": 1}),
    "models_bootstrap_of_some": duel(*outcomes(2, 3, 1, 1), bootstrap={"samples": 50, "seed": 9}).replace('"gold":0', '"gold":1', 2).replace('{"gold":0,', '{', 1),
    **{"models_%d_%d" % counts: duel(*outcomes(1, *counts, 1)) for counts in ((0, 0), (1, 0), (0, 1), (1, 1), (2, 0), (0, 4), (5, 2))},
    "models_some_gold": '{"prompt":[3],%s,"questions":[{%s},{%s,"gold":2},{%s,"gold":[0,1]}]}' % (AB, CHOICES, CHOICES, CHOICES),
    "models_accuracies_of_one": '{"gold":0,"choices":[{"text":"a","models":[{"logprobs":[-1],"unconditional":-2},{"logprobs":[-1]}]},{"text":"b c","models":[{"logprobs":[-2],"unconditional":-2},{"logprobs":[-0.5]}]}]}',
    "models_impossible": '{"gold":1,"choices":[{"models":[{"logprobs":["-Infinity"]},{"logprobs":[-1]}]},{"models":[{"logprobs":["-Infinity"]},{"logprobs":["-Infinity"]}]}]}',
}

TWO = '"models":[{%s},{%s}]' % (LP, LP)
INVALID = {
    "models_missing": ('{"questions":[{"choices":[{%s},{%s}]}]}' % (TWO, LP), 400, "missing_member", "/questions/0/choices/1/models"),
    "models_missing_first": ('{"questions":[{"choices":[{%s},{%s}]}]}' % (LP, TWO), 400, "missing_member", "/questions/0/choices/0/models"),
    "models_missing_in_question": ('{"questions":[{"choices":[{}],%s},{"choices":[{%s}]}]}' % (TWO, LP), 400, "missing_member", "/questions/1/choices/0/models"),
    "models_missing_of_one": ('{"choices":[{%s},{}]}' % TWO, 400, "missing_member", "/choices/1/models"),
    "models_type": ('{"choices":[{"models":{}}]}', 400, "bad_shape", "/choices/0/models"),
    "models_element": ('{"choices":[{"models":[{%s},3]}]}' % LP, 400, "bad_shape", "/choices/0/models/1"),
    "models_none": ('{"choices":[{"models":[]}]}', 422, "out_of_range", "/choices/0/models"),
    "models_one": ('{"choices":[{"models":[{%s}]}]}' % LP, 422, "out_of_range", "/choices/0/models"),
    "models_three": ('{"questions":[{"choices":[{}],"models":[{%s},{%s},{%s}]}]}' % (LP, LP, LP), 422, "out_of_range", "/questions/0/models", "3"),
    "models_member": ('{"choices":[{"models":[{%s,"completion":[1]},{%s}]}]}' % (LP, LP), 400, "unknown_member", "/choices/0/models/0/completion", "belongs to the choice"),
    "models_unknown": ('{"choices":[{}],"models":[{%s,"logit":[[1]]},{%s}]}' % (LP, LP), 400, "unknown_member", "/models/0/logit", "logits"),
    "models_label": ('{"choices":[{}],"models":[{%s,"model":3},{%s}]}' % (LP, LP), 400, "bad_shape", "/models/0/model"),
    "models_label_of_choice": ('{"choices":[{"model":"a",%s}]}' % TWO, 400, "unknown_member", "/choices/0/model"),
    "models_no_output": ('{"questions":[{"prompt":[1],"choices":[{"completion":[1]}],"models":[{%s},{"model":"b"}]}]}' % LP, 400, "missing_member", "/questions/0/models/1/logits"),
    "models_no_output_in_choice": ('{"questions":[{"choices":[{"models":[{"temperature":1},{%s}]}]}]}' % LP, 400, "missing_member", "/questions/0/choices/0/models/0/logits"),
    "models_two_outputs": ('{"choices":[{"prompt":[0],"completion":[1],"models":[{%s,"logits":[[1,2]]},{%s}]}]}' % (LP, LP), 400, "conflicting_members", "/choices/0/models/0/logits"),
    "models_beside_a_bad_choice": ('{"prompt":[3],"choices":[{"completion":[0]},{"completion":[1],"alignment":-1}],"models":[{"logits":[[0.5,-1,2,0.25]]},{"logits":[[1,3,-0.5,0]]}]}', 400, "bad_shape", "/choices/1/alignment"),
    "models_beside_bad_ids": ('{"questions":[{"prompt":[3],"choices":[{"completion":[0]},{"completion":3}],"models":[{"logits":[[0.5,-1,2,0.25]]},{"logits":[[1,3,-0.5,0]]}]}]}', 400, "bad_shape", "/questions/0/choices/1/completion"),
    "models_beside_a_bad_question": ('{"prompt":[3],"questions":[{"choices":[{"completion":[0]}]},{"temperature":"x","choices":[{"completion":[0]}]}],"models":[{"logits":[[0.5,-1,2,0.25]]},{"logits":[[1,3,-0.5,0]]}]}', 400, "bad_shape", "/questions/1/temperature"),
    "models_and_output": ('{"questions":[{%s,"choices":[{%s}]}]}' % (TWO, LP), 400, "conflicting_members", "/questions/0/choices/0/logprobs"),
    "models_behind_output": ('{"questions":[{"choices":[{%s}],%s}]}' % (LP, TWO), 400, "conflicting_members", "/questions/0/models"),
    "models_beside_output": ('{"choices":[{%s,%s}]}' % (TWO, LP), 400, "conflicting_members", "/choices/0/logprobs", "each model has its output"),
    "models_beside_output_turned": ('{"questions":[{"choices":[{%s,%s}]}]}' % (LP, TWO), 400, "conflicting_members", "/questions/0/choices/0/models"),
    "models_beside_output_of_question": ('{"questions":[{"choices":[{}],%s,"logits":[[1,2]]}]}' % TWO, 400, "conflicting_members", "/questions/0/logits"),
    "models_beside_output_of_one": ('{"outputs":{},"choices":[{}],%s}' % TWO, 400, "conflicting_members", "/models"),
    "models_and_output_of_question": ('{%s,"questions":[{"choices":[{}],%s}]}' % (TWO, LP), 400, "conflicting_members", "/questions/0/logprobs"),
    "models_one_with_rows": ('{"prompt":[3],"choices":[{"completion":[0],"models":[{"temperature":2}],"logits":[[0.5,-1,2,0.25]]}]}', 422, "out_of_range", "/choices/0/models"),
    "models_three_with_rows": ('{"prompt":[3],"choices":[{"completion":[0],"models":[{},{},{}],"logits":[[0.5,-1,2,0.25]]}]}', 422, "out_of_range", "/choices/0/models"),
    "models_twice": ('{"questions":[{%s,"choices":[{%s}]}]}' % (TWO, TWO), 400, "conflicting_members", "/questions/0/choices/0/models"),
    "models_twice_behind": ('{"questions":[{"choices":[{}],%s}],%s}' % (TWO, TWO), 400, "conflicting_members", "/models"),
    "models_twice_in_question": ('{%s,"questions":[{"choices":[{}],%s}]}' % (TWO, TWO), 400, "conflicting_members", "/questions/0/models"),
    "models_row": ('{"questions":[{"prompt":[0],"choices":[{"completion":[0]},{"completion":[1]}],"models":[{"logits":[[1,2]]},{"logits":[[1,NaN]]}]}]}', 422, "bad_row", "/questions/0/models/1/logits/0/1"),
    "models_row_first": ('{"questions":[{"prompt":[0],"models":[{"logits":[[NaN,2]]},{"logits":[[1,2]]}],"choices":[{"completion":[0]},{"completion":[1]}]}]}', 422, "bad_row", "/questions/0/models/0/logits/0/0"),
    "models_width": ('{"prompt":[0],"choices":[{"completion":[1]},{"completion":[3]}],"models":[{"logits":[[1,2,3,4]]},{"logits":[[1,2]]}]}', 422, "out_of_range", "/choices/1/completion/0"),
    "models_rows": ('{"prompt":[0],"choices":[{"completion":[1]},{"completion":[1,0]}],"models":[{"logits":[[1,2],[3,4]]},{"logits":[[1,2]]}]}', 422, "bad_count", "/models/1/logits"),
    "models_no_completion": ('{"prompt":[0],"choices":[{"completion":[1]},{}],"models":[{"logits":[[1,2]]},{"logits":[[1,2]]}]}', 400, "missing_member", "/choices/1/completion"),
    "models_logprob": ('{"choices":[{"models":[{%s},{"logprobs":[0.5]}]}]}' % LP, 422, "out_of_range", "/choices/0/models/1/logprobs/0"),
    "models_temperature": ('{"choices":[{"models":[{%s},{%s,"temperature":2}]}]}' % (LP, LP), 422, "needs_logits", "/choices/0/models/1/temperature"),
    "models_unconditional": ('{"choices":[{"models":[{%s},{%s,"unconditional":0.5}]}]}' % (LP, LP), 422, "out_of_range", "/choices/0/models/1/unconditional"),
    "models_of_labels_in_choices": ('{"choices":[{"token":0,%s}]}' % AB, 400, "conflicting_members", "/choices/0/models/0/logits"),
    "models_calibration_without_gold": ('{"calibration":{},"questions":[{"choices":[{%s}]}]}' % TWO, 400, "missing_member", "/questions/0/gold"),
    "models_calibration_of_one_without_gold": ('{"calibration":{},"choices":[{}],%s}' % TWO, 400, "missing_member", "/gold"),
    "bootstrap_alone": ('{"bootstrap":{},"choices":[{%s}],"gold":0}' % LP, 400, "conflicting_members", "/bootstrap"),
    "bootstrap_type": ('{"bootstrap":100,"choices":[{}],%s}' % TWO, 400, "bad_shape", "/bootstrap"),
    "bootstrap_samples": ('{"bootstrap":{"samples":0},"choices":[{}],%s}' % TWO, 422, "out_of_range", "/bootstrap/samples"),
    "bootstrap_samples_many": ('{"bootstrap":{"samples":100001},"choices":[{}],%s}' % TWO, 422, "out_of_range", "/bootstrap/samples"),
    "bootstrap_level": ('{"bootstrap":{"level":1},"choices":[{}],%s}' % TWO, 422, "out_of_range", "/bootstrap/level"),
    "bootstrap_member": ('{"bootstrap":{"sample":3},"choices":[{}],%s}' % TWO, 400, "unknown_member", "/bootstrap/sample"),
    "bootstrap_in_question": ('{"questions":[{"bootstrap":{},"choices":[{}],%s}]}' % TWO, 400, "unknown_member", "/questions/0/bootstrap"),
    "bootstrap_draws": ('{"bootstrap":{"samples":100000},"questions":[%s],%s}' % (",".join(['{"choices":[{}]}'] * 101), TWO), 422, "out_of_range", "/bootstrap/samples", "10000000"),
}
