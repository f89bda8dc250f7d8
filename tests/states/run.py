#!/usr/bin/env python3
"""Outputs that nobody reads: of a recurrence with return_state what is left is
what the layer returns by itself, so that it streams; of layers nothing. Numbers
come from the formulas, written here."""

import json
import math
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import finish, report, rnnc, run, workspace, write_model

T, F, U = 4, 2, 3
STATES = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}
random.seed(11)


def numbers(*shape):
    if len(shape) > 1:
        return [numbers(*shape[1:]) for _ in range(shape[0])]
    return [random.randint(-60, 60) / 64 for _ in range(shape[0])]


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def sums(x, kernel):
    return [sum(a * row[c] for a, row in zip(x, kernel))
            for c in range(len(kernel[0]))]


def step(kind, w, x, h, c):
    """The next h and c."""
    z = [sum(t) for t in zip(w["bias"], sums(x, w["kernel"]))]
    from_h = sums(h, w["recurrent_kernel"])
    part = lambda v, g: v[g * U:(g + 1) * U]
    if kind == "SimpleRNN":
        return [math.tanh(a + b) for a, b in zip(z, from_h)], c
    if kind == "LSTM":
        z = [a + b for a, b in zip(z, from_h)]
        i, f, g, o = (part(z, k) for k in range(4))
        c = [sigmoid(f[u]) * c[u] + sigmoid(i[u]) * math.tanh(g[u])
             for u in range(U)]
        return [sigmoid(o[u]) * math.tanh(c[u]) for u in range(U)], c
    update, reset = ([sigmoid(a + b) for a, b in zip(part(z, k), part(
        from_h, k))] for k in range(2))
    again = sums([r * a for r, a in zip(reset, h)], w["recurrent_kernel"])
    g = [math.tanh(a + b) for a, b in zip(part(z, 2), part(again, 2))]
    return [k * a + (1 - k) * b for k, a, b in zip(update, h, g)], c


def walk(kind, w, x, backwards=False):
    h, c, rows = [0.0] * U, [0.0] * U, []
    for row in x[::-1] if backwards else x:
        h, c = step(kind, w, row, h, c)
        rows.append(h)
    return rows, h, c


def recurrence(kind, **options):
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind]
    if kind == "GRU":
        options["reset_after"] = False
    return {"type": kind, "name": "r", "units": U, "return_state": True,
            "weights": {"kernel": numbers(F, gates * U),
                        "recurrent_kernel": numbers(U, gates * U),
                        "bias": numbers(gates * U)}, **options}


def part(name, what, kind):
    """Layers that take a part, as readers of dialects make them."""
    n = STATES[kind]
    ends = {"y": (0, -n * U), "rows": (0, -n * U), "h": (-n * U, (1 - n) * U),
            "c": (-U, 0)}[what]
    layers = [{"type": "Slice", "name": name, "inputs": ["r"], "from": ends[0],
               "to": ends[1]}]
    if what == "rows":
        layers[0]["name"] += "_flat"
        layers.append({"type": "Reshape", "name": name, "target_shape": [-1, U]})
    return layers


def check(folder, kind, whats, streams, options=None, both=False):
    """The parts are added; or are outputs, both."""
    r = recurrence(kind, **(options or {}))
    layers = [r] + [l for k, what in enumerate(whats)
                    for l in part("p%d" % k, what, kind)]
    names = ["p%d" % k for k in range(len(whats))]
    if not both:
        layers.append({"type": "Add", "name": "sum",
                       "inputs": names if len(names) > 1 else names * 2})
    x = numbers(T, F)
    rows, h, c = walk(kind, r["weights"], x, r.get("go_backwards", False))
    value = {"y": h, "rows": sum(rows, []), "h": h, "c": c}
    parts = [value[w] for w in whats]
    wide = max(map(len, parts)) # one timestep is spread over all
    parts = [p * (wide // len(p)) for p in parts]
    want = {n: p for n, p in zip(names, parts)} if both else {
        "sum": [sum(t) for t in zip(*(parts if len(parts) > 1 else parts * 2))]}
    shaped = lambda v: [v[i:i + U] for i in range(0, len(v), U)] if len(
        v) > U else v
    path = os.path.join(folder, "m.json")
    write_model(path, {
        "format": "rnnc", "version": 1, "name": "m",
        "inputs": [{"name": "x", "shape": [T, F]}], "layers": layers,
        "outputs": list(want), "samples": [{
            "inputs": {"x": x}, "outputs": {k: shaped(v) for k, v in
                                            want.items()}, "atol": 1e-6}]})
    c_file, program = os.path.join(folder, "m.c"), os.path.join(folder, "m")
    status, out, err = rnnc(path, "-n", "m", "-o", c_file, "--report=json")
    name = "%s %s %s" % (kind, "+".join(whats), options or "")
    if not report(not status, name + "compiles", err):
        return
    report(json.loads(out)["streams"] == streams, name + (
        "streams" if streams else "does not stream"), out)
    _, _, more = run(["gcc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Werror",
                      "-DM_SELFTEST", "-DM_SELFTEST_MAIN", "-o", program,
                      c_file])
    status, out, err = run([program])
    report(not status and not more, name + "computes", more + out + err)
    again = os.path.join(folder, "again.json")
    rnnc(path, "-n", "m", "--emit=json", "-o", again)
    status, out, err = rnnc(again, "-n", "m", "-o", "-")
    with open(c_file) as f: # but for the digest of the model
        code = f.read().split("*/", 1)[1]
    report(not status and out.endswith(code),
           name + "is the same from --emit=json", err)


def check_unused(folder):
    """Layers that nobody reads, and a tower of them, are in no C."""
    dense = lambda name, source, units: {
        "type": "Dense", "name": name, "inputs": [source], "units": 2,
        "weights": {"kernel": numbers(units, 2), "bias": numbers(2)}}
    path, c = os.path.join(folder, "u.json"), os.path.join(folder, "u.c")
    write_model(path, {
        "format": "rnnc", "version": 1, "name": "m",
        "inputs": [{"name": "x", "shape": [T, F]}], "layers": [
            dense("used", "x", F), dense("dead", "x", F),
            dense("dead_tower", "dead", 2),
            {"type": "GRU", "name": "dead_gru", "inputs": ["used"], "units": 1,
             "reset_after": False, "go_backwards": True, "weights": {
                 "kernel": numbers(2, 3), "recurrent_kernel": numbers(1, 3),
                 "bias": numbers(3)}},
            dense("last", "used", 2)], "outputs": ["last"]})
    status, out, err = rnnc(path, "-n", "m", "-o", c, "--report=json")
    with open(c) as f:
        text = f.read()
    got = json.loads(out)
    report(not status and [l["name"] for l in got["layers"]] == ["used", "last"]
           and got["streams"] and "dead" not in text
           and got["params"] == F * 2 + 2 + 6, "layers that nobody reads", out)


def main():
    with workspace() as folder:
        for kind in STATES:
            sequence = {"return_sequences": True}
            check(folder, kind, ["y"], True)
            check(folder, kind, ["h"], True)
            check(folder, kind, ["y", "h"], True)
            check(folder, kind, ["h"], True, sequence)
            check(folder, kind, ["rows"], True, sequence)
            check(folder, kind, ["rows", "h"], False, sequence)
            check(folder, kind, ["h"], False, dict(sequence, go_backwards=True))
            check(folder, kind, ["y", "h"], False, both=True)
        check(folder, "LSTM", ["c"], False)
        check(folder, "LSTM", ["h", "c"], False)
        check(folder, "LSTM", ["rows", "c"], False, {"return_sequences": True})
        check_unused(folder)
    finish()


main()
