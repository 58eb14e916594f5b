#!/usr/bin/env python3
"""heads.py [--check] - write what pages have from tables of the source, by way of docs/reference.md.

A page has a line `<!-- make docs: format NAME -->` for the row of a format, or `<!-- make docs: SECTION -->` for the table
of a section.  What stands between it and the line `<!-- end -->` is written anew.  With --check nothing is written: pages
that are out of date are printed."""
import pathlib
import re
import sys
import textwrap

DOCS = pathlib.Path(__file__).resolve().parent
PLACE = re.compile(r"(<!-- make docs: (.+?) -->\n).*?(<!-- end -->)", flags=re.S)


def table(section):
    """The lines of a section's table."""
    text = (DOCS / "reference.md").read_text().split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    return [line for line in text.splitlines() if line.startswith("|")]


def head(name):
    """The head of a page about an engine: which format reads its answers, and what to ask for."""
    rows = (re.split(r" *(?<!\\)\| *", line)[1:-1] for line in table("Formats of outputs"))
    what, ask = next(row[1:3] for row in rows if row[0] == f"`{name}`")
    words = f"`format` is `auto`, or `{name}`. {what}\n\nIf log-probabilities are missing: {ask}."
    return "\n\n".join(textwrap.fill(part, 120, break_on_hyphens=False) for part in words.split("\n\n"))


def made(place):
    what = place[2].removeprefix("format ")
    return head(what) if what != place[2] else "\n".join(table(what))


def main():
    stale = []
    for page in sorted(DOCS.rglob("*.md")):
        old = page.read_text()
        new = PLACE.sub(lambda place: f"{place[1]}{made(place)}\n{place[3]}", old)
        if new != old:
            stale.append(page.relative_to(DOCS.parent))
            if "--check" not in sys.argv:
                page.write_text(new)
    if "--check" in sys.argv:
        print("\n".join(map(str, stale)), end="\n" if stale else "")


if __name__ == "__main__":
    main()
