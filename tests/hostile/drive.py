"""drive.py - bodies through POST /v1/score without a server (programs/drive.c), for the suites of JSON."""
import json
import os
import re
import subprocess

from hostile import REPORT, Reply


def driver(program):
    """The driver of the same build as a server, or None where it was not made."""
    path = os.path.join(os.path.dirname(program), "tests", "hostile", "programs", "drive") if program else ""
    return path if os.path.exists(path) else None


class Drive:
    """What became of bodies: `replies`, a Reply each, or in its place how it depends on the cuts; `trouble`: how
    the driver ended, or what a sanitizer said, or ""."""

    def __init__(self, path, bodies, *options):
        given = b"".join(b"%d\n%s" % (len(body), body) for body in bodies)
        done = subprocess.run([path, *map(str, options)], input=given, capture_output=True, check=False)
        self.replies, self.trouble = list(self._read(done.stdout)), ""
        errors = done.stderr.decode("utf-8", "replace")
        if done.returncode or REPORT.search(errors) or len(self.replies) != len(bodies):
            self.trouble = f"exit status {done.returncode} after {len(self.replies)} bodies\n{errors[:3000]}"

    @staticmethod
    def _read(data):
        at = 0
        while at < len(data):
            end = data.index(b"\n", at)
            found = re.fullmatch(rb"(\d+) (\d+)", data[at:end])
            at = end + 1
            if not found:
                yield data[:end].rpartition(b"\n")[2].decode()
                continue
            length = int(found[2])
            yield Reply(int(found[1]), [], data[at:at + length])
            at += length


def is_json(reply):
    """Whether a body was taken for JSON, whatever else was wrong with it."""
    return reply.code not in ("bad_json", "duplicate_name")


def wrapped(name, text):
    """As the value of a member."""
    return b'{"' + name + b'":' + text + b"}"


def reason(reply):
    return json.loads(reply.body).get("detail", "") if reply.status >= 400 else ""
