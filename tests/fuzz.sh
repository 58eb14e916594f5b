#!/usr/bin/env bash
# fuzz.sh SECONDS - build the fuzzers and run each for so long, from the golden requests and what earlier
# runs found (build/fuzz).  Prints check's summary line, so that it counts as a test.
set -u
seconds=${1:-10} checks=0 failures=0
build=build/fuzzer-no-link-address-undefined corpus=build/fuzz

skip() {
    echo "SKIP the fuzzers: $1"
    printf '100%%: Checks: 1, Failures: 0, Errors: 0\n'
    exit 0
}

command -v clang >/dev/null || skip 'clang is not installed'
echo 'int LLVMFuzzerTestOneInput(const char *, unsigned long); int LLVMFuzzerTestOneInput(const char *a, unsigned long b) { return a && b > 99; }' |
    clang -fsanitize=fuzzer -x c - -o /dev/null 2>/dev/null || skip "clang's libFuzzer is not installed"
make -s CC=clang SANITIZE=fuzzer-no-link,address,undefined fuzzers || exit 1

# One body a coding; two members; raw deflate: behind the bytes that choose the coding and the cuts.
compressed_seeds() {
    python3 - "$1" <<'END'
import gzip, sys, zlib
text = b'{"tokens":[0,1],"logits":[[0.5,1.25]]}'
raw = zlib.compressobj(6, zlib.DEFLATED, -15)
seeds = {"gzip": b"\0\7" + gzip.compress(text) + gzip.compress(text), "zlib": b"\1\7" + zlib.compress(text),
         "raw": b"\1\7" + raw.compress(text) + raw.flush(), "zstd": b"\2\7" + bytes.fromhex(
             "28b52ffd04586d00003868656c6c6f2c200100e28a1175f3988e502a4d180300000061626328b52ffd20052b000061")}
for name, seed in seeds.items():
    open(sys.argv[1] + "/coded-" + name, "wb").write(seed)
END
}

for fuzzer in "$build"/tests/fuzz/fuzz_*; do
    case $fuzzer in *.o | *.d) continue ;; esac
    name=${fuzzer##*/}
    mkdir -p "$corpus/$name" "$corpus/seeds-$name"
    for request in tests/golden/*/*/request.json tests/golden/rank/*/*/request.json tests/golden/compare/*/*/request.json; do
        seed=$(dirname "$request" | tr / -)
        { printf '\1\0\050\012' | tail -c "$(case $name in fuzz_score | fuzz_rank | fuzz_compare) echo 4 ;; *) echo 2 ;; esac)"; cat "$request"; } >"$corpus/seeds-$name/$seed"
    done
    if [ "$name" = fuzz_ndjson ]; then
        { printf '\050\012' && sed '' tests/golden/*/t*/request.json; } >"$corpus/seeds-$name/lines"
    fi
    if [ "$name" = fuzz_coding ]; then compressed_seeds "$corpus/seeds-$name"; fi
    for case in tests/golden/infer/*/; do
        [ "$name" = fuzz_infer ] || break
        read -r path length <"$case/line"
        [ "$length" = - ] && length=$(wc -c <"$case/request")
        {
            case $path in *score*) printf '\1' ;; *) printf '\0' ;; esac
            printf '\1\050\012'
            head -c "$length" "$case/request"
            printf '\n'
            tail -c "+$((length + 1))" "$case/request"
        } >"$corpus/seeds-$name/infer_$(basename "$case")"
    done
    checks=$((checks + 1))
    if ! "$fuzzer" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 \
        -verbosity=0 -artifact_prefix="$corpus/" "$corpus/$name" "$corpus/seeds-$name" >"$corpus/$name.log" 2>&1; then
        failures=$((failures + 1))
        printf 'fuzz: %s\n' "$name"
        grep -v '^INFO' "$corpus/$name.log" | head -60
    fi
done
printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
