"""Lists of log-probabilities at the edges of what numbers may be.

number(name, route, request, place, exact, bound): the number at `place` in the answer is within `bound` (relative) of `exact`.
SAME are requests whose answers must have equal members."""
import itertools
from decimal import Decimal as D

from right import exp, ln

U = D(2) ** -53
M = 1.7976931348623157e308
NUMBERS, SAME = [], []


def number(name, route, request, place, exact, bound=8 * U):
    NUMBERS.append((name, route, request, place, exact, bound))


def decimals(numbers):
    return [D(x) for x in numbers]


def mean(values):
    return sum(values, D(0)) / len(values)


def error(values):
    """The standard error of the mean."""
    center = mean(values)
    return (sum((v - center) ** 2 for v in values) / (len(values) - 1) / len(values)).sqrt()


def perplexity(values):
    return exp(-mean(values))


# ---- two models ----

def compared(name, a, b):
    """All numbers of POST /v1/compare that two lists give; perplexities where they are doubles."""
    request = {"models": [{"logprobs": a}, {"logprobs": b}]}
    a, b = decimals(a), decimals(b)
    differences, delta = [y - x for x, y in zip(a, b)], [exp(y) - exp(x) for x, y in zip(a, b)]
    many, plain = len(a) > 1, mean(a) > -700 and mean(b) > -700
    told = {"difference": sum(differences), "difference_mean": mean(differences), "delta_p/mean": mean(delta),
            "delta_p/max": max(delta), "delta_p/min": min(delta), "delta_p/root_mean_square": mean([d * d for d in delta]).sqrt()}
    if many:
        told.update({"difference_error": error(differences), "delta_p/error": error(delta)})
    if plain:
        of_a, of_b, ratio = perplexity(a), perplexity(b), perplexity(differences)
        told.update({"a/perplexity": of_a, "b/perplexity": of_b, "perplexity_ratio": ratio, "perplexity_difference": of_b - of_a})
    if plain and many:
        told.update({"a/perplexity_error": of_a * error(a), "b/perplexity_error": of_b * error(b),
                     "perplexity_ratio_error": ratio * error(differences),
                     "perplexity_difference_error": error([of_b * y - of_a * x for x, y in zip(a, b)])})
    for place, exact in told.items():
        number(name, "/v1/compare", request, "totals/objectives/joint/" + place, exact)


compared("near", [-1], [-1.0000000000000002])
compared("near_of_two", [-1, -2.5], [-1.0000000000000002, -2.5])
compared("near_far", [-1, -1.5, -0.25, -3], [-1.0000000001, -1.5000001, -0.2500000003, -3])
compared("certain_and_not", [-1e-200, -3e-200, -4e-200], [-2e200, -7e200, -7.5e200])
compared("large_perplexities", [-580, -590], [-585, -589])
compared("small", [-1e-174, -3e-174], [-2e-174, -7e-174])
compared("smallest", [-1e-300, -3e-300], [-2e-300, -7e-300])
compared("large", [-1e300, -3e300], [-2e300, -7e300])
compared("large_and_small", [-1e200, -1e-200], [-3e200, -5e-200])

# ---- means of sequences ----

number("weights", "/v1/score", {"weights": [1e308, 1e308], "logprobs": [-10, -20]}, "totals/objectives/joint/loss", D(15))
number("weights_largest", "/v1/score", {"weights": [M, M, M], "logprobs": [-10, -20, -60]}, "totals/objectives/joint/loss", D(30))
number("weights_least", "/v1/score", {"weights": [1e-300, 3e-300], "logprobs": [-1e-20, -3e-20]}, "totals/objectives/joint/loss",
       (D(1e-300) * D(1e-20) + D(3e-300) * D(3e-20)) / (D(1e-300) + D(3e-300)))
number("weights_apart", "/v1/score", {"weights": [1e-300, M], "logprobs": [-10, -20]}, "totals/objectives/joint/loss",
       (D(1e-300) * 10 + D(M) * 20) / (D(1e-300) + D(M)))
number("log_probs_largest", "/v1/score", {"logprobs": [-M, -M]}, "totals/objectives/joint/loss", D(M))


def corpus(name, *documents):
    request = {"statistics": True, "sequences": [{"logprobs": d} for d in documents]}
    sums, sizes = [sum(decimals(d)) for d in documents], [D(len(d)) for d in documents]
    ratio, count, size = sum(sums) / sum(sizes), len(documents), sum(sizes)
    clustered = (sum((y - ratio * x) ** 2 for y, x in zip(sums, sizes)) * count / (count - 1)).sqrt() / size
    tokens = [x for d in documents for x in decimals(d)]
    told = {"document_mean": mean(sums), "token_mean": ratio, "standard_error/document_mean": error(sums),
            "standard_error/token_mean": clustered, "standard_error/token_mean_independent": error(tokens)}
    if -ratio < 700:
        told.update({"token_perplexity": exp(-ratio), "standard_error/token_perplexity": exp(-ratio) * clustered})
    for place, exact in told.items():
        number(name, "/v1/score", request, "totals/objectives/joint/" + place, exact)


corpus("corpus_large", [-1e200, -3e200], [-2e200, -7e200], [-1e-200])
corpus("corpus_small", [-1e-200, -3e-200], [-2e-200, -7e-200], [-1e-190])
corpus("corpus_of_perplexities", [-300, -310], [-500, -605], [-400])
corpus("corpus_largest", [-M, -1e308], [-5e307], [-1e307, -2, -3])
corpus("corpus_near", [-1, -1.0000000000000002], [-2.0000000000000004], [-3, -1, -2])

# ---- choices ----

def ranked(name, right, *log_probs):
    request = {"gold": right, "choices": [{"logprobs": [x]} for x in log_probs]}
    weights = [exp(D(x)) for x in log_probs]
    for i, weight in enumerate(weights):
        p = weight / sum(weights)
        number(name, "/v1/rank", request, "questions/0/choices/%d/probability" % i, p, (4 + abs(ln(p))) * U if p else U)


ranked("probability_far", 0, -1, -281.25, -0.5, -700)
ranked("probability_offset", 1, -1e5, -100000.5, -100281.125)
ranked("probability_least", 0, 0, -743)

# ---- the same whatever the order ----

LISTS = ([-1.1, -1e16, -3.3], [-1e16, -0.1], [-1e-3], [-7.7e-9, -2.5])
for order in itertools.permutations(range(4)):
    SAME.append(("/v1/score", {"statistics": True, "per_token": False, "sequences": [{"logprobs": LISTS[i]} for i in order]}, "totals"))
