#!/usr/bin/env python3
"""edges.py PROGRAM - rows of logits at the edges of what numbers may be, in every dtype that holds them, by all ways in,
with each kernel that this CPU can run: the numbers are within their bounds of those of edges/right.py, all ways that
answer alike give the same bytes, and so do all kernels.  edges/rows.py has the rows.  Prints check's summary line."""
import re
import struct
import sys
from decimal import Decimal as D
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "edges"))
import lists  # noqa: E402
import right  # noqa: E402
import rows  # noqa: E402
import ways  # noqa: E402

U = D(2) ** -53
INF = float("inf")
LARGEST, SMALLEST = D(1.7976931348623157e308), D(2) ** -1074
BEYOND = LARGEST + LARGEST * U  # rounds to infinity
SHOWN = 40
checks = failures = 0


def check(good, *what):
    global checks, failures
    checks += 1
    if good:
        return
    failures += 1
    if failures <= SHOWN:
        print("edges:", *what)


def is_near(got, exact, bound, floor=D(0)):
    """Whether a double is within `bound` of the exact number (relative; of `floor` if the number is less), or is the nearest
    double where doubles are coarser."""
    if exact is None or abs(exact) >= BEYOND:
        return got == (INF if exact is None or exact > 0 else -INF)
    if abs(exact) > LARGEST * (1 - bound) and got in (INF, -INF):
        return (got > 0) == (exact > 0)
    if got is None or got in (INF, -INF):
        return False
    return abs(D(got) - exact) <= max(bound * max(abs(exact), floor), SMALLEST)


def single(x):
    try:
        return struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return INF if x > 0 else -INF


def is_single(got, double):
    """Whether a number, maybe with the digits of a float32 only, is a double rounded to float32.  JSON has no infinities."""
    return abs(single(double)) == INF if got is None else single(got) == single(double)


NLL, ENTROPY, LOSS = 8 * U, 16 * U, 16 * U


class Expected:
    """The right numbers of a row, computed once."""

    def __init__(self, row):
        _, logits, tokens, options = row
        made = [right.Row(r, options) for r in logits[:1]] if all(r == logits[0] for r in logits) else \
            [right.Row(r, options) for r in logits]
        made *= len(tokens) // len(made)
        self.nll = [r.nll(t) for r, t in zip(made, tokens)]
        self.loss = [r.loss(t) for r, t in zip(made, tokens)]
        self.entropy = [r.entropy() for r in made]
        self.rank = [r.rank(t) for r, t in zip(made, tokens)]
        self.rows = made


def check_numbers(name, answer, expected):
    columns = answer.columns
    for i, (nll, entropy, loss, rank) in enumerate(zip(expected.nll, expected.entropy, expected.loss, expected.rank)):
        got = columns["log_prob"][i]
        check(is_near(-got, nll, NLL), name, "log_prob", i, got, told(nll, got))
        if "entropy" in columns:
            got = columns["entropy"][i]
            check(is_near(got, entropy, ENTROPY, D("1e-300")), name, "entropy", i, got, told(entropy, got))
        if "rank" in columns:
            check(columns["rank"][i] == rank, name, "rank", i, columns["rank"][i], rank)
        if "loss" in columns:
            got = columns["loss"][i]
            check(is_near(got, loss, LOSS), name, "loss", i, got, told(loss, got))
        for token, log_prob in columns["top"][i] if "top" in columns else ():
            exact = expected.rows[i].nll(token)
            check(is_near(-log_prob, exact, NLL), name, "top", i, token, log_prob, told(exact, log_prob))


def told(exact, got):
    """The right number, and how far the other is, in units of u."""
    if exact is None:
        return "right: inf"
    far = "" if got in (INF, -INF, None) or not exact else "%.3g u" % ((abs(D(got)) - abs(exact)) / exact / U)
    return "right: %.17g %s" % (exact, far)


def same_numbers(answer, first):
    """Whether another way has the same numbers as POST /v1/score."""
    for column in ("log_prob", "entropy", "rank"):
        for got, double in zip(answer.columns.get(column, ()), first.columns[column]):
            double = max(double, answer.least)
            if not (is_single(got, double) if answer.single and column != "rank" else got == double or
                    (got is None and double in (INF, -INF))):
                return False
    return True


def check_ways(name, server, row, dtype, expected):
    """Ask in all ways.  Returns the bytes of all answers."""
    given, first = [], None
    for way, dtypes in ways.SCORE_WAYS:
        if dtype not in dtypes:
            continue
        answer = way(server, row, dtype)
        given.append(answer.raw)
        check(answer.columns, name, way.__name__, answer.raw[:300])
        if not answer.columns:
            continue
        check(first is None or answer.raw == first.raw, name, way.__name__, "is not the same as another way")
        if first is None:
            check_numbers(name, answer, expected)
            first = answer
    others = [way for way, dtypes in ways.INFER_WAYS if dtype in dtypes] + \
        [way for way, dtypes, options in ways.OTHER_WAYS if dtype in dtypes and not set(row[3]) - options]
    for way in others:
        answer = way(server, row, dtype)
        given.append(answer.raw)
        check(answer.columns and first and same_numbers(answer, first), name, way.__name__, answer.columns or answer.raw[:300])
    return given


def check_pair(name, server, one, dtype):
    _, a, b, token, options = one
    status, _, text = server.ask("/v1/compare", {"tokens": [token], "alignment": "same", **options, "dtype": dtype,
                                                 "models": [{"logits": [a]}, {"logits": [b]}]})
    check(status == 200, name, text[:300])
    if status == 200:
        tokens = ways.json.loads(text)["sequences"][0]["tokens"]
        exact = right.divergences(right.Row(a, options), right.Row(b, options))
        for column, value in zip(("kl_ab", "kl_ba", "jsd"), exact):
            got = ways.number(tokens[column][0])
            check(is_near(got, value, D("1e-12"), D("1e-300")), name, column, got, told(value, got))
    return text


def at(answer, place):
    for step in place.split("/"):
        answer = answer[int(step) if step.isdigit() else step]
    return ways.number(answer)


def check_lists(kernel, server):
    """Lists of log-probabilities: no kernel reads them, but all are in the bytes that are compared."""
    given, first = {}, None
    for name, route, request, place, exact, bound in lists.NUMBERS:
        key = ways.json.dumps(request)
        if key not in given:
            given[key] = server.ask(route, request)
        status, _, text = given[key]
        got = at(ways.json.loads(text), place) if status == 200 else None
        check(is_near(got, exact, bound), kernel, name, place, got, told(exact, got), text[:300] if status != 200 else "")
    for route, request, member in lists.SAME:
        part = ways.json.loads(server.ask(route, request)[2])[member]
        check(first is None or part == first, kernel, "another order changes", member, part)
        first = part
    return [text for _, _, text in given.values()]


def kernels():
    return re.findall(r"^KERNEL\((\w+),", (ROOT / "core" / "kernels.def").read_text(), re.MULTILINE)


def check_kernel(program, kernel, expected):
    """The bytes of all answers with a kernel.  None: the CPU cannot run it."""
    server, given = ways.Server(program, kernel), []
    if not server.runs:
        server.end()
        return None
    for number, row in enumerate(rows.ROWS):
        for dtype in ways.DTYPES:
            if all(ways.holds(dtype, x) for r in row[1] for x in r):
                given += check_ways("%s %s %s:" % (kernel, row[0], dtype), server, row, dtype, expected[number])
    for one in rows.PAIRS:
        for dtype in ways.DECIMAL:
            if all(ways.holds(dtype, x) for x in one[1] + one[2]):
                given.append(check_pair("%s %s %s:" % (kernel, one[0], dtype), server, one, dtype))
    given += check_lists(kernel, server)
    check(server.nans() == 0, kernel, "numbers came out as NaN")
    check(server.end() == 0, kernel, "did not end well")
    return given


def main():
    expected, ran = [Expected(row) for row in rows.ROWS], {}
    for kernel in kernels():
        given = check_kernel(sys.argv[1], kernel, expected)
        if given is not None:
            ran[kernel] = given
    for kernel, given in ran.items():
        check(given == ran["scalar"], kernel, "does not give the bytes of scalar")
    print("FIGURE kernels compared =", len(ran))
    print("FIGURE requests to each =", len(ran["scalar"]))
    print("%d%%: Checks: %d, Failures: %d, Errors: 0" % (100 * (checks - failures) // checks, checks, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
