#!/usr/bin/env python3
"""r10_slow_clients.py - R10: a thousand clients that send a byte a second, or read 64.

All of them are shut out in time, seen from both sides, and a client that behaves is answered meanwhile."""
# alone: times are measured
import json
import multiprocessing
import threading
import time

from hostile import Server, Suite, Wire, request
from swarm import SOURCES, Talk, converse

COUNT = 1000
GOOD = 200  # requests of the client that behaves
SMALL = b'{"tokens":[0,1],"prompt_length":1,"logprobs":[null,-1.5]}'
WIDE = json.dumps({"tokens": [0] * 5000, "prompt_length": 0, "logprobs": [None] + [-1.5] * 4999}).encode()
MARGIN = 1.0  # seconds past a deadline, as promised
BUSY = 4.0  # and what a busy machine may add


def drip(first, then):
    """A client that sends `first` at once and of `then` a byte a second."""
    return [first] + [then[i:i + 1] for i in range(len(then))]


HEAD = b"POST /v1/score HTTP/1.1\r\nHost: a\r\n"
KINDS = {
    "head": drip(b"P", b"OST /v1/score HTTP/1.1\r\nX: " + b"x" * 100),
    "body": drip(HEAD + b"Content-Length: 100000\r\n\r\n", b'{"tokens":[0' + b",0" * 100),
    "chunk extension": drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 100),
    "chunks": drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n" * 20),
    "reading": [request("POST", "/v1/score", WIDE)],
}


def talks():
    """A thousand of all kinds, in turn."""
    names = list(KINDS)
    return [Talk(KINDS[name], pause=1.0, taste=(64, 1.0) if name == "reading" else None, tag=name)
            for name in (names[i % len(names)] for i in range(COUNT))]


def behave(port, pipe, seconds):
    """Ask GOOD times, every other time over a new connection: what came and how long it took."""
    times, good, wire = [], 0, None
    for i in range(GOOD):
        began = time.monotonic()
        try:
            wire = wire if wire and i % 2 else Wire(("127.0.0.1", port), 10.0)
            wire.send(request("POST", "/v1/score", SMALL))
            good += wire.reply().status == 200
        except Exception:
            wire = None
        times.append(time.monotonic() - began)
        time.sleep(max(0.0, seconds / GOOD - times[-1]))
    pipe.send((good, sorted(times)))


def ask_meanwhile(port, seconds):
    """Starts the client that behaves, in a process of its own; a function that gives (good, p99)."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=behave, args=(port, there, seconds), daemon=True)
    process.start()

    def result():
        good, times = here.recv()
        process.join(10)
        return good, times[len(times) * 99 // 100]

    return result


def watch(server, base, out):
    """When the server holds none of their descriptors any more."""
    began = time.monotonic()
    out["most"] = 0
    while not out.get("stop"):
        held = server.fds() - base
        out["most"] = max(out["most"], held)
        if held > 2:  # the client that behaves has one
            out["last"] = time.monotonic() - began
        time.sleep(0.1)


def run(suite, what, timeout, sources, flags):
    """All of them at once against a server with that timeout."""
    limits = [f"--{name}={timeout}s" for name in ("head-timeout", "idle-timeout", "body-grace")]
    with Server(suite.program, "--threads", "2", *limits, *flags, log=True) as server:
        suite.check(server.is_well(), "it is well")
        _, alone = ask_meanwhile(server.port, 1.0)()
        base, seen = server.fds(), {}
        watcher = threading.Thread(target=watch, args=(server, base, seen), daemon=True)
        watcher.start()
        good = ask_meanwhile(server.port, timeout)
        slow = converse(server.port, talks(), timeout + MARGIN + BUSY + 1, COUNT, buffer=4096,
                        sources=sources, grain=0.02)
        answered, p99 = good()
        seen["stop"] = True
        watcher.join(5)
        suite.check(server.is_well(), f"{what}: it is well afterwards")
        server.stop()
        own_clock(suite, what, timeout, server)
    judge(suite, what, timeout, slow, seen)
    suite.check(answered == GOOD, f"{what}: {answered} of {GOOD} good requests were answered 200")
    suite.check(p99 <= 1.5 + 2 * alone, f"{what}: p99 {p99:.3f} s; alone {alone:.3f} s")
    suite.check(server.code == 0, f"{what}: it ends well: {server.trouble()}")
    suite.figure(f"{what}: good requests answered", f"{answered} of {GOOD}")
    suite.figure(f"{what}: their p99 in ms", round(1000 * p99, 1))
    suite.figure(f"{what}: p99 alone in ms", round(1000 * alone, 1))
    return slow


def own_clock(suite, what, timeout, server):
    """How long the server says that it waited for bodies."""
    times = [line["http.server.request.duration"] for line in map(json.loads, server.log_lines())
             if line.get("http.response.status_code") == 408]
    if suite.check(times, f"{what}: some are told 408"):
        suite.check(max(times) <= timeout + MARGIN + BUSY, f"{what}: a body had {max(times):.1f} s")
        suite.figure(f"{what}: slow bodies had at most, s, by its own clock", round(max(times), 2))


def judge(suite, what, timeout, slow, seen):
    """A reader that is slow does not see the end before it has read all; the server's descriptors do."""
    for name in KINDS:
        some = [talk for talk in slow if talk.tag == name]
        if name != "reading":
            late = [talk for talk in some if talk.late or talk.seconds > timeout + MARGIN + BUSY]
            suite.check(not late, f"{what}, slow {name}: {len(late)} of {len(some)} still open: {late[:1]}")
            suite.figure(f"{what}, slow {name}: closed after at most, s",
                         round(max(talk.seconds for talk in some), 1))
    suite.check(seen.get("last", 0) <= timeout + MARGIN + BUSY,
                f"{what}: the server held some for {seen.get('last', 0):.1f} s")
    suite.figure(f"{what}: most held at once", seen["most"])
    suite.figure(f"{what}: last connection closed after, s", round(seen.get("last", 0), 1))


def main():
    suite = Suite("R10", "Slow clients",
                  "1,000 connections that send a head, a body, chunks or chunk extensions, or read an answer, far "
                  "too slowly, from many addresses and from one. A normal client runs beside them.")
    timeout = 10 if suite.long else 3
    run(suite, "many addresses", timeout, SOURCES, ["--max-in-flight", str(COUNT)])
    slow = run(suite, "one address", timeout, 1, ["--max-connections-per-client", "100"])
    refused = sum(b" 429 " in talk.data[:20] or talk.seconds < timeout / 2 for talk in slow)
    suite.check(refused >= 0.85 * COUNT, f"one address: {refused} of {COUNT} were refused")
    suite.figure("one address: refused at once", refused)
    suite.remains("A slow body is a request in flight. From three or more addresses, slow bodies can occupy all of "
                  "--max-in-flight (512) for --body-grace, although each address is limited.")
    suite.close(f"{2 * COUNT:,} slow connections")


if __name__ == "__main__":
    main()
