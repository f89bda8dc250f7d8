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


def save(folder, name, model, x, y, ending=".json"):
    """model: a JSON value; x, y: the input [T, F] and what comes out."""
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    path = os.path.join(HERE, folder, name)
    with open(path + ending, "w") as f:
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


# ---- AIDA-X: the same between gains, with a dry signal -----------------------


def save_aidax():
    for name, features, keys in [
            ("skip", 1, {"in_skip": 1, "in_gain": 3.5, "out_gain": -6}),
            ("knobs", 3, {"in_skip": True, "in_gain": -2, "out_gain": 1.5}),
            ("plain", 1, {"in_skip": 0})]:
        x = inputs(TIMESTEPS, features)
        gained = x.copy()
        gained[:, 0] *= 10 ** (keys.get("in_gain", 0) / 20)
        first, h = rt_lstm(4)(gained)
        second, y = rt_dense(1)(h)
        y = (y + keys["in_skip"] * gained[:, :1]) \
            * 10 ** (keys.get("out_gain", 0) / 20)
        model = {"in_shape": [None, None, features], **keys,
                 "metadata": {"name": "test", "samplerate": "48000"},
                 "layers": [first, second]}
        if name != "plain":
            model["input_batch"] = x.ravel().tolist()
            model["output_batch"] = y.ravel().tolist()
        save("aida-x", name, model, x, y)


# ---- PyTorch's cells, as GuitarML's trainer writes them ----------------------


def torch_cell(kind, x, w, layer):
    """nn.LSTM, nn.GRU or nn.RNN, as PyTorch documents them; batch_first."""
    wi, wh, bi, bh = (w["rec.%s_l%d" % (n, layer)] for n in (
        "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h = c = np.zeros(wh.shape[1])
    outputs = []
    for row in x:
        a, b = wi @ row + bi, wh @ h + bh
        if kind == "LSTM":
            i, f, g, o = np.split(a + b, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        elif kind == "GRU":
            (ar, az, an), (br, bz, bn) = np.split(a, 3), np.split(b, 3)
            z = sigmoid(az + bz)
            n = np.tanh(an + sigmoid(ar + br) * bn)
            h = (1 - z) * n + z * h
        else:
            h = np.tanh(a + b)
        outputs.append(h)
    return np.array(outputs)


def save_guitarml():
    for kind, gates, features, units, layers, skip, outputs, bias in [
            ("LSTM", 4, 1, 5, 1, 1, 1, True), ("GRU", 3, 3, 4, 1, 1, 1, True),
            ("LSTM", 4, 2, 3, 2, 0, 2, False), ("RNN", 1, 1, 4, 2, 0, 1, True)]:
        w = {}
        for k in range(layers):
            n = units if k else features
            w["rec.weight_ih_l%d" % k] = weight(gates * units, n, scale=0.5)
            w["rec.weight_hh_l%d" % k] = weight(gates * units, units, scale=0.5)
            w["rec.bias_ih_l%d" % k] = weight(gates * units, scale=0.3)
            w["rec.bias_hh_l%d" % k] = weight(gates * units, scale=0.3)
        w["lin.weight"] = weight(outputs, units, scale=0.5)
        w["lin.bias"] = weight(outputs) if bias else np.zeros(outputs)
        x = inputs(TIMESTEPS, features)
        y = x
        for k in range(layers):
            y = torch_cell(kind, y, w, k)
        y = y @ w["lin.weight"].T + w["lin.bias"] + skip * x[:, :1]
        if not bias:
            del w["lin.bias"]
        model = {"model_data": {
            "model": "SimpleRNN", "input_size": features, "skip": skip,
            "output_size": outputs, "unit_type": kind, "num_layers": layers,
            "hidden_size": units, "bias_fl": bias},
            "state_dict": {n: v.tolist() for n, v in w.items()}}
        save("guitarml", "%s_%d" % (kind.lower(), layers), model, x, y)


# ---- Neural Amp Modeler: one list of weights ---------------------------------


class Weights:
    """Made as they are taken; `given` is the list of the file."""

    def __init__(self):
        self.given = []

    def take(self, *shape, scale=0.5):
        w = weight(*shape, scale=scale)
        self.given += w.ravel().tolist()
        return w

    def conv(self, x, out, size=1, dilation=1, groups=1, bias=True):
        """nn.Conv1d with as many zeros before x as it takes: causal."""
        w = self.take(out, x.shape[1] // groups, size)
        b = self.take(out) if bias else 0
        past = np.zeros(((size - 1) * dilation, x.shape[1]))
        x = np.concatenate([past, x])
        parts = []
        for part, own in zip(np.split(x, groups, axis=1), np.split(w, groups)):
            taps = [part[k * dilation:len(x) - (size - 1 - k) * dilation]
                    @ own[:, :, k].T for k in range(size)]
            parts.append(sum(taps))
        return np.concatenate(parts, axis=1) + b


NAM_FUNCTIONS = {"Tanh": np.tanh, "Sigmoid": sigmoid,
                 "ReLU": lambda x: np.maximum(x, 0),
                 "SiLU": lambda x: x * sigmoid(x),
                 "Softsign": lambda x: x / (1 + np.abs(x))}


def nam_function(spec):
    if isinstance(spec, str):
        return NAM_FUNCTIONS[spec]
    slope = spec.get("negative_slope", 0.01)
    slope = float(np.float32(slope))
    return lambda x: np.where(x > 0, x, slope * x)


def of_layer(value, index):
    return value[index] if isinstance(value, list) else value


def wavenet_layer(w, s, i, x, condition):
    """(what goes on, what goes to the head)"""
    b = s.get("bottleneck", s["channels"])
    mode = of_layer(s.get("gating_mode", "gated" if s.get("gated") else
                          "none"), i)
    out = b if mode == "none" else 2 * b
    size = s["kernel_sizes"][i] if "kernel_sizes" in s else s["kernel_size"]
    z = w.conv(x, out, size, s["dilations"][i], s.get("groups_input", 1))
    z = z + w.conv(condition, out, bias=False,
                   groups=s.get("groups_input_mixin", 1))
    v, g = z[:, :b], z[:, b:]
    y = nam_function(of_layer(s["activation"], i))(v)
    if mode != "none":
        g = nam_function(of_layer(s.get("secondary_activation", "Sigmoid"),
                                  i))(g)
        y = y * g if mode == "gated" else g * y + (1 - g) * v
    one = s.get("layer1x1", {"active": True, "groups": 1})
    if one["active"]:
        x = x + w.conv(y, s["channels"], groups=one["groups"])
    head = s.get("head1x1", {"active": False})
    if head["active"]:
        y = w.conv(y, head["out_channels"], groups=head["groups"])
    return x, y


def wavenet(w, config, x):
    condition, head = x, 0
    for s in config["layers"]:
        x = w.conv(x, s["channels"], bias=False)
        for i in range(len(s["dilations"])):
            x, y = wavenet_layer(w, s, i, x, condition)
            head = head + y
        own = s.get("head") or {"out_channels": s.get("head_size"),
                                "kernel_size": 1, "bias": s.get("head_bias")}
        head = w.conv(head, own["out_channels"], own["kernel_size"],
                      own.get("head_dilation", 1), bias=own["bias"])
    post = config.get("head")
    scale = weight(1)[0]  # stands behind the post-stack head's weights
    y = scale * head
    for k, size in enumerate(post["kernel_sizes"] if post else []):
        last = k + 1 == len(post["kernel_sizes"])
        y = w.conv(nam_function(post["activation"])(y),
                   post["out_channels" if last else "channels"], size)
    w.given.append(float(scale))
    return y


def nam_lstm(w, config, x):
    units = config["hidden_size"]
    for _ in range(config["num_layers"]):
        both = w.take(4 * units, x.shape[1] + units)
        bias, h, c = w.take(4 * units), w.take(units), w.take(units)
        outputs = []
        for row in x:
            i, f, g, o = np.split(both @ np.concatenate([row, h]) + bias, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            outputs.append(h)
        x = np.array(outputs)
    return w.conv(x, config.get("out_channels", 1))


def nam_convnet(w, config, x):
    function = nam_function(config["activation"])
    for dilation in config["dilations"]:
        normal = config["batchnorm"]
        x = w.conv(x, config["channels"], 2, dilation,
                   config.get("groups", 1), bias=not normal)
        if normal:
            mean = w.take(config["channels"])
            variance = np.abs(w.take(config["channels"])) + 0.5
            variance = variance.astype(np.float32).astype(float)
            w.given[-len(variance):] = variance.tolist()
            gamma, beta = w.take(config["channels"]), w.take(config["channels"])
            epsilon = float(np.float32(1e-5))
            w.given.append(epsilon)
            x = (x - mean) / np.sqrt(variance + epsilon) * gamma + beta
        x = function(x)
    return w.conv(x, config.get("out_channels", 1))


def nam_linear(w, config, x):
    response = w.take(config["receptive_field"])
    y = np.convolve(x[:, 0], response)[:len(x)]
    return (y + (w.take(1) if config["bias"] else 0)).reshape(-1, 1)


NAM = {"LSTM": nam_lstm, "WaveNet": wavenet, "ConvNet": nam_convnet,
       "Linear": nam_linear}
STACK = {"input_size": 1, "condition_size": 1, "head_size": 2, "channels": 4,
         "kernel_size": 3, "dilations": [1, 2], "activation": "Tanh",
         "head_bias": False}
LAST = {**STACK, "input_size": 4, "head_size": 1, "channels": 2,
        "head_bias": True}
NAM_CASES = [
    ("lstm_two", "LSTM", {"input_size": 1, "hidden_size": 3, "num_layers": 2}),
    ("lstm_wide", "LSTM", {"input_size": 2, "hidden_size": 2, "num_layers": 1,
                           "in_channels": 2, "out_channels": 2}),
    ("convnet", "ConvNet", {"channels": 3, "dilations": [1, 2, 4],
                            "batchnorm": False, "activation": "ReLU"}),
    ("convnet_norm", "ConvNet", {"channels": 4, "dilations": [1, 2],
                                 "batchnorm": True, "groups": 1,
                                 "activation": "SiLU"}),
    ("linear", "Linear", {"receptive_field": 5, "bias": False}),
    ("linear_bias", "Linear", {"receptive_field": 4, "bias": True}),
    ("wavenet", "WaveNet", {"layers": [STACK, LAST], "head": None,
                            "head_scale": 0.02}),
    ("wavenet_gated", "WaveNet", {
        "layers": [{**STACK, "gated": True}, {**LAST, "gated": False}],
        "head": None, "head_scale": 0.02}),
    ("wavenet_parts", "WaveNet", {"layers": [{
        **STACK, "bottleneck": 2, "gating_mode": ["blended", "gated"],
        "secondary_activation": ["Sigmoid", "Softsign"],
        "activation": [{"type": "LeakyReLU", "negative_slope": 0.1}, "Tanh"],
        "layer1x1": {"active": True, "groups": 2}}],
        "head": {"channels": 3, "out_channels": 1, "kernel_sizes": [2, 3],
                 "activation": "ReLU"}, "head_scale": 0.02}),
    ("wavenet_heads", "WaveNet", {"layers": [{
        **STACK, "groups_input": 2, "kernel_size": None,
        "kernel_sizes": [2, 3],
        "head1x1": {"active": True, "out_channels": 6, "groups": 2},
        "layer1x1": {"active": False, "groups": 1}, "head_size": None,
        "head": {"out_channels": 1, "kernel_size": 3, "bias": True,
                 "head_dilation": 2}}], "head": None, "head_scale": 0.02}),
]


def save_nam():
    for name, architecture, config in NAM_CASES:
        for s in config.get("layers", []):
            for key in [k for k in s if s[k] is None]:
                del s[key]
        w = Weights()
        x = inputs(TIMESTEPS + 5, config.get("input_size", 1))
        y = NAM[architecture](w, config, x)
        save("nam", name, {"version": "0.5.4", "architecture": architecture,
                           "config": config, "weights": w.given,
                           "sample_rate": 48000, "metadata": {"gain": 0.1}},
             x, y, ".nam")


# ---- Keras models as notebooks write them by hand ----------------------------


def save_notebooks():
    def arrays(*names):
        return [w[n].tolist() for n in names]

    x = inputs(TIMESTEPS, 2)
    w = {"kernel": weight(2, 12), "recurrent_kernel": weight(3, 12),
         "bias": weight(12, scale=0.3)}
    v = {"kernel": weight(3, 2), "bias": weight(2, scale=0.3)}
    h = lstm(x, w, np.tanh, sigmoid, False, False)
    y = dense(h, v, sigmoid)
    order = ("kernel", "recurrent_kernel", "bias")
    three = arrays(*order)
    two = [v["kernel"].tolist(), v["bias"].tolist()]
    shape = [TIMESTEPS, 2]
    save("keras", "config_inside", {"input_shape": shape, "layers": [
        {"name": "rnn", "class_name": "LSTM", "weights": three,
         "config": {"name": "rnn", "units": 3, "activation": "tanh",
                    "recurrent_activation": "sigmoid", "dropout": 0.5}},
        {"name": "y", "class_name": "Dense", "weights": two,
         "config": {"units": 2, "activation": "sigmoid"}}]}, x, y)
    save("keras", "flat_layers", {"input_shape": [None, 2], "layers": [
        {"class_name": "LSTM", "name": "rnn", "units": 3,
         "return_sequences": False, "activation": "tanh", "weights": three},
        {"class_name": "Dense", "name": "y", "units": 2,
         "activation": "sigmoid", "weights": two}]}, x, y)
    save("keras", "bare_list", [
        {"index": 0, "name": "rnn", "type": "LSTM", "units": 3,
         "input_shape": shape, "weights": dict(zip(order, three))},
        {"index": 1, "name": "dense", "type": "Dense", "units": 2,
         "weights": {"dense/kernel:0": two[0], "dense/bias:0": two[1]}},
        {"index": 2, "name": "y", "type": "Activation",
         "activation": "sigmoid"}], x, y)
    save("keras", "paths", {"keras_version": "2.15.0", "architecture": {
        "class_name": "Sequential", "config": {"layers": [
            {"class_name": "LSTM", "config": {
                "name": "rnn", "units": 3,
                "batch_input_shape": [None, TIMESTEPS, 2]}},
            {"class_name": "Dense", "config": {
                "name": "y", "units": 2, "activation": "hard_sigmoid"}}]}},
        "weights": {"rnn/lstm_cell/kernel:0": three[0],
                    "rnn/lstm_cell/recurrent_kernel:0": three[1],
                    "rnn/lstm_cell/bias:0": three[2],
                    "y/kernel:0": two[0], "y/bias:0": two[1]}},
        x, dense(h, v, lambda z: np.clip(0.2 * z + 0.5, 0, 1)))
    save("keras", "acetone", {
        "class_name": "Sequential", "keras_version": "2.4.0",
        "backend": "tensorflow", "config": {"name": "m", "layers": [
            {"class_name": "InputLayer", "config": {
                "batch_input_shape": [None, 3], "name": "in", "idx": 0}},
            {"class_name": "Dense", "config": {
                "name": "y", "units": 2, "activation": "relu", "idx": 1,
                "prev_layer_idx": [0], "input_shape": [1, 3]},
             "weights": two[0], "biases": two[1]}]}},
        x3 := inputs(3), dense(x3, v, lambda z: np.maximum(z, 0)))
    g = {"kernel": weight(2, 9), "recurrent_kernel": weight(3, 9),
         "bias": weight(2, 9, scale=0.3)}
    save("keras", "gru_by_bias", {"input_shape": [None, 2], "layers": [
        {"class_name": "GRU", "name": "y", "units": 3,
         "return_sequences": True,
         "weights": [g[n].tolist() for n in order]}]},
        x, gru(x, g, np.tanh, sigmoid, True, False))


def main():
    save_rtneural()
    save_aidax()
    save_guitarml()
    save_nam()
    save_notebooks()


if __name__ == "__main__":
    main()
