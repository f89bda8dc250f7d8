#!/bin/sh
# run.sh RNNC OUT: the model as C, its proof, and a report to look at in OUT.
set -eu
here=$(dirname "$0")
rnnc=$1
out=$2
mkdir -p "$out"
"$rnnc" "$here/model.json" -n keywords -o "$out/keywords.c" \
    --report=html --report-file="$out/report.html" \
    --budget-flash=32K --budget-ram=8K --budget-stack=8K
"$rnnc" "$here/model.json" -n keywords --emit=svg -o "$out/graph.svg"
${CC:-cc} -O2 -DKEYWORDS_SELFTEST -DKEYWORDS_SELFTEST_MAIN \
    -o "$out/proof" "$out/keywords.c"
"$out/proof"
echo "$out/report.html"
