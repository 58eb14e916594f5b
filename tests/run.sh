#!/usr/bin/env bash
# run.sh LABEL=PROGRAM... [--alone LABEL=PROGRAM...] - run test programs, one on each CPU at a time, and report their
# results in order.  Programs after --alone run one after another, when the others have ended.
#
# A program prints check's summary line, "100%: Checks: 3, Failures: 0, Errors: 0", at least once.  It may print
# "SKIP reason" if the machine lacks something; a skip is not a pass.  The last line of this script is
# "N passed, N failed, N skipped".  Its exit code is 0 only if nothing failed and something passed.
# JOBS is the number of programs that run at a time.
set -u
passed=0 failed=0 skipped=0
jobs=${JOBS:-$(nproc 2>/dev/null || echo 1)}
work=$(mktemp -d)
trap 'kill "$runner" 2>/dev/null; rm -rf "$work"' EXIT

# run_one NUMBER PROGRAM: the output goes to NUMBER.log.  NUMBER.code, with the exit code and the seconds, appears
# when the program has ended.
run_one() {
    local begin=$SECONDS
    bash -c "$2" >"$work/$1.log" 2>&1
    echo "$? $((SECONDS - begin))" >"$work/$1.ended" && mv "$work/$1.ended" "$work/$1.code"
}

run_all() {
    local number=0
    for item in "$@"; do
        if [ "$item" = --alone ]; then
            wait
            jobs=1
            continue
        fi
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
        run_one "$number" "${item#*=}" &
        number=$((number + 1))
    done
    wait
}

# report LABEL NUMBER: add the counts of a program to the sums, and show its output if something is wrong.
report() {
    local label=$1 log=$work/$2.log code seconds checks bad skips
    read -r code seconds <"$work/$2.code"
    printf '== %s (%s s)\n' "$label" "$seconds"
    read -r checks bad < <(sed -nE 's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+)$/\1 \2 \3/p' "$log" |
        awk '{c += $1; b += $2 + $3} END {print c + 0, b + 0}')
    skips=$(grep -c '^SKIP ' "$log")
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1 checks=$((checks + 1))
    fi
    if [ "$bad" -gt 0 ] || [ $((checks + skips)) -eq 0 ]; then
        cat "$log"
        printf 'FAIL %s (exit code %s)\n' "$label" "$code"
        [ "$checks" -gt 0 ] || bad=1 checks=1
    else
        grep -E '^(SKIP|FIGURE) ' "$log"
    fi
    passed=$((passed + checks - bad)) failed=$((failed + bad)) skipped=$((skipped + skips))
}

run_all "$@" &
runner=$!
number=0
for item in "$@"; do
    [ "$item" = --alone ] && continue
    until [ -e "$work/$number.code" ]; do sleep 0.1; done
    report "${item%%=*}" "$number"
    number=$((number + 1))
done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
