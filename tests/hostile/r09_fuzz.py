"""r09_fuzz.py - R9: the fuzzers (tests/fuzz), for longer than in `make test-sanitized` and with raw requests of others
as seeds, where those lie beside the checkout."""
import re
import subprocess

from hostile import Suite, shared_data

SHORT, LONG = 10, 600  # seconds for each fuzzer

suite = Suite("R9", "Fuzzing", limit=900, ran=(
    "libFuzzer, with AddressSanitizer and UndefinedBehaviorSanitizer, runs every target in tests/fuzz: bodies of "
    "every route and kind, heads, targets, settings, key files, ids, and whole connections through libmicrohttpd and "
    "the server. On connections every reply must be well-formed, only bytes that every reader of RFC 9112 takes for "
    "a request may be answered, and all memory must be given back."))
data = shared_data("http")
if not data:
    suite.skip("the raw requests of others: there is no ../shared/data/http")
said = subprocess.run(["tests/fuzz.sh", str(LONG if suite.long else SHORT), *([data] if data else [])],
                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
ran = {name: int(count) for name, count in re.findall(r"^fuzz_(\w+) ran (\d+)$", said.stdout, re.M)}
failed = re.findall(r"^fuzz: fuzz_(\w+)$", said.stdout, re.M)
for reason in re.findall(r"^SKIP (.*)$", said.stdout, re.M):
    suite.skip(reason)
for name in sorted(set(ran) | set(failed)):
    suite.check(name not in failed, f"{name} found something; build/fuzz/fuzz_{name}.log")
    suite.figure(f"inputs of {name}", ran.get(name, 0))
suite.check(said.returncode == 0, said.stdout[-6000:])
suite.remains("libmicrohttpd is Debian's build, without instrumentation. So its branches do not guide the fuzzer of "
              "connections, and AddressSanitizer sees only its calls of the C library.")
suite.remains("libmicrohttpd 0.9.75 answers a bad or too large Content-Length itself, sends the head twice, and "
              "closes the connection.")
suite.close(f"{sum(ran.values()):,} inputs to {len(ran)} fuzzers")
