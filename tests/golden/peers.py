#!/usr/bin/env python3
"""peers.py VECTORS - write tests/golden/peers/: what the functions of other projects answered, from the vectors of the
contract.  A file keeps its source and its note; a case keeps its request in our contract and the numbers that the
answer must have.  What the function was given in its own names is left out: the request has it.  tests/peers.py asks
them."""
import json
import pathlib
import sys

OUT = pathlib.Path(__file__).resolve().parent / "peers"
OF_A_CASE = ("name", "route", "request", "expect", "tolerance", "tolerances", "absolute", "differs", "note")


def line(value):
    return json.dumps(value, separators=(",", ":"))


def trimmed(vectors):
    heads = [f"{line(name)}:{line(vectors[name])}" for name in ("source", "run", "note") if name in vectors]
    cases = (line({name: case[name] for name in OF_A_CASE if case.get(name)}) for case in vectors["cases"])
    return "{%s,\n\"cases\":[\n%s\n]}\n" % (",\n".join(heads), ",\n".join(cases))


def main():
    OUT.mkdir(exist_ok=True)
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        (OUT / path.name).write_text(trimmed(json.loads(path.read_text())))


if __name__ == "__main__":
    main()
