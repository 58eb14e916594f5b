#!/usr/bin/env python3
"""r02_numbers.py - R2: numbers in text, by our readers and the C library's, bit for bit.

tests/unit/test_reader.c has the grammar and what stands around numbers; this is about how many.  Python's own
conversion, which is not the C library's, judges the literals at the edges; and the answers of a server are the
same under a locale with a decimal comma."""
import json
import math
import os
import shutil
import subprocess
import tempfile

from drive import Drive, driver
from hostile import Server, Suite, request

RANDOM = 1_000_000
LONG_RANDOM = 50_000_000
FLOATS = 2**32
SAMPLE = 400_000  # floats of the short form
TABLE = """
0 -0 0.0 -0.0 0e0 0e999999999999 0e-999999999999 1 -1 10 100 0.1 0.2 0.3 1e0 1E0 1e+0 1e-0 1e00 1e0000000000000001
4.9e-324 4.940656458412465e-324 2.4703282292062327e-324 2.4703282292062328e-324 2.47032822920623272e-324 5e-324 1e-323
2.2250738585072011e-308 2.2250738585072012e-308 2.2250738585072014e-308 2.225073858507201e-308 2.2250738585072009e-308
1.7976931348623157e308 1.7976931348623158e308 1.7976931348623159e308 1.797693134862315807e308 1.797693134862315808e308
179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692
1e308 1e309 1e400 1e-400 1e99999 1e-99999 123456789e300 1e-323 1e-324 2e-324 3e-324 9.999999999999999e22 1e22 1e23 1e21
8.5e22 9007199254740991 9007199254740992 9007199254740993 9007199254740994 9007199254740995 9007199254740993.0000001
9007199254740992.999999999999 4503599627370496.5 4503599627370497.5 4503599627370496.50000000001 1.00000000000000011102
1.00000000000000011103 1.0000000000000001110223024625156540423631668090820312 1.00000000000000011102230246251565404
0.5 0.50000000000000011102230246251565 0.99999999999999994448884876874217298 0.99999999999999994448884876874218 0.9999999
3.4028234663852886e38 3.4028235e38 3.4028235677973366e38 3.4028235677973367e38 3.4028236e38 3.402823e38 1.1754943508e-38
1.17549435e-38 1.17549421e-38 1.4e-45 7.006492321624085e-46 7.0064923216240853e-46 7.0064923216240854e-46 7e-46 1e-45
16777216 16777217 16777217.0000000001 16777218 16777219 16777216.999999 33554433 33554435 0.1e1 0.01e2 0.001e3 1000e-3
123456789012345678 1234567890123456789 12345678901234567890 123456789012345678901 99999999999999999999 18446744073709551615
18446744073709551616 9223372036854775807 9223372036854775808 1.8446744073709551615e19 0.18446744073709551616e20 1e19 1e20
6.02214076e23 6.62607015e-34 2.718281828459045 3.141592653589793 3.14159265358979323846264338327950288 1.4142135623730951
0.000000000000000000000000000000000000000000000000000000000001 0.00000000000000000000000000000000000000000000000000012
1000000000000000000000000000000000000000000000000000000000000 100000000000000000000000000000000000000000000000000.5
2.109808898695963e16 4.940656458412465e-318 1.18575755e-316 2.989102097996e-312 9.0608011534336e15 4.708356024711512e18
9.409340012568248e18 1.2345678e0 1.2345678901234567 1.23456789012345678901234567890 4.4501477170144023e-308 1e-307
7.2057594037927933e16 1.152921504606847e18 0.1234567890123456789e-300 5.0e-1 5.0E+0 50000e-5 0.00005e4 1.5 2.5 3.5 1e1
6.9294956446009195e15 3.7455744005952583e15 2.1470977154320536e-310 3.6e-310 2.2250738585072e-308 1.1e-309 9.88e-324
""".split()


def edges():
    """Some 200 literals, and half-way cases that need every digit."""
    texts = list(TABLE)
    for bits in (1, 2, 3, 2**20, 2**52 - 1, 2**52, 2**52 + 1):
        exact = bits * 2 + 1  # half-way between two doubles, below the smallest normal one and around it
        digits = str(exact * 5**1075).rjust(1076, "0")
        texts += [f"0.{digits[-1075:]}"[:900], f"0.{digits[-1075:]}"[:899] + "1"]
    for value in (2**53 + 1, 2**54 + 2, 2**64 + 2**11, 2**100 + 2**47, 2**200 + 2**147):
        texts += [str(value), f"{value}.{'0' * 300}", f"{value}.{'0' * 300}1", f"{value - 1}.{'9' * 300}"]
    return texts + ["-" + text for text in TABLE if text[0] != "-"]


def run(suite, program, *arguments, given=""):
    """How many texts were read, and the digest of their bits."""
    done = subprocess.run([program, *map(str, arguments)], input=given, capture_output=True, text=True, check=False)
    if not suite.check(done.returncode == 0, f"{arguments}: {done.stdout[-500:]} {done.stderr[-1500:]}"):
        return 0, ""
    count, digest = done.stdout.split()
    return int(count), digest


def check_floats(suite, program):
    """All of them in the long form, on all processors."""
    if not suite.long:
        step = FLOATS // 8
        return sum(run(suite, program, "floats", step * i + suite.random.randrange(step - SAMPLE), SAMPLE // 8)[0]
                   for i in range(8))
    parts = [(FLOATS // 64 * i, FLOATS // 64) for i in range(64)]
    total, cpus = 0, os.cpu_count() or 1
    for first in range(0, len(parts), cpus):
        running = [subprocess.Popen([program, "floats", str(a), str(b)], stdout=subprocess.PIPE, text=True)
                   for a, b in parts[first:first + cpus]]
        for process in running:
            said = process.communicate()[0]
            if suite.check(process.returncode in (0, 2), said[-500:]):
                total += int(said.split()[0])
    return total


def check_edges(suite, path, texts):
    """Against Python, as log-probabilities: they are echoed with the digits that read back."""
    below = [text for text in texts if float(text) <= 0]
    body = '{"logprobs":[' + ",".join(below) + "]}"
    for size in (1, 5, 64, 10**6):
        reply = Drive(path, [body.encode()], size).replies[0]
        if not suite.check(not isinstance(reply, str) and reply.status == 200, f"{reply}"):
            return
    for text, got in zip(below, reply.json()["tokens"]["log_prob"] if "tokens" in reply.json()
                         else reply.json()["sequences"][0]["tokens"]["log_prob"]):
        right, got = float(text), -math.inf if got == "-Infinity" else float(got)
        suite.check(right == got, f"{text[:60]}: {got!r}, not {right!r}")


def comma_locale(folder):
    """The environment in which a decimal comma is written; None where the machine has no such locale."""
    for names in ({"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "de_DE.UTF-8", "LOCPATH": folder}):
        if "LOCPATH" in names:
            if not shutil.which("localedef"):
                continue
            subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(folder, "de_DE.UTF-8")],
                           capture_output=True, check=False)
        test = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.localeconv()['decimal_point'])"
        done = subprocess.run(["python3", "-c", test], env={**os.environ, **names}, capture_output=True, text=True,
                              check=False)
        if done.stdout.strip() == ",":
            return names
    return None


def ask_all(suite, program, texts, env):
    """What a server answers to numbers in every place where they are read, and its own pages."""
    finite = [t for t in texts if len(t) < 400 and math.isfinite(float(t))]
    rows = ",".join("[" + ",".join(finite[i:i + 20]) + "]" for i in range(0, len(finite) - 20, 20))
    count = rows.count("[")
    score = ('{"tokens":[%s],"alignment":"same","dtype":"f64","temperature":1.5e0,"softcap":30.25,"details":["entropy"],'
             '"label_smoothing":1e-1,"logits":[%s]}' % (",".join(["0"] * count), rows)).encode()
    rank = b'{"choices":[{"logprobs":[-0.5,-1.25e0]},{"logprobs":[-1.5]}]}'
    fault = b'{"tokens":[0,1],"logprobs":[null,0.25]}'
    with Server(program, env=env) as server:
        replies = [server.ask(request("POST", target, body)) for target, body in
                   (("/v1/score", score), ("/v1/rank", rank), ("/v1/score", fault))]
        suite.check(replies[0].status == 200 and replies[2].status == 422, f"the numbers are taken: {replies}")
        numbers = [line.split(" ")[1] for line in server.get("/metrics").body.decode().splitlines()
                   if line[:1] not in ("#", "") and "{" not in line]
        suite.check(all("," not in number for number in numbers), f"/metrics has no comma in numbers: {numbers}")
    for reply in replies:
        reply.body = reply.body.replace((reply.field("X-Request-Id") or "").encode(), b"")
    return [(reply.status, reply.body) for reply in replies]


def check_locale(suite, texts):
    with tempfile.TemporaryDirectory() as folder:
        names = comma_locale(folder)
        if not names:
            suite.skip("no locale with a decimal comma can be had")
            return
        plain, comma = ask_all(suite, suite.program, texts, None), ask_all(suite, suite.program, texts, names)
        suite.check(plain == comma, "a locale with a decimal comma changes no byte of an answer")


def main():
    suite = Suite("R2", "Numbers in text",
                  "Random texts of 17 kinds, literals at the edges, and floats, read by every reader of this "
                  "machine. The bits must be those of strtod and strtof, and for the literals those of Python's "
                  "conversion, also in a locale with a decimal comma.",
                  limit=120)
    path, texts = driver(suite.program), edges()
    if suite.check(path, "the drivers are there (make drivers)"):
        numbers = os.path.join(os.path.dirname(path), "numbers")
        count, digest = run(suite, numbers, "random", LONG_RANDOM if suite.long else RANDOM, suite.seed)
        suite.figure("random texts", count)
        suite.figure("digest of their bits", digest)
        floats = check_floats(suite, numbers)
        suite.figure("texts of floats", floats)
        suite.count(count + floats)
        suite.figure("literals at the edges", run(suite, numbers, "edges", given="\n".join(texts))[0])
        check_edges(suite, path, texts)
    check_locale(suite, texts)
    suite.close()


main()
