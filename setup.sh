#!/bin/sh
# shellcheck disable=SC2086  # lists of packages are meant to be split
# setup.sh GROUP... - install the packages that packages.txt lists for the groups and that are missing.
#
# With apt-get it installs them (through sudo where that is needed and there); without, it says what to
# install and fails.  A package may have alternatives, PACKAGE|OTHER: the first that the system knows.
set -eu
cd "$(dirname "$0")"

wanted=''
for group in "$@"; do
    wanted="$wanted $(awk -v group="$group" '$1 == group {print $2}' packages.txt)"
done
if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian or Ubuntu; please install what these packages hold:" >&2
    printf '  %s\n' $wanted | sort -u >&2
    exit 1
fi

installed() {
    dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q '^install ok installed$'
}

missing=''
for package in $(printf '%s\n' $wanted | sort -u); do
    for name in $(echo "$package" | tr '|' ' '); do
        if installed "$name"; then continue 2; fi
    done
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "setup: please install:$missing" >&2
    exit 1
fi
root=''
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: not root and no sudo; please run: apt-get install$missing" >&2
        exit 1
    fi
    root=sudo
fi
echo "setup: installing$missing"
$root apt-get update -qq
chosen=''
for package in $missing; do
    for name in $(echo "$package" | tr '|' ' '); do
        if apt-cache show "$name" >/dev/null 2>&1; then
            chosen="$chosen $name"
            break
        fi
    done
done
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $chosen >/dev/null
