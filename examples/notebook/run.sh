#!/bin/sh
# run.sh RNNC OUT: compiles model.json as float and as double into OUT, builds
# main.c with each, and runs both.
set -eu
here=$(dirname "$0")
rnnc=$1
out=$2
for type in float double; do
    mkdir -p "$out/$type"
    "$rnnc" "$here/model.json" --type $type -H -o "$out/$type/notebook.c"
    ${CC:-cc} -std=c99 -O2 -DREAL=$type -I"$out/$type" -o "$out/$type/notebook" \
        "$here/main.c" "$out/$type/notebook.c"
    "$out/$type/notebook"
done
