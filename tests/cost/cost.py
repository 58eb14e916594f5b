#!/usr/bin/env python3
"""cost.py DRIVER - what refusals cost, in instructions, beside the answers that they look like: the table of bodies.py
at one small size.  tests/hostile/r26_cost.py takes larger ones, and sees how cost grows.  Prints check's summary line."""
import shutil
import sys

import bodies
import measure

SCALE = 0.3  # times the size of a row


def main():
    if not shutil.which("valgrind"):
        print("SKIP what requests cost: valgrind is not installed")
        return 0
    runs = measure.measure(sys.argv[1], (1,), SCALE, 1)
    results = list(measure.checks(runs))
    refusals = [row for row in bodies.ROWS if row.status >= 400]
    results.append((len(refusals) >= 40, f"only {len(refusals)} refusals"))
    failures = [what for holds, what in results if not holds]
    for what in failures:
        print("cost:", what)
    worst = max((row.name for row in refusals), key=lambda name: measure.ratio(runs, name))
    print(f"FIGURE refusals = {len(refusals)}")
    print(f"FIGURE dearest refusal, times the answer = {measure.ratio(runs, worst):.2f} ({worst})")
    print(f"{100 * (len(results) - len(failures)) // len(results)}%: Checks: {len(results)}, Failures: {len(failures)}, Errors: 0")
    return len(failures) > 0


if __name__ == "__main__":
    sys.exit(main())
