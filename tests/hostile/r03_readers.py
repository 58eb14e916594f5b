#!/usr/bin/env python3
"""r03_readers.py - R3: random documents by the streaming reader, the plain reader and Python's json.

The driver holds the streaming reader, however a document is cut, to the plain one (tests/plain): the same
first error and place, the same envelope, the same bits of every number.  Here the answers are held to what
Python's json makes of the document, but for a table of what Python takes and logitd does not."""
import json
import math

from drive import Drive, driver, is_json
from hostile import Suite

DOCUMENTS = 20000
LONG_DOCUMENTS = 400000
BATCH = 5000


# ---- documents ----


def number(chance):
    """A log-probability as somebody may write it."""
    kind = chance.randrange(9)
    if kind == 0:
        return repr(-chance.random())
    if kind == 1:
        return f"-{chance.randrange(10**chance.randrange(1, 25))}.{chance.randrange(10**chance.randrange(1, 30))}"
    if kind == 2:
        return f"-{chance.random():.{chance.randrange(30)}e}"
    if kind == 3:
        return f"-{chance.randrange(1, 10)}E{chance.choice(['', '+', '-'])}{chance.randrange(330)}"
    if kind == 4:
        return chance.choice(["0", "-0", "-0.0", "0e5", "-0E-99999", "-5e-324", "-2.4703282292062327e-324",
                              "-1.7976931348623157e308", "-2.2250738585072011e-308", "-9007199254740993"])
    if kind == 5:
        return "-" + "".join(chance.choice("0123456789") for _ in range(chance.randrange(1, 4))).lstrip("0") + "1"
    if kind == 6:
        return "-0." + "0" * chance.randrange(60) + str(chance.randrange(10**18))
    if kind == 7:
        return chance.choice(["-Infinity", '"-Infinity"'])
    return f"-{chance.uniform(0, 50):.4f}"


def string(chance):
    """With escapes of every kind."""
    parts = []
    for _ in range(chance.randrange(8)):
        kind = chance.randrange(7)
        if kind < 2:
            parts.append("".join(chance.choice("abcXYZ 019{}[],:'-_/") for _ in range(chance.randrange(12))))
        elif kind == 2:
            parts.append(chance.choice(['\\"', "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"]))
        elif kind == 3:
            parts.append(f"\\u{chance.choice([chance.randrange(1, 0xd800), chance.randrange(0xe000, 0xfffe)]):04x}")
        elif kind == 4:
            point = chance.randrange(0x10000, 0x110000) - 0x10000
            parts.append(f"\\u{0xd800 + (point >> 10):04X}\\u{0xdc00 + (point & 0x3ff):04x}")
        elif kind == 5:
            parts.append(chance.choice(["é", "☃", "😀", "\u2028", "\u007f", "﷽", "\U0010ffff"]))
        else:
            parts.append("x" * chance.randrange(70))
    return '"' + "".join(parts) + '"'


def space(chance):
    return "" if chance.randrange(3) else "".join(chance.choice(" \t\r\n") for _ in range(chance.randrange(4)))


def sequence(chance):
    count = chance.randrange(1, 6)
    gap = lambda: space(chance)
    entries = (gap() + "," + gap()).join(number(chance) for _ in range(count))
    members = [f'"logprobs"{gap()}:{gap()}[{gap()}{entries}{gap()}]']
    if chance.randrange(2):
        members.append(f'"id":{gap()}{string(chance)}')
    if chance.randrange(3) == 0:
        members.append(f'"tokens":[{",".join(str(chance.randrange(10**6)) for _ in range(count))}]')
    chance.shuffle(members)
    return "{" + (gap() + "," + gap()).join(members) + "}"


def document(chance):
    members = [f'"sequences":[{",".join(sequence(chance) for _ in range(chance.randrange(1, 4)))}]']
    if chance.randrange(2):
        members.append(f'"model"{space(chance)}:{string(chance)}')
    chance.shuffle(members)
    return (space(chance) + "{" + ",".join(members) + space(chance) + "}" + space(chance)).encode()


SNIPPETS = [b",", b":", b"[", b"]", b"{", b"}", b'"', b"\\", b"\\u", b"\\ud800", b"-", b".", b"e", b"0", b"00", b"1",
            b"null", b"true", b"NaN", b"Infinity", b"/", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\x00", b"\n", b"1e999",
            b'"id":1,', b'"model":"a",', b"[[[[", b"99999999999999999999"]


def mutate(chance, body):
    """A few bytes, changed, doubled, taken out or put in."""
    out = bytearray(body)
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        at, kind = chance.randrange(len(out) + 1), chance.randrange(5)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            out[at:at] = chance.choice(SNIPPETS)
        elif kind == 2:
            del out[at:at + chance.randrange(1, 6)]
        elif kind == 3:
            out[at:at] = out[at:at + chance.randrange(1, 9)]
        elif kind == 4:
            del out[at:]
    return bytes(out)


# ---- what Python makes of it ----


class Refused(Exception):
    """Python takes it and logitd does not, or may not: why."""


def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Refused("a name twice")
    if any("\0" in name for name in names):
        raise Refused("a NUL in a name")
    return dict(pairs)


def whole(text):
    if not -2**63 <= int(text) < 2**63:
        raise Refused("an integer beyond 64 bits")
    return int(text)


def real(text):
    if math.isinf(float(text)):
        raise Refused("a number beyond doubles")
    return float(text)


def word(text):
    raise Refused(f"the word {text}")


def find_refusals(value, depth=0):
    """Of what was read: lone surrogates, NULs, too deep."""
    if depth > 60:
        raise Refused("nested deeper than 64")
    if isinstance(value, str):
        if "\0" in value:
            raise Refused("a NUL in a string")
        if any("\ud800" <= c <= "\udfff" for c in value):
            raise Refused("a lone surrogate")
    elif isinstance(value, (list, dict)):
        for inner in value if isinstance(value, list) else [*value, *value.values()]:
            find_refusals(inner, depth + 1)


def by_python(body):
    """(True, its value), (False, None), or (None, why the two may differ)."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False, None
    if text[:1] == "\ufeff":
        return False, None
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return False, None
    try:
        json.loads(text, object_pairs_hook=once)
        find_refusals(plain)
        json.loads(text, parse_int=whole, parse_float=real, parse_constant=word)
    except Refused as why:
        return None, str(why)
    return True, plain


# ---- what logitd says ----


def entries(value):
    return [-math.inf if entry in ("-Infinity", -math.inf) else entry for entry in value]


def check_values(suite, body, reply):
    """The answer has the strings and the bits of the numbers that Python read."""
    given, answer = json.loads(body), reply.json()
    suite.check(given.get("model") == answer.get("model"), f"model of {body!r}: {reply}")
    for asked, got in zip(given["sequences"], answer["sequences"]):
        right = [repr(float(x) + 0.0) for x in entries(asked["logprobs"])]
        read = [repr(float(x) + 0.0) for x in entries(got["tokens"]["log_prob"])]
        suite.check(asked.get("id") == got.get("id") and right == read, f"{body!r}: {reply}")


def check_mutant(suite, body, reply, tally):
    good, why = by_python(body)
    taken = is_json(reply)
    if good is None:
        tally[why] = tally.get(why, 0) + 1
        return
    tally["agree"] = tally.get("agree", 0) + 1
    suite.check(not good or isinstance(why, dict) or reply.status == 400, f"no object: {body!r}: {reply}")
    if reply.code in ("bad_shape", "out_of_range") and not good:
        tally["an earlier error"] = tally.get("an earlier error", 0) + 1  # stands before what is not JSON
        return
    suite.check(taken == good or (good and not isinstance(why, dict)), f"Python says {good}: {body!r}: {reply}")


def check_batch(suite, path, count, tally):
    chance = suite.random
    good = [document(chance) for _ in range(count // 2)]
    mutants = [mutate(chance, document(chance)) for _ in range(count - count // 2)]
    drive = Drive(path, good + mutants, "--plain", "--random", 2)
    suite.check(not drive.trouble, drive.trouble)
    for body, reply in zip(good + mutants, drive.replies):
        suite.check(not isinstance(reply, str), f"{body!r}: {reply}")
    for body, reply in zip(good, drive.replies):
        if not isinstance(reply, str) and suite.check(reply.status == 200, f"{body!r}: {reply}"):
            check_values(suite, body, reply)
    for body, reply in zip(mutants, drive.replies[len(good):]):
        if not isinstance(reply, str):
            check_mutant(suite, body, reply, tally)


def main():
    suite = Suite("R3", "Readers of JSON against each other",
                  "Random requests, half of them with changed bytes, split at random. The streaming reader, the "
                  "plain reader and Python's json must give the same verdict, first error, strings and bits of "
                  "numbers.", limit=150)
    path, tally = driver(suite.program), {}
    total = LONG_DOCUMENTS if suite.long else DOCUMENTS
    if suite.check(path, "the driver is there (make drivers)"):
        for _ in range(total // BATCH):
            check_batch(suite, path, BATCH, tally)
    suite.check(path and tally["agree"] > total // 4, f"enough changed documents are judged: {tally}")
    suite.figure("documents", total)
    for why in sorted(tally):
        suite.figure(f"changed documents: {why}", tally[why])
    suite.remains("Python accepts more: duplicate names, lone surrogates, NULs, words such as NaN, numbers beyond 64 "
                  "bits or doubles. There the table of R1 and the unit tests say what logitd must answer.")
    suite.close(f"{total:,} documents")


main()
