#!/usr/bin/env bash
# run.sh -- run every suite, or those whose names match, and sum up.
#
#   tests/run.sh [PATTERN...]      PATTERN is a part of a name, or a glob
#
# A suite is a program that prints TAP, "ok - name" and "not ok - name":
#   tests/unit/test_x.c  ->  $BUILD/unit/test_x   cmocka
#   tests/x/y.bats                                      bats
#   tests/x/run.sh, tests/x/run.py                      anything else
# "ok - name # skip reason" is a pass that is counted apart. A suite that fails
# without a failing test, or prints no test, counts as one failure.
#
# Suites see RNNC, CC, PYTHON, GENERATED_CFLAGS and BUILD. JOBS suites run at a
# time, each for SUITE_SECONDS at most. TESTS is the folder to look for suites.

set -u
export BUILD=${BUILD:-build} CC=${CC:-cc} CMOCKA_MESSAGE_OUTPUT=TAP
export GENERATED_CFLAGS=${GENERATED_CFLAGS:-}
export RNNC=${RNNC:-$BUILD/rnnc} PYTHON=${PYTHON:-python3}
export TESTS=${TESTS:-$(dirname "$0")}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
case $RNNC in /*) ;; *) RNNC=$PWD/$RNNC ;; esac
unset MAKEFLAGS MFLAGS MAKELEVEL # a make inside a test is its own

# The file of every suite; its name is the path without what is common.
find_suites()
{
    local file
    for file in "$TESTS"/unit/*.c; do
        [ -e "$file" ] && echo "$BUILD/unit/$(basename "$file" .c)"
    done
    for file in "$TESTS"/*/*.bats "$TESTS"/*/run.sh "$TESTS"/*/run.py; do
        [ -e "$file" ] && echo "$file"
    done
}

suite_name()
{
    local name=${1#"$BUILD"/}
    name=${name#"$TESTS"/}
    name=${name%.bats}
    name=${name%/run.sh}
    echo "${name%/run.py}"
}

matches()
{
    local name=$1 pattern
    shift
    [ $# = 0 ] && return 0
    for pattern; do
        # shellcheck disable=SC2254 # a pattern is meant to be one
        case $name in *$pattern*) return 0 ;; esac
    done
    return 1
}

now()
{
    echo "${EPOCHREALTIME/,/.}" # bash writes it as the locale wants
}

# Runs one suite. Leaves its output and "status start end", then says so.
run_suite()
{
    local file=$1 out=$2 start status
    local command=("$file")
    case $file in
    *.bats) command=(bats --tap "$file") ;;
    *.py) command=("$PYTHON" "$file") ;;
    esac
    if command -v timeout >/dev/null; then # a suite that hangs has failed
        command=(timeout --foreground "${SUITE_SECONDS:-1800}" "${command[@]}")
    fi
    start=$(now)
    "${command[@]}" >"$out" 2>&1 </dev/null
    status=$?
    echo "$status $start $(now)" >"$out.done"
    echo "$out"
}

# Reads a suite's output. Prints what the failing tests said, then counts:
# "passed failed skipped". A test's diagnostics are the lines after it in
# TAP, but libraries print before it, too; so the lines on both sides.
# shellcheck disable=SC2016 # awk's variables
digest='
function test_line() { return $0 ~ /^(not )?ok([ \t]|$)/ }
/^1\.\.[0-9]+/ { planned = substr($0, 4) + 0; next }
test_line() && tolower($0) ~ /# *skip/ { skipped++; said = ""; bad = 0; next }
test_line() && $1 == "ok" { passed++; said = ""; bad = 0; next }
test_line() { failed++; show = show said $0 "\n"; said = ""; bad = 1; next }
bad { show = show $0 "\n"; next }
{ said = said $0 "\n" }
END {
    ran = passed + failed + skipped
    if (ran == 0)
        reason = "no test ran"
    else if (ran < planned)
        reason = planned " tests planned, " ran " ran"
    else if (status != 0 && failed == 0)
        reason = "failed without a failing test"
    if (reason) {
        failed++
        show = show said "not ok - " name ": " reason ", exit status " \
            status "\n"
    }
    printf "%d %d %d\n%s", passed + skipped, failed, skipped, show
}'

# Prints a suite's line and what failed, adds to the sums.
report_suite()
{
    local name=$1 out=$2 status start end counts text
    read -r status start end <"$out.done"
    text=$(awk -v status="$status" -v name="$name" "$digest" "$out")
    read -r -a counts <<<"$text"
    passed=$((passed + counts[0]))
    failed=$((failed + counts[1]))
    skipped=$((skipped + counts[2]))
    awk -v name="$name" -v passed="${counts[0]}" -v failed="${counts[1]}" \
        -v skipped="${counts[2]}" -v seconds="$start $end" 'BEGIN {
        split(seconds, at)
        printf "%-32s %5d ok %6.1f s", name, passed, at[2] - at[1]
        if (failed) printf "  %d FAILED", failed
        if (skipped) printf "  %d skipped", skipped
        print "" }'
    if [ "${counts[1]}" != 0 ]; then
        tail -n +2 <<<"$text" | head -n 200 | sed 's/^/    /'
    fi
}

# Reads which suites are done; reports them in the order of their names.
report_all()
{
    local next=0 passed=0 failed=0 skipped=0
    while read -r _; do
        while [ -e "$work/$next.done" ]; do
            report_suite "${names[next]}" "$work/$next"
            next=$((next + 1))
        done
    done
    if [ $next = 0 ]; then
        echo "no suite matches: ${patterns[*]}"
        failed=1
    fi
    [ $skipped = 0 ] || echo "$skipped skipped"
    echo "$passed passed, $failed failed"
    [ $failed = 0 ]
}

if [ "${1:-}" = --suite ]; then # a process of its own, for xargs
    run_suite "$2" "$3"
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

patterns=("$@") names=() jobs=()
while read -r file; do
    name=$(suite_name "$file")
    matches "$name" "$@" || continue
    jobs+=("$file" "$work/${#names[@]}")
    names+=("$name")
done < <(find_suites)

# A pipeline and not "&": what runs in the background ignores SIGINT, and some
# tests are about signals.
cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
{
    [ ${#jobs[@]} = 0 ] || printf '%s\0' "${jobs[@]}"
} | xargs -0 -r -n 2 -P "${JOBS:-$cores}" "$0" --suite | report_all
