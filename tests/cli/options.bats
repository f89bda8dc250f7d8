#!/usr/bin/env bats
# What goes in, what comes out, and how the generated code is asked for.

load common

# ---- Output ------------------------------------------------------------------

@test "-o names the output" {
    exits 0 tiny.json -o some.c
    grep -q 'void tiny_predict(const float \*x, float \*y)' some.c
    absent tiny.c
    [ ! -s out ] && [ ! -s err ]
}

@test "the default output is named after the model, in the current folder" {
    mkdir sub
    cp tiny.json sub/my.net.json
    cp tiny.json plain
    exits 0 sub/my.net.json
    [ -s my.net.c ]
    absent sub/my.net.c
    exits 0 plain
    [ -s plain.c ]
}

@test "the default output never is the model itself" {
    cp tiny.json same.c
    cp tiny.json same.dot
    refused 2 "same file" same.c
    refused 2 "same file" --emit=dot same.dot
    cmp tiny.json same.c
    cmp tiny.json same.dot
}

@test "-o - is standard output, with nothing else on it" {
    exits 0 tiny.json -o file.c
    exits 0 tiny.json -o -
    cmp out file.c
    absent - tiny.c
}

@test "- is standard input; its output goes to standard output" {
    exits 0 tiny.json -o file.c
    "$RNNC" - <tiny.json >out
    cmp out file.c
    "$RNNC" - -o piped.c <tiny.json
    cmp piped.c file.c
    "$RNNC" -o after.c -- tiny.json
    cmp after.c file.c
}

@test "a model without a name is named after its file" {
    sed 's/, "name": "tiny"//' tiny.json >other.json
    exits 0 other.json
    grep -q other_predict other.c
    "$RNNC" - <other.json | grep -q model_predict
}

@test "--header: default name, explicit name, self-sufficient" {
    exits 0 -H tiny.json -o some.c
    exits 0 --header tiny.json -o else.c
    exits 0 --header=its.hpp tiny.json -o third.c
    cmp some.h its.hpp
    grep -q 'tiny_step' some.h else.h
    printf '#include "some.h"\n%s\n' \
        'int main(void) { float x[6] = {1, 2}, y; tiny_predict(x, &y);
         return !(y > 1.35f && y < 1.36f); }' >main.c
    $CC -o main main.c some.c
    ./main
    mkdir d.d
    exits 0 -H tiny.json -o d.d/out
    [ -s d.d/out.h ]
}

@test "no two outputs share a file" {
    touch old.c
    refused 2 "same file" tiny.json -o old.c --header=old.c
    refused 2 "same file" tiny.json -o new.c --header=new.c
    refused 2 "same file" tiny.json -o new.c -MF new.c
    refused 2 "same file" tiny.json -o new.c --report-file=new.c
    refused 2 "same file" tiny.json -o tiny.json
}

@test "no two outputs share a file, however it is spelled" {
    mkdir sub
    refused 2 "same file" tiny.json -o new.c --header=./new.c
    refused 2 "same file" tiny.json -o new.c --header=sub/../new.c
}

@test "no two outputs share a file: names that are defaults" {
    refused 2 "same file" tiny.json -o new.h -H
    refused 2 "same file" tiny.json -o new.d -MD
    refused 2 "same file" tiny.json --report-file=tiny.c
}

@test "one stream is not two things" {
    refused 2 "standard output" tiny.json -o - --report
    refused 2 "standard output" tiny.json -o - --explain
    refused 2 "standard input" - --run - -o new.json
    refused 2 "standard input" - --samples - -o new.c
}

@test "--name is the prefix, made an identifier" {
    exits 0 --name=valve tiny.json -o a.c
    exits 0 -n valve tiny.json -o b.c
    cmp a.c b.c
    grep -q 'void valve_predict(' a.c
    ! grep -q tiny_ a.c || false
    exits 0 -n 'a b"c' tiny.json -o c.c
    grep -q 'void a_b_c_predict(' c.c
    exits 0 -n int tiny.json -o d.c
    grep -q 'void m_int_predict(' d.c
    exits 0 -n 9lives tiny.json -o e.c
    grep -q 'void m_9lives_predict(' e.c
    refused 2 '--name: expected NAME, got ""' tiny.json --name=
}

@test "--emit=c is the default" {
    exits 0 tiny.json -o a.c
    exits 0 --emit=c tiny.json -o b.c
    cmp a.c b.c
}

@test "--emit=json is lossless: again the same bytes, and the same C" {
    local model name
    for model in tiny.json "$BATS_TEST_DIRNAME"/../layers/*/*.json \
        "$BATS_TEST_DIRNAME"/../../examples/*/*.json; do
        name=$(basename "$model" .json)
        exits 0 "$model" --emit=json -o once.json
        exits 0 once.json --emit=json -o twice.json
        cmp once.json twice.json
        exits 0 "$model" -n same -o a.c # some have no name of their own
        exits 0 once.json -n same -o b.c
        diff <(no_provenance a.c) <(no_provenance b.c) || {
            echo "in $name"
            false
        }
    done
}

@test "--emit=json writes defaults out and is named after the model" {
    exits 0 tiny.json --emit=json
    "$PYTHON" - <<'END'
import json
rnn, dense = json.load(open("tiny.rnnc.json"))["layers"]
assert rnn["activation"] == "tanh" and rnn["use_bias"] is True
assert rnn["inputs"] == ["x"] and dense["inputs"] == ["r"]
assert dense["weights"] == {"kernel": [[2]], "bias": [1]}
END
}

@test "--emit=json keeps the notes of samples" {
    sed 's/"outputs": \["y"\]}/"outputs": ["y"], "samples": [{"note": "N1",/
         s/$//' tiny.json >noted.json
    echo '"inputs": {"x": [[0, 0], [0, 0], [0, 0]]}, "outputs": {"y": [1]}}]}' \
        >>noted.json
    exits 0 noted.json --emit=json -o -
    grep -q '"note": "N1"' out
}

@test "--emit=dot draws every layer and edge" {
    exits 0 tiny.json --emit=dot
    [ "$(head -n 1 tiny.dot)" = "digraph model {" ]
    [ "$(tail -n 1 tiny.dot)" = "}" ]
    grep -q 'SimpleRNN' tiny.dot
    grep -q 'Dense' tiny.dot
    [ "$(grep -c -- '->' tiny.dot)" = 3 ]
    if command -v dot; then dot -Tsvg tiny.dot -o tiny.svg; fi
}

@test "--emit=svg is named after the model" {
    exits 0 tiny.json --emit=svg
    head -n 1 tiny.svg | grep -qF '<?xml version="1.0" encoding="UTF-8"?>'
    absent tiny.c
}

@test "--emit=python writes the C and a module beside it" {
    exits 0 tiny.json
    mv tiny.c plain.c
    exits 0 tiny.json --emit=python
    cmp tiny.c plain.c
    grep -q '^def predict(x):$' tiny.py
    exits 0 tiny.json --emit=python -o b.py -H -MD
    cmp b.c plain.c
    cmp b.py tiny.py
    [ -s b.h ]
    grep -qx 'b.c b.h: tiny.json' b.d
    exits 0 tiny.json --emit=python -o c.c
    cmp c.py tiny.py
}

@test "--emit=sqlite is the same C, and then an extension" {
    exits 0 tiny.json -o plain.c
    exits 0 tiny.json --emit=sqlite -H -MD
    head -n "$(wc -l <plain.c)" tiny.c | cmp - plain.c
    grep -q '^int sqlite3_extension_init' tiny.c
    [ -s tiny.h ] && [ -s tiny.d ]
}

@test "--emit=dot: no byte of a name leaves its quotes" {
    sed 's/"name": "r"/"name": "a\\"]; evil [\\\\"/' tiny.json >quote.json
    exits 0 quote.json --emit=dot -o -
    # Without what stands in quotes, the name is gone.
    ! sed -E 's/"([^"\\]|\\.)*"//g' out | grep -q evil || false
}

# ---- Generated code ----------------------------------------------------------

@test "--type" {
    exits 0 --type=double tiny.json -o d.c
    grep -q 'void tiny_predict(const double \*x, double \*y)' d.c
    exits 0 --type=float tiny.json -o f.c
    exits 0 tiny.json -o default.c
    cmp f.c default.c
    selftest d.c TINY
    selftest f.c TINY
}

@test "--unroll=full has no loop or branch in predict and step" {
    exits 0 --unroll=full tiny.json -o full.c
    [ "$(body full.c tiny_predict | wc -l)" -gt 4 ]
    [ "$(body full.c tiny_step | wc -l)" -gt 2 ]
    for f in tiny_predict tiny_step tiny_r tiny_y; do
        ! body full.c $f | grep -Ew 'for|while|if|goto|switch' || false
    done
    selftest full.c TINY
}

@test "--unroll=none loops, auto unrolls what is small" {
    exits 0 --unroll=none tiny.json -o none.c
    body none.c tiny_predict | grep -w for
    exits 0 --unroll=auto tiny.json -o auto.c
    exits 0 tiny.json -o default.c
    cmp auto.c default.c
    ! body auto.c tiny_predict | grep -w for || false
    selftest none.c TINY
}

@test "auto loops where the numbers of a layer fill vectors" {
    zeros() { printf '0%.0s,' $(seq 2 $1); printf 0; }
    dense() { # so many units
        printf '{"format":"rnnc","version":1,"name":"d","inputs":[
            {"name":"x","shape":[2]}],"layers":[
            {"name":"a","type":"Dense","units":%d,"weights":{
             "kernel":[[%s],[%s]],"bias":[%s]}},
            {"name":"b","type":"Softmax"}],"outputs":["b"]}' \
            $1 $(zeros $1) $(zeros $1) $(zeros $1)
    }
    dense 2 >narrow.json
    dense 4 >wide.json
    exits 0 narrow.json -o /dev/null --report
    grep "^code .*: straight-line: " out
    exits 0 wide.json -o wide.c --report
    grep "^code .*: loops (in vectors): " out
    body wide.c d_a | grep -w d_product
    body wide.c d_a | sed '1,/^#else/d' | grep -Fx '    z[3] += x[1] * d_a_kernel[1 * 8 + 3];'
    # A recurrence whose units depend on each other has no tiles.
    recurrent() {
        printf '{"format":"rnnc","version":1,"name":"r","inputs":[
            {"name":"x","shape":[2,1]}],"layers":[
            {"name":"a","type":"SimpleRNN","units":%d,"activation":"%s",
             "weights":{"kernel":[[%s]],"recurrent_kernel":[%s],"bias":[%s]}}],
            "outputs":["a"]}' $2 $1 $(zeros $2) \
            $(for i in $(seq $2); do printf '%s[%s]' "${comma-}" $(zeros $2); comma=,; done) \
            $(zeros $2)
    }
    recurrent tanh 12 >wide.json
    recurrent softmax 12 >narrow.json
    exits 0 wide.json -o /dev/null --report
    grep "^code .*: loops (in vectors): " out
    exits 0 narrow.json -o /dev/null --report
    grep "^code .*: straight-line: " out
    # gcc would make more than 3 KB of text of so many.
    recurrent softmax 16 >long.json
    exits 0 long.json -o /dev/null --report
    grep "^code .*: loops (in less text): " out
}

@test "--unroll=full of any number of timesteps is refused, with the reason" {
    sed 's/\[3, 2\]/[null, 2]/' tiny.json >any.json
    refused 1 "needs a fixed number of timesteps" --unroll=full any.json
    exits 0 any.json
}

@test "--math" {
    exits 0 --math=default tiny.json -o own.c
    exits 0 tiny.json -o default.c
    cmp own.c default.c
    ! grep -q 'math\.h' own.c || false
    exits 0 --math=libm tiny.json -o f.c
    grep -q '#include <math.h>' f.c
    grep -qw 'tanhf' f.c
    exits 0 --math=libm --type=double tiny.json -o d.c
    grep -qw 'tanh' d.c
    ! grep -qw 'tanhf' d.c || false
    selftest f.c TINY
    selftest d.c TINY
}

@test "--math=fast, accurate and exact: their figures, and the self-test" {
    local tier error
    for tier in fast:1.4e-5 default:5.31 accurate:1.21 exact:correctly; do
        error=${tier#*:} tier=${tier%:*}
        exits 0 --math=$tier tiny.json -o $tier.c
        grep -q -- "--math $tier" $tier.c
        grep -q "^ \* Accuracy  tanh: .*$error" $tier.c
        selftest $tier.c TINY
    done
    # In double there is one tier; to round it there would need more.
    exits 0 --math=default --type=double tiny.json -o one.c
    exits 0 --math=fast --type=double tiny.json -o two.c
    diff one.c two.c | grep '^[<>]' | grep -v Options >differ || true
    [ ! -s differ ]
    refused 2 '--math=exact needs --type=float' --math=exact --type=double \
        tiny.json -o none.c
}

@test "--reproducible" {
    exits 0 --reproducible tiny.json -o r.c
    grep -q 'pragma STDC FP_CONTRACT OFF' r.c
    grep -q -- ' --reproducible$' r.c
    selftest r.c TINY
    refused 2 '--reproducible excludes --math=libm' --reproducible \
        --math=libm tiny.json -o none.c
    exits 0 --reproducible=portable tiny.json -o p.c
    cmp r.c p.c
    exits 0 --reproducible=fma tiny.json -o f.c
    grep -q -- ' --reproducible=fma$' f.c
    grep -q 'z\[0\] = TINY_FUSED(x\[0\], ' f.c
    selftest f.c TINY
    refused 2 '--reproducible=fma needs --type=float' --reproducible=fma \
        --type=double tiny.json -o none.c
    refused 2 '--reproducible: expected portable or fma, got "fms" (did you mean fma?)' \
        --reproducible=fms tiny.json -o none.c
}

@test "--math=fast widens tolerances by what it costs, no more" {
    exits 0 --math=fast tiny.json -o fast.c
    selftest fast.c TINY
    sed 's/\(tiny_tanh(.*)\);/\1 * 1.001f;/' fast.c >worse.c
    ! cmp -s fast.c worse.c
    ! selftest worse.c TINY || false
}

@test "--weight-text" {
    exits 0 --weight-text=decimal tiny.json -o decimal.c
    grep -q '0\.25f' decimal.c
    exits 0 --weight-text=string tiny.json -o string.c
    ! grep -q '0\.25f' string.c || false
    exits 0 --weight-text=auto tiny.json -o auto.c
    exits 0 tiny.json -o default.c
    cmp auto.c default.c
    selftest decimal.c TINY
    selftest string.c TINY
}

@test "--weights=f32 is the default" {
    exits 0 --weights=f32 tiny.json -o a.c
    exits 0 tiny.json -o b.c
    cmp a.c b.c
}

@test "--weights is in the head, in the report, and nowhere else" {
    exits 0 --weights=bf16 tiny.json -o a.c -H --report
    grep -q '^ \* Options .* --weights bf16$' a.c
    grep -q 'Weights are stored as bf16' a.h
    grep -q '^weights stored as : bf16, ' out
    exits 0 --weights=int8 --emit=json tiny.json -o a.json
    exits 0 --emit=json tiny.json -o b.json
    cmp a.json b.json
    exits 0 tiny.json -o a.c -H --report
    ! grep -i 'weights.* stored as' a.c a.h out || false
}

@test "--dump-templates writes what --template-dir reads" {
    exits 0 --dump-templates=own
    diff -r own/templates "$BATS_TEST_DIRNAME/../../templates"
    diff -r own/runtime "$BATS_TEST_DIRNAME/../../runtime"
    exits 0 tiny.json -o a.c
    exits 0 --template-dir=own tiny.json -o b.c
    cmp a.c b.c
}

@test "--template-dir has precedence, file by file" {
    mkdir -p own/runtime/f32
    "$RNNC" --dump-templates=all
    sed 's/^#endif/\/* from own *\/\n&/' all/runtime/f32/tanh.h \
        >own/runtime/f32/tanh.h
    exits 0 --template-dir=own tiny.json -o a.c
    grep -q 'from own' a.c
    selftest a.c TINY
    echo '${nothing}' >all/templates/dense.c.lt
    run "$RNNC" --template-dir=all tiny.json -o new.c
    [ "$status" != 0 ]
    [[ $output == *"templates/dense.c.lt:1: undefined name 'nothing'"* ]]
    absent new.c
    refused 3 "nowhere: error: is not a folder" \
        --template-dir=nowhere tiny.json
}

# ---- Input -------------------------------------------------------------------

@test "--format" {
    exits 0 --format=rnnc tiny.json -o a.c
    exits 0 tiny.json -o b.c
    cmp a.c b.c
    refused 1 'unknown format "onnx"' --format=onnx tiny.json
}

@test "--samples are checked and carried" {
    echo '{"samples": [{"inputs": {"x": [[0, 0], [0, 0], [0, 0]]},
                        "outputs": {"y": [1.0000001]}}]}' >right.json
    exits 0 --samples=right.json tiny.json
    grep -q '1\.0000001' tiny.c
    selftest tiny.c TINY
    refused 4 "differs.json:2:" --samples=differs.json tiny.json -o new.c
    refused 4 "differs.json:2:" --samples=differs.json tiny.json --check
    refused 3 "No such file" --samples=nofile.json tiny.json -o new.c
    sed 's/9/"9"/' differs.json >type.json
    refused 1 "type.json:2:" --samples=type.json tiny.json -o new.c
}

@test "--max-bytes" {
    local size
    size=$(wc -c <tiny.json)
    exits 0 --max-bytes="$size" tiny.json
    refused 1 "larger than --max-bytes" \
        --max-bytes=$((size - 1)) tiny.json -o new.c
    : >spaces
    for unit in "1K 1024" "2k 2048" "1M 1048576" "1m 1048576"; do
        { cat tiny.json; printf "%$((${unit#* } - size))s" ''; } >spaces
        exits 0 --max-bytes="${unit% *}" spaces --check
        echo >>spaces
        refused 1 "larger than" --max-bytes="${unit% *}" spaces --check
    done
    for bad in "" -1 1G 1KB " 1" 0x10 1.5 99999999999999999999 \
        9223372036854775807K; do
        refused 2 "--max-bytes: expected a number of bytes" \
            --max-bytes="$bad" tiny.json
    done
}
