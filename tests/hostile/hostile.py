"""hostile.py - what the hostile suites share: the server as a child, raw sockets, strict replies,
counting, figures and the record.  The standard library only.

A suite is tests/hostile/rNN_name.py:

    suite = Suite("R7", "Mutated requests", ran="what was done to what, in a sentence")
    with Server(suite.program, "--threads", "1") as server:
        reply = server.ask(request("POST", "/v1/score", b"{}"))
        suite.check(reply.status == 422, f"an empty object: {reply}")
    suite.check(server.code == 0, f"it ends well: {server.trouble()}")
    suite.figure("requests", 1)
    suite.close()

and is run as `python3 tests/hostile/rNN_name.py build/logitd [--long] [--seed N]`.  A suite that measures
time says so in a line `# alone: why`; nothing else runs beside it (hostile.mk).
"""
import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# For the suites, which import everything from here.
from wire import Closed, Late, Malformed, Reply, Wire, chunked, parse_reply, request  # noqa: F401

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RECORDS = os.path.join(ROOT, "build", "reliability")
MOST_SHOWN = 40  # failures that are printed

# ---- counting, figures, the record ----


class Suite:
    """The counts of a suite, its command line and its record.

    `program` is the release build, `sanitized` its build with AddressSanitizer and UBSan (None where
    it was not made), `long` the form, `seed` and `random` what repeats a run.  `limit` is how many
    seconds the short form may take at most; the long one may take 60 times as many."""

    def __init__(self, name, title, ran, limit=300):
        self.name, self.title, self.ran = name, title, ran
        self.checks = self.failures = 0
        self.figures, self.skips, self.finds, self.rests = {}, [], [], []
        options = self._read_command_line()
        self.long = options.long or bool(os.environ.get("LOGITD_TEST_LONG"))
        self.seed, self.arguments = options.seed, options.rest
        self.random = random.Random(options.seed)
        self.program = os.path.abspath(options.program)
        beside = os.path.join(os.path.dirname(self.program), "address-undefined", "logitd")
        self.sanitized = beside if os.path.exists(beside) else None
        os.chdir(ROOT)
        forget_record(name)
        signal.signal(signal.SIGALRM, self._out_of_time)
        signal.alarm(limit * (60 if self.long else 1))

    def _read_command_line(self):
        parser = argparse.ArgumentParser(description=self.title)
        parser.add_argument("program", nargs="?", default=os.path.join(ROOT, "build", "logitd"))
        parser.add_argument("--long", action="store_true", help="the long form")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("rest", nargs="*", help="what the suite itself takes")
        return parser.parse_intermixed_args()

    def _out_of_time(self, *_):
        raise TimeoutError(f"{self.name} takes longer than it may")

    def check(self, holds, what):
        """Count a check; where it fails, say what was wrong.  Returns whether it holds."""
        self.checks += 1
        if not holds:
            self.failures += 1
            if self.failures <= MOST_SHOWN:
                print(f"FAIL {self.name}: {what}", flush=True)
        return bool(holds)

    def count(self, passed):
        """Count many checks that held at once."""
        self.checks += passed

    def figure(self, name, value):
        """A number (or a word) for the page; no times of this machine unless they are the point."""
        self.figures[name] = value
        print(f"FIGURE {name} = {value}", flush=True)

    def skip(self, reason):
        self.skips.append(reason)
        print(f"SKIP {self.name}: {reason}", flush=True)

    def found(self, what):
        """A fault that the suite found, and what became of it: for the page."""
        self.finds.append(what)

    def remains(self, what):
        """What the suite does not cover, or a fault that is known and stays."""
        self.rests.append(what)

    def close(self, amount=None):
        """Write the record, print the closing line and leave.  `amount`: how much was run, in words."""
        signal.alarm(0)
        self._write_record(amount)
        share = 100 if self.failures == 0 else 100 * (self.checks - self.failures) // self.checks
        print(f"{share}%: Checks: {self.checks}, Failures: {self.failures}, Errors: 0", flush=True)
        sys.exit(1 if self.failures or not (self.checks or self.skips) else 0)

    def _write_record(self, amount):
        script = os.path.relpath(os.path.abspath(sys.argv[0]), ROOT)
        command = "python3 " + script + " build/logitd" + (" --long" if self.long else "")
        record = {
            "suite": self.name, "title": self.title, "form": "long" if self.long else "short",
            "ran": self.ran, "amount": amount or f"{self.checks:,} checks", "checks": self.checks,
            "failures": self.failures, "figures": self.figures, "skipped": self.skips,
            "found": self.finds, "remains": self.rests, "command": f"{command} --seed {self.seed}",
        }
        write_record(record)


def record_path(name):
    return os.path.join(RECORDS, name + ".json")


def forget_record(name):
    """So that a suite which comes to no end leaves none."""
    if os.path.exists(record_path(name)):
        os.remove(record_path(name))


def write_record(record):
    os.makedirs(RECORDS, exist_ok=True)
    path = record_path(record["suite"])
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(record, file, indent=1)
    os.replace(path + ".new", path)


# ---- data ----


def shared_data(name):
    """A folder of test data beside the checkout that is not part of the project, or None."""
    path = os.path.join(os.path.dirname(ROOT), "shared", "data", name)
    return path if os.path.isdir(path) else None


def load(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read()


# ---- the server ----

REPORT = re.compile(r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|MemorySanitizer|runtime error:|"
                    r"Assertion .* failed|stack smashing|buffer overflow detected|free\(\): |malloc\(\): ")


class Server:
    """The program on a free port of 127.0.0.1.  `flags` follow `--port 0`; `wrap` is put before the
    program (strace, prlimit, ...); with `log`, its stdout is kept for log_lines()."""

    def __init__(self, program, *flags, log=False, env=None, wrap=(), wait=30.0, stderr=None):
        self.folder = tempfile.mkdtemp(prefix="hostile")
        self.code, self.port, self.text = None, None, ""
        self._errors = os.path.join(self.folder, "stderr")
        self._log = os.path.join(self.folder, "stdout") if log else os.devnull
        with open(self._errors, "wb") as errors, open(self._log, "wb") as output:
            self.process = subprocess.Popen(
                [*wrap, program, "--port", "0", *flags], stdin=subprocess.DEVNULL, stdout=output,
                stderr=stderr or errors, cwd=ROOT, env={**os.environ, **(env or {})})
        self.pid = self.process.pid
        if not stderr:
            self._await_line(wait)
        if wrap and self.port:
            self.pid = self._find_pid(os.path.realpath(program))

    def _await_line(self, wait):
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            line = re.search(r"^listening on http://[^\n]*:(\d+)\n", self.errors(), re.M)
            if line:
                self.port = int(line[1])
                return
            if self.process.poll() is not None:
                self.code = self.process.returncode
                return  # it would not start: `port` stays None
            time.sleep(0.01)

    def _find_pid(self, program):
        """Of the wrapped program: the descendant that runs it."""
        pids, found = [self.process.pid], self.process.pid
        while pids:
            pid = pids.pop()
            try:
                if os.path.realpath(f"/proc/{pid}/exe") == program:
                    found = pid
                for task in os.listdir(f"/proc/{pid}/task"):
                    pids += map(int, load(f"/proc/{pid}/task/{task}/children").split())
            except OSError:
                pass
        return found

    def connect(self, timeout=10.0):
        return Wire(("127.0.0.1", self.port), timeout)

    def ask(self, data, timeout=30.0, head_only=False):
        """One request over a connection of its own; its reply."""
        with self.connect(timeout) as wire:
            wire.send(data)
            return wire.reply(timeout, head_only)

    def get(self, target, fields=()):
        return self.ask(request("GET", target, fields=fields))

    def post(self, target, body, type="application/json", fields=()):
        return self.ask(request("POST", target, body, [("Content-Type", type), *fields]))

    def is_well(self, timeout=5.0, name="is-well"):
        """It lives, and a small request, with a name, is answered as it should be."""
        body = b'{"tokens":[0,1],"prompt_length":1,"logprobs":[null,-1.5]}'
        try:
            reply = self.ask(request("POST", "/v1/score", body, [("X-Request-Id", name)]), timeout)
        except (OSError, Closed, Late, Malformed):
            return False
        return reply.status == 200 and b'"log_prob":-1.5' in reply.body

    def metrics(self):
        """/metrics as {name with labels: value}."""
        lines = self.get("/metrics").body.decode().splitlines()
        return {name: float(value) for name, _, value in
                (line.rpartition(" ") for line in lines if line and line[0] != "#")}

    def errors(self):
        with open(self._errors, encoding="utf-8", errors="replace") as file:
            return file.read()

    def log_lines(self):
        with open(self._log, encoding="utf-8", errors="surrogateescape") as file:
            return file.read().splitlines()

    # What the process holds.

    def rss(self):
        """Resident memory in bytes."""
        return self._status("VmRSS") * 1024

    def peak_rss(self):
        return self._status("VmHWM") * 1024

    def threads(self):
        return self._status("Threads")

    def fds(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def cpu_seconds(self):
        fields = load(f"/proc/{self.pid}/stat").rsplit(b")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _status(self, name):
        return int(re.search(rb"^%s:\s+(\d+)" % name.encode(), load(f"/proc/{self.pid}/status"), re.M)[1])

    # How it ends.

    def is_alive(self):
        return self.process.poll() is None

    def signal(self, number=signal.SIGTERM):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass

    def wait(self, timeout=60.0):
        """Its exit status (negative: the signal that ended it); it is killed past the time."""
        try:
            self.code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.process.kill()
            self.code = self.process.wait()
        self.text = self.text or (self.errors() if os.path.exists(self._errors) else "")
        return self.code

    def stop(self, timeout=60.0):
        """SIGTERM, and its exit status; it may be asked again."""
        if self.is_alive():
            self.signal()
        return self.wait(timeout)

    def sanitizer_report(self):
        """What a sanitizer, an assertion or the C library found, or ""."""
        text = self.text or self.errors()
        found = REPORT.search(text)
        return text[max(0, found.start() - 200):found.start() + 3000] if found else ""

    def trouble(self):
        """For people who look at a failed check: how it ended and the end of its stderr."""
        return f"exit status {self.code}\n{self.sanitizer_report() or (self.text or self.errors())[-1500:]}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
