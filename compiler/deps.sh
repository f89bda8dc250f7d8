#!/bin/sh
# deps.sh -- what rnnc needs on a machine: find it, or install it.
#
#   deps.sh build          for the compiler itself; silent when all is there
#   deps.sh check          for the tests, too
#   deps.sh full [SUITE..] for those of tests/full, or some of them, too
#   deps.sh build name     only name what is missing
#   deps.sh lua | python   print the pkg-config name, the interpreter
#
# To add something: a line in find_LEVEL. CC and PYTHON are respected.

find_lua()
{
    for name in lua5.4 lua-5.4 lua54 lua; do
        if pkg-config --exists "$name >= 5.4" "$name < 5.5" 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

# PATH may have another Python first, without the system's packages.
find_python()
{
    for name in ${PYTHON:-/usr/bin/python3 python3}; do
        if "$name" -c 'from importlib.util import find_spec as f
raise SystemExit(not (f("numpy") and f("jsonschema")))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

# A compiler may be there without the C library's headers.
has_cc()
{
    # shellcheck disable=SC2086 # CC may bring options
    echo '#include <stdio.h>' | ${CC:-cc} -E - >/dev/null 2>&1
}

has_chromium()
{
    has chromium || has chromium-browser
}

has_sqlite()
{
    # shellcheck disable=SC2086 # CC may bring options
    echo '#include <sqlite3ext.h>' | ${CC:-cc} -E - >/dev/null 2>&1
}

has_clang_runtime()
{
    ls "$runtime"/libclang_rt.fuzzer*
}

has()
{
    command -v "$1" >/dev/null 2>&1
}

# wanted SUITE: it is among the suites asked for, all if none is. Patterns
# are those of tests/run.sh: "builds/cmake" and "build" both want builds.
wanted()
{
    [ "$suites" ] || return 0
    for pattern in $suites; do
        case $1/ in *"${pattern%%/*}"*) return 0 ;; esac
    done
    return 1
}

# need WHAT APT DNF PACMAN BREW TEST...: sets missing (what) and packages.
need()
{
    what=$1
    case $manager in
    apt-get) package=$2 ;;
    dnf) package=$3 ;;
    pacman) package=$4 ;;
    *) package=$5 ;;
    esac
    shift 5
    if [ "$package" != - ] && ! "$@" >/dev/null 2>&1; then
        missing="${missing:+$missing, }$what"
        packages="$packages $package"
    fi
}

find_build()
{
    need "a C compiler" "gcc libc6-dev" gcc gcc gcc has_cc
    need make make make make make has make
    need pkg-config pkg-config pkgconf-pkg-config pkgconf pkgconf has pkg-config
    need cJSON libcjson-dev cjson-devel cjson cjson \
        pkg-config --exists libcjson
    need "Lua 5.4" liblua5.4-dev lua-devel lua54 lua@5.4 find_lua
}

find_check()
{
    need clang clang clang clang llvm has clang
    need clang++ clang clang clang llvm has clang++
    need g++ g++ gcc-c++ gcc gcc has g++
    need tcc tcc tcc tcc tcc has tcc
    need bats bats bats bash-bats bats-core has bats
    need cmocka libcmocka-dev libcmocka-devel cmocka cmocka \
        pkg-config --exists cmocka
    need "SQLite's headers" libsqlite3-dev sqlite-devel sqlite sqlite has_sqlite
    need nm binutils binutils binutils binutils has nm
    need "Python 3 with numpy and jsonschema" \
        "python3-numpy python3-jsonschema" "python3-numpy python3-jsonschema" \
        "python-numpy python-jsonschema" "numpy python-jsonschema" find_python
    if has clang; then # the package is named after its version
        runtime=$(clang -print-runtime-dir)
        major=${runtime#*/clang/} # .../lib/clang/14.0.6/lib/linux
        major=${major%%[./]*}
        need "clang's sanitizers" "libclang-rt-$major-dev" \
            compiler-rt compiler-rt llvm has_clang_runtime
    fi
}

# What only some systems have a package of ("-") is looked for, not required:
# the tests that use it skip, and say so.
find_full()
{
    if wanted builds || wanted install || wanted examples; then
        need cmake cmake cmake cmake cmake has cmake
        need git git git git git has git
    fi
    if wanted builds || wanted examples; then
        need ninja ninja-build ninja-build ninja ninja has ninja
        need meson meson meson meson meson has meson
        need "a compiler for aarch64" \
            "gcc-aarch64-linux-gnu libc6-dev-arm64-cross" \
            - - - has aarch64-linux-gnu-gcc
        need qemu-aarch64 qemu-user qemu-user qemu-user - has qemu-aarch64
    fi
    if wanted install; then
        need help2man help2man help2man help2man help2man has help2man
        need man man-db man-db man-db man-db has man
        need zsh zsh zsh zsh zsh has zsh
        need fish fish fish fish fish has fish
        need lintian lintian - - - has lintian
        need debhelper "debhelper dpkg-dev fakeroot" - - - has dh
    fi
    if wanted html; then
        need Chromium chromium chromium chromium - has_chromium
    fi
    if wanted bulk; then
        need sqlite3 sqlite3 sqlite sqlite sqlite has sqlite3
        need Java default-jre-headless java-headless jre-openjdk-headless \
            openjdk has java
        need "Python's venv" python3-venv python3 python python \
            "$(find_python)" -c 'import ensurepip, venv'
    fi
}

find_missing()
{
    missing='' packages=''
    find_build
    case $level in check | full) find_check ;; esac
    case $level in full) find_full ;; esac
}

# shellcheck disable=SC2086 # lists of words
install_packages()
{
    root=''
    if [ "$(id -u)" != 0 ] && [ "$manager" != brew ]; then
        root=sudo
        has sudo || return 1
    fi
    case $manager in
    apt-get)
        $root apt-get -q update &&
            $root env DEBIAN_FRONTEND=noninteractive \
                apt-get -q -y --no-install-recommends install $packages
        ;;
    dnf) $root dnf -y install $packages ;;
    pacman) $root pacman -S --needed --noconfirm $packages ;;
    brew) brew install $packages ;;
    *) return 1 ;;
    esac
}

give_up()
{
    echo "rnnc needs: $missing" >&2
    if [ "$manager" ]; then
        echo "packages of $manager:$packages (make deps installs them)" >&2
    fi
    exit 1
}

level=$1 only='' suites=''
case $level in
lua | python)
    "find_$level"
    exit
    ;;
build | check) only=$2 ;;
full)
    shift
    suites=$*
    ;;
*)
    echo "usage: deps.sh build|check [name] | full [suite...] | lua | python" >&2
    exit 2
    ;;
esac

manager=''
for manager in apt-get dnf pacman brew ''; do
    has "$manager" && break
done

# Twice, because what is there tells what else is needed.
for _ in 1 2; do
    find_missing
    [ "$missing" ] || exit 0
    [ "$only" != name ] || give_up
    echo "installing:$packages (for $missing)" >&2
    install_packages >&2 || give_up
done
find_missing
[ -z "$missing" ] || give_up
