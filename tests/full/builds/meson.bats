#!/usr/bin/env bats
# examples/meson, in a clean folder whose path has a blank; and with rnnc as a
# subproject.

load ../common

setup()
{
    mkdir "$BATS_TEST_TMPDIR/a b"
    cd "$BATS_TEST_TMPDIR/a b" || return 1
    cp -r "$ROOT"/examples/meson/* .
}

smooths()
{
    ok sh -c 'echo 1 1 1 | build/smooth'
    [ "$output" = "0.25
0.4375
0.578125" ]
}

@test "what changed is made again, and nothing else" {
    install_rnnc "$BATS_TEST_TMPDIR/u s r"
    ok meson setup build
    ok ninja -C build && smooths
    ok ninja -C build && says "no work to do"
    later main.c
    ok ninja -C build && says main.c.o && says_not Generating
    later smooth.json
    ok ninja -C build && says Generating && says smooth.c.o
    ok ninja -C build && says "no work to do"
}

@test "a side file is a prerequisite" {
    install_rnnc "$BATS_TEST_TMPDIR/u s r"
    side_model 2
    sed 's/smooth/net/g; s/main.c/net_main.c/' meson.build >net.build
    mv net.build meson.build
    ok meson setup build
    ok ninja -C build
    ok build/net
    [ "$output" = 6 ]
    sleep 0.02
    side_weight 5
    ok ninja -C build && says Generating
    ok build/net
    [ "$output" = 15 ]
    ok ninja -C build && says "no work to do"
}

@test "an error in the model stops the build, with its place" {
    install_rnnc "$BATS_TEST_TMPDIR/u s r"
    sed -i 's/"units": 1/"units": "one"/' smooth.json
    ok meson setup build
    run ninja -C build
    [ "$status" != 0 ]
    says "../smooth.json:4:48: error: /layers/0/units: expected"
    [ ! -e build/smooth.c ]
}

@test "rnnc as a subproject, built for the machine that builds" {
    [ "$(PATH=/usr/bin:/bin command -v rnnc)" = "" ] || skip "rnnc is installed"
    mkdir -p subprojects/packagefiles/rnnc
    # As README has it, from a local folder.
    cat >subprojects/packagefiles/rnnc/meson.build <<'END'
project('rnnc')
subdir('compiler/packaging')
END
    checkout "$PWD/rnnc.git"
    cat >subprojects/rnnc.wrap <<END
[wrap-git]
url = $PWD/rnnc.git
revision = head
patch_directory = rnnc

[provide]
program_names = rnnc
END
    export CFLAGS=-DNDEBUG PKG_CONFIG_LIBDIR=/nowhere
    ok meson setup build
    says "found: YES (overridden)"
    ok ninja -C build && smooths
}
