#!/bin/sh
# run.sh RNNC OUT -- installs rnnc to OUT/usr, builds a copy of this project,
# runs it.
set -eu
mkdir -p "$2"
out=$(cd "$2" && pwd)
here=$(dirname "$0")
PREFIX="$out/usr" "$here/../../compiler/packaging/install.sh" install "$1"
export PATH="$out/usr/bin:$PATH" PKG_CONFIG_PATH="$out/usr/share/pkgconfig"
cp "$here/Makefile" "$here/main.c" "$here/smooth.json" "$out"
cd "$out"
make
echo 1 1 1 | build/smooth
