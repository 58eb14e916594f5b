#!/usr/bin/env bash
# run.sh LABEL=PROGRAM... [--alone LABEL=PROGRAM...] - run test programs, one a CPU at a time, and sum up
# what they say, in order.  Those behind --alone run one after another, when the others have ended.
#
# A program ends with check's line "100%: Checks: 3, Failures: 0, Errors: 0" (more than one is fine)
# and may print lines "SKIP reason" for what the machine lacks; a skip passes nothing.  The last line printed is
# "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed and something passed.
# JOBS says how many run at a time.
set -u
passed=0 failed=0 skipped=0
jobs=${JOBS:-$(nproc 2>/dev/null || echo 1)}
work=$(mktemp -d)
trap 'kill "$runner" 2>/dev/null; rm -rf "$work"' EXIT

# What a program prints is NUMBER.log; NUMBER.code, its exit code and its seconds, is there when it has
# ended.
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

# report LABEL NUMBER: add up what a program said, and show it where something is wrong.
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
