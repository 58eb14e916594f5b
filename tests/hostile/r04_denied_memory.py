"""R4: memory that is denied at every place where it is asked for.

Inside the process (tests/unit/test_denied): every call of the arena, every malloc() below it and
every limit.  Outside, of the real server: every malloc(), calloc() and realloc() of the program and
its libraries while a request is answered, once and from then on (tests/starve, preloaded); and texts
of every length below a limit of 64 KiB.  The reply is the usual one, 413 or 503, or the connection
ends; the next request is answered as ever.
"""
import glob
import gzip
import mmap
import os
import struct
import subprocess
import tempfile
import zlib

from hostile import ROOT, Closed, Late, Malformed, Server, Suite, load, request

JSON, FORM, LINES = "application/json", "multipart/form-data; boundary=logitd-test-boundary", \
    "application/x-ndjson"
MOST = 2000  # calls that a request could reasonably make


def golden(name):
    return load(f"tests/golden/{name}")


def model(case):
    """A request to a model: its path, its body and what its head says."""
    path, length = golden(f"infer/{case}/line").decode().split()
    fields = [("Inference-Header-Content-Length", length)] if length != "-" else []
    return request("POST", path, golden(f"infer/{case}/request"), fields)


def score(body, type=JSON, path="/v1/score", **fields):
    fields = [(name.replace("_", "-"), value) for name, value in fields.items()]
    return request("POST", path, body, [("Content-Type", type), *fields])


def get(path):
    return request("GET", path)


def kinds():
    """Name and bytes of each kind of request."""
    plain = golden("valid/all_options/request.json")
    lines = b"".join(golden(f"valid/{case}/request.json").replace(b"\n", b" ") + b"\n"
                     for case in ("bootstrap", "tokens_alone", "ties"))
    found = {
        "all options": score(plain),
        "base64": score(golden("valid/base64_f16/request.json")),
        "a batch": score(golden("valid/batch_defaults/request.json")),
        "a bootstrap": score(golden("valid/bootstrap/request.json")),
        "log-probabilities": score(golden("valid/logprobs_infinite/request.json")),
        "texts": score(golden("valid/text_split/request.json")),
        "chunks": request("POST", "/v1/score", b"%x\r\n%s\r\n0\r\n\r\n" % (len(plain), plain),
                          [("Transfer-Encoding", "chunked")]),
        "gzip": score(gzip.compress(plain), Content_Encoding="gzip"),
        "deflate": score(zlib.compress(plain), Content_Encoding="deflate"),
        "a compressed answer": score(plain, Accept_Encoding="gzip"),
        "lines": score(lines, LINES),
        "lines, compressed": score(gzip.compress(lines), LINES, Content_Encoding="gzip"),
        "a bad request": score(golden("invalid/alignment_name/request.json")),
        "npy": score(golden("forms/valid/npy_batch/body"), FORM),
        "raw": score(golden("forms/valid/raw_for_each/body"), FORM),
        "safetensors": score(golden("forms/valid/safetensors_for_each/body"), FORM),
        "a bad form": score(golden("forms/invalid/safetensors_hole/body"), FORM),
        "rank": score(golden("rank/valid/outputs_list/request.json"), path="/v1/rank"),
        "compare": score(golden("compare/valid/batch/request.json"), path="/v1/compare"),
        "completions": score(golden("completions_valid/batch_of_one_output/request.json"),
                             path="/v1/completions"),
        "completions, base64": score(golden("completions_valid/base64_list/request.json"),
                                     path="/v1/completions"),
        "a model, JSON": model("json"),
        "a model, binary": model("binary"),
        "score as a model": model("score_binary"),
        "the index of models": request("POST", "/v2/repository/index", b""),
    }
    for engine in ("chat", "cohere", "gemini", "llama_", "llamacpp", "openai", "sglang", "tgi", "trt", "vllm"):
        case = sorted(glob.glob(os.path.join(ROOT, f"tests/golden/engines/{engine}*/request.json")))[0]
        found[f"an answer of {engine.strip('_')}"] = score(load(os.path.relpath(case, ROOT)))
    for path in ("/metrics", "/openapi.json", "/version", "/v1/objectives", "/v1/models", "/livez", "/readyz",
                 "/v2", "/v2/models/score", "/v2/models/score/config", "/v2/models/stats", "/nowhere"):
        found["GET " + path] = get(path)
    return found


# ---- the real server, of whose allocations one fails ----


class Starve:
    """The switch of the preloaded library (tests/starve/starve.h)."""

    def __init__(self):
        self.file = tempfile.NamedTemporaryFile(prefix="starve")
        self.file.truncate(24)
        self.memory = mmap.mmap(self.file.fileno(), 24)

    def arm(self, left, for_good):
        self.memory[4:24] = struct.pack("<iqq", for_good, left, 0)
        self.memory[0:4] = struct.pack("<i", 1)

    def disarm(self):
        """Calls that failed."""
        self.memory[0:4] = struct.pack("<i", 0)
        return struct.unpack("<q", self.memory[16:24])[0]


def ask(server, data):
    """A reply, or None where the connection ends."""
    try:
        return server.ask(data, 10)
    except (Closed, OSError):
        return None
    except (Late, Malformed) as trouble:
        return trouble


def fields(reply):
    """The header of a reply, without what differs from one time to the next."""
    return sorted((name, value) for name, value in reply.fields if name not in ("Date", "Server-Timing"))


def is_usual(reply, usual, changes):
    """The usual reply, with all of its header.  An answer may be left uncompressed; /metrics changes."""
    plain = bool(usual.field("Content-Encoding")) and not reply.field("Content-Encoding")
    varies = ({"Content-Encoding", "Content-Length"} if plain else {"Content-Length"} if changes else set())
    body = zlib.decompress(usual.body, 47) if plain else usual.body
    return (reply.status == usual.status and (changes or reply.body == body)
            and [field for field in fields(reply) if field[0] not in varies]
            == [field for field in fields(usual) if field[0] not in varies])


def is_good(reply, usual, changes):
    """The usual reply, a 503 that says why, or none."""
    if reply is None or isinstance(reply, Exception):
        return reply is None
    return reply.status == 503 and b"memory" in reply.body or is_usual(reply, usual, changes)


def starve_kind(suite, server, starve, name, data):
    """Let every call fail in turn; how many there were."""
    changes, total = name.startswith(("GET /metrics", "GET /v2/models/stats")), 0
    data = data.replace(b"\r\nHost:", b"\r\nX-Request-Id: r4\r\nHost:", 1)
    usual = ask(server, data)
    for for_good in (0, 1):
        for left in range(MOST):
            starve.arm(left, for_good)
            reply = ask(server, data)
            failed = starve.disarm()
            if not failed:
                break
            total += 1
            suite.check(is_good(reply, usual, changes), f"{name}, call {left}, for good {for_good}: {reply!r} {getattr(reply, 'fields', '')}")
            if not suite.check(server.is_alive(), f"{name}, call {left}: {server.trouble()}"):
                return total
        again = ask(server, data)
        suite.check(again and is_usual(again, usual, changes),
                    f"{name}: afterwards {again!r}")
    return total


def starve_server(suite):
    library = os.path.join(os.path.dirname(suite.program), "tests", "starve", "starve.so")
    if not suite.check(os.path.exists(library), f"{library} is built"):
        return
    starve, total, requests = Starve(), 0, kinds()
    with Server(suite.program, "--threads", "1",
                env={"LD_PRELOAD": library, "STARVE_FILE": starve.file.name}) as server:
        for name, data in requests.items():
            total += starve_kind(suite, server, starve, name, data)
        suite.check(server.is_well(), "the server is well afterwards")
    suite.check(server.code == 0, f"it ends well: {server.trouble()}")
    suite.check(total > 10 * len(requests), f"few calls failed: {total}")
    suite.figure("kinds of request to the server", len(requests))
    suite.figure("calls of malloc(), calloc() and realloc() that failed", total)


# ---- texts that meet a limit ----


def meet_limits(suite, program, step):
    """`{"model":"aaa..."}` of many lengths at a limit of 64 KiB."""
    count = 0
    with Server(program, "--max-request-memory", "64KiB", "--threads", "1") as server:
        wire = server.connect()
        for length in range(1 + suite.seed % step, 20001, step):
            wire.send(score(b'{"model":"%s"}' % (b"a" * length)))
            try:
                reply = wire.reply()
            except (Closed, Malformed, Late) as trouble:
                reply = trouble
            status = getattr(reply, "status", 0)
            if not suite.check(status in (400, 413), f"a text of {length} bytes: {reply!r}, {server.trouble()}"):
                break
            if status == 413:
                wire.close()
                wire = server.connect()
            count += 1
        wire.close()
        suite.check(server.is_well(), "the server is well afterwards")
    suite.check(server.code == 0 and not server.sanitizer_report(), f"it ends well: {server.trouble()}")
    return count


def meet_default(suite, program):
    """Many objects, then a long text: what once ended the process at default settings."""
    body = b'{"outputs":[' + b"{}," * 3000000 + b'0],"model":"' + b"a" * 20000000 + \
        b'","tokens":[0,1],"logprobs":[null,-1]}'
    with Server(program) as server:
        reply = ask(server, score(gzip.compress(body, 1), Content_Encoding="gzip"))
        suite.check(getattr(reply, "status", 0) == 413, f"32 MB of objects and a text: {reply!r}")
        suite.check(server.is_well(), f"the server is well afterwards: {server.trouble()}")
    suite.check(server.code == 0 and not server.sanitizer_report(), f"it ends well: {server.trouble()}")


# ---- inside the process ----


def deny_inside(suite, folder, long):
    program = os.path.join(folder, "tests", "unit", "test_denied")
    label = "sanitized: " if "address" in folder else ""
    if not suite.check(os.path.exists(program), f"{os.path.relpath(program, ROOT)} is built"):
        return
    env = {name: value for name, value in os.environ.items() if name != "LOGITD_TEST_LONG"}
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False,
                          env={**env, **({"LOGITD_TEST_LONG": "1"} if long else {})})
    suite.check(done.returncode == 0, f"{program}: {done.stdout[-3000:]} {done.stderr[-3000:]}")
    for line in done.stdout.splitlines():
        if line.startswith("FIGURE "):
            name, _, value = line[7:].partition(" = ")
            suite.figure(label + name, int(value))


def main():
    suite = Suite("R4", "Failing allocations",
                  "Every allocation of a request fails in turn, only this one and then all from this one on: each "
                  "call of the request's arena, each malloc() below it, and each malloc(), calloc() and realloc() of "
                  "the server and its libraries. Every limit of memory is tried too, that of one request and that "
                  "of all.")
    folder = os.path.dirname(suite.program)
    deny_inside(suite, folder, suite.long)
    if suite.sanitized:
        deny_inside(suite, os.path.dirname(suite.sanitized), suite.long)
    starve_server(suite)
    texts = 0
    for program, step in ((suite.program, 1 if suite.long else 11), (suite.sanitized, 1 if suite.long else 29)):
        if program:
            texts += meet_limits(suite, program, step)
            meet_default(suite, program)
    suite.figure("texts of other lengths at a limit of 64 KiB", texts)
    suite.found("jansson 2.14 went on after a failed allocation and wrote past the end of a text (F1). Now a long "
                "jump leaves jansson at the first failed allocation.")
    suite.found("If a header field of a reply could not be stored, the reply was sent without it: a compressed body "
                "without Content-Encoding. Now it is a 503, which is built at the start.")
    suite.remains("mmap() and pthread_create() fail in R5 and R16.")
    suite.close()


main()
