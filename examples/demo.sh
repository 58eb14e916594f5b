#!/bin/sh
# demo.sh PROGRAM - start logitd, post the examples, show the answers, stop logitd.
set -eu
program=${1:-build/logitd}
here=$(dirname "$0")
work=$(mktemp -d)
: >"$work/err"
"$program" --port 0 >"$work/log" 2>"$work/err" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

# The first line on stderr says the address.
tries=0
until url=$(sed -n 's/^listening on //p' "$work/err") && [ -n "$url" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$server" 2>/dev/null; then
        echo "demo: the server did not start:" >&2
        cat "$work/err" >&2
        exit 1
    fi
    sleep 0.1
done
echo "$program listens on $url"

post() {
    printf '\n%s\n  POST /v1/score < examples/%s.json\n' "$2" "$1"
    status=$(curl -sS -o "$work/answer" -w '%{http_code}' -H 'Content-Type: application/json' \
        --data-binary "@$here/$1.json" "$url/v1/score")
    if [ "$status" != 200 ]; then
        echo "demo: the answer is $status:" >&2
        cat "$work/answer" >&2
        exit 1
    fi
    python3 "$here/show.py" "$here/$1.json" "$work/answer" "$here/texts.json" "$1"
}

post worked 'The worked example: log P(deep) = -0.7 and log P(learning) = -0.4 make -1.1.'
post once 'A story with its prompt: all three objectives from one pass over the logits.'
post empty_x 'A story without a prompt: token 0 only begins the sequence.'
post animal 'Multiple choice: what did the dog say?'
post length 'Multiple choice where the length matters.'

kill -TERM "$server"
code=0
wait "$server" || code=$?
if [ "$code" -ne 0 ]; then
    echo "demo: the server ended with exit code $code" >&2
    exit 1
fi
printf '\nThe server logged %s requests and stopped.\n' "$(grep -c http.request.method "$work/log")"
echo 'Next: make run serves on http://127.0.0.1:8080/. Open that in a browser, or post the requests of README.md.'
