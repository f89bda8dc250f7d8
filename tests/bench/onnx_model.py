"""A workload as an ONNX model, for the rivals that read those.

Inputs are x [n][steps][features] or, for one sample, x [steps][1][features],
which spares a transposition. For stepping the states are inputs and outputs,
as ONNX has no others. Gates in ONNX' order: i o f c and z r h."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ORDER = {"SimpleRNN": [0], "GRU": [0, 1, 2], "LSTM": [0, 3, 1, 2]}
OP = {"SimpleRNN": "RNN", "GRU": "GRU", "LSTM": "LSTM"}


class Builder:
    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, array):
        array = np.ascontiguousarray(array)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, op, inputs, outputs, **attributes):
        self.nodes.append(helper.make_node(op, inputs, outputs, **attributes))
        return outputs[-1]


def stack(gates, order):
    """[gates][units] or [gates][units][k] -> [1][gates * units]..."""
    return np.concatenate([gates[g] for g in order])[None]


def recurrent(b, layer, name, x, states):
    order = ORDER[layer.kind]
    other = layer.recurrent_bias
    other = np.zeros_like(layer.bias) if other is None else other
    inputs = [x, b.constant(name + "W", stack(
        layer.kernel.transpose(0, 2, 1), order)),
        b.constant(name + "R", stack(
            layer.recurrent.transpose(0, 2, 1), order)),
        b.constant(name + "B", np.concatenate(
            [stack(layer.bias, order), stack(other, order)], axis=1))]
    inputs += [""] + [s + "_in" for s in states] if states else []
    outputs = [name + "Y"]
    if states or not layer.seq:
        outputs.append(states[0] + "_out" if states else name + "H")
    outputs += [s + "_out" for s in states[1:]]
    more = {"linear_before_reset": 1} if layer.kind == "GRU" else {}
    b.add(OP[layer.kind], inputs, outputs, hidden_size=layer.units, **more)
    # Y [steps][1][n][units], H [1][n][units]
    axis = 1 if layer.seq else 0
    return b.add("Squeeze", [outputs[0 if layer.seq else 1], b.constant(
        name + "axes", np.array([axis], "i8"))], [name + "S"])


def dense(b, layer, name, x):
    x = b.add("Gemm", [x, b.constant(name + "W", layer.kernel[0]),
                       b.constant(name + "B", layer.bias[0])], [name + "G"])
    return b.add("Relu", [x], [name + "A"]) if layer.relu else x


def convolutions(b, workload, step):
    """Values [1][channels][timesteps]; (y, {state: shape}). What a dilated one
    needs of the past is a state where steps are taken one by one."""
    states = {}
    for n in workload.nodes:
        name, inputs = n.name, list(n.inputs)
        if n.kind != "conv":
            b.add({"add": "Add", "tanh": "Tanh"}[n.kind], inputs, [name])
            continue
        before = n.rows() - 1
        if step and before:
            states["s" + name] = [1, n.kernel.shape[1], before]
            inputs[0] = b.add("Concat", ["s" + name + "_in", inputs[0]],
                              [name + "P"], axis=2)
            b.add("Slice", [inputs[0]] + [b.constant(name + k, np.array(
                [v], "i8")) for k, v in (("from", 1), ("to", before + 1),
                                         ("axis", 2))], ["s" + name + "_out"])
        inputs.append(b.constant(name + "W", n.kernel.transpose(2, 1, 0)))
        if n.bias is not None:
            inputs.append(b.constant(name + "B", n.bias))
        b.add("Conv", inputs, [name], dilations=[n.dilation],
              pads=[0 if step else before, 0])
    return workload.nodes[-1].name, states


def state_names(workload, step):
    if not step:
        return []
    return ["h", "c"] if workload.layers[0].kind == "LSTM" else ["h"]


def model(workload, n=1, step=False):
    """(bytes, {input: shape}, {output: shape})"""
    b = Builder()
    if workload.nodes:
        return stacked(b, workload, n, step)
    first = workload.layers[0]
    steps = 1 if step else workload.steps
    states = state_names(workload, step)
    shape = [n, workload.features] if not steps else \
        [steps, n, workload.features] if n == 1 else \
        [n, steps, workload.features]
    value = "x"
    if steps and n > 1:
        value = b.add("Transpose", ["x"], ["xt"], perm=[1, 0, 2])
    for i, layer in enumerate(workload.layers):
        name = "l%d" % i
        value = dense(b, layer, name, value) if layer.kind == "Dense" else \
            recurrent(b, layer, name, value, states)
    if first.seq and n > 1:
        value = b.add("Transpose", [value], ["yt"], perm=[1, 0, 2])
    b.add("Identity", [value], ["y"])
    out = [n, workload.units]
    if first.seq:
        out = [steps, n, workload.units] if n == 1 else [n, steps, workload.units]
    inputs, outputs = {"x": shape}, {"y": out}
    for s in states:
        inputs[s + "_in"] = outputs[s + "_out"] = [1, n, first.units]
    return made(b, workload, inputs, outputs)


def stacked(b, workload, n, step):
    if n > 1:
        raise NotImplementedError
    y, states = convolutions(b, workload, step)
    b.add("Identity", [y], ["y"])
    steps = 1 if step else workload.steps
    inputs, outputs = {"x": [1, 1, steps]}, {"y": [1, 1, steps]}
    for name, shape in states.items():
        inputs[name + "_in"] = outputs[name + "_out"] = shape
    return made(b, workload, inputs, outputs)


def made(b, workload, inputs, outputs):
    def infos(shapes):
        return [helper.make_tensor_value_info(k, TensorProto.FLOAT, s)
                for k, s in shapes.items()]
    graph = helper.make_graph(b.nodes, workload.prefix(), infos(inputs),
                              infos(outputs), b.constants)
    model = helper.make_model(graph, ir_version=8, opset_imports=[
        helper.make_opsetid("", 17)])
    onnx.checker.check_model(model)
    return model.SerializeToString(), inputs, outputs
