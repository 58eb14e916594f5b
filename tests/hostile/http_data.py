"""http_data.py - raw requests of others, read from ../shared/data/http beside the checkout.

Each is (name, bytes, tier): the tier is what HTTP Desync Guardian says of a request, "" elsewhere.
"""
import glob
import os
import re

try:
    import yaml
except ImportError:
    yaml = None


def desync(folder):
    """AWS's HTTP Desync Guardian: requests in parts, with a verdict.  Needs python3-yaml."""
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "aws+http-desync-guardian/tests/*.yaml"))):
        with open(path, encoding="utf-8") as file:
            for case in yaml.safe_load(file):
                found.append((f"{os.path.basename(path)}: {case['name']}", _message(case),
                              case["expected"]["tier"]))
    return found


def _message(case):
    """With a Host, which the cases leave out, and for a body what a smuggler would put there."""
    lines = [" ".join(str(part) for part in (case["method"], case["uri"], case["version"]) if part)]
    fields = [(str(f["name"]), "" if f["value"] is None else str(f["value"])) for f in case["headers"] or []]
    if not any(name.lower() == "host" for name, _ in fields):
        lines.append("Host: a")
    lines += [f"{name}: {value}" for name, value in fields]
    body = "0\r\n\r\nGET /v1/objectives HTTP/1.1\r\nHost: a\r\n\r\n"
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1", "replace")


def llhttp(folder):
    """Node's llhttp: blocks of its Markdown, with its own escapes."""
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "nodejs+llhttp/test/request/*.md"))):
        with open(path, encoding="utf-8") as file:
            blocks = re.findall(r"^```http\n(.*?)^```$", file.read(), re.M | re.S)
        found += [(f"llhttp {os.path.basename(path)} {i}", _unescape(block), "")
                  for i, block in enumerate(blocks)]
    return found


def _unescape(text):
    text = re.sub(r"\\\n", "", text.removesuffix("\n")).replace("\n", "\r\n")
    for escape, character in (("\\r", "\r"), ("\\n", "\n"), ("\\t", "\t"), ("\\f", "\f")):
        text = text.replace(escape, character)
    text = re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), text)
    return text.encode("latin-1", "replace")


def _files(folder, part, name):
    found = []
    for path in sorted(glob.glob(os.path.join(folder, part, "*"))):
        with open(path, "rb") as file:
            found.append((f"{name} {os.path.basename(path)}", file.read(), ""))
    return found


def h2o(folder):
    return _files(folder, "h2o+h2o/fuzz/http1-corpus", "h2o")


def gofuzz(folder):
    return _files(folder, "dvyukov+go-fuzz-corpus/httpreq/corpus", "go-fuzz")


CORPORA = [("aws http-desync-guardian", desync), ("nodejs llhttp", llhttp), ("h2o", h2o),
           ("go-fuzz httpreq", gofuzz)]
