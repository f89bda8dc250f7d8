"""ONNX's recurrent operators as onnxruntime computes them, and the node cases
of the ONNX standard with the outputs that stand there. There is no format to
read: rnnc's own models are made here from the operators' weights, so that their
conventions (gate orders, two biases, linear_before_reset, directions) are held
against a third party's. See keras_models.py for items and pairs.

What no rnnc model can say is counted as refused: clip, sequences of different
lengths in a batch."""

import functools
import json
import os
import random
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases

from keras_models import choose, items, pairs, possible  # noqa: F401
from rnnc_export import RnncExportError, tensor

FLAG = [False, True]
# ONNX activation: rnnc's. The gates of an LSTM have one, its cell another.
ACTIVATIONS = {"Tanh": "tanh", "Sigmoid": "sigmoid", "Relu": "relu",
               "Softsign": "softsign", "Softplus": "softplus",
               "HardSigmoid": {"type": "hard_sigmoid", "slope": "keras2"},
               "Elu": {"type": "elu", "alpha": 1.0},
               "LeakyRelu": {"type": "leaky_relu", "negative_slope": 0.01}}
SMOOTH = ["Sigmoid", "Tanh", "HardSigmoid", "Softsign"]
CELL = {"hidden_size": [1, 3, 5],
        "direction": ["forward", "reverse", "bidirectional"],
        "activation": sorted(ACTIVATIONS), "bias": FLAG,
        "first": ["zero", "constant", "input"], "output": ["Y", "Y_h"]}
LAYERS = {"RNN": CELL, "LSTM": {**CELL, "gate": SMOOTH, "peepholes": FLAG},
          "GRU": {**CELL, "gate": SMOOTH, "linear_before_reset": FLAG}}
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
TYPES = {"RNN": "SimpleRNN", "LSTM": "LSTM", "GRU": "GRU"}


@functools.cache
def all_pairs():
    every = [(kind, k, v) for kind, options in LAYERS.items()
             for k, values in options.items() for v in values]
    return {tuple(sorted("%s %s=%s" % i for i in (a, b)))
            for n, a in enumerate(every) for b in every[n:]
            if a[0] != b[0] or a[1] != b[1] or a == b}


def random_chain(rng):
    return [(kind, {k: rng.choice(v) for k, v in LAYERS[kind].items()})
            for kind in (rng.choice(sorted(LAYERS)) for _ in range(3))]


def columns(kind, w):
    """[gates * hidden, ...] in ONNX's order (LSTM i o f c, GRU z r h) to rnnc's
    (i f c o, z r h)."""
    if kind != "LSTM":
        return w
    i, o, f, c = np.split(w, 4)
    return np.concatenate([i, f, c, o])


def weights(kind, w, r, b, after):
    """Of one direction. w [gates * hidden, in], b [2 * gates * hidden]."""
    out = {"kernel": tensor(columns(kind, w).T),
           "recurrent_kernel": tensor(columns(kind, r).T)}
    if b is not None:
        input_bias, state_bias = (columns(kind, v) for v in np.split(b, 2))
        out["bias"] = tensor(np.stack([input_bias, state_bias])
                             if kind == "GRU" and after
                             else input_bias + state_bias)
    return out


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


class Lowered:
    """One node as rnnc layers."""

    def __init__(self, node, constants, length, name):
        self.node, self.constants, self.name = node, constants, name
        self.length, self.layers = length, []
        self.options = attributes(node)
        known = {"hidden_size", "direction", "activations", "layout",
                 "linear_before_reset", "clip", "input_forget"}
        if set(self.options) - known:
            raise RnncExportError("attributes %s" % sorted(self.options))
        for key in ("clip", "input_forget"):
            if self.options.get(key):
                raise RnncExportError("%s is not rnnc's" % key)
        lengths = self.value(4)
        if lengths is not None and set(lengths) != {length}:
            raise RnncExportError("sequences of different lengths")

    def input(self, index):
        return self.node.input[index] if index < len(self.node.input) else ""

    def value(self, index):
        return self.constants.get(self.input(index))

    def cell(self, index, sequences):
        """Direction `index`; what it starts with is an input, or a weight."""
        kind, options = self.node.op_type, self.options
        way = options.get("direction", b"forward").decode()
        backwards = way == "reverse" or index == 1
        b = self.value(3)
        after = bool(options.get("linear_before_reset", 0))
        layer = {"type": TYPES[kind],
                 "name": "%s_%d" % (self.name, index),
                 "units": options["hidden_size"],
                 "return_sequences": sequences, "go_backwards": backwards,
                 "use_bias": b is not None,
                 "weights": weights(kind, self.value(1)[index],
                                    self.value(2)[index],
                                    None if b is None else b[index], after)}
        if kind == "GRU":
            layer["reset_after"] = after
        if self.value(7) is not None:
            i, o, f = np.split(self.value(7)[index], 3)
            layer["peepholes"] = True
            layer["weights"]["peephole"] = tensor(np.concatenate([i, f, o]))
        names = [n.decode() for n in options.get("activations", [])]
        per = len(names) // self.value(1).shape[0]
        names = names[per * index:per * index + per]
        if names and kind == "RNN":
            layer["activation"] = ACTIVATIONS[names[0]]
        elif names:
            layer["recurrent_activation"] = ACTIVATIONS[names[0]]
            layer["activation"] = ACTIVATIONS[names[1]]
        layer["inputs"] = [self.input(0)]
        states = ["initial_h"] + ["initial_c"] * (kind == "LSTM")
        for k, state in enumerate(states):
            first = self.value(5 + k)
            if first is not None:
                layer["weights"][state] = tensor(first[index].reshape(-1))
            elif self.input(5 + k):
                layer["inputs"].append("%s_%d" % (self.input(5 + k), index))
        return layer

    def lower(self, sequences):
        """Appends layers; the name of the result [directions * hidden]."""
        ends = []
        for index in range(self.value(1).shape[0]):
            layer = self.cell(index, sequences)
            self.layers.append(layer)
            ends.append(layer["name"])
            if layer["go_backwards"] and sequences:
                ends[-1] = layer["name"] + "_reverse"
                self.layers.append({"type": "Reverse", "name": ends[-1],
                                    "inputs": [layer["name"]]})
        if len(ends) == 1:
            return ends[0]
        self.layers.append({"type": "Concatenate", "name": self.name + "_both",
                            "inputs": ends})
        return self.name + "_both"


def document(layers, inputs, output, samples):
    return {"format": "rnnc", "version": 1, "inputs": inputs,
            "layers": layers, "outputs": [output], "samples": [
                {"inputs": {k: tensor(v) for k, v in x.items()},
                 "outputs": {output: tensor(y)}} for x, y in samples]}


def of_case(case):
    """A node case of the standard: every sequence of its batch is a sample."""
    node = case.model.graph.node[0]
    xs, ys = case.data_sets[0]
    names = [i.name for i in case.model.graph.input]
    constants = dict(zip(names[1:], xs[1:]))
    first = {n: constants.pop(n) for n in node.input[5:7] if n}  # of each
    batched = attributes(node).get("layout", 0) == 1
    x = xs[0] if batched else np.swapaxes(xs[0], 0, 1)  # [batch, time, in]
    lowered = Lowered(node, constants, x.shape[1], "node")
    wanted = [o.name for o in case.model.graph.output]
    last = ys[wanted.index(node.output[1])]  # Y_h
    last = last if batched else np.swapaxes(last, 0, 1)
    end = lowered.lower(False)
    states = {"%s_%d" % (name, way): v[way] for name, v in first.items()
              for way in range(len(v))}
    return document(
        lowered.layers, [{"name": names[0], "shape": list(x.shape[1:])}] +
        [{"name": n, "shape": list(v.shape[1:])} for n, v in states.items()],
        end, [({names[0]: x[k], **{n: v[k] for n, v in states.items()}},
               last[k].reshape(-1)) for k in range(len(x))])


class Random:
    """A chain of nodes; the last one's output is the model's. Numbers are of
    moderate size: unbounded activations multiply onnxruntime's rounding, which
    is float's."""

    def __init__(self, chain, numbers):
        self.chain, self.numbers = chain, numbers
        self.timesteps = int(numbers.choice([1, 4, 6]))
        self.constants, self.nodes, self.ports = {}, [], []

    def constant(self, name, *shape):
        self.constants[name] = (self.numbers.randn(*shape) * 0.4).astype(
            np.float32)
        return name

    def first(self, k, options, states, ways):
        """Names of initial_h and initial_c."""
        names, shape = [], (ways, 1, options["hidden_size"])
        for s in range(states):
            name = "first_%d_%d" % (k, s)
            if options["first"] == "constant":
                self.constant(name, *shape)
            elif options["first"] == "input":
                self.ports.append((name, shape))
            else:
                name = ""
            names.append(name)
        return names

    def node(self, k, kind, options, x, features):
        """[time, 1, features] to [time, 1, directions * hidden] or Y_h."""
        size, gates = options["hidden_size"], GATES[kind]
        ways = 2 if options["direction"] == "bidirectional" else 1
        bias = self.constant("b%d" % k, ways, 2 * gates * size) \
            if options["bias"] else ""
        inputs = [x, self.constant("w%d" % k, ways, gates * size, features),
                  self.constant("r%d" % k, ways, gates * size, size), bias, ""]
        inputs += self.first(k, options, 2 if kind == "LSTM" else 1, ways)
        if options.get("peepholes"):
            inputs.append(self.constant("p%d" % k, ways, 3 * size))
        names = [options["activation"]] if kind == "RNN" else [
            options["gate"], options["activation"]]
        names += names[1:] if kind == "LSTM" else []
        more = {"linear_before_reset": int(options["linear_before_reset"])} \
            if kind == "GRU" else {}
        self.nodes.append(helper.make_node(
            kind, inputs, ["y%d" % k, "h%d" % k], hidden_size=size,
            direction=options["direction"], activations=names * ways, **more))
        return ways * size

    def build(self):
        """(the ONNX model, rnnc's layers, the output's name in either)"""
        x, features = "x", 3
        self.ports = [("x", (self.timesteps, 1, features))]
        layers, source = [], "x"
        for k, (kind, options) in enumerate(self.chain):
            features = self.node(k, kind, options, x, features)
            last = k == len(self.chain) - 1
            sequences = not last or options["output"] == "Y"
            lowered = Lowered(self.nodes[-1], self.constants, self.timesteps,
                              "n%d" % k)
            lowered.node.input[0] = source
            source = lowered.lower(sequences)
            lowered.node.input[0] = x
            layers += lowered.layers
            x = "z%d" % k
            # [time, directions, 1, hidden] or [directions, 1, hidden]
            turned = "t%d" % k
            self.constants["s%d" % k] = np.array(
                [self.timesteps if sequences else 1, 1, features])
            self.nodes += [
                helper.make_node("Transpose", ["y%d" % k], [turned],
                                 perm=[0, 2, 1, 3]) if sequences else
                helper.make_node("Transpose", ["h%d" % k], [turned],
                                 perm=[1, 0, 2]),
                helper.make_node("Reshape", [turned, "s%d" % k], [x])]
        return self.onnx(x), layers, source, x

    def onnx(self, output):
        def port(name, shape):
            return helper.make_tensor_value_info(name, TensorProto.FLOAT,
                                                 shape)
        graph = helper.make_graph(
            self.nodes, "g", [port(*p) for p in self.ports],
            [port(output, None)],
            [numpy_helper.from_array(v, n) for n, v in self.constants.items()])
        return helper.make_model(graph, ir_version=8, opset_imports=[
            helper.make_opsetid("", 14)])

    def document(self):
        model, layers, source, output = self.build()
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"])
        inputs = [{"name": "x", "shape": [self.timesteps, 3]}]
        for name, shape in self.ports[1:]:
            inputs += [{"name": "%s_%d" % (name, k), "shape": [shape[2]]}
                       for k in range(shape[0])]
        samples = []
        for scale in (1.0, 0.0, 2.0):
            values = {n: (self.numbers.randn(*s) * scale).astype(np.float32)
                      for n, s in self.ports}
            y = session.run([output], values)[0]
            own = {"x": values["x"][:, 0]}
            for name, shape in self.ports[1:]:
                own.update({"%s_%d" % (name, k): values[name][k, 0]
                            for k in range(shape[0])})
            last = self.chain[-1][1]["output"] == "Y_h"
            samples.append((own, y.reshape(-1) if last else y[:, 0]))
        return document(layers, inputs, source, samples)


class Family:
    def __init__(self, seed):
        self.name, self.rng = "onnx", random.Random(seed)
        self.numbers = np.random.RandomState(seed)
        self.module, self.covered = sys.modules[__name__], set()
        self.version = "ONNX %s, onnxruntime %s" % (
            onnx.__version__, onnxruntime.__version__)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cases that test overflow
            cases = {c.name: c for c in collect_testcases()
                     if c.model.graph.node[0].op_type in LAYERS}
        self.cases = [cases[n] for n in sorted(cases)]

    def choose(self):
        chain = choose(self.rng, self.module, self.covered)
        self.covered |= pairs(chain)
        return chain

    def next(self):
        """(items, document or None, what is refused)"""
        if not self.cases:
            chain = self.choose()
            named = [i for kind, options in chain
                     for i in items(kind, options)]
            return named, Random(chain, self.numbers).document()
        case = self.cases.pop(0)
        try:
            return ["node " + case.name], of_case(case)
        except RnncExportError as e:
            print("refused: %s: %s" % (case.name, e))
            return self.next()

    def write(self, names, folder):
        out = []
        for name in names:
            named, made = self.next()
            with open(os.path.join(folder, name + ".json"), "w") as f:
                json.dump(dict(made, name=name), f)
            out.append((named, name, None))
        return out

    def computes_double(self, named):
        return False  # onnxruntime computes these in float
