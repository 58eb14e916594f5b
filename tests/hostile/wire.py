"""wire.py - requests as bytes, replies read strictly, raw connections with deadlines."""
import json
import re
import socket
import time

# ---- requests ----


def request(method, target, body=None, fields=(), version="1.1"):
    """The bytes of a request.  Fields are (name, value) pairs or whole lines; Host is added, and
    Content-Length unless there is a Transfer-Encoding."""
    lines = [line if isinstance(line, str) else f"{line[0]}: {line[1]}" for line in fields]
    if body is not None and not any(line.lower().startswith("transfer-encoding:") for line in lines):
        lines.insert(0, f"Content-Length: {len(body)}")
    lines = [f"{method} {target} HTTP/{version}", "Host: localhost", *lines]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def chunked(body, sizes=None):
    """A body in chunks of the given sizes (the last one repeats; None: one chunk)."""
    out, at, sizes = [], 0, list(sizes or [len(body) or 1])
    while at < len(body):
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        out.append(b"%x\r\n%s\r\n" % (len(body[at:at + size]), body[at:at + size]))
        at += size
    return b"".join(out) + b"0\r\n\r\n"


class Malformed(Exception):
    """What came is not HTTP."""


class Closed(Exception):
    """The connection ended before the reply did."""


class Late(Exception):
    """The deadline passed."""


class Reply:
    """A status, header fields in the order they came, a body."""

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def field(self, name, default=None):
        return next((v for n, v in self.fields if n.lower() == name.lower()), default)

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The code of a problem, or ""."""
        try:
            return self.json().get("code", "")
        except (ValueError, AttributeError):
            return ""

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


# ---- replies ----

STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9]) ([\t -~]*)")
FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t -~]*?)[ \t]*")
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;[\t -~]*)?")


def parse_reply(data, at=0, head_only=False, ended=False):
    """The reply at an offset: (Reply, the offset behind it), or None where more has to come.  Strict:
    raises Malformed.  `ended`: the connection is over, which is where a reply without length ends."""
    end = data.find(b"\r\n\r\n", at)
    if end < 0:
        if data[at:at + 5] != b"HTTP/"[:len(data) - at] or len(data) - at > 65536:
            raise Malformed(bytes(data[at:at + 200]))
        return None
    lines = bytes(data[at:end]).split(b"\r\n")
    status = STATUS_LINE.fullmatch(lines[0])
    matches = [FIELD_LINE.fullmatch(line) for line in lines[1:]]
    if not status or not all(matches):
        raise Malformed(bytes(data[at:end]))
    fields = [(m[1].decode(), m[2].decode()) for m in matches]
    reply, body = Reply(int(status[1]), fields, b""), end + 4
    if head_only or reply.status < 200 or reply.status in (204, 304):
        return reply, body
    return _parse_body(data, body, reply, ended)


def _parse_body(data, at, reply, ended):
    lengths = [v for n, v in reply.fields if n.lower() == "content-length"]
    codings = [v.lower() for n, v in reply.fields if n.lower() == "transfer-encoding"]
    if len(lengths) + len(codings) > 1 or not all(v.isdigit() for v in lengths) \
            or codings not in ([], ["chunked"]):
        raise Malformed(f"how long is it? {lengths} {codings}".encode())
    if codings:
        return _parse_chunks(data, at, reply)
    if not lengths:
        reply.body = bytes(data[at:])
        return (reply, len(data)) if ended else None
    end = at + int(lengths[0])
    reply.body = bytes(data[at:end])
    return (reply, end) if len(data) >= end else None


def _parse_chunks(data, at, reply):
    parts = []
    while True:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        size = CHUNK_LINE.fullmatch(bytes(data[at:end]))
        if not size:
            raise Malformed(bytes(data[at:end])[:100])
        at, size = end + 2, int(size[1], 16)
        if len(data) < at + size + 2:
            return None
        if data[at + size:at + size + 2] != b"\r\n":
            raise Malformed(b"a chunk that does not end")
        parts.append(bytes(data[at:at + size]))
        at += size + 2
        if size == 0:
            reply.body = b"".join(parts)
            return reply, at


# ---- connections ----


class Wire:
    """A raw connection.  Every wait has a deadline, in seconds from when it begins."""

    def __init__(self, address, timeout=10.0):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self.socket.connect(address)
        if family == socket.AF_INET:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.timeout, self.data, self.at, self.ended = timeout, bytearray(), 0, False

    def send(self, data):
        """Send all of it; False where the other side is gone."""
        try:
            self.socket.settimeout(self.timeout)
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def send_parts(self, data, cuts=None, pause=0.0):
        """Send it in pieces that end at the offsets `cuts` (None: byte by byte)."""
        cuts = list(range(1, len(data))) if cuts is None else sorted(set(cuts))
        for begin, end in zip([0] + cuts, cuts + [len(data)]):
            if not self.send(data[begin:end]):
                return False
            if pause:
                time.sleep(pause)
        return True

    def more(self, deadline):
        """Wait for more bytes; False at the end of the connection.  Raises Late."""
        if self.ended:
            return False
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("no more bytes in time")
        self.socket.settimeout(left)
        try:
            piece = self.socket.recv(262144)
        except (socket.timeout, TimeoutError):
            raise Late("no more bytes in time") from None
        except OSError:  # a reset is an end
            piece = b""
        self.ended = not piece
        self.data += piece
        return bool(piece)

    def reply(self, timeout=None, head_only=False):
        """The next reply that is not a 1xx.  Raises Malformed, Closed or Late."""
        deadline = time.monotonic() + (timeout or self.timeout)
        while True:
            parsed = parse_reply(self.data, self.at, head_only, self.ended) if self.at < len(self.data) \
                else None
            if parsed:
                self.at = parsed[1]
                if parsed[0].status >= 200:
                    return parsed[0]
            elif self.ended:
                raise Closed(f"after {bytes(self.data[self.at:])[:200]!r}")
            else:
                self.more(deadline)

    def replies(self, timeout=None):
        """Every reply until the connection ends."""
        found = []
        while True:
            try:
                found.append(self.reply(timeout))
            except Closed:
                if self.at < len(self.data):
                    raise
                return found

    def finish(self):
        """Say that nothing more will be sent."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def reset(self):
        """End the connection with a RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
