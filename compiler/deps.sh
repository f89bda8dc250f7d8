#!/bin/sh
# deps.sh -- what rnnc needs on a machine: find it, or install it.
#
#   deps.sh build          for the compiler itself; silent when all is there
#   deps.sh check          for the tests, too
#   deps.sh build name     only name what is missing
#   deps.sh lua | python   print the pkg-config name, the interpreter
#
# To add something: a line in find_missing. CC and PYTHON are respected.

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

has_clang_runtime()
{
    ls "$runtime"/libclang_rt.fuzzer*
}

has()
{
    command -v "$1" >/dev/null 2>&1
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
    if ! "$@" >/dev/null 2>&1; then
        missing="${missing:+$missing, }$what"
        packages="$packages $package"
    fi
}

find_missing()
{
    missing='' packages=''
    need "a C compiler" "gcc libc6-dev" gcc gcc gcc has_cc
    need make make make make make has make
    need pkg-config pkg-config pkgconf-pkg-config pkgconf pkgconf has pkg-config
    need cJSON libcjson-dev cjson-devel cjson cjson \
        pkg-config --exists libcjson
    need "Lua 5.4" liblua5.4-dev lua-devel lua54 lua@5.4 find_lua
    [ "$1" = check ] || return
    need clang clang clang clang llvm has clang
    need clang++ clang clang clang llvm has clang++
    need g++ g++ gcc-c++ gcc gcc has g++
    need tcc tcc tcc tcc tcc has tcc
    need bats bats bats bash-bats bats-core has bats
    need cmocka libcmocka-dev libcmocka-devel cmocka cmocka \
        pkg-config --exists cmocka
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

case $1 in
lua | python)
    "find_$1"
    exit
    ;;
build | check) ;;
*)
    echo "usage: deps.sh build|check [name] | lua | python" >&2
    exit 2
    ;;
esac

manager=''
for name in apt-get dnf pacman brew; do
    if has $name; then
        manager=$name
        break
    fi
done

# Twice, because what is there tells what else is needed.
for _ in 1 2; do
    find_missing "$1"
    [ "$missing" ] || exit 0
    [ "$2" != name ] || give_up
    echo "installing:$packages (for $missing)" >&2
    install_packages >&2 || give_up
done
find_missing "$1"
[ -z "$missing" ] || give_up
