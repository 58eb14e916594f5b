#!/usr/bin/env bash
# cross.sh BUILD - check that every kernel, every compiler and another architecture give the same bits.
#
# BUILD/tests/cross/bits prints a digest for every kernel of this machine.  The same program must print the same
# digests when other compilers build it, and when it runs on AArch64 under an emulator.  If a tool is missing,
# the check is skipped with the reason.  The last line is check's summary line, so this counts as a test.
set -u
build=${1:-build} checks=0 failures=0
sources=(tests/cross/bits.c core/*.c core/objectives/*.c core/preference/*.c core/policy/*.c)
flags=(-std=c11 -O2 -ffp-contract=off -D_GNU_SOURCE -I.)

# compare LABEL COMMAND...: run the command.  All digests that it prints must be the native one.
compare() {
    local label=$1 found
    shift
    checks=$((checks + 1))
    found=$("$@" | awk '{print $2}' | sort -u)
    [ "$found" = "$native" ] && return
    failures=$((failures + 1))
    printf 'cross: %s gives %s, not %s\n' "$label" "$found" "$native"
}

native=$("$build/tests/cross/bits" | awk '{print $2}' | sort -u)
checks=$((checks + 1))
[ "$(wc -w <<<"$native")" -eq 1 ] || { failures=$((failures + 1)); "$build/tests/cross/bits"; }

mkdir -p "$build/cross"
if command -v clang >/dev/null && [ "$(uname -m)" = x86_64 ]; then
    kernels=()
    while read -r name more; do
        # shellcheck disable=SC2086  # flags are split on purpose
        clang "${flags[@]}" $more -c "core/kernels/$name.c" -o "$build/cross/$name.o" && kernels+=("$build/cross/$name.o")
    done < <(make -s kernel-flags)
    clang "${flags[@]}" "${sources[@]}" "${kernels[@]}" -lm -o "$build/cross/bits-clang" &&
        compare clang "$build/cross/bits-clang"
else
    echo 'SKIP the bits of clang: clang is not installed'
fi

if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
    aarch64-linux-gnu-gcc "${flags[@]}" "${sources[@]}" core/kernels/{neon,scalar}.c -static -lm \
        -o "$build/cross/bits-aarch64" && compare AArch64 qemu-aarch64 "$build/cross/bits-aarch64"
else
    echo 'SKIP the bits of NEON: aarch64-linux-gnu-gcc or qemu-aarch64 is not installed'
fi

printf '%d%%: Checks: %d, Failures: %d, Errors: 0\n' $((100 * (checks - failures) / checks)) "$checks" "$failures"
[ "$failures" -eq 0 ]
