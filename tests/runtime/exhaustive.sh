#!/bin/sh
# exhaustive.sh [FUNCTION] -- every tier of --math over all 2^32 inputs, gcc
# and clang, with and without fused multiply-add, as TAP. Minutes; not a suite
# of `make check`, which samples (run.sh).
set -u
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
strict="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
source=tests/runtime/exhaustive.c
gcc -O3 -march=native $strict -DREFERENCE -Iruntime/f64 -Iruntime -c $source \
    -o "$out/reference.o" || exit 1
failed=0
for cc in gcc clang; do
    for fused in "" -ffp-contract=off; do
        tier=0
        for folder in f32 fast/f32 accurate/f32 exact/f32; do
            label="$folder $cc $fused"
            # shellcheck disable=SC2086 # words are meant to split
            $cc -O3 -march=native $fused $strict -DTIER=$tier -Iruntime/$folder \
                -Iruntime/f32 -Iruntime $source "$out/reference.o" -lm \
                -o "$out/test" || exit 1
            "$out/test" "$@" >"$out/log" || failed=1
            sed "s|ok - |&$label: |" "$out/log"
            tier=$((tier + 1))
        done
    done
done
exit $failed
