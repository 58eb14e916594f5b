#!/usr/bin/env bash
# r24_binary.sh [PROGRAM] - what the release binary is made of: hardening, libraries, functions that are
# never called, and that a build in another folder is the same bytes.
# shellcheck source=tests/hostile/hostile.sh
. "$(dirname "$0")/hostile.sh"
suite R24 "The binary" "The release build and its source are checked: hardening, libraries, functions that \
must not be called, stack sizes that a client could choose. Then the program is built again in a folder \
whose name has another length, and compared." "$@"

headers=$(readelf -Wlhd "$program") symbols=$(nm -D --undefined-only "$program" | awk '{print $2}' | sed 's/@.*//')
sources=$(git ls-files 'core/*.[ch]' 'api/*.[ch]' 'server/*.[ch]')
machine=$(uname -m)

# needs PATTERN TEXT: evidence where a pattern is not in a text.
needs() { grep -qE -- "$1" <<<"$2" || printf 'no %s\n' "$1"; }
# calls NAMES: which of these functions the program takes from its libraries.
calls() { grep -xE "$1" <<<"$symbols"; }
# uses NAMES: where the source calls them.
uses() { echo "$sources" | xargs grep -nE "\\b($1)[[:space:]]*\(" | grep -vE ':[0-9]+: *(/?\*|//)'; }

say 'a position independent executable' "$(needs 'Type: +DYN' "$headers"; needs 'FLAGS_1.*PIE' "$headers")"
say 'full RELRO' "$(needs 'GNU_RELRO' "$headers"; needs 'BIND_NOW|FLAGS_1.*NOW' "$headers")"
say 'no stack that can be executed, no segment that can be written and executed' \
    "$(needs 'GNU_STACK.* RW ' "$headers"; grep -E '^ +LOAD .* RWE ' <<<"$headers")"
say 'stack protector' "$(needs '__stack_chk_fail' "$symbols")"
say 'FORTIFY' "$(needs '_chk$' "$(calls '__(memcpy|snprintf|vsnprintf|read|recv)_chk')")"
say 'no RPATH' "$(grep -E 'R(UN)?PATH' <<<"$headers")"
if [ "$machine" = x86_64 ]; then
    say 'every object is marked for CET' "$(find "$(dirname "$program")"/{core,api,server} -name '*.o' |
        while read -r object; do needs 'IBT, SHSTK' "$(readelf -n "$object")" | sed "s|^|$object: |"; done)"
    remains "The C library's start files of Debian 12 have no CET note, so the program as a whole has none; each of its objects has."
else
    skip "CET is of x86-64"
fi

say 'functions without a bound, or that a signal or thread makes unsafe' \
    "$(calls 'gets|strcpy|strcat|stpcpy|sprintf|vsprintf|strtok|atoi|atol|atof|tmpnam|mktemp|tempnam|rand|srand|random|setlocale|system|popen|alloca|gmtime|localtime|ctime|asctime')"
say 'the same in the source' \
    "$(uses 'gets|strcpy|strcat|stpcpy|sprintf|vsprintf|strtok|atoi|atol|atof|tmpnam|mktemp|setlocale|system|popen|alloca|__builtin_alloca')"
say "libmicrohttpd's post processor, upgrades, digest" \
    "$(calls 'MHD_(create_post_processor|upgrade_action|create_response_for_upgrade|digest_auth.*|basic_auth.*|get_connection_values_post)')"
say 'the same in the source, and flags' \
    "$(echo "$sources" | xargs grep -nE 'MHD_(create_post_processor|upgrade_action|create_response_for_upgrade|ALLOW_UPGRADE|USE_TLS_WITHOUT|digest_auth|basic_auth)')"
say 'no text is scanned without a width' "$(echo "$sources" | xargs grep -nE 'scanf\(.*%(s|\[)')"
say 'jansson never dumps or copies what a client sent' "$(calls 'json_(dump.*|deep_copy)')"
say 'nothing connects, forks or runs a program' "$(calls 'fork|vfork|execv.*|execl.*|posix_spawn.*|dlopen')"
say 'the Makefile forbids arrays of variable length' "$(needs '-Wvla' "$(grep -E -A2 '^WARNINGS' Makefile)")"
say 'nothing built says where' "$(strings -n 8 "$program" | grep -F "$PWD/" | head -n 5)"

# What it may be linked with: the libraries of packages.txt and what these need themselves.
allowed='linux-vdso|libmicrohttpd|libjansson|libz|libzstd|libm|libc|ld-linux[a-z0-9-]*'
indirect='libgnutls|libp11-kit|libidn2|libunistring|libtasn1|libhogweed|libnettle|libgmp|libffi'
say 'libraries' "$(ldd "$program" | awk '{print $1}' | sed 's|.*/||' | grep -vE "^($allowed|$indirect)\.so")"
say 'libraries of its own' "$(grep -oE 'NEEDED.*\[[^]]*' <<<"$headers" | sed 's/.*\[//' | grep -vE "^($allowed)\.so")"
figure 'libraries it asks for itself' "$(grep -c NEEDED <<<"$headers")"

# The largest frame of a function: a thread's stack is never in doubt.
frames() {
    for source in $(echo "$sources" | grep '\.c$' | grep -vE 'kernels/|readers/(avx|neon)'); do
        gcc -std=c11 -D_GNU_SOURCE -I. -I"$(dirname "$program")" -O2 -fPIE -fstack-usage -w -c -o "$work/frame.o" "$source" -dumpbase frame &&
            awk '{print $2, $3, $1}' "$work"/*frame*.su
        rm -f "$work"/*.su
    done | sort -rn
}
all_frames=$(frames)
say 'every frame has a size that the compiler knows' "$(grep ' dynamic ' <<<"$all_frames")"
say 'no frame is larger than 64 KiB' "$(awk '$1 > 65536' <<<"$all_frames")"
figure 'largest frame of a function, bytes' "$(awk 'NR == 1 {print $1}' <<<"$all_frames")"

# The program again, in another folder.
build_in() {
    mkdir -p "$1" && git ls-files -z -- Makefile core api server web tests/tests.mk tests/hostile/hostile.mk bench/bench.mk |
        xargs -0 cp --parents -t "$1"
    env -u MAKEFLAGS -u MAKELEVEL make -s -C "$1" all >"$1.log" 2>&1 || cat "$1.log"
}
say 'a build in another folder' "$(build_in "$work/another/deeper")"
say 'it is the same bytes' "$(cmp "$program" "$work/another/deeper/build/logitd" 2>&1)"

remains "The libraries themselves are Debian's: their hardening is Debian's, too."
finish "1 binary, $(wc -w <<<"$sources") source files, a second build"
