#!/bin/sh
# run.sh -- kernels.c with gcc and clang, float and double, and narrow.c in every
# storage of weights; for the lanes of this machine, those of any, loops that
# become vectors, and numbers one by one; without a warning. (Where clang is not
# told how many features there are it says of one loop that it is none.)
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
strict="-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -Wno-pass-failed"

# kernel FILE NAME FLAGS...: compiles and runs it
kernel()
{
    file=$1 name=$2
    shift 2
    # shellcheck disable=SC2086 # words are meant to split
    if $cc $strict "$@" $flags -Iruntime -o "$out/test" "tests/kernels/$file" \
        2>"$out/log"; then
        "$out/test" | sed "s/\$/ ($cc $name $flags)/" >"$out/log"
        grep -q "^ok" "$out/log" || failed=1
        cat "$out/log"
    else
        echo "not ok - $cc $name $flags compiles"
        sed 's/^/# /' "$out/log"
        failed=1
    fi
}

for cc in gcc clang; do
    for flags in "-O2 -march=native" "-O2" "-O2 -march=native -DRN_PLAIN" \
        "-O2 -U__SSE2__ -DRN_PLAIN" "-O1 -fsanitize=address,undefined" \
        "-O1 -DRN_PLAIN -fsanitize=address,undefined"; do
        for type in f32 f64; do
            kernel kernels.c $type -Iruntime/$type
        done
        for storage in bf16 f16 int8; do
            half=$([ $storage = f16 ] && echo 1 || echo 0)
            kernel narrow.c $storage -DHALF="$half" -Iruntime/$storage \
                -Iruntime/f32
        done
    done
done
exit $failed
