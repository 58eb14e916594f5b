#!/bin/sh
# shellcheck disable=SC2086  # lists of packages are split on purpose
# setup.sh GROUP... - install the missing packages of the groups, as listed in packages.txt.
#
# It calls apt-get, through sudo unless it runs as root.  Where there is no apt-get or no sudo, it prints
# what to install and fails.  Of alternatives, PACKAGE|OTHER, it takes the first that the system knows.
set -eu
cd "$(dirname "$0")"

wanted=''
for group in "$@"; do
    wanted="$wanted $(awk -v group="$group" '$1 == group {print $2}' packages.txt)"
done
if ! command -v dpkg-query >/dev/null; then
    echo "setup: this is not Debian or Ubuntu; please install the contents of these packages:" >&2
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
