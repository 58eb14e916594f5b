"""r15_limits.py - R15: every limit, one below it, at it and one above it.

The settings come from `logitd --docs`, the fixed limits from the constants in the headers: one that is in
neither a table below nor a list of those that are no limits fails the suite."""
import glob
import gzip
import json
import re
import signal
import socket
import subprocess
import tempfile
import time

from hostile import Closed, Late, Server, Suite, chunked, load, request
from sized import (JSON, SMALL, bins, coded, completion, drafts, draws, gzipped, logits, multipart, nested, npy, outputs,
                   padded, part, part_head, part_name, post, safetensors)

LIVEZ = request("GET", "/livez")


# ---- fixed limits ----

# The constant, its value, a request at a size, and how the status and the code above it are; where the
# limit itself is an error, too, then a word of the error that only one above it has.
FIXED = [
    ("ROW_MAX_WIDTH", 1 << 20, lambda n: logits(1, n), 422, "out_of_range", "vocabulary"),
    ("TOP_MAX", 1024, lambda n: logits(1, 2000, details=[f"top:{n}"]), 422, "out_of_range", "top:K"),
    ("JSON_MAX_DEPTH", 64, nested, 400, "bad_json", "deeper"),
    ("NPY_HEADER_MAX", 10000, npy, 422, "bad_data", "header"),
    ("SAFETENSORS_HEADER_MAX", 100_000_000, safetensors, 422, "bad_data", "more than"),
    ("MULTIPART_BOUNDARY_MAX", 70, lambda n: multipart([(part("request"), SMALL)], "b" * n), 400, "bad_multipart",
     "boundary"),
    ("MULTIPART_HEAD_MAX", 4096, part_head, 400, "bad_multipart", "longer than"),
    ("MULTIPART_NAME_MAX", 63, part_name, 400, "bad_multipart", "too long"),
    ("BOOTSTRAP_MAX_SAMPLES", 100_000, lambda n: post(SMALL[:-1] + b',"bootstrap":{"samples":%d}}' % n), 422,
     "out_of_range", "samples"),
    ("BOOTSTRAP_MAX_DRAWS", 50_000, draws, 422, "out_of_range", "10000000"),
    ("SIZE_MAX_COUNT", 1 << 40, lambda n: post(SMALL[:-1] + b',"counts":{"characters":%d,"bytes":%d,"words":1}}' % (n, n)),
     422, "out_of_range", "counts"),
    ("logprobs of /v1/completions", 1024, completion, 422, "out_of_range", "logprobs"),
    ("OUTPUT_MOST", 256, outputs, 400, "", "at most 256"),
    ("CALIBRATION_MAX_BINS", 1000, bins, 422, "out_of_range", "1000"),
    ("CANDIDATES_MAX", 1024, lambda n: logits(1, 4, candidates=[0] * n), 422, "out_of_range", "at most 1024"),
    ("TEMPERATURES_MAX", 16, lambda n: logits(1, 4, temperature=[1 + k for k in range(n)]), 422, "out_of_range", "1 to 16"),
    ("DRAFTS_MAX", 64, drafts, 422, "out_of_range", "speculative"),
    ("TARGET_MAX", 2048, lambda n: request("GET", "/livez?" + "a" * (n - 7)), 414, "uri_too_long", "longer"),
    ("HEAD_MAX", 65536, lambda n: request("GET", "/livez", fields=[("X", "y" * (n - 45))]), 431, "head_too_large",
     "longer"),
    ("HEAD_FIELDS", 128, lambda n: request("GET", "/livez", fields=[("X", "y")] * (n - 1)), 400, "bad_request",
     "header fields"),
]

# Constants that look like limits of requests and are none, or have tests of their own.
NOT_FIXED = {
    "INPUT_MOST": "a table's width", "FAMILY_MAX": "a table's length", "ROW_RANKS_MAX": "CANDIDATES_MAX is one of requests", "RANK_MOST": "a table's width",
    "NUMBER_MAX": "a buffer", "LISTED_MOST": "tokens that are looked at, of a longer list", "UTF8_MAX": "of a character", "ESCAPE_MAX": "of a character",
    "JSON_FOUND_MAX": "a buffer", "LINGERING_CLOSE_MOST": "of connections, not of requests", "KEY_MIN": "check_keys()", "KEY_MAX": "check_keys()",
    "CAPPED_MOST": "which way a softcap is computed", "SOFTCAP_MOST": "test_ranges.c, with the other ranges",
}


def constants():
    """Names in headers that say that something is the most."""
    text = b"\n".join(load(path) for folder in ("api", "core", "server") for path in glob.glob(folder + "/**/*.h", recursive=True))
    return set(re.findall(r"^#define ([A-Z0-9_]*_(?:MAX|MIN|MOST|FIELDS)(?:_[A-Z]+)?) ", text.decode(), re.M))


def code_of(reply):
    try:
        body = reply.json()
        return body.get("code") or body.get("error", {}).get("code", "")
    except (ValueError, AttributeError):
        return ""


def check_fixed(suite):
    for name in sorted(constants() - {row[0] for row in FIXED} - set(NOT_FIXED)):
        suite.check(False, f"{name} has no row in FIXED")
    with Server(suite.program) as server:
        for name, limit, make, status, code, word in FIXED:
            for size in (limit - 1, limit, limit + 1):
                reply = server.ask(make(size))
                over = (reply.status, code_of(reply)) == (status, code) and word.encode() in reply.body
                suite.check(over == (size > limit) and (over or word.encode() not in reply.body or reply.status == 200),
                            f"{name} {limit}, at {size}: {reply}")
        suite.check(server.stop() == 0, server.trouble())
    suite.figure("fixed limits", len(FIXED))


# ---- settings ----


class Row:
    """A setting that is a limit: flags, and a request at a size whose limit is known, or stands somewhere
    between two sizes that are far from it (`among`)."""

    def __init__(self, flags, make, limit, status, code, says="", among=None):
        self.flags, self.make, self.limit, self.among = flags, make, limit, among
        self.status, self.code, self.says = status, code, says


LIMITS = {
    "--max-body": [
        Row(["--max-body", "100"], lambda n: post(padded(n)), 100, 413, "too_large", "--max-body"),
        Row(["--max-body", "100"], lambda n: request("POST", "/v1/score", chunked(padded(n), [7]),
                                                     [*JSON, "Transfer-Encoding: chunked"]),
            100, 413, "too_large", "--max-body"),
        Row(["--max-body", "1000"], lambda n: coded(gzip.compress(padded(n))), 1000, 413, "too_large", "--max-body"),
    ],
    "--max-inflation": [
        # Whole times count: 9 bytes more are not 11 times as many.
        Row(["--max-inflation", "10"], lambda n: coded(gzipped(n, 600_000)), 6_000_009, 413, "too_large",
            "--max-inflation"),
        Row(["--max-inflation", "1"], lambda n: coded(gzipped(n, 10_000)), 4 << 20, 413, "too_large",
            "--max-inflation"),
    ],
    "--max-request-memory": [
        Row(["--max-request-memory", "256KiB"], lambda n: post(b'{"model":"' + b"a" * n + b'",' + SMALL[1:]), None, 413,
            "too_large", "--max-request-memory", (1, 1 << 20)),
    ],
    "--max-memory": [
        Row(["--max-memory", "8MiB"], lambda n: post(b'{"model":"' + b"a" * n + b'",' + SMALL[1:]), None, 503,
            "no_memory", "", (1, 16 << 20)),
    ],
    "--max-work": [
        Row(["--max-work", "100000"], lambda n: logits(n, 100), None, 413, "too_much_work", "--max-work", (1, 2000)),
    ],
    "--max-kept-rows": [
        Row(["--max-kept-rows", "4000"], lambda n: post({
            "tokens": [0] * (n + 1), "logits": [[0.25] * 100] * n, "temperature": 2}), 10, 422,
            "member_after_logits", "--max-kept-rows"),
    ],
}

NO_LIMITS = {"--address", "--port", "--threads", "--workers", "--kernel", "--reader", "--api-key-file", "--insecure-no-auth",
             "--log-level", "--no-page"}


def is_over(row, reply):
    return ((reply.status, code_of(reply)) == (row.status, row.code) and row.says.encode() in reply.body
            and (row.status != 503 or reply.field("Retry-After") is not None))


def find_limit(row, ask):
    """The largest size between the two of the row at which the server says yes."""
    low, high = row.among
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if ask(row.make(middle)).status == 200 else (low, middle)
    return low


def check_limit(suite, flag, row):
    with Server(suite.program, "--threads", "1", *row.flags) as server:
        suite.check(server.port, f"{flag}: {server.trouble()}")
        limit = row.limit or find_limit(row, server.ask)
        sizes = [limit - 1, limit, limit + 1]
        if row.code == "no_memory":  # what a thread has kept moves the place where memory ends
            sizes = [limit // 2, limit * 2]
        for size in sizes:
            reply = server.ask(row.make(size))
            suite.check(is_over(row, reply) if size > limit else reply.status == 200,
                        f"{flag} ({row.flags}), {size} of {limit}: {reply}")
        suite.check(server.is_well(), f"{flag}: it goes on")
        suite.check(server.stop() == 0, f"{flag}: {server.trouble()}")


# ---- limits of numbers at once ----


def check_connections(suite, flag):
    """Of all clients, or of one: here they are the same."""
    with Server(suite.program, flag, "3") as server:
        wires = []
        for number in range(1, 5):
            wires.append(server.connect())
            wires[-1].send(LIVEZ)
            reply = wires[-1].reply()
            suite.check(reply.status == (200 if number <= 3 else 429)
                        and (number <= 3 or reply.field("Retry-After") and flag.encode() in reply.body),
                        f"{flag} 3, connection {number}: {reply}")
        for wire in wires:
            wire.close()


def check_in_flight(suite, flag):
    """Requests whose bodies are still to come count as both."""
    with Server(suite.program, flag, "3") as server:
        wires = []
        for number in range(1, 5):
            reply = server.ask(post(SMALL))
            suite.check(reply.status == (200 if number <= 3 else 429)
                        and (number <= 3 or reply.field("Retry-After") and flag.encode() in reply.body),
                        f"{flag} 3, beside {number - 1}: {reply}")
            time.sleep(0.2)  # its place is free once its line in the log is written
            wires.append(server.connect())
            wires[-1].send(post(SMALL)[:-1])
            time.sleep(0.2)
        for wire in wires[:3]:
            wire.send(SMALL[-1:])
            suite.check(wire.reply().status == 200, f"{flag}: those under way are answered")
        for wire in wires:
            wire.close()


# ---- limits of time: half of it is enough, and not much more than all of it is granted ----


def heard(wire):
    """The status of the reply, or 0 where the connection ends without one; and when."""
    begin = time.monotonic()
    try:
        return wire.reply(20).status, time.monotonic() - begin
    except Closed:
        return 0, time.monotonic() - begin
    except Late:
        return -1, 20.0


def check_time(suite, flag, flags, before, pause, behind, late):
    """`before`, then `pause` seconds, then `behind`: 200; `before` and nothing: `late` within seconds."""
    with Server(suite.program, *flags) as server:
        with server.connect() as wire:
            wire.send(before)
            time.sleep(pause)
            wire.send(behind)
            status, _ = heard(wire)
            suite.check(status == 200, f"{flag} {flags}: in time, but {status}")
        with server.connect() as wire:
            wire.send(before)
            status, seconds = heard(wire)
            suite.check(status == late and seconds < 6, f"{flag} {flags}: late, {status} after {seconds:.1f} s")


def check_head_timeout(suite, flag):
    check_time(suite, flag, [flag, "1s"], LIVEZ[:9], 0.4, LIVEZ[9:], 0)


def check_idle_timeout(suite, flag):
    check_time(suite, flag, [flag, "1s", "--body-grace", "1h"], post(SMALL)[:-5], 0.4, SMALL[-5:], 408)


def check_body_grace(suite, flag):
    check_time(suite, flag, [flag, "1s", "--min-body-rate", "1MiB"], post(SMALL)[:-5], 0.4, SMALL[-5:], 408)


def check_body_rate(suite, flag):
    """4 bytes in 0.2 s are 20 a second: twice what is asked for, and a tenth of it."""
    for rate, expected in (("10", 200), ("200", 408)):
        with Server(suite.program, flag, rate, "--body-grace", "300ms") as server, server.connect() as wire:
            data = post(padded(64))
            wire.send(data[:-40])
            for at in range(40, 0, -4):
                wire.send(data[-at:len(data) - at + 4])
                time.sleep(0.2)
            suite.check(heard(wire)[0] == expected, f"{flag} {rate}: not {expected}")


def check_drain_delay(suite, flag):
    with Server(suite.program, flag, "2s") as server:
        server.signal(signal.SIGTERM)
        time.sleep(0.5)
        suite.check(server.get("/readyz").status == 503 and server.is_well(), f"{flag}: it serves on, not ready")
        begin = time.monotonic()
        suite.check(server.wait(20) == 0 and 0.5 < time.monotonic() - begin < 6, f"{flag}: ends when it is over")


def check_drain_time(suite, flag):
    with Server(suite.program, flag, "1s", "--drain-delay", "0") as server, server.connect() as wire:
        wire.send(post(SMALL)[:-1])
        time.sleep(0.2)
        begin = time.monotonic()
        server.stop(20)
        suite.check(0.8 < time.monotonic() - begin < 8, f"{flag}: an open body is cut when it is over")


# ---- the queue for memory ----

LARGE = 12 << 20  # of 16 MiB: a few are let in, the rest waits


class Crowd:
    """Clients with large bodies, who keep sending: a promise of memory is for those who do."""

    def __init__(self, server):
        self.server, self.wires = server, []

    def join(self):
        wire = self.server.connect()
        wire.send(request("POST", "/v1/score", None, [*JSON, f"Content-Length: {LARGE}"]) + b'{"logprobs":[-1')
        wire.socket.setblocking(False)
        self.wires.append(wire)

    def push(self, seconds):
        """Everybody sends as much as goes, for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for wire in self.wires:
                try:
                    wire.socket.send(b",-1.25" * 3333)
                except OSError:
                    pass
            time.sleep(0.01)

    def refused(self):
        """The replies that have come."""
        found = []
        for wire in self.wires:
            try:
                if wire.socket.recv(1, socket.MSG_PEEK):
                    found.append(wire.reply(5))
            except OSError:
                pass
        return found

    def leave(self):
        for wire in self.wires:
            wire.close()


def count_waiting(suite, flag, most):
    """How many large bodies are let in or wait before one is refused."""
    with Server(suite.program, "--threads", "1", "--max-memory", "16MiB", flag, str(most)) as server:
        crowd, refused = Crowd(server), []
        while not refused and len(crowd.wires) < 20:
            crowd.join()
            crowd.push(0.1)
            refused = crowd.refused()
        suite.check(refused and refused[0].status == 503 and flag.encode() in refused[0].body
                    and refused[0].field("Retry-After") is not None, f"{flag} {most}: {refused}")
        crowd.leave()
        return len(crowd.wires) - 1


def check_queued(suite, flag):
    none = count_waiting(suite, flag, 0)
    for most in (1, 2, 3):
        waiting = count_waiting(suite, flag, most) - none
        suite.check(waiting == most, f"{flag} {most}: {waiting} wait")


def check_queue_time(suite, flag):
    """One that waits is refused when its time is over and not before."""
    for span, status in (("1s", 503), ("1h", None)):
        with Server(suite.program, "--threads", "1", "--max-memory", "16MiB", flag, span) as server:
            crowd = Crowd(server)
            for _ in range(6):
                crowd.join()
            crowd.push(0.5)
            suite.check(not crowd.refused(), f"{flag} {span}: refused too soon")
            crowd.push(1.5)
            refused = crowd.refused()
            suite.check(refused[0].status == status if refused else not status, f"{flag} {span}: {refused}")
            crowd.leave()


OTHERS = {
    "--max-queued": check_queued, "--queue-time": check_queue_time,
    "--max-connections": check_connections, "--max-connections-per-client": check_connections,
    "--max-in-flight": check_in_flight, "--max-bodies-per-client": check_in_flight,
    "--head-timeout": check_head_timeout, "--idle-timeout": check_idle_timeout,
    "--body-grace": check_body_grace, "--min-body-rate": check_body_rate,
    "--drain-delay": check_drain_delay, "--drain-time": check_drain_time,
}


# ---- the table of settings itself ----

UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000,
         "": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def settings(program):
    """The rows of `--docs`: (flag, default, what a value may be)."""
    text = subprocess.run([program, "--docs"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.findall(r"^\| `(--[a-z-]+)` \| `LOGITD_\w+` \| (.*?) \| (.*?) \| ", text, re.M)


def bounds(value):
    """The lowest and highest of a number in its smallest unit, and that unit; None for other kinds."""
    found = re.match(r"a (?:whole number|size|time) from (\d+)(\w*) to (\d+)(\w*)", value)
    if not found:
        return None
    unit = "ms" if value.startswith("a time") else ""
    low, high = (int(found[i]) * UNITS[found[i + 1]] for i in (1, 3))
    return low, high, unit


def check_bounds(suite, flag, value):
    """The program takes a setting from its lowest to its highest value and no other."""
    low, high, unit = bounds(value)
    for number in (low - 1, low, high, high + 1):
        ran = subprocess.run([suite.program, f"{flag}={number}{unit}", "--version"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True, check=False)
        good = low <= number <= high
        suite.check(ran.returncode == (0 if good else 2) and (good or flag in ran.stderr),
                    f"{flag}={number}{unit}: exit {ran.returncode} {ran.stderr}")


def check_settings(suite):
    known = set(LIMITS) | set(OTHERS) | NO_LIMITS
    rows = settings(suite.program)
    suite.check(len(rows) > 10, "the settings of --docs")
    for flag, _, value in rows:
        suite.check(flag in known, f"{flag} is a setting without a row: add it to LIMITS, OTHERS or NO_LIMITS")
        if bounds(value):
            check_bounds(suite, flag, value)
    for flag in sorted(known - {row[0] for row in rows}):
        suite.check(False, f"{flag} is no setting")
    for flag, tests in LIMITS.items():
        for row in tests:
            check_limit(suite, flag, row)
    for flag, test in OTHERS.items():
        test(suite, flag)
    suite.figure("settings that are limits", len(LIMITS) + len(OTHERS))


# ---- keys ----


def check_keys(suite):
    """The shortest and the longest key, and one more either way."""
    for length, good in ((7, False), (8, True), (256, True), (257, False)):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("k" * length + "\n")
            file.flush()
            with Server(suite.program, "--api-key-file", file.name) as server:
                suite.check((server.port is not None) == good, f"a key of {length}: {server.errors()}")
                if server.port:
                    key = [("X-API-Key", "k" * length)]
                    suite.check(server.get("/version", key).status == 200
                                and server.get("/version").status == 401, f"a key of {length} is the key")


# ---- refusals are heard, and no body is asked for before them ----


def check_heard(suite):
    """A client that goes on sending 8 MB reads the 413, 20 times of 20."""
    filler, count = b" " * 65536, 0
    with Server(suite.program, "--max-body", "100000") as server:
        for number in range(20):
            fields = [*JSON, "Transfer-Encoding: chunked"] if number % 2 else [*JSON, "Content-Length: 8388608"]
            with server.connect() as wire:
                wire.send(request("POST", "/v1/score", None, fields))
                for _ in range(128):
                    wire.send(b"10000\r\n" + filler + b"\r\n" if number % 2 else filler)
                wire.send(b"0\r\n\r\n" if number % 2 else b"")
                count += heard(wire)[0] == 413
    suite.check(count == 20, f"413 was read {count} times of 20")
    suite.figure("413 read by clients that go on sending, of 20", count)


REFUSED = [
    (413, "POST", "/v1/score", [*JSON, "Content-Length: 1001"]),
    (415, "POST", "/v1/score", ["Content-Type: text/plain", "Content-Length: 10"]),
    (415, "POST", "/v1/score", [*JSON, "Content-Encoding: br", "Content-Length: 10"]),
    (404, "POST", "/nowhere", ["Content-Length: 10"]),
    (405, "POST", "/livez", ["Content-Length: 10"]),
    (401, "POST", "/v1/score", ["X-API-Key: another-key", "Content-Length: 10"]),
    (414, "POST", "/" + "a" * 2048, ["Content-Length: 10"]),
    (400, "POST", "/v1/score", ["Content-Length: 10", "Transfer-Encoding: chunked"]),
]


def check_no_continue(suite):
    """The first word to a client that waits for 100 is the refusal; to another it is 100."""
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("the-only-key\n")
        file.flush()
        with Server(suite.program, "--api-key-file", file.name, "--max-body", "1000") as server:
            for status, method, target, fields in REFUSED + [(100, "POST", "/v1/score", [*JSON, "Content-Length: 9"])]:
                key = [] if status == 401 else ["X-API-Key: the-only-key"]
                with server.connect() as wire:
                    wire.send(request(method, target, None, [*fields, *key, "Expect: 100-continue"]))
                    wire.more(time.monotonic() + 10)
                    suite.check(wire.data.startswith(b"HTTP/1.1 %d " % status),
                                f"{method} {target[:20]} {fields}: {bytes(wire.data[:60])}, not {status}")


def main():
    suite = Suite("R15", "Limits", ran=(
        "Every limit, fixed or a setting, is tried one below, at and one above it, with the exact status and code; "
        "every setting at and past its bounds. A client must be able to read a refusal while it still sends, and "
        "must get no 100 before a refusal. The lists come from --docs and from the constants in the headers, so a "
        "limit without a row fails."))
    check_fixed(suite)
    check_settings(suite)
    check_keys(suite)
    check_heard(suite)
    check_no_continue(suite)
    suite.close(f"{len(FIXED)} fixed limits, {len(LIMITS) + len(OTHERS)} settings")


main()
