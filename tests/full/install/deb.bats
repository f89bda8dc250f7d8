#!/usr/bin/env bats
# The Debian package: built, looked at by lintian, unpacked and used.

load ../common

setup_file()
{
    command -v dpkg-buildpackage lintian >/dev/null || return 0
    "$ROOT/compiler/packaging/deb.sh" "$BATS_FILE_TMPDIR/deb" \
        >"$BATS_FILE_TMPDIR/log" 2>&1 || {
        tail -n 30 "$BATS_FILE_TMPDIR/log"
        return 1
    }
    dpkg-deb -x "$BATS_FILE_TMPDIR"/deb/rnnc_*.deb "$BATS_FILE_TMPDIR/root"
}

setup()
{
    command -v dpkg-buildpackage lintian >/dev/null || skip "not Debian"
    cd "$BATS_FILE_TMPDIR/deb" || return 1
}

@test "lintian has nothing to say, not even pedantically" {
    ok lintian --allow-root --pedantic --fail-on error,warning,info,pedantic \
        rnnc_*.changes
    [ "$output" = "" ] || { echo "$output"; false; }
}

@test "the compiler has no warning" {
    ! grep -E 'warning:' "$BATS_FILE_TMPDIR/log" || false
}

@test "its files are those of make install, and documentation" {
    ok sh -c 'dpkg-deb -c rnnc_*.deb | grep -o "\./usr/.*[^/]$" | sort'
    for file in bin/rnnc share/man/man1/rnnc.1.gz share/rnnc/rnnc.mk \
        share/cmake/rnnc/rnncConfig.cmake share/pkgconfig/rnnc.pc \
        share/zsh/vendor-completions/_rnnc share/doc/rnnc/copyright \
        share/bash-completion/completions/rnnc; do
        says "./usr/$file"
    done
    ok dpkg-deb -f rnnc_*.deb Depends
    says libcjson1 && says liblua5.4-0
    grep -qF "$(sed -n '$p' "$ROOT/LICENSE")" \
        "$BATS_FILE_TMPDIR/root/usr/share/doc/rnnc/copyright"
}

# The package is not installed on a machine that only runs tests: its tree
# stands in for it.
@test "its autopkgtest: generate, compile, run" {
    usr="$BATS_FILE_TMPDIR/root/usr"
    cd rnnc-*/
    ok env PATH="$usr/bin:$PATH" PKG_CONFIG_PATH="$usr/share/pkgconfig" \
        AUTOPKGTEST_TMP="$BATS_TEST_TMPDIR" debian/tests/compile
    says "rnnc smooth.json"
    grep -q '^Tests: compile$' debian/tests/control
}

@test "what dpkg-source packs builds again, from nothing else" {
    ok sh -c 'tar -tJf rnnc_*.tar.xz'
    says debian/rules && says templates/model.c.lt
    says_not /build/ && says_not __pycache__ && says_not compiler/main.o
}
