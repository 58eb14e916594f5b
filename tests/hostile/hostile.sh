# shellcheck shell=bash
# hostile.sh - hostile.py's counting, figures and record for suites in bash, which source it:
#
#   . tests/hostile/hostile.sh
#   suite R24 "The binary" "what was done, in a sentence" "$@"
#   say 'a rule' "$(evidence against it)"
#   figure name value;  skip reason;  found what;  remains what
#   finish "how much was run, in words"
#
# $program is the release build, $long is 1 in the long form, $work a folder that goes away.

suite() {
    cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
    suite_name=$1 suite_title=$2 suite_ran=$3 suite_script=$0 checks=0 failures=0 suite_lines=''
    shift 3
    program=build/logitd long=${LOGITD_TEST_LONG:+1} work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # shellcheck disable=SC2034  # the suite reads $program
    while [ $# -gt 0 ]; do
        case $1 in
        --long) long=1 ;;
        --seed) shift ;;
        *) program=$1 ;;
        esac
        shift
    done
    rm -f "build/reliability/$suite_name.json"
}

# say WHAT EVIDENCE: a rule holds when there is no evidence against it.
say() {
    checks=$((checks + 1))
    [ -z "$2" ] && return
    failures=$((failures + 1))
    printf 'FAIL %s: %s:\n%s\n' "$suite_name" "$1" "$(head -n 30 <<<"$2")"
}

suite_note() { suite_lines="$suite_lines$1"$'\t'"$2"$'\t'"${3:-}"$'\n'; }
figure() { suite_note figure "$1" "$2" && printf 'FIGURE %s = %s\n' "$1" "$2"; }
skip() { suite_note skipped "$1" && printf 'SKIP %s: %s\n' "$suite_name" "$1"; }
found() { suite_note found "$1"; }
remains() { suite_note remains "$1"; }

finish() {
    python3 - "$suite_name" "$suite_title" "$suite_ran" "$1" "$suite_script" "$checks" "$failures" \
        "${long:+long}" "$suite_lines" <<'END'
import sys
sys.path.insert(0, "tests/hostile")
import hostile
name, title, ran, amount, script, checks, failures, long, lines = sys.argv[1:]
notes = [line.split("\t") for line in lines.splitlines()]
said = lambda kind: [note[1] for note in notes if note[0] == kind]
hostile.write_record({
    "suite": name, "title": title, "form": long or "short", "ran": ran, "amount": amount,
    "checks": int(checks), "failures": int(failures),
    "figures": {note[1]: note[2] for note in notes if note[0] == "figure"},
    "skipped": said("skipped"), "found": said("found"), "remains": said("remains"),
    "command": f"{script} build/logitd" + (" --long" if long else "")})
END
    printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
    [ "$failures" -eq 0 ]
}
