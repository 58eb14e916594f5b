#!/usr/bin/env bash
# docs.sh PROGRAM - check the documents: docs/reference.md is the output of --docs, pages have what tables say,
# each format has a page, --help names every setting, every link leads to a file or a heading, every page is linked
# from another, and CHANGELOG.md begins with the version.  Prints check's summary line.
set -u
program=$1 checks=0 failures=0

# say WHAT EVIDENCE: one check.  It fails if there is any evidence; WHAT describes the failure.
say() {
    checks=$((checks + 1))
    [ -z "$2" ] && return
    failures=$((failures + 1))
    printf 'docs: %s:\n%s\n' "$1" "$2"
}

say 'docs/reference.md is out of date (make docs)' "$(diff docs/reference.md <("$program" --docs) | head -n 20)"
say 'pages have not what docs/reference.md says (make docs)' "$(python3 docs/heads.py --check)"

missing=''
while read -r format; do
    grep -qs "^<!-- make docs: format $format -->" docs/engines/*.md || missing="$missing $format"
done < <(sed -nE '/^## Formats of outputs/,/^## /s/^\| [^a-z]([a-z_0-9]+)[^a-z] \|.*/\1/p' docs/reference.md)
say 'formats have no page in docs/engines' "$missing"

missing=''
for family in preference:preferences policy:policies; do
    while read -r name; do
        grep -q "^| \`$name\`" "docs/${family%:*}.md" || missing="$missing $name"
    done < <(sed -nE 's/^[A-Z]+\(([a-z_]+)\)$/\1/p' "core/${family#*:}.def")
done
say 'objectives have no row in docs/preference.md or docs/policy.md' "$missing"

help=$("$program" --help)
missing=''
while read -r name; do
    case "$help" in *"--$name"*) ;; *) missing="$missing $name" ;; esac
done < <(sed -nE 's/^SETTING\([a-z]+, *([a-z_]+),.*/\1/p' server/config.def | tr _ -)
say '--help lacks settings' "$missing"

say 'links lead nowhere, or pages have none' "$(python3 tests/links.py)"

version=$("$program" --version)
changelog=$(sed -nE 's/^## ([0-9.]+).*/\1/p' CHANGELOG.md | head -n 1)
say 'CHANGELOG.md begins with another version' \
    "$([ "$version" = "logitd $changelog" ] || echo "program: $version; CHANGELOG.md: $changelog")"

printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
