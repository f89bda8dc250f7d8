#!/usr/bin/env bats
# examples/make, in a clean folder whose path has a blank.

load ../common

setup()
{
    install_rnnc "$BATS_TEST_TMPDIR/usr"
    mkdir "$BATS_TEST_TMPDIR/a b"
    cd "$BATS_TEST_TMPDIR/a b" || return 1
    cp -r "$ROOT"/examples/make/* .
}

smooths()
{
    ok sh -c 'echo 1 1 1 | build/smooth'
    [ "$output" = "0.25
0.4375
0.578125" ]
}

@test "what changed is made again, and nothing else" {
    ok make && smooths
    ok make && says "up to date"
    later main.c
    ok make && says main.o && says_not rnnc && says_not smooth.o:
    later smooth.json
    ok make && says "rnnc smooth.json" && says "-o build/smooth.o"
    ok make && says "up to date"
    rm build/smooth.h
    ok make && says "rnnc smooth.json"
    ok make && says "up to date"
}

@test "one run makes both files, whatever the number of jobs" {
    ok make -j8
    echo "$output" # seen if what follows fails
    [ "$(grep -c 'rnnc smooth.json' <<<"$output")" = 1 ]
    smooths
}

@test "a side file is a prerequisite; one that is gone is rnnc's error" {
    side_model 2
    cat >>Makefile <<'END'
build/net: net_main.c build/net.c build/net.h
	$(CC) -Ibuild -o $@ net_main.c build/net.c
build/net.c build/net.h: | build
END
    ok make build/net
    ok build/net
    [ "$output" = 6 ]
    sleep 0.02
    side_weight 5
    ok make build/net && says "rnnc net.json"
    ok build/net
    [ "$output" = 15 ]
    ok make build/net && says "up to date"
    rm net.safetensors
    run make build/net
    [ "$status" != 0 ]
    says "net.json:4:35: error:"
    says "net.safetensors"
}

@test "an error in the model stops the build, with its place" {
    sed -i 's/"units": 1/"units": "one"/' smooth.json
    run make
    [ "$status" != 0 ]
    says "smooth.json:4:48: error: /layers/0/units: expected"
    [ ! -e build/smooth.c ]
    sed -i 's/"units": "one"/"units": 1/' smooth.json
    ok make && smooths
}

@test "options for all models, and for one" {
    ok make RNNCFLAGS=--type=double build/smooth.c
    grep -q 'smooth_step(smooth_state \*s, const double' build/smooth.c
    rm -r build
    echo 'build/smooth.c: RNNCFLAGS = -n other' >>Makefile
    ok make build/smooth.c
    grep -q other_step build/smooth.h
}

@test "without a folder: beside the model" {
    cat >Makefile2 <<'END'
main: main.o smooth.o
main.o: smooth.h
include $(shell pkg-config --variable=makefile rnnc)
END
    ok make -f Makefile2
    ok sh -c 'echo 1 | ./main'
    [ "$output" = 0.25 ]
    [ -e smooth.c ]
    ok make -f Makefile2 && says "up to date"
    later smooth.json
    ok make -f Makefile2 && says "rnnc smooth.json"
}
