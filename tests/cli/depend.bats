#!/usr/bin/env bats
# -MD, -MF, -MT, -MP: the text that gcc would write, and make reads it.

load common

# sided FOLDER NAME...: a model there with one weight out of each side file,
# in the order of the names.
sided()
{
    mkdir -p "$1"
    "$PYTHON" - "$@" <<'END'
import json, struct, sys
folder, names = sys.argv[1], sys.argv[2:]
layers = []
for name in names:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2, 2],
                               "data_offsets": [0, 16]}}).encode()
    with open(folder + "/" + name, "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header + bytes(16))
    layers.append({"type": "Dense", "units": 2, "use_bias": False,
                   "weights": {"kernel": {"file": name, "tensor": "w"}}})
layers[-1]["name"] = "y"
with open(folder + "/m.json", "w") as f:
    json.dump({"format": "rnnc", "version": 1, "name": "m",
               "inputs": [{"name": "x", "shape": [2]}],
               "layers": layers, "outputs": ["y"]}, f)
END
}

# like_gcc OUTPUT FLAG...: with gcc reading files of the same names, the same
# dependency file. The model and its side files are in the current folder. One
# of the flags is -MT: gcc would name an object file.
like_gcc()
{
    local output=$1
    shift
    exits 0 m.json -o "$output" -MD -MF ours.d "$@"
    mkdir -p gcc
    "$PYTHON" - <<'END'
import json
for layer in json.load(open("m.json"))["layers"]:
    name = layer["weights"]["kernel"]["file"]
    open("gcc/" + name, "w").close()
    print('#include "%s"' % name, file=open("gcc/m.json", "a"))
END
    # -x c: gcc shall take m.json for C.
    (cd gcc && gcc -MM -MF theirs.d "$@" -x c m.json)
    # Up to gcc 9 an empty line stands before each phony target.
    sed -i '/^$/d' gcc/theirs.d
    diff gcc/theirs.d ours.d
}

has_gcc()
{
    command -v gcc >/dev/null && gcc --version | grep -q 'Free Software'
}

@test "-MD: the output with .d" {
    exits 0 tiny.json -MD
    [ "$(cat tiny.d)" = "tiny.c: tiny.json" ]
    [ -s tiny.c ]
    mkdir build.x
    exits 0 tiny.json -MD -o build.x/net
    [ "$(cat build.x/net.d)" = "build.x/net: tiny.json" ]
    exits 0 ./tiny.json -MD -o build.x/a.b.c
    [ "$(cat build.x/a.b.d)" = "build.x/a.b.c: ./tiny.json" ]
}

@test "-MF names the file and implies -MD" {
    exits 0 tiny.json -MF some.dep
    [ "$(cat some.dep)" = "tiny.c: tiny.json" ]
    absent tiny.d
    exits 0 tiny.json -MFjoined.dep
    cmp some.dep joined.dep
    exits 0 tiny.json -MD -MF both.dep
    cmp some.dep both.dep
    absent tiny.d
    exits 0 tiny.json -MF -
    cmp some.dep out
}

@test "a header is a target, too" {
    exits 0 tiny.json -MD -H
    [ "$(cat tiny.d)" = "tiny.c tiny.h: tiny.json" ]
}

@test "-MT is the target, as it stands" {
    exits 0 tiny.json -MD -MT 'a b$(X)'
    [ "$(cat tiny.d)" = 'a b$(X): tiny.json' ]
    exits 0 tiny.json -MD -MTjoined
    [ "$(cat tiny.d)" = 'joined: tiny.json' ]
    exits 0 tiny.json -MD -H -MT one
    [ "$(cat tiny.d)" = 'one: tiny.json' ]
}

@test "-MT more than once: several targets" {
    exits 0 tiny.json -MD -MT one -MT two
    [ "$(cat tiny.d)" = 'one two: tiny.json' ]
}

@test "-MP: a phony target for all but the model" {
    exits 0 tiny.json -MD -MP
    [ "$(cat tiny.d)" = "tiny.c: tiny.json" ]
    echo '[]' >none.json
    exits 0 tiny.json -MD -MP --samples=none.json
    [ "$(cat tiny.d)" = "tiny.c: tiny.json none.json
none.json:" ]
    "$RNNC" - -o in.c -MD -MP --samples=none.json <tiny.json
    [ "$(cat in.d)" = "in.c: none.json
none.json:" ]
}

@test "side files, samples and template overrides are listed, once" {
    sided sub a.st b.st a.st
    mkdir -p own/templates
    cp "$BATS_TEST_DIRNAME"/../../templates/dense.c.lt own/templates
    echo '[]' >none.json
    exits 0 sub/m.json -MD --template-dir=own --samples=none.json
    side="sub/a.st sub/b.st none.json own/templates/dense.c.lt"
    [ "$(cat m.d)" = "m.c: sub/m.json $side" ]
}

@test "TensorFlow.js: every shard is listed" {
    cp "$BATS_TEST_DIRNAME"/../formats/tfjs/gates* .
    exits 0 gates.json -MD
    [ "$(tr -d '\\\n' <gates.d | tr -s ' ')" = \
        "gates.c: gates.json gates-shard1of3.bin gates-shard2of3.bin gates-shard3of3.bin" ]
}

@test "exactly as gcc writes it: plain names" {
    has_gcc || skip "no gcc"
    sided . one.st two.st
    like_gcc out.c -MT out.c
    like_gcc out.c -MT out.c -MP
}

@test "exactly as gcc writes it: blanks, dollars, hashes, a tab" {
    has_gcc || skip "no gcc"
    sided . 'a b.st' 'c$d.st' 'e#f.st' ' g .st' '$$.st' 't	b.st'
    like_gcc out.c -MT 'o $@ #' -MP
}

@test "exactly as gcc writes it: long lines" {
    has_gcc || skip "no gcc"
    local names=() i
    for i in 1 22 333 4444 55555 666666 7777777 88888888; do
        names+=("file$i.st" "a longer name with blanks $i.st")
    done
    # One that does not fit any line, and a line that is full to the byte.
    names+=("$(printf 'x%.0s' {1..90}).st" "$(printf 'y%.0s' {1..68}).st" z.st
        "$(printf 'w%.0s' {1..64}).st" v)
    sided . "${names[@]}"
    like_gcc out.c -MT out.c -MP
    like_gcc out.c -MT "$(printf 't%.0s' {1..65})"
}

@test "make reads it: one target, every prerequisite, whatever the name" {
    local folder='a b $c #d' goal='a b $c #d/o #$.c'
    sided "$folder" 'w x.st' '$(y).st' 'z#.st'
    exits 0 "$folder/m.json" -o "$goal" -MD -MF rules.d -MP
    cat >Makefile <<'END'
include rules.d
%.c:
	@echo built; touch made
END
    # The rule has to find its files: they exist, the output is newer...
    for f in "$folder"/*; do touch -d '2001-01-01' "$f"; done
    touch "$goal"
    run make -rs "$goal"
    [ "$status" = 0 ]
    [[ $output != *built* ]]
    # ... until one of them changes. A change of any of the four counts.
    for f in m.json 'w x.st' '$(y).st' 'z#.st'; do
        touch -d '2001-01-01' "$folder/$f"
        touch "$goal"
        touch -d '2035-01-01' "$folder/$f"
        run make -rs "$goal"
        [[ $output == *built* ]] || { echo "$f: $output"; false; }
        touch -d '2001-01-01' "$folder/$f"
    done
    # -MP: a side file that is gone is no error.
    rm "$folder/w x.st"
    run make -rs "$goal"
    echo "$output"
    [ "$status" = 0 ]
}

@test "a dependency file needs an output file" {
    refused 2 "-MD needs an output file" tiny.json -o - -MD
    refused 2 "-MD needs an output file" tiny.json -MD --check
    refused 2 "-MD needs an output file" tiny.json -MF x --emit=dot
    refused 2 "-MD needs an output file" tiny.json -MD --run=tiny.json
    refused 2 "-MT needs -MD or -MF" tiny.json -MT x
    refused 2 "-MP needs -MD or -MF" tiny.json -MP
}

@test "other options of gcc are unknown" {
    refused 2 "unknown option -MMD" tiny.json -MMD
    refused 2 "unknown option -MG" tiny.json -MG
    refused 2 "unknown option -MDx" tiny.json -MDx
    refused 2 "unknown option -M" tiny.json -M
    refused 2 "-MF needs an argument: FILE" tiny.json -MF
}

@test "a failed run writes no dependency file and keeps the old one" {
    echo old >wrong.d
    refused 1 "expected an integer" wrong.json -MD -o wrong.c
    [ "$(cat wrong.d)" = old ]
}
