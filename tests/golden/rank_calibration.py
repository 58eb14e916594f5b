"""Golden cases of POST /v1/rank: the calibration of questions, by its definitions in decimal arithmetic.  rank.py writes
them.

A question is (values of its choices by one normalisation, indices of the right ones).  Values are Decimals; a value may
be an infinity of oracle.py, or None where a choice has none."""
import json
from decimal import Decimal as D

from frame import LP
from oracle import INF, out


def confidence_of(values):
    """The softmax of the best value, or None."""
    if None in values or max(values) in (INF, -INF):
        return None
    most = max(values)
    return 1 / sum((D(0) if v == -INF or v - most < -10 ** 6 else (v - most).exp() for v in values), D(0))


def rank_of(values, right):
    """The rank of the best right choice, or None."""
    if None in values:
        return None
    order = sorted(range(len(values)), key=lambda i: (-values[i], i))
    return 1 + min(order.index(i) for i in right)


def mean(numbers):
    return sum(numbers, D(0)) / len(numbers)


def bins_of(verdicts, options):
    """The verdicts (c, y) of each bin, and its ends."""
    count, n = options.get("bins", 15), len(verdicts)
    bins = [[] for _ in range(count)]
    ordered = sorted(float(c) for c, _ in verdicts)
    if options.get("scheme", "equal_width") == "equal_width":
        for c, y in verdicts:
            bins[next(b for b in range(count) if float(c) <= (b + 1) / count)].append((c, y))
        return bins, [(b / count, (b + 1) / count) for b in range(count)]
    for c, y in verdicts:
        bins[ordered.index(float(c)) * count // n].append((c, y))
    return bins, [(min(float(c) for c, _ in b), max(float(c) for c, _ in b)) if b else (None, None) for b in bins]


def risks(verdicts):
    """For each distinct confidence, from the largest: (how many before, how many have it, errors before, errors)."""
    before = errors = 0
    for c in sorted({float(c) for c, _ in verdicts}, reverse=True):
        tied = [y for other, y in verdicts if float(other) == c]
        yield before, len(tied), errors, tied.count(0)
        before, errors = before + len(tied), errors + tied.count(0)


def area(verdicts):
    terms = [D(errors * size + wrong * i) / (size * (before + i))
             for before, size, errors, wrong in risks(verdicts) for i in range(1, size + 1)]
    return mean(terms)


def auroc(verdicts):
    right, wrong = ([float(c) for c, y in verdicts if y == of] for of in (1, 0))
    if not right or not wrong:
        return None
    return mean([D(1) if r > w else D(0.5) if r == w else D(0) for r in right for w in wrong])


def number(value):
    return None if value is None else out(value)


def calibration(questions, options, total):
    """The member `calibration` of totals; `total` writes a mean with its error."""
    verdicts = [(confidence_of(values), int(values.index(max(values)) in right))
                for values, right in questions if confidence_of(values) is not None]
    n = len(verdicts)
    bins, ends = bins_of(verdicts, options)
    stats = [(D(len(b)), mean([c for c, _ in b]), mean([D(y) for _, y in b])) if b else None for b in bins]
    sums = dict.fromkeys(("confidence", "accuracy", "ece", "mce", "brier", "reliability", "resolution", "uncertainty",
                          "within_bins", "auroc", "aurc"))
    if n:
        accuracy = mean([D(y) for _, y in verdicts])
        full = [s for s in stats if s]
        sums = {
            "confidence": mean([c for c, _ in verdicts]), "accuracy": accuracy,
            "ece": sum(m * abs(acc - conf) for m, conf, acc in full) / n,
            "mce": max(abs(acc - conf) for _, conf, acc in full),
            "brier": mean([(c - y) ** 2 for c, y in verdicts]),
            "reliability": sum(m * (conf - acc) ** 2 for m, conf, acc in full) / n,
            "resolution": sum(m * (acc - accuracy) ** 2 for m, _, acc in full) / n,
            "uncertainty": accuracy * (1 - accuracy),
            "within_bins": sum(((c - s[1]) ** 2 - 2 * (c - s[1]) * (y - s[2]) for b, s in zip(bins, stats) for c, y in b),
                               D(0)) / n,
            "auroc": auroc(verdicts), "aurc": area(verdicts)}
        whole = sums["reliability"] - sums["resolution"] + sums["uncertainty"] + sums["within_bins"]
        assert abs(whole - sums["brier"]) < D(10) ** -300
        if abs(sums["within_bins"]) < D(10) ** -300:
            sums["within_bins"] = D(0)
    answer = {"questions": n, "confidence": number(sums.pop("confidence")), "accuracy": number(sums.pop("accuracy")),
              "bins": [{"low": low, "high": high, "questions": len(b), "confidence": s and out(s[1]),
                        "accuracy": s and out(s[2])} for (low, high), b, s in zip(ends, bins, stats)],
              **{name: number(value) for name, value in sums.items()},
              "mrr": total([D(1) / r for r in (rank_of(*q) for q in questions) if r])}
    if options.get("curve"):
        answer["curve"] = [[(before + size) / n, (errors + wrong) / (before + size)]
                           for before, size, errors, wrong in risks(verdicts)]
    return answer


# ---- cases ----

def graded(*questions, **options):
    """A request for a calibration; a question is (gold, the log-probabilities of its choices)."""
    return json.dumps({"calibration": options, "questions": [
        {**({} if gold is None else {"gold": gold}), "choices": [
            choice if isinstance(choice, dict) else {"logprobs": [choice]} for choice in choices]}
        for gold, choices in questions]}, separators=(",", ":"))


MIXED = [(i % 3, [-(1 + i * 7 % 11) / 8, -(1 + i * 5 % 13) / 8, -(1 + i * 3 % 7) / 4]) for i in range(12)]
EVEN = [-1, -1, -1]
OF_TEXT = [(i % 2, [{"logprobs": [-1 - i % 5, -0.5], "text": "ab", "unconditional": -2 - i % 3},
                    {"logprobs": [-2.25 - i % 3], "text": " a b c", "unconditional": -3}]) for i in range(7)]
VALID = {
    "calibration": graded(*MIXED),
    "calibration_two_bins": graded(*MIXED, bins=2, curve=True),
    "calibration_one_bin": graded(*MIXED, bins=1),
    "calibration_many_bins": graded(*MIXED[:9], bins=200),
    "calibration_most_bins": graded((0, [-1, -2]), bins=1000),
    "calibration_equal_mass": graded(*MIXED, bins=5, scheme="equal_mass", curve=True),
    "calibration_equal_mass_few": graded(*MIXED[:3], bins=7, scheme="equal_mass"),
    "calibration_equal_mass_ties": graded(*[(i % 2, [-1, -1 - i // 5]) for i in range(17)], bins=6, scheme="equal_mass"),
    "calibration_all_equal": graded(*[(i % 3, EVEN) for i in range(7)], bins=3, curve=True),
    "calibration_all_equal_mass": graded(*[(i % 3, EVEN) for i in range(7)], bins=3, scheme="equal_mass"),
    "calibration_third": graded((0, EVEN), (2, EVEN), (0, [-1, -1, -1.125])),
    "calibration_ends": graded((0, [-1, -1]), (1, [-1, -1]), (0, [-3]), (0, [-1] * 4), (3, [-2] * 5), (0, [-1, -INF]), bins=4),
    "calibration_one_question": graded((0, [-1, -2]), curve=True),
    "calibration_one_question_mass": graded((1, [-1, -2]), scheme="equal_mass", curve=True),
    "calibration_all_right": graded(*[(0, [-1, -2 - i]) for i in range(6)], curve=True),
    "calibration_all_wrong": graded(*[(1, [-1, -2 - i]) for i in range(6)], curve=True),
    "calibration_some_gold": graded((None, [-1, -2]), (0, [-1, -3]), (None, [-4, -2]), (0, [-3, -2.5])),
    "calibration_golds": graded(([0, 2], [-3, -1, -2]), ([0, 1], [-3, -3, -2]), ([1], [-1, -1, -1]), ([2, 2, 1], [-2, -1.5, -1])),
    "calibration_impossible": graded((0, [-INF, -1]), (1, [-INF, -INF]), (0, [-1, -2])),
    "calibration_all_impossible": graded((0, [-INF, -INF]), (0, [-INF])),
    "calibration_nearly_sure": graded(*[(0, [-2 ** -i / 8, -i - 3]) for i in range(1, 300, 23)], curve=True),
    "calibration_nearly_sure_and_wrong": graded(*[(i % 2, [-0.25, -i - 3]) for i in range(1, 90, 9)], (0, [-0.5, -745])),
    "calibration_small_gap": graded(*[(0, [-0.5, -0.5]), (1, [-0.25, -0.25]), (0, [-0.5, -0.5 - 2 ** -40]), (1, [-1, -1 - 2 ** -40])], bins=1),
    "calibration_long_sums": graded(*[(i % 2, [{"logprobs": [-0.1 * j - (i + 1) / 7 for j in range(12)]}, {"logprobs": [-0.1 * j - (i + 1) / 7 - (i + 1) / 90 for j in range(12)]}]) for i in range(4)], bins=3),
    **{"calibration_by_" + by: graded(*OF_TEXT, by=by, bins=4) for by in ("per_token", "per_character", "per_byte", "per_word", "pmi")},
    "calibration_by_none": graded(*MIXED[:3], by="per_byte", curve=True),
    "calibration_by_none_mass": graded(*MIXED[:3], by="pmi", bins=2, scheme="equal_mass"),
    "calibration_by_some": graded(OF_TEXT[0], MIXED[1], OF_TEXT[2], by="per_word", bins=3),
    "calibration_pmi_infinite": graded((0, [{"logprobs": [-1], "unconditional": "-Infinity"}, {"logprobs": [-2], "unconditional": -3}]),
                                       (0, [{"logprobs": [-1], "unconditional": -3}, {"logprobs": [-2], "unconditional": -3}]), by="pmi"),
    "calibration_of_labels": '{"calibration":{"bins":2},"questions":[{"gold":0,"choices":[{"token":0},{"token":[1,2]}],"logits":[[1,2,3]]},{"gold":1,"choices":[{"token":0},{"token":2}],"logits":[[1,2,3]]}]}',
    "calibration_of_one": '{"calibration":{},"gold":"b","choices":[{"id":"a","logprobs":[-1]},{"id":"b","logprobs":[-0.5]}]}',
}

JUDGED = '"questions":[{"gold":0,"choices":[{"logprobs":[-1]}]}]'
INVALID = {
    "calibration_type": ('{"calibration":true,%s}' % JUDGED, 400, "bad_shape", "/calibration"),
    "calibration_list": ('{"calibration":["log_prob"],%s}' % JUDGED, 400, "bad_shape", "/calibration"),
    "calibration_null": ('{"calibration":null,%s}' % JUDGED, 400, "bad_shape", "/calibration"),
    "calibration_member": ('{"calibration":{"bin":3},%s}' % JUDGED, 400, "unknown_member", "/calibration/bin", "bins"),
    "calibration_twice": ('{"calibration":{},"calibration":{},%s}' % JUDGED, 400, "duplicate_name", "/calibration"),
    "calibration_member_twice": ('{"calibration":{"bins":3,"bins":3},%s}' % JUDGED, 400, "duplicate_name", "/calibration/bins"),
    "calibration_by": ('{"calibration":{"by":"acc"},%s}' % JUDGED, 422, "out_of_range", "/calibration/by", "per_token"),
    "calibration_by_value": ('{"calibration":{"by":"log_prob_per_token"},%s}' % JUDGED, 422, "out_of_range", "/calibration/by"),
    "calibration_by_type": ('{"calibration":{"by":1},%s}' % JUDGED, 400, "bad_shape", "/calibration/by"),
    "calibration_by_list": ('{"calibration":{"by":["log_prob"]},%s}' % JUDGED, 400, "bad_shape", "/calibration/by"),
    "calibration_bins_zero": ('{"calibration":{"bins":0},%s}' % JUDGED, 422, "out_of_range", "/calibration/bins"),
    "calibration_bins_negative": ('{"calibration":{"bins":-3},%s}' % JUDGED, 422, "out_of_range", "/calibration/bins"),
    "calibration_bins_many": ('{"calibration":{"bins":1001},%s}' % JUDGED, 422, "out_of_range", "/calibration/bins", "1000"),
    "calibration_bins_half": ('{"calibration":{"bins":2.5},%s}' % JUDGED, 400, "bad_shape", "/calibration/bins"),
    "calibration_bins_text": ('{"calibration":{"bins":"10"},%s}' % JUDGED, 400, "bad_shape", "/calibration/bins"),
    "calibration_scheme": ('{"calibration":{"scheme":"quantile"},%s}' % JUDGED, 422, "out_of_range", "/calibration/scheme", "equal_mass"),
    "calibration_scheme_type": ('{"calibration":{"scheme":null},%s}' % JUDGED, 400, "bad_shape", "/calibration/scheme"),
    "calibration_curve": ('{"calibration":{"curve":1},%s}' % JUDGED, 400, "bad_shape", "/calibration/curve"),
    "calibration_in_question": ('{"questions":[{"calibration":{},"gold":0,"choices":[{%s}]}]}' % LP, 400, "unknown_member", "/questions/0/calibration", "belongs to the request"),
    "calibration_in_choice": ('{"gold":0,"choices":[{"calibration":{},%s}]}' % LP, 400, "unknown_member", "/choices/0/calibration"),
    "calibration_without_gold": ('{"questions":[{"choices":[{%s}]},{"choices":[{%s}]}],"calibration":{}}' % (LP, LP), 400, "missing_member", "/questions/0/gold"),
    "calibration_of_one_without_gold": ('{"choices":[{%s}],"calibration":{}}' % LP, 400, "missing_member", "/gold"),
    "calibration_of_labels_without_gold": ('{"calibration":{},"prompt":[1],"choices":[{"token":0},{"token":1}],"logits":[[1,2]]}', 400, "missing_member", "/gold"),
}
