#!/usr/bin/env bats
# The test driver on suites that pass, fail, crash, skip and hang.

setup()
{
    export TESTS=$BATS_TEST_TMPDIR/tests BUILD=$BATS_TEST_TMPDIR/build
    driver=$BATS_TEST_DIRNAME/../run.sh
    mkdir "$TESTS"
}

# suite NAME TEXT: a suite made of shell commands.
suite()
{
    mkdir -p "$TESTS/$1"
    printf '#!/bin/sh\n%s\n' "$2" >"$TESTS/$1/run.sh"
    chmod +x "$TESTS/$1/run.sh"
}

last_line()
{
    echo "${lines[${#lines[@]} - 1]}"
}

@test "counts what passes" {
    suite a 'echo ok - one; echo "ok 2 two"'
    suite b 'echo 1..1; echo ok - three'
    run "$driver"
    [ "$status" = 0 ]
    [ "$(last_line)" = "3 passed, 0 failed" ]
}

@test "a failing test fails the run and shows what it said" {
    suite a 'echo before; echo not ok - bad; echo "# why"; echo ok - c; exit 1'
    run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "1 passed, 1 failed" ]
    [[ $output == *"not ok - bad"*"# why"* ]]
    [[ $output == *"1 FAILED"* ]]
}

@test "a failing test counts although the suite exits with 0" {
    suite a 'echo not ok - bad'
    run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "0 passed, 1 failed" ]
}

@test "a crash after passing tests is a failure" {
    suite a 'echo ok - one; echo last words; kill -SEGV $$'
    run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "1 passed, 1 failed" ]
    [[ $output == *"last words"* ]]
    [[ $output == *"a: failed without a failing test, exit status 139"* ]]
}

@test "a suite without a test is a failure" {
    suite a 'echo hello'
    run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "0 passed, 1 failed" ]
    [[ $output == *"a: no test ran"* ]]
}

@test "a suite that cannot be started is a failure" {
    suite a 'echo ok - one'
    chmod -x "$TESTS/a/run.sh"
    run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "0 passed, 1 failed" ]
}

@test "fewer tests than planned are a failure" {
    suite a 'echo 1..3; echo ok 1; echo ok 2'
    run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "2 passed, 1 failed" ]
    [[ $output == *"3 tests planned, 2 ran"* ]]
}

@test "skipped tests pass and are listed" {
    suite a 'echo ok - one; echo "ok - two # skip no compiler"'
    run "$driver"
    [ "$status" = 0 ]
    [ "$(last_line)" = "2 passed, 0 failed" ]
    [ "${lines[${#lines[@]} - 2]}" = "1 skipped" ]
}

@test "a suite that hangs is a failure" {
    command -v timeout || skip "no timeout"
    suite a 'echo ok - one; exec sleep 60'
    SUITE_SECONDS=1 run "$driver"
    [ "$status" = 1 ]
    [ "$(last_line)" = "1 passed, 1 failed" ]
}

@test "reports in order of the names, whichever ends first" {
    suite a 'sleep 0.3; echo ok - one'
    suite b 'echo ok - two'
    JOBS=2 run "$driver"
    [ "$status" = 0 ]
    [[ ${lines[0]} == a\ * && ${lines[1]} == b\ * ]]
}

@test "runs the suites whose names match" {
    suite abc 'echo ok - one'
    suite xyz 'echo not ok - two'
    run "$driver" bc
    [ "$status" = 0 ]
    [ "$(last_line)" = "1 passed, 0 failed" ]
    run "$driver" 'a*c' y
    [ "$(last_line)" = "1 passed, 1 failed" ]
}

@test "no match is a failure" {
    suite abc 'echo ok - one'
    run "$driver" nothing
    [ "$status" = 1 ]
    [ "${lines[0]}" = "no suite matches: nothing" ]
    [ "$(last_line)" = "0 passed, 1 failed" ]
}

@test "finds programs, bats files and Python scripts" {
    mkdir -p "$BUILD/unit" "$TESTS/unit" "$TESTS/p" "$TESTS/q"
    touch "$TESTS/unit/test_x.c"
    printf '#!/bin/sh\necho ok - program\n' >"$BUILD/unit/test_x"
    chmod +x "$BUILD/unit/test_x"
    printf '@test "t" {\n    true\n}\n' >"$TESTS/p/some.bats"
    echo 'print("ok - python")' >"$TESTS/q/run.py"
    run "$driver"
    [ "$status" = 0 ]
    [[ ${lines[0]} == unit/test_x\ * ]]
    [[ ${lines[1]} == p/some\ * && ${lines[2]} == q\ * ]]
    [ "$(last_line)" = "3 passed, 0 failed" ]
}

@test "a path with a space" {
    TESTS="$BATS_TEST_TMPDIR/a b"
    mkdir "$TESTS"
    suite c 'echo ok - one'
    run "$driver"
    [ "$(last_line)" = "1 passed, 0 failed" ]
}

@test "SIGINT is not ignored in a suite" {
    suite a 'sh -c "kill -INT \$\$"; [ $? = 130 ] && echo ok - one'
    run "$driver"
    [ "$(last_line)" = "1 passed, 0 failed" ]
}
