"""r14_coverage.py - R14: lines that tests run.  Builds with gcov into build/coverage and runs the tests there:
in the short form those that are quick, in the long form all."""
import glob
import json
import os
import subprocess

from hostile import ROOT, Suite

# The parser, the validators, the limits, auth and memory: every line is run.
HELD = """
    api/json/base64.c api/json/base64_groups.c api/exchange/body_decompress.c api/exchange/body_decompress_zlib.c api/exchange/body_decompress_zstd.c api/routes/score/decoder_multipart.c api/routes/score/decoder_ndjson.c
    api/json/tensor_numbers.c api/body/body.c api/members/fields.c api/members/fields_compare.c api/members/fields_corpus.c api/members/fields_output.c
    api/members/fields_rank.c api/routes/score/upload_file.c api/body/body_feeder.c api/body/member_offsets.c api/body/body_layout.c api/members/members.c api/json/json_parser.c api/body/multipart.c api/base/nearest.c
    api/body/npy.c api/base/number.c api/json/row_numbers.c api/exchange/header_parameter.c api/exchange/url_pattern.c api/body/safetensors.c api/body/body_scanner.c api/plan/text_sizes.c
    api/body/file_tensor.c api/json/json_string.c api/json/json_scalar.c api/json/json_path.c api/json/json_hint.c core/arena.c core/budget.c api/base/error.c server/auth.c server/clients.c
    server/config.c server/head.c server/request_id.c server/connections.c server/request_target.c server/setting_value.c
""".split()

# Lines that only a call that fails reaches (`make test-hostile` denies memory and system calls; gcov sees no
# server that is ended so), or only what two threads do at once: the file, the line before, the line.
EXCUSED = [
    ("api/json/row_numbers.c", "if (numbers->carry.failed)", "return NUMBERS_SPENT;"),
    ("api/json/row_numbers.c", "if (!chunk_skip_space(chunk))", "return NUMBERS_MORE;"),  # by the AVX-512 reader
    ("api/json/tensor_numbers.c", "if (carry->failed)", "return ELEMENTS_SPENT;"),
    ("api/routes/score/upload_file.c", 'if (!member_offsets_add_part(&file->body->offsets, owner, "logits"))',
     "return fail_memory(file);"),
    ("api/routes/score/upload_file.c", "if (!advance(file))", "return false;"),
    ("api/routes/score/upload_file.c",
     "if (!dom_append(dom, tokens, dom_integer(dom, token_at(file->tokens.data + i, item))))", "return fail_memory(file);"),
    ("api/body/body_scanner.c", "if (row_intake_base64_end(&span->intake, &span->encoding) == INTAKE_SPENT)",
     "return fail_rows(scan);"),
    ("api/body/body_feeder.c", "if (feeder->diverted && !feeder->divert(feeder->self, &nothing))", "return NULL;"),
    ("api/json/json_parser.c", "if (parser->token.failed)", "return PARSE_SPENT;"),
    ("api/json/json_parser.c", "if (!array || put(parser, array) == PARSE_SPENT)", "return false;"),
    ("core/arena.c", "if (!block) {", "arena_discharge(arena, more);"),
    ("core/arena.c", "arena_discharge(arena, more);", "arena_deny(arena, ARENA_SYSTEM);"),
    ("core/arena.c", "arena_deny(arena, ARENA_SYSTEM);", "return NULL;"),
    ("core/budget.c", "while (!shelf_take(shelf))", "continue;"),
    ("server/clients.c", "if (getrandom(clients->secret, sizeof clients->secret, 0) != sizeof clients->secret)",
     "memset(clients->secret, 0x55, sizeof clients->secret);"),
    ("server/request_id.c", "if (getrandom(store, sizeof store, GRND_NONBLOCK) < (ssize_t)sizeof store)",
     "memset(store, 0, sizeof store); /* the system has none yet: the time alone */"),
    ("server/connections.c", "if (!connection || !recv_filter_open(fd)) {", "free(connection);"),
    ("server/connections.c", "free(connection);", "return NULL;"),
    ("core/arena.c", "if (!block) {", "arena_discharge(arena, size);"),
    ("core/arena.c", "arena_discharge(arena, size);", "arena_deny(arena, ARENA_SYSTEM);"),
    ("core/budget.c", "if (!atomic_load(&reserve->open)) /* the reserve was closed meanwhile */", "reserve_trim(reserve, 0);"),
    ("server/connections.c", "if (connection->state == CONNECTION_CONDEMNED)", "return false;"),
]

# Too slow at -O0 for the short form, and not about the files that are held.
SLOW = {"test_kernels", "test_kernel", "test_reader", "test_real", "test_compare", "test_score",
        "test_extremes", "test_divergence", "test_count", "test_choice", "test_stream", "test_models"}
BUILD = "build/coverage"


def build(suite):
    made = subprocess.run(["make", "-s", "COVERAGE=1", "WARNINGS=", "tests"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    suite.check(made.returncode == 0, f"the build: {made.stdout[-2000:]}")
    for path in glob.glob(BUILD + "/**/*.gcda", recursive=True):
        os.remove(path)


def run(suite):
    """The tests of both kinds, two at a time; how many programs there were."""
    paths = [path for kind in ("unit", "http") for path in sorted(glob.glob(f"{BUILD}/tests/{kind}/test_*"))
             if os.access(path, os.X_OK) and "." not in os.path.basename(path)]
    paths = [path for path in paths if suite.long or os.path.basename(path) not in SLOW]
    paths = [path for path in paths if not path.endswith("test_starve")]
    said = subprocess.run(["tests/run.sh", *[f"{os.path.basename(p)}=LOGITD={BUILD}/logitd {p}" for p in paths]],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    suite.check(said.returncode == 0, f"the tests: {said.stdout[-3000:]}")
    return len(paths)


def read():
    """{file: {line: how often it ran}}"""
    output = BUILD + "/r14.json"
    subprocess.run(["gcovr", "--root", ".", "--filter", "core/", "--filter", "api/", "--filter", "server/", "--json",
                    output, BUILD], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    with open(output, encoding="utf-8") as file:
        return {one["file"]: {line["line_number"]: line["count"] for line in one["lines"]
                              if not line.get("gcovr/noncode")} for one in json.load(file)["files"]}


def check_file(suite, path, counts):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = [line.strip() for line in file]
    missed = [(number, text[number - 2], text[number - 1]) for number, count in sorted(counts.items()) if count == 0]
    for number, before, line in missed:
        excused = (path, before, line) in EXCUSED
        suite.check(excused, f"{path}:{number} is not run: {line}")
    suite.check(bool(counts), f"{path} is in no build")
    return len(missed)


def share(files, prefix=""):
    lines = [count for path, counts in files.items() if path.startswith(prefix) for count in counts.values()]
    return 100 * sum(count > 0 for count in lines) / max(len(lines), 1)


def main():
    suite = Suite("R14", "Coverage", limit=1200, ran=(
        "The tests run on a build with gcov. They must execute every line of the parser, the checks, the limits, "
        "authentication and the memory of requests, except lines that only a failing call reaches."))
    build(suite)
    programs = run(suite)
    files = read()
    for path in HELD:
        check_file(suite, path, files.get(path, {}))
    for prefix in ("core/", "api/", "server/"):
        suite.figure(f"lines of {prefix} that are run, percent", round(share(files, prefix), 1))
    suite.figure("lines in all that are run, percent", round(share(files), 1))
    suite.figure("files of which every line is held", len(HELD))
    suite.check(share(files) >= (90 if suite.long else 80), f"{share(files):.1f} % of all lines are run")
    suite.remains(f"{len(EXCUSED)} lines that only a failing call or a second thread reaches are excused by name.")
    suite.close(f"{programs} test programs")


main()
