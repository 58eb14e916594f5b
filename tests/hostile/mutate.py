"""mutate.py - requests to every route, mutated as structure and as bytes.

`Mutator(random).case()` gives a Case: a seed (the golden requests, the examples), mutated none to
three times.  What is repeated from one seed of the random numbers is the same again."""
import glob
import gzip
import json
import os
import zlib
from json.encoder import encode_basestring

from hostile import ROOT, chunked, load, request

BOUNDARY = "logitd-test-boundary"
LARGEST_SEED = 6000

# ---- trees that keep what JSON objects may do: members twice, numbers as written ----


class Members(list):
    """An object: [name, value] pairs, in order."""


class Raw(str):
    """Text that stands for itself."""


def members(pairs):
    return Members([list(pair) for pair in pairs])


def parse(text):
    return json.loads(text, object_pairs_hook=members, parse_int=Raw, parse_float=Raw, parse_constant=Raw)


def dump(value):
    kind = type(value)
    if kind is Raw:
        return value
    if kind is str:
        return encode_basestring(value)
    if kind is Members:
        return "{" + ",".join([encode_basestring(n) + ":" + dump(v) for n, v in value]) + "}"
    if kind is list:
        return "[" + ",".join(map(dump, value)) + "]"
    return "null" if value is None else "true" if value else "false"


def encode(tree):
    return dump(tree).encode("utf-8", "surrogatepass")


def slots(tree):
    """Every place where a value stands: (its container, index)."""
    found, left = [], [tree]
    while left:
        node = left.pop()
        pairs = type(node) is Members
        for i in range(len(node)):
            value = node[i][1] if pairs else node[i]
            found.append((node, i))
            if type(value) in (Members, list):
                left.append(value)
    return found


def value_at(node, i):
    return node[i][1] if type(node) is Members else node[i]


def put_at(node, i, value):
    if type(node) is Members:
        node[i][1] = value
    else:
        node[i] = value


EXTREMES = [Raw(text) for text in (
    "0 -0 1 -1 2 0.5 -0.5 1e-400 5e-324 2.2250738585072014e-308 1e308 -1e308 1.7976931348623157e308 "
    "-1.7976931348623157e308 1e309 -1e309 3.4028234e38 3.5e38 -3.5e38 1e-46 NaN Infinity -Infinity "
    "2147483647 2147483648 -2147483649 4294967296 9007199254740993 9223372036854775807 "
    "9223372036854775808 -9223372036854775808 18446744073709551615 18446744073709551616 1048576 1048577 "
    "1024 1025 63 64 65 1.0 1e0 10e-1 -100 true false null [] {} [[]] [{}] {\"\":0} \"\" \"0\" \"-Infinity\" "
    "\"Infinity\" \"NaN\" \"auto\" \"f32\" \"f64\" \"bf16\" \"top:1024\" \"top:0\" \"rank\" \"entropy\" \"next\" \"same\" "
    "\"\\u0000\" \"\\ud800\" \"\\ud83d\\ude00\" \"AAAAAAAAAAA=\" \"AAAA\" \"====\" \"/\" \"~\" \"\\\"\" \"%s%n\" "
    "00 01 +1 .5 5. 1e 0x1 nul tru '0' // , : ] }").split(" ")]
EXTREMES += [Raw("[" * n + "0" + "]" * n) for n in (2, 3, 62, 63, 64, 65, 300)]
EXTREMES += [Raw('{"a":' * n + "0" + "}" * n) for n in (2, 62, 63, 64, 65, 300)]
EXTREMES += [Raw("1" * 400), Raw("0." + "3" * 800), Raw("-" + "9" * 330 + "e-300"), "x" * 5000, "\x7f\u2028",
             Raw("[" + "0," * 3000 + "0]"), Raw("[" + "{}," * 500 + "{}]"), Raw("[" + "[0,1]," * 400 + "[0,1]]")]


# ---- seeds ----


class Seed:
    def __init__(self, target, body, type="application/json", tree=None, head_length=None):
        self.target, self.body, self.type, self.head_length = target, body, type, head_length
        self.tree = tree  # whether the body is one JSON text


def _is_json(body):
    try:
        return isinstance(parse(body.decode()), list)
    except ValueError:
        return False


def _json_seeds():
    folders = {"tests/golden/valid": "/v1/score", "tests/golden/invalid": "/v1/score",
               "tests/golden/engines": "/v1/score", "tests/golden/rank/*": "/v1/rank",
               "tests/golden/compare/*": "/v1/compare", "tests/golden/preference/*": "/v1/preference",
               "tests/golden/completions_*": "/v1/completions"}
    for folder, target in folders.items():
        for path in sorted(glob.glob(os.path.join(ROOT, folder, "*", "request.json"))):
            body = load(path)
            if len(body) <= LARGEST_SEED:
                yield Seed(target, body, tree=_is_json(body))


def _form_seeds():
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/golden/forms/*/*/body"))):
        body = load(path)
        if len(body) <= LARGEST_SEED:
            yield Seed("/v1/score", body, "multipart/form-data; boundary=" + BOUNDARY)


def _infer_seeds():
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/golden/infer/*/line"))):
        target, length = load(path).decode().split()[:2]
        body = load(os.path.join(os.path.dirname(path), "request"))
        length = len(body) if length == "-" else int(length)
        if len(body) <= LARGEST_SEED and _is_json(body[:length]):
            yield Seed(target, body, "application/octet-stream", length == len(body), length)


def seeds():
    """By route and kind, so that each has its share."""
    kinds = {}
    for seed in [*_json_seeds(), *_form_seeds(), *_infer_seeds()]:
        kinds.setdefault((seed.target, seed.type), []).append(seed)
    return list(kinds.values())


# ---- cases ----

GETS = ["/livez", "/readyz", "/metrics", "/openapi.json", "/version", "/v1/objectives", "/v2", "/v2/health/live",
        "/v2/health/ready", "/v2/models/score", "/v2/models/logprobs/versions/1", "/v2/models/nothing", "/", "/v1"]
TYPES = ["application/json; charset=utf-8", "application/x-ndjson", "text/plain", "application/octet-stream", "",
         "multipart/form-data", "multipart/form-data; boundary=" + BOUNDARY, "APPLICATION/JSON", "application/json;"]
FIELDS = ["Expect: 100-continue", "Accept-Encoding: gzip", "Accept: text/html", "Connection: close", "X-Request-Id: ",
          "Content-Encoding: identity", "Content-Encoding: br", "Inference-Header-Content-Length: 5",
          "Authorization: Bearer x", "Cookie: " + "a=b; " * 200, "X-A: \xff\xfe", "Range: bytes=0-1",
          "Transfer-Encoding: chunked", "Content-Length: 1", "Content-Length: -1", "Host: b", ": x", " folded", "X-Y : 1"]


class Case:
    """One request: `parts` is its method, target and field lines; `tree` where the body is one JSON."""

    def __init__(self, method, target, fields, body, tree=None):
        self.method, self.target, self.fields, self.body, self.tree = method, target, fields, body, tree

    def plain(self):
        return request(self.method, self.target, self.body, self.fields)

    def chunked(self, random):
        sizes = [random.choice((1, 2, 3, 7, 16, 64, 512)) for _ in range(6)] + [random.choice((5, 99, 4096))]
        return request(self.method, self.target, chunked(self.body, sizes),
                       [*self.fields, "Transfer-Encoding: chunked"])

    def coded(self, random):
        if random.random() < 0.5:
            coding, body = "gzip", gzip.compress(self.body, 1)
        else:
            coding, body = "deflate", zlib.compress(self.body, 1)
        return request(self.method, self.target, body, [*self.fields, "Content-Encoding: " + coding])

    def reordered(self, random):
        """The members of every object that is ours in another order; what engines and tensors say keeps
        its own."""
        def shuffled(value, depth):
            if type(value) is Members:
                pairs = [[n, shuffled(v, depth + 1) if n in ("sequences", "questions", "choices") else v]
                         for n, v in value]
                random.shuffle(pairs)
                return Members(pairs)
            return [shuffled(v, depth) for v in value] if type(value) is list else value
        return request(self.method, self.target, encode(shuffled(self.tree, 0)), self.fields)


class Mutator:
    def __init__(self, random):
        self.random, self.kinds = random, seeds()
        self.names = sorted({name for kind in self.kinds for seed in kind if seed.tree
                             for node, i in slots(parse(seed.body.decode())) if type(node) is Members
                             for name in [node[i][0]]})

    # ---- as structure ----

    def tree(self, tree, times):
        for _ in range(times):
            places = slots(tree)
            if not places:
                return tree
            node, i = self.random.choice(places)
            self.random.choice(self.CHANGES)(self, node, i, places)
        return tree

    def replace(self, node, i, _):
        put_at(node, i, self.random.choice(EXTREMES))

    def drop(self, node, i, _):
        del node[i]

    def double(self, node, i, _):
        node.insert(self.random.randrange(len(node) + 1), list(node[i]) if type(node) is Members else node[i])

    def move(self, node, i, _):
        node.insert(self.random.randrange(len(node)), node.pop(i))

    def nest(self, node, i, _):
        value = value_at(node, i)
        for _ in range(self.random.choice((1, 1, 2, 60))):
            value = Members([[self.random.choice(self.names), value]]) if self.random.random() < 0.3 else [value]
        put_at(node, i, value)

    def flatten(self, node, i, _):
        value = value_at(node, i)
        if type(value) is list and value:
            put_at(node, i, value[0])

    def swap(self, node, i, places):
        """A value is copied to another place (as text, so that no tree holds itself)."""
        other, j = self.random.choice(places)
        put_at(node, i, Raw(dump(value_at(other, j))))

    def rename(self, node, i, _):
        if type(node) is Members:
            node[i][0] = self.random.choice(self.names)

    def graft(self, node, i, _):
        seed = self.random.choice(self.random.choice(self.kinds))
        value = Raw(seed.body.decode("utf-8", "replace")) if seed.tree else Raw("[[1,2],[3,4]]")
        if type(node) is Members:
            node.insert(i, [self.random.choice(self.names), value])
        else:
            node.insert(i, value)

    def repeat(self, node, i, _):
        if type(node) is list and len(node) < 200:
            node[i:i] = [node[i]] * self.random.choice((1, 2, 20, 100))

    CHANGES = [replace, replace, replace, drop, double, move, nest, flatten, swap, swap, rename, graft, repeat]

    # ---- as bytes ----

    def bytes(self, data, times):
        data = bytearray(data)
        for _ in range(times):
            at = self.random.randrange(len(data) + 1)
            change = self.random.randrange(6)
            if change == 0 and at < len(data):
                data[at] ^= 1 << self.random.randrange(8)
            elif change == 1:
                del data[at:at + self.random.choice((1, 1, 2, 8, 100))]
            elif change == 2:
                data[at:at] = self.random.choice((b"\0", b"\r\n", b"\xff", b"\"", b"{", b"]", b"\\", b"-", b"\n", b","))
            elif change == 3:
                data[at:at] = data[at:at + self.random.choice((1, 4, 50))]
            elif change == 4:
                del data[at:]
            else:
                data[at:at + 1] = self.random.randbytes(self.random.choice((1, 2, 9)))
        return bytes(data)

    # ---- whole requests ----

    def case(self):
        seed = self.random.choice(self.random.choice(self.kinds))
        fields = ["Content-Type: " + seed.type, "X-Request-Id: r"]
        times = self.random.choice((0, 1, 1, 1, 2, 3))
        tree, body = None, seed.body
        if self.random.random() < 0.15:
            body = self.bytes(body, times + 1)
        elif seed.tree:
            tree = self.tree(parse(body.decode()), times)
            body = encode(tree)
        elif seed.head_length:
            body = encode(self.tree(parse(body[:seed.head_length].decode()), times)) + body[seed.head_length:]
        elif seed.type.startswith("multipart"):
            body = self.form(body, times)
        if seed.head_length is not None:
            fields.append(f"Inference-Header-Content-Length: {len(body) - len(seed.body) + seed.head_length}")
        elif tree is not None and seed.target == "/v1/score" and self.random.random() < 0.1:
            return self.lines(seed, body)
        return Case("POST", seed.target, fields, body, tree)

    def lines(self, seed, body):
        """NDJSON: a few bodies, a line each."""
        others = [s.body for s in self.random.choices(self.kinds[0], k=self.random.randrange(5))]
        bodies = [b.replace(b"\n", b" ").replace(b"\r", b" ") for b in [body, *others]]
        self.random.shuffle(bodies)
        return Case("POST", seed.target, ["Content-Type: application/x-ndjson", "X-Request-Id: r"], b"\n".join(bodies))

    def form(self, body, times):
        """Parts dropped, doubled, swapped, or mutated where they are."""
        mark = b"--" + BOUNDARY.encode()
        parts = body.split(mark)
        for _ in range(times):
            i, j = self.random.randrange(len(parts)), self.random.randrange(len(parts))
            change = self.random.randrange(4)
            if change == 0 and len(parts) > 1:
                del parts[i]
            elif change == 1:
                parts.insert(j, parts[i])
            elif change == 2:
                parts[i], parts[j] = parts[j], parts[i]
            else:
                parts[i] = self.bytes(parts[i], 1)
        return mark.join(parts)

    def head(self):
        """A request whose head is what is mutated: bytes that may be anything."""
        case = self.case()
        change = self.random.randrange(6)
        if change == 0:
            case.method, case.target = self.random.choice(("GET", "HEAD", "OPTIONS", "GET")), self.random.choice(GETS)
            case.body, case.fields = None, case.fields[1:]
        elif change == 1:
            case.method = self.random.choice(("PUT", "DELETE", "TRACE", "CONNECT", "post", "P", "PATCH", "M" * 300))
        elif change == 2:
            case.target = self.random.choice((case.target + "?a=b", "//v1/score", "/v1/../v1/score", "/v1/score%00", "*",
                                              "/%76%31/score", "http://x/v1/score", "/" + "a" * 5000, "/v1/score#x"))
        elif change == 3:
            case.fields[0] = "Content-Type: " + self.random.choice(TYPES)
        else:
            for _ in range(self.random.choice((1, 1, 2, 40))):
                case.fields.insert(self.random.randrange(len(case.fields) + 1), self.random.choice(FIELDS))
        raw = case.plain()
        if change == 5 or self.random.random() < 0.2:
            end = raw.find(b"\r\n\r\n")
            raw = self.bytes(raw[:end + 4], self.random.choice((1, 1, 2, 4))) + raw[end + 4:]
        return raw
