#!/bin/sh
# run.sh RNNC OUT -- installs rnnc to OUT/usr, builds this project, runs it.
set -eu
mkdir -p "$2"
out=$(cd "$2" && pwd)
here=$(dirname "$0")
PREFIX="$out/usr" "$here/../../compiler/packaging/install.sh" install "$1"
cmake -S "$here" -B "$out/build" -DCMAKE_PREFIX_PATH="$out/usr"
cmake --build "$out/build"
echo 1 1 1 | "$out/build/smooth"
