#!/bin/sh
# run.sh -- the accuracy and the special cases of runtime/, with and without
# fused multiply-add, gcc and clang.
set -u
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
strict="-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"

# run LABEL COMPILER FLAGS... : builds, runs, and labels each line
run()
{
    label=$1
    shift
    if "$@" -o "$out/test" >"$out/log" 2>&1; then
        "$out/test" >"$out/log" 2>&1 || failed=1
        sed "s|^\\(not \\)\\{0,1\\}ok - |&$label: |" "$out/log"
    else
        echo "not ok - $label builds"
        sed 's/^/# /' "$out/log"
        failed=1
    fi
}

f32="-Iruntime/f32 -Iruntime"
f64="-DDOUBLE -Iruntime/f64 -Iruntime"
# libquadmath, the reference for double, comes with gcc only.
for arch in "" -march=native; do
    # shellcheck disable=SC2086 # words are meant to split
    run "float $arch" gcc -O2 $arch $f32 tests/runtime/accuracy.c -lm
    # shellcheck disable=SC2086
    run "double $arch" gcc -O2 $arch $f64 tests/runtime/accuracy.c -lquadmath -lm
done
# shellcheck disable=SC2086
run "float clang" clang -O2 -march=native $f32 tests/runtime/accuracy.c -lm
# The tiers of --math, each before what it leaves to the default.
for tier in fast accurate exact; do
    for fused in -mfma -ffp-contract=off; do
        name=$(echo $tier | tr a-z A-Z)
        # shellcheck disable=SC2086
        run "$tier $fused" gcc -O2 $fused -D$name -Iruntime/$tier/f32 $f32 \
            tests/runtime/accuracy.c -lm
    done
done
for cc in gcc clang; do
    for arch in "" -mfma -march=native -DRN_PLAIN; do
        # shellcheck disable=SC2086
        run "$cc $arch" $cc -O2 $strict -ffp-contract=off $arch $f32 \
            tests/runtime/fused.c -lm
    done
    for arch in "" -mavx2 -march=native; do
        for type in "$f32" "$f64"; do
            # shellcheck disable=SC2086
            run "$cc $arch $type" $cc -O2 $strict $arch $type \
                tests/runtime/lanes.c -lm
        done
    done
done
sanitize="-fsanitize=undefined,float-cast-overflow -fno-sanitize-recover=all"
for cc in gcc clang; do
    for tier in "$f32" "$f64" "-DLIBM -Iruntime/libm/f32 $f32" \
        "-DLIBM -DDOUBLE -Iruntime/libm/f64 $f64" "-Iruntime/fast/f32 $f32" \
        "-Iruntime/accurate/f32 $f32" "-Iruntime/exact/f32 $f32"; do
        # shellcheck disable=SC2086
        run "special $cc $tier" $cc -O1 $strict $sanitize $tier \
            tests/runtime/special.c -lm
    done
done
exit $failed
