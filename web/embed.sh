#!/bin/sh
# embed.sh OUT FILE... - write OUT/assets.def, which says what the program embeds, and compress each file into OUT.
#
# A row is ASSET(number, path below web/, the file, the compressed file, a hash of what it holds).
set -eu
out=$1
shift
mkdir -p "$out"
number=0
for file in "$@"; do
    name=${file#web/}
    packed=$out/$(echo "$name" | tr / -).gz
    gzip -9nc "$file" > "$packed"
    hash=$(sha256sum < "$file" | cut -c 1-32)
    echo "ASSET($number, \"$name\", \"$file\", \"$packed\", \"$hash\")"
    number=$((number + 1))
done > "$out/assets.def"
