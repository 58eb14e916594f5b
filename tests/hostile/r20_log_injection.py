#!/usr/bin/env python3
"""r20_log_injection.py - R20: naughty strings and every byte in every field that is echoed or logged.

Whatever a client sends, a line of the log is one JSON object without control characters, a reply's
header has no line of the client's, /metrics can be parsed, and has no more series than before."""
import json
import os
import re

from hostile import Closed, Late, Malformed, Server, Suite, load, request, shared_data

NAMES = 10000  # paths and models
LONG_NAMES = 100000
SECRET = "k" * 12
BODY = {"tokens": [0, 1], "prompt_length": 1, "logprobs": [None, -1.5]}
SERIES = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)*\})? '
                    r"(-?[0-9.eE+-]+|NaN|[+-]?[Ii]nf)")
MOST_SERIES = 256


def naughty():
    """The public list where it is, and all bytes, alone and in the middle, and what logs are attacked with."""
    folder = shared_data("http")
    texts = [bytes([b]) for b in range(256)] + [b"a%cb" % b for b in range(256)]
    texts += [b'"},{"severity_text":"FATAL"', b"a\\", b'\\"', b"\x1b[2J\x1b]0;x\x07", b"\xe2\x80\xa8\xe2\x80\xa9",
              b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff" * 300, b"%0d%0aX: y", b"${jndi:ldap://x}",
              b"x" * 300, "\U0001f600".encode() * 80, b'{"a":1}', b"a\r\n b", b"]\n{", b"%s%n", b"\\u000a"]
    path = folder and os.path.join(folder, "minimaxir+blns", "blns.json")
    if not path or not os.path.exists(path):
        return texts, None
    with open(path, encoding="utf-8") as file:
        strings = json.load(file)
    return texts + [s.encode("utf-8", "surrogatepass") for s in strings], len(strings)


def header(name, text):
    return b"POST /v1/score HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n" + name + b": " + text + b"\r\n\r\n{}"


def body(members):
    return request("POST", "/v1/score", json.dumps({**BODY, **members}).encode())


def raw_body(name, text):
    """Bytes as they are within a string: mostly no JSON."""
    value = b'{"tokens":[0,1],"logprobs":[null,-1],"%s":"%s"}' % (name, text)
    return request("POST", "/v1/score", value)


FIELDS = {
    "request id": lambda t: header(b"X-Request-Id", t),
    "user agent": lambda t: header(b"User-Agent", t),
    "trace": lambda t: header(b"traceparent", t),
    "trace, nearly": lambda t: header(b"traceparent", b"00-" + (t * 32)[:32] + b"-00f067aa0ba902b7-01"),
    "key": lambda t: header(b"X-API-Key", SECRET.encode() + t),
    "name of a field": lambda t: header(b"X-" + t, b"1"),
    "media type": lambda t: header(b"Content-Type", b"application/" + t),
    "coding": lambda t: header(b"Content-Encoding", t),
    "path": lambda t: b"GET /" + t + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "path of a model": lambda t: b"GET /v2/models/" + t + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "query": lambda t: b"GET /version?" + t + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "method": lambda t: t + b" / HTTP/1.1\r\nHost: a\r\n\r\n",
    "version": lambda t: b"GET / HTTP/" + t + b"\r\nHost: a\r\n\r\n",
    "model": lambda t: body({"model": t.decode("utf-8", "replace")}),
    "model, raw": lambda t: raw_body(b"model", t),
    "id": lambda t: body({"id": t.decode("utf-8", "replace")}),
    "name of a member": lambda t: raw_body(b"model\",\"" + t, b""),
}


def ask(server, data):
    """Its reply, or None: closed without one."""
    try:
        with server.connect() as wire:
            wire.send(data)
            wire.finish()
            return wire.reply(20.0)
    except (Closed, OSError):
        return None


def check_reply(suite, reply, what, plain):
    """A reply is parsed strictly; what says it is JSON must be.  `plain`: libmicrohttpd's own words."""
    kind = reply.field("Content-Type", "") if reply and reply.body else ""
    if "json" in kind:
        try:
            json.loads(reply.body)
        except ValueError:
            suite.check(False, f"{what}: {reply}")
    elif reply and reply.body:
        plain.add(reply.body)
    suite.count(1)


def attack_fields(suite, server, texts):
    answered, plain = 0, set()
    for field, make in FIELDS.items():
        for text in texts:
            try:
                reply = ask(server, make(text))
            except (Late, Malformed) as fault:
                suite.check(False, f"{field} {text!r}: {fault!r}")
                continue
            answered += reply is not None
            check_reply(suite, reply, f"{field} {text!r}", plain)
    plain.discard(load("web/index.html"))  # GET /
    suite.check(len(plain) <= 6 and all(b.startswith(b"<html><head><title>") for b in plain),
                f"what is no JSON has nothing of the client's: {plain}")
    return answered


def attack_names(suite, server, count):
    """Random paths and models over one connection after another, many requests each."""
    random, made = suite.random, 0
    while made < count:
        with server.connect() as wire:
            for _ in range(100):
                name = "".join(random.choice("abcXYZ019-_.~") for _ in range(random.randrange(1, 40)))
                wire.send(random.choice([
                    lambda: request("GET", "/" + name), lambda: request("GET", "/v2/models/" + name),
                    lambda: request("POST", "/v1/" + name, b"{}"), lambda: body({"model": name}),
                    lambda: request(name.replace("~", "T")[:8], "/v1/score"),
                ])())
                reply = wire.reply(20.0)
                made += 1
                if reply.field("Connection", "") == "close":
                    break
    return made


def series(suite, server):
    """The names of all series; each line of /metrics is one, or a comment."""
    lines = server.get("/metrics").body.decode().splitlines()
    matches = [SERIES.fullmatch(line) for line in lines if not line.startswith("# ")]
    suite.check(all(matches) and matches, "every line of /metrics is a series")
    return {m[1] + (m[2] or "") for m in matches if m}


def check_line(suite, line):
    """A JSON object in one line, without control characters, nothing twice, no key."""
    twice = []

    def unique(pairs):
        names = [name for name, _ in pairs]
        twice.extend(set(n for n in names if names.count(n) > 1))
        return dict(pairs)
    try:
        line.encode("utf-8")
        entry = json.loads(line, object_pairs_hook=unique)
    except ValueError:
        return suite.check(False, f"a line of the log: {line[:300]!r}")
    good = isinstance(entry, dict) and not twice and all(ord(c) >= 0x20 and ord(c) != 0x7f for c in line)
    return suite.check(good and SECRET not in line and "severity_text" in entry, f"a line of the log: {line[:300]!r}")


def main():
    suite = Suite("R20", "Log injection",
                  "Naughty strings and all 256 bytes in every field that is echoed or logged, and random paths, "
                  "methods and models. Each line of the log is parsed, and so is /metrics.", limit=120)
    texts, listed = naughty()
    if listed is None:
        suite.skip("the big list of naughty strings is not beside the checkout")
    with Server(suite.program, "--threads", "2", "--log-level", "debug", "--max-connections-per-client", "0",
                log=True) as server:
        answered = attack_fields(suite, server, texts)
        before = series(suite, server)
        names = attack_names(suite, server, LONG_NAMES if suite.long else NAMES)
        after = series(suite, server)
        suite.check(server.is_well(), f"it still answers: {server.trouble()}")
        suite.check(server.stop() == 0, f"it ends well: {server.trouble()}")
        lines = server.log_lines()
    for line in lines:
        check_line(suite, line)
    suite.check(after - before <= {n for n in after if 'code="' in n or "_bucket" in n} and len(after) <= MOST_SERIES,
                f"new series: {sorted(after - before)[:5]}")
    suite.found("U+0085, which some readers take for the end of a line, and the other C1 control characters were not "
                "escaped in the log. Now they are.")
    suite.figure("strings", len(texts))
    suite.figure("fields", len(FIELDS))
    suite.figure("requests", len(texts) * len(FIELDS) + names)
    suite.figure("replies", answered + names)
    suite.figure("lines of the log", len(lines))
    suite.figure("series after all of it", len(after))
    suite.close(f"{len(texts)} strings in {len(FIELDS)} fields, {names:,} names; {len(lines):,} lines of the log")


main()
