"""measure.py - what bodies cost, in instructions, and what they may.

A body of each row of bodies.py is answered by its route's endpoint, in one process (cost.c).  Valgrind counts
the instructions of that alone; nothing is timed."""
import itertools
import math
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from bodies import ROWS

MOST_GROWTH = 1.1  # the power of a body's size by which its cost may grow
MOST_RATIO = 3.0  # what a refusal may cost, of the good body that it looks like


class Run:
    """One body that was answered."""

    def __init__(self, row, sent, words):
        self.row, self.sent = row, sent
        self.status, self.code = int(words[1]), words[2]
        self.inflated, self.reply, self.work = (int(word) for word in words[3:6])
        self.cost = 0

    def amount(self):
        """What the growth is held against."""
        body = max(self.sent, self.inflated)
        return body if self.row.by == "sent" else body + self.reply + self.work

    def price(self):
        """Of a byte that was sent."""
        return self.cost / self.sent


def write_body(folder, index, size, scale):
    """A line of the driver's list, whose body is written; and how long that is."""
    row = ROWS[index]
    body = row.make(max(2, int(row.size * size * scale)))
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


def run_part(driver, folder, part, workers, sizes, scale):
    """Every so manieth row."""
    keys = [(index, size) for index in range(part, len(ROWS), workers) for size in sizes]
    bodies = [write_body(folder, index, size, scale) for index, size in keys]
    out = f"callgrind.{part}"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/{out}", driver],
        input="".join(line for line, _ in bodies), capture_output=True, text=True, check=True)
    costs = read_costs(folder, out)
    runs = []
    for (index, _), (_, sent), line in zip(keys, bodies, done.stdout.splitlines(), strict=True):
        one = Run(ROWS[index], sent, line.split())
        one.cost = costs[line.split()[0]]
        runs.append(one)
    return runs


def measure(driver, sizes, scale, workers):
    """The runs of each row, by its name: of these sizes, ascending, times `scale`."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(lambda part: run_part(driver, folder, part, workers, sizes, scale), range(workers)))
    runs = {}
    for one in itertools.chain.from_iterable(done):
        runs.setdefault(one.row.name, []).append(one)
    return runs


def growth(runs):
    """The slope of the line through the logarithms of amounts and costs."""
    xs, ys = [math.log(one.amount()) for one in runs], [math.log(one.cost) for one in runs]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def ratio(runs, name):
    """What a byte of the largest body costs, of a byte of its twin."""
    return runs[name][-1].price() / runs[runs[name][-1].row.twin][-1].price()


def checks(runs):
    """(whether it holds, what is wrong if not)"""
    for name, sized in runs.items():
        row = sized[-1].row
        for one in sized:
            yield one.status == row.status, f"{name}: {one.status} {one.code} in place of {row.status}"
        if row.twin:
            yield ratio(runs, name) <= MOST_RATIO, f"{name}: {ratio(runs, name):.1f} times what \"{row.twin}\" costs"
        else:
            yield row.status == 200, f"{name}: a refusal, and with no good body is it compared"


def growth_checks(runs):
    """The same of how cost grows; small bodies do not tell."""
    for name, sized in runs.items():
        all_of_it, last = growth(sized), growth(sized[-2:])
        yield all_of_it <= MOST_GROWTH and last <= MOST_GROWTH + 0.1, \
            f"{name}: the cost grows as the {all_of_it:.2f}th power, at last the {last:.2f}th"
