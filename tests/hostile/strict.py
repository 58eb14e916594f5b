"""strict.py - how many requests a strict reader of RFC 9112 finds in some bytes, and how they end.

It shares nothing with the server.  Where the RFC lets a recipient choose (a bare line feed ends a line of
a head, an empty line before a request), it takes the lenient reading, so that what it refuses must be
refused and what it counts is the most that may be executed.
"""
import re

TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
REQUEST_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([!-~]+) HTTP/(1\.[01])")
FIELD = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*")
HOST = re.compile(rb"[A-Za-z0-9\-._~%!$&'()*+,;=:\[\]]*")
CHUNK = re.compile(rb"([0-9A-Fa-f]+)(?:[ \t]*;[\t -~\x80-\xff]*)?")


class Bad(Exception):
    """Not a request; a reader must refuse it and end the connection."""


class Short(Exception):
    """The bytes end before the request does."""


class Reading:
    """`methods`: of the whole requests, in order.  `end`: "clean" (nothing follows), "bad" or "short"
    (what follows is no request, or not a whole one); `why` says more."""

    def __init__(self):
        self.methods, self.end, self.why = [], "clean", ""
        self.last = b""  # the method of what follows, as far as it can be told
        self.headed = False  # what follows has a good head, so that it may be answered before its body
        self.closes = False  # a request asked for the end of the connection


def read(data):
    found, at = Reading(), 0
    try:
        while at < len(data):
            at = _skip_empty_line(data, at)
            if at == len(data):
                break
            found.last, found.headed = bytes(data[at:at + 16]).split(b" ")[0], False
            method, at, closes = _request(data, at, found)
            found.methods.append(method)
            if closes:
                found.closes = True
                return found
    except Bad as bad:
        found.end, found.why = "bad", str(bad)
    except Short as short:
        found.end, found.why = "short", str(short)
    return found


def _skip_empty_line(data, at):
    if data[at:at + 2] == b"\r\n":
        return at + 2
    return at + 1 if data[at:at + 1] == b"\n" else at


def _line(data, at):
    """A line that CR LF or LF ends."""
    end = data.find(b"\n", at)
    if end < 0:
        raise Short("no end of a line")
    line = bytes(data[at:end])
    return line[:-1] if line.endswith(b"\r") else line, end + 1


def _request(data, at, found):
    line, at = _line(data, at)
    match = REQUEST_LINE.fullmatch(line)
    if not match:
        raise Bad(f"request line {line[:60]!r}")
    fields, at = _fields(data, at)
    length, chunked = _framing(fields, match[3])
    found.headed = True
    if length is not None and len(data) - at < length:
        raise Short("no end of the body")
    at = _chunks(data, at) if chunked else at + (length or 0)
    tokens = b",".join(fields.get(b"connection", [])).lower().replace(b" ", b"").split(b",")
    closes = b"close" in tokens or (match[3] == b"1.0" and b"keep-alive" not in tokens)
    return match[1], at, closes


def _fields(data, at):
    fields = {}
    while True:
        line, at = _line(data, at)
        if not line:
            return fields, at
        match = FIELD.fullmatch(line)
        if not match:
            raise Bad(f"field line {line[:60]!r}")
        fields.setdefault(match[1].lower(), []).append(match[2])


def _framing(fields, version):
    hosts = fields.get(b"host", [])
    if len(hosts) > 1 or (not hosts and version == b"1.1"):
        raise Bad(f"{len(hosts)} Host fields")
    if hosts and not HOST.fullmatch(hosts[0]):
        raise Bad(f"Host {hosts[0][:40]!r}")
    lengths, codings = fields.get(b"content-length", []), fields.get(b"transfer-encoding", [])
    if codings and (lengths or version == b"1.0"):
        raise Bad("Transfer-Encoding beside a length, or in HTTP/1.0")
    if codings and [c.lower() for c in codings] != [b"chunked"]:
        raise Bad(f"Transfer-Encoding {codings!r}")
    if len(lengths) > 1 or not all(re.fullmatch(rb"[0-9]{1,19}", value) for value in lengths):
        raise Bad(f"Content-Length {lengths!r}")
    return (int(lengths[0]) if lengths else None), bool(codings)


def _strict_line(data, at):
    end = data.find(b"\r\n", at)
    if end < 0:
        if data.find(b"\n", at) >= 0:
            raise Bad("a bare line feed in the framing of chunks")
        raise Short("no end of a chunk's line")
    line = bytes(data[at:end])
    if b"\n" in line or b"\r" in line:
        raise Bad("a bare line feed in the framing of chunks")
    return line, end + 2


def _chunks(data, at):
    while True:
        line, at = _strict_line(data, at)
        match = CHUNK.fullmatch(line)
        if not match or len(match[1].lstrip(b"0")) > 15:
            raise Bad(f"chunk line {line[:60]!r}")
        size = int(match[1], 16)
        if size == 0:
            return _fields(data, at)[1]
        if len(data) < at + size + 2:
            if data[at + size:at + size + 1] not in (b"", b"\r"):
                raise Bad("a chunk without its end")
            raise Short("no end of a chunk")
        if data[at + size:at + size + 2] != b"\r\n":
            raise Bad("a chunk without its end")
        at += size + 2
