#!/usr/bin/env bats
# make install and what it leaves, without the checkout it came from.

load ../common

# The checkout is copied, and gone before anything is tried.
setup_file()
{
    cd "$BATS_FILE_TMPDIR" || return 1
    copy_sources src
    mkdir src/build
    for part in rnnc compiler embed assets.c assets.o assets.d flags; do
        cp -rp "$(dirname "$RNNC")/$part" src/build # other tests' stay there
    done
    make -s -C src install BUILD=build PREFIX=/usr \
        DESTDIR="$BATS_FILE_TMPDIR/d e s t"
    mv src gone
    chmod 0 gone
}

teardown_file()
{
    chmod 755 "$BATS_FILE_TMPDIR/gone"
}

setup()
{
    usr="$BATS_FILE_TMPDIR/d e s t/usr"
    export PATH="$usr/bin:$PATH" PKG_CONFIG_PATH="$usr/share/pkgconfig"
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$ROOT"/examples/make/* .
}

@test "what is installed, and its modes" {
    ok sh -c 'cd "$1" && find . -type f -printf "%m %P\n" | sort' - "$usr"
    [ "$output" = "644 share/bash-completion/completions/rnnc
644 share/cmake/rnnc/rnncAddModel.cmake
644 share/cmake/rnnc/rnncConfig.cmake
644 share/cmake/rnnc/rnncConfigVersion.cmake
644 share/doc/rnnc/LICENSE
644 share/fish/vendor_completions.d/rnnc.fish
644 share/man/man1/rnnc.1
644 share/pkgconfig/rnnc.pc
644 share/rnnc/rnnc-model.schema.json
644 share/rnnc/rnnc.mk
644 share/rnnc/rnnc_export.py
644 share/zsh/site-functions/_rnnc
755 bin/rnnc" ]
}

@test "it compiles a model, with nothing but its own file" {
    cp "$usr/bin/rnnc" alone
    cmp "$(command -v rnnc)" alone
    ok ./alone smooth.json -H --report
    $CC -o smooth main.c smooth.c
    ok sh -c 'echo 1 | ./smooth'
    [ "$output" = 0.25 ]
    ok ./alone --dump-templates own
    [ -s own/templates/model.c.lt ]
}

@test "it opens no file of the checkout" {
    command -v strace || skip "no strace"
    strace -f -e trace=file -o calls rnnc smooth.json -o smooth.c
    run grep -c "/gone/\|/src/\|$ROOT" calls
    echo "$output"
    [ "$output" = 0 ]
}

@test "pkg-config knows where everything is" {
    pkg-config --validate rnnc
    [ "$(pkg-config --modversion rnnc)" = "$(rnnc --version | sed -n '1s/rnnc //p')" ]
    [ -z "$(pkg-config --cflags --libs rnnc | tr -d ' ')" ]
    for name in rnnc makefile cmakedir exporter schema; do
        ok pkg-config --variable=$name rnnc
        eval "path=$output" # blanks are escaped
        [ -e "$path" ] || { echo "$name: $output"; false; }
    done
}

@test "make and CMake find it" {
    ok make && says "rnnc smooth.json"
    cp -r "$ROOT/examples/cmake" .
    ok cmake -S cmake -B b -DCMAKE_PREFIX_PATH="$usr"
    ok cmake --build b
    ok sh -c 'echo 1 | b/smooth'
    [ "$output" = 0.25 ]
}

@test "the exporter and the schema are those of the checkout" {
    cmp "$usr/share/rnnc/rnnc_export.py" "$ROOT/compiler/export/rnnc_export.py"
    rnnc --schema | cmp - "$usr/share/rnnc/rnnc-model.schema.json"
    ok "${PYTHON:-python3}" "$usr/share/rnnc/rnnc_export.py" --help
}

@test "the man page says what --help says, without a warning or a date" {
    page="$usr/share/man/man1/rnnc.1"
    head -n 3 "$page"
    ok env MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l "$page"
    text=$(tr -s ' \n' '  ' <<<"$output")
    [[ $text == *"NAME rnnc - compile a trained neural network into one C file"* ]]
    for option in $(rnnc --help | grep -oE -- '(^|[ ,])--?[A-Za-z][-a-z]*' |
        tr -d ' ,'); do
        [[ $text == *" $option"* ]] || { echo "no $option"; false; }
    done
    for part in Output: "Exit status:" EXAMPLES FILES; do
        [[ $text == *"$part"* ]] || { echo "no $part"; false; }
    done
    ok env MANWIDTH=80 man --warnings -l "$page"
    ok sh -c 'man --warnings -l "$1" 2>&1 >/dev/null' - "$page"
    [ "$output" = "" ]
    head -n 3 "$page" | grep -q '^.TH RNNC "1" "" "rnnc '
    ! grep -E '20[0-9][0-9]' "$page" || false
}

@test "uninstall takes away what install brought, and no more" {
    mkdir -p d/usr/bin d/usr/share/rnnc
    touch d/usr/bin/other
    export DESTDIR="$PWD/d" PREFIX=/usr
    sh -e "$ROOT/compiler/packaging/install.sh" install "$RNNC"
    [ -x d/usr/bin/rnnc ]
    sh -e "$ROOT/compiler/packaging/install.sh" uninstall "$RNNC"
    ok find d -type f
    [ "$output" = d/usr/bin/other ]
    [ ! -e d/usr/share/rnnc ]
}

@test "without help2man: all but the man page, and a word about it" {
    mkdir bin
    for tool in sh sed mktemp rm install dirname rmdir; do
        ln -s "$(PATH=/usr/bin:/bin command -v $tool)" bin/$tool
    done
    PATH=$PWD/bin DESTDIR='' PREFIX="$PWD/p" \
        run "$ROOT/compiler/packaging/install.sh" install "$RNNC"
    [ "$status" = 0 ]
    says "no help2man"
    [ -x p/bin/rnnc ]
    [ ! -e p/share/man ]
}
