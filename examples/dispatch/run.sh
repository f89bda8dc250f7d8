#!/bin/sh
# run.sh RNNC OUT -- installs rnnc to OUT/usr, builds a copy of this project with
# make and, where there is one, CMake; runs it on this processor and, where
# qemu-x86_64 is installed, on one with AVX2 and one without.
set -eu
mkdir -p "$2"
out=$(cd "$2" && pwd)
here=$(dirname "$0")
PREFIX="$out/usr" "$here/../../compiler/packaging/install.sh" install "$1"
export PATH="$out/usr/bin:$PATH" PKG_CONFIG_PATH="$out/usr/share/pkgconfig"
cp "$here/Makefile" "$here/CMakeLists.txt" "$here"/*.[ch] "$out"
cp "$here/../keywords/model.json" "$out/keywords.json"
cd "$out"
make
build/keywords >native.txt || failed=1
cat native.txt
[ ! "${failed:-}" ] || exit 1

# The code for any processor is the last; what was chosen is no slower, noise
# aside.
awk '{ ns = $6 } /chosen\)/ { chosen = ns }
    END { exit !(chosen && chosen <= 1.25 * ns) }' native.txt || {
    echo "what was chosen is slower than the code for any processor"
    exit 1
}

if command -v cmake >/dev/null; then
    cmake -S . -B cmake -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$out/usr"
    cmake --build cmake
    cmake/keywords
fi

# on PROCESSOR VARIANT: that is chosen there. A qemu before 7.2 warns that it
# has no AVX2.
on()
{
    qemu-x86_64 -cpu "$1" build/keywords >"$1.txt" 2>"$1.err" || {
        cat "$1.txt" "$1.err"
        exit 1
    }
    if grep -i "doesn't support.*avx2" "$1.err"; then
        echo "$1: skipped"
    elif grep "^$2 .*chosen" "$1.txt"; then
        echo "$1: $2"
    else
        cat "$1.txt" "$1.err"
        exit 1
    fi
}

case $(${CC:-cc} -dumpmachine) in
x86_64-*)
    if command -v qemu-x86_64 >/dev/null; then
        on Nehalem base
        on Haswell avx2
    else
        echo "other processors: skipped, there is no qemu-x86_64"
    fi
    ;;
esac
