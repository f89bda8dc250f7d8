#!/bin/sh
# deb.sh OUT -- a Debian package in OUT, built from a copy of the sources.
set -eu
out=$1
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^#define RNNC_VERSION "\(.*\)"/\1/p' compiler/rnnc.h)
tree=$out/rnnc-$version
rm -rf "$out"
mkdir -p "$tree"
cp -r Makefile LICENSE README.md compiler templates runtime examples "$tree"
find "$tree" -name __pycache__ -prune -exec rm -r {} +
mv "$tree/compiler/packaging/debian" "$tree/debian"
sed -i "s/@VERSION@/$version/" "$tree/debian/changelog"
cd "$tree"
unset BUILD PREFIX DESTDIR CC CFLAGS CPPFLAGS LDFLAGS LDLIBS MAKEFLAGS MAKELEVEL
dpkg-buildpackage -us -uc
