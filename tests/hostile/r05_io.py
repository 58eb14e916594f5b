"""r05_io.py - every call to the kernel fails in turn, with every error, or moves one byte.

A preloaded library (torture.c) lets the n-th accept4, recv, send, epoll_wait, ... fail with EINTR, EAGAIN,
ECONNRESET, ... once, while requests are made, and while the program starts. strace does so for calls that
the C library makes within itself (mmap, openat, clone3). Nothing may crash or hang for 5 s, what comes
back must be HTTP, and the next request is answered; a start may fail if it says why in one line.
"""
import errno
import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import time

from hostile import Closed, Late, Malformed, Server, Suite, chunked, request

# In the order of torture.c's enum call.
CALLS = ["accept4", "recv", "send", "sendmsg", "epoll_wait", "epoll_ctl", "epoll_create1", "read", "write", "close",
         "eventfd", "pthread_create", "mmap", "open", "socket", "setsockopt", "poll"]
ERRORS = ["EINTR", "EAGAIN", "ECONNRESET", "EPIPE", "ENOMEM", "EMFILE", "ENFILE", "ENOBUFS", "EIO"]
SHORT = ["recv", "send", "sendmsg", "read", "write"]
PAIRS = [(call, error) for call in CALLS for error in ERRORS]
MOST = 50  # the n-th call, at most
# A connection whose event was swallowed is told by nobody: its time limit ends it.
FLAGS = ["--threads", "2", "--head-timeout", "1s", "--body-grace", "1s", "--min-body-rate", "1MiB", "--drain-time", "3s"]
HANG = 5.0
STATUSES = {200, 400, 408, 413, 429, 500, 503}

BODY = (b'{"sequences":[{"tokens":[0,1,2,3],"prompt_length":2,"logits":[[1,2,3,4],[4,3,2,1],[0,0,0,0]]},'
        b'{"logprobs":[-1,-2' + b" " * 20000 + b"]}]}")
LARGE = b'{"logprobs":[' + b",".join([b"-0.12345678901234567"] * 20000) + b"]}"
TALK = [
    request("POST", "/v1/score", BODY),
    request("GET", "/metrics"),
    request("POST", "/v1/score", b'{"logprobs":[-1]}\n' * 50, ["Content-Type: application/x-ndjson"]),
    request("POST", "/v1/score", LARGE, ["Accept-Encoding: gzip"]),
    request("POST", "/v1/score", b'{"tokens":[0'),
    request("POST", "/v1/score", chunked(BODY, [100]), ["Transfer-Encoding: chunked"]),
]


class Switch:
    """What torture.c maps: which call fails, with what, after how many."""

    def __init__(self):
        handle, self.path = tempfile.mkstemp(prefix="torture")
        os.ftruncate(handle, 16)
        self.map = mmap.mmap(handle, 16)
        os.close(handle)
        self.off()

    def arm(self, call, error, left):
        """errno 0: one byte at a time."""
        self.map[4:16] = struct.pack("iii", error, left, 0)
        self.map[0:4] = struct.pack("i", CALLS.index(call))

    def off(self):
        """How often it failed."""
        self.map[0:4] = struct.pack("i", -1)
        return struct.unpack("i", self.map[12:16])[0]


class Torture:
    def __init__(self, suite):
        self.suite, self.switch, self.server = suite, Switch(), None
        self.preload = os.path.join(os.path.dirname(suite.program), "tests", "hostile", "torture.so")
        self.env = {"LD_PRELOAD": self.preload, "TORTURE_FILE": self.switch.path}
        self.failed, self.clean_ends = 0, set()

    def start(self):
        return Server(self.suite.program, *FLAGS, env=self.env, wait=4)

    def served(self):
        """A server that is well; another one where the last has ended."""
        if not self.server or not self.server.is_alive():
            self.server = self.start()
        return self.server

    def close(self):
        self.switch.off()
        self.suite.check(self.server.stop(20) == 0, f"it ends well: {self.server.trouble()}")
        os.unlink(self.switch.path)

    # ---- while requests are made ----

    def talk(self, server, requests, patience):
        """Every request over its own connection; the statuses, or what was wrong."""
        statuses = []
        for raw in requests:
            try:
                with server.connect(patience) as wire:
                    wire.send(raw)
                    statuses.append(wire.reply().status)
            except Closed:
                statuses.append(0)
            except (OSError, Late, Malformed) as problem:
                if server.is_alive():
                    return repr(problem)
                return "it has ended"
        return statuses

    def try_one(self, call, error, n):
        """The n-th call fails; whether there was an n-th."""
        server, name = self.served(), f"{call} {n} {error or 'one byte'}"
        self.switch.arm(call, getattr(errno, error) if error else 0, n)
        said = self.talk(server, TALK, HANG) if error else self.talk(server, [r for r in TALK if len(r) < 50000], 60)
        failed = self.switch.off()
        self.failed += failed
        time.sleep(0.02 if server.is_alive() else 0.2)
        if not server.is_alive():
            self.judge_end(name, call, server)
        elif isinstance(said, str):
            self.suite.check(False, f"{name}: {said}")
        else:
            self.suite.check(set(said) <= STATUSES | {0}, f"{name}: {said}")
            self.suite.check(error or said == [200, 200, 200, 400, 200], f"{name}: {said}")
            self.suite.check(server.is_well(HANG), f"{name}: the next request")
        return failed > 0

    def judge_end(self, name, call, server):
        """libmicrohttpd gives up where epoll_ctl and the like fail: the process says so and leaves."""
        code = server.wait(5)
        self.clean_ends.add(call)
        self.suite.check(code == 1 and "libmicrohttpd cannot go on" in server.text, f"{name}: {server.trouble()}")

    def torture_requests(self, positions):
        for call, error in PAIRS:
            for n in positions(call, error):
                if not self.try_one(call, error, n):
                    break
        for call in SHORT:
            self.try_one(call, None, 0)

    # ---- while it starts and ends ----

    def torture_start(self, positions):
        """A start is well, or fails at once and says why; an end is an end."""
        for call, error in PAIRS:
            for n in positions(call, error):
                if not self.start_one(call, error, n):
                    break

    def start_one(self, call, error, n):
        name = f"start, {call} {n} {error}"
        self.switch.arm(call, getattr(errno, error), n)
        begin = time.monotonic()
        server = self.start()
        started, failed = time.monotonic() - begin, self.switch.off()
        if server.is_alive():  # it may not have been able to say where it listens
            well = not server.port or server.is_well(HANG)
            self.switch.arm(call, getattr(errno, error), n)
            code = server.stop(10)
            fine = (well and code == 0) or (code == 1 and "libmicrohttpd cannot go on" in server.text)
            failed += self.switch.off()
        else:
            code = server.wait(5)
            fine = code in (1, 2) and server.text.strip()
        self.failed += failed
        self.suite.check(fine and (started < 2 * HANG), f"{name}: port {server.port}, {server.trouble()}")
        shutil.rmtree(server.folder, ignore_errors=True)
        return failed > 0


def strace_works():
    try:
        return subprocess.run(["strace", "-f", "-o", os.devnull, "-e", "inject=getppid:error=EIO", "true"],
                              capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def inject(suite, cases):
    """What the C library calls within itself, by strace: (system call, errno, n)."""
    for call, error, n in cases:
        wrap = ["strace", "-f", "-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={n}"]
        server = Server(suite.program, *FLAGS, wrap=wrap, wait=30)
        name = f"strace, {call} {n} {error}"
        if server.port:
            well = server.is_well(20)
            code = server.stop(20)
            suite.check(code in (0, 1) and (well or code == 1), f"{name}: {server.trouble()}")
        else:
            code = server.wait(10)
            suite.check(code in (1, 2, 127) and server.text.strip(), f"{name}: {server.trouble()}")
        shutil.rmtree(server.folder, ignore_errors=True)


def main():
    suite = Suite("R5", "Failing system calls", ran=" ".join(__doc__.split("\n", 2)[2].split()), limit=240)
    torture = Torture(suite)
    if not os.path.exists(torture.preload):
        suite.check(False, f"{torture.preload} is not there (make hostile-programs)")
        suite.close()
    everywhere = range(MOST)
    sample = suite.random.sample
    torture.torture_requests((lambda *_: everywhere) if suite.long
                             else lambda *_: [0, *sorted(sample(range(1, 30), 2))])
    torture.torture_start((lambda *_: range(12)) if suite.long
                          else lambda call, error: [0] if error in sample(ERRORS, 2) else [])
    torture.close()
    suite.figure("calls that failed", torture.failed)
    ends = sorted(torture.clean_ends)
    suite.figure("calls whose failure ended it cleanly", ", ".join(ends) or "none")
    if strace_works():
        cases = [(call, error, n) for call in ("mmap", "openat", "clone3") for error in ERRORS
                 for n in (range(1, MOST + 1) if suite.long else [suite.random.randrange(1, 60)])
                 if suite.long or error in ("ENOMEM", "EMFILE", "EINTR")]
        inject(suite, cases)
        suite.figure("starts with a call that strace let fail", len(cases))
    else:
        suite.skip("strace cannot inject here")
    suite.remains("A futex does not fail so on Linux, and the C library ends a process where it does: it is left out.")
    suite.remains("A write to an eventfd does not fail on Linux, so its failure is not tested: libmicrohttpd would "
                  "wait forever.")
    if ends:
        suite.remains("libmicrohttpd 0.9.75 gives up if it cannot watch a socket (epoll_ctl). Then the process "
                      "reports this, writes its log and exits with 1.")
    suite.close(f"{torture.failed:,} failures of {len(CALLS)} calls with {len(ERRORS)} errors, and short reads and writes")


if __name__ == "__main__":
    main()
