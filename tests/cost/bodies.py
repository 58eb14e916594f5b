"""bodies.py - what measure.py asks, each for any size.

A row is Row(name, make, ...): make(n) gives the bytes of a body that grows with n."""
import base64
import gzip
import json
import struct

SCORE, RANK, COMPARE = "/v1/score", "/v1/rank", "/v1/compare"
COMPLETIONS, INFER = "/v1/completions", "/v2/models/logprobs/infer"
BOUNDARY = "cost"
PARTS = "multipart/form-data;boundary=" + BOUNDARY
LINES = "application/x-ndjson"
KEPT = 8 << 20  # --max-kept-rows


class Row:
    """`status` is that of the answer; `twin` names the row whose body is the same but for its fault.
    `by` says what the growth is held against: the bytes of the body ("sent"), or, where a small body
    may ask for much, also what was answered and charged ("asked")."""

    def __init__(self, name, make, status=200, path=SCORE, twin=None, by="sent", size=1000, **head):
        self.name, self.make, self.status, self.path = name, make, status, path
        self.twin, self.by, self.size = twin, by, size
        self.type = head.get("type", "application/json")
        self.encoding, self.header = head.get("encoding", "-"), head.get("header")
        self.kept = head.get("kept", KEPT)


# ---- pieces ----


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def listed(item, n, separator=","):
    return separator.join([item] * n)


def numbered(pattern, n):
    return ",".join(pattern % i for i in range(n))


def zeros(count):
    return base64.b64encode(bytes(4 * count)).decode()


def sequences(item, n, rest=""):
    return '{"sequences":[' + listed(item, n) + "]" + rest + "}"


def windows(n, starts, last=False):
    """n + 1 tokens, and windows of two."""
    tokens = '"tokens":[' + listed("0", n + 1) + "]"
    rows = '"windows":[' + ",".join('{"start":%d,"end":%d,"logits":[[1.25,2]]}' % (i, i + 2) for i in starts) + "]"
    return "{" + ",".join([rows, tokens] if last else [tokens, rows]) + ',"per_token":false}'


def pack(n, count):
    """Documents of two tokens."""
    return ('{"per_token":false,"cu_seqlens":[' + ",".join(str(2 * i) for i in range(n + 1)) + '],"tokens":[' + listed("0", 2 * count)
            + '],"logprobs":[' + listed("null,-1", count) + "]}")


def part(name, data):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return head.encode() + data + b"\r\n"


def taught(n, last="[[0,-1],[1,-2]]"):
    """A teacher of whom two tokens are known at each place."""
    return ('{"distillation":{},"alignment":"same","models":[{"alignment":"next","logprobs":[' + listed("-1", n)
            + '],"top_logprobs":[' + listed("[[0,-1],[1,-2]]", n - 1) + "," + last + ']},{"logits":[' + listed("[1,2,3]", n)
            + ']}],"tokens":[' + listed("0", n) + "]}")


def parts(*all_parts):
    return b"".join(all_parts) + f"--{BOUNDARY}--\r\n".encode()


def raw_parts(n, members="", last=b""):
    ask = '{"dtype":"f32","shape":[1,1]' + members + ',"sequences":[' + listed('{"tokens":[0,0]}', n) + "]}"
    return parts(part("request", ask.encode()), *(part(f"logits.{i}", bytes(4)) for i in range(n)), last)


def safetensors(n, names="logits.%d"):
    head = {names % i: {"dtype": "F32", "shape": [1, 1], "data_offsets": [4 * i, 4 * i + 4]} for i in range(n)}
    text = compact(head).encode()
    ask = sequences('{"tokens":[0,0]}', n).encode()
    return parts(part("request", ask), part("logits", struct.pack("<Q", len(text)) + text + bytes(4 * n)))


def tops(n):
    return {f"t{i}": -1.0 - i for i in range(n)}


def openai(n, index=0):
    return {"index": index, "logprobs": {"tokens": ["t0", "t1"], "token_logprobs": [None, -1.0],
                                         "top_logprobs": [tops(n), tops(n)]}}


def chat(n):
    top = [{"token": f"t{i}", "logprob": -1.0 - i} for i in range(n)]
    return {"index": 0, "logprobs": {"content": [{"token": "t0", "logprob": -1.0, "top_logprobs": top}] * 2}}


def chunk(*choices, **more):
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "choices": list(choices), **more}


def delta(text="a", index=0, rows=({"token": "a", "logprob": -1.0, "bytes": [97], "top_logprobs": []},)):
    return {"index": index, "delta": {"content": text}, "logprobs": {"content": list(rows)}, "finish_reason": None}


def stream(n, *last, head=""):
    return "{" + head + '"outputs":' + compact([chunk(delta())] * n + list(last)) + "}"


def events(n, last=""):
    text = "".join("data: %s\n\n" % compact(chunk(delta())) for _ in range(n))
    return compact({"outputs": text + last})


def growing(n, last=()):
    entry = [-1.0, 5, None]
    return compact({"outputs": [{"text": "a", "meta_info": {
        "id": "r", "completion_tokens": i + 1, "output_token_logprobs": [entry] * (i + 1), "finish_reason": None}} for i in range(n)] + list(last)})


def batch(n, last=None):
    lines = [compact({"custom_id": "c%d" % i, "response": {"status_code": 200, "body": choices(chat(1))}, "error": None})
             for i in range(n)]
    return "\n".join(lines + ([last] if last else []))


def vllm(n):
    keys = {str(i): {"logprob": -1.0 - i, "rank": i + 1} for i in range(n)}
    return {"index": 0, "prompt_token_ids": [0, 1], "prompt_logprobs": [None, keys]}


def beside(answers, n, item="{}", rest=""):
    return '{"outputs":' + compact(answers) + rest + ',"sequences":[' + listed(item, n) + "]}"


def choices(*answers):
    return {"choices": list(answers)}


def labels(n, of_question, text=None, more=""):
    """A question of labels beside a chat's answer that lists n tokens."""
    top = [{"token": text or str(i), "id": i, "logprob": -20.0} for i in range(n)]
    return '{"choices":[' + of_question + '],"outputs":' + compact(choices({"message": {}, "logprobs": {"content": [
        top[0] | {"top_logprobs": top}]}})) + more + "}"


def plain(n, indices, key="choices"):
    answers = [{"index": i, "logprobs": {"token_logprobs": [-1.5]}} for i in indices]
    rest = ',"format":"openai"'
    return beside({"choices": answers} if key else [choices(dict(a, index=0)) | {"index": a["index"]} for a in answers],
                  n, rest=rest)


def tensors(n, targets="INT64", more="", params=""):
    return ('{"inputs":[{"name":"targets","shape":[%d,1],"datatype":"%s","data":[%s]},'
            '{"name":"logits","shape":[%d,1,1],"datatype":"FP32","data":[%s]}%s]%s}'
            % (n, targets, listed("0", n), n, listed("1", n), more, params))


def binary(n):
    head = ('{"inputs":[{"name":"targets","shape":[%d,1],"datatype":"INT64","parameters":{"binary_data_size":%d}},'
            '{"name":"logits","shape":[%d,1,4],"datatype":"FP32","parameters":{"binary_data_size":%d}}]}'
            % (n, 8 * n, n, 16 * n))
    return head.encode() + bytes(24 * n)


def late(n, member):
    """Rows that are let go (few are kept), then a member that comes too late for them."""
    return '{"tokens":[%s],"logits":[%s]%s}' % (listed("0", n), listed("[1,2]", n), member)


LATE = ',"temperature":2'
DEEP = "[" * 58
GOOD = '{"tokens":[0,1],"logits":[[1,2]]}'
LOGPROBS = '{"tokens":[0,1],"logprobs":[null,-1]}'

ROWS = [
    # Plain requests, and the same refused late.
    Row("logprobs", lambda n: '{"logprobs":[' + listed("-1.5", n) + "]}", size=5000),
    Row("logprobs, the last above 0", lambda n: '{"logprobs":[' + listed("-1.5", n) + ",1]}", 422, twin="logprobs", size=5000),
    Row("nested rows", lambda n: '{"tokens":[' + listed("0", n) + '],"logits":[' + listed("[1.25,2]", n) + "]}"),
    Row("nested rows, NaN in the last", lambda n: '{"tokens":[' + listed("0", n) + '],"logits":['
        + listed("[1.25,2]", n - 2) + ",[NaN,1]]}", 422, twin="nested rows"),
    Row("nested rows, then no JSON", lambda n: '{"tokens":[' + listed("0", n) + '],"logits":['
        + listed("[1.25,2]", n) + "]]", 400, twin="nested rows"),
    Row("one wide row", lambda n: '{"tokens":[0,1],"logits":[[' + listed("1.25", n) + "]]}", size=5000),
    Row("base64 rows", lambda n: '{"tokens":[0,1],"logits":{"dtype":"f32","shape":[1,%d],"data":"%s"}}'
        % (n, zeros(n)), size=5000),
    Row("base64 that is none at its end", lambda n: '{"tokens":[0,1],"logits":{"dtype":"f32","shape":[1,%d],"data":"%s"}}'
        % (n, zeros(n)[:-4] + "?==="), 422, twin="base64 rows", size=5000),
    Row("weights, the last below 0", lambda n: '{"logprobs":[' + listed("-1", n) + '],"weights":[' + listed("1", n - 1)
        + ",-1]}", 422, twin="weights", size=3000),
    Row("weights", lambda n: '{"logprobs":[' + listed("-1", n) + '],"weights":[' + listed("1", n) + "]}", size=3000),
    Row("masks", lambda n: '{"tokens":[' + listed("0", n) + '],"mask":[' + listed("1", n) + '],"logprobs":['
        + listed("-1", n) + "]}", size=2000),
    Row("labels, the last of no token", lambda n: '{"tokens":[' + listed("0", n) + '],"labels":[' + listed("0", n - 1)
        + ',7],"logprobs":[' + listed("-1", n) + "]}", 422, twin="masks", size=2000),
    # Many sequences.
    Row("sequences with rows", lambda n: sequences(GOOD, n), size=300),
    Row("sequences with log-probs", lambda n: sequences(LOGPROBS, n), size=300),
    Row("an unknown member in the last", lambda n: '{"sequences":[' + listed(GOOD, n) + ',{"tokenz":[]}]}', 400,
        twin="sequences with rows", size=300),
    Row("a conflict in the last", lambda n: '{"sequences":[' + listed(GOOD, n) + ',{"tokens":[0],"prompt":[0]}]}', 400,
        twin="sequences with rows", size=300),
    Row("an unknown member at the end", lambda n: sequences(GOOD, n, ',"tokenz":1'), 400, twin="sequences with rows", size=300),
    Row("a name twice at the end", lambda n: sequences(GOOD, n, ',"model":"a","model":"b"'), 400,
        twin="sequences with rows", size=300),
    Row("a conflict with a default before", lambda n: '{"logprobs":[null,-1],' + sequences(GOOD, n)[1:], 400,
        twin="sequences with rows", size=300),
    Row("a conflict with a default behind", lambda n: sequences(GOOD, n, ',"logprobs":[null,-1]'), 400,
        twin="sequences with rows", size=300),
    Row("windows with rows", lambda n: windows(n, range(n))),
    Row("windows with rows, all of them early", lambda n: windows(n, range(n)), kept=0),
    Row("windows, the last token in none", lambda n: windows(n + 1, range(n)), 422, twin="windows with rows"),
    Row("windows, the last one beyond the tokens", lambda n: windows(n - 1, range(n)), 422, twin="windows with rows"),
    Row("windows with rows, then tokens", lambda n: windows(n, range(n), last=True), kept=0),
    Row("documents end to end", lambda n: pack(n, n)),
    Row("documents end to end, one token too few", lambda n: pack(n, n - 1), 422, twin="documents end to end"),
    Row("a sequence that is no object", lambda n: '{"sequences":[' + listed(GOOD, n) + ",7]}", 400,
        twin="sequences with rows", size=300),
    Row("empty sequences", lambda n: sequences("{}", n), 400, twin="sequences with log-probs", size=3000),
    Row("a body that is cut", lambda n: sequences(GOOD, n)[:-2], 400, twin="sequences with rows", size=300),
    Row("a NUL at the end", lambda n: sequences(GOOD, n) + "\0", 400, twin="sequences with rows", size=300),
    # Depth, names, texts.
    Row("deep and then a conflict", lambda n: '{"outputs":{"a":' + DEEP + listed("0", n) + "]" * 58
        + '},"tokens":[0,1],"logprobs":[null,-1]}', 400, twin="deep", size=3000),
    Row("deep", lambda n: '{"outputs":{"choices":[{"a":' + DEEP[:50] + listed("0", n) + "]" * 50
        + ',"logprobs":{"token_logprobs":[-1]}}]}}', size=3000),
    Row("too deep at the end", lambda n: '{"outputs":{"a":[' + listed("0", n) + "]},\"b\":" + "[" * 70, 400, twin="deep", size=3000),
    Row("unknown members", lambda n: "{" + numbered('"m%d":0', n) + "}", 400, twin="sequences with log-probs"),
    Row("names that collide in length", lambda n: '{"outputs":{' + numbered('"%08d":0', n) + "}}", 422, twin="sequences with log-probs"),
    Row("a long unknown name", lambda n: '{"' + "a" * n + '":0}', 400, twin="a long label", size=10000),
    Row("a long label", lambda n: '{"model":"' + "a" * n + '","logprobs":[-1]}', size=10000),
    Row("a label of escapes", lambda n: '{"model":"' + "\\u00e9" * n + '","logprobs":[-1]}', size=3000),
    Row("white space", lambda n: " " * n + '{"logprobs":[-1]}' + " " * n, size=10000),
    Row("objects where none belong", lambda n: '{"tokens":[' + listed("{}", n) + '],"logprobs":[-1]}', 400, twin="masks", size=3000),
    Row("None behind many lines", lambda n: '{"logprobs":[' + listed("-1", n, ",\n") + '],\n"weights":None}', 400, twin="logprobs",
        size=3000),
    Row("a comma too many at the end", lambda n: '{"logprobs":[' + listed("-1", n) + ",]}", 400, twin="logprobs", size=5000),
    Row("a lone surrogate at the end", lambda n: '{"logprobs":[-1],"model":"' + "\\u00e9" * n + '\\ud800"}', 400,
        twin="a label of escapes", size=3000),
    Row("no UTF-8 at the end", lambda n: b'{"logprobs":[-1],"model":"' + b"a" * n + b'\xff"}', 400, twin="a long label", size=10000),
    Row("a number of many digits", lambda n: '{"logprobs":[-0.' + "1" * n + "]}", size=10000),
    Row("a number that breaks off", lambda n: '{"logprobs":[-0.' + "1" * n + "e]}", 400, twin="a number of many digits", size=10000),
    Row("JSON within a text", lambda n: compact(sequences(GOOD, n)), 400, twin="sequences with rows", size=300),
    Row("a second document", lambda n: sequences(GOOD, n) + sequences(GOOD, 1), 400, twin="sequences with rows", size=300),
    Row("nested arrays in each sequence", lambda n: sequences('{"tokens":' + "[" * 50 + "0" + "]" * 50 + ',"logprobs":[-1]}', n),
        400, twin="sequences with log-probs", size=50),
    Row("nested objects in each sequence", lambda n: sequences('{"logprobs":[-1],"counts":' + '{"a":' * 50 + "0" + "}" * 50 + "}", n),
        400, twin="sequences with log-probs", size=50),
    # What many share.
    Row("a text that many share", lambda n: '{"text":"' + "ab " * n + '","logprobs":[-1],' + sequences("{}", n)[1:]),
    Row("objectives that many share", lambda n: '{"prompt_length":1,"objectives":[' + listed('"joint"', n)
        + '],"logprobs":[-1],' + sequences("{}", n)[1:]),
    Row("details that many share", lambda n: '{"tokens":[0,1],"details":[' + listed('"rank"', n) + '],"logits":[[1,2]],'
        + sequences("{}", n)[1:], size=500),
    Row("rows that many share, let go", lambda n: '{"tokens":[0,1],' + sequences("{}", n)[1:-1] + ',"logits":[[1,2]]}', kept=0),
    Row("... behind what they need", lambda n: '{"tokens":[0,1],' + sequences("{}", n)[1:-1]
        + ',"logits":[[1,2]],"temperature":2}', 422, twin="rows that many share, let go", kept=0),
    Row("rows past the last token", lambda n: '{"tokens":[0,1],' + sequences("{}", n)[1:-1] + ',"logits":['
        + listed("[1]", n) + "]}", 422, twin="rows that many share, let go", kept=0),
    Row("two ways to reduce a row", lambda n: '{"tokens":[0,1],"logits":[[' + listed("1", n) + "]],"
        + sequences('{},{"temperature":2}', n)[1:], size=500),
    Row("many ways to reduce a row", lambda n: '{"tokens":[0,1],"logits":[[1,2]],"sequences":['
        + numbered('{"temperature":%d.5}', n) + "]}"),
    Row("a way for each sequence and a wide row", lambda n: '{"tokens":[0,1],"logits":[[' + listed("1", n)
        + ']],"sequences":[' + numbered('{"temperature":%d.5}', n) + "]}", by="asked", size=500),
    Row("many sequences of many tokens", lambda n: '{"logprobs":[' + listed("-1", n) + "]," + sequences("{}", n)[1:],
        by="asked", size=100),
    Row("tokens that many share", lambda n: '{"tokens":[' + listed("0", n) + '],"logprobs":[' + listed("-1", n) + "],"
        + sequences("{}", 20)[1:]),
    Row("tokens that many share, the last below 0", lambda n: '{"tokens":[' + listed("0", n) + ',-1],"logprobs":[' + listed("-1", n + 1)
        + "]," + sequences("{}", 20)[1:], 422, twin="tokens that many share"),
    Row("weights that many share, too few", lambda n: '{"logprobs":[null,-1],"weights":[' + listed("1", n) + "],"
        + sequences("{}", n)[1:], 422, twin="a text that many share", size=500),
    Row("objectives that many share, the last unknown", lambda n: '{"prompt_length":1,"objectives":[' + listed('"joint"', n)
        + ',"joined"],"logprobs":[-1],' + sequences("{}", n)[1:], 422, twin="objectives that many share"),
    Row("details that many share, the last unknown", lambda n: '{"tokens":[0,1],"details":[' + listed('"rank"', n)
        + ',"rang"],"logits":[[1,2]],' + sequences("{}", n)[1:], 422, twin="details that many share", size=500),
    Row("prompt_length that many share, too long", lambda n: '{"prompt_length":9,' + sequences(LOGPROBS, n)[1:], 422,
        twin="sequences with log-probs", size=300),
    # Members that come too late, spans that come twice.
    Row("rows let go", lambda n: late(n, ""), kept=0),
    Row("rows let go, and a late member", lambda n: late(n, LATE), 422, twin="rows let go", kept=0),
    Row("late members of each sequence", lambda n: sequences('{"tokens":[0,1],"logits":[[1,2]],"temperature":2}', n), 422, twin="sequences with rows",
        size=300, kept=0),
    Row("eight late members of each sequence", lambda n: sequences(
        '{"tokens":[0,1],"logits":[[1,2]],"temperature":2,"softcap":30,"details":["rank"],"weights":[1,1],'
        '"label_smoothing":0.1,"z_loss":0.1,"objectives":["joint"],"prompt_length":1}', n), 422, twin="sequences with rows", size=100, kept=0),
    Row("late members behind all sequences", lambda n: '{"tokens":[0,1],' + sequences('{"logits":[[1,2]]}', n)[1:-1]
        + ',"temperature":2,"mask":[1,1],"details":["rank"]}', 422, twin="sequences with rows", size=300, kept=0),
    Row("logits twice and again", lambda n: '{"sequences":[{"tokens":[' + listed("0", n) + "],"
        + listed('"logits":[[1]]', n) + "}]}", 400, twin="sequences with rows", kept=0),
    Row("data twice and again", lambda n: '{"tokens":[' + listed("0", n) + '],"logits":{' + listed('"data":"AAAA"', n)
        + "}}", 400, twin="sequences with rows", kept=0),
    Row("sequences twice and again", lambda n: '{"weights":[' + listed("1", n) + "],"
        + listed('"sequences":[{"logits":[[1]]}]', n) + "}", 400, twin="sequences with rows", kept=0),
    Row("defaults before rows let go", lambda n: '{"weights":[' + listed("1", n) + '],"sequences":['
        + listed('{"tokens":[0,1],"logits":[[1,2]]}', n) + "]}", 422, twin="sequences with rows", kept=0, size=500),
    Row("defaults that are no JSON", lambda n: '{"a":"' + "a" * n + '","a":0,"sequences":['
        + listed('{"tokens":[0,1],"logits":[[1,2]]}', n) + "]}", 400, twin="sequences with rows", kept=0, size=500),
    # Answers of engines.
    Row("OpenAI's answer that many share", lambda n: beside(choices(openai(n)), n), size=500),
    Row("a chat's answer that many share", lambda n: beside(choices(chat(n)), n), size=500),
    Row("vLLM's answer that many share", lambda n: beside(choices(vllm(n)), n), size=500),
    Row("vLLM's answer, asked in two ways", lambda n: beside(choices(vllm(n)), n, '{},{"format":"vllm"}'), size=500),
    Row("answers in order", lambda n: plain(n, range(n)), size=500),
    Row("answers out of order", lambda n: plain(n, range(n - 1, -1, -1)), size=500),
    Row("a list with an index twice", lambda n: plain(n, [n - 1] + list(range(1, n)), key=None), size=300),
    Row("too many answers", lambda n: plain(1, range(n)), 422, twin="answers in order", size=500),
    Row("texts that are all the same", lambda n: beside(choices(openai(3) | {"logprobs": {"content": [
        {"token": "a", "logprob": -1, "top_logprobs": [{"token": "a", "logprob": -1}] * 128}] * n}}), 1), size=10),
    Row("a missing log-probability at the end", lambda n: '{"outputs":' + compact(choices({"logprobs": {
        "token_logprobs": [-1.0] * n + [None]}})) + ',"objectives":["joint"]}', 422, twin="an answer of many tokens", size=3000),
    Row("an answer of many tokens", lambda n: '{"outputs":' + compact(choices({"logprobs": {"token_logprobs": [-1.0] * n}}))
        + "}", size=3000),
    Row("SGLang's lists", lambda n: '{"outputs":' + compact({"meta_info": {"output_token_logprobs": [[-1.0, 5, "a"]] * n,
        "output_top_logprobs": [[[-1.0, 5, "a"]]] * n}}) + "}", size=500),
    Row("flat tensors", lambda n: '{"tokens":[0,0,0],"outputs":' + compact({"context_logits": [1.5] * (2 * n),
        "generation_logits": [1.5] * n}) + "}", size=1000),
    Row("a text for a number in the last answer", lambda n: '{"format":"openai","outputs":' + compact(choices(
        *[{"index": i, "logprobs": {"token_logprobs": [-1.5]}} for i in range(n - 1)],
        {"index": n - 1, "logprobs": {"token_logprobs": [-1.5, "a"]}})) + ',"sequences":[' + listed("{}", n) + "]}", 400,
        twin="answers in order", size=500),
    Row("an answer of no known engine", lambda n: '{"outputs":' + compact({"answers": [{"logprob": -1.0}] * n}) + "}", 422,
        twin="an answer of many tokens", size=1000),
    Row("an answer of another engine than was said", lambda n: '{"format":"tgi","outputs":' + compact(choices(openai(n))) + "}",
        422, twin="OpenAI's answer that many share", size=500),
    # Streams and batches.
    Row("a stream of many chunks", stream, size=200),
    Row("chunks of two ids at the end", lambda n: stream(n, {**chunk(delta()), "id": "d"}), 422, twin="a stream of many chunks", size=200),
    Row("an error at the end of a stream", lambda n: stream(n, {"error": {"code": "x"}}), 422, twin="a stream of many chunks", size=200),
    Row("a chunk without log-probabilities at the end", lambda n: stream(n, chunk(delta(rows=()))), 422,
        twin="a stream of many chunks", size=200),
    Row("a word at the end of a stream", lambda n: stream(n, chunk(delta(rows=({"token": "a", "logprob": "x"},)))), 400,
        twin="a stream of many chunks", size=200),
    Row("a stream that many share", lambda n: '{"per_token":false,"sequences":[' + listed("{}", 20) + '],"outputs":' + stream(n)[11:],
        size=200),
    Row("few tokens of an answer that many share", lambda n: beside(choices(vllm(1) | {
        "prompt_logprobs": [None, {"1": -1.0}], "token_ids": [2] * n, "logprobs": {"token_logprobs": [-1.0] * n}}), n,
        '{"tokens":[0,1]}'), by="asked", size=200),
    Row("an answer that is read anew for each sequence", lambda n: '{"outputs":' + compact(choices({
        "prompt_logprobs": [None, {"1": {"logprob": -1.0, "rank": 1}}, {"2": {"logprob": -1.0, "rank": 1}}], "logprobs": {"content": [{
            "token": "a", "logprob": -0.5, "top_logprobs": tops(n)}] * 2}})) + ',"sequences":[' + numbered('{"tokens":[%d,1,2]}', n) + "]}",
        by="asked", size=100),
    Row("a chunk of many choices, beside as many sequences", lambda n: beside([chunk(*(delta(index=i) for i in range(n)))], n),
        by="asked", size=100),
    Row("a stream of many choices", lambda n: compact({"outputs": [chunk(delta(index=i)) for i in range(n)]}), by="asked", size=200),
    Row("choices of a stream that each have a warning", lambda n: compact({"per_token": False, "outputs": [
        chunk(delta(index=i % n)) for i in range(2 * n)]}), size=200),
    Row("choices of a stream that have a warning of their prompt", lambda n: compact({"per_token": False, "outputs": [
        chunk(delta(index=i % n), prompt_logprobs=[None, {"5": {"logprob": -9999}}]) for i in range(2 * n)]}), size=200),
    Row("choices of one chunk that each have a warning", lambda n: compact({"per_token": False, "outputs": [
        chunk(*(delta(index=i) for i in order)) for order in (range(n), range(n - 1, -1, -1))]}), size=200),
    Row("a chunk with many names", lambda n: stream(2, {**chunk(delta()), **{f"n{i}": i for i in range(n)}}), size=1000),
    Row("chunks with a name each", lambda n: compact({"outputs": [{**chunk(delta()), f"n{i}": i} for i in range(n)]}), size=200),
    Row("the text of a stream", events, size=200),
    Row("a text that is no JSON at the end", lambda n: events(n, "data: {\n\n"), 422, twin="the text of a stream", size=200),
    Row("a text of empty lines", lambda n: compact({"outputs": "data: %s\n" % compact(chunk(delta())) + "\n" * n}), size=5000),
    Row("lists that grow", growing, size=60),
    Row("lists that grow, then shrink", lambda n: growing(n, [{"meta_info": {"id": "r", "completion_tokens": 1, "finish_reason": None,
        "output_token_logprobs": [[-1.0, 5, None]]}}]), 422, twin="lists that grow", size=60),
    Row("lines of a batch", lambda n: compact({"outputs": [json.loads(line) for line in batch(n).split("\n")]}), size=100),
    Row("lines of a batch, the last one failed", lambda n: compact({"outputs": [json.loads(line) for line in batch(
        n, '{"custom_id":"d","response":null,"error":{"code":"x"}}').split("\n")]}), 422, twin="lines of a batch", size=100),
    Row("lines of a batch, the last one again", lambda n: compact({"outputs": [json.loads(line) for line in batch(
        n, batch(n).split("\n")[-1]).split("\n")]}), 422, twin="lines of a batch", size=100),
    Row("lines of a batch as they stand", batch, type=LINES, size=60),
    Row("lines of a batch that failed", lambda n: listed('{"custom_id":"d","response":null,"error":{"code":"x"}}', n, "\n"), type=LINES,
        twin="lines of a batch as they stand", size=60),
    Row("an answer beside log-probs", lambda n: '{"logprobs":[-1],"outputs":' + compact(choices({"logprobs": {
        "token_logprobs": [-1.0] * n}})) + "}", 400, twin="an answer of many tokens", size=3000),
    Row("answers that repeat an index", lambda n: plain(n, [0] * n), 422, twin="answers in order", size=500),
    # Corpora.
    Row("statistics", lambda n: sequences("{}", n, ',"statistics":true,"text":"ab","logprobs":[-1]')),
    Row("a bootstrap", lambda n: sequences("{}", n, ',"bootstrap":{"samples":50},"logprobs":[-1]'), size=500),
    Row("a bootstrap in each line", lambda n: listed('{"logprobs":[-1],"bootstrap":{"samples":20}}', n, "\n"), type=LINES, size=50),
    # Lines.
    Row("lines", lambda n: listed(LOGPROBS, n, "\n"), type=LINES, size=100),
    Row("lines that are all wrong", lambda n: listed(LOGPROBS[:-2] + ",7]}", n, "\n"), type=LINES, twin="lines", size=100),
    Row("lines that are no JSON", lambda n: listed("{" * 30, n, "\n"), type=LINES, twin="lines", size=100),
    Row("blank lines", lambda n: "\n" * n, type=LINES, size=5000),
    # Parts.
    Row("parts", lambda n: raw_parts(n), type=PARTS, size=100),
    Row("parts beside log-probs", lambda n: raw_parts(n, ',"logprobs":[null,-1]'), 400, type=PARTS, twin="parts", size=100),
    Row("parts under a long default", lambda n: raw_parts(n, ',"weights":[' + listed("1", n) + "]"), 422, type=PARTS,
        twin="parts", size=100),
    Row("an unknown part at the end", lambda n: raw_parts(n, last=part("logitz", b"")), 400, type=PARTS, twin="parts", size=100),
    Row("tensors of a file", lambda n: safetensors(n), type=PARTS, size=100),
    Row("tensors with unknown names", lambda n: safetensors(n, "x%d"), 422, type=PARTS, twin="tensors of a file", size=100),
    Row("lines that are almost boundaries", lambda n: parts(part("request", LOGPROBS.encode()
        + b"\r\n--cos" * n)), 400, twin="parts", type=PARTS),
    # Compressed.
    Row("compressed sequences", lambda n: gzip.compress(sequences(GOOD, n).encode()), encoding="gzip", size=300),
    Row("a compressed conflict", lambda n: gzip.compress(sequences(GOOD, n, ',"logprobs":[null,-1]').encode()), 400,
        encoding="gzip", twin="compressed sequences", size=300),
    Row("compressed and deep", lambda n: gzip.compress(('{"outputs":{"choices":[{"a":' + DEEP[:50] + listed("0", n) + "]" * 50
        + ',"logprobs":{"token_logprobs":[-1]}}]}}').encode()), encoding="gzip", size=10000),
    Row("compressed and deep, then a conflict", lambda n: gzip.compress(('{"outputs":{"a":' + DEEP + listed("0", n) + "]" * 58
        + '},"tokens":[0,1],"logprobs":[null,-1]}').encode()), 400, encoding="gzip", twin="compressed and deep", size=10000),
    Row("a compressed body that is cut", lambda n: gzip.compress(sequences(GOOD, n).encode())[:-9], 400, encoding="gzip",
        twin="compressed sequences", size=300),
    Row("a compressed body with a wrong checksum", lambda n: gzip.compress(sequences(GOOD, n).encode())[:-8] + bytes(8), 400,
        encoding="gzip", twin="compressed sequences", size=300),
    Row("a compressed late member", lambda n: gzip.compress(late(n, LATE).encode()), 422, encoding="gzip",
        twin="compressed sequences", size=1000, kept=0),
    Row("compressed white space", lambda n: gzip.compress(b" " * n + b'{"logprobs":[-1]}'), encoding="gzip", size=50000),
    # Other routes.
    Row("questions", lambda n: '{"questions":[' + listed('{"choices":[{"logprobs":[-1]},{"logprobs":[-2]}],"gold":0}', n) + "]}",
        path=RANK, size=100),
    Row("a question without choices at the end", lambda n: '{"questions":[' + listed(
        '{"choices":[{"logprobs":[-1]},{"logprobs":[-2]}],"gold":0}', n) + ',{"gold":0}]}', 400, path=RANK, twin="questions",
        size=100),
    Row("gold that questions share", lambda n: '{"gold":[' + listed("0", n) + '],"questions":['
        + listed('{"choices":[{"logprobs":[-1]}]}', n) + "]}", 422, twin="questions", path=RANK, size=200),
    Row("choices", lambda n: '{"choices":[' + listed('{"logprobs":[-1]}', n) + "]}", path=RANK, size=300),
    Row("answers that questions share", lambda n: '{"outputs":' + compact(choices(vllm(n))) + ',"questions":['
        + listed('{"choices":[{}]}', n) + "]}", 422, twin="vLLM's answer that many share", path=RANK, size=300),
    Row("labels that an engine lists", lambda n: labels(n, numbered('{"label":"%d"}', n)), path=RANK, size=300),
    Row("a label that no engine lists", lambda n: labels(n, numbered('{"label":"%d"}', n) + ',{"label":"x"}'), 422, path=RANK,
        twin="labels that an engine lists", size=300),
    Row("labels of one text", lambda n: labels(n, listed('{"label":"0"}', n), "0"), 422, path=RANK,
        twin="labels that an engine lists", size=300),
    Row("labels that no engine lists", lambda n: labels(n, numbered('{"label":"x%d"}', n), more=',"unlisted":"floor"'),
        path=RANK, size=300),
    Row("tokens of a row", lambda n: '{"choices":[' + numbered('{"token":%d}', n) + '],"logits":[[' + listed("1", n) + "]]}",
        path=RANK, size=300),
    Row("tokens of a row, the last twice", lambda n: '{"choices":[' + numbered('{"token":%d}', n) + ',{"token":0}],"logits":[['
        + listed("1", n) + "]]}", 422, path=RANK, twin="tokens of a row", size=300),
    Row("gold by ids", lambda n: '{"gold":[' + numbered('"%d"', n) + '],"choices":['
        + numbered('{"id":"%d","logprobs":[-1]}', n) + "]}", path=RANK, size=300),
    Row("gold by an id of none at the end", lambda n: '{"gold":[' + numbered('"%d"', n) + ',"x"],"choices":['
        + numbered('{"id":"%d","logprobs":[-1]}', n) + ',{"logprobs":[-1]}]}', 422, path=RANK, twin="gold by ids", size=300),
    Row("pairs of engines' answers", lambda n: '{"models":[' + listed('{"outputs":' + compact(choices(openai(n))) + "}", 2)
        + "]}", path=COMPARE, size=300),
    Row("pairs", lambda n: '{"tokens":[0,1],"sequences":[' + listed('{"models":[{"logits":[[1,2]]},{"logits":[[2,1]]}]}', n)
        + "]}", path=COMPARE, size=100),
    Row("pairs that share wide rows", lambda n: '{"tokens":[0,1],"logits":[[' + listed("1", n) + ']],"sequences":['
        + listed('{"models":[{},{}]}', n) + "]}", path=COMPARE, size=200),
    Row("a pair with other widths at the end", lambda n: '{"tokens":[0,1],"sequences":['
        + listed('{"models":[{"logits":[[1,2]]},{"logits":[[2,1]]}]}', n)
        + ',{"models":[{"logits":[[1,2]]},{"logits":[[1]]}]}]}', 422, path=COMPARE, twin="pairs", size=100),
    Row("details of all pairs", lambda n: '{"tokens":[0,1],"logits":[[1,2]],"details":[' + listed('"cross_entropy"', n)
        + '],"distillation":{"top_k":1},"sequences":[' + listed('{"models":[{},{}]}', n) + "]}", path=COMPARE, size=200),
    Row("taught", lambda n: taught(n), path=COMPARE, size=300),
    Row("taught twice at the end", lambda n: taught(n, "[[0,-1],[0,-2]]"), 422, path=COMPARE, twin="taught", size=300),
    Row("prompts", lambda n: '{"echo":true,"logprobs":1,"max_tokens":0,"prompt":[' + listed("[0,1]", n) + '],"logits":['
        + listed("[[1,2]]", n) + "]}", path=COMPLETIONS, size=200),
    Row("prompts let go", lambda n: '{"echo":true,"logprobs":1,"max_tokens":0,"prompt":[' + listed("[0,1]", n)
        + '],"logits":[' + listed("[[1,2]]", n) + "]}", path=COMPLETIONS, size=200, kept=0),
    Row("an output too many", lambda n: '{"echo":true,"logprobs":1,"max_tokens":0,"prompt":[' + listed("[0,1]", n)
        + '],"logits":[' + listed("[[1,2]]", n + 1) + "]}", 422, path=COMPLETIONS, twin="prompts", size=200),
    Row("unknown members of prompts", lambda n: '{"prompt":[0,1],"echo":true,"logprobs":1,"max_tokens":0,'
        + numbered('"m%d":0', n) + ',"logits":[[1,2]]}', path=COMPLETIONS, size=500),
    Row("prompts, then an unknown token", lambda n: '{"echo":true,"logprobs":1,"max_tokens":0,"prompt":[' + listed("[0,1]", n)
        + ',[0,2]],"logits":[' + listed("[[1,2]]", n + 1) + "]}", 422, path=COMPLETIONS, twin="prompts", size=200),
    Row("prompts without echo", lambda n: '{"logprobs":1,"max_tokens":0,"prompt":[' + listed("[0,1]", n) + '],"logits":['
        + listed("[[1,2]]", n) + "]}", 400, path=COMPLETIONS, twin="prompts", size=200),
    Row("a conflict in the last choice", lambda n: '{"choices":[' + listed('{"logprobs":[-1]}', n)
        + ',{"logprobs":[-1],"logits":[[1]]}]}', 400, path=RANK, twin="choices", size=300),
    Row("one model in the last pair", lambda n: '{"tokens":[0,1],"sequences":['
        + listed('{"models":[{"logits":[[1,2]]},{"logits":[[2,1]]}]}', n) + ',{"models":[{"logits":[[1,2]]}]}]}', 422, path=COMPARE,
        twin="pairs", size=100),
    Row("tensors", lambda n: tensors(n), path=INFER, size=500),
    Row("tensors of the wrong type", lambda n: tensors(n, "FP32"), 400, path=INFER, twin="tensors", size=500),
    Row("an unknown tensor at the end", lambda n: tensors(n, more=',{"name":"x","shape":[1],"datatype":"FP32","data":[1]}'),
        400, path=INFER, twin="tensors", size=500),
    Row("unknown parameters", lambda n: tensors(1, params=',"parameters":{' + numbered('"p%d":0', n) + "}"), path=INFER,
        size=500),
    Row("an output that is asked for twice", lambda n: tensors(1, params=',"outputs":[' + listed('{"name":"logprobs"}', n) + "]"),
        400, path=INFER, twin="tensors", size=300),
    Row("binary tensors", binary, path=INFER, header=lambda body: body.index(b"}]}") + 3, size=1000),
]
