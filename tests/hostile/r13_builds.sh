#!/usr/bin/env bash
# r13_builds.sh [--long] - gcc and clang build the program without a warning, also with more warnings than the
# Makefile asks for, and each build answers the worked example.  The long form adds the builds with sanitizers
# and make lint.
# shellcheck source=tests/hostile/hostile.sh
. "$(dirname "$0")/hostile.sh"
suite R13 "Builds" "gcc and clang build the release with the Makefile's flags and with more warnings, each in \
a folder of its own. Both programs must answer the worked example with the same bytes. The long form also builds \
with the sanitizers and runs make lint." "$@"

# Warnings that the Makefile does not ask for.
more='-Wnull-dereference -Wundef -Wpointer-arith -Wimplicit-fallthrough -Wunused -Walloca'
gcc_more='-Wcast-align -Wlogical-op -Wduplicated-cond -Wtrampolines -Walloc-zero'
clang_more='-Wunreachable-code -Wcomma'
# What a packager gets: neither tests/ nor bench/.
git ls-files -z -- Makefile core api server web examples |
    xargs -0 cp --parents -t "$work"

# build COMPILER NAME OPTIONS...: evidence if the compiler prints anything.
build() {
    local compiler=$1 name=$2
    shift 2
    env -u MAKEFLAGS -u MAKELEVEL make -s -C "$work" CC="$compiler" B="build/$name" "$@" "build/$name/logitd" 2>&1 |
        grep -vE '^  (CC|AR|LD) '
}

# answer NAME: the answer of that build to the worked example.
answer() {
    PYTHONPATH=tests/hostile python3 - "$work/build/$1/logitd" <<'END'
import sys
from hostile import Server, load
with Server(sys.argv[1]) as server:
    reply = server.post("/v1/score", load("examples/worked.json"))
print(reply.status, reply.body.decode(), "exit status", server.code, server.sanitizer_report())
END
}

# check COMPILER NAME OPTIONS...: the build and its answer.
check() {
    say "$2 builds without a word" "$(build "$@")"
    answer "$2" >"$work/$2.answer" 2>&1
    say "$2 answers the worked example" "$(tr -d '\n' <"$work/$2.answer" |
        grep -vE '^200 .*"conditional":\{"log_prob":-1\.1,.* exit status 0 *$')"
    built="$built $2"
}

built=''
warnings=$(sed -n '/^WARNINGS ?=/,/[^\\]$/p' Makefile | sed 's/^WARNINGS ?= //; s/\\$//' | tr '\n' ' ')
check gcc gcc WARNINGS="$warnings $more $gcc_more"
if command -v clang >/dev/null; then
    check clang clang WARNINGS="$warnings $more $clang_more"
    if [ -n "$long" ]; then
        check clang clang-address SANITIZE=address,undefined
        check clang clang-thread SANITIZE=thread
    fi
else
    skip "clang is not installed"
fi
if [ -n "$long" ]; then
    check gcc gcc-address SANITIZE=address,undefined
    check gcc gcc-thread SANITIZE=thread
    check gcc gcc-debug CFLAGS='-O0 -g'
    check gcc gcc-fast CFLAGS='-O3 -g'
    say 'make lint has nothing to say' "$(make -s lint 2>&1 || true)"
fi
for name in $built; do
    say "$name answers the same bytes as gcc" "$(diff "$work/gcc.answer" "$work/$name.answer")"
done
figure 'builds' "$(wc -w <<<"$built")"
finish "$(wc -w <<<"$built") builds"
