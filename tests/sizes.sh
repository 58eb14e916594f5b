#!/usr/bin/env bash
# sizes.sh - no file of the program and its tests is over 500 lines; no function of the program is over 60,
# and half of them are at most 12.  A function's body is what stands from a line that begins with { to the
# next that begins with }, as clang-format writes it.  Prints check's summary line.
set -u
checks=0 failures=0

# say WHAT EVIDENCE: a rule holds when there is no evidence against it.
say() {
    checks=$((checks + 1))
    [ -z "$2" ] && return
    failures=$((failures + 1))
    printf 'sizes: %s:\n%s\n' "$1" "$2"
}

program=$(find core api server -name '*.[ch]')
say 'no file is over 500 lines' "$(find core api server web tests bench -type f \( -name '*.[ch]' -o -name '*.def' -o -name '*.py' -o \
    -name '*.sh' -o -name '*.mk' -o -name '*.mjs' -o -name '*.js' -o -name '*.css' -o -name '*.html' \) -exec awk 'END {if (FNR > 500) print FILENAME ": " FNR " lines"}' {} \;)"

# The length of each function, and where it begins.
# shellcheck disable=SC2086  # a list of names
functions=$(awk '/^\{/ {begin = FNR} /^\}/ && begin {print FNR - begin + 1, FILENAME ":" begin; begin = 0}' $program | sort -n)
say 'no function is over 60 lines' "$(awk '$1 > 60 {print $2 ": " $1 " lines"}' <<<"$functions")"
say 'half of the functions are at most 12 lines' "$(awk '{lines[NR] = $1}
    END {if (lines[int((NR + 1) / 2)] > 12) print "of " NR " the median is " lines[int((NR + 1) / 2)]}' <<<"$functions")"
say 'there are functions' "$([ "$(wc -l <<<"$functions")" -gt 1 ] || echo none)"

printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
