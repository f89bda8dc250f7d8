#!/usr/bin/env bats
# What is refused, with which exit status, and that nothing is left behind.

load common

@test "exit status 0: done" {
    exits 0 tiny.json
}

@test "exit status 1: the model is wrong" {
    refused 1 'error: /layers/0/units: expected an integer of at least 1' \
        wrong.json
    echo '{"format": "other"}' >other.json
    refused 1 "other.json:1:" other.json
    : >empty.json
    refused 1 "empty.json:1:1: error:" empty.json
}

@test "exit status 2: the command line is wrong" {
    refused 2 "no model file given"
    refused 2 'more than one model file: "two"' one two
    refused 2 "the name of the model file is empty" ''
    refused 2 "--check takes no argument" tiny.json --check=3
    refused 2 "-o needs an argument: FILE" tiny.json -o
    refused 2 "--type needs an argument: float|double" tiny.json --type
    refused 2 '-o: expected FILE, got ""' tiny.json -o ''
    refused 2 "--report and --run exclude" tiny.json --report --run x
    refused 2 "--header goes with C" tiny.json --header --emit=dot
    refused 2 "--emit=python writes two files" tiny.json --emit=python -o -
    cp tiny.json same.py
    refused 2 "same file" same.py --emit=python -o same.c
    rm same.py
    refused 2 "--header needs a file name" tiny.json --header -o -
    # The command line is judged before any file is opened.
    refused 2 "unknown option" nofile.json --frobnicate
}

@test "exit status 3: input and output" {
    mkdir folder
    refused 3 "nofile.json: error: No such file or directory" nofile.json
    refused 3 "folder: error: " folder
    refused 3 "nowhere/a.c: error: No such file or directory" \
        tiny.json -o nowhere/a.c
    refused 3 "folder: error: is a directory" tiny.json -o folder
    refused 3 "tiny.json/a.c: error: Not a directory" \
        tiny.json -o tiny.json/a.c
    echo '[[1, 2], [0, 0], [0, 0]]' >x
    for what in --emit=dot --emit=svg --emit=json --run=x; do
        refused 3 "nowhere/t: error: No such file" $what tiny.json -o nowhere/t
    done
    refused 3 "Not a directory" --dump-templates=tiny.json
}

@test "exit status 3: a folder or file without permission" {
    [ "$(id -u)" != 0 ] || skip "root may do all"
    mkdir locked
    chmod a-w locked
    refused 3 "Permission denied" tiny.json -o locked/a.c
    echo old >locked.c
    chmod a-w locked.c
    refused 3 "Permission denied" tiny.json -o locked.c
    [ "$(cat locked.c)" = old ]
    cp tiny.json secret.json
    chmod a-r secret.json
    refused 3 "secret.json: error: Permission denied" secret.json
}

@test "exit status 4: samples differ" {
    refused 4 "differs.json:2:" --samples=differs.json tiny.json
    refused 4 "the model computes 1.35945" --samples=differs.json tiny.json
}

# A standard output that fails: /dev/full is no file, so nothing can unlink it.
@test "exit status 3: standard output that is full" {
    [ -w /dev/full ] || skip "no /dev/full"
    echo '[[1, 2], [0, 0], [0, 0]]' >x
    for arguments in "-o -" "--emit=dot -o -" "--emit=json -o -" "--run=x" \
        "--report" "--help" "--version"; do
        # shellcheck disable=SC2086 # words
        run bash -c '"$0" tiny.json '"$arguments"' >/dev/full' "$RNNC"
        [ "$status" = 3 ] || { echo "$arguments: $status"; false; }
        [ -n "$output" ]
    done
}

@test "exit status 3: standard output that is full, under a list" {
    [ -w /dev/full ] || skip "no /dev/full"
    for arguments in --list-layers --list-formats --schema \
        "--explain --check"; do
        run bash -c '"$0" tiny.json '"$arguments"' >/dev/full' "$RNNC"
        [ "$status" = 3 ] || { echo "$arguments: $status"; false; }
    done
}

@test "a message about standard output does not blame standard input" {
    [ -w /dev/full ] || skip "no /dev/full"
    run bash -c '"$0" tiny.json -o - >/dev/full' "$RNNC"
    [ "$status" = 3 ]
    [[ $output != *stdin* ]] || { echo "$output"; false; }
}

@test "an unknown option, with a suggestion" {
    refused 2 "unknown option --unrll (did you mean --unroll?)" \
        --unrll=full tiny.json
    refused 2 "unknown option --reprot (did you mean --report?)" \
        --reprot tiny.json
    refused 2 "unknown option -unroll (did you mean --unroll?)" \
        -unroll tiny.json
    refused 2 "unknown option --frobnicate" --frobnicate tiny.json
    ! grep -q 'did you mean' err || false
    refused 2 "unknown option -x" -qx tiny.json
    refused 2 "option --budget is ambiguous: --budget-flash, --budget-ram," \
        --budget=3 tiny.json
    exits 0 --unr=full tiny.json # short for the only one
}

@test "an unknown value, with a suggestion" {
    refused 2 '--type: expected float or double, got "dobule"'\
' (did you mean double?)' --type=dobule tiny.json
    refused 2 '--unroll: expected auto, full or none, got "all"' \
        --unroll=all tiny.json
    refused 2 '--emit: expected c, ' --emit=java tiny.json
    refused 2 '--report: expected text, ' --report=pdf tiny.json
    refused 2 '--color: expected ' --color=red tiny.json
    refused 2 '--weight-text: expected ' --weight-text=hex tiny.json
    refused 2 '--type: expected ' --type=FLOAT tiny.json
}

@test "small weights are for float" {
    for storage in bf16 f16 int8; do
        refused 2 "--weights=$storage needs --type=float" \
            "--weights=$storage" --type=double tiny.json -o new.c
    done
    refused 2 '--weights: expected f32, bf16, f16 or int8, got "int4"' \
        --weights=int4 tiny.json
}

@test "a failed run leaves what was there" {
    for file in a.c a.h a.d a.txt; do echo old >$file; done
    set -- -o a.c -H -MD --report-file=a.txt
    refused 1 "wrong.json" wrong.json "$@"
    refused 2 "unknown option" tiny.json "$@" --unknown
    refused 3 "No such file" nofile.json "$@"
    refused 4 "differs" tiny.json "$@" --samples=differs.json
    refused 1 "exceed" tiny.json "$@" --budget-flash=0
    for file in a.c a.h a.d a.txt; do [ "$(cat $file)" = old ]; done
}

# Otherwise make takes the C for up to date, and the header never appears.
@test "an output that cannot be written leaves the other ones, too" {
    echo old >a.c
    refused 3 "nowhere/a.h" tiny.json -o a.c --header=nowhere/a.h
    [ "$(cat a.c)" = old ]
    refused 3 "nowhere/a.d" tiny.json -o a.c -MF nowhere/a.d
    [ "$(cat a.c)" = old ]
    refused 3 "nowhere/a.txt" tiny.json -o a.c --report-file=nowhere/a.txt
    [ "$(cat a.c)" = old ]
    refused 3 "nowhere/a.h" tiny.json -o new.c --header=nowhere/a.h
}

@test "output is complete or absent: a disk that is full" {
    # A limit on the size of files stands for it; SIGXFSZ is ignored.
    run bash -c 'trap "" XFSZ; ulimit -f 4; "$0" tiny.json -o a.c' "$RNNC"
    [ "$status" = 3 ]
    [[ $output == *"a.c: error: "* ]]
    absent a.c
    [ "$(find . -name '*.tmp')" = "" ]
    echo old >a.c
    run bash -c 'trap "" XFSZ; ulimit -f 4; "$0" tiny.json -o a.c' "$RNNC"
    [ "$status" = 3 ]
    [ "$(cat a.c)" = old ]
    [ "$(find . -name '*.tmp')" = "" ]
}

@test "output is complete or absent: killed by the size limit" {
    run bash -c 'ulimit -c 0 -f 4; "$0" tiny.json -o a.c' "$RNNC"
    [ "$status" != 0 ]
    absent a.c
    [ "$(find . -name '*.tmp')" = "" ]
}

@test "a file that exists is replaced as a whole, its permissions stay" {
    echo old >a.c
    ln a.c other.c
    chmod 640 a.c
    exits 0 tiny.json -o a.c
    [ "$(cat other.c)" = old ] # a new file under the name
    [ "$(stat -c %a a.c)" = 640 ]
    echo old >target.c
    ln -s target.c link.c
    exits 0 tiny.json -o link.c
    [ -L link.c ]
    cmp target.c a.c
}

@test "a pipe is written in place" {
    mkfifo pipe
    cat pipe >copy &
    exits 0 tiny.json -o pipe
    wait
    [ -p pipe ]
    exits 0 tiny.json
    cmp copy tiny.c
}

@test "a side file is not overwritten" {
    "$PYTHON" - <<'END'
import json, struct
header = b'{"w": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4]}}'
with open("side.st", "wb") as f:
    f.write(struct.pack("<Q", len(header)) + header + bytes(4))
m = json.load(open("tiny.json"))
m["layers"][1]["weights"]["kernel"] = {"file": "side.st", "tensor": "w"}
json.dump(m, open("sided.json", "w"))
END
    cp side.st copy.st
    exits 0 sided.json
    run "$RNNC" sided.json -o side.st
    cmp side.st copy.st
    [ "$status" != 0 ]
}

@test "no option in a message reaches the terminal as a command" {
    refused 2 "unknown option" $'--bad\033[31m' tiny.json
    ! grep -q $'\033' err || false
}
