#!/usr/bin/env bash
# web.sh PROGRAM [PART...] - use the page of the program in a real Chromium (tests/web; a part is a file of its cases).
# It is skipped where there is no node, npm or browser, or if npm cannot fetch what it needs.  CHROMIUM is the browser
# to take.  Screenshots are kept in build/web-tests/screenshots.  Prints check's summary line, and
# "N passed, N failed, N skipped".
set -u
program=$1 folder=build/web-tests
shift

skip() {
    printf 'SKIP the page in a browser: %s\n0 passed, 0 failed, 1 skipped\n' "$1"
    exit 0
}

for tool in node npm; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' || skip "node $(node --version) is older than 20"
browser=${CHROMIUM:-$(command -v chromium || command -v google-chrome || command -v google-chrome-stable)}
[ -x "$browser" ] || skip "there is no chromium"

mkdir -p "$folder"
rm -rf "$folder/cases" "$folder/screenshots"
cp -r tests/web/. "$folder"
if ! cmp -s tests/web/package-lock.json "$folder/node_modules/installed.json" &&
    ! { (cd "$folder" && timeout 180 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) &&
        cp tests/web/package-lock.json "$folder/node_modules/installed.json"; }; then
    if grep -qE 'EINTEGRITY|EUSAGE' "$folder/npm.log"; then # npm could fetch it, but it is not the locked version
        cat "$folder/npm.log"
        exit 1
    fi
    skip "npm cannot install it ($(grep -m 1 'npm error' "$folder/npm.log" || echo 'it took too long'))"
fi
exec timeout 2400 node "$folder/run.mjs" "$program" "$browser" "$@"
