# What the suites of the command line share: a model that can be computed by
# hand, and a runner that keeps both streams apart.
#
# h = tanh(0.5 a + 0.25 b + 0.5 h) for 3 timesteps of (a, b); y = 2 h + 1.
# 6 parameters; 3 (2 + 1) + 1 = 10 multiply-adds.

setup()
{
    RNNC=${RNNC:-$BATS_TEST_DIRNAME/../../build/rnnc}
    PYTHON=${PYTHON:-python3} CC=${CC:-cc}
    unset NO_COLOR CLICOLOR_FORCE
    cd "$BATS_TEST_TMPDIR" || return 1
    cat >tiny.json <<'END'
{"format": "rnnc", "version": 1, "name": "tiny",
 "inputs": [{"name": "x", "shape": [3, 2]}],
 "layers": [
   {"type": "SimpleRNN", "name": "r", "units": 1,
    "weights": {"kernel": [[0.5], [0.25]], "recurrent_kernel": [[0.5]],
                "bias": [0]}},
   {"type": "Dense", "name": "y", "units": 1,
    "weights": {"kernel": [[2]], "bias": [1]}}],
 "outputs": ["y"]}
END
    sed 's/"units": 1/"units": "one"/' tiny.json >wrong.json
    echo '[{"inputs": {"x": [[1, 2], [0, 0], [0, 0]]},
            "outputs": {"y": [9]}}]' >differs.json
}

# exits STATUS ARGUMENT...: runs rnnc; its streams are in the files out, err.
exits()
{
    local want=$1 status=0
    shift
    "$RNNC" "$@" >out 2>err </dev/null || status=$?
    [ "$status" = "$want" ] && return
    echo "exit status $status, expected $want: rnnc $*"
    cat err
    return 1
}

# says TEXT: standard error has it.
says()
{
    grep -qF -- "$1" err && return
    echo "expected: $1"
    echo "got: $(cat err)"
    return 1
}

absent()
{
    local file
    for file; do
        [ -e "$file" ] || continue
        echo "$file is there"
        return 1
    done
}

# refused STATUS TEXT ARGUMENT...: says why, and leaves the folder as it was.
refused()
{
    local want=$1 text=$2 before after
    shift 2
    touch out err
    before=$(find . | sort)
    exits "$want" "$@" && says "$text" || return
    after=$(find . | sort)
    [ ! -s out ] || { echo "output: $(cat out)"; return 1; }
    [ "$before" = "$after" ] || { echo "files: $after"; return 1; }
}

# The C without what says where it comes from: the name of the file, the
# digest of the model.
no_provenance()
{
    sed -E '1d; s/[0-9a-f]{64}//' "$1"
}

# selftest FILE PREFIX [FLAG...]: compiles a generated file, runs its proof.
selftest()
{
    local file=$1 prefix=$2
    shift 2
    # shellcheck disable=SC2086 # flags
    $CC ${GENERATED_CFLAGS:-} "$@" -D"${prefix}_SELFTEST" \
        -D"${prefix}_SELFTEST_MAIN" -o proof "$file" -lm && ./proof
}

# body FILE FUNCTION: the lines of its definition.
body()
{
    awk -v name=" $2\\(" '
        $0 ~ name && !/;$/ { on = 1 }
        on { print }
        /^}/ { on = 0 }' "$1"
}
