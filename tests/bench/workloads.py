"""The networks that are measured: the nine of the design page, one of them
pruned, and a stack of convolutions (stack.py), as models in rnnc's format, with
weights from fixed seeds, and as numpy in float64, which says what all of them
have to compute."""

import base64
import copy
import json
import os

import numpy as np


class Layer:
    """kind, features, units; seq: all timesteps come out; relu.
    kernel [gates][features][units], recurrent [gates][units][units], bias and
    recurrent_bias [gates][units]; gates i f c o and z r h, as in Keras."""

    GATES = {"Dense": 1, "SimpleRNN": 1, "GRU": 3, "LSTM": 4}

    def __init__(self, rng, kind, features, units, seq=False, relu=False):
        self.kind, self.features, self.units = kind, features, units
        self.seq, self.relu = seq, relu
        gates = self.GATES[kind]

        def normal(scale, *shape):
            return (rng.standard_normal(shape) * scale).astype(np.float32)
        gain = 1.5 if kind == "Dense" else 1
        self.kernel = normal((gain / features) ** .5, gates, features, units)
        self.bias = normal(.1, gates, units)
        self.recurrent = self.recurrent_bias = None
        if kind != "Dense":
            self.recurrent = normal(units ** -.5, gates, units, units)
        if kind == "GRU":
            self.recurrent_bias = normal(.1, gates, units)

    def weights(self):
        """{name: array} as Keras shapes them: gates side by side."""
        def side_by_side(a):
            return np.concatenate(list(a), axis=-1)
        named = {"kernel": side_by_side(self.kernel)}
        bias = side_by_side(self.bias)
        if self.recurrent is not None:
            named["recurrent_kernel"] = side_by_side(self.recurrent)
        if self.recurrent_bias is not None:
            bias = np.stack([bias, side_by_side(self.recurrent_bias)])
        named["bias"] = bias
        return named

    def multiply_adds(self):
        """For one timestep."""
        recurrent = self.units if self.recurrent is not None else 0
        return len(self.kernel) * self.units * (self.features + recurrent)


class Workload:
    """steps: timesteps of the input, 0: no time axis. stepping: what is
    measured is one call of step, not of predict. nodes: of stack.py, in place
    of layers. whole: of a pruned one, what it was. batches: predict_batch is
    measured, too. options: for rnnc."""

    def __init__(self, name, title, steps, layers, stepping=False, seed=1):
        rng = np.random.default_rng([seed, sum(map(ord, name))])
        self.name, self.title, self.steps = name, title, steps
        self.stepping = stepping
        self.layers = [Layer(rng, *args[:3], **dict(args[3:]))
                       for args in layers]
        self.nodes, self.whole, self.batches = [], None, True
        self.options = []
        self.features = self.layers[0].features
        self.units = self.layers[-1].units

    def prefix(self):
        return self.name.lower()

    def input_size(self):
        return self.features * max(self.steps, 1)

    def output_size(self):
        return self.units * (self.steps if self.layers[-1].seq else 1)

    def inputs(self, count):
        """float32 [count][steps * features], always the same."""
        rng = np.random.default_rng(7)
        return rng.standard_normal((count, self.input_size())).astype("f4")

    def multiply_adds(self):
        """For one sample."""
        return sum(layer.multiply_adds() * (
            max(self.steps, 1) if layer.kind != "Dense" else 1)
            for layer in self.layers)


SEQ, RELU = ("seq", True), ("relu", True)


def standard():
    """W1 to W9."""
    return [
        Workload("W1", "SimpleRNN 3->5 T=10 + Dense 2", 10,
                 [("SimpleRNN", 3, 5), ("Dense", 5, 2)]),
        Workload("W2", "GRU 1->24 + Dense 1", 64,
                 [("GRU", 1, 24), ("Dense", 24, 1)], stepping=True),
        Workload("W3", "LSTM 1->40 + Dense 1", 64,
                 [("LSTM", 1, 40), ("Dense", 40, 1)], stepping=True),
        Workload("W4", "LSTM 32->64 T=100 + Dense 10", 100,
                 [("LSTM", 32, 64), ("Dense", 64, 10)]),
        Workload("W5", "GRU 64->128 T=100, sequences", 100,
                 [("GRU", 64, 128, SEQ)]),
        Workload("W6", "LSTM 128->256 T=50", 50, [("LSTM", 128, 256)]),
        Workload("W7", "SimpleRNN 16->64 T=100", 100, [("SimpleRNN", 16, 64)]),
        Workload("W8", "Dense 32-64-64-10, relu", 0,
                 [("Dense", 32, 64, RELU), ("Dense", 64, 64, RELU),
                  ("Dense", 64, 10)]),
        Workload("W9", "LSTM 256->512 T=20", 20, [("LSTM", 256, 512)]),
    ]


def pruned(workload, name, rows=8, units=64, zero=.75):
    """The same with zeros for so many blocks, of rows times units of a gate."""
    rng = np.random.default_rng(3)
    other = copy.deepcopy(workload)
    other.name, other.whole = name, workload
    other.title += ", %d %% of blocks zero" % (100 * zero)
    for layer in other.layers:
        for kernel in layer.kernel, layer.recurrent:
            blocks = np.ones([kernel.shape[0], kernel.shape[1] // rows,
                              kernel.shape[2] // units], "f4")
            dead = rng.permutation(blocks.size)[:round(zero * blocks.size)]
            blocks.reshape(-1)[dead] = 0
            kernel *= blocks.repeat(rows, 1).repeat(units, 2)
    return other


def others():
    """What the design page tells of, but has no table for."""
    from stack import DILATIONS, Stack
    dense = next(w for w in standard() if w.name == "W6")
    return [pruned(dense, "W6P"),
            Stack("NAM", "Conv1D, 2 x 10 dilated, 16 and 8 channels", 2048,
                  [16, 8], DILATIONS)]


# ---- What they compute, in float64 ------------------------------------------

def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def run_recurrent(layer, x):
    """x [count][steps][features] -> all hidden states [count][steps][units]"""
    kernel, recurrent, bias = (np.asarray(a, np.float64) for a in (
        layer.kernel, layer.recurrent, layer.bias))
    h = np.zeros((len(x), layer.units))
    c, states = h, []
    for t in range(x.shape[1]):
        a = [x[:, t] @ k + b for k, b in zip(kernel, bias)]
        r = [h @ u for u in recurrent]
        if layer.kind == "SimpleRNN":
            h = np.tanh(a[0] + r[0])
        elif layer.kind == "GRU":
            r = [v + b for v, b in zip(r, layer.recurrent_bias.astype("f8"))]
            z, reset = sigmoid(a[0] + r[0]), sigmoid(a[1] + r[1])
            h = z * h + (1 - z) * np.tanh(a[2] + reset * r[2])
        else:
            i, f, o = (sigmoid(a[g] + r[g]) for g in (0, 1, 3))
            c = f * c + i * np.tanh(a[2] + r[2])
            h = o * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


def reference(workload, x, every_step=False):
    """x [count][input_size] -> y [count][output_size]; every_step: with the
    output after each timestep, [count][steps][units]."""
    count = len(x)
    if workload.nodes:
        import stack
        v = stack.reference(workload, x)
        return v if every_step else v.reshape(count, -1)
    v = x.astype(np.float64).reshape(count, -1, workload.features)
    for layer in workload.layers:
        if layer.kind == "Dense":
            v = v @ layer.kernel[0].astype("f8") + layer.bias[0].astype("f8")
            v = np.maximum(v, 0) if layer.relu else v
        else:
            v = run_recurrent(layer, v)
            if not layer.seq and not every_step:
                v = v[:, -1:]
    return v if every_step else v.reshape(count, -1)


# ---- As a model file --------------------------------------------------------

def tensor(array):
    data = np.ascontiguousarray(array, "<f4").tobytes()
    return {"shape": list(array.shape), "dtype": "float32",
            "base64": base64.b64encode(data).decode()}


def layer_json(layer, weights):
    node = {"type": layer.kind, "units": layer.units, "weights": weights}
    if layer.kind == "Dense":
        node["activation"] = "relu" if layer.relu else "linear"
    else:
        node["return_sequences"] = layer.seq
    if layer.kind == "GRU":
        node["reset_after"] = True
    return node


def model(workload, spell=tensor):
    """The model as JSON; spell(array) is the JSON of one tensor."""
    shape = [workload.features]
    if workload.steps:
        shape = [workload.steps] + shape
    layers = []
    if workload.nodes:
        import stack
        layers = stack.layers(workload, spell)
    for i, layer in enumerate(workload.layers):
        weights = {k: spell(w) for k, w in layer.weights().items()}
        layers.append(dict(layer_json(layer, weights), name="l%d" % i))
    return {"format": "rnnc", "version": 1, "name": workload.prefix(),
            "inputs": [{"name": "x", "shape": shape}], "layers": layers,
            "outputs": [layers[-1]["name"]]}


def write_model(workload, folder):
    path = os.path.join(folder, workload.prefix() + ".json")
    with open(path, "w") as f:
        json.dump(model(workload), f)
    return path
