#!/usr/bin/env python3
"""r12_drain.py - R12: what becomes of requests when the server is told to stop, or killed.

A request counts as lost where it was sent before the signal, or the server's own log names it, and its
answer did not come whole.  What was sent to a connection that the server had closed by then, and never
read, is counted apart: with --drain-delay there is none of it."""
# alone: exits and restarts are timed
import json
import os
import signal
import socket
import subprocess
import threading
import time

import rolling
from hostile import Closed, Late, Malformed, Server, Suite, Wire, request

SMALL = b'{"tokens":[0,1],"prompt_length":1,"logprobs":[null,-1.5]}'
MARGIN = 3.0  # seconds that a busy machine may add


def heavy(samples):
    """A small request that computes for long: about 1 ms for 50 samples."""
    sequences = [{"tokens": [0, 1], "logprobs": [None, -1.5 - i / 100], "text": "ab"} for i in range(100)]
    return json.dumps({"sequences": sequences, "bootstrap": {"samples": samples},
                       "per_token": False}).encode()


# What the clients ask for, and how long they rest between two requests.
WORKS = {"idle": (SMALL, 0.03), "20 ms": (heavy(1000), 0.0), "long": (heavy(60000), 0.0)}


class Client(threading.Thread):
    """Asks again and again, each time under a name of its own, over one connection or a new one each."""

    def __init__(self, server, name, body, rest, keep, stop):
        super().__init__(daemon=True)
        self.address, self.label, self.body, self.rest = ("127.0.0.1", server.port), name, body, rest
        self.keep, self.stop = keep, stop
        self.ends = {}  # name of a request -> (when it was sent, how it ended)
        self.refused, self.wire, self.bodies = 0, None, set()

    def run(self):
        while not self.stop.is_set():
            try:
                self.wire = self.wire or Wire(self.address, 30.0)
            except OSError:
                self.refused += 1
                break
            self._ask(f"{self.label}-{len(self.ends)}")
            time.sleep(self.rest)
        self._leave()

    def _ask(self, name):
        fields = [("X-Request-Id", name)] + ([] if self.keep else [("Connection", "close")])
        began, end = time.monotonic(), "answered"
        self.ends[name] = (began, "under way")
        try:
            self.wire.send(request("POST", "/v1/score", self.body, fields))
            reply = self.wire.reply()
            self.bodies.add(reply.body if reply.status == 200 else b"%d" % reply.status)
            if (reply.field("Connection") or "").lower() == "close" or not self.keep:
                self._leave()
        except (Closed, OSError):
            end = "short" if len(self.wire.data) > self.wire.at else "nothing"
            self._leave()
        except (Late, Malformed) as error:
            end = type(error).__name__
            self._leave()
        self.ends[name] = (began, end)

    def _leave(self):
        if self.wire:
            self.wire.close()
        self.wire = None


def start_clients(server, work, keep, stop, count=6):
    body, rest = WORKS[work]
    clients = [Client(server, f"c{i}", body, rest, keep, stop) for i in range(count)]
    for client in clients:
        client.start()
    return clients


def join(clients):
    for client in clients:
        client.join(60)
    return {name: end for client in clients for name, end in client.ends.items()}


def named(server):
    """The names of requests that the log tells of."""
    return {line.get("request_id") for line in map(json.loads, server.log_lines())
            if line.get("body") == "request"}


class Count:
    """Sums over trials."""

    def __init__(self):
        self.requests = self.lost = self.unread = self.refused = self.trials = 0


def trial(suite, count, work, keep, flags=(), stop_at_once=False):
    """SIGTERM under load: who is lost, and when it ends."""
    stop = threading.Event()
    with Server(suite.program, "--threads", "2", "--drain-time", "20s", *flags, log=True) as server:
        clients = start_clients(server, work, keep, stop)
        time.sleep(suite.random.uniform(0.1, 0.4))
        told = time.monotonic()
        server.signal()
        if stop_at_once:  # the balancer has heard of it
            while server.is_alive() and ready(server) != 503:
                time.sleep(0.02)
            time.sleep(0.1)
            stop.set()
        code = server.wait(60)
        took = time.monotonic() - told
        stop.set()
        ends, log = join(clients), named(server)
    judge(suite, count, clients, ends, log, told, f"{work}, {'kept' if keep else 'closed'}")
    suite.check(code == 0, f"{work}: it ends with 0: {server.trouble()}")
    suite.check(took <= 20 + MARGIN, f"{work}: it ends in time: {took:.1f} s")


def judge(suite, count, clients, ends, log, told, what):
    lost = {name: end for name, (sent, end) in ends.items()
            if end != "answered" and (end != "nothing" or sent < told - 0.01 or name in log)}
    count.trials += 1
    count.requests += len(ends)
    count.lost += len(lost)
    count.unread += sum(end == "nothing" for _, end in ends.values()) - \
        sum(end == "nothing" for end in lost.values())
    count.refused += sum(client.refused for client in clients)
    suite.check(not lost, f"{what}: lost {lost}")
    suite.check(len(set().union(*(client.bodies for client in clients))) <= 1, f"{what}: answers differ")


def ready(server):
    try:
        return server.get("/readyz").status
    except (OSError, Closed, Late):
        return 0


# ---- SIGTERM under load ----


def under_load(suite):
    trials, count = 50 if suite.long else 3, Count()
    for work in WORKS:
        for keep in (True, False):
            for _ in range(trials):
                trial(suite, count, work, keep)
    suite.figure("SIGTERM under load: trials", count.trials)
    suite.figure("SIGTERM under load: requests", count.requests)
    suite.figure("SIGTERM under load: requests read and lost", count.lost)
    suite.figure("SIGTERM under load: requests to a closed connection, never read", count.unread)


def delayed(suite):
    """Whoever stops asking once /readyz is 503 loses nothing; without a delay somebody is refused."""
    trials, held, control = 20 if suite.long else 3, Count(), Count()
    for _ in range(trials):
        for keep in (True, False):
            trial(suite, held, "idle", keep, ["--drain-delay", "1s"], stop_at_once=True)
        trial(suite, control, "idle", False)
    suite.check(held.lost + held.unread + held.refused == 0,
                f"--drain-delay: {held.lost} lost, {held.unread} unread, {held.refused} refused")
    suite.check(control.unread + control.refused > 0, "the control without a delay refuses nobody")
    suite.figure("with --drain-delay: requests", held.requests)
    suite.figure("with --drain-delay: lost or refused", held.lost + held.unread + held.refused)
    suite.figure("without: refused or never read", control.unread + control.refused)


def answers_while_not_ready(suite):
    with Server(suite.program, "--drain-delay", "2s") as server:
        server.signal()
        told, answered = time.monotonic(), 0
        while time.monotonic() < told + 1.5:
            suite.check(ready(server) == 503, "not ready from the signal on")
            suite.check(server.is_well(), "a new connection is answered during --drain-delay")
            answered += 1
            time.sleep(0.05)
        suite.check(server.wait(30) == 0, f"it ends well: {server.trouble()}")
        took = time.monotonic() - told
        suite.check(2.0 <= took <= 2.5 + MARGIN, f"--drain-delay 2s took {took:.1f} s")
    suite.figure("answered while not ready", answered)


# ---- how long it takes ----


def begin_long(server):
    """A request that computes for about a minute is under way."""
    wire = server.connect()
    body = b"\n".join([heavy(100000)] * 60)
    wire.send(request("POST", "/v1/score", body, [("Content-Type", "application/x-ndjson")]))
    time.sleep(0.5)
    return wire


def ends_in_time(suite):
    """A request that computes past --drain-time does not hold up the end."""
    with Server(suite.program, "--threads", "2", "--drain-time", "1s") as server:
        wires, told = [begin_long(server), begin_long(server)], time.monotonic()
        server.signal()
        code = server.wait(60)
        took = time.monotonic() - told
        for wire in wires:
            wire.close()
        suite.check(code == 0, f"it ends with 0 although a request computes: {server.trouble()}")
        suite.check(took <= 1 + MARGIN, f"--drain-time 1s, and it ended after {took:.1f} s")
    suite.figure("--drain-time 1s past a long request, seconds", round(took, 2))


def second_signal(suite):
    """It ends at once, whenever it comes: in the delay, in the drain, after the drain's time."""
    for flags, wait in ((("--drain-delay", "30s"), 0.3), (("--drain-time", "30s"), 0.3),
                        (("--drain-time", "300ms"), 0.6)):
        with Server(suite.program, "--threads", "2", *flags) as server:
            wire = begin_long(server)
            server.signal()
            time.sleep(wait)
            told = time.monotonic()
            server.signal(suite.random.choice((signal.SIGTERM, signal.SIGINT)))
            code = server.wait(60)
            took = time.monotonic() - told
            wire.close()
            suite.check(code in (0, 1), f"a second signal ends it: {server.trouble()}")
            suite.check(took <= MARGIN, f"{flags}: a second signal took {took:.1f} s")


FLOOD = """
import socket, sys, time
end = time.time() + float(sys.argv[2])
while time.time() < end:
    some = [socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) for _ in range(100)]
    for one in some:
        one.connect_ex(("127.0.0.1", int(sys.argv[1])))
    for one in some:
        one.close()
"""


def flooded(suite):
    """Who connects without end holds up nothing."""
    with Server(suite.program, "--threads", "2", "--drain-time", "1s") as server:
        floods = [subprocess.Popen(["python3", "-c", FLOOD, str(server.port), "20"]) for _ in range(4)]
        time.sleep(1.0)
        told = time.monotonic()
        server.signal()
        code, took = server.wait(60), time.monotonic() - told
        for flood in floods:
            flood.kill()
            flood.wait()
        suite.check(code == 0, f"it ends well in a flood of connections: {server.trouble()}")
        suite.check(took <= 1 + MARGIN, f"a flood held it up for {took:.1f} s")
    suite.figure("end in a flood of connections, seconds", round(took, 2))


# ---- kill -9 ----


def starts_again(suite):
    """After kill -9 under load: at the same port, and at the same Unix socket, at once."""
    slowest, stop = 0.0, threading.Event()
    for _ in range(20 if suite.long else 3):
        with Server(suite.program, "--threads", "2") as server:
            stop.clear()
            clients = start_clients(server, "idle", True, stop, 2)
            time.sleep(0.2)
            server.signal(signal.SIGKILL)
            server.wait()
            stop.set()
            join(clients)
            told = time.monotonic()
            with Server(suite.program, "--port", str(server.port)) as again:
                suite.check(again.is_well(), "the same port serves again")
                slowest = max(slowest, time.monotonic() - told)
            suite.check(again.code == 0, f"and ends well: {again.trouble()}")
    slowest = max(slowest, unix_again(suite))
    suite.check(slowest <= 1 + MARGIN, f"it took {slowest:.1f} s to serve again")
    suite.figure("slowest start after kill -9, seconds", round(slowest, 2))


def unix_again(suite):
    """Killed and started over the same path; it goes with an orderly end.  The slowest start."""
    slowest, path = 0.0, f"/tmp/hostile-{os.getpid()}.sock"
    for number in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
        began = time.monotonic()
        process = subprocess.Popen([suite.program, "--address", f"unix:{path}"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        served = answers_at(path)
        slowest = max(slowest, time.monotonic() - began)
        suite.check(served, f"a Unix socket serves, after signal {number.name}")
        process.send_signal(number)
        process.wait(60)
        suite.check(os.path.exists(path) == (number == signal.SIGKILL),
                    f"after {number.name} the socket is {'gone' if number == signal.SIGKILL else 'there'}")
    return slowest


def answers_at(path):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with Wire(path, 5.0) as wire:
                wire.send(request("GET", "/livez"))
                return wire.reply().status == 200
        except (OSError, Closed):
            time.sleep(0.005)
    return False


def never_short(suite):
    """kill -9 while large answers go out: what is not whole can be told from what is."""
    trials, whole, cut = (100 if suite.long else 10), 0, 0
    body = json.dumps({"tokens": [0] * 20000, "prompt_length": 0, "logprobs": [None] + [-1.5] * 19999}).encode()
    for _ in range(trials):
        with Server(suite.program, "--threads", "2") as server:
            expected = server.post("/v1/score", body).body
            wires = [server.connect() for _ in range(6)]
            for wire in wires:
                wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
                wire.send(request("POST", "/v1/score", body))
            time.sleep(suite.random.uniform(0.0, 0.4))
            server.signal(signal.SIGKILL)
            server.wait()
            for wire in wires:
                try:
                    reply = wire.reply()
                    suite.check(reply.status == 200 and reply.body == expected, "a short 200")
                    whole += 1
                except (Closed, OSError):
                    cut += 1
                wire.close()
    suite.figure("kill -9: answers whole", whole)
    suite.figure("kill -9: answers cut, and seen to be", cut)


def main():
    suite = Suite("R12", "Stopping and starting again",
                  "SIGTERM under load (with and without persistent connections; no, 20 ms and long work), with and "
                  "without --drain-delay; work longer than --drain-time; a second signal; a flood of connections; "
                  "restarts behind haproxy; kill -9 and restart.")
    under_load(suite)
    delayed(suite)
    answers_while_not_ready(suite)
    ends_in_time(suite)
    second_signal(suite)
    flooded(suite)
    rolling.check(suite)
    starts_again(suite)
    never_short(suite)
    suite.found("A request that computed longer than --drain-time delayed the end (14 s in place of 1 s), and a "
                "second signal was ignored meanwhile. Without --drain-delay the next requests of a load balancer "
                "were refused.")
    suite.close()


main()
