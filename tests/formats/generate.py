#!/usr/bin/env python3
"""Makes small models in other people's formats, with numpy's numbers.

Run it after adding a case:  tests/formats/generate.py
A case is <format>/<name>.json, as the format's own tools write it, and
<name>.samples with what the network computes, in float64, by formulas that
know nothing of rnnc (tests/layers/generate.py has those of the layers).
"""

import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "layers"))
from generate import (conv1d, dense, elu, gru, inputs, lstm,  # noqa: E402
                      sigmoid, softmax, weight)

TIMESTEPS = 7


def linear(x):
    return x


def save(folder, name, model, x, y):
    """model: a JSON value; x, y: the input [T, F] and what comes out."""
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    path = os.path.join(HERE, folder, name)
    with open(path + ".json", "w") as f:
        json.dump(model, f)
        f.write("\n")
    if x is not None:
        with open(path + ".samples", "w") as f:
            json.dump([{"inputs": {"x": x.tolist()},
                        "outputs": {"y": np.asarray(y).tolist()},
                        "note": "numpy, float64, tests/formats/generate.py"}],
                      f)
            f.write("\n")


# ---- RTNeural: Keras' weights, everything causal and in sequences ------------

FUNCTIONS = {"": linear, "tanh": np.tanh, "sigmoid": sigmoid,
             "relu": lambda x: np.maximum(x, 0), "softmax": softmax,
             "elu": elu}


def rt_layer(kind, units, weights, activation="", **keys):
    return {"type": kind, "activation": activation,
            "shape": [None, None, units],
            "weights": [np.asarray(w).tolist() for w in weights], **keys}


def rt_dense(units, activation="", bias=True, kind="dense"):
    def make(x):
        w = {"kernel": weight(x.shape[1], units)}
        if bias:
            w["bias"] = weight(units, scale=0.3)
        return rt_layer(kind, units, w.values(), activation), \
            dense(x, w, FUNCTIONS[activation])
    return make


def rt_lstm(units, activation=""):
    def make(x):
        w = {"kernel": weight(x.shape[1], 4 * units),
             "recurrent_kernel": weight(units, 4 * units),
             "bias": weight(4 * units, scale=0.3)}
        return rt_layer("lstm", units, w.values(), activation), \
            lstm(x, w, np.tanh, sigmoid, True, False)
    return make


def rt_gru(units):
    def make(x):
        w = {"kernel": weight(x.shape[1], 3 * units),
             "recurrent_kernel": weight(units, 3 * units),
             "bias": weight(2, 3 * units, scale=0.3)}
        return rt_layer("gru", units, w.values(), "tanh"), \
            gru(x, w, np.tanh, sigmoid, True, False)
    return make


def rt_conv1d(units, size, dilation=1, groups=1, activation="tanh"):
    def make(x):
        w = {"kernel": weight(size, x.shape[1] // groups, units),
             "bias": weight(units, scale=0.3)}
        keys = {"kernel_size": [size], "dilation": [dilation]}
        if groups > 1:
            keys["groups"] = groups
        return rt_layer("conv1d", units, w.values(), activation, **keys), \
            conv1d(x, w, FUNCTIONS[activation], "causal", 1, dilation, groups)
    return make


def rt_batchnorm(affine, activation=""):
    def make(x):
        units = x.shape[1]
        gamma, beta = (weight(units), weight(units)) if affine else (1, 0)
        mean, variance = weight(units), np.abs(weight(units)) + 0.5
        variance = variance.astype(np.float32).astype(float)
        y = (x - mean) / np.sqrt(variance + 0.01) * gamma + beta
        weights = [gamma, beta, mean, variance] if affine else [mean, variance]
        return rt_layer("batchnorm", units, weights, activation,
                        epsilon=0.01), FUNCTIONS[activation](y)
    return make


def rt_prelu(shared):
    def make(x):
        alpha = weight(1, 1 if shared else x.shape[1])
        return rt_layer("prelu", x.shape[1], [alpha]), \
            np.where(x < 0, alpha * x, x)
    return make


def rt_activation(name):
    def make(x):
        return rt_layer("activation", x.shape[1], [], name), FUNCTIONS[name](x)
    return make


def rt_model(features, *makers):
    x = y = inputs(TIMESTEPS, features)
    layers = []
    for make in makers:
        layer, y = make(y)
        layers.append(layer)
    return {"in_shape": [None, None, features], "layers": layers}, x, y


def save_rtneural():
    save("rtneural", "lstm", *rt_model(
        2, rt_dense(3, "tanh", kind="time-distributed-dense"), rt_lstm(4),
        rt_lstm(3, "tanh"), rt_dense(1)))
    save("rtneural", "gru", *rt_model(1, rt_gru(5), rt_dense(2, "sigmoid")))
    save("rtneural", "conv", *rt_model(
        2, rt_conv1d(4, 3), rt_batchnorm(True), rt_prelu(False),
        rt_conv1d(6, 2, dilation=2, groups=2, activation=""),
        rt_batchnorm(False, "relu"), rt_prelu(True),
        rt_conv1d(3, 1, activation="elu"), rt_dense(2, bias=False)))
    model, x, y = rt_model(3, rt_dense(4, "elu"), rt_activation("softmax"),
                           rt_dense(2, "relu"))
    for layer in model["layers"]:  # a model without a time axis
        del layer["shape"][1]
    del model["in_shape"][1]
    model["samplerate"] = "48000"
    save("rtneural", "rows", model, x, y)


def main():
    save_rtneural()


if __name__ == "__main__":
    main()
