#!/bin/sh
# build_host.sh DIR -- builds rnnc for this machine as DIR/build/rnnc, whatever
# the project around it is built for. HOST_CC is the compiler (cc).
#
# make cannot name a file with a blank, and a checkout may be read-only; so the
# build happens in DIR, which sees the checkout through links.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
cd "$1"
for name in Makefile compiler templates runtime; do
    ln -sfn "$root/$name" "$name"
done
# Not what is meant for the project around, or for the target.
unset MAKEFLAGS MFLAGS MAKELEVEL BUILD DESTDIR V WERROR \
    CFLAGS CPPFLAGS LDFLAGS LDLIBS PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
exec make -j"$(getconf _NPROCESSORS_ONLN)" CC="${HOST_CC:-cc}" all
