#!/usr/bin/env python3
"""Layers in tiles, and samples in lanes: the widths, tails and activations that
random models of a few units do not reach. With the lanes of this machine, those
of any, and none; predict and step against the interpreter by the self-test,
predict_batch against predict."""

import math
import os
import re
import platform
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from assembly import check_assembly, check_fused
from models import KEEP, MODELS, SPELLED, VARIATIONS, layer, model
from text import check_text
from support import CFLAGS, SANITIZED, WARNINGS, finish, report, report_cpp, \
    rnnc, run, workspace, write_model

BATCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "batch.c")
# Whose samples share the weights.
SHARED = ["eights", "many", "before", "scalar", "peepholes", "long_mixed"]
MODELS["shared"] = model([7, 5], layer("LSTM", 5, 30, **KEEP),
                         layer("Dense", 30, 16, activation="tanh"),
                         {"type": "Activation", "activation": "softmax"},
                         layer("GRU", 16, 20, **KEEP), layer("GRU", 20, 3, **KEEP),
                         layer("Dense", 3, 40), layer("SimpleRNN", 40, 80, **KEEP),
                         layer("Dense", 80, 7, activation="elu"))
SHARED.append("shared")
# Rows of eight: samples in lanes, and sharing the weights.
MODELS["half"] = model([5, 40], layer("SimpleRNN", 40, 7, **KEEP),
                       layer("SimpleRNN", 7, 8), layer("Dense", 8, 20),
                       layer("Dense", 20, 5, activation="relu"))
MODELS["half_shared"] = model([16], layer("Dense", 16, 130),
                              layer("Dense", 130, 6, activation="tanh"))
FEW = model([3], layer("Dense", 3, 2, activation="sigmoid"))
NATIVE, ANY = "-O2 -march=native", "-O1"
BUILDS = [("float", "gcc", NATIVE), ("float", "clang", NATIVE),
          ("float", "gcc", "-O1 -DM_PLAIN"), ("float", "clang", ANY),
          ("float", "gcc", "-O3 -march=native -DM_PLAIN"),
          ("float", "clang", NATIVE + " -DM_PLAIN"),
          ("float", "clang", NATIVE + " -U__GNUC__"), # as clang-cl has it
          ("float", "gcc", "-O2 -DM_PLAIN -U__SSE2__"),
          ("float", "gcc", "-O1 -fsanitize=address,undefined"),
          ("float", "clang", "-O1 -march=native -fsanitize=address,undefined"),
          ("double", "gcc", NATIVE), ("double", "clang", ANY),
          ("double", "clang", NATIVE + " -DM_PLAIN")]

# What nobody writes by hand: empty lines too many or too few, "t * 1".
UNTIDY = re.compile(r".*\n\n\n|\n\}\n/\*.*|\{\n\n|\n\n\}|.*\w \* 1[],;) ].*")


def has(*flags):
    """Whether this processor has them, as Linux tells."""
    try:
        with open("/proc/cpuinfo") as f:
            words = f.read().split()
    except OSError:
        return False
    return all(flag in words for flag in flags)


if has("avx2", "fma"): # lanes of eight, where native ones are sixteen
    BUILDS += [("float", "gcc", "-O2 -mavx2 -mfma"),
               ("double", "clang", "-O2 -mavx2 -mfma")]


def check_run(folder, name, kind, cc, flags, *options):
    c, program = os.path.join(folder, "m.c"), os.path.join(folder, "m")
    path = os.path.join(folder, name + ".json")
    write_model(path, MODELS[name])
    status, _, err = rnnc(path, "--type", kind, "-n", "m", "-o", c, *options)
    shape = MODELS[name]["inputs"][0]["shape"]
    fixed = ["-DFIXED", "-DM_INPUTS=%d" % math.prod(shape)] if all(
        shape) else []
    _, _, more = run([cc, "-std=c99", *flags.split(), *CFLAGS, *WARNINGS,
                      "-DREAL=" + kind, *fixed,
                      "-DM_SELFTEST", "-I", folder, "-o", program, BATCH])
    failed, out, more_err = run([program])
    with open(c) as f:
        untidy = [m.group() for m in UNTIDY.finditer(f.read())]
    report(not status and not failed and not more and not untidy,
           "%s %s: %s %s %s" % (name, kind, cc, flags, " ".join(options)),
           err + out + more + more_err + "\n".join(untidy))


def check_groups(folder):
    """The report says how the groups of a convolution are multiplied."""
    path = os.path.join(folder, "m.json")
    for name, layer_name, how, *options in (
            ("groups", "layer0", "beside the others"),
            ("groups", "layer1", "beside the others, filled up to 4"),
            ("groups_line", "layer3", "beside the others"),
            ("groups_planes", "layer4", "beside the others, filled up to 4"),
            ("groups_planes", "layer5", "beside the others"),
            ("groups", "layer4", "in tiles of its own"),
            ("groups_line", "layer2", "in loops: too few units"),
            ("groups", "layer0", "in loops: --weights", "--weights=f16"),
            ("groups", "layer0", "in loops: windows take memory",
             "--budget-stack=8000")):
        write_model(path, MODELS[name])
        _, out, err = rnnc(path, "--report=text", "-o", os.devnull, *options)
        report("groups            : %s: each %s\n" % (layer_name, how) in out,
               "%s %s: %s" % (name, layer_name, how), out + err)


def check_aligned(folder):
    """States that are written in sixteens stand in lines of the cache."""
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    for units in 8, 9, 40:
        write_model(path, model([9, 3], layer("LSTM", 3, units)))
        rnnc(path, "-n", "m", "-o", c)
        with open(c) as f:
            states = re.findall(r"float (M_ALIGNED )?m_\w+_[hc]\[\d+\] = ",
                                f.read())
        report(len(states) == 2 and all(map(bool, states)) == (units > 8),
               "states of %d units" % units, str(states))


def check_same(folder):
    """--reproducible: predict_batch's bits are predict's, whatever it shares;
    and it does share, in all of these."""
    for k, name in enumerate(SHARED):
        for build in BUILDS[k % 6], BUILDS[(k + 3) % 6], BUILDS[8 + k % 4]:
            check_run(folder, name, build[0], build[1],
                      build[2] + " -DSAME", "--reproducible")
        with open(os.path.join(folder, "m.c")) as f:
            report("m_predict_some(x" in f.read(), name + ": samples share")
        for i, storage in enumerate(("bf16", "f16", "int8")):
            check_run(folder, name, *BUILDS[i == k % 2], "--weights=" + storage)


def check_straight(folder):
    """Straight lines take a sample in every lane; where there are no vectors,
    samples are the turns of a loop, bits alike under --reproducible."""
    small = {
        "straight_rnn": model([4, 3], layer("SimpleRNN", 3, 5),
                              layer("Dense", 5, 2)),
        "straight_gru": model([3, 2], layer("GRU", 2, 4, **KEEP),
                              layer("GRU", 4, 3, reset_after=False),
                              layer("Dense", 3, 2, activation="sigmoid")),
        "straight_lstm": model([3, 2], layer("LSTM", 2, 3, False, **KEEP),
                               layer("LSTM", 3, 3, **KEEP)),
        "straight_mlp": model([7], layer("Dense", 7, 9, activation="tanh"),
                              layer("Dense", 9, 4, False))}
    for k, name in enumerate(small):
        MODELS[name] = small[name]
        for i, build in enumerate(BUILDS):
            check_run(folder, name, *build, "--unroll=full")
            if i % 4 == k:
                check_run(folder, name, build[0], build[1],
                          build[2] + " -DSAME", "--reproducible",
                          "--unroll=full")
        with open(os.path.join(folder, "m.c")) as f:
            report("\nM_FLAT void m_" in f.read(), name + ": loops over samples")
        del MODELS[name]


def check_spelled(folder):
    """Where predict has loops over units, predict_batch has sums of one sample
    after the other, for lanes and for loops over samples."""
    for k, name in enumerate(SPELLED):
        MODELS[name] = SPELLED[name]
        for i, build in enumerate(BUILDS):
            check_run(folder, name, *build)
        with open(os.path.join(folder, "m.c")) as f:
            text = f.read()
        report("#if M_WIDTH\n#define M_IN_LANES" in text and "\nM_FLAT" not in
               text and "m_sum_tile" not in text, name + ": sums spelled out")
        report_cpp(os.path.join(folder, name + ".json"), name)
        del MODELS[name]


def check_fours(folder):
    """With --reproducible lanes sum in fours, as tiles of 16 columns do: spelled
    out, or in a loop over rows."""
    models = model([6, 3], layer("SimpleRNN", 3, 7, **KEEP),
                   layer("SimpleRNN", 7, 12), layer("Dense", 12, 5),
                   layer("Dense", 5, 2)), \
        model([5, 30], layer("SimpleRNN", 30, 8, activation="relu"))
    for MODELS["fours"] in models:
        for i, (kind, cc, flags) in enumerate(BUILDS):
            fused = i % 3 == 0 and kind == "float"
            check_run(folder, "fours", kind, cc, flags + " -DSAME",
                      "--reproducible" + ("=fma" if fused else ""))
            with open(os.path.join(folder, "m.c")) as f:
                text = f.read()
            report("m_predict_lanes(x" in text and " s3[" in text,
                   "fours: samples in lanes")
    del MODELS["fours"]


def check_fast(folder):
    """-ffast-math takes y + c - c for y, where functions round with that sum."""
    c, program = os.path.join(folder, "m.c"), os.path.join(folder, "m")
    for option in "--type=double", "--math=exact", "--math=default":
        path = os.path.join(folder, "eights.json")
        write_model(path, MODELS["eights"])
        rnnc(path, "-n", "m", "-o", c, option)
        for cc, flags in (("gcc", NATIVE), ("clang", ANY),
                          ("gcc", "-O3 -DM_PLAIN")):
            _, _, err = run([cc, *flags.split(), "-ffast-math", "-DM_SELFTEST",
                             "-DM_SELFTEST_MAIN", "-o", program, c])
            failed, out, _ = run([program])
            report(not failed, "%s: %s %s -ffast-math" % (option, cc, flags),
                   err + out)


def check_forms(folder):
    """Units that fill lanes stand in them, eight and sixteen or one of these,
    others' samples do."""
    figures = " * Accuracy  sigmoid: ", " *           tanh: "
    for kind, units, full in (("LSTM", 32, {32, 64}), ("LSTM", 40, set()),
                              ("GRU", 40, {32}), ("GRU", 64, {32, 64}),
                              ("SimpleRNN", 48, {64}), ("Dense", 96, {32, 64}),
                              ("Dense", 72, set())):
        shape = [24] if kind == "Dense" else [4, 24]
        MODELS["form"] = model(shape, layer(kind, 24, units))
        check_run(folder, "form", *BUILDS[0])
        with open(os.path.join(folder, "m.c")) as f:
            text = f.read()
        stands = {n for n in (32, 64) if "&& M_BYTES != %d" % n in text}
        report(stands == full and "m_predict_lanes(x" in text and
               ("m_predict_some(x" in text) == bool(full),
               "%s of %d fills %s bytes" % (kind, units, sorted(full) or "no"))
        used = {"SimpleRNN": [" * Accuracy  tanh: "], "Dense": []}.get(
            kind, figures)
        report(all(f in text.split("*/")[0] for f in used) and text.count(
            " *   error: ") == len(used), "%s of %d: errors of its functions, "
               "once each, and in the head" % (kind, units))
    del MODELS["form"]


def check_quiet(folder):
    """Sanitizers keep clang from unrolling what it is asked to: no warning."""
    path, c = os.path.join(folder, "quiet.json"), os.path.join(folder, "m.c")
    write_model(path, model([1, 130], layer("SimpleRNN", 130, 72, **KEEP),
                            layer("LSTM", 72, 10), layer("Dense", 10, 2),
                            layer("Dense", 2, 4)))
    rnnc(path, "-n", "m", "-o", c)
    status, _, err = run(["clang", "-O1", "-march=native", *WARNINGS, "-Werror",
                          "-fsanitize=address,undefined", "-c", "-o",
                          os.path.join(folder, "m.o"), c])
    report(status == 0, "clang -O1 with sanitizers: no warnings", err)


def check_large(folder):
    """Kernels beyond the second cache are read once for as many samples as the
    stack has room for, in sixes and perhaps four; fewer are an even number. Sums
    with the bits of predict's go in fours."""
    MODELS["large"] = model([2, 130], layer("LSTM", 130, 256))
    for k, (budget, most, *alike) in enumerate((
            (65536, 18), (262144, 30), (36000, 10), (30000, 6), (14000, 4),
            (262144, 32, "--reproducible"))):
        check_run(folder, "large", *BUILDS[k % 2], "--budget-stack=%d" % budget,
                  *alike)
        each = 4 if alike else 2
        with open(os.path.join(folder, "m.c")) as f:
            report("n - i < %d ? (n - i) / %d * %d : %d;" % (
                most, each, each, most) in f.read(), "%d samples in %d bytes%s" % (
                    most, budget, " " + alike[0] if alike else ""))
    del MODELS["large"]


def main():
    with workspace() as folder:
        check_forms(folder)
        check_fast(folder)
        check_large(folder)
        check_quiet(folder)
        check_straight(folder)
        check_spelled(folder)
        check_fours(folder)
        if platform.machine() == "x86_64" and not SANITIZED:
            check_text(folder)
            check_assembly(folder)
        if platform.machine() == "x86_64":
            check_fused(folder)
        check_groups(folder)
        for name in os.environ.get("ONLY", " ".join(MODELS)).split():
            few = name in VARIATIONS
            for build in BUILDS[few and VARIATIONS.index(name) % 2::1 + few]:
                check_run(folder, name, *build)
            report_cpp(os.path.join(folder, name + ".json"), name)
        check_same(folder)
        check_aligned(folder)
        MODELS["few"] = FEW
        for storage in "bf16", "f16", "int8":
            for name in "few", "long", "dots":
                check_run(folder, name, *BUILDS[0], "--unroll=none",
                          "--weights=" + storage)
    finish()


main()
