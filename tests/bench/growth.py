"""How times grow: with units, timesteps, samples in a batch, weights.

A curve is {"title", "x", "y", "series": {label: [[x, y], ...]}}."""

import json
import os
import struct

import numpy as np

import workloads
from measure import Predict, measure
from programs import BASELINE, OURS, Row, keep, run

UNITS = [8, 16, 32, 64, 128, 256, 512, 1024]
STEPS = [1, 4, 16, 64, 256, 1024]
WEIGHTS = [10 ** k for k in range(3, 8)]
COMPILERS = [("gcc", ["gcc", "-O2"]), ("clang", ["clang", "-O2"])]


def curve(title, x, y):
    return {"title": title, "x": x, "y": y, "series": {}}


def add(c, label, x, y):
    c["series"].setdefault(label, []).append([x, y])


def predict_curve(c, maker, rivals, workload, x):
    """Times one workload and adds a point to every series."""
    rows = [BASELINE] + [r for r in OURS if r.native()]
    entrants = [maker.program(workload, row) for row in rows]
    if "ort" in rivals:
        entrants.append(rivals["ort"](workload, None, False))
    for result in measure(Predict(maker.timer(), workload), entrants, 5, 1e6):
        add(c, result.label, x, result.ns)
    print("%s: %s" % (workload.title, ", ".join(
        "%.0f" % s[-1][1] for s in c["series"].values())), flush=True)


def by_units(maker, rivals):
    c = curve("LSTM n -> n, 20 timesteps", "units n", "ns per predict")
    for n in UNITS:
        predict_curve(c, maker, rivals, workloads.Workload(
            "U%d" % n, "LSTM %d->%d T=20" % (n, n), 20, [("LSTM", n, n)]), n)
    return c


def by_steps(maker, rivals):
    c = curve("LSTM 32 -> 64", "timesteps", "ns per predict")
    for steps in STEPS:
        predict_curve(c, maker, rivals, workloads.Workload(
            "T%d" % steps, "LSTM 32->64 T=%d" % steps, steps,
            [("LSTM", 32, 64)]), steps)
    return c


def by_batch(results):
    """Out of the tables: {name: curve}."""
    curves = {}
    for r in results:
        if r["call"].startswith("batch"):
            c = curves.setdefault("batch_" + r["workload"], curve(
                r["title"], "samples in a batch", "ns per sample"))
            add(c, r["label"], int(r["call"].split()[1]), r["ns"])
    return curves


# ---- rnnc and C compilers ----------------------------------------------------

def safetensors_model(folder, weights):
    """Three square Dense layers, all of it in a side file; (path, weights)."""
    n = max(2, round((weights / 3) ** .5))
    rng = np.random.default_rng(3)
    name, tensors, at, data, layers = "w%d" % weights, {}, 0, b"", []
    for i in range(3):
        for key, shape in (("kernel", [n, n]), ("bias", [n])):
            part = (rng.standard_normal(shape) / n ** .5).astype("<f4")
            data += part.tobytes()
            tensors[key + str(i)] = {"dtype": "F32", "shape": shape,
                                     "data_offsets": [at, len(data)]}
            at = len(data)
        layers.append({"type": "Dense", "name": "l%d" % i, "units": n,
                       "activation": "relu", "weights": {
                           key: {"file": name + ".safetensors",
                                 "tensor": key + str(i)}
                           for key in ("kernel", "bias")}})
    head = json.dumps(tensors).encode()
    with open(os.path.join(folder, name + ".safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head + data)
    path = os.path.join(folder, name + ".json")
    keep(path, json.dumps({
        "format": "rnnc", "version": 1, "name": name,
        "inputs": [{"name": "x", "shape": [n]}], "layers": layers,
        "outputs": ["l2"]}))
    return path, 3 * n * (n + 1)


def spender(maker):
    """spend(command) -> (seconds, bytes)"""
    row = Row("spend", "gcc", "-O2")
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spend.c")
    program = maker.path("spend")
    run([row.cc, *row.flags, "-o", program, path])
    return lambda command: tuple(
        float(word) for word in run([program, *command]).split())


def by_weights(maker, sizes=WEIGHTS):
    """(seconds, bytes of memory, bytes of the C and the objects)"""
    spend = spender(maker)
    time = curve("Compiling: time", "weights", "seconds")
    memory = curve("Compiling: memory", "weights", "bytes")
    size = curve("Compiling: size", "weights", "bytes")
    for wanted in sizes:
        model, count = safetensors_model(maker.folder, wanted)
        c, o = model[:-5] + ".c", model[:-5] + ".o"
        commands = [("rnnc", [maker.rnnc, model, "-o", c], c)]
        commands += [(name, [*cc, "-c", c, "-o", o], o)
                     for name, cc in COMPILERS]
        for label, command, made in commands:
            seconds, peak = spend(command)
            add(time, label, count, seconds)
            add(memory, label, count, peak)
            add(size, label, count, os.path.getsize(made))
            print("%d weights: %s %.3f s, %.0f MB, writes %.1f MB" % (
                count, label, seconds, peak / 1e6,
                os.path.getsize(made) / 1e6), flush=True)
        for path in (c, o, model, model[:-5] + ".safetensors"):
            os.remove(path)
    return {"compile_time": time, "compile_memory": memory,
            "compile_size": size}
