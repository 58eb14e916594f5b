#!/usr/bin/env bash
# fuzz.sh SECONDS [FOLDER] - build the fuzzers and run each for SECONDS.  A fuzzer starts from the golden requests,
# from the inputs that earlier runs found (build/fuzz), and from the raw requests in FOLDER and below, if given.
# Prints how often each ran, and check's summary line, so this counts as a test.
set -u
seconds=${1:-10} requests=${2:-} checks=0 failures=0
build=build/fuzzer-no-link-address-undefined corpus=build/fuzz

skip() {
    echo "SKIP the fuzzers: $1"
    exit 0
}

# seed NAME FOLDER: write seeds into FOLDER: golden requests, each after the bytes by which that fuzzer chooses
# what to do; or headers of files.
seed() {
    local choice='\050\012' files='tests/golden/*/*/request.json tests/golden/*/*/*/request.json'
    case $1 in
    fuzz_http | fuzz_head | fuzz_target | fuzz_config | fuzz_keys | fuzz_ids) server_seeds "$1" "$2" && return ;;
    fuzz_score | fuzz_rank | fuzz_compare | fuzz_policy | fuzz_preference) choice='\1\0\050\012' ;;
    fuzz_parser) choice='\050' ;;
    fuzz_multipart) choice='\012' files='tests/golden/forms/*/*/body' ;;
    fuzz_npy) printf "\0{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 4), }" >"$2/header" && return ;;
    fuzz_safetensors)
        printf '{"__metadata__":{"a":"b"},"logits":{"dtype":"BF16","shape":[3,4],"data_offsets":[16,40]},"tokens.1":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}}' >"$2/header"
        return
        ;;
    fuzz_infer) infer_seeds "$2" && return ;;
    fuzz_limits) limits_seeds "$2" && return ;;
    fuzz_streams | fuzz_batches) stream_seeds "$1" "$2" && return ;;
    fuzz_coding) compressed_seeds "$2" ;;
    fuzz_ndjson) { printf '\050\012' && sed '' tests/golden/*/t*/request.json; } >"$2/lines" ;;
    esac
    # shellcheck disable=SC2086  # patterns are expanded on purpose
    python3 - "$2" "$choice" $files <<'PYTHON'
import sys
folder, choice, *files = sys.argv[1:]
for name in files:
    seed = choice.encode().decode("unicode_escape").encode("latin-1") + open(name, "rb").read()
    open(folder + "/" + name.replace("/", "-"), "wb").write(seed)
PYTHON
}

# For /v2: the bytes that choose the model and the pieces, then the length of the JSON, the JSON and the rest of the
# body.
infer_seeds() {
    for case in tests/golden/infer/*/; do
        read -r path length <"$case/line"
        [ "$length" = - ] && length=$(wc -c <"$case/request")
        {
            case $path in *score*) printf '\1' ;; *) printf '\0' ;; esac
            printf '\1\050\012'
            head -c "$length" "$case/request"
            printf '\n'
            tail -c "+$((length + 1))" "$case/request"
        } >"$1/infer_$(basename "$case")"
    done
}

# Golden bodies, each after the bytes that choose the route, the limits and the call that fails (none, then some).
limits_seeds() {
    python3 - "$1" <<'PYTHON'
import glob, gzip, random, sys, zlib
choose = random.Random(1)
kinds = [("*valid/*/request.json", 0), ("rank/valid/*/request.json", 1), ("compare/valid/*/request.json", 2),
         ("completions_valid/*/request.json", 3), ("forms/valid/*/body", 4), ("engines/*/request.json", 0), ("valid/*/request.json", 5),
         ("valid/*/request.json", 6), ("valid/s*/request.json", 7), ("infer/*/request", 8), ("infer/s*/request", 9),
         ("policy/valid/*/request.json", 11), ("preference/valid/*/request.json", 12)]
for pattern, route in kinds:
    for name in sorted(glob.glob("tests/golden/" + pattern))[::3]:
        body = open(name, "rb").read()
        body = body.replace(b"\n", b" ") + b"\n" + body if route == 5 else body
        body = gzip.compress(body) if route == 6 else zlib.compress(body) if route == 7 else body
        limits = choose.choice([bytes([255, 255, 50, 0, 40, 0, 8]),
                                choose.randbytes(2) + b"\62\0\50" + choose.randbytes(2)])
        with open(sys.argv[1] + "/" + str(route) + name.replace("/", "-"), "wb") as file:
            file.write(bytes([route]) + limits + body)
PYTHON
}

# What golden requests have as `outputs`: texts of streams, and lists with an element on each line.
stream_seeds() {
    python3 - "$1" "$2" <<'PYTHON'
import glob, json, sys
name, folder = sys.argv[1:]
for path in sorted(glob.glob("tests/golden/engines/*/request.json")):
    try:
        outputs = json.load(open(path)).get("outputs")
    except ValueError:
        continue
    case = path.split("/")[-2]
    if isinstance(outputs, str):
        lines = [line[5:].strip() for line in outputs.split("\n") if line.startswith("data:")]
        text, kind = outputs, b"\0"
    else:
        lines = [json.dumps(o) for o in (outputs if isinstance(outputs, list) else [outputs])]
        text, kind = "\n".join(lines), b"\1"
    if name == "fuzz_streams":
        open(f"{folder}/{case}", "wb").write(kind + b"\11" + text.encode("utf-8", "replace"))
    else:
        for shape in range(4) if case.startswith(("batch", "chat")) else (0, 1):
            open(f"{folder}/{case}-{shape}", "wb").write(bytes([9, shape]) + "\n".join(lines).encode("utf-8", "replace"))
PYTHON
}

# One body for each coding, one of two members, one of raw deflate; each after the bytes that choose the coding and
# the pieces.
compressed_seeds() {
    python3 - "$1" <<'PYTHON'
import gzip, sys, zlib
text = b'{"tokens":[0,1],"logits":[[0.5,1.25]]}'
raw = zlib.compressobj(6, zlib.DEFLATED, -15)
seeds = {"gzip": b"\0\7" + gzip.compress(text) + gzip.compress(text), "zlib": b"\1\7" + zlib.compress(text),
         "raw": b"\1\7" + raw.compress(text) + raw.flush(), "zstd": b"\2\7" + bytes.fromhex(
             "28b52ffd04586d00003868656c6c6f2c200100e28a1175f3988e502a4d180300000061626328b52ffd20052b000061")}
for name, seed in seeds.items():
    open(sys.argv[1] + "/coded-" + name, "wb").write(seed)
PYTHON
}

# Requests of clients, settings, and key files.
server_seeds() {
    python3 - "$1" "$2" <<'PYTHON'
import sys
name, folder = sys.argv[1:]
body = b'{"tokens":[0,1],"logits":[[0,1]]}'
post = b"POST /v1/score HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
get = b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"
trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
seeds = {
    "fuzz_http": [
        post + b"Content-Length: 33\r\n\r\n" + body + get,
        post + b"Transfer-Encoding: chunked\r\n\r\n10\r\n" + body[:16] + b"\r\n11;a=b\r\n" + body[16:]
        + b"\r\n0\r\nX: y\r\n\r\n" + get,
        post + b"Expect: 100-continue\r\nContent-Length: 33\r\n\r\n" + body,
        post + b"Content-Length: 40\r\n\r\n" + body, get * 3 + get.replace(b"GET", b"HEAD") + get,
        get.replace(b"GET", b"OPTIONS") + get, b"GET /metrics HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + get,
        get.replace(b"a\r\n\r\n", b"a\r\n\0X: y\r\n") + get, get.replace(b"a\r\n\r\n", b"a\r\n b\r\n\r\n") + get,
    ],
    "fuzz_head": [
        b"POST HTTP/1.1\nHost: a\nContent-Length: 5\nAuthorization: Bearer k\nX: y",
        b"POST HTTP/1.1\nHost: [::1]:80\nTransfer-Encoding: chunked\nExpect: 100-continue",
    ],
    "fuzz_target": [b"/v1/score?a=b", b"http://host:1/v2/models/score/infer", b"/livez%41", b"https://host"],
    "fuzz_config": [b"--port\n0\n--max-body=1KiB\n--drain-time\n5s\n--log-level=warning\n--insecure-no-auth",
                    b"--address=::1\n--kernel\nauto\n18446744073709551615\n3m\n7TiB\n--help"],
    "fuzz_keys": [b"# comment\n\n12345678\r\n abcdefgh \n"],
    "fuzz_ids": [b"my-id_1", trace, trace.replace(b"00", b"01", 1) + b"-x"],
}
for i, seed in enumerate(seeds[name]):
    open(f"{folder}/{i}", "wb").write(seed)
PYTHON
}

# The folders of raw requests, for the fuzzer that takes them unchanged.
folders_of() {
    [ "$1" = fuzz_http ] && [ -n "$requests" ] && find "$requests" -type d -name '*corpus' -path '*http*'
}

dictionary() {
    case $1 in fuzz_http | fuzz_head | fuzz_target | fuzz_config | fuzz_ids | fuzz_keys) echo tests/fuzz/http.dict ;; *) echo tests/fuzz/numbers.dict ;; esac
}

command -v clang >/dev/null || skip 'clang is not installed'
echo 'int LLVMFuzzerTestOneInput(const char *, unsigned long); int LLVMFuzzerTestOneInput(const char *a, unsigned long b) { return a && b > 99; }' |
    clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null || skip "clang's libFuzzer is not installed"
make -s CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzzers || exit 1

for fuzzer in "$build"/tests/fuzz/fuzz_*; do
    case $fuzzer in *.o | *.d) continue ;; esac
    name=${fuzzer##*/}
    mkdir -p "$corpus/$name" "$corpus/seeds-$name"
    seed "$name" "$corpus/seeds-$name"
    checks=$((checks + 1))
    # shellcheck disable=SC2046  # no or several folders
    if ! "$fuzzer" -max_total_time="$seconds" -max_len=4096 -dict="$(dictionary "$name")" -timeout=60 \
        -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 -artifact_prefix="$corpus/" \
        "$corpus/$name" "$corpus/seeds-$name" $(folders_of "$name") >"$corpus/$name.log" 2>&1; then
        failures=$((failures + 1))
        printf 'fuzz: %s\n' "$name"
        grep -v '^INFO' "$corpus/$name.log" | head -60
    fi
    sed -nE "s/^stat::number_of_executed_units: /$name ran /p" "$corpus/$name.log"
done
printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
