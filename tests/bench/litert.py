"""A workload as a TensorFlow Lite model, without TensorFlow: its fused Dense,
SimpleRNN and LSTM, out of the schema that ai-edge-litert brings. It has no
fused GRU."""

import flatbuffers
import numpy as np
from ai_edge_litert import interpreter
from ai_edge_litert import schema_py_generated as tfl

from engine import Engine

RELU, TANH = 1, 4
ABSENT = -1


class Graph:
    def __init__(self):
        self.graph, self.model = tfl.SubGraphT(), tfl.ModelT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.version, self.model.operatorCodes = 3, []
        self.model.subgraphs = [self.graph]
        self.model.buffers = [tfl.BufferT()] # the empty one comes first

    def tensor(self, shape, data=None, variable=False):
        t = tfl.TensorT()
        t.shape, t.isVariable = list(shape), variable
        t.name = "t%d" % len(self.graph.tensors)
        t.type = tfl.TensorType.FLOAT32
        if data is not None:
            buffer = tfl.BufferT()
            data = np.ascontiguousarray(data)
            buffer.data = np.frombuffer(data.tobytes(), "u1")
            t.type = tfl.TensorType.INT32 if data.dtype == "i4" else t.type
            t.buffer = len(self.model.buffers)
            self.model.buffers.append(buffer)
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def constant(self, array):
        return self.tensor(array.shape, array)

    def add(self, name, inputs, shape, kind=0, options=None):
        code = tfl.OperatorCodeT()
        code.builtinCode = getattr(tfl.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 1
        op = tfl.OperatorT()
        op.opcodeIndex = len(self.model.operatorCodes)
        self.model.operatorCodes.append(code)
        op.inputs, op.outputs = inputs, [self.tensor(shape)]
        op.builtinOptionsType, op.builtinOptions = kind, options
        self.graph.operators.append(op)
        return op.outputs[0]

    def finish(self, x, y):
        self.graph.inputs, self.graph.outputs = [x], [y]
        builder = flatbuffers.Builder(1 << 16)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def dense(g, layer, x, n):
    options = tfl.FullyConnectedOptionsT()
    options.fusedActivationFunction = RELU if layer.relu else 0
    return g.add("FULLY_CONNECTED",
                 [x, g.constant(layer.kernel[0].T), g.constant(layer.bias[0])],
                 [n, layer.units], tfl.BuiltinOptions.FullyConnectedOptions,
                 options)


def simple_rnn(g, layer, x, n, steps):
    options = tfl.SequenceRNNOptionsT()
    options.timeMajor, options.fusedActivationFunction = False, TANH
    state = g.tensor([n, layer.units], variable=True)
    return g.add("UNIDIRECTIONAL_SEQUENCE_RNN",
                 [x, g.constant(layer.kernel[0].T),
                  g.constant(layer.recurrent[0].T), g.constant(layer.bias[0]),
                  state], [n, steps, layer.units],
                 tfl.BuiltinOptions.SequenceRNNOptions, options)


def lstm(g, layer, x, n, steps):
    """Gates i f c o, as Keras has them."""
    options = tfl.UnidirectionalSequenceLSTMOptionsT()
    options.timeMajor, options.fusedActivationFunction = False, TANH
    inputs = [x] + [g.constant(k.T) for k in layer.kernel]
    inputs += [g.constant(k.T) for k in layer.recurrent] + [ABSENT] * 3
    inputs += [g.constant(b) for b in layer.bias] + [ABSENT] * 2
    inputs += [g.tensor([n, layer.units], variable=True) for _ in range(2)]
    return g.add("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs + [ABSENT] * 4,
                 [n, steps, layer.units],
                 tfl.BuiltinOptions.UnidirectionalSequenceLSTMOptions, options)


def last_step(g, x, n, steps, units):
    options = tfl.StridedSliceOptionsT()
    options.shrinkAxisMask = 2
    bounds = ([0, steps - 1, 0], [n, steps, units], [1, 1, 1])
    return g.add("STRIDED_SLICE",
                 [x] + [g.constant(np.array(b, "i4")) for b in bounds],
                 [n, units], tfl.BuiltinOptions.StridedSliceOptions, options)


def model(workload, n, steps):
    g = Graph()
    shape = [n, steps, workload.features] if steps else [n, workload.features]
    x = value = g.tensor(shape)
    if workload.nodes:
        raise NotImplementedError
    for layer in workload.layers:
        if layer.kind == "Dense":
            value = dense(g, layer, value, n)
            continue
        if layer.kind == "GRU":
            raise NotImplementedError
        build = lstm if layer.kind == "LSTM" else simple_rnn
        value = build(g, layer, value, n, steps)
        if not layer.seq:
            value = last_step(g, value, n, steps, layer.units)
    return g.finish(x, value)


class LitertEngine(Engine):
    """Variables keep the state; predict starts with none."""

    def __init__(self, workload, n, step):
        super().__init__("ai-edge-litert (python)", {})
        data = model(workload, n or 1, 1 if step else workload.steps)
        self.run = self.interpreter = None
        made = interpreter.Interpreter(model_content=data, num_threads=1)
        made.allocate_tensors()
        made.reset_all_variables()
        self.interpreter = made
        self.x = made.get_input_details()[0]
        self.y = made.get_output_details()[0]["index"]
        self.run = made.invoke if step or not workload.steps else self.afresh

    def afresh(self):
        self.interpreter.reset_all_variables()
        self.interpreter.invoke()

    def feed(self, x):
        self.interpreter.set_tensor(self.x["index"],
                                    x.reshape(self.x["shape"]))

    def output(self, x):
        self.feed(x)
        self.run()
        return self.interpreter.get_tensor(self.y).reshape(-1)

    def steps(self, x):
        self.interpreter.reset_all_variables()
        return np.stack([self.output(row) for row in x])
