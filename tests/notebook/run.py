#!/usr/bin/env python3
"""The reference case: what the notebook printed, out of the generated C.

The numbers are those of notebook/seed.json in the design folder, repeated
here so that the test needs no other checkout.
"""

import ctypes
import os
import re
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, CFLAGS, ROOT, finish, report, rnnc, run, workspace

MODEL = os.path.join(ROOT, "examples/notebook/model.json")
PRINTED_FLOAT = [0.61979914, 0.50029945]
PRINTED_DOUBLE = ["0.61979921", "0.50029954"]
X = [0.4967141530112327, -0.13826430117118466, 0.6476885381006925,
     1.5230298564080254, -0.23415337472333597, -0.23413695694918055,
     1.5792128155073915, 0.7674347291529088, -0.4694743859349521,
     0.5425600435859647, -0.46341769281246226, -0.46572975357025687,
     0.24196227156603412, -1.913280244657798, -1.7249178325130328,
     -0.5622875292409727, -1.0128311203344238, 0.3142473325952739,
     -0.9080240755212109, -1.4123037013352915, 1.465648768921554,
     -0.22577630048653566, 0.06752820468792384, -1.4247481862134568,
     -0.5443827245251827, 0.11092258970986608, -1.1509935774223028,
     0.37569801834567196, -0.600638689918805, -0.2916937497932768]
EVERY_STEP = [  # float64 loop with the reconstructed kernel
    [-0.22126865770363646, -0.17860721541882035],
    [-0.15889300257266806, -0.1282578248215017],
    [-0.34329728432790224, -0.27710824954938934],
    [-0.3055613856011117, -0.24664797473520547],
    [0.3339545553087836, 0.26956683343730836],
    [-0.2026592475104608, -0.16358576735256108],
    [-0.3007050696174849, -0.24272798351215852],
    [-0.01404185071640138, -0.011334520591216073],
    [0.10224047861089523, 0.08252812898623983],
    [0.619799210245129, 0.5002995389087243]]


def ulps(a, b):
    """How many floats lie between a and b, of one sign."""
    bits = [struct.unpack("<i", struct.pack("<f", v))[0] for v in (a, b)]
    return abs(bits[0] - bits[1])


def build(folder, kind, unroll, flags):
    """The generated file as a shared library."""
    c = os.path.join(folder, "notebook.c")
    so = os.path.join(folder, "%s-%s.so" % (kind, unroll))
    status, _, err = rnnc(MODEL, "--type", kind, "--unroll", unroll, "-o", c)
    if not status:
        status, _, err = run([CC, *flags, "-std=c99", "-shared", "-fPIC", "-o", so, c])
    if status:
        report(False, "builds %s %s" % (kind, unroll), err)
        return None
    return ctypes.CDLL(so)


STATE = 16 # numbers, with room for what a plan adds to the 5 units


def check(folder, kind, unroll, flags):
    label = " (%s, --unroll=%s, %s)" % (kind, unroll, " ".join(flags))
    lib = build(folder, kind, unroll, flags)
    if not lib:
        return
    real = ctypes.c_double if kind == "double" else ctypes.c_float
    x, y = (real * 30)(*X), (real * 2)()
    lib.notebook_predict(x, y)
    got = list(y)
    if kind == "float":
        report(all(ulps(g, w) <= 4 for g, w in zip(got, PRINTED_FLOAT)),
               "predicts within 4 ULP of the framework" + label, str(got))
    else:
        report(["%.8f" % g for g in got] == PRINTED_DOUBLE,
               "predicts every digit of the notebook's loop" + label, str(got))

    state, steps = (real * STATE)(*[9] * STATE), (real * 20)()
    lib.notebook_reset(state)
    lib.notebook_process(state, x, steps, ctypes.c_size_t(10))
    bound = 1e-12 if kind == "double" else 1e-6
    worst = max(abs(steps[2 * t + k] - EVERY_STEP[t][k])
                for t in range(10) for k in range(2))
    report(worst <= bound, "process yields y at every timestep" + label,
           "worst difference %g" % worst)
    report(list(steps[18:]) == got, "the last of them is predict's" + label)
    check_splits(lib, real, x, list(steps), label)
    check_batch(lib, real, kind, label)


def check_splits(lib, real, x, want, label):
    """Any split of process gives the same bits."""
    ok = True
    for cut in range(11):
        state, steps = (real * STATE)(), (real * 20)()
        lib.notebook_reset(state)
        lib.notebook_process(state, x, steps, ctypes.c_size_t(cut))
        rest = ctypes.byref(x, 3 * cut * ctypes.sizeof(real))
        out = ctypes.byref(steps, 2 * cut * ctypes.sizeof(real))
        lib.notebook_process(state, rest, out, ctypes.c_size_t(10 - cut))
        ok &= list(steps) == want
    report(ok, "any split of process is bit-identical" + label)


def check_batch(lib, real, kind, label):
    """1000 different samples agree with 1000 single calls."""
    n = 1000
    xs = (real * (30 * n))(*[((i * 7919) % 4001 - 2000) / 700
                             for i in range(30 * n)])
    ys, y = (real * (2 * n + 1))(), (real * 2)()
    ys[2 * n] = 7
    lib.notebook_predict_batch(xs, ys, ctypes.c_size_t(n))
    bound = 1e-14 if kind == "double" else 2e-6
    ok = True
    for i in range(n):
        lib.notebook_predict(
            ctypes.byref(xs, 30 * i * ctypes.sizeof(real)), y)
        ok &= all(abs(ys[2 * i + k] - y[k]) <= bound * max(1, abs(y[k]))
                  for k in range(2))
    report(ok, "a batch of 1000 agrees with single calls" + label)
    report(ys[2 * n] == 7, "nothing is written behind y" + label)
    report(len({ys[2 * i] for i in range(n)}) > 900,
           "its samples differ" + label)


def check_report(folder):
    status, out, err = rnnc(MODEL, "--check", "--report")
    rows = {line.split()[0]: line.split() for line in out.splitlines()
            if line.strip()}
    report(not status and "45" in rows["rnn"] and "12" in rows["y"]
           and "57" in rows["total"],
           "the table shows 45, 12 and 57 parameters", out + err)


def weights_in(text):
    """Numbers of a file among its weights: matches, where they stand in it."""
    numbers = re.compile(r"-?\d+\.\d+f")
    return list(numbers.finditer(text, text.index("/* ---- Weights"),
                                 text.index("/* ---- Layers")))


def check_mutants(folder):
    """The self-test fails when any weight differs in its third digit. Straight
    lines have no others; in tiles there are zeros behind those of 5 units."""
    source = os.path.join(folder, "notebook.c")
    rnnc(MODEL, "-o", source)
    with open(source) as f:
        tiles = weights_in(f.read())
    rnnc(MODEL, "-o", source, "--unroll=full")
    with open(source) as f:
        text = f.read()
    numbers = weights_in(text)
    own = [m.group() for m in numbers]
    filled = [m.group() for m in tiles]
    zeros = filled.count("0.0f") - own.count("0.0f")
    report(len(own) == 57 and zeros == 3 * (3 + 5 + 1)
           and sorted(filled) == sorted(own + zeros * ["0.0f"]),
           "the file holds 57 weights", str(filled))
    mutants = []
    for k, match in enumerate(numbers):
        weight = match.group()
        digits = weight.rstrip("f").lstrip("-0.") or "0"
        if digits == "0":  # a zero bias: its third digit, too
            changed = "0.001f"
        else:
            at = weight.index(digits[:3]) + 2
            if digits[:3].find(".") >= 0:
                at += 1
            changed = (weight[:at] + str((int(weight[at]) + 1) % 10)
                       + weight[at + 1:])
        name = "mutant%d" % k
        mutants.append((name, text[:match.start()] + changed
                        + text[match.end():]))
    mutants.append(("original", text))
    program = "#include <stdio.h>\n"
    calls = ""
    for name, mutated in mutants:
        mutated = mutated.replace("notebook", name).replace(
            "NOTEBOOK", name.upper())
        with open(os.path.join(folder, name + ".c"), "w") as f:
            f.write(mutated)
        program += '#define %s_SELFTEST\n#include "%s.c"\n' % (name.upper(),
                                                              name)
        calls += '    printf("%s %%d\\n", %s_selftest(NULL));\n' % (name, name)
    path = os.path.join(folder, "mutants.c")
    with open(path, "w") as f:
        f.write(program + "int main(void)\n{\n%s    return 0;\n}\n" % calls)
    status, _, err = run([CC, "-O1", *CFLAGS, "-o", path[:-2], path])
    if status:
        report(False, "mutants compile", err)
        return
    _, out, _ = run([path[:-2]])
    failed = dict(line.split() for line in out.splitlines())
    report(failed.pop("original") == "0", "the self-test passes unchanged")
    survivors = [name for name, status in failed.items() if status == "0"]
    report(len(failed) == 57 and not survivors,
           "it fails for every weight changed in its third digit",
           str(survivors))


def check_selftest_main(folder):
    source, program = (os.path.join(folder, n) for n in ("m.c", "m"))
    rnnc(MODEL, "-o", source)
    status, _, err = run([CC, "-DNOTEBOOK_SELFTEST",
                          "-DNOTEBOOK_SELFTEST_MAIN", "-o", program, source])
    status, out, err = run([program]) if not status else (status, "", err)
    report(status == 0 and "ok" in out, "the self-test's main() exits 0", err)


def main():
    with workspace() as folder:
        for kind in ("float", "double"):
            for unroll in ("full", "none"):
                for flags in (["-O2"], ["-O2", "-march=native"]):
                    sub = os.path.join(folder, kind + unroll + flags[-1])
                    os.mkdir(sub)
                    check(sub, kind, unroll, flags)
        check_report(folder)
        check_mutants(folder)
        check_selftest_main(folder)
    finish()


main()
