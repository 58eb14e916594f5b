#!/usr/bin/env python3
"""r06_http_corpus.py - R6: raw HTTP written to be misread, whole, in two pieces and byte by byte.

Rows of our own come with a verdict (http_rows.py); the corpora of others are held to what a strict reader
finds in them (strict.py): no more requests are executed than it counts, and what it refuses is refused."""
import http_data
import http_rows
import strict
from hostile import Malformed, Server, Suite, parse_reply, shared_data
from swarm import Talk, converse

QUICK = ["--threads", "2", "--head-timeout", "1s", "--idle-timeout", "700ms", "--body-grace", "700ms"]
PATIENT = ["--threads", "2", "--head-timeout", "8s", "--idle-timeout", "2s", "--body-grace", "8s"]
LIMIT = 15.0  # far above what the timeouts promise: past it a connection hangs
BYTES = 512  # that are sent one by one
PARALLEL = 100
SAMPLE = 300  # of a corpus are sent byte by byte in the short form
MARKS = 'logitd_http_requests_total{route="/v1/objectives"'

# Rows of ours whose verdict is not met: what comes instead, and why that stays.
LIBRARY = "libmicrohttpd does not report it; the answer ends the connection, so nothing is smuggled"
KNOWN = {
    "chunks: a carriage return in an extension": ("200", LIBRARY),
    "chunks: a NUL in an extension": ("200", LIBRARY),
    "chunks: a trailer with a NUL": ("200", LIBRARY),
    "chunks: a line feed after the size": ("200", LIBRARY),
    "chunks: a line feed after the data": ("200", LIBRARY),
    "chunks: a line feed after the last size": ("200", LIBRARY),
}
TWICE = "libmicrohttpd answers a Content-Length that is not a number with 400 or 413, sends the head twice, and " \
    "closes the connection"


def cut_whole(data, random):
    return [data]


def cut_in_two(data, random):
    at = random.randrange(1, len(data)) if len(data) > 1 else 0
    return [data[:at], data[at:]]


def cut_bytes(data, random):
    return [data[i:i + 1] for i in range(min(len(data), BYTES))] + [data[BYTES:]]


def replies_of(talk, reading):
    """The statuses of what came back (1xx left out), what was no reply, and whether a head came twice.
    The answer to HEAD has no body; behind the whole requests, an answer that makes no sense with a body
    may be one without."""
    statuses, at, data = [], 0, bytes(talk.data)
    while at < len(data):
        number = len(statuses)
        method = reading.methods[number] if number < len(reading.methods) else reading.last
        parsed = parse(data, at, method == b"HEAD") or parse(data, at, True)
        if not parsed:
            return statuses, data[at:], False
        reply, at = parsed
        if reply.status >= 200:
            statuses.append(reply.status)
        if reply.status in (400, 413) and reply.body.startswith(b"HTTP/1.1 "):
            return statuses, b"", True
    return statuses, b"", False


def parse(data, at, bare):
    try:
        return parse_reply(data, at, bare, ended=True)
    except Malformed:
        return None


def meets(verdict, statuses):
    """Whether they are what one of the verdict's alternatives says."""
    for alternative in verdict.split("|"):
        wanted, got = alternative.replace("mark", "200").split(), list(statuses)
        if wanted[-1] == "wait" and got in ([], [408]):
            return True
        if wanted[-1] == "bad":
            rest = got[len(wanted) - 1:]
            got, wanted = got[:len(wanted) - 1], wanted[:-1]
            if len(rest) > 1 or any(status < 400 for status in rest):
                continue
        if [str(status) for status in got] == wanted:
            return True
    return False


REFUSALS = {400, 405, 408, 411, 413, 414, 417, 421, 429, 431, 501, 503, 505}


def is_strict(statuses, reading):
    """At most one answer more than there are requests, and that one a refusal and the last."""
    count = len(reading.methods)
    if len(statuses) <= count:
        return True
    refused = statuses[count] >= 400 if reading.headed else statuses[count] in REFUSALS
    return len(statuses) == count + 1 and reading.end != "clean" and refused


class Corpus:
    """Sends requests and judges what comes back.  What arrives byte by byte gets a server with more time,
    since this machine may be busy."""

    def __init__(self, suite, quick, patient):
        self.suite, self.quick, self.patient = suite, quick, patient
        self.sent, self.slowest = 0, 0.0
        self.met, self.twice = set(), set()  # names of rows
        self.ways = [(cut_whole, False, quick), (cut_bytes, True, patient)]
        self.ways += [(cut_in_two, True, quick)] * (10 if suite.long else 1)

    def talk(self, cases, cut, finish, server):
        """What became of each: (name, bytes, verdict or tier, Talk, Reading, statuses)."""
        talks = [Talk(cut(data, self.suite.random), finish) for _, data, _ in cases]
        converse(server.port, talks, LIMIT, PARALLEL)
        self.sent += len(talks)
        self.slowest = max([self.slowest] + [talk.seconds for talk in talks])
        for (name, data, extra), talk in zip(cases, talks):
            reading = strict.read(data)
            statuses, rest, twice = replies_of(talk, reading)
            self.suite.check(not talk.late, f"{name}: neither answered nor closed in time: {talk}")
            self.suite.check(not rest, f"{name}: the answer is not HTTP: {talk}")
            if twice:
                self.twice.add(name)
            yield name, extra, talk, reading, statuses

    def own(self, rows):
        """Each meets its verdict, and no more of the hidden requests are executed than it says."""
        for cut, finish, server in self.ways:
            before, allowed = marks(server), 0
            for name, verdict, talk, _, statuses in self.talk(rows, cut, finish, server):
                held = meets(verdict, statuses)
                if not held and name in KNOWN and meets(KNOWN[name][0], statuses):
                    self.met.add(name)
                    held = True
                self.suite.check(held, f"{name}: answered {statuses}, not {verdict}: {talk}")
                if "mark" in verdict:
                    allowed += max(0, len(statuses) - 1)
            hidden = int(marks(server) - before) - allowed
            self.suite.check(hidden <= 0, f"{hidden} hidden requests were executed ({cut.__name__})")

    def others(self, cases):
        """Each is read strictly, and what Desync Guardian calls severe is refused; how many those are."""
        severe = refused = 0
        for cut, finish, server in self.ways:
            some = cases
            if cut is cut_bytes and not self.suite.long and len(cases) > SAMPLE:
                some = self.suite.random.sample(cases, SAMPLE)
            for name, tier, talk, reading, statuses in self.talk(some, cut, finish, server):
                self.suite.check(is_strict(statuses, reading),
                                 f"{name}: answered {statuses}; a strict reader finds "
                                 f"{len(reading.methods)} requests, then {reading.end} {reading.why}: {talk}")
                if tier == "Severe":
                    severe += 1
                    refused += self.suite.check(meets("bad", statuses), f"{name}: severe, got {statuses}")
        return refused, severe


def marks(server):
    return sum(value for name, value in server.metrics().items() if name.startswith(MARKS))


def corpora(suite, corpus):
    folder = shared_data("http")
    if not folder:
        suite.skip("../shared/data/http is not beside the checkout")
        return
    for title, load in http_data.CORPORA:
        if load is http_data.desync and not http_data.yaml:
            suite.skip("python3-yaml is not installed")
            continue
        cases = load(folder)
        refused, severe = corpus.others(cases)
        suite.figure(title, len(cases))
        if severe:
            suite.figure(f"{title}: severe ones refused", f"{refused} of {severe}")


def own(suite, corpus):
    rows = [(name, data, verdict) for name, verdict, data in http_rows.rows()]
    corpus.own(rows)
    for name in KNOWN.keys() - corpus.met:
        suite.check(False, f"{name}: its verdict is met now; forget that it was not")
    suite.figure("of our own", len(rows))
    suite.figure("of our own, verdict not met", len(corpus.met))


def main():
    suite = Suite("R6", "Hostile HTTP",
                  "Raw requests that are easy to misread, each sent whole, in two pieces and byte by byte. The "
                  "answers are compared with a verdict, or with what a strict reader of RFC 9112 finds.")
    with Server(suite.program, *QUICK) as quick, Server(suite.program, *PATIENT) as patient:
        corpus = Corpus(suite, quick, patient)
        own(suite, corpus)
        corpora(suite, corpus)
        for server in (quick, patient):
            suite.check(server.is_well(), "a plain request is answered afterwards")
    for server in (quick, patient):
        suite.check(server.code == 0, f"it ends well: {server.trouble()}")
    suite.figure("connections", corpus.sent)
    suite.figure("requests whose answer comes with its head twice", len(corpus.twice))
    suite.figure("slowest connection, seconds", round(corpus.slowest, 1))
    suite.found("In heads with a NUL, an empty name, a folded line or bare line feeds, the bad part was skipped, and "
                "a request hidden after a NUL was executed. A fragment in a target was cut off. Now all of these "
                "are refused, and the bad heads end the connection.")
    for name in sorted(corpus.met):
        suite.remains(f"{name}: answered {KNOWN[name][0]}; {KNOWN[name][1]}")
    if corpus.twice:
        suite.remains(f"{TWICE}: {len(corpus.twice)} requests")
    suite.close(f"{corpus.sent:,} connections")


main()
