"""r26_cost.py - what requests cost, in instructions: the table of tests/cost/bodies.py, each at 4 sizes.

Cost may grow with what was sent, and no faster: a line is fitted to the logarithms of both.  A refusal
may cost at most a few times what the good request costs that it looks like.  tests/cost/cost.py does the
same at small sizes."""
import os
import shutil
import sys

from hostile import ROOT, Suite

sys.path.insert(0, os.path.join(ROOT, "tests", "cost"))
import bodies  # noqa: E402
import measure  # noqa: E402

SIZES = (1, 2, 4, 8)
SHORT, LONG = 0.5, 2  # times the size of a row
WORKERS = 2
DRIVER = os.path.join(ROOT, "build", "tests", "cost", "cost")


def show_figures(suite, runs):
    worst = max(runs, key=lambda name: measure.growth(runs[name]))
    suite.figure("steepest growth", f"{measure.growth(runs[worst]):.2f} ({worst})")
    worst = max((name for name in runs if runs[name][-1].row.twin), key=lambda name: measure.ratio(runs, name))
    suite.figure("dearest refusal, times the answer", f"{measure.ratio(runs, worst):.1f} ({worst})")
    dear = max((sized[-1] for sized in runs.values() if sized[-1].row.by == "sent"), key=lambda one: one.cost / one.amount())
    suite.figure("bodies", len(runs))
    suite.figure("refusals", sum(sized[-1].row.status >= 400 for sized in runs.values()))
    suite.figure("most instructions a byte", f"{dear.cost / dear.amount():,.0f} ({dear.row.name})")


def main():
    suite = Suite("R26", "What requests cost",
                  ran="Bodies of many shapes for every route that scores, each at 4 sizes. The cost is counted in "
                      "instructions.",
                  limit=900)
    if not shutil.which("valgrind"):
        suite.skip("valgrind is not installed")
        suite.close()
    if not suite.check(os.path.exists(DRIVER), "the driver is there (make drivers)"):
        suite.close()
    runs = measure.measure(DRIVER, SIZES, LONG if suite.long else SHORT, WORKERS)
    for holds, what in [*measure.checks(runs), *measure.growth_checks(runs)]:
        suite.check(holds, what)
    show_figures(suite, runs)
    suite.found("An engine's answer was read once for each sequence that shares it, answers out of order were "
                "searched for each sequence, and rows shared by pairs were compared for each pair. Now each is done "
                "once.")
    suite.found("For conflicts and late members the text of the body was walked for each sequence. Now the offsets "
                "of members are noted as the body arrives.")
    suite.found("The cost of long lists of names, of early plans and of rows past the last token was their number "
                "times the number of sequences. Now it is not.")
    suite.remains("A small body may ask for much work: many tokens, or many ways to reduce a row, times many "
                  "sequences. It is charged as work, which --max-work limits.")
    suite.close(f"{len(bodies.ROWS)} bodies at {len(SIZES)} sizes")


main()
