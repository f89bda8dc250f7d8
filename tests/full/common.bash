# What the suites of build systems and packages share.

ROOT=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
RNNC=${RNNC:-$ROOT/build/rnnc} CC=${CC:-cc}

# install_rnnc FOLDER: rnnc, as make install puts it there.
install_rnnc()
{
    DESTDIR='' PREFIX=$1 "$ROOT/compiler/packaging/install.sh" install "$RNNC"
    export PATH="$1/bin:$PATH" PKG_CONFIG_PATH="$1/share/pkgconfig"
}

# copy_sources FOLDER: what a clone would hold, the changes of the day included
copy_sources()
{
    mkdir -p "$1"
    (cd "$ROOT" && git ls-files -co --exclude-standard -z |
        xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' - |
        tar -c --null -T -) | tar -x -C "$1"
}

# checkout FOLDER: the same as a git repository of its own
checkout()
{
    copy_sources "$1"
    git -C "$1" init -q
    git -C "$1" add -A
    git -C "$1" -c user.name=x -c user.email=x@example.org commit -qm x
}

# side_model [W]: net.json in the current folder, y = w x with w from net.safetensors.
side_model()
{
    side_weight "${1:-2}"
    cat >net.json <<'END'
{"format": "rnnc", "version": 1, "name": "net",
 "inputs": [{"name": "x", "shape": [1]}],
 "layers": [{"type": "Dense", "name": "y", "units": 1, "use_bias": false,
   "weights": {"kernel": {"file": "net.safetensors", "tensor": "w"}}}],
 "outputs": ["y"]}
END
    cat >net_main.c <<'END'
#include <stdio.h>
#include "net.h"
int main(void)
{
    float x = 3, y;
    net_predict(&x, &y);
    printf("%g\n", (double)y);
    return 0;
}
END
}

# side_weight W: a whole number below 128
side_weight()
{
    local header='{"w":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}}'
    {
        printf '%b' "\\x$(printf %02x ${#header})\\0\\0\\0\\0\\0\\0\\0"
        printf %s "$header"
        "${PYTHON:-python3}" -c "import struct, sys
sys.stdout.buffer.write(struct.pack('<f', $1))"
    } >net.safetensors
}

# later FILE: newer than all that was made before it, on any file system.
later()
{
    sleep 0.02
    touch "$1"
}

# says TEXT: the last run's output has it.
says()
{
    [[ $output == *"$1"* ]] && return
    echo "expected: $1"
    echo "got: $output"
    return 1
}

says_not()
{
    [[ $output != *"$1"* ]] && return
    echo "did not expect: $1"
    echo "got: $output"
    return 1
}

ok()
{
    run "$@"
    [ "$status" = 0 ] && return
    echo "status $status: $*"
    echo "$output"
    return 1
}
