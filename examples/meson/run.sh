#!/bin/sh
# run.sh RNNC OUT -- installs rnnc to OUT/usr, builds this project, runs it.
set -eu
mkdir -p "$2"
out=$(cd "$2" && pwd)
here=$(dirname "$0")
PREFIX="$out/usr" "$here/../../compiler/packaging/install.sh" install "$1"
export PATH="$out/usr/bin:$PATH"
rm -rf "$out/build"
meson setup "$out/build" "$here"
ninja -C "$out/build"
echo 1 1 1 | "$out/build/smooth"
