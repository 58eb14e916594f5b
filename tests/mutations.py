#!/usr/bin/env python3
"""mutations.py PROGRAM [--all] [--only NAME] - no part of an engine's answer can be changed in silence.

mutation/answers.py has answers of engines, in the form in which they were recorded, and what each is scored as.
mutation/changes.py loses, doubles, moves or contradicts one part of it.  logitd must then give the same score, or a
warning that the whole answer did not have, or refuse with a 4xx; never another number in silence (of an objective or
of a token), a 5xx or nothing.
What nothing in the answer tells is in mutation/exceptions.py, with the reason.  The same answer sent in other ways
(mutation/dresses.py) must get the same score.

Each failure is printed as a body that can be posted.  Prints check's summary line."""
import argparse
import collections
import http.client
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from mutation import answers, changes, dresses, exceptions  # noqa: E402

LONG = bool(os.environ.get("LOGITD_TEST_LONG"))
MOST = 400  # changes of one answer that are made; all, in a long run
LEAST = 20000  # changes of all answers
SHOWN = 20  # failures that are printed
SEED = 11
OBJECTIVES = ("marginal", "conditional", "joint")
# Warnings that do not say that a number may be another one.
NO_WARNING = {"truncated_top"}


class Server:
    """A logitd, and one connection to it that is kept.  A request is one packet: http.client makes it two."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "--port", "0", "--threads", "1"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)$", self.process.stderr.readline().strip())[1])
        self.socket = None

    def post(self, base, body, media=None):
        """Status and text of an answer; status 0 if there is none within ten seconds."""
        try:
            if not self.socket:
                self.socket = socket.create_connection(("127.0.0.1", self.port), 10)
                self.file = self.socket.makefile("rb")
            body = body.encode()
            self.socket.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n"
                                b"Content-Length: %d\r\n\r\n%s" % (base.route.encode(), (media or base.media).encode(), len(body), body))
            status = int(self.file.readline().split()[1])
            head = http.client.parse_headers(self.file)
            text = self.file.read(int(head["Content-Length"])).decode()
            if head["Connection"] == "close":
                self.socket = None
            return status, text
        except (OSError, IndexError, ValueError, TypeError, http.client.HTTPException) as error:
            self.socket = None
            return 0, repr(error)

    def nans(self):
        """How many numbers of all answers came out as NaN."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/metrics")
        return int(re.search(rb"\nlogitd_nan_results_total (\d+)\n", connection.getresponse().read())[1])

    def close(self):
        self.process.terminate()
        return self.process.wait(10)


def holds(sequences, others):
    return len(sequences) == len(others) and all(
        theirs and all(mine.get(name) == value for name, value in theirs.items()) for mine, theirs in zip(sequences, others))


def parts_of(route, reply):
    """The parts of an answer of logitd that an engine's answer is behind: blocks of objectives, source and warnings."""
    if route == "/v1/rank":
        for one in reply["questions"][0]["choices"]:
            yield {"conditional": {**one, "token_loss": [one["log_prob"]]}}, one
        return
    for sequence in reply.get("sequences", ()):
        if route == "/v1/score":
            yield sequence["objectives"], sequence
        for model in ("a", "b") if route == "/v1/compare" else ():
            yield {name: {**block[model], "tokens": block["tokens"], "token_loss": [block[model]["log_prob"]]}
                   for name, block in sequence["objectives"].items()}, sequence[model]


class Score:
    """What an answer of logitd says: the objectives of each part; how often each warning is given."""

    def __init__(self, route, text):
        self.text, self.sequences, self.losses, self.warnings, self.format = text, [], [], collections.Counter(), None
        replies = [json.loads(line) for line in text.splitlines()]
        # A line of NDJSON that is refused says so in its place.
        self.refused = any("detail" in reply for reply in replies)
        for objectives, part in (part for reply in replies for part in parts_of(route, reply)):
            self.sequences.append({name: (one["log_prob"], one["tokens"]) for name, one in objectives.items()})
            self.losses.append({name: [loss for loss in one["token_loss"] if loss] for name, one in objectives.items()})
            for warning in part.get("warnings", ()):
                self.warnings[warning["code"]] += warning["count"]
            self.format = part.get("source", {}).get("format")

    def agrees(self, other, by_token=True):
        """The other one has no objective more, and each that it has with the same number; of each token, too."""
        return holds(self.sequences, other.sequences) and (not by_token or holds(self.losses, other.losses))

    def warns_beyond(self, other):
        return any(count > other.warnings[code] for code, count in self.warnings.items() if code not in NO_WARNING)


def expected(sequence):
    result = {name: (sum(v for v in sequence[name]), len(sequence[name])) for name in OBJECTIVES if name in sequence}
    if "marginal" in result and "conditional" in result:
        result["joint"] = tuple(a + b for a, b in zip(result["marginal"], result["conditional"]))
    return result


def body_of(base, outputs, **more):
    if base.text and not isinstance(outputs, str):
        outputs = base.text(outputs)
    body = base.put(outputs)
    return body if isinstance(body, str) else json.dumps({**base.request, **more, **body}, separators=(",", ":"))


def judge(base, whole, kind, where, status, text):
    """What is wrong with the answer to a change; None if nothing is."""
    if 400 <= status < 500:
        return None
    if status != 200:
        return "status %d: %s" % (status, text[:200])
    if text == whole.text:
        return None
    score = Score(base.route, text)
    if score.refused:
        return None
    # Nothing tells the order of tokens that are all of the prompt, or all generated.
    if whole.agrees(score, not kind.startswith(("swapped", "turned round"))) or score.warns_beyond(whole):
        return None
    # What stands beside an answer may tell of the prompt, too.
    if kind.startswith("beside") and score.agrees(whole):
        return None
    if exceptions.reason(base, kind, where):
        return None
    return "%s in place of %s" % (score.losses, whole.losses)


class Count:
    def __init__(self):
        self.made = self.failed = 0
        self.by = collections.Counter()

    def fail(self, base, what, body):
        self.failed += 1
        self.by[base.name, what.split(" at ")[0]] += 1
        if self.failed <= SHOWN:
            print("mutations: %s, %s\n%s" % (base.name, what, body))


def check_base(server, base, count):
    """The score of the answer as it was recorded; None if it is not as it must be."""
    body = body_of(base, base.outputs)
    status, text = server.post(base, body)
    count.made += 1
    if status != 200:
        count.fail(base, "as it was recorded: status %d: %s" % (status, text), body)
        return None
    score = Score(base.route, text)
    if score.sequences != [expected(sequence) for sequence in base.expected]:
        count.fail(base, "as it was recorded: %s" % score.sequences, body)
        return None
    return score


class Made:
    """Posts changes of a base, each once."""

    def __init__(self, server, base, whole, count):
        self.server, self.base, self.whole, self.count, self.seen = server, base, whole, count, set()

    def post(self, kind, where, outputs, **more):
        """Judge the answer to a change.  Returns its status, or None if it was made before."""
        body = body_of(self.base, outputs, **more)
        if body in self.seen:
            return None
        self.seen.add(body)
        self.count.made += 1
        status, text = self.server.post(self.base, body)
        wrong = judge(self.base, self.whole, kind, where, status, text)
        if wrong:
            self.count.fail(self.base, "%s at %s: %s" % (kind, where, wrong), body)
        return status

    def must(self, status, kind, where, outputs, **more):
        """The answer to a change must have this status, and what judge() asks for."""
        got = self.post(kind, where, outputs, **more)
        if got not in (status, None):
            self.count.fail(self.base, "%s at %s: status %d" % (kind, where, got), body_of(self.base, outputs, **more))


def check_dresses(server, base, whole, count):
    for what, body, media in dresses.dresses(base, len(whole.sequences)):
        body = json.dumps(body)
        status, text = server.post(base, body, media)
        count.made += 1
        score = Score(base.route, text) if status == 200 else None
        if not score or (score.losses, score.sequences, score.warnings) != (whole.losses, whole.sequences, whole.warnings):
            count.fail(base, "sent as %s: %d %s" % (what, status, text[:200]), body)


def check_changes(server, base, whole, count, chance):
    made = Made(server, base, whole, count)
    all_of_them = list(changes.changes(base, chance.sample(answers.BASES, 4)))
    if not LONG and len(all_of_them) > MOST:
        all_of_them = chance.sample(all_of_them, MOST)
    for kind, where, changed in all_of_them:
        if changed != base.outputs:
            made.post(kind, where, changed, **({"format": whole.format} if chance.random() < 0.2 else {}))
    for kind, where, request in changes.of_request(base):
        made.must(422, kind, where, base.outputs, **request)
    for kind, text, same in changes.of_text(base.text(base.outputs)) if base.text else ():
        if same:
            made.must(200, kind, "/outputs", text)
        else:
            made.post(kind, "/outputs", text)


def main():
    global SHOWN
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--all", action="store_true", help="print every failure")
    parser.add_argument("--only", default="", help="bases whose name begins so")
    options = parser.parse_args()
    SHOWN = sys.maxsize if options.all else SHOWN
    server, count, chance = Server(options.program), Count(), random.Random(SEED)
    for base in answers.BASES:
        if base.name.startswith(options.only):
            whole = check_base(server, base, count)
            if whole:
                check_dresses(server, base, whole, count)
                check_changes(server, base, whole, count, chance)
    if server.nans():
        count.failed += 1
        print("mutations: numbers came out as NaN")
    if server.close():
        count.failed += 1
        print("mutations: the program did not end well")
    if not options.only and count.made < LEAST:
        count.failed += 1
        print("mutations: %d changes, and not %d" % (count.made, LEAST))
    if count.failed:
        for (name, what), number in sorted(count.by.items()):
            print("mutations: %4d %s: %s" % (number, name, what[:100]))
    print("%d%%: Checks: %d, Failures: %d, Errors: 0" % (100 * (count.made - count.failed) // count.made, count.made, count.failed))
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
