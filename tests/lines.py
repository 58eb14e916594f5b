#!/usr/bin/env python3
"""lines.py PROGRAM - golden requests with a list of sequences or pairs, asked once whole and once as NDJSON with an
element a line: each line is answered as if it were alone, and the totals of the last line have the bits of the whole
answer's.  A line that is refused alone is left out of both.  Prints check's summary line."""
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
# The folder of requests, their route, and the lists that may be taken apart.
ROUTES = (
    ("policy/valid", "/v1/policy", ("sequences",)),
    ("preference/valid", "/v1/preference", ("pairs", "examples")),
)
# Lines that mean different things, or are of two forms, and what the totals then hold at a pointer.
SEQUENCE = {"current": {"logprobs": [-1, -2]}, "old": {"logprobs": [-1.5, -2.5]}, "rollout": {"logprobs": [-1.25, -2.5]},
            "advantages": 1}
SIDE = {"policy": {"log_prob": -1}, "reference": {"log_prob": -1}}
PAIRS = [{"chosen": SIDE, "rejected": SIDE}]
EXAMPLES = [{**SIDE, "label": True}]
MIXED = (
    ("/v1/policy", [{**SEQUENCE, "objectives": ["ppo"]}, {**SEQUENCE, "objectives": [{"name": "ppo", "clip_low": 0.1}]}],
     {"/totals/objectives/ppo": None, "/totals/sequences": 2, "/totals/requests": 2, "/totals/errors": 0}),
    ("/v1/policy", [{**SEQUENCE, "objectives": ["ppo"]}, {"objectives": ["ppo"]}, {**SEQUENCE, "objectives": ["grpo", "ppo"]}],
     {"/totals/objectives/ppo/sequences": 2, "/totals/objectives/grpo/sequences": 1, "/totals/requests": 3,
      "/totals/errors": 1}),
    ("/v1/policy", [{**SEQUENCE, "objectives": ["ppo"]}, {**SEQUENCE, "objectives": ["ppo"], "correction": {}}],
     {"/totals/objectives/ppo": None, "/totals/correction": None}),
    ("/v1/policy", [{**SEQUENCE, "objectives": [{"name": "ppo", "label": "a"}], "correction": {}},
                    {**SEQUENCE, "objectives": ["ppo"], "correction": {}, "rejection": {"high": 0.9}}],
     {"/totals/correction": None, "/totals/rejection": None, "/totals/objectives/a/tokens": 2,
      "/totals/objectives/ppo/tokens": 1}),
    ("/v1/policy", [], {"/totals/sequences": 0, "/totals/requests": 0}),
    ("/v1/preference", [{"pairs": PAIRS}, {"pairs": PAIRS, "beta": 0.1}, {"pairs": PAIRS * 2, "objectives": ["hinge"]}],
     {"/totals/pairs": 4, "/totals/objectives/sigmoid/ties": 2, "/totals/objectives/hinge/ties": 2}),
    ("/v1/preference", [{"pairs": PAIRS}, {"pairs": PAIRS, "beta": 0.2}, {"pairs": []}],
     {"/totals/pairs": 2, "/totals/objectives/sigmoid": None, "/totals/requests": 3, "/totals/errors": 1}),
    ("/v1/preference", [{"examples": EXAMPLES, "kl": 0}, {"pairs": PAIRS}],
     {"/totals/pairs": 1, "/totals/examples": 1, "/totals/desirable": 1, "/totals/undesirable": 0,
      "/totals/objectives/kto/kl": 0, "/totals/objectives/sigmoid/ties": 1}),
    ("/v1/preference", [{"examples": EXAMPLES, "kl": 0}, {"examples": EXAMPLES, "kl": 1}],
     {"/totals/examples": 2, "/totals/objectives/kto": None}),
    ("/v1/preference", [], {"/totals/pairs": 0, "/totals/objectives": {}, "/totals/requests": 0}),
)


def ask(address, route, kind, body):
    request = urllib.request.Request(address + route, body, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


def ask_json(address, route, request):
    return ask(address, route, "application/json", json.dumps(request).encode())


def ask_lines(address, route, requests):
    """(the answers to lines, the last line)"""
    body = "\n".join(map(json.dumps, requests)).encode()
    status, text = ask(address, route, "application/x-ndjson", body)
    lines = text.splitlines()
    return (lines[:-1], json.loads(lines[-1])) if status == 200 else ([], {})


def faults(address, route, name, request):
    """What is wrong with the lines of a golden request."""
    rest = {key: value for key, value in request.items() if key != name}
    alone = [(line, *ask_json(address, route, line)) for line in ({**rest, name: [one]} for one in request[name])]
    good = [(line, text.strip()) for line, status, text in alone if status == 200]
    if not good:
        return
    _, whole = ask_json(address, route, {**rest, name: [line[name][0] for line, _ in good]})
    answers, last = ask_lines(address, route, [line for line, _ in good])
    if answers != [text for _, text in good]:
        yield "a line is not answered as if it were alone"
    if last.get("totals") != {**json.loads(whole)["totals"], "requests": len(good), "errors": 0}:
        yield "the totals are not those of one request"


def at(value, pointer):
    for name in pointer.split("/")[1:]:
        value = value[name] if isinstance(value, dict) and name in value else "nothing"
    return value


def check_all(address):
    checks = 0
    for folder, route, lists in ROUTES:
        for case in sorted((GOLDEN / folder).iterdir()):
            request = json.loads((case / "request.json").read_text())
            for name in lists:
                if name in request:
                    checks += 1
                    yield checks, f"{folder}/{case.name}", list(faults(address, route, name, request))
    for route, requests, right in MIXED:
        _, last = ask_lines(address, route, requests)
        checks += 1
        yield checks, f"{route} {requests}", [f"{pointer} is {at(last, pointer)}" for pointer in right
                                              if at(last, pointer) != right[pointer]]


def main():
    server = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    checks = failures = 0
    try:
        address = server.stderr.readline().strip().removeprefix("listening on ")
        for checks, label, wrong in check_all(address):
            failures += bool(wrong)
            for line in wrong:
                print(f"lines: {label}: {line}")
    finally:
        server.terminate()
        server.wait(30)
    print(f"{100 * (checks - failures) // checks if checks else 100}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
