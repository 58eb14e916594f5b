"""report.py - docs/reliability.md from the records of the hostile suites (build/reliability).

`make reliability` runs the suites and then this.  A suite without a record is listed as not run.
"""
import glob
import json
import os
import re

from hostile import RECORDS, ROOT

HEAD = """# Reliability

`make reliability` wrote this page. It lists what the hostile suites (tests/hostile) did to the program, what they
found, and what remains. `make test-hostile` runs the suites in a short form with a fixed seed, as CI does;
`make test-long` runs the long form. To run one suite, use its command, with another `--seed` if you like.

The server is the real program on a loopback port; "sanitized" is its build with AddressSanitizer and
UndefinedBehaviorSanitizer.

"""


def number(name):
    """R7 and r07_mutations sort alike."""
    return int(re.search(r"\d+", name)[0])


def records():
    found = []
    for path in glob.glob(os.path.join(RECORDS, "R*.json")):
        with open(path, encoding="utf-8") as file:
            found.append(json.load(file))
    return sorted(found, key=lambda record: number(record["suite"]))


def missing(found):
    """Suites without a record."""
    known = {number(record["suite"]) for record in found}
    paths = sorted(glob.glob(os.path.join(ROOT, "tests", "hostile", "r[0-9]*_*.*")))
    return [path for path in map(os.path.basename, paths) if number(path) not in known]


def value(figure):
    if isinstance(figure, float):
        return f"{figure:,.4g}"
    return f"{figure:,}" if isinstance(figure, int) else str(figure)


def verdict(record):
    if record["failures"]:
        return f"{record['failures']:,} of {record['checks']:,} checks failed"
    return f"{record['checks']:,} checks hold"


def listed(title, points):
    """A list under a title; nothing where there are no points."""
    points = [points] if isinstance(points, str) else points
    return f"{title}:\n\n" + "".join(f"- {point}\n" for point in points) + "\n" if points else ""


def table(found):
    rows = ["| suite | what | how much | form | verdict |\n", "|---|---|---|---|---|\n"]
    rows += [f"| {r['suite']} | {r['title']} | {r['amount']} | {r['form']} | {verdict(r)} |\n" for r in found]
    return "".join(rows) + "\n"


def section(record):
    figures = "".join(f"| {name} | {value(figure)} |\n" for name, figure in record["figures"].items())
    return (f"## {record['suite']}: {record['title']}\n\n{record['ran']}\n\n"
            f"Run: {record['amount']}. {verdict(record).capitalize()}.\n\n"
            + (f"| figure | value |\n|---|---|\n{figures}\n" if figures else "")
            + listed("Found", record["found"] or "nothing in this form")
            + listed("Remains", record["remains"]) + listed("Skipped", record["skipped"])
            + f"Again: `{record['command']}`\n\n")


def page():
    found = records()
    return (HEAD + table(found) + listed("Not run", missing(found))
            + "".join(map(section, found))).rstrip("\n") + "\n"


if __name__ == "__main__":
    with open(os.path.join(ROOT, "docs", "reliability.md"), "w", encoding="utf-8") as out:
        out.write(page())
