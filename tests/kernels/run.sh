#!/bin/sh
# run.sh -- kernels.c with gcc and clang, float and double, for the lanes of
# this machine, those of any, and none; without a warning.
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
strict="-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
for cc in gcc clang; do
    for type in f32 f64; do
        for flags in "-O2 -march=native" "-O2" "-O1 -DRN_PLAIN" \
            "-O1 -fsanitize=address,undefined"; do
            # shellcheck disable=SC2086 # words are meant to split
            if $cc $strict $flags -Iruntime/$type -Iruntime -o "$out/test" \
                tests/kernels/kernels.c 2>"$out/log"; then
                "$out/test" | sed "s/\$/ ($cc $type $flags)/" >"$out/log"
                grep -q "^ok" "$out/log" || failed=1
                cat "$out/log"
            else
                echo "not ok - $cc $type $flags compiles"
                sed 's/^/# /' "$out/log"
                failed=1
            fi
        done
    done
done
exit $failed
