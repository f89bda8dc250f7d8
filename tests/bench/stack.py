"""A stack of causal dilated convolutions with residual connections, one sample
per call: a guitar amplifier in the size that NAM (Neural Amp Modeler) calls
standard, with weights from a fixed seed. Its layers are a graph, not a row."""

import numpy as np

from workloads import Workload, tensor

SIZE, DILATIONS = 3, [2 ** i for i in range(10)]


class Node:
    """kind: conv, add or tanh; inputs are names of nodes, "x" the model's.
    kernel [taps][features][units], the last tap for the newest input."""

    def __init__(self, kind, name, inputs, units, dilation=1, kernel=None,
                 bias=None):
        self.kind, self.name, self.inputs = kind, name, inputs
        self.units, self.dilation = units, dilation
        self.kernel, self.bias = kernel, bias

    def rows(self):
        """How many of the last inputs it needs."""
        return (len(self.kernel) - 1) * self.dilation + 1 \
            if self.kind == "conv" else 1


class Stack(Workload):
    """steps: of the stream that is checked and that predict takes."""

    def __init__(self, name, title, steps, channels, dilations):
        self.name, self.title, self.steps = name, title, steps
        self.stepping, self.features, self.units = True, 1, 1
        self.layers, self.whole, self.batches = [], None, False
        self.options = ["--budget-stack=262144"] # for predict's rings
        self.rng = np.random.default_rng([1, sum(map(ord, name))])
        self.nodes, self.width = [], {"x": 1}
        self.build(channels, dilations)

    def output_size(self):
        return self.units * self.steps

    def multiply_adds(self):
        return self.steps * sum(n.kernel.size for n in self.nodes
                                if n.kind == "conv")

    def conv(self, name, x, units, taps=1, dilation=1, bias=True, gain=1):
        def normal(scale, *shape):
            return (self.rng.standard_normal(shape) * scale).astype("f4")
        features = self.width[x]
        self.width[name] = units
        self.nodes.append(Node(
            "conv", name, [x], units, dilation,
            normal(gain * (taps * features) ** -.5, taps, features, units),
            normal(.1, units) if bias else None))
        return name

    def other(self, kind, name, *inputs):
        self.width[name] = self.width[inputs[0]]
        self.nodes.append(Node(kind, name, inputs, self.width[name]))
        return name

    def build(self, channels, dilations):
        """Arrays of layers: each layer's output goes on to the next one and
        into the array's sum, the head's input."""
        v, total = "x", None
        for a, units in enumerate(channels):
            last = a + 1 == len(channels)
            v = self.conv("a%d_in" % a, v, units, bias=False)
            for i, dilation in enumerate(dilations):
                name = "a%d_l%d_" % (a, i)
                z = self.conv(name + "conv", v, units, SIZE, dilation)
                given = self.conv(name + "given", "x", units, bias=False)
                y = self.other("tanh", name + "y", self.other(
                    "add", name + "z", z, given))
                total = self.other("add", name + "sum", total, y) if total \
                    else y
                if not last or dilation != dilations[-1]:
                    v = self.other("add", name + "v", v, self.conv(
                        name + "mix", y, units, gain=.4))
            total = self.conv("a%d_head" % a, total, 1 if last else
                              channels[a + 1], bias=last, gain=.2)


def reference(stack, x):
    """x [count][steps] -> [count][steps][units], in float64."""
    values = {"x": x.astype("f8").reshape(len(x), -1, 1)}
    for n in stack.nodes:
        v = [values[name] for name in n.inputs]
        if n.kind == "conv":
            steps, before = v[0].shape[1], n.rows() - 1
            padded = np.pad(v[0], ((0, 0), (before, 0), (0, 0)))
            y = sum(padded[:, k * n.dilation:k * n.dilation + steps]
                    @ tap.astype("f8") for k, tap in enumerate(n.kernel))
            y = y if n.bias is None else y + n.bias.astype("f8")
        else:
            y = np.tanh(v[0]) if n.kind == "tanh" else v[0] + v[1]
        values[n.name] = y
    return values[stack.nodes[-1].name]


def layers(stack, spell=tensor):
    """As they stand in rnnc's format."""
    listed = []
    for n in stack.nodes:
        layer = {"name": n.name, "inputs": list(n.inputs),
                 "type": {"add": "Add", "tanh": "Activation"}.get(n.kind)}
        if n.kind == "tanh":
            layer["activation"] = "tanh"
        if n.kind == "conv":
            one = len(n.kernel) == 1
            weights = {"kernel": spell(n.kernel[0] if one else n.kernel)}
            if n.bias is not None:
                weights["bias"] = spell(n.bias)
            layer.update(weights=weights, use_bias=n.bias is not None,
                         type="Dense" if one else "Conv1D")
            layer.update({"units": n.units} if one else {
                "filters": n.units, "kernel_size": len(n.kernel),
                "dilation_rate": n.dilation, "padding": "causal"})
        listed.append(layer)
    return listed
