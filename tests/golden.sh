#!/usr/bin/env bash
# golden.sh - check that the golden cases are what their generators write today: run the generators on a copy, and
# compare.  No file may be missing, left over or different.  Prints check's summary line.
set -u
checks=0 failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1

# generate NAME ARGUMENT...
generate() {
    local name=$1
    shift
    checks=$((checks + 1))
    python3 "$work/tests/golden/$name.py" "$@" >"$work/said" 2>&1 && return
    failures=$((failures + 1))
    printf 'golden: %s.py fails:\n%s\n' "$name" "$(tail -n 5 "$work/said")"
}

# The generators find the tables of warnings and formats by path.
ln -s "$PWD/api" "$work/api"
mkdir -p "$work/tests/golden/rank"
cp -r tests/golden/*.py tests/golden/engine_cases "$work/tests/golden"
for generator in cases oracle rank compare completions engines forms infer; do
    generate "$generator"
done

stories=../shared/data/stories260k
if [ -d "$stories" ]; then
    mkdir "$work/tests/golden/stories260k"
    generate stories "$stories"
else
    echo "SKIP the golden outputs of stories260k are not made anew: there is no $stories"
    cp -r tests/golden/stories260k "$work/tests/golden"
fi

for folder in tests/golden/*/; do
    [ "$(basename "$folder")" = __pycache__ ] && continue
    checks=$((checks + 1))
    different=$(diff -rq --exclude=__pycache__ "$folder" "$work/$folder")
    [ -z "$different" ] && continue
    failures=$((failures + 1))
    printf 'golden: %s is not what its generator writes:\n%s\n' "$folder" "$(head -n 20 <<<"$different")"
done
printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
