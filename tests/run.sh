#!/usr/bin/env bash
# run.sh LABEL=PROGRAM... - run test programs, and sum up what they say.
#
# A program ends with check's line "100%: Checks: 3, Failures: 0, Errors: 0" (more than one is fine)
# and may print lines "SKIP reason" for what the machine lacks.  The last line printed is
# "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed and something passed.
set -u
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for item in "$@"; do
    label=${item%%=*} program=${item#*=}
    printf '== %s\n' "$label"
    bash -c "$program" >"$log" 2>&1
    code=$?
    read -r checks bad < <(sed -nE 's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+)$/\1 \2 \3/p' "$log" |
        awk '{c += $1; b += $2 + $3} END {print c + 0, b + 0}')
    skips=$(grep -c '^SKIP ' "$log")
    if [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1 checks=$((checks + 1))
    fi
    if [ "$bad" -gt 0 ] || [ "$checks" -eq 0 ]; then
        cat "$log"
        printf 'FAIL %s (exit code %s)\n' "$label" "$code"
        [ "$checks" -gt 0 ] || bad=1 checks=1
    else
        grep '^SKIP ' "$log"
    fi
    passed=$((passed + checks - bad)) failed=$((failed + bad)) skipped=$((skipped + skips))
done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
