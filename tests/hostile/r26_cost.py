"""r26_cost.py - what requests cost, in instructions: bodies x routes, each at 4 sizes.

Cost may grow with what was sent, and no faster: a line is fitted to the logarithms of both.  A refusal
may cost at most a few times what the good request costs that it looks like.  Nothing is timed: valgrind
counts the instructions of the endpoint alone, in one process (tests/hostile/programs/cost.c)."""
import itertools
import math
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from cost_bodies import ROWS
from hostile import ROOT, Suite

SIZES = (1, 2, 4, 8)
SHORT, LONG = 0.5, 2  # times the size of a row
WORKERS = 2
MOST_GROWTH = 1.1
MOST_RATIO = 3.0
# Refusals that cost more, and what at most.
KNOWN_RATIOS = {}
DRIVER = os.path.join(ROOT, "build", "tests", "hostile", "programs", "cost")


def slope(points):
    """Of the line through the logarithms of (amount, cost)."""
    xs, ys = [math.log(p[0]) for p in points], [math.log(p[1]) for p in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


class Run:
    """One body that was answered."""

    def __init__(self, row, size, sent, words):
        self.row, self.size, self.sent = row, size, sent
        self.status, self.code = int(words[1]), words[2]
        self.inflated, self.reply, self.work = (int(word) for word in words[3:6])
        self.cost = 0

    def amount(self):
        """What the growth is held against."""
        body = max(self.sent, self.inflated)
        return body if self.row.by == "sent" else body + self.reply + self.work


def write_body(folder, index, size, scale):
    """A line of the driver's list, whose body is written; and how long that is."""
    row = ROWS[index]
    body = row.make(int(row.size * size * scale))
    body = body if isinstance(body, bytes) else body.encode()
    path = os.path.join(folder, f"{index}.{size}")
    with open(path, "wb") as file:
        file.write(body)
    header = row.header(body) if row.header else "-"
    return f"{index}.{size} {row.path} {row.type} {row.encoding} {header} {row.kept} {path}\n", len(body)


def read_costs(folder, prefix):
    """Instructions by the name that they were dumped as."""
    costs = {}
    for name in os.listdir(folder):
        if not name.startswith(prefix):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            text = file.read()
        trigger = re.search(r"^desc: Trigger: Client Request: (\S+)$", text, re.M)
        if trigger:
            costs[trigger[1]] = int(re.search(r"^(?:summary|totals): (\d+)", text, re.M)[1])
    return costs


def run_part(folder, part, scale):
    """Every so manieth row."""
    keys = [(index, size) for index in range(part, len(ROWS), WORKERS) for size in SIZES]
    bodies = [write_body(folder, index, size, scale) for index, size in keys]
    out = f"callgrind.{part}"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/{out}", DRIVER],
        input="".join(line for line, _ in bodies), capture_output=True, text=True, check=True)
    costs = read_costs(folder, out)
    runs = []
    for (index, size), (_, sent), line in zip(keys, bodies, done.stdout.splitlines(), strict=True):
        one = Run(ROWS[index], size, sent, line.split())
        one.cost = costs[line.split()[0]]
        runs.append(one)
    return runs


def run(scale):
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:
        done = list(pool.map(lambda part: run_part(folder, part, scale), range(WORKERS)))
    runs = {}
    for one in itertools.chain.from_iterable(done):
        runs.setdefault(one.row.name, []).append(one)
    return runs


def judge_growth(suite, runs):
    worst = ("", 0.0)
    for name, all_sizes in runs.items():
        growth = slope([(one.amount(), one.cost) for one in all_sizes])
        last = slope([(one.amount(), one.cost) for one in all_sizes[-2:]])
        suite.check(growth <= MOST_GROWTH and last <= MOST_GROWTH + 0.1,
                    f"{name}: the cost grows as the {growth:.2f}th power, at last the {last:.2f}th")
        worst = max(worst, (name, growth), key=lambda pair: pair[1])
    suite.figure("steepest growth", f"{worst[1]:.2f} ({worst[0]})")


def judge_statuses(suite, runs):
    for name, all_sizes in runs.items():
        for one in all_sizes:
            suite.check(one.row.status in (None, one.status),
                        f"{name}: {one.status} {one.code} in place of {one.row.status}")


def judge_refusals(suite, runs):
    worst = ("", 0.0)
    for name, all_sizes in runs.items():
        twin = all_sizes[-1].row.twin
        if not twin:
            continue
        ratio = all_sizes[-1].cost / all_sizes[-1].sent / (runs[twin][-1].cost / runs[twin][-1].sent)
        most = KNOWN_RATIOS.get(name, MOST_RATIO)
        suite.check(ratio <= most, f"{name}: {ratio:.1f} times what \"{twin}\" costs")
        if name in KNOWN_RATIOS:
            suite.remains(f"{name}: a refusal costs {ratio:.1f} times the answer")
        worst = max(worst, (name, ratio), key=lambda pair: pair[1])
    suite.figure("dearest refusal, times the answer", f"{worst[1]:.1f} ({worst[0]})")


def main():
    suite = Suite("R26", "What requests cost",
                  ran="Bodies of many shapes for every route that scores, each at 4 sizes. The cost is counted in "
                      "instructions.",
                  limit=600)
    if not shutil.which("valgrind") or not os.path.exists(DRIVER):
        suite.skip("valgrind and the program cost are needed")
        suite.count(1)
        suite.close()
    runs = run(LONG if suite.long else SHORT)
    judge_statuses(suite, runs)
    judge_growth(suite, runs)
    judge_refusals(suite, runs)
    dear = max((one for all_sizes in runs.values() for one in all_sizes if one.row.by == "sent"),
               key=lambda one: one.cost / one.amount())
    suite.found("An engine's answer was read once for each sequence that shares it, answers out of order were "
                "searched for each sequence, and rows shared by pairs were compared for each pair. Now each is done "
                "once.")
    suite.found("For conflicts and late members the text of the body was walked for each sequence. Now the offsets "
                "of members are noted as the body arrives.")
    suite.found("The cost of long lists of names, of early plans and of rows past the last token was their number "
                "times the number of sequences. Now it is not.")
    suite.remains("A small body may ask for much work: many tokens, or many ways to reduce a row, times many "
                  "sequences. It is charged as work, which --max-work limits.")
    suite.figure("bodies", len(ROWS))
    suite.figure("most instructions a byte", f"{dear.cost / dear.amount():,.0f} ({dear.row.name})")
    suite.close(f"{len(ROWS)} bodies at {len(SIZES)} sizes")


main()
