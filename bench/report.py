"""report.py - results judged, printed and written."""
from dataclasses import dataclass, field
from statistics import median

from rows import Row


@dataclass
class Result:
    row: Row
    pairs: list = field(default_factory=list)
    trouble: str = ""  # why there are no pairs
    others: float = 0.0  # share of the cores that other programs took


# ---- judgement ----


def ratios(result):
    return [ours if theirs is None else ours / theirs for ours, theirs in result.pairs]


def is_reached(goal, ratio):
    return ratio >= goal.limit if goal.least else ratio <= goal.limit


def verdict(result):
    goal = result.row.goal
    if result.trouble:
        return result.trouble
    if not goal:
        return "for information"
    ratio = median(ratios(result))
    if is_reached(goal, ratio):
        return "reached"
    gap = abs(ratio / goal.limit - 1)
    return f"not reached: {gap:.0%} {'short' if goal.least else 'above'}"


# ---- words ----


def quantity(value, unit):
    if value >= 1000:
        return f"{value:,.0f} {unit}"
    return f"{value:.3g} {unit}"


def is_plain(result):
    """Ours itself is judged."""
    return result.pairs and result.pairs[0][1] is None


def ratio_unit(result):
    return result.row.unit if result.row.against == "-" else "x"


def words(result):
    """The cells of a result, by the names of their columns."""
    row, goal = result.row, result.row.goal
    unit = ratio_unit(result)
    limit = f"{'at least' if goal.least else 'at most'} {goal.limit:g} {unit}" if goal else "-"
    cells = {"work": row.work, "against": row.against, "ours": "-", "theirs": "-", "ratio": "-",
             "spread": "-", "goal": limit, "verdict": verdict(result)}
    if not result.pairs:
        return cells
    values = ratios(result)
    cells["ours"] = quantity(median(ours for ours, _ in result.pairs), row.unit)
    cells["spread"] = f"{min(values):.3g} to {max(values):.3g}"
    if not is_plain(result):
        cells["theirs"] = quantity(median(theirs for _, theirs in result.pairs), row.unit)
        cells["ratio"] = f"{median(values):.3g} x"
    if result.others > 0.05:
        cells["verdict"] += f" (others took {result.others:.0%} of the cores)"
    return cells


def lines(result):
    """A result for the terminal."""
    cells = words(result)
    return (
        f"{cells['work']}\n    against {cells['against']}\n"
        f"    {cells['ours']} : {cells['theirs']} = {cells['ratio']}"
        f" ({cells['spread']}), goal {cells['goal']}: {cells['verdict']}"
    )


def table(results):
    """A table in markdown."""
    columns = ["work", "against", "ours", "theirs", "ratio", "spread", "goal", "verdict"]
    rows = [columns, ["---"] * len(columns)]
    rows += [[words(result)[column] for column in columns] for result in results]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def document(results, pairs, machine, findings):
    facts = "".join(f"| {name} | {value} |\n" for name, value in machine.items())
    return f"""# Benchmarks

`make bench` wrote this page, on a machine without other load. The findings are a copy of bench/findings.md; the table in
bench/rows.py says what is measured.

Each ratio is ours to theirs, the median of {pairs} pairs that were measured in turns; the spread is the
least and the greatest ratio of a pair. A pair that other programs disturbed was measured again. The client is
bench/client.c, or wrk for small requests. It shares the cores with the server and connects over loopback. logitd runs
with its defaults and writes its log to /dev/null.

{table(results)}
## The peers

- *FastAPI + PyTorch*: bench/peers/service.py, one worker of uvicorn with uvloop and httptools,
  PyTorch's default number of threads. It computes the three objectives in float32 and nothing else.
- *PyTorch*: bench/peers/torch_rows.py. One call scores a sequence of 512 or of 32 rows. PyTorch is fastest with one row
  in each call, because the output of log_softmax then stays in the cache.
- *simdjson*: bench/peers/simdjson_read.cc, -O3 -march=native; it sums the numbers.
- *nginx*: bench/peers/nginx.conf, one worker for each CPU, no access log.
- *libmicrohttpd*: bench/peers/sink.c.

## The machine

| | |
|---|---|
{facts}
{findings}"""
