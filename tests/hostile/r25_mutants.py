#!/usr/bin/env python3
"""r25_mutants.py - R25: faults put into the source, one at a time, and whether a test finds each.

Only in the long form.  A copy of the tree is built once; each fault then costs one file and its tests."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from hostile import ROOT, Suite

# A file, and the tests that should find faults in it, the quickest first.
FILES = [
    ("server/head.c", ["unit/test_routes", "http/test_wire"]),
    ("server/request_target.c", ["unit/test_routes", "http/test_wire"]),
    ("server/recv_filter.c", ["http/test_wire"]),
    ("server/auth.c", ["unit/test_auth", "http/test_wire"]),
    ("server/clients.c", ["unit/test_clients", "http/test_limits"]),
    ("server/admission.c", ["unit/test_admission", "http/test_budget"]),
    ("server/relay.c", ["unit/test_relay", "http/test_long"]),
    ("server/executor.c", ["unit/test_relay"]),
    ("api/base/work.c", ["unit/test_work"]),
    ("core/arena.c", ["unit/test_memory"]),
    ("core/budget.c", ["unit/test_memory"]),
    ("api/json/json_parser.c", ["unit/test_parser", "unit/test_scan"]),
    ("api/json/json_string.c", ["unit/test_parser", "unit/test_scan"]),
    ("api/body/multipart.c", ["unit/test_parts", "unit/test_form"]),
    ("api/body/npy.c", ["unit/test_parts", "unit/test_form"]),
    ("api/body/safetensors.c", ["unit/test_parts", "unit/test_form"]),
    ("api/exchange/header_parameter.c", ["unit/test_parts", "unit/test_form"]),
    ("api/json/base64.c", ["unit/test_base64"]),
    ("api/json/base64_groups.c", ["unit/test_base64"]),
    ("api/members/range.c", ["unit/test_ranges"]),
    ("api/json/dom.c", ["unit/test_parser", "unit/test_denied"]),
]

# What is written in the place of what.
FAULTS = [
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "), (r" != ", " == "),
    (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r"\breturn false;", "return true;"),
    (r"\breturn true;", "return false;"), (r"\bif \(!", "if ("), (r"^    [a-z_]+\([^;=]*\);$", "    ;"),
]
PER_FILE = 4
PATIENCE = 90


def is_code(line):
    return not re.match(r"\s*(#|/?\*|//|static|const|for )", line) and not line.rstrip().endswith(",")


def faults(random, text):
    """Every (line, new line) that can be made."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for old, new in FAULTS:
            if is_code(line) and re.search(old, line):
                yield number, re.sub(old, new, line, count=1)


def run(tree, command):
    try:
        return subprocess.run(command, cwd=tree, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False).returncode
    except subprocess.TimeoutExpired:
        return -1


def is_found(tree, tests):
    for test in tests:
        if run(tree, f"make -s WARNINGS= build/logitd build/tests/{test}") != 0:
            return None
        if run(tree, f"LOGITD=build/logitd build/tests/{test}") != 0:
            return True
    return False


def try_file(suite, tree, path, tests):
    """How many faults were found of how many; those that were not, in words."""
    whole = os.path.join(tree, path)
    with open(whole, encoding="utf-8") as file:
        text = file.read()
    made = list(faults(suite.random, text))
    suite.random.shuffle(made)
    found, tried, left = 0, 0, []
    while made and tried < PER_FILE:
        number, line = made.pop()
        lines = text.split("\n")
        was, lines[number] = lines[number], line
        with open(whole, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))
        verdict = is_found(tree, tests)
        if verdict is None:
            continue  # it does not build
        tried += 1
        found += verdict
        if not verdict:
            left.append(f"`{path}:{number + 1}`: `{was.strip()}` made `{line.strip()}`")
    with open(whole, "w", encoding="utf-8") as file:
        file.write(text)
    run(tree, "make -s WARNINGS= build/logitd")
    return found, tried, left


def main():
    suite = Suite("R25", "Seeded faults", limit=7200, ran=(
        "Small faults (a changed comparison, connective, sign, verdict or call) are put into the files that guard "
        "the process, one at a time. The tests of that file must find each."))
    tree = tempfile.mkdtemp()
    shutil.copytree(ROOT, tree, dirs_exist_ok=True, ignore=shutil.ignore_patterns("build", ".git"))
    names = sorted({test for _, tests in FILES for test in tests})
    suite.check(run(tree, "true") == 0 and subprocess.run(
        ["make", "-s", "WARNINGS=", "build/logitd", *[f"build/tests/{name}" for name in names]], cwd=tree,
        check=False).returncode == 0, "the copy builds")
    total, of, left = 0, 0, []
    for path, tests in FILES:
        found, tried, missed = try_file(suite, tree, path, tests)
        total, of, left = total + found, of + tried, left + missed
        print(f"{path}: {found} of {tried}", flush=True)
    shutil.rmtree(tree, ignore_errors=True)
    suite.figure("faults put in", of)
    suite.figure("faults that a test of their file found", total)
    for one in left:
        suite.remains(f"not found, or no fault that shows: {one}")
    suite.check(total >= 0.75 * of, f"{total} of {of} faults are found")
    return suite.close(f"{of} faults")


if __name__ == "__main__":
    sys.exit(main())
