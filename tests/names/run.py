#!/usr/bin/env python3
"""Names from the model in the C: whatever they are, the file compiles as C and
C++, proves itself, and differs from that of plain names in identifiers only."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, CFLAGS, finish, report, rnnc, run, workspace, \
    write_model

KEYWORDS = ["int", "class", "new", "register", "_Bool", "NULL", "alignas",
            "template", "this", "inline", "restrict", "asm", "typeof"]
LIBRARY = ["main", "printf", "y0", "exp", "tanh", "errno", "memcpy", "size_t",
           "malloc", "abs", "time", "stdin", "INFINITY", "signal"]
# What the generated files call things themselves.
OWN = ["x", "y", "h", "z", "s", "n", "t", "u", "i", "f", "at", "limit", "state",
       "predict", "step", "reset", "process", "predict_batch", "selftest",
       "API", "H", "SELFTEST", "bits", "gemv", "kernel", "bias", "timesteps",
       "real", "check", "b0", "b1", "unused"]
ATTACKS = ["a*/ int evil; /*", "a\nint evil;", "a\"; evil(); \"", "a\\", "a\\\n",
           "??/\n", "??)", "#include </etc/passwd>", "%s%n%d", "${evil}",
           "]]..evil..[[", "% evil()", "\u202eevil\u202c", "\u00e9", "\u0301",
           "\U0001f600", "\x7f", "\u2028", "\u0000"[:0] + "-", "0", "9lives",
           "__", "_", "a" * 250, "a b", "a-b", "a_b", "a.b", "A_B", "a__b"]


def model(name, x, layers, y):
    """x -> SimpleRNN -> Dense, and a second output by an Activation."""
    first, second, third = layers
    return {
        "format": "rnnc", "version": 1, "name": name,
        "inputs": [{"name": x, "shape": [3, 2]}, {"name": x + "2",
                                                  "shape": [2]}],
        "layers": [
            {"type": "SimpleRNN", "name": first, "inputs": [x], "units": 2,
             "weights": {"kernel": [[1, 0], [0.5, 1]],
                         "recurrent_kernel": [[0.5, 0], [0, 0.5]],
                         "bias": [0, 0.25]}},
            {"type": "Dense", "name": second, "units": 2,
             "weights": {"kernel": [[1, 2], [3, 4]], "bias": [0, 1]}},
            {"type": "Add", "name": third, "inputs": [second, x + "2"]}],
        "outputs": [second, third] if y else [third]}


def skeleton(text):
    """The C without its identifiers, numbers and white space."""
    return re.sub(r"[A-Za-z0-9_\s]+", " ", text).replace(" ", "")


def plain_skeleton(folder, described):
    """What the same model has with names that need no care."""
    renamed = {port["name"]: "p%d" % k
               for k, port in enumerate(described["inputs"])}
    renamed.update((layer["name"], "l%d" % k)
                   for k, layer in enumerate(described["layers"]))
    plain = dict(
        described, name="plain",
        inputs=[dict(p, name=renamed[p["name"]]) for p in described["inputs"]],
        layers=[dict(l, name=renamed[l["name"]],
                     **({"inputs": [renamed[n] for n in l["inputs"]]}
                        if "inputs" in l else {}))
                for l in described["layers"]],
        outputs=[renamed[n] for n in described["outputs"]])
    path, c = os.path.join(folder, "q.json"), os.path.join(folder, "q.c")
    write_model(path, plain)
    rnnc(path, "-o", c)
    with open(c) as f:
        return skeleton(f.read())


def check(folder, label, described, *options):
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, described)
    status, out, err = rnnc(path, "-o", c, *options)
    if status:
        return report(False, label, err)
    with open(c, "rb") as f:
        data = f.read()
    text = data.decode("latin-1")
    problems = "" if all(b == 10 or 32 <= b < 127 for b in data) \
        else "a byte that is not printable ASCII\n"
    if skeleton(text) != plain_skeleton(folder, described):
        problems += "differs from the C of plain names in more than those\n"
    prefix = re.search(r"\bvoid (\w+)_predict\(", text).group(1)
    macros = ["-D%s_SELFTEST" % prefix.upper(),
              "-D%s_SELFTEST_MAIN" % prefix.upper()]
    program = os.path.join(folder, "m")
    for compiler in ([CC, "-std=c99"], ["g++", "-std=c++11", "-x", "c++"]):
        status, _, err = run([*compiler, "-Wall", "-Wextra", "-Wpedantic",
                              "-Wshadow", "-Werror", *CFLAGS, *macros, "-o",
                              program, c])
        if status or run([program])[0]:
            problems += "%s: %s\n" % (compiler[0], err or "self-test fails")
    return report(not problems, label, problems)


def check_prefix(folder):
    """--name as a prefix: made an identifier, as the model's own name is."""
    described = model("m", "x", ["a", "b", "c"], True)
    for given, want in (("good", "good"), ("int", "m_int"), ("9", "m_9"),
                        ("a-b", "a_b"), ("_x", "m__x"), ("main", "m_main"),
                        ("\u00e9", "m___")):
        path, c = os.path.join(folder, "p.json"), os.path.join(folder, "p.c")
        write_model(path, described)
        status, _, err = rnnc(path, "--name", given, "-o", c)
        with open(c) as f:
            text = f.read()
        report(status == 0 and "void %s_predict(" % want in text,
               "--name %s" % ascii(given), err)


def main():
    with workspace() as folder:
        everything = KEYWORDS + LIBRARY + OWN + ATTACKS
        for k, name in enumerate(everything):
            other, third = everything[k - 1], everything[k - 2]
            check(folder, "a model called %s" % ascii(name),
                  model(name, "x", ["a", "b", "c"], True))
            check(folder, "a layer called %s" % ascii(name),
                  model("m", name, [name + "_", name + " ", name + "."],
                        False))
            check(folder, "layers called %s, %s, %s" % (
                ascii(name), ascii(other), ascii(third)),
                model("m", "in", [name, other, third], True))
        check(folder, "layers that differ in what identifiers lack",
              model("m", "a b", ["a-b", "a_b", "a.b"], True))
        check(folder, "a layer called as another's state",
              model("m", "x", ["rnn", "rnn_h", "rnn_kernel"], True))
        check(folder, "a layer called as another's weights",
              model("m", "x", ["a_kernel", "a", "a_bias"], True))
        check(folder, "layers that differ in case",
              model("m", "x", ["Rnn", "rnn", "RNN"], True))
        check_prefix(folder)
    finish()


main()
