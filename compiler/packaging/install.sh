#!/bin/sh
# install.sh install|uninstall RNNC -- what make install puts where; one list
# for both directions. From the environment: DESTDIR, PREFIX, and zshdir,
# where the system's zsh looks elsewhere.
#
# Only bin/rnnc depends on the machine. All other files find each other by
# where they are themselves, so the tree may be moved as a whole.
set -eu
action=$1 rnnc=$2 DESTDIR=${DESTDIR-}
here=$(dirname "$0")
root=$here/../..
share=$PREFIX/share
version=$("$rnnc" --version | sed -n '1s/rnnc //p')
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# file MODE SOURCE TARGET
file()
{
    target=$DESTDIR$3
    if [ "$action" = uninstall ]; then
        rm -f "$target"
        return
    fi
    install -d "$(dirname "$target")"
    install -m "$1" "$2" "$target"
}

# The page is made from --help. Without help2man there is none; that is no
# reason not to install a compiler.
manual()
{
    if [ "$action" = uninstall ]; then
        file 644 - "$share/man/man1/rnnc.1"
    elif command -v help2man >/dev/null; then
        help2man --no-info --include="$here/rnnc.h2m" "$rnnc" |
            sed '/^\.TH/s/"[A-Z][a-z]* [0-9]*"/""/' >"$made/rnnc.1" # no date
        file 644 "$made/rnnc.1" "$share/man/man1/rnnc.1"
    else
        echo "install.sh: no help2man, so no man page" >&2
    fi
}

for shell in bash zsh fish; do
    "$rnnc" --completions=$shell >"$made/$shell"
done
for template in rnnc.pc rnncConfigVersion.cmake; do
    sed "s/@VERSION@/$version/" "$here/$template.in" >"$made/$template"
done

file 755 "$rnnc" "$PREFIX/bin/rnnc"
file 644 "$here/rnnc.mk" "$share/rnnc/rnnc.mk"
file 644 "$root/compiler/export/rnnc_export.py" "$share/rnnc/rnnc_export.py"
file 644 "$root/compiler/rnnc-model.schema.json" \
    "$share/rnnc/rnnc-model.schema.json"
file 644 "$here/rnncConfig.cmake" "$share/cmake/rnnc/rnncConfig.cmake"
file 644 "$here/rnncAddModel.cmake" "$share/cmake/rnnc/rnncAddModel.cmake"
file 644 "$made/rnncConfigVersion.cmake" \
    "$share/cmake/rnnc/rnncConfigVersion.cmake"
file 644 "$made/rnnc.pc" "$share/pkgconfig/rnnc.pc"
file 644 "$made/bash" "$share/bash-completion/completions/rnnc"
file 644 "$made/zsh" "${zshdir:-$share/zsh/site-functions}/_rnnc"
file 644 "$made/fish" "$share/fish/vendor_completions.d/rnnc.fish"
file 644 "$root/LICENSE" "$share/doc/rnnc/LICENSE"
manual
if [ "$action" = uninstall ]; then # the folders that are rnnc's alone
    for folder in rnnc cmake/rnnc doc/rnnc; do
        rmdir "$DESTDIR$share/$folder" 2>/dev/null || true
    done
fi
