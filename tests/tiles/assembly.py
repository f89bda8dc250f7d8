"""What compilers make of the C, as assembly tells: sums and weights kept in
registers, whole vectors, one instruction that multiplies and adds."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from models import CAUSAL, MODELS, conv, layer, model
from support import report, rnnc, run, write_model


def check_fused(folder):
    """gcc multiplies and adds in one instruction, where there is one, at -O1
    too, and of a file that is included; what follows that is left as it was."""
    c, text = os.path.join(folder, "m.c"), os.path.join(folder, "m.s")
    path = os.path.join(folder, "m.json")
    write_model(path, MODELS["mlp"])
    rnnc(path, "-n", "m", "-o", c)
    behind = os.path.join(folder, "behind.c")
    with open(behind, "w") as f:
        f.write('#include "m.c"\nfloat behind(float a, float b, float c);\n'
                "float behind(float a, float b, float c)\n"
                "{\n    return a * b + c;\n}\n")
    for level in "-O1", "-O2", "-Os":
        run(["gcc", level, "-march=haswell", "-S", "-o", text, behind])
        with open(text) as f:
            ours, theirs = f.read().split("behind:", 1)
        report(ours.count("vfmadd") > 20, "fused at " + level,
               "%d times" % ours.count("vfmadd"))
        report(("vfmadd" in theirs) == (level != "-O1"),
               "code behind is as %s has it" % level, theirs)


def check_registers(folder):
    """gcc keeps the sums of both products of a layer in registers, at -O1, and
    in plain C99 where it makes vectors."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, model([20, 8], layer("SimpleRNN", 8, 32)))
    rnnc(path, "-n", "m", "-o", c)
    plain = " -mprefer-vector-width=512 -DM_PLAIN"
    for level in "-O1", "-O2" + plain, "-O3" + plain:
        _, text, err = run(["gcc", *level.split(), "-mavx512f", "-mfma", "-S",
                            "-o", "-", c])
        sums = [line for line in text.split("\n") if "vfmadd" in line]
        stored = [line for line in sums if re.search(r"\(%r[sb]p\)", line)]
        report(len(sums) > 20 and not stored,
               "sums of gcc %s are in registers" % level,
               "\n".join(stored) + err)


def check_halves(folder):
    """clang takes halves of a register from it, and not through integers."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    for kind, units in ("LSTM", 5), ("LSTM", 20), ("GRU", 8), ("GRU", 20):
        write_model(path, model([1, 5], layer(kind, 5, units),
                                layer("Dense", units, 16)))
        rnnc(path, "-n", "m", "-o", c)
        for level in "-O2", "-O3":
            _, text, err = run(["clang", level, "-mavx512f", "-mfma", "-S",
                                "-o", "-", c])
            report("vextractf" in text and "vpextr" not in text,
                   "halves of %s %d: clang %s" % (kind, units, level), err)


def check_whole(folder):
    """clang -O3 makes whole vectors of the sums of a layer in plain C99."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, model([20, 1], layer("GRU", 1, 8)))
    rnnc(path, "-n", "m", "-o", c)
    _, text, err = run(["clang", "-O3", "-mavx2", "-mfma", "-DM_PLAIN", "-S",
                        "-o", "-", c])
    of_layer = text.partition("\nm_layer0:")[2].partition(".cfi_endproc")[0]
    sums = [line for line in of_layer.split("\n") if "vfmadd" in line]
    report(len(sums) > 20 and all("%ymm" in line for line in sums),
           "sums of clang -O3 are whole vectors", of_layer + err)


def check_short(folder):
    """clang makes vectors of loops that are short enough to unroll."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, model([9, 8], conv(8, 8, 2, **CAUSAL),
                            {"type": "Add", "inputs": ["layer0", "x"]},
                            {"type": "Activation", "activation": "tanh"},
                            {"type": "Add", "inputs": ["layer2", "x"]},
                            layer("Dense", 8, 4)))
    rnnc(path, "-n", "m", "-o", c)
    for level in "-O2", "-O3":
        _, text, err = run(["clang", level, "-mavx2", "-mfma", "-DM_PLAIN",
                            "-S", "-o", "-", c])
        report("vdivps" in text and "vdivss" not in text and
               "vaddss" not in text.partition("\nm_predict:")[2].partition(
                   "endproc")[0], "short loops of clang %s are vectors" % level,
               err)


def check_called(folder):
    """gcc copies the layers of a small network to predict, as it would not if
    they were called by a copy of predict in predict_batch, too."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, model([16], layer("Dense", 16, 2, activation="relu"),
                            layer("Dense", 2, 2)))
    rnnc(path, "-n", "m", "-o", c)
    _, text, err = run(["gcc", "-O2", "-mavx2", "-mfma", "-S", "-o", "-", c])
    predict = text.partition("\nm_predict:")[2].partition(".cfi_endproc")[0]
    report("vfmadd" in predict and "call" not in predict,
           "layers are in predict", predict + err)


def check_shared(folder):
    """gcc -Os loads what rows share once, not for each of them."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, model([9, 24], layer("GRU", 24, 64)))
    rnnc(path, "-n", "m", "-o", c)
    for level in "-O2", "-Os":
        _, text, err = run(["gcc", level, "-mavx512f", "-mfma", "-S", "-o", "-",
                            c])
        some = text.partition("\nm_layer0_some_h:")[2].partition("endproc")[0]
        sums = [line for line in some.split("\n") if "vfmadd" in line]
        loads = [line for line in sums if "(" in line]
        report(len(sums) > 30 and len(loads) < len(sums) // 2,
               "%s loads weights once for several rows" % level,
               "%d of %d" % (len(loads), len(sums)) + err)


def check_assembly(folder):
    check_registers(folder)
    check_halves(folder)
    check_whole(folder)
    check_short(folder)
    check_called(folder)
    check_shared(folder)
