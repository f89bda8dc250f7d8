#!/bin/sh
# run.sh RNNC OUT -- builds this project, and rnnc with it, and runs it. RNNC is
# not used: this is for projects that have none.
set -eu
cmake -S "$(dirname "$0")" -B "$2"
cmake --build "$2"
echo 1 1 1 | "$2/smooth"
