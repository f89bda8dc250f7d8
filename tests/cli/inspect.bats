#!/usr/bin/env bats
# Looking at a model: reports, budgets, the interpreter, lists, messages.

load common

# json FILE EXPRESSION...: each holds for the object r in the file.
json()
{
    "$PYTHON" - "$@" <<'END'
import json, sys
r = json.load(open(sys.argv[1]))
for expression in sys.argv[2:]:
    assert eval(expression), "%s in %s" % (expression, r)
END
}

# number KEY FILE: out of a report in JSON.
number()
{
    "$PYTHON" -c 'import json, sys
print(json.load(open(sys.argv[2]))[sys.argv[1]])' "$@"
}

# ---- --report, --budget-* ----------------------------------------------------

@test "--report=text" {
    exits 0 tiny.json --report
    grep -qx 'params            : 6' out
    grep -qx 'macc              : 10' out
    grep -qx 'weights (ro)      : 24 bytes' out
    grep -qx 'state (rw)        : 4 bytes' out
    grep -qE '^r +SimpleRNN +\[1\] +4 +9 +16$' out
    grep -qE '^y +Dense +\[1\] +2 +1 +8$' out
    grep -qE '^total +6 +10 +24$' out
    [ -s tiny.c ]
    cp out first
    exits 0 tiny.json --report=text
    cmp first out
    exits 0 tiny.json --report --type=double --check
    grep -qx 'weights (ro)      : 48 bytes' out
}

@test "--report=json" {
    exits 0 tiny.json --report=json
    json out 'r["params"] == 6' 'r["macc"] == 10' 'r["weights_ro"] == 24' \
        'r["macc_per_timestep"] == 4' 'r["state_rw"] == 4' \
        'r["ram_total"] == r["state_rw"] + r["activations_rw"]' \
        'r["type"] == "float"' 'r["model"] == "tiny"' \
        '[l["params"] for l in r["layers"]] == [4, 2]' \
        '[l["macc"] for l in r["layers"]] == [9, 1]' \
        'r["inputs"] == [{"name": "x", "shape": [3, 2]}]' \
        'r["outputs"] == [{"name": "y", "shape": [1]}]'
    json out "r['sha256'] == '$(sha256sum <tiny.json | cut -d ' ' -f 1)'"
}

@test "--report=json: names are escaped" {
    sed 's/"name": "r"/"name": "a\\"\\n\\u00e9"/' tiny.json >quote.json
    exits 0 quote.json --report=json --check
    json out 'r["layers"][0]["name"] == "a\"\n\u00e9"'
}

@test "--report-file" {
    exits 0 tiny.json --report --check
    cp out text
    exits 0 tiny.json --report-file=r.txt
    cmp text r.txt
    [ ! -s out ]
    exits 0 tiny.json --report=json --report-file=r.json -o -
    json r.json 'r["params"] == 6'
    grep -q tiny_predict out
}

@test "--report says why there is no step()" {
    sed 's/"name": "r",/& "go_backwards": true,/' tiny.json >back.json
    exits 0 back.json --report --check
    grep -q '^no step()         : r: ' out
}

@test "--budget-flash, --budget-ram, --budget-stack: equal is enough" {
    exits 0 tiny.json --budget-flash=24
    refused 1 \
        "24 bytes of weights exceed the budget of 23; --budget-flash=24 allows" \
        tiny.json --budget-flash=23 -o new.c
    refused 1 "48 bytes of weights exceed" \
        tiny.json --budget-flash=24 --type=double -o new.c
    refused 1 "exceed" tiny.json --budget-flash=0 --check
    exits 0 tiny.json --report=json --check
    ram=$(number ram_total out)
    stack=$(number stack_arrays out)
    exits 0 tiny.json --budget-ram="$ram"
    refused 1 "bytes of state and activations exceed the budget" \
        tiny.json --budget-ram=$((ram - 1)) -o new.c
    exits 0 tiny.json --budget-stack="$stack"
    refused 1 "bytes of scratch on the stack" \
        tiny.json --budget-stack=$((stack - 1)) -o new.c
    # A sample in every lane is what gives way first.
    ! grep tiny_predict_lanes tiny.c || false
    exits 0 tiny.json --report=json
    [ "$(number stack_arrays_batch out)" -gt "$stack" ]
    grep -q tiny_predict_lanes tiny.c
    refused 2 "--budget-ram: expected a number of bytes" \
        tiny.json --budget-ram=-1
}

@test "--budget-stack is 64K by default" {
    # 20000 floats between two layers: 80000 bytes.
    "$PYTHON" - <<'END'
import json
json.dump({"format": "rnnc", "version": 1,
           "inputs": [{"name": "x", "shape": [20000]}],
           "layers": [{"type": "Activation", "activation": "tanh"},
                      {"type": "Activation", "activation": "softmax",
                       "name": "y"}],
           "outputs": ["y"]}, open("stack.json", "w"))
END
    refused 1 "exceed the budget of 65536" stack.json
    exits 0 stack.json --budget-stack=1M --check
    refused 1 "exceed the budget of 65536" stack.json --check
    for what in json dot; do # which have none
        exits 0 stack.json --emit=$what -o new.$what
        refused 1 "exceed the budget of 65536" stack.json --emit=$what \
            --budget-stack=64K -o none
        refused 1 "exceed the budget of 65536" stack.json --emit=$what \
            --report -o none
    done
}

# ---- --run -------------------------------------------------------------------

@test "--run computes what the formula says" {
    want=$("$PYTHON" -c 'from math import tanh
print(repr(2 * tanh(0.5 * tanh(0.5 * tanh(0.5 + 2 * 0.25))) + 1))')
    echo '{"x": [[1, 2], [0, 0], [0, 0]]}' >named.json
    echo '{"inputs": {"x": [[1, 2], [0, 0], [0, 0]]}, "note": "n"}' >sample.json
    echo '[[1, 2], [0, 0], [0, 0]]' >bare.json
    for input in named sample bare; do
        exits 0 tiny.json --run=$input.json
        json out "list(r) == ['y'] and abs(r['y'][0] - $want) < 1e-14"
        absent tiny.c
    done
    "$RNNC" tiny.json --run - <bare.json >piped
    cmp piped out
    exits 0 tiny.json --run bare.json -o result.json
    cmp result.json out || json result.json "abs(r['y'][0] - $want) < 1e-14"
}

@test "--run: a bad input is refused" {
    echo '{"x": [[1, 2], [0, 0]]}' >short.json
    echo '{"z": [[1, 2], [0, 0], [0, 0]]}' >name.json
    echo '{"x": [[1, 2], [0, 0], [0, "0"]]}' >type.json
    printf '{"x": [[1, 2], [0, 0], [0, 0]' >syntax.json
    for bad in short name type syntax; do
        refused 1 "$bad.json:1:" tiny.json --run $bad.json -o new.json
    done
}

@test "--run: an absent input is exit status 3" {
    refused 3 "nofile.json: error: No such file" tiny.json --run nofile.json
    printf '%600s' '[]' >large.json
    refused 1 "large.json: error: is larger than --max-bytes" \
        --max-bytes=599 tiny.json --run large.json
}

# ---- --check, --explain, lists -----------------------------------------------

@test "--check writes nothing, but checks all" {
    refused 1 'expected an integer of at least 1, got "one"' wrong.json --check
    exits 0 tiny.json --check
    absent tiny.c
    [ ! -s out ] && [ ! -s err ]
    exits 0 tiny.json --check -o new.c -H --emit=c
    absent new.c new.h
    exits 0 tiny.json --check --report
    grep -q '^params' out
}

@test "--explain lists every convention" {
    exits 0 tiny.json --explain
    [ "$(head -n 1 out)" = \
        "format rnnc, SHA-256 $(sha256sum <tiny.json | cut -d ' ' -f 1)" ]
    grep -qx 'r: activation is tanh = tanh(x) (default)' out
    grep -qx 'r: use_bias is true (default)' out
    grep -qx 'r: return_sequences is false (default)' out
    grep -qx 'y: activation is linear = x (default)' out
    [ -s tiny.c ]
    sed 's/"name": "y",/& "activation": "relu",/' tiny.json >relu.json
    exits 0 relu.json --explain --check
    grep -q '^y: activation is relu' out
    ! grep -q '^y: activation.*default' out || false
}

@test "--list-layers: every folder of layer tests, every table row" {
    exits 0 --list-layers
    for folder in "$BATS_TEST_DIRNAME"/../layers/*/; do
        case $folder in *__pycache__/) continue ;; esac
        grep -q "^$(basename "$folder") " out
    done
    grep -q '^activations: .*\btanh\b' out
    # README's table is the same, line by line.
    sed -n '/<!-- layers/,/<!-- .layers/p' "$BATS_TEST_DIRNAME/../../README.md" |
        grep -oE '^\| [A-Z][A-Za-z0-9]+ \| .* \|$' |
        sed -E 's/^\| ([^ ]+) \| (.*) \|$/\1 \2/' >readme
    diff readme <(grep -E '^[A-Z]' out | sed -E 's/^([^ ]+) +/\1 /')
}

@test "--list-formats" {
    exits 0 --list-formats
    grep -qE '^rnnc +' out
}

@test "--schema prints the schema" {
    exits 0 --schema
    diff out "$BATS_TEST_DIRNAME/../../compiler/rnnc-model.schema.json"
}

@test "lists need no model" {
    for list in --list-layers --list-formats --schema --help --version; do
        exits 0 $list
        [ -s out ] && [ ! -s err ]
    done
}

# ---- Help and messages -------------------------------------------------------

@test "--help names every option of the contract, 80 columns wide" {
    exits 0 --help
    [ "$(head -n 1 out)" = "Usage: rnnc [OPTION]... MODEL" ]
    for option in '-o FILE' '-H, --header' '-n, --name' --type --unroll \
        --math --reproducible --weights --weight-text --format --samples -MD \
        -MF -MT -MP --report --report-file --budget-flash --budget-ram \
        --budget-stack --emit --max-bytes --run --check --explain \
        --list-layers --list-formats --schema --template-dir \
        --dump-templates -q -v --color --help --version; do
        grep -qE -- "^ *$option\b" out || { echo "$option"; false; }
    done
    ! grep -nE '^.{81}' out || false
    for status in 0 1 2 3 4 70; do
        grep -qE "^  $status  +" out
    done
}

@test "--version" {
    exits 0 --version
    head -n 1 out | grep -qE '^rnnc [0-9]+\.[0-9]+\.[0-9]+$'
    exits 0 tiny.json
    head -n 1 tiny.c | grep -qF "$(exits 0 --version; head -n 1 out)"
}

@test "-v prints the graph after each pass, and the plan" {
    exits 0 tiny.json -v
    grep -q '^after infer_shapes:$' err
    grep -qF 'r = SimpleRNN(x) [1]' err
    grep -q '^plan: ' err
    [ ! -s out ]
    cp tiny.c verbose.c
    exits 0 tiny.json
    cmp tiny.c verbose.c
    [ ! -s err ]
}

@test "--color, -q" {
    red=$'\033[1;31m'
    exits 1 wrong.json
    [ "$(head -n 1 err)" = 'wrong.json:4:48: error: /layers/0/units: expected'\
' an integer of at least 1, got "one"' ]
    ! grep -q $'\033' err || false
    exits 1 --color=always wrong.json
    grep -qF "$red" err
    grep -qF '"units": "one"' err
    exits 1 --color=always -q wrong.json
    grep -qF "$red" err
    ! grep -qF '"units": "one"' err || false
    CLICOLOR_FORCE=1 exits 1 wrong.json
    grep -qF "$red" err
    CLICOLOR_FORCE=1 NO_COLOR=1 exits 1 wrong.json
    ! grep -q $'\033' err || false
    CLICOLOR_FORCE=1 exits 1 --color=never wrong.json
    ! grep -q $'\033' err || false
    NO_COLOR=1 exits 1 --color=always wrong.json
    grep -qF "$red" err
}

@test "all messages in one run, 20 at most" {
    exits 1 wrong.json
    [ "$(wc -l <err)" = 2 ]
    "$PYTHON" - <<'END'
import json
m = json.load(open("tiny.json"))
m["layers"] *= 30
for l in m["layers"]:
    l["units"] = 0
json.dump(m, open("many.json", "w"))
END
    exits 1 many.json
    [ "$(grep -c '^many.json:' err)" = 20 ]
    [ "$(tail -n 1 err)" = "rnnc: error: too many errors, 20 shown" ]
}
