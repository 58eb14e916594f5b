"""run.py - run the benchmarks: see bench.mk.

run.py --build DIR [WORD...]: all rows of rows.py, and write docs/benchmarks.md; or only the rows whose
text has all the words in it, and only print.  BENCH_PATIENCE: seconds to spend, all in all, on waiting
for other programs and on measuring again what they disturbed.  BENCH_PAIRS: pairs of a row.
"""
import argparse
import os
import shutil
import signal
import sys
import tempfile
import traceback
from statistics import median

import machine
import peers
import report
from calm import Calm
from measure import Bench
from rows import ROWS

PAIRS = 5
PATIENCE = 120
LIMIT = 1200  # seconds for everything, on top of the patience: nothing may hang
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run_row(row, bench):
    result = report.Result(row)
    bench.calm.shares = []
    try:
        result.pairs = row.measure(bench)
        result.others = median(bench.calm.shares)
    except peers.Skip as reason:
        result.trouble = f"skipped: {reason}"
    except Exception as error:  # the other rows can still be measured
        traceback.print_exc()
        result.trouble = f"failed: {error}"
    return result


def run_rows(rows, bench):
    results = []
    for row in rows:
        results.append(run_row(row, bench))
        print(report.lines(results[-1]), flush=True)
    return results


def copy_programs(build, directory):
    """The programs as they are now, so that a build that begins meanwhile changes nothing."""
    copy = os.path.join(directory, "build")
    for name in ("logitd", "bench"):
        path = os.path.join(build, name)
        if os.path.isdir(path):
            shutil.copytree(path, os.path.join(copy, name))
        else:
            os.makedirs(copy, exist_ok=True)
            shutil.copy(path, copy)
    return copy


def write_document(results, facts, pairs):
    with open("bench/findings.md") as file:
        findings = file.read()
    with open("docs/benchmarks.md", "w") as file:
        file.write(report.document(results, pairs, facts, findings))


def stop(number, _):
    """Signals end in an exception, so that every process that was started is stopped."""
    raise SystemExit(f"bench: ended by {signal.Signals(number).name}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    pairs = int(os.environ.get("BENCH_PAIRS", PAIRS))
    patience = float(os.environ.get("BENCH_PATIENCE", PATIENCE))
    rows = [row for row in ROWS if all(word in row.work + row.against for word in options.words)]

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, stop)
    signal.alarm(int(LIMIT + patience))
    os.chdir(ROOT)
    facts = machine.describe()
    with tempfile.TemporaryDirectory() as directory:
        build = copy_programs(options.build, directory)
        results = run_rows(rows, Bench(build, directory, Calm(patience), pairs))
    if not options.words:
        write_document(results, facts, pairs)
        print("\ndocs/benchmarks.md:\n\n" + report.table(results))
    return any(result.trouble.startswith("failed") for result in results)


if __name__ == "__main__":
    sys.exit(main())
