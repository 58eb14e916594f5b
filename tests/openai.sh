#!/usr/bin/env bash
# openai.sh PROGRAM - run OpenAI's own JavaScript client against the program (tests/openai).  It is skipped if there
# is no node, or if npm cannot fetch the client.  Prints check's summary line.
set -u
program=$1 folder=build/npm

skip() {
    echo "SKIP the client of OpenAI: $1"
    exit 0
}

for tool in node npm; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done
mkdir -p "$folder"
cp tests/openai/package*.json tests/openai/openai.mjs "$folder"
wanted=$(sed -nE 's/.*"openai": "([^"]+)".*/\1/p' tests/openai/package.json)
if ! grep -qs "\"version\": \"$wanted\"" "$folder/node_modules/openai/package.json" &&
    ! (cd "$folder" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1); then
    if grep -qE 'EINTEGRITY|EUSAGE' "$folder/npm.log"; then # npm could fetch it, but it is not the locked version
        cat "$folder/npm.log"
        exit 1
    fi
    skip "npm cannot install it ($(grep -m 1 'npm error' "$folder/npm.log" || echo 'it took too long'))"
fi

said=$(mktemp)
trap 'rm -f "$said"' EXIT
"$program" --port 0 2>"$said" >/dev/null &
server=$!
for _ in $(seq 100); do
    url=$(sed -n 's/^listening on //p' "$said")
    [ -n "$url" ] && break
    sleep 0.1
done
(cd "$folder" && timeout 60 node openai.mjs "$url")
code=$?
kill "$server"
wait "$server" || code=1
exit "$code"
