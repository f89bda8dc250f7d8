#!/usr/bin/env python3
"""What every generated file promises besides its numbers: no warning in five
compilers and two languages, no symbol from outside, no loop and no branch in
straight-line code, the same bytes always, any two files in one program."""

import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CFLAGS, RNNC, ROOT, finish, report, rnnc, run, \
    workspace, write_model

NOTEBOOK = os.path.join(ROOT, "examples/notebook/model.json")
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
          "-Wdouble-promotion", "-Werror", "-c"]
COMPILERS = [["gcc", "-std=c99"], ["gcc", "-std=c11"], ["clang", "-std=c99"],
             ["gcc", "-std=c17", "-O2"],
             ["g++", "-std=c++11", "-x", "c++"],
             ["clang++", "-std=c++11", "-x", "c++"],
             ["g++", "-std=c++17", "-x", "c++", "-O2"]]
TCC = ["tcc", "-Wall", "-Werror", "-c"]
ACTIVATIONS = ["linear", "tanh", "sigmoid", "relu", "leaky_relu", "elu",
               "selu", "softplus", "softsign", "swish", "gelu", "exponential",
               "softmax",
               "relu6", "celu", "squareplus", "soft_shrink", "sparse_plus",
               "tanh_shrink", "sparse_sigmoid", "hard_silu", "hard_tanh",
               "abs", "square", {"type": "clip", "min": 0.5, "max": 8},
               "hard_shrink", {
                   "type": "threshold", "threshold": 1, "default_value": 2},
               "mish", "log_sigmoid", "log_softmax",
               {"type": "sparsemax", "tau": "paper"},
               {"type": "sparsemax", "tau": "keras3.15"},
               {"type": "hard_sigmoid", "slope": "keras2"},
               {"type": "hard_sigmoid", "slope": "keras3"},
               {"type": "gelu", "approximate": True}]
HALF = ["sqrt", "rsqrt", "log"]  # NaN below 0


def every_function():
    """A model with every layer and every activation."""
    layers = [{"type": "Activation", "name": "a%d" % k, "inputs": ["x"],
               "activation": a} for k, a in enumerate(ACTIVATIONS)]
    layers += [{"type": "Activation", "name": a, "activation": a, "inputs": [
        "a%d" % next(k for k, b in enumerate(ACTIVATIONS)
                     if isinstance(b, dict) and b["type"] == "clip")]}
               for a in HALF]
    layers += [
        {"type": "Add", "name": "sum",
         "inputs": [l["name"] for l in layers]},
        {"type": "Concatenate", "name": "both", "inputs": ["sum", "x"]},
        {"type": "Dropout", "name": "drop"},
        {"type": "Dense", "name": "dense", "units": 2, "activation": "softmax",
         "weights": {"kernel": [[0.5, 0.25]] * 6, "bias": [0, 1]}},
        {"type": "Reshape", "name": "reshaped", "target_shape": [4, 2]},
        {"type": "SimpleRNN", "name": "rnn", "units": 2,
         "weights": {"kernel": [[0.5, -1], [0.25, 1]],
                     "recurrent_kernel": [[0.5, 0], [0, 0.5]],
                     "bias": [0, 0]}}]
    return {"format": "rnnc", "version": 1, "name": "all",
            "inputs": [{"name": "x", "shape": [4, 3]}], "layers": layers,
            "outputs": ["rnn"]}


def whole_sequence():
    """A model that does not stream, with several inputs and outputs."""
    w = {"kernel": [[0.5, -1], [0.25, 1]],
         "recurrent_kernel": [[0.5, 0], [0, 0.5]], "bias": [0, 0]}
    return {"format": "rnnc", "version": 1, "name": "whole",
            "inputs": [{"name": "x", "shape": [4, 2]},
                       {"name": "unused", "shape": [3]}],
            "layers": [
                {"type": "SimpleRNN", "name": "back", "inputs": ["x"],
                 "units": 2, "go_backwards": True, "return_sequences": True,
                 "weights": w},
                {"type": "Flatten", "name": "flat"},
                {"type": "Activation", "name": "soft",
                 "activation": "softmax"}],
            "outputs": ["back", "soft", "x"]}


def slower():
    """A model with fewer outputs than timesteps, and paths that wait."""
    w = {"kernel": [[[0.5], [-1]], [[0.25], [1]]], "bias": [0.5]}
    conv = {"type": "Conv1D", "filters": 1, "kernel_size": 2, "weights": w}
    return {"format": "rnnc", "version": 1, "name": "slower",
            "inputs": [{"name": "x", "shape": [9, 2]}],
            "layers": [
                {**conv, "name": "a", "inputs": ["x"]},
                {"type": "Cropping1D", "name": "b", "inputs": ["x"],
                 "cropping": [0, 1]},
                {"type": "Concatenate", "name": "both", "inputs": ["a", "b"]},
                {"type": "MaxPooling1D", "name": "max"},
                {"type": "AveragePooling1D", "name": "mean",
                 "inputs": ["both"], "pool_size": 3, "strides": 1},
                {**conv, "name": "strided", "inputs": ["x"], "strides": 2,
                 "padding": "causal"},
                {"type": "UpSampling1D", "name": "up", "size": 1}],
            "outputs": ["max", "mean", "up"]}


def tokens():
    """Words, which are int32_t, beside numbers; one of them is masked."""
    table = {"embeddings": [[0.5, -1], [0.25, 1], [1, 2]]}
    w = {"kernel": [[0.5, -1], [0.25, 1]],
         "recurrent_kernel": [[0.5, 0], [0, 0.5]], "bias": [0, 0]}
    return {"format": "rnnc", "version": 1, "name": "tokens",
            "inputs": [{"name": "words", "shape": [4, 1]},
                       {"name": "x", "shape": [4, 2]},
                       {"name": "both", "shape": [4, 1]}],
            "layers": [
                {"type": "Reshape", "name": "flat", "inputs": ["words"],
                 "target_shape": [4]},
                {"type": "Embedding", "name": "rows", "input_dim": 3,
                 "output_dim": 2, "mask_zero": True, "weights": table},
                {"type": "SimpleRNN", "name": "rnn", "units": 2, "weights": w,
                 "return_sequences": True},
                {"type": "Embedding", "name": "more", "inputs": ["both"],
                 "input_dim": 3, "output_dim": 2, "weights": table},
                {"type": "Reshape", "name": "flat2", "target_shape": [4, 2]},
                {"type": "Masking", "name": "masked", "inputs": ["x"]},
                {"type": "SimpleRNN", "name": "rnn2", "units": 2, "weights": w,
                 "return_sequences": True},
                {"type": "Concatenate", "name": "y",
                 "inputs": ["rnn", "rnn2", "flat2", "both"]}],
            "outputs": ["y"]}


def masks():
    """What reads masks over a whole sequence."""
    layers = [
        {"type": "Masking", "name": "m", "inputs": ["x"]},
        {"type": "GlobalAveragePooling1D", "name": "mean"},
        {"type": "Mask", "name": "mask", "inputs": ["x"]},
        {"type": "ApplyMask", "name": "a", "inputs": ["x", "mask"]},
        {"type": "MaxPooling1D", "name": "max", "pool_size": 2},
        {"type": "ReduceMean", "name": "means", "axis": 2, "keepdims": True},
        {"type": "ReduceMin", "name": "least", "inputs": ["max"]},
        {"type": "Slice", "name": "some", "inputs": ["x"], "from": 0, "to": -1,
         "axis": 2}, {"type": "Divide", "name": "ratio",
                      "inputs": ["some", "some"]}]
    return {"format": "rnnc", "version": 1, "name": "masks",
            "inputs": [{"name": "x", "shape": [4, 2]}], "layers": layers,
            "outputs": ["mean", "mask", "max", "means", "least", "ratio"]}


def wide(units):
    """Weights of no meaning, enough of them."""
    def row(k, n):
        return [((i * 37 + k * 11) % 97 - 48) / 1000 for i in range(n)]
    return {"format": "rnnc", "version": 1, "name": "wide",
            "inputs": [{"name": "x", "shape": [20, 8]}],
            "layers": [
                {"type": "SimpleRNN", "name": "rnn", "units": units,
                 "weights": {
                     "kernel": [row(k, units) for k in range(8)],
                     "recurrent_kernel": [row(k, units)
                                          for k in range(units)],
                     "bias": row(0, units)}},
                {"type": "Dense", "name": "y", "units": 10,
                 "activation": "softmax",
                 "weights": {"kernel": [row(k, 10) for k in range(units)],
                             "bias": row(1, 10)}}],
            "outputs": ["y"]}


# "slower" branches in step: on how many timesteps there were, not on data.
MODELS = {"notebook": None, "all": every_function, "whole": whole_sequence,
          "slower": slower, "tokens": tokens, "masks": masks}


def model_path(folder, name):
    path = os.path.join(folder, name + ".json")
    if name == "notebook":
        return NOTEBOOK
    write_model(path, MODELS[name]() if name in MODELS else wide(256))
    return path


def generate(folder, name, *options):
    c = os.path.join(folder, name + ".c")
    status, _, err = rnnc(model_path(folder, name), *options, "-o", c)
    if status:
        report(False, "generates %s %s" % (name, " ".join(options)), err)
    return c


def check_warnings(folder, name, options):
    label = "%s %s" % (name, " ".join(options))
    c = generate(folder, name, *options)
    defines = ["-D%s_SELFTEST" % name.upper(),
               "-D%s_SELFTEST_MAIN" % name.upper()]
    problems = ""
    for compiler in COMPILERS:
        status, out, err = run([*compiler, *STRICT, *defines, c,
                                "-o", c + ".o"])
        problems += "%s: %s" % (" ".join(compiler), err) if status else ""
    status, out, err = run([*TCC, *defines, c, "-o", c + ".o"])
    problems += out + err if status or out or err else ""
    report(not problems, "no warning: " + label, problems)


def check_symbols(folder):
    """nm -u shows nothing but what compilers insert themselves."""
    if CFLAGS:
        print("ok - no foreign symbols # skip sanitizers add their own")
        return
    for name in [*MODELS, "wide"]:
        for kind in ("float", "double"):
            for unroll in ("auto", "none"):
                c = generate(folder, name, "--type", kind, "--unroll", unroll)
                foreign = set()
                for cc in ("gcc", "clang"):
                    for level in ("-O0", "-O1", "-O2", "-O3", "-Os"):
                        status, _, err = run([cc, level, "-c", c,
                                              "-o", c + ".o"])
                        _, out, _ = run(["nm", "-u", c + ".o"])
                        foreign |= {w for w in out.split() if w != "U"}
                        foreign |= {err} if status else set()
                report(foreign <= {"memcpy", "memset"},
                       "no foreign symbols: %s %s %s" % (name, kind, unroll),
                       str(foreign))


def body_of(text, name):
    match = re.search(r"^[^\n#*]*\b%s\([^;{]*\)\n\{\n(.*?)\n\}" % name, text,
                      re.M | re.S)
    return match.group(1) if match else ""


def reachable(text, roots):
    """The bodies of functions that roots call, and theirs."""
    done, todo = {}, list(roots)
    while todo:
        name = todo.pop()
        if name in done:
            continue
        done[name] = re.sub(r"/\*.*?\*/", "", body_of(text, name), flags=re.S)
        todo += re.findall(r"\b(\w+)\(", done[name])
    return {n: b for n, b in done.items() if b}


def check_integers(folder):
    """int32_t for what only chooses rows, in every function; a number for what
    is read besides."""
    c = generate(folder, "tokens", "-H")
    with open(c[:-1] + "h") as f:
        text = f.read()
    report(len(re.findall(r"const int32_t \*tokens_words,\s+const float "
                          r"\*tokens_x,\s+const float \*tokens_both,",
                          text)) == 4,
           "tokens are int32_t in all four functions, numbers are not", text)
    report("#include <stdint.h>" in text, "their header includes stdint.h")


def check_ports(folder):
    """Several inputs and outputs have the model's names in the interface, also
    where an output is what its layer is called. (whole_unused is ours.)"""
    c = generate(folder, "whole", "-H")
    with open(c[:-1] + "h") as f:
        text = f.read()
    names = re.findall(r"float \*(\w+)", text.split("predict(")[1].split(")")[0])
    report(names == ["whole_x", "whole_unused_2", "whole_back", "whole_soft",
                     "whole_x_2"], "parameters have the model's names",
           str(names))


def check_straight_line(folder):
    forbidden = re.compile(r"\b(for|while|do|goto|if|switch)\b|&&|\|\|")
    for name in [m for m in MODELS if m != "slower"]:
        for kind in ("float", "double"):
            c = generate(folder, name, "--type", kind, "--unroll", "full")
            with open(c) as f:
                text = f.read()
            roots = [name + "_predict"]
            if name not in ("whole", "masks"):
                roots.append(name + "_step")
            bodies = reachable(text, roots)
            found = {n: forbidden.search(b).group() for n, b in bodies.items()
                     if forbidden.search(b)}
            minima = [name + "_" + f for f in
                      ("limit", "square", "relu", "table_index")]
            found.update({n: "?" for n, b in bodies.items()
                          if "?" in b and n not in minima})
            report(not found and len(bodies) > 2
                   and all(r in bodies for r in roots),
                   "no loop and no branch in predict and step: %s %s"
                   % (name, kind), str(found))


def conditional_jumps(object_file, functions):
    """{function: instruction} out of a disassembly for x86-64 or arm64."""
    _, out, _ = run(["objdump", "-d", "--no-show-raw-insn", object_file])
    found, function = {}, None
    for line in out.splitlines():
        label = re.match(r"[0-9a-f]+ <(\w+)[^>]*>:", line)
        function = label.group(1) if label else function
        jump = re.search(r"\t(j(?!mp)\w+|b\.\w+|cbn?z|tbn?z)\s", line)
        if jump and function in functions:
            found[function] = jump.group(1)
    return found


def check_no_jumps(folder):
    """What the compilers make of it: no branch that depends on data. The ?: in
    limit, square and relu are integer minima, for which they have an
    instruction."""
    if CFLAGS:
        print("ok - no conditional jump # skip sanitizers add their own")
        return
    for name in [m for m in MODELS if m != "slower"]:
        for kind in ("float", "double"):
            c = generate(folder, name, "--type", kind, "--unroll", "full")
            with open(c) as f:
                roots = [name + "_predict", name + "_step"]
                functions = reachable(f.read(), roots)
            found = {}
            for cc in ("gcc", "clang"):
                for flags in (["-O1"], ["-O2"], ["-O3"], ["-Os"],
                              ["-O2", "-march=native"]):
                    status, _, err = run([cc, *flags, "-c", c,
                                          "-o", c + ".o"])
                    for n, jump in conditional_jumps(c + ".o",
                                                     functions).items():
                        found[" ".join([cc, *flags, n])] = jump
                    found.update({cc: err} if status else {})
            report(not found, "no conditional jump in predict and step: %s %s"
                   % (name, kind), str(found))


def check_refusals(folder):
    path = model_path(folder, "wide")
    status, _, err = rnnc(path, "--unroll=full", "-o",
                          os.path.join(folder, "none.c"))
    report(status == 1 and "straight-line" in err
           and not os.path.exists(os.path.join(folder, "none.c")),
           "--unroll=full is refused for what compilers do not digest", err)


def check_same_bytes(folder):
    """50 runs, from different folders and locales."""
    texts = set()
    for k in range(50):
        where = os.path.join(folder, "run %d" % k)
        os.mkdir(where)
        shutil.copy(NOTEBOOK, os.path.join(where, "model.json"))
        locale = ["C", "de_DE.UTF-8", "tr_TR.UTF-8", "POSIX"][k % 4]
        environment = dict(os.environ, LC_ALL=locale, LANG=locale,
                           TZ="UTC%+d" % (k % 12), HOME=where)
        source = "model.json" if k % 2 else os.path.join(where, "model.json")
        _, out, _ = run([RNNC, source, "-o", "-"], cwd=where, env=environment)
        texts.add(out)
    report(len(texts) == 1 and len(texts.pop()) > 1000,
           "the same bytes over 50 runs")


MAIN = """
#define NOTEBOOK_API static inline
#include "notebook.c"
#define ALL_API static inline
#include "all.c"
#include "notebook.h"
#include <stdio.h>

int main(void)
{
    float x[30] = {0}, y[2];
    notebook_predict(x, y);
    all_predict(x, y);
    notebook_state s, copy;
    notebook_reset(&s);
    notebook_step(&s, x, y);
    copy = s;
    notebook_process(&copy, x, y, 1);
    return !(y[0] > -1e30f);
}
"""


def check_header_only(folder):
    generate(folder, "notebook", "-H")
    generate(folder, "all")
    path = os.path.join(folder, "main.c")
    with open(path, "w") as f:
        f.write(MAIN)
    problems = ""
    for compiler in COMPILERS[:1] + COMPILERS[2:3] + COMPILERS[4:6]:
        program = os.path.join(folder, "main")
        status, _, err = run([*compiler, "-Wall", "-Wextra", "-Werror",
                              *CFLAGS, "-o", program, path])
        if status or run([program])[0]:
            problems += "%s: %s" % (compiler, err)
    report(not problems, "header-only, two models in one program", problems)
    header = os.path.join(folder, "header.c")
    with open(header, "w") as f:
        f.write('#include "notebook.h"\n#include "notebook.h"\n')
    status, _, err = run(["gcc", *STRICT, header, "-o", header + ".o"])
    report(not status, "the header stands alone", err)


def check_interface(folder):
    """What callers see does not ask for what processor it is compiled: states
    may be handed to code that is compiled for another (examples/dispatch)."""
    problems = ""
    for name in MODELS:
        generate(folder, name, "-H")
        with open(os.path.join(folder, name + ".h")) as f:
            text = f.read()
        known = ["%s_%s" % (name.upper(), e) for e in ("H", "API", "SELFTEST")]
        asked = re.findall(r"^# *(?:el)?if\w* +(.+)", text, re.M)
        state = re.findall(r"^typedef struct .*?^}", text, re.M | re.S)
        members = [line for line in "".join(state).splitlines()[1:-1]
                   if not re.match(r" {4}(float|size_t) \w+\[\d+\];", line)]
        problems += "".join(
            "%s: %s\n" % (name, what) for what in members + [
                a for a in asked if a not in known + ["__cplusplus"]])
    report(not problems, "the header is the same for every processor",
           problems)


def every_cell():
    """Each recurrence with each activation, each merge, as outputs of a
    model."""
    square = [[0.5, -1], [0.25, 1]]
    layers = [{"type": "SimpleRNN", "name": "r%d" % k, "inputs": ["x"],
               "units": 2, "activation": a, "return_sequences": True,
               "weights": {"kernel": square, "recurrent_kernel": square,
                           "bias": [0, 0]}}
              for k, a in enumerate(ACTIVATIONS)]
    layers += [{"type": kind, "name": "m" + kind, "inputs": ["x", "z"]}
               for kind in ("Add", "Subtract", "Multiply", "Average",
                            "Maximum", "Minimum")]
    layers += [{"type": kind, "name": "n" + kind, "inputs": ["x"], **more}
               for kind, more in (
                   ("ReLU", {"max_value": 1, "threshold": 0.5,
                             "negative_slope": 0.5}),
                   ("PReLU", {"weights": {"alpha": [0.5]}}),
                   ("Normalization", {"weights": {"mean": [0, 0],
                                                  "variance": [1, 4]}}),
                   ("UnitNormalization", {}),
                   ("RMSNormalization", {"weights": {"scale": [1, 2]}}),
                   ("LayerNormalization", {"center": False, "scale": False}))]
    for kind, gates in (("LSTM", 4), ("GRU", 3)):
        wide = [row * gates for row in square]
        layers.append({"type": kind, "name": kind, "inputs": ["x"], "units": 2,
                       "return_sequences": True, "use_bias": False,
                       "weights": {"kernel": wide, "recurrent_kernel": wide}})
    layers[-1]["reset_after"] = True
    return {"format": "rnnc", "version": 1, "name": "cells",
            "inputs": [{"name": "x", "shape": [2, 2]},
                       {"name": "z", "shape": [2, 2]}],
            "layers": layers, "outputs": [l["name"] for l in layers]}


def every_activation():
    layers = [{"type": "Activation", "name": "a%d" % k, "inputs": ["x"],
               "activation": a} for k, a in enumerate(ACTIVATIONS + HALF)]
    return dict(every_cell(), layers=layers,
                outputs=[l["name"] for l in layers])


def every_sequence():
    """The layers that take whole sequences, which rule out a step."""
    same = {"strides": 1, "padding": "same"}
    layers = [{"type": kind, "name": "s%d" % k, "inputs": ["x"], **more}
              for k, (kind, more) in enumerate((
                  ("MaxPooling1D", same), ("AveragePooling1D", same),
                  ("GlobalMaxPooling1D", {}), ("GlobalAveragePooling1D", {}),
                  ("ReduceMean", {}), ("ReduceSum", {}), ("ReduceMax", {}),
                  ("ReduceMin", {}), ("Slice", {"from": 0, "to": 1}),
                  ("GroupNormalization", {"groups": 2, "center": False,
                                          "scale": False}),
                  ("Embedding", {"input_dim": 2, "output_dim": 1, "weights": {
                      "embeddings": [[1], [2]]}})))]
    return dict(every_cell(), layers=layers,
                outputs=[l["name"] for l in layers])


NAN = """
#define CELLS_API static inline
#include "cells.c"
#include <math.h>
#include <stdio.h>

int main(void)
{
    REAL x[4] = {(REAL)NAN, (REAL)NAN, 1, 1}, z[4] = {1, 1, 1, 1};
    REAL y[OUTPUTS][4];
    cells_predict(x, z, ARGUMENTS);
    for (int k = 0; k < OUTPUTS; k++)
        if (y[k][0] == y[k][0] || y[k][1] == y[k][1])
            printf("output %d\\n", k);
    return 0;
}
"""


def check_nan(folder, model):
    """NaN in, NaN out: through every layer, none comes out as a number."""
    path, n = os.path.join(folder, "cells.json"), len(model["outputs"])
    write_model(path, model)
    arguments = ", ".join("y[%d]" % k for k in range(n))
    main_c, program = os.path.join(folder, "nan.c"), os.path.join(folder, "nan")
    with open(main_c, "w") as f:
        f.write(NAN)
    for real in ("float", "double"):
        for unroll in ("full", "none"):
            status, _, err = rnnc(path, "--type", real, "--unroll", unroll,
                                  "-o", os.path.join(folder, "cells.c"))
            for compiler in ("gcc", "clang"):
                _, _, more = run([compiler, "-O2", *CFLAGS,
                                  "-DREAL=" + real, "-DOUTPUTS=%d" % n,
                                  "-DARGUMENTS=" + arguments, "-o", program, main_c, "-lm"])
                failed, out, _ = run([program])
                report(not failed and not out and not more and not err,
                       "NaN in, NaN out: %s %s %s" % (compiler, real, unroll),
                       out + err + more)


def main():
    with workspace() as folder:
        for model in every_cell(), every_activation(), every_sequence():
            check_nan(folder, model)
        check_integers(folder)
        check_ports(folder)
        for name in MODELS:
            for options in ([], ["--type=double"], ["--unroll=none"],
                            ["--unroll=none", "--type=double"],
                            ["--math=libm"], ["--weight-text=string"]):
                check_warnings(folder, name, options)
        check_symbols(folder)
        check_straight_line(folder)
        check_no_jumps(folder)
        check_refusals(folder)
        check_header_only(folder)
        check_interface(folder)
    with workspace() as folder:
        check_same_bytes(folder)
    finish()


main()
