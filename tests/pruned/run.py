#!/usr/bin/env python3
"""Pruned layers: blocks of zeros are left out of the C, in tiles of the units
in which most of them are together, and the numbers stay what the interpreter
computes, which knows nothing of blocks. In lanes of this machine, of any, and
in plain C; predict_batch against predict; as bf16, f16 and int8, too."""

import json
import math
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CFLAGS, finish, report, report_cpp, rnnc, run, \
    workspace, write_model

BATCH = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                     "../tiles/batch.c")
GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1, "Dense": 1}
KEEP = {"return_sequences": True}
random.seed(5)


def pruned(rows, gates, units, span, apart, zero):
    """[rows][gates * units], of which blocks of 8 rows and so many units are 0,
    of each gate by itself or of all."""
    dead = {}

    def weight(r, g, u):
        key = r // 8, g if apart else 0, u // span
        if key not in dead:
            dead[key] = random.random() < zero
        return 0.0 if dead[key] else random.choice((-1, 1)) * round(
            random.uniform(0.01, 0.3), 4)

    return [[weight(r, g, u) for g in range(gates) for u in range(units)]
            for r in range(rows)]


def layer(kind, features, units, span, apart, zero, **options):
    gates = GATES[kind]
    weights = {"kernel": pruned(features, gates, units, span, apart, zero)}
    if kind != "Dense":
        weights["recurrent_kernel"] = pruned(units, gates, units, span, apart,
                                             zero)
    if kind == "GRU":
        options.setdefault("reset_after", True)
    bias = pruned(2, gates, units, 1, False, 0)
    weights["bias"] = bias if options.get("reset_after") else bias[0]
    return {"type": kind, "units": units, "weights": weights, **options}


def model(shape, *layers):
    for k, l in enumerate(layers):
        l["name"] = "layer%d" % k
    return {"format": "rnnc", "version": 1, "name": "m",
            "inputs": [{"name": "x", "shape": shape}],
            "layers": list(layers), "outputs": [layers[-1]["name"]]}


MODELS = {
    "units": model([10, 20], layer("LSTM", 20, 40, 16, False, .7, **KEEP),
                   layer("GRU", 40, 48, 16, False, .75, **KEEP),
                   layer("SimpleRNN", 48, 64, 64, False, .6, **KEEP),
                   layer("Dense", 64, 96, 32, False, .7, activation="relu")),
    "gates": model([9, 24], layer("LSTM", 24, 64, 64, True, .75, **KEEP),
                   layer("GRU", 64, 70, 64, True, .7, reset_after=False)),
    "before": model([5, 17], layer("GRU", 17, 32, 16, False, .8,
                                   reset_after=False, activation="softsign")),
    "backwards": model([19, 16],
                       layer("LSTM", 16, 32, 32, True, .7, go_backwards=True,
                             **KEEP),
                       layer("SimpleRNN", 32, 80, 16, False, .7,
                             go_backwards=True)),
    "many": model([4, 256], layer("LSTM", 256, 48, 16, False, .5, **KEEP),
                  layer("Dense", 48, 300, 64, False, .8),
                  layer("Dense", 300, 128, 64, False, .5,
                        activation="softmax")),
    "any": model([None, 30], layer("GRU", 30, 32, 16, False, .8, **KEEP),
                 layer("Dense", 32, 64, 64, False, .6)),
    "nothing": model([6, 12], layer("LSTM", 12, 16, 16, False, 1),
                     layer("Dense", 16, 24, 32, False, 1)),
    "mlp": model([203], layer("Dense", 203, 130, 64, False, .5,
                              activation="tanh"),
                 layer("Dense", 130, 16, 16, False, .5)),
    "inside": model([3, 5, 12], {
        "type": "TimeDistributed",
        "layer": layer("LSTM", 12, 32, 16, False, .8)}, {
        "type": "TimeDistributed",
        "layer": layer("Dense", 32, 64, 64, False, .6)}, {
        "type": "Bidirectional",
        "layer": layer("GRU", 64, 32, 16, False, .8),
        "backward_layer": layer("GRU", 64, 32, 16, False, .8,
                                go_backwards=True)}),
    "masked": model([6, 16], {"type": "Masking", "mask_value": 0},
                    layer("LSTM", 16, 32, 16, False, .8, **KEEP),
                    layer("GRU", 32, 48, 16, False, .8)),
}
BARE = layer("Dense", 56, 56, 64, False, .9, use_bias=False)
del BARE["weights"]["bias"]
MODELS["bare"] = model([9, 56], BARE)
NATIVE = "-O2 -march=native"
BUILDS = [("gcc", NATIVE), ("clang", NATIVE), ("clang", "-O1"),
          ("gcc", "-O3 -march=native -DM_PLAIN"),
          ("gcc", "-O2 -DM_PLAIN -U__SSE2__"),
          ("gcc", "-O1 -fsanitize=address,undefined")]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
            "-Werror"]


def check_run(folder, name, build, options=(), kind="float"):
    c, program = os.path.join(folder, "m.c"), os.path.join(folder, "m")
    path = os.path.join(folder, name + ".json")
    write_model(path, MODELS[name])
    status, _, err = rnnc(path, "-n", "m", "--type", kind, *options, "-o", c)
    shape = MODELS[name]["inputs"][0]["shape"]
    fixed = ["-DFIXED", "-DM_INPUTS=%d" % math.prod(shape)] if all(
        shape) else []
    _, _, more = run([build[0], "-std=c99", *build[1].split(), *CFLAGS,
                      *WARNINGS, "-DREAL=" + kind,
                      "-DM_SELFTEST",
                      *fixed, "-I", folder, "-o", program, BATCH])
    failed, out, more_err = (1, "", "") if more else run([program])
    report(not status and not failed, " ".join([name, kind, *build, *options]),
           err + out + more + more_err)


def facts(folder, m, *options):
    """Its report, and the C."""
    path, c = os.path.join(folder, "f.json"), os.path.join(folder, "f.c")
    write_model(path, m)
    _, out, _ = rnnc(path, "-n", "m", "-o", c, "--report=json",
                     "--unroll=none", *options)
    with open(c) as f:
        return json.loads(out), f.read()


def count_zero(w, gates, units, span, apart):
    """Blocks of zeros, by definition."""
    zero = 0
    for r in range(0, len(w), 8):
        for u in range(0, units, span):
            for few in [[g] for g in range(gates)] if apart else [range(gates)]:
                columns = [g * units + v for g in few
                           for v in range(u, min(units, u + span))]
                zero += not any(row[c] for row in w[r:r + 8] for c in columns)
    return zero


def check_facts(folder):
    """What is left out, in blocks and bytes."""
    for gates, units, apart, columns in ((4, 48, False, 64), (4, 64, True, 64)):
        l = layer("LSTM", 72, units, 64 if apart else 16, apart, .75)
        got, text = facts(folder, model([3, 72], l))
        want, floats, lists = [], 0, 0
        for name in "kernel", "recurrent_kernel":
            w = l["weights"][name]
            all_blocks = len(w) // 8 * units * gates // columns
            zero = count_zero(w, gates, units, 64 if apart else 16, apart)
            want.append({"layer": "layer0", "weight": name, "rows": 8,
                         "columns": columns, "blocks": all_blocks,
                         "zero": zero, "left_out": True})
            kept = max(1, all_blocks - zero) # C has no arrays of nothing
            floats += kept * 8 * columns
            lists += 2 * kept + 4 * (units * gates // columns + 1)
        report(got["pruned"] == want, "blocks of %d units" % units,
               "%s\n%s" % (got["pruned"], want))
        weights = 4 * (floats + 4 * units) + lists
        report(got["weights_ro"] == weights, "bytes of %d units" % units,
               "%d instead of %d" % (got["weights_ro"], weights))
        report("are zero, and left out" in text.split("*/")[0]
               and "a NaN that would meet such zeros" in text, "the C says so")


def scattered(kind, features, units, zero, **options):
    return layer(kind, features, units, 1, True, zero, **options)


def check_lines(folder):
    """Straight lines have none for a zero, if many are, or a row of zeros."""
    rows = scattered("LSTM", 19, 3, 0)
    rows["weights"]["kernel"][4] = rows["weights"]["kernel"][18] = [0.0] * 12
    rows["weights"]["recurrent_kernel"][1] = [0.0] * 12
    for l in scattered("SimpleRNN", 3, 5, .9), scattered("LSTM", 9, 3, .6), \
            scattered("GRU", 8, 4, .8), rows, \
            scattered("GRU", 8, 4, .8, reset_after=False), \
            scattered("GRU", 2, 1, 1), scattered("LSTM", 1, 1, 1):
        units, w = l["units"], l["weights"]
        m = model([4, len(w["kernel"])], l, scattered("Dense", units, 3, .4))
        name = "lines"
        MODELS[name] = m
        for build in BUILDS[:3] + BUILDS[-1:]:
            check_run(folder, name, build)
        got, text = facts(folder, m, "--unroll=full")
        text = text.split("- Layers ---")[1].split("- Layers, ")[0]
        for owner, kernel in (("layer0", w["kernel"]),
                              ("layer0", w["recurrent_kernel"]),
                              ("layer1", m["layers"][1]["weights"]["kernel"])):
            word = "recurrent_kernel" if kernel is w.get(
                "recurrent_kernel") else "kernel"
            zeros = sum(row.count(0) for row in kernel)
            width, size = len(kernel[0]), len(kernel) * len(kernel[0])
            dead = sum(not any(row) for row in kernel)
            lines = text.count(" * m_%s_%s[" % (owner, word))
            many = zeros * 4 >= size * 3
            alone = many or not dead # numbers, not rows
            want = {"layer": owner, "weight": word, "rows": 1,
                    "columns": 1 if alone else width,
                    "blocks": size if alone else len(kernel),
                    "zero": zeros if alone else dead,
                    "left_out": many or dead > 0}
            left = size - (zeros if many else dead * width)
            report(lines == left and (not zeros or want in got["pruned"]),
                   "%s %s: %d of %d" % (l["type"], word, lines, size),
                   "%s\n%s" % (want, got["pruned"]))


def check_few(folder):
    """Too few blocks stay where they are, and none are not mentioned."""
    few = model([3, 64], layer("LSTM", 64, 64, 32, False, .2))
    got, text = facts(folder, few)
    report(got["pruned"] and not any(p["left_out"] for p in got["pruned"])
           and "too few to gain" in text and "pick_blocks" not in text
           and "NaN that" not in text, "too few", str(got["pruned"]))
    none = model([3, 16], layer("LSTM", 16, 32, 16, True, 0))
    got, text = facts(folder, none)
    report(got["pruned"] == [] and "Pruned" not in text, "none")


def main():
    with workspace() as folder:
        for k, name in enumerate(MODELS):
            got, _ = facts(folder, MODELS[name])
            left_out = [p["layer"][5:] + " " + p["weight"]
                        for p in got["pruned"] if p["left_out"]]
            report(len(left_out) > (name == "units") * 5, "%s: %s" % (
                name, ", ".join(left_out)))
            for build in BUILDS:
                check_run(folder, name, build)
            report_cpp(os.path.join(folder, name + ".json"), name)
            check_run(folder, name, BUILDS[k % 2], ["--reproducible"])
            check_run(folder, name, BUILDS[k % 2], kind="double")
            for i, storage in enumerate(("bf16", "f16", "int8")):
                check_run(folder, name, BUILDS[(k + i) % len(BUILDS)],
                          ["--weights", storage])
        check_lines(folder)
        check_facts(folder)
        check_few(folder)
    finish()


main()
