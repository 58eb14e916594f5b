#!/usr/bin/env bash
# layers.sh BUILD - prove that server -> api -> core -> libc, libm, and nothing points back.
#
# Includes are checked in the source, and what is really called in the archives.  Prints check's
# summary line, so that it counts as a test.
set -u
build=${1:-build} checks=0 failures=0

# say WHAT EVIDENCE: a rule holds when there is no evidence against it.
say() {
    checks=$((checks + 1))
    [ -z "$2" ] && return
    failures=$((failures + 1))
    printf 'layers: %s:\n%s\n' "$1" "$2"
}

# What an archive calls but does not define.
calls() {
    sort -u <(nm -P -u "$1" | awk 'NF >= 2 {print $1}') |
        comm -23 - <(nm -P --defined-only "$1" | awk 'NF >= 2 {print $1}' | sort -u)
}

# libm functions that IEEE 754 rounds exactly, memory, strings; then what compilers insert.
core_may='fma|sqrt|fabs|floor|rint|ldexp|malloc|calloc|realloc|aligned_alloc|free|memcpy|memmove|memset|memcmp|strcmp|strlen|snprintf|vsnprintf'
compiler='__stack_chk_fail|__[a-z]+_chk|__cpu_(model|features2|indicator_init)|_GLOBAL_OFFSET_TABLE_|__(a|t|ub|l)san_.*|__sanitizer_.*|__gcov_.*|__llvm_.*'

say 'core includes a layer above it' "$(grep -rnE '#include "(api|server|tests)/' core)"
say 'api includes a layer above it' "$(grep -rnE '#include "(server|tests)/' api)"
say 'the program includes tests' "$(grep -rnE '#include "tests/' server)"
say 'core includes a foreign header' "$(grep -rnE '#include <(jansson|microhttpd|curl|time|stdio)' core |
    grep -v '^api/base/error.c:.*<stdio.h>')"
say 'jansson leaves api/json/dom.h' "$(grep -rln '#include <jansson.h>' core api server | grep -vx 'api/json/dom.h')"
say 'libmicrohttpd leaves server/http' "$(grep -rln '#include <microhttpd.h>' core api server |
    grep -vE '^server/(http|connection)[a-z_]*\.[ch]$')"
say 'zlib or zstd leaves the codings' "$(grep -rnE '#include <(zlib|zstd)' core api server | grep -vE '^api/exchange/(zlib.h|body_decompress_zstd.c):')"
say 'core calls what is not exact everywhere' "$(calls "$build/libcore.a" | grep -vxE "$core_may|$compiler")"
say 'api calls libmicrohttpd or a socket' "$(calls "$build/libapi.a" | grep -E '^(MHD_|socket|bind|listen|accept|pthread_create)')"
say 'something ends the process where it stands' "$(
    for layer in core api server; do calls "$build/lib$layer.a"; done | grep -xE 'abort|__assert_fail|__assert_rtn'
    grep -rnE '__builtin_(unreachable|trap)' core api server)"
say 'objectives or kernels use one another' "$(grep -nE '#include "core/(objectives|kernels)/' core/objectives/*.c |
    grep -v '\.def"')"

printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
