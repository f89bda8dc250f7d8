#!/usr/bin/env python3
"""Layers that become part of the one before: the numbers against numpy, and
that they do become, or do not where something else reads what is between.
And layers with the same weights, which stand in the C once."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import numpy as np

from support import CFLAGS, finish, report, rnnc, run, workspace, write_model

rng = np.random.default_rng(4)
EPSILON = 0.001


def numbers(size, *shape):
    """Floats, as doubles."""
    return rng.normal(0, size, shape).astype("f4").astype("f8")


def batch(name, channels, source, axis=-1, size=1.0):
    weights = {"gamma": numbers(size, channels), "beta": numbers(1, channels),
               "moving_mean": numbers(1, channels),
               "moving_variance": numbers(1, channels) ** 2 // .1 / 8 + .125}
    return {"type": "BatchNormalization", "name": name, "axis": axis,
            "inputs": [source], "weights": weights}


def dense(name, features, units, source, bias=True, activation="linear"):
    weights = {"kernel": numbers(.5, features, units)}
    if bias:
        weights["bias"] = numbers(.5, units)
    return {"type": "Dense", "name": name, "units": units, "use_bias": bias,
            "activation": activation, "inputs": [source], "weights": weights}


def conv(name, features, filters, source, bias=True):
    weights = {"kernel": numbers(.5, 3, features, filters)}
    if bias:
        weights["bias"] = numbers(.5, filters)
    return {"type": "Conv1D", "name": name, "filters": filters,
            "kernel_size": 3, "padding": "causal", "use_bias": bias,
            "inputs": [source], "weights": weights}


def apart(kind, name, features, source, multiplier=1, filters=0, bias=True):
    """A depthwise or, with filters, a separable convolution of 3 timesteps."""
    columns = filters or features * multiplier
    weights = {"depthwise_kernel": numbers(.5, 3, features, multiplier)}
    options = {"depth_multiplier": multiplier}
    if filters:
        weights["pointwise_kernel"] = numbers(.5, 1, features * multiplier,
                                              filters)
        options["filters"] = filters
    if bias:
        weights["bias"] = numbers(.5, columns)
    return {"type": kind, "name": name, "kernel_size": 3, "padding": "causal",
            "use_bias": bias, "inputs": [source], "weights": weights, **options}


def transposed(name, features, filters, source, groups=1):
    return {"type": "Conv1DTranspose", "name": name, "filters": filters,
            "kernel_size": 2, "strides": 2, "groups": groups,
            "inputs": [source], "weights": {
                "kernel": numbers(.5, 2, filters // groups, features),
                "bias": numbers(.5, filters)}}


def rectifier(name, source, **options):
    return {"type": "ReLU", "name": name, "inputs": [source], **options}


def act(name, activation, source):
    return {"type": "Activation", "name": name, "activation": activation,
            "inputs": [source]}


# ---- What they compute, in float64, one layer after the other ----------------

ACTIVATIONS = {
    "linear": lambda x: x, "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True)}


def compute(layer, x):
    w = {k: np.asarray(v) for k, v in layer.get("weights", {}).items()}
    kind = layer["type"]
    if kind == "BatchNormalization":
        shape = [1] * x.ndim
        shape[layer["axis"] - (layer["axis"] > 0)] = -1
        w = {k: v.reshape(shape) for k, v in w.items()}
        return (x - w["moving_mean"]) * w["gamma"] / np.sqrt(
            w["moving_variance"] + EPSILON) + w["beta"]
    if kind == "Activation":
        return ACTIVATIONS[layer["activation"]](x)
    if kind == "LeakyReLU":
        return np.where(x < 0, .3 * x, x)
    if kind == "ReLU":
        y = np.where(x <= 0, layer.get("negative_slope", 0) * x, x)
        return np.minimum(y, layer.get("max_value", np.inf))
    if kind == "Add":
        return x
    if kind == "Dense":
        y = x @ w["kernel"] + w.get("bias", 0)
        return ACTIVATIONS[layer["activation"]](y)
    if kind == "Conv1DTranspose": # windows side by side
        groups = layer["groups"]
        parts = [np.einsum("tf,kuf->tku", x_g, k_g) for x_g, k_g in zip(
            np.split(x, groups, 1), np.split(w["kernel"], groups, 2),
            strict=True)]
        return np.concatenate(parts, 2).reshape(-1, layer["filters"]) \
            + w["bias"]
    padded = np.concatenate([np.zeros((2, x.shape[1])), x])
    if "depthwise_kernel" in w:
        k = w["depthwise_kernel"]
        z = sum(padded[i:i + len(x), :, None] * k[i] for i in range(3))
        z = z.reshape(len(x), -1)
        if "pointwise_kernel" in w:
            z = z @ w["pointwise_kernel"][0]
        return z + w.get("bias", 0)
    return sum(padded[k:k + len(x)] @ w["kernel"][k] for k in range(3)) \
        + w.get("bias", 0)


def outputs(model, x):
    values = {"x": x}
    for layer in model["layers"]:
        of = [values[n] for n in layer["inputs"]]
        values[layer["name"]] = compute(layer, sum(of[1:], of[0]))
    return [values[n] for n in model["outputs"]]


def model(shape, outputs_of, *layers):
    return {"format": "rnnc", "version": 1, "name": "m",
            "inputs": [{"name": "x", "shape": shape}],
            "layers": list(layers), "outputs": outputs_of}


# name: (model, types that the report shows)
MODELS = {
    "convolution": (model([9, 3], ["c"], conv("a", 3, 6, "x", bias=False),
                          batch("b", 6, "a"), act("c", "relu", "b")),
                    ["Conv1D + BatchNormalization, Activation"]),
    "with bias": (model([9, 3], ["d"], conv("a", 3, 5, "x"), batch("b", 5, "a"),
                        dense("c", 5, 4, "b"), batch("d", 4, "c")),
                  ["Conv1D + BatchNormalization",
                   "Dense + BatchNormalization"]),
    "depthwise": (model([9, 3], ["d"],
                        apart("DepthwiseConv1D", "a", 3, "x", bias=False),
                        batch("b", 3, "a"), act("c", "relu", "b"),
                        batch("d", 3, "c")),
                  ["DepthwiseConv1D + BatchNormalization, Activation",
                   "BatchNormalization"]),
    "multiplied": (model([9, 10], ["b"],
                         apart("DepthwiseConv1D", "a", 10, "x", 2),
                         batch("b", 20, "a")),
                   ["DepthwiseConv1D + BatchNormalization"]),
    "separable": (model([9, 3], ["b"],
                        apart("SeparableConv1D", "a", 3, "x", 2, 5, False),
                        batch("b", 5, "a")),
                  ["SeparableConv1D + BatchNormalization"]),
    "transposed": (model([4, 3], ["c"], transposed("a", 3, 6, "x"),
                         batch("b", 6, "a"), act("c", "tanh", "b")),
                   ["Conv1DTranspose + BatchNormalization, Activation"]),
    "transposed groups": (model([4, 6], ["b"], transposed("a", 6, 4, "x", 2),
                                batch("b", 4, "a")),
                          ["Conv1DTranspose", "BatchNormalization"]),
    "transposed, apart": (model([4, 3], ["b"], transposed("a", 3, 6, "x", 3),
                                batch("b", 6, "a")),
                          ["Conv1DTranspose", "BatchNormalization"]),
    "twice": (model([4], ["d"], dense("a", 4, 7, "x", bias=False),
                    batch("b", 7, "a"), batch("c", 7, "b"),
                    act("d", "softmax", "c")),
              ["Dense + BatchNormalization, BatchNormalization, Activation"]),
    "rectifies": (model([9, 3], ["g"], conv("a", 3, 6, "x", bias=False),
                        batch("b", 6, "a"), rectifier("c", "b", max_value=6),
                        dense("d", 6, 5, "c"), rectifier("e", "d"),
                        dense("f", 5, 20, "e"),
                        rectifier("g", "f", negative_slope=.25)),
                  ["Conv1D + BatchNormalization, ReLU", "Dense + ReLU",
                   "Dense + ReLU"]),
    "by its own": (model([6], ["c"], dense("a", 6, 20, "x"),
                         rectifier("b", "a", max_value=1.5),
                         act("c", "linear", "b")),
                   ["Dense", "ReLU", "Activation"]),
    "leaks": (model([6], ["b"], dense("a", 6, 20, "x"),
                    {"type": "LeakyReLU", "name": "b", "inputs": ["a"]}),
              ["Dense + LeakyReLU"]),
    "activation first": (model([4], ["c"], dense("a", 4, 6, "x"),
                               act("b", "tanh", "a"), batch("c", 6, "b")),
                         ["Dense + Activation", "BatchNormalization"]),
    "own activation": (model([4], ["b"],
                             dense("a", 4, 6, "x", activation="relu"),
                             batch("b", 6, "a")),
                       ["Dense", "BatchNormalization"]),
    "two readers": (model([4], ["c"], dense("a", 4, 6, "x"),
                          batch("b", 6, "a"),
                          {"type": "Add", "name": "c", "inputs": ["a", "b"]}),
                    ["Dense", "BatchNormalization", "Add"]),
    "an output": (model([4], ["a", "b"], dense("a", 4, 6, "x"),
                        batch("b", 6, "a")), ["Dense", "BatchNormalization"]),
    "another axis": (model([6, 4], ["b"], dense("a", 4, 6, "x"),
                           batch("b", 6, "a", axis=1)),
                     ["Dense", "BatchNormalization"]),
}

PROGRAM = r"""
#include <stdio.h>
#include "m.c"
int main(void)
{
    static REAL x[SIZE], y0[9999], y1[9999];
    for (int i = 0; i < SIZE; i++) { double v; if (scanf("%%lf", &v) != 1) return 1; x[i] = (REAL)v; }
    m_predict(x, %s);
    for (int i = 0; i < COUNT0; i++) printf("%%.17g\n", (double)y0[i]);
    for (int i = 0; i < COUNT1; i++) printf("%%.17g\n", (double)y1[i]);
    return 0;
}
"""


def as_json(m):
    return json.loads(json.dumps(m, default=lambda a: a.tolist()))


def check(folder, name, kind):
    m, types = MODELS[name]
    path, c = os.path.join(folder, "m.json"), os.path.join(folder, "m.c")
    write_model(path, as_json(m))
    status, out, err = rnnc(path, "--type", kind, "-n", "m", "-o", c,
                            "--report=json")
    got = [l["type"] for l in json.loads(out)["layers"]] if not status else []
    report(got == types, "%s %s: what became what" % (name, kind),
           "%s %s" % (got, err))
    x = numbers(1, *m["inputs"][0]["shape"])
    want = outputs(m, x)
    with open(os.path.join(folder, "main.c"), "w") as f:
        f.write(PROGRAM % ", ".join("y%d" % i for i in range(len(want))))
    counts = [v.size for v in want] + [0]
    program = os.path.join(folder, "main")
    _, _, errors = run(["gcc", "-O1", *CFLAGS, "-w", "-DREAL=" + kind,
                        "-DSIZE=%d" % x.size, "-DCOUNT0=%d" % counts[0],
                        "-DCOUNT1=%d" % counts[1], "-I", folder, "-o", program,
                        os.path.join(folder, "main.c")])
    _, out, more = run([program], input="\n".join("%.17g" % v
                                                  for v in x.ravel()))
    y = np.array([float(v) for v in out.split()])
    want = np.concatenate([v.ravel() for v in want])
    scale = max(1, abs(want).max())
    error = abs(y - want).max() / scale if y.size == want.size else np.inf
    report(error < (2e-6 if kind == "float" else 1e-14),
           "%s %s: the numbers" % (name, kind),
           "%g\n%s%s" % (error, errors, more))


def check_large(folder):
    """A product that is no float stays two factors."""
    m = model([1], ["b"], dense("a", 1, 1, "x", bias=False), batch("b", 1, "a"))
    m["layers"][0]["weights"]["kernel"] = np.array([[1e20]])
    m["layers"][1]["weights"]["gamma"] = np.array([1e20])
    path = os.path.join(folder, "m.json")
    write_model(path, as_json(m))
    _, out, err = rnnc(path, "--report=json", "--check")
    report('"Dense + ' not in out and '"BatchNormalization"' in out,
           "a product beyond floats", out + err)


# ---- Layers with the same weights --------------------------------------------

def check_shared(folder):
    """A model that uses two layers twice, and one that does not quite."""
    kernel, recurrent, bias = numbers(.3, 8, 80), numbers(.3, 20, 80), \
        numbers(.3, 80)
    narrow = dense("d", 20, 8, "a", activation="tanh")

    def lstm(name, source):
        return {"type": "LSTM", "name": name, "units": 20, "inputs": [source],
                "return_sequences": True, "weights": {
                    "kernel": kernel, "recurrent_kernel": recurrent,
                    "bias": bias}}
    m = as_json(model([12, 8], ["e"], lstm("a", "x"), narrow, lstm("b", "d"),
                      dict(narrow, name="e", inputs=["b"])))
    path, c = os.path.join(folder, "s.json"), os.path.join(folder, "s.c")
    for options, arrays in ([], 6), (["--weights=int8"], 9), (
            ["--weights=bf16"], 6), (["--weight-text=string"], 6), (
            ["--type=double", "--unroll=none"], 6), (["--unroll=full"], 6):
        write_model(path, m)
        _, _, err = rnnc(path, *options, "-n", "s", "-o", c)
        with open(c) as f:
            text = f.read()
        _, _, errors = run(["gcc", "-O1", *CFLAGS, "-w", "-DS_SELFTEST",
                            "-DS_SELFTEST_MAIN", "-o", c[:-2], c])
        failed, out, _ = run([c[:-2]])
        found = text.count("\nstatic const ")
        report(found == arrays and not failed, "weights stand once %s"
               % " ".join(options), "%d\n%s%s%s" % (found, err, errors, out))
    m["layers"][2]["weights"]["kernel"][3][5] += .125
    write_model(path, m)
    rnnc(path, "-n", "s", "-o", c)
    with open(c) as f:
        report(f.read().count("\nstatic const ") == 7,
               "another number, another array")


def check_original(folder):
    """What is not code has the layers of the model."""
    path = os.path.join(folder, "m.json")
    write_model(path, as_json(MODELS["convolution"][0]))
    status, out, err = rnnc(path, "--emit=json", "-o", "-")
    types = [l["type"] for l in json.loads(out)["layers"]] if not status else []
    report(types == ["Conv1D", "BatchNormalization", "Activation"],
           "--emit=json has the layers of the model", "%s %s" % (types, err))


with workspace() as folder:
    for name in MODELS:
        for kind in "float", "double":
            check(folder, name, kind)
    check_large(folder)
    check_shared(folder)
    check_original(folder)
finish()
