#!/usr/bin/env python3
"""Makes lwtnn/*.json with numpy's numbers.

Run it after adding a case:  tests/formats/generate_lwtnn.py
The networks are evaluated from their own files, the way lwtnn does it
(include/lwtnn/generic/Stack.tcc and Graph.tcc), in float64; weights are
float32 values.
"""

import json
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.RandomState(11)
TIMESTEPS = 6


def weights(*shape, scale=0.6):
    w = rng.normal(0, scale, shape).astype(np.float32)
    return [float("%.9g" % v) for v in w.ravel()]


def array(flat):
    return np.array(flat, np.float32).astype(float)


# ---- lwtnn ------------------------------------------------------------------


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def function(spec):
    alpha = spec["alpha"] if isinstance(spec, dict) else 1
    name = spec["function"] if isinstance(spec, dict) else spec
    return {
        "linear": lambda x: x, "sigmoid": sigmoid, "tanh": np.tanh,
        "rectified": lambda x: np.where(x < 0, 0, x), "softmax": softmax,
        "hard_sigmoid": lambda x: np.clip(0.2 * x + 0.5, 0, 1),
        "elu": lambda x: np.where(x >= 0, x, alpha * (np.exp(x) - 1)),
        "leakyrelu": lambda x: np.where(x > 0, x, alpha * x),
        "swish": lambda x: x * sigmoid(alpha * x), "abs": np.abs,
    }[name]


def matrix(flat, columns):
    return array(flat).reshape(-1, columns)


def stack(layer, x):
    """One vector through a dense, normalization, maxout or highway."""
    kind = layer["architecture"]
    if kind == "normalization":
        return array(layer["weights"]) * (x + array(layer["bias"]))
    if kind == "maxout":
        return np.max([matrix(s["weights"], len(x)) @ x + array(s["bias"])
                       for s in layer["sublayers"]], axis=0)
    if kind == "highway":
        parts = {k: matrix(c["weights"], len(x)) @ x + array(c["bias"])
                 for k, c in layer["components"].items()}
        c = sigmoid(parts["carry"])
        return c * function(layer["activation"])(parts["t"]) + (1 - c) * x
    if layer["weights"]:
        x = matrix(layer["weights"], len(x)) @ x
    if layer["bias"]:
        x = x + array(layer["bias"])
    return function(layer["activation"])(x)


def conv1d(layer, x):
    bias = array(layer["bias"])
    w = array(layer["weights"]).reshape(len(bias), x.shape[1], -1)
    size, dilation = w.shape[2], layer["dilation_rate"]
    span = (size - 1) * dilation
    front = {"causal": span, "same": (span + 1) // 2,
             "valid": 0}[layer["padding"]]
    total = 0 if layer["padding"] == "valid" else span
    padded = np.zeros((len(x) + total, x.shape[1]))
    padded[front:front + len(x)] = x
    outputs = len(padded) - span
    y = sum(padded[k * dilation:k * dilation + outputs] @ w[:, :, k].T
            for k in range(size))
    return function(layer["activation"])(y + bias)


def scan(layer, x):
    """A sequence [timesteps, features] through a recurrent stack."""
    if layer["architecture"] == "conv1d":
        return conv1d(layer, x)
    act = function(layer["activation"])
    gate = function(layer.get("inner_activation", "linear"))
    parts = {k: (matrix(c["weights"], x.shape[1]),
                 matrix(c["U"], len(c["bias"])), array(c["bias"]))
             for k, c in layer["components"].items()}

    def z(name, row, h):
        w, u, b = parts[name]
        return w @ row + b + u @ h

    h = c = np.zeros(len(next(iter(parts.values()))[2]))
    outputs = []
    for row in x:
        if layer["architecture"] == "lstm":
            c = gate(z("f", row, h)) * c + gate(z("i", row, h)) * act(
                z("c", row, h))
            h = gate(z("o", row, h)) * act(c)
        elif layer["architecture"] == "gru":
            update = gate(z("z", row, h))
            w, u, b = parts["h"]
            new = act(w @ row + b + u @ (gate(z("r", row, h)) * h))
            h = update * h + (1 - update) * new
        else:
            h = act(z("h", row, h))
        outputs.append(h)
    return np.array(outputs)


def preprocess(variables, x):
    offset = np.array([v["offset"] for v in variables])
    return (x + offset) * np.array([v["scale"] for v in variables])


RECURRENT = {"lstm", "gru", "simplernn"}


def run_sequential(model, x):
    x = preprocess(model["inputs"], x)
    recurrent = [l for l in model["layers"] if l["architecture"] in RECURRENT]
    for layer in recurrent:
        x = scan(layer, x)
    if recurrent:
        x = x[-1]
    for layer in model["layers"]:
        if layer["architecture"] not in RECURRENT:
            x = stack(layer, x)
    return x


def run_graph(model, given, index, sequence):
    node = model["nodes"][index]
    kind, sources = node["type"], node["sources"]

    def source(k, sequence):
        return run_graph(model, given, sources[k], sequence)

    if kind in ("input", "input_sequence"):
        port = model["inputs" if kind == "input" else "input_sequences"][
            sources[0]]
        return preprocess(port["variables"], given[port["name"]])
    layer = model["layers"][node["layer_index"]] if "layer_index" in node \
        else None
    if kind == "feed_forward":
        return stack(layer, source(0, False))
    if kind == "time_distributed":
        return np.array([stack(layer, row) for row in source(0, True)])
    if kind == "sequence":
        rows = scan(layer, source(0, True))
        return rows if sequence else rows[-1]
    if kind == "sum":
        return source(0, True).sum(axis=0)
    parts = [source(k, False) for k in range(len(sources))]
    return np.concatenate(parts) if kind == "concatenate" else sum(parts)


# ---- Files ------------------------------------------------------------------


def save(name, model, given, outputs):
    path = os.path.join(HERE, "lwtnn", name)
    sample = {"inputs": {k: v.tolist() for k, v in given.items()},
              "outputs": {k: v.tolist() for k, v in outputs.items()},
              "note": "numpy, float64, tests/formats/generate_lwtnn.py"}
    for ending, value in (".json", model), (".samples", [sample]):
        with open(path + ending, "w") as f:
            json.dump(value, f)
            f.write("\n")


def variables(count, plain=False):
    """Decimals as people write them, not float32 values."""
    return [{"name": "v%d" % k, "offset": 0 if plain else round(
        float(rng.normal()), 3), "scale": 1 if plain else round(
            float(rng.uniform(0.1, 2)), 3)} for k in range(count)]


def dense(features, units, activation="linear", bias=True):
    return {"architecture": "dense", "activation": activation,
            "weights": weights(units, features),
            "bias": weights(units) if bias else []}


def only(activation, bias=0):
    return {"architecture": "dense", "activation": activation, "weights": [],
            "bias": weights(bias)}


def recurrence(kind, features, units, activation="tanh",
               inner="hard_sigmoid"):
    gates = {"lstm": "ifco", "gru": "zrh", "simplernn": "h"}[kind]
    layer = {"architecture": kind, "activation": activation, "components": {
        g: {"weights": weights(units, features), "U": weights(units, units),
            "bias": weights(units)} for g in gates}}
    if kind != "simplernn":
        layer["inner_activation"] = inner
    return layer


def conv(features, filters, size, padding, dilation=1, activation="tanh"):
    return {"architecture": "conv1d", "activation": activation,
            "padding": padding, "dilation_rate": dilation,
            "weights": weights(filters, features, size),
            "bias": weights(filters)}


def normalization(count):
    return {"architecture": "normalization", "weights": weights(count),
            "bias": weights(count)}


def highway(count, activation):
    return {"architecture": "highway", "activation": activation,
            "components": {k: {"weights": weights(count, count),
                               "bias": weights(count)}
                           for k in ("t", "carry")}}


def maxout(features, units, count):
    return {"architecture": "maxout", "activation": "linear", "sublayers": [
        {"architecture": "dense", "weights": weights(units, features),
         "bias": weights(units)} for _ in range(count)]}


def alpha(name, value):
    return {"function": name, "alpha": value}


def sequential(name, layers, features, **keys):
    model = {"inputs": variables(features, **keys), "layers": layers,
             "defaults": {"v0": 0.5}, "miscellaneous": {"tag": "test"}}
    rows = layers[0]["architecture"] in RECURRENT
    x = rng.normal(size=(TIMESTEPS, features) if rows else features)
    y = run_sequential(model, x)
    model["outputs"] = ["o%d" % k for k in range(len(y))]
    save(name, model, {"x": x}, {"y": y})


def save_sequential():
    sequential("dense", [
        dense(3, 5, "rectified"), dense(5, 4, "tanh", bias=False),
        normalization(4), dense(4, 4, "sigmoid"), dense(4, 3, "softmax")], 3)
    sequential("functions", [
        dense(4, 4, f) for f in (
            "abs", "elu", alpha("elu", 0.3), alpha("leakyrelu", 0.1),
            "hard_sigmoid", alpha("swish", 1.0), alpha("swish", 0.7))]
        + [only("abs"), only("tanh", 4), only("linear", 4),
           only(alpha("swish", 1.5)), only("softmax")], 4, plain=True)
    sequential("highway", [dense(3, 4), highway(4, "rectified"),
                           maxout(4, 2, 3), highway(2, "tanh")], 3)
    sequential("lstm", [recurrence("lstm", 2, 4), recurrence(
        "lstm", 4, 3, "rectified", "sigmoid"), dense(3, 2, "softmax")], 2)
    sequential("gru", [recurrence("gru", 3, 4),
                       maxout(4, 4, 2), highway(4, "tanh"),
                       dense(4, 2)], 3, plain=True)
    sequential("simplernn", [recurrence("simplernn", 2, 3)], 2)


def port(name, count, **keys):
    return {"name": name, "variables": variables(count, **keys)}


def node(kind, *sources, layer=None, size=None):
    made = {"type": kind, "sources": list(sources)}
    if layer is not None:
        made["layer_index"] = layer
    if size is not None:
        made["size"] = size
    return made


def graph(name, inputs, sequences, nodes, layers, outputs, **keys):
    """outputs: {name: (node, return_sequences or None)}"""
    model = {"inputs": inputs, "input_sequences": sequences, "nodes": nodes,
             "layers": layers, "outputs": {}, **keys}
    given = {p["name"]: rng.normal(size=len(p["variables"])) for p in inputs}
    given.update({p["name"]: rng.normal(
        size=(TIMESTEPS, len(p["variables"]))) for p in sequences})
    made = {}
    for output, (index, returns) in outputs.items():
        kind = nodes[index]["type"]
        y = made[output] = run_graph(model, given, index, kind in (
            "input_sequence", "time_distributed") or bool(returns))
        model["outputs"][output] = {
            "node_index": index,
            "labels": ["l%d" % k for k in range(y.shape[-1])]}
        if returns is not None:
            model["outputs"][output]["return_sequences"] = returns
    save(name, model, given, made)


def save_graphs():
    graph("merge", [port("jet", 2), port("event", 3, plain=True)],
          [port("tracks", 3)],
          [node("input", 0, size=2), node("input", 1, size=3),
           node("input_sequence", 0, size=3),
           node("time_distributed", 2, layer=0),
           node("sequence", 3, layer=1), node("sequence", 4, layer=2),
           node("sum", 4), node("concatenate", 0, 5, 1),
           node("feed_forward", 7, layer=3), node("add", 8, 6),
           node("feed_forward", 9, layer=4)],
          [dense(3, 4, "rectified"), recurrence("lstm", 4, 3),
           recurrence("gru", 3, 2), dense(7, 3, "tanh"),
           dense(3, 2, "softmax")],
          {"flavour": (10, None), "hidden": (9, None)})
    graph("shared", [port("a", 3), port("b", 3)], [],
          [node("input", 0, size=3), node("input", 1, size=3),
           node("feed_forward", 0, layer=0), node("feed_forward", 1, layer=0),
           node("add", 2, 3), node("concatenate", 4)],
          [dense(3, 4, "tanh")], {"y": (5, None)})
    graph("conv", [], [port("x", 2)],
          [node("input_sequence", 0, size=2), node("sequence", 0, layer=0),
           node("sequence", 1, layer=1), node("sequence", 2, layer=2),
           node("time_distributed", 3, layer=3), node("sum", 4)],
          [conv(2, 3, 2, "causal", 2), conv(3, 3, 3, "same"),
           conv(3, 4, 2, "valid", activation="rectified"),
           normalization(4)], {"y": (5, None)}, timesteps=TIMESTEPS)
    graph("sequences", [], [port("x", 2)],
          [node("input_sequence", 0, size=2), node("sequence", 0, layer=0),
           node("sequence", 1, layer=1), node("time_distributed", 1, layer=2)],
          [recurrence("simplernn", 2, 3), recurrence("lstm", 3, 2),
           dense(3, 1)],
          {"steps": (1, True), "last": (2, False), "each": (3, None)})


def main():
    os.makedirs(os.path.join(HERE, "lwtnn"), exist_ok=True)
    save_sequential()
    save_graphs()


main()
