#!/bin/sh
# docs.sh RNNC -- write again what is generated from the tables and committed
# for readers: the JSON Schema, README's tables of formats and layers, the
# picture of its table of speeds.
set -e
rnnc=$1
new=$(mktemp)
trap 'rm -f "$new"' EXIT

"$rnnc" --schema >"$new"
cat "$new" >compiler/rnnc-model.schema.json

{
    sed '/^<!-- formats:/q' README.md
    echo '| format | what it is |'
    echo '|---|---|'
    "$rnnc" --list-formats | sed 's/^\([^ ]*\) *\(.*\)/| \1 | \2 |/'
    sed -n '/^<!-- \/formats/,$p' README.md
} >"$new"
cat "$new" >README.md

{
    sed '/^<!-- layers:/q' README.md
    echo '| layer | what it does |'
    echo '|---|---|'
    "$rnnc" --list-layers |
        sed -n 's/^\([A-Z][A-Za-z0-9]*\) \{1,\}\(.*\)/| \1 | \2 |/p'
    sed -n '/^<!-- \/layers/,$p' README.md
} >"$new"
cat "$new" >README.md

"$(compiler/deps.sh python)" tests/bench/picture.py <README.md >"$new"
cat "$new" >examples/speed.svg
