#!/usr/bin/env bash
# golden.sh - check that the golden cases, and the data of the unit tests, are what their generators write today: run
# the generators on a copy, and compare.  No file may be missing, left over or different.  Prints check's summary line.
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
mkdir -p "$work/tests/golden/rank" "$work/tests/golden/preference"
cp -r tests/golden/*.py tests/golden/engine_cases "$work/tests/golden"
for generator in cases oracle padded packed windowed rank compare policy preference completions engines forms infer infer_whole; do
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

objectives=../shared/data/objectives
if [ -d "$objectives" ]; then
    generate peers "$objectives"
else
    echo "SKIP the peers' numbers are not trimmed anew: there is no $objectives"
    cp -r tests/golden/peers "$work/tests/golden"
fi

for folder in tests/golden/*/; do
    [ "$(basename "$folder")" = __pycache__ ] && continue
    checks=$((checks + 1))
    different=$(diff -rq --exclude=__pycache__ "$folder" "$work/$folder")
    [ -z "$different" ] && continue
    failures=$((failures + 1))
    printf 'golden: %s is not what its generator writes:\n%s\n' "$folder" "$(head -n 20 <<<"$different")"
done
# printed FILE COMMAND...: the file is what the command prints.
printed() {
    local file=$1 different
    shift
    checks=$((checks + 1))
    different=$("$@" 2>&1 | diff "$file" - | head -n 10)
    [ -z "$different" ] && return
    failures=$((failures + 1))
    printf 'golden: %s is not what its generator prints:\n%s\n' "$file" "$different"
}

data=tests/unit/data vectors=../shared/data/vectors
printed $data/doubles.txt python3 $data/doubles.py
printed $data/statistics.def python3 $data/statistics.py
printed $data/preferences.def python3 $data/preferences.py
if python3 -c 'import mpmath' 2>/dev/null; then
    printed core/real_tables.h python3 $data/real_tables.py
else
    echo 'SKIP core/real_tables.h is not made anew: python3-mpmath is not installed'
fi
if [ -d "$vectors" ]; then
    printed $data/vectors.h python3 $data/vectors.py "$vectors"
else
    echo "SKIP $data/vectors.h is not made anew: there is no $vectors"
fi

printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
