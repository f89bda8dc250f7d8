#!/usr/bin/env bats
# examples/cmake and cmake_fetch, in a clean folder whose path has a blank, with
# every generator there is here.

load ../common

setup_file()
{
    install_rnnc "$BATS_FILE_TMPDIR/u s r"
    export USR="$BATS_FILE_TMPDIR/u s r"
}

setup()
{
    work="$BATS_TEST_TMPDIR/a b"
    mkdir "$work"
    cp -r "$ROOT"/examples/cmake "$ROOT"/examples/cmake_fetch "$work"
    cd "$work" || return 1
}

# configure GENERATOR SOURCE [OPTION...]: to the folder build
configure()
{
    local generator=$1 source=$2
    shift 2
    ok cmake -G "$generator" -S "$source" -B build \
        -DCMAKE_PREFIX_PATH="$USR" "$@"
}

build()
{
    ok cmake --build build
}

smooths()
{
    ok bash -c 'echo 1 1 1 | build/smooth'
    [ "$output" = "0.25
0.4375
0.578125" ]
}

# What is made again, and when; net.json has its weight in another file.
rebuilds()
{
    configure "$1" cmake
    build && says "rnnc smooth.json" && smooths
    grep -q '^params  *: 3' build/smooth.txt
    build && says_not rnnc
    later cmake/main.c
    build && says main.c.o && says_not "rnnc smooth.json"
    later cmake/smooth.json
    build && says "rnnc smooth.json" && says smooth.c.o
    build && says_not .o
}

side_file()
{
    cd cmake || return 1
    side_model 2
    cat >>CMakeLists.txt <<'END'
add_executable(net net_main.c)
rnnc_add_model(TARGET net MODEL net.json HEADER)
END
    cd .. || return 1
    configure "$1" cmake
    build
    ok build/net
    [ "$output" = 6 ]
    sleep 0.02
    (cd cmake && side_weight 5)
    build && says "rnnc net.json" && says_not "rnnc smooth.json"
    ok build/net
    [ "$output" = 15 ]
    build && says_not .o
}

# The message is the first that an editor finds; what was built stays away.
wrong_model()
{
    sed -i 's/"units": 1/"units": "one"/' cmake/smooth.json
    configure "$1" cmake
    run cmake --build build
    [ "$status" != 0 ]
    says "$PWD/cmake/smooth.json:4:48: error: /layers/0/units: expected"
    [ ! -e build/rnnc/smooth/smooth.c ]
    sed -i 's/"units": "one"/"units": 1/' cmake/smooth.json
    build && smooths
}

fetches()
{
    checkout rnnc
    sed -i 's|SOURCE_DIR .*|GIT_REPOSITORY "${RNNC_SOURCE}" GIT_TAG HEAD|' \
        cmake_fetch/CMakeLists.txt
    # Flags of the project are not for rnnc.
    CFLAGS=--no-such-flag configure "$1" cmake_fetch -DRNNC_SOURCE="$PWD/rnnc"
    build && smooths
    [ -x build/_deps/rnnc-build/host/build/rnnc ]
    build && says_not .o
    later build/_deps/rnnc-src/templates/model.c.lt
    build && says "rnnc smooth.json"
    build && says_not .o
}

@test "make: what changed is made again, and nothing else" {
    rebuilds "Unix Makefiles"
}

@test "ninja: what changed is made again, and nothing else" {
    rebuilds Ninja
}

@test "make: a side file is a prerequisite" {
    side_file "Unix Makefiles"
}

@test "ninja: a side file is a prerequisite" {
    side_file Ninja
}

@test "make: an error in the model stops the build, with its place" {
    wrong_model "Unix Makefiles"
}

@test "ninja: an error in the model stops the build, with its place" {
    wrong_model Ninja
}

@test "make: FetchContent builds rnnc, too" {
    fetches "Unix Makefiles"
}

@test "ninja: FetchContent builds rnnc, too" {
    fetches Ninja
}

@test "FetchContent with an rnnc that is there already" {
    configure Ninja cmake_fetch -DRNNC_SOURCE="$ROOT" \
        -DRNNC_EXECUTABLE="$USR/bin/rnnc"
    build && smooths
    [ ! -e build/_deps/rnnc-build/host ]
}

@test "for another processor: rnnc runs here, the program there" {
    command -v aarch64-linux-gnu-gcc qemu-aarch64 || skip "no aarch64"
    configure Ninja cmake -DCMAKE_TOOLCHAIN_FILE=aarch64.cmake
    build
    ok file -b build/smooth || ok readelf -h build/smooth
    [[ $output == *[aA][aA][rR][cC][hH]64* ]]
    ok sh -c 'echo 1 1 1 | qemu-aarch64 build/smooth'
    [ "$output" = "0.25
0.4375
0.578125" ]
}

@test "for another processor, with FetchContent: rnnc is built for this one" {
    command -v aarch64-linux-gnu-g++ || {
        command -v aarch64-linux-gnu-gcc qemu-aarch64 || skip "no aarch64"
    }
    sed -i 's/CXX/C/; s/main.cpp/main.c/' cmake_fetch/CMakeLists.txt
    cp cmake/main.c cmake_fetch
    CC=aarch64-linux-gnu-gcc configure Ninja cmake_fetch \
        -DRNNC_SOURCE="$ROOT" -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/aarch64.cmake"
    CC=aarch64-linux-gnu-gcc build
    build/_deps/rnnc-build/host/build/rnnc --version
    ok sh -c 'echo 1 | qemu-aarch64 build/smooth'
    [ "$output" = 0.25 ]
}

@test "an rnnc in the target's root is left alone" {
    mkdir root
    cp -r "$USR" root/usr
    printf '#!/no/such/loader\n' >root/usr/bin/rnnc
    configure Ninja cmake -DCMAKE_TOOLCHAIN_FILE=aarch64.cmake \
        -DCMAKE_C_COMPILER="$CC" -DCMAKE_FIND_ROOT_PATH="$PWD/root"
    grep -qF "RNNC_EXECUTABLE:FILEPATH=$USR/bin/rnnc" build/CMakeCache.txt
}

@test "find_package: versions, and no rnnc" {
    sed -i 's/find_package(rnnc/& 0.1/' cmake/CMakeLists.txt
    configure Ninja cmake
    for version in 0.0 0.2 1; do
        sed -i "s/find_package(rnnc [0-9.]*/find_package(rnnc $version/" \
            cmake/CMakeLists.txt
        run cmake -G Ninja -S cmake -B "b$version" -DCMAKE_PREFIX_PATH="$USR"
        [ "$status" != 0 ]
        says "requested version \"$version\""
    done
    sed -i "s/find_package(rnnc [0-9.]*/find_package(rnnc/" cmake/CMakeLists.txt
    mkdir only
    cp -r "$USR/share" only
    PATH=/usr/bin:/bin run cmake -G Ninja -S cmake -B none \
        -DCMAKE_PREFIX_PATH="$PWD/only"
    [ "$status" != 0 ]
    says "no rnnc that runs on this machine"
}

@test "a call that cannot be right says so" {
    refuse() # TEXT CALL
    {
        printf '%s\n' 'cmake_minimum_required(VERSION 3.20)' \
            'project(x LANGUAGES NONE)' 'find_package(rnnc REQUIRED)' \
            "$2" >cmake/CMakeLists.txt
        run cmake -S cmake -B refused -DCMAKE_PREFIX_PATH="$USR"
        [ "$status" != 0 ]
        output=$(tr -s '\n ' '  ' <<<"$output")
        says "$1"
    }
    refuse "TARGET and MODEL are needed" 'rnnc_add_model(TARGET x)'
    refuse 'no target "x"' 'rnnc_add_model(TARGET x MODEL m.json)'
    refuse 'what is "HEADERS"?' 'rnnc_add_model(TARGET x MODEL m HEADERS)'
    refuse 'what is "REPORT"?' 'rnnc_add_model(TARGET x MODEL m REPORT)'
}

@test "NAME, OPTIONS, REPORT; two targets with one model" {
    cat >>cmake/CMakeLists.txt <<'END'
add_library(wide STATIC)
rnnc_add_model(TARGET wide MODEL smooth.json NAME wide HEADER
               REPORT "the report.json" OPTIONS --type=double --math=libm)
add_executable(both both.c)
target_link_libraries(both wide)
rnnc_add_model(TARGET both MODEL smooth.json HEADER)
END
    cat >cmake/both.c <<'END'
#include "smooth.h"
#include "wide.h"
int main(void)
{
    const double x = 1;
    double y;
    wide_predict(&x, 1, &y);
    return y != 0.25;
}
END
    configure Ninja cmake
    build
    build/both
    ok python3 -c 'import json; print(json.load(open("build/the report.json"))
        ["params"])'
    [ "$output" = 3 ]
}
