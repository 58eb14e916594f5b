#!/usr/bin/env python3
"""peers.py PROGRAM [PATTERN...] - ask the program the requests of golden/peers/ and compare with what the functions of
other projects answered.  A case is FILE/NAME; with patterns, only those cases are asked.

A case tells pointers into our answer and the values there.  A number must be within `tolerance` of the peer's,
relative (`tolerances` has those of single pointers), or within `absolute` of it; an integer, a text or null is equal.
`differs` are numbers that the peer has otherwise, for a reason: ours is the exact one, within the same tolerance, and
is not the peer's.

Cases that ask for what is not built are named in WAITING.  They are asked, too, and must fail: who builds a route or
a member takes its cases from the list.  Prints a line SKIP for each row of the list, and check's summary line."""
import collections
import fnmatch
import json
import math
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

PEERS = pathlib.Path(__file__).resolve().parent / "golden" / "peers"
TOLERANCE = 1e-12  # where a case has none: the peers answer in float64

# Patterns of cases: what they ask for is not built.
WAITING = ()

NOTHING = object()


def found(document, pointer):
    """The value at a pointer, or NOTHING."""
    for name in pointer.split("/")[1:]:
        name = name.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return NOTHING
    return document


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def near(ours, theirs, relative, absolute):
    if not (is_number(ours) and is_number(theirs)):
        return ours == theirs and isinstance(ours, type(theirs))
    return abs(ours - theirs) <= max(relative * abs(theirs), absolute) if math.isfinite(theirs) else ours == theirs


def faults(case, answer):
    """What is wrong with the answer to a case, a line each."""
    # A peer that computes in float32 has 0 for what is less than its smallest number.
    absolute = case.get("absolute", 2.0 ** -149 if case.get("note", "").startswith("float32") else 0)

    def compare(pointer, value):
        relative = case.get("tolerances", {}).get(pointer, case.get("tolerance", TOLERANCE))
        return near(found(answer, pointer), value, relative, absolute)

    def told(pointer):
        value = found(answer, pointer)
        return "nothing" if value is NOTHING else json.dumps(value)

    for pointer, value in case.get("expect", {}).items():
        if not compare(pointer, value):
            yield f"{pointer} is {told(pointer)}, of the peer {json.dumps(value)}"
    for row in case.get("differs", ()):
        if not compare(row["pointer"], row["exact"]):
            yield f"{row['pointer']} is {told(row['pointer'])}, exactly {row['exact']} (the peer has {row['peer']}: {row['why']})"
        elif row["peer"] != row["exact"] and compare(row["pointer"], row["peer"]):
            yield f"{row['pointer']} is the peer's {row['peer']}, which differs: {row['why']}"


def ask(address, case):
    """The answer to a case and its status."""
    request = urllib.request.Request(address + case["route"], data=json.dumps(case["request"]).encode(),
                                     headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def wrong(address, case):
    """What is wrong with a case: a list of lines, empty if nothing is."""
    status, answer = ask(address, case)
    if status != 200:
        return [f"{case['route']} answers {status}: {json.dumps(answer)[:300]}"]
    return list(faults(case, answer))


def load():
    for path in sorted(PEERS.glob("*.json")):
        for case in json.loads(path.read_text())["cases"]:
            yield f"{path.stem}/{case['name']}", case


def judge(label, lines, waits):
    """Whether a case is as it must be; says why not."""
    if waits and not lines:
        print(f"peers: {label} passes: take it from WAITING")
    elif lines and not waits:
        print(f"peers: {label}: {len(lines)} wrong")
        print("\n".join(f"    {line}" for line in lines[:5]))
    return bool(waits) == bool(lines)


def first(patterns, label):
    """The first pattern that a label matches; None if none does."""
    return next((pattern for pattern in patterns if fnmatch.fnmatchcase(label, pattern)), None)


def ask_all(address, patterns):
    """Ask the cases of some patterns; how many were checked and failed, and how many waited, by row of WAITING."""
    checks, failures, waited = 0, 0, collections.Counter()
    for label, case in load():
        if not first(patterns, label):
            continue
        row = first(WAITING, label)
        good = judge(label, wrong(address, case), row)
        waited[row] += bool(row and good)
        checks += not (row and good)
        failures += not good
    return checks, failures, waited


def main():
    labels = [label for label, _ in load()]
    if idle := [row for row in WAITING if not any(first([row], label) for label in labels)]:
        sys.exit(f"peers: no case is named by {idle}")
    server = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        address = server.stderr.readline().strip().removeprefix("listening on ")
        checks, failures, waited = ask_all(address, sys.argv[2:] or ["*"])
    finally:
        server.terminate()
        server.wait(30)
    for row, count in waited.items():
        if count:
            print(f"SKIP {row}: what its {count} cases ask for is not built")
    print(f"{100 * (checks - failures) // checks if checks else 100}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
