"""rows.py - what is measured against what, and the goals.

To add a row: add it to ROWS.  Its `measure` is a function of a Bench that gives pairs (ours,
theirs) in the row's unit, measured in turns; the ratio that is judged is ours to theirs.  Where
there is nothing to compare with, theirs is None and ours itself is judged.
"""
from dataclasses import dataclass
from typing import Callable, Optional

import bodies
import measure
import peers
from bodies import DIGITS_17, SHORTEST, VOCABULARY

LARGE_VOCABULARY = 128_256
GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Goal:
    least: bool  # else: at most
    limit: float


def at_least(limit):
    return Goal(True, limit)


def at_most(limit):
    return Goal(False, limit)


@dataclass(frozen=True)
class Row:
    work: str
    against: str
    goal: Optional[Goal]  # None: for information
    unit: str
    measure: Callable


# ---- JSON bodies ----


def json_body(bench, text):
    return bodies.whole(bench.directory, 32, VOCABULARY, text)


def long_json(size):
    return lambda directory: bodies.long(directory, size, DIGITS_17)


def json_against_simdjson(text):
    def run(bench):
        body = json_body(bench, text)
        with peers.simdjson(bench.build, body) as theirs, peers.logitd(bench.build) as ours:
            return bench.alternate(lambda: measure.upload(bench, ours, body, 25), theirs)

    return run


def json_against_fastapi(text):
    def run(bench):
        body = json_body(bench, text)
        with peers.fastapi() as theirs, peers.logitd(bench.build) as ours:
            return bench.alternate(
                lambda: measure.upload(bench, ours, body, 25),
                lambda: measure.upload(bench, theirs, body, 3),
            )

    return run


def peak_memory(make_body):
    def run(bench):
        body = make_body(bench.directory)
        return bench.repeat(lambda: measure.peak_above_idle(bench, body))

    return run


def four_at_once(make_body):
    def run(bench):
        body = make_body(bench)
        with peers.logitd(bench.build) as ours:
            return bench.alternate(
                lambda: measure.requests_a_second(bench, ours, body, 15, connections=4),
                lambda: measure.requests_a_second(bench, ours, body, 60, connections=1),
            )

    return run


# ---- binary bodies ----


def form(dtype, size=GIGABYTE):
    return lambda directory: bodies.form(directory, size, dtype, LARGE_VOCABULARY)


def infer(directory):
    return bodies.infer(directory, GIGABYTE, LARGE_VOCABULARY)


def upload_against(make_body, start):
    def run(bench):
        body = make_body(bench.directory)
        with start(bench) as theirs, peers.logitd(bench.build) as ours:
            return bench.alternate(
                lambda: measure.upload(bench, ours, body), lambda: measure.upload(bench, theirs, body)
            )

    return run


def rows_against(ours, theirs):
    """Rows a second of two bodies, on one server."""

    def run(bench):
        one, other = ours(bench.directory), theirs(bench.directory)
        with peers.logitd(bench.build) as service:
            return bench.alternate(
                lambda: measure.rows_a_second(bench, service, one),
                lambda: measure.rows_a_second(bench, service, other),
            )

    return run


# ---- small requests ----


def small_body(bench):
    return bodies.whole(bench.directory, 3, 32, SHORTEST)


def small_against(start):
    def run(bench):
        body = small_body(bench)
        with start() as theirs, peers.logitd(bench.build) as ours:
            return bench.alternate(
                lambda: measure.load(ours, body)[0], lambda: measure.load(theirs, body)[0]
            )

    return run


def small_during_uploads(bench):
    small = small_body(bench)
    large = long_json(GIGABYTE)(bench.directory)

    with peers.logitd(bench.build) as ours:

        def during():
            with measure.uploading(bench, ours, large, 2):
                return measure.load(ours, small)[1]

        return bench.alternate(during, lambda: measure.load(ours, small)[1])


# ---- objectives of alignment ----


def policies_against_torch(bench):
    body = bodies.policies(bench.directory, 256, 2048)
    with peers.torch_program("torch_policy.py", 256, 2048) as theirs, peers.logitd(bench.build) as ours:
        return bench.alternate(lambda: measure.rows_a_second(bench, ours, body, 3) / 1e6, theirs)


def preferences_against_torch(bench):
    body = bodies.preferences(bench.directory, 8, 512, LARGE_VOCABULARY)
    with peers.torch_program("torch_preference.py", 1, 512, LARGE_VOCABULARY) as theirs:
        with peers.logitd(bench.build) as ours:
            return bench.alternate(lambda: measure.rows_a_second(bench, ours, body), theirs)


def models_against_torch(bits):
    def run(bench):
        body = bodies.comparison(bench.directory, 64, LARGE_VOCABULARY)
        with peers.torch_program("torch_compare.py", bits, 64, LARGE_VOCABULARY) as theirs:
            with peers.logitd(bench.build) as ours:
                return bench.alternate(lambda: measure.rows_a_second(bench, ours, body), theirs)

    return run


def last_logits(route):
    return lambda directory: bodies.many_log_probs(directory, GIGABYTE, route)


# ---- kernels ----


def job(kernel, wants="nll"):
    return f"{kernel} f32 {LARGE_VOCABULARY} {wants} memory"


def kernel_against_torch(kernel, rows):
    def run(bench):
        with peers.torch_rows(LARGE_VOCABULARY, rows) as theirs, peers.kernel(bench.build) as ours:
            return bench.alternate(lambda: ours(job(kernel)), theirs)

    return run


def kernel_against(ours, theirs):
    """Two jobs of bench/kernel."""

    def run(bench):
        with peers.kernel(bench.build) as step:
            return bench.alternate(lambda: step(ours), lambda: step(theirs))

    return run


# ---- the table ----

KERNEL = "{} kernel, exact, in double: float32 rows from memory, V=128,256, one thread"
TORCH = "PyTorch's float32 log_softmax + gather, one thread, {}"
JSON = "JSON of {} text over HTTP to the answer: T=32, V=32,000, one connection"
SIMDJSON = "simdjson on-demand only reading the numbers from memory, one thread"
FASTAPI = "FastAPI + PyTorch"
BINARY = "1 GB of float32 logits, V=128,256, {}, one connection, to the answer"
SINK = "libmicrohttpd discarding the same upload"
SMALL = "small requests (T=3, V=32), 32 connections"


def torch_rows_of(kernel, name, goal):
    """Against whole sequences, long and short, as they are scored; and for information against a row
    at a time, which nobody writes but which is PyTorch at its fastest."""
    return [
        Row(KERNEL.format(name), TORCH.format(how), judged, "GB/s", kernel_against_torch(kernel, rows))
        for how, rows, judged in (
            ("512 rows at a time", 512, goal),
            ("32 rows at a time", 32, goal),
            ("a row at a time", 1, None),
        )
    ]


ROWS = [
    *(
        row
        for text in (DIGITS_17, SHORTEST)
        for row in (
            Row(JSON.format(text[0]), SIMDJSON, at_least(2), "GB/s", json_against_simdjson(text)),
            Row(JSON.format(text[0]), FASTAPI, at_least(15), "GB/s", json_against_fastapi(text)),
        )
    ),
    Row(SMALL, "nginx returning a constant to the same POST", at_least(0.7), "requests/s",
        small_against(peers.nginx)),
    Row(SMALL, FASTAPI, at_least(10), "requests/s", small_against(peers.fastapi)),
    *torch_rows_of("avx512", "AVX-512", at_least(8)),
    Row(KERNEL.format("AVX-512"), "one core only reading memory", at_least(0.38), "GB/s",
        kernel_against(job("avx512"), "read")),
    Row(KERNEL.format("AVX-512") + ", with entropy, rank and top 20", "the same without",
        at_least(0.7), "GB/s", kernel_against(job("avx512", "all"), job("avx512"))),
    *(
        Row(KERNEL.format(name) + ", with variance, collision and mean_log_prob", "the same without", at_least(0.6),
            "GB/s", kernel_against(job(kernel, "second"), job(kernel)))
        for kernel, name in (("avx512", "AVX-512"), ("avx2", "AVX2"))
    ),
    Row(KERNEL.format("AVX-512") + ", of the tokens that a sampler keeps with top_p 0.9", "the same of all",
        at_least(0.25), "GB/s", kernel_against(job("avx512", "top_p"), job("avx512"))),
    *torch_rows_of("avx2", "AVX2", at_least(3.5)),
    Row(KERNEL.format("AVX2") + ", of the tokens that a sampler keeps with top_p 0.9", "the same of all",
        at_least(0.25), "GB/s", kernel_against(job("avx2", "top_p"), job("avx2"))),
    Row("peak memory above idle while one JSON body of 2 GB is scored", "-", at_most(16), "MB",
        peak_memory(long_json(2 * GIGABYTE))),
    Row(BINARY.format("multipart"), SINK, at_least(0.8), "GB/s",
        upload_against(form("f32"), lambda bench: peers.sink(bench.build))),
    Row(BINARY.format("Open Inference Protocol"), SINK, at_least(0.8), "GB/s",
        upload_against(infer, lambda bench: peers.sink(bench.build))),
    Row(BINARY.format("Open Inference Protocol"), FASTAPI + ", the same bytes", at_least(5), "GB/s",
        upload_against(infer, lambda bench: peers.fastapi())),
    Row("multipart, bf16: rows a second", "f32", at_least(1.4), "rows/s",
        rows_against(form("bf16"), form("f32"))),
    Row("multipart, f16: rows a second", "f32", at_least(1.4), "rows/s",
        rows_against(form("f16"), form("f32"))),
    Row("peak memory above idle while a multipart body of 4 GB is scored", "-", at_most(16), "MB",
        peak_memory(form("f32", 4 * GIGABYTE))),
    Row("99th percentile of small requests while two bodies of 1 GB are uploaded at a time",
        "the same without uploads", at_most(3), "ms", small_during_uploads),
    Row("four requests at once on all cores: the work is in the server (T=32, V=32,000 as base64, at"
        " 64 temperatures)", "one after another", at_least(1.8), "requests/s",
        four_at_once(lambda bench: bodies.sweep(bench.directory, 32, VOCABULARY, 64))),
    Row("four requests at once on all cores: JSON of 17-digit text, which the client takes a share of"
        " the cores to send", "one after another", None, "requests/s",
        four_at_once(lambda bench: json_body(bench, DIGITS_17))),
    Row("JSON of 17-digit text over HTTP to the answer: 1 GB, one connection",
        SINK, None, "GB/s", upload_against(long_json(GIGABYTE), lambda bench: peers.sink(bench.build))),
    Row("four sources of log-probabilities, 256 sequences of 2,048 tokens, as tensors to the model policy: all"
        " statistics of four ratios, GRPO and DAPO, over HTTP to the answer",
        "the same in PyTorch's float32, from memory, one thread", at_least(3), "million tokens/s",
        policies_against_torch),
    Row("POST /v1/preference from logits, 8 pairs of 512 tokens, V=128,256, bf16 as base64, to the answer",
        "TRL's arithmetic in PyTorch's float32, from memory, one thread", at_least(5), "rows/s",
        preferences_against_torch),
    *(Row("POST /v1/compare, two models over 64 tokens, V=128,256, f32 as base64, to the answer",
          f"the same divergences in PyTorch's float{bits}, from memory, one thread", goal, "rows/s",
          models_against_torch(bits))
      for bits, goal in ((64, at_least(1)), (32, None))),
    *(Row(f"peak memory above idle while POST {route} takes 1 GB of logits that come last", "-", at_most(16), "MB",
          peak_memory(last_logits(route)))
      for route in ("/v1/preference", "/v1/policy")),
]
