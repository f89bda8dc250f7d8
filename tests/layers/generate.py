#!/usr/bin/env python3
"""Makes the cases in tests/layers/<Layer>/ with numpy, in float64.

Run it after adding a case:  tests/layers/generate.py
The expected outputs come from the formulas below, which know nothing of rnnc.
Weights are float32 values, inputs float64; everything is seeded, and the
files are committed, so that a reader can see what is tested.
"""

import json
import math
import os

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
erf = np.vectorize(math.erf)

# ---- Activations: Keras' formulas, written with numpy -----------------------


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


ACTIVATIONS = {
    "linear": ("linear", lambda x: x),
    "tanh": ("tanh", np.tanh),
    "sigmoid": ("sigmoid", sigmoid),
    "hard_sigmoid_keras2": ({"type": "hard_sigmoid", "slope": "keras2"},
                            lambda x: np.clip(0.2 * x + 0.5, 0, 1)),
    "hard_sigmoid_keras3": ({"type": "hard_sigmoid", "slope": "keras3"},
                            lambda x: np.clip(x + 3, 0, 6) / 6),
    "relu": ("relu", lambda x: np.maximum(x, 0)),
    "leaky_relu": ("leaky_relu", lambda x: np.where(x < 0, 0.2 * x, x)),
    "leaky_relu_slope": ({"type": "leaky_relu", "negative_slope": 0.05},
                         lambda x: np.where(x < 0, 0.05 * x, x)),
    "elu": ("elu", elu),
    "elu_alpha": ({"type": "elu", "alpha": 0.5}, lambda x: elu(x, 0.5)),
    "selu": ("selu", lambda x: 1.0507009873554805
             * elu(x, 1.6732632423543772)),
    "softplus": ("softplus", lambda x: np.logaddexp(x, 0)),
    "softsign": ("softsign", lambda x: x / (1 + np.abs(x))),
    "swish": ("swish", lambda x: x * sigmoid(x)),
    "silu": ("silu", lambda x: x * sigmoid(x)),
    "gelu": ("gelu", lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2)))),
    "gelu_exact": ({"type": "gelu", "approximate": False},
                   lambda x: 0.5 * x * (1 + erf(x / math.sqrt(2)))),
    "gelu_tanh": ({"type": "gelu", "approximate": True},
                  lambda x: 0.5 * x * (1 + np.tanh(
                      math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))),
    "exponential": ("exponential", np.exp),
    "softmax": ("softmax", softmax),
}

def squareplus(x, b):
    """In long double: the sum cancels where x is negative."""
    x = x.astype(np.longdouble)
    return ((x + np.sqrt(x ** 2 + b)) / 2).astype(float)


# Those that came later; they are tested after everything else, so that the
# earlier cases keep their numbers.
LATER_ACTIVATIONS = {
    "relu6": ("relu6", lambda x: np.clip(x, 0, 6)),
    "celu": ("celu", lambda x: np.maximum(x, 0)
             + np.expm1(np.minimum(x, 0))),
    "celu_alpha": ({"type": "celu", "alpha": 0.5}, lambda x: np.maximum(x, 0)
                   + 0.5 * np.expm1(np.minimum(x, 0) / 0.5)),
    "squareplus": ("squareplus", lambda x: squareplus(x, 4)),
    "squareplus_b": ({"type": "squareplus", "b": 0.25},
                     lambda x: squareplus(x, 0.25)),
    "soft_shrink": ("soft_shrink",
                    lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0)),
    "soft_shrink_threshold": (
        {"type": "soft_shrink", "threshold": 1.25},
        lambda x: np.sign(x) * np.maximum(np.abs(x) - 1.25, 0)),
    "hard_shrink": ("hard_shrink", lambda x: np.where(np.abs(x) > 0.5, x, 0)),
    "hard_shrink_threshold": ({"type": "hard_shrink", "threshold": 0.125},
                              lambda x: np.where(np.abs(x) > 0.125, x, 0)),
    "sparse_plus": ("sparse_plus", lambda x: np.where(
        x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x))),
    "tanh_shrink": ("tanh_shrink", lambda x: x - np.tanh(x)),
    "sparse_sigmoid": ("sparse_sigmoid", lambda x: np.clip((x + 1) / 2, 0, 1)),
    "hard_silu": ("hard_silu", lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "hard_swish": ("hard_swish", lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "hard_tanh": ("hard_tanh", lambda x: np.clip(x, -1, 1)),
    "mish": ("mish", lambda x: x * np.tanh(np.logaddexp(x, 0))),
    "log_sigmoid": ("log_sigmoid", lambda x: -np.logaddexp(-x, 0)),
    "log_softmax": ("log_softmax", lambda x: x - x.max(-1, keepdims=True)
                    - np.log(np.exp(x - x.max(-1, keepdims=True))
                             .sum(-1, keepdims=True))),
}

# ---- Layers ------------------------------------------------------------------


def simple_rnn(x, w, activation, sequences, backwards):
    h, _ = recurrent_state(w)
    outputs = []
    for row in (x[::-1] if backwards else x):
        h = activation(row @ w["kernel"] + h @ w["recurrent_kernel"]
                       + w.get("bias", 0))
        outputs.append(h)
    return np.array(outputs) if sequences else h


def recurrent_state(w):
    units = w["recurrent_kernel"].shape[0]
    return [w.get(n, np.zeros(units)) for n in ("initial_h", "initial_c")]


def lstm(x, w, activation, gate, sequences, backwards):
    h, c = recurrent_state(w)
    no_peephole = np.zeros(3 * len(h))
    outputs = []
    for row in (x[::-1] if backwards else x):
        sums = row @ w["kernel"] + h @ w["recurrent_kernel"] + w.get("bias", 0)
        i, f, g, o = np.split(sums, 4)
        look_i, look_f, look_o = np.split(w.get("peephole", no_peephole), 3)
        i, f = gate(i + look_i * c), gate(f + look_f * c)
        c = f * c + i * activation(g)
        h = gate(o + look_o * c) * activation(c)
        outputs.append(h)
    return np.array(outputs) if sequences else h


def gru(x, w, activation, gate, sequences, backwards):
    h, _ = recurrent_state(w)
    kz, kr, kg = np.split(w["kernel"], 3, axis=1)
    uz, ur, ug = np.split(w["recurrent_kernel"], 3, axis=1)
    bias = w.get("bias", np.zeros(3 * len(h)))
    after = bias.ndim == 2 or w.get("reset_after", False)
    first, second = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
    (bz, br, bg), (cz, cr, cg) = np.split(first, 3), np.split(second, 3)
    outputs = []
    for row in (x[::-1] if backwards else x):
        z = gate(row @ kz + h @ uz + bz + cz)
        r = gate(row @ kr + h @ ur + br + cr)
        if after:
            g = activation(row @ kg + bg + r * (h @ ug + cg))
        else:
            g = activation(row @ kg + bg + (r * h) @ ug)
        h = z * h + (1 - z) * g
        outputs.append(h)
    return np.array(outputs) if sequences else h


def dense(x, w, activation):
    return activation(x @ w["kernel"] + w.get("bias", 0))


# ---- Cases -------------------------------------------------------------------

random = np.random.RandomState(20261123)


def weight(*shape, scale=None):
    scale = scale or 1 / math.sqrt(shape[0])
    return (random.randn(*shape) * scale).astype(np.float32).astype(float)


def inputs(*shape, scale=1.0):
    return random.randn(*shape) * scale


def save(folder, name, layers, xs, samples, outputs, null=False):
    """xs: {name: shape}; samples: [({name: array}, {name: array})]"""
    model = {
        "format": "rnnc", "version": 1, "name": name,
        "inputs": [{"name": n, "shape": [None, *s[1:]] if null and len(s) > 1
                    else list(s)}
                   for n, s in xs.items()],
        "layers": layers, "outputs": outputs,
        "samples": [{"inputs": {n: v.tolist() for n, v in x.items()},
                     "outputs": {n: v.tolist() for n, v in y.items()},
                     "note": "numpy %s, float64, tests/layers/generate.py"
                             % np.__version__.split(".")[0]}
                    for x, y in samples]}
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    with open(os.path.join(HERE, folder, name + ".json"), "w") as f:
        f.write(json.dumps(model).replace('"layers": [', '\n"layers": [\n')
                .replace('}}, {"type"', '}},\n{"type"')
                .replace('"samples": [', '\n"samples": [\n') + "\n")


def tolist(w):
    return {n: v.tolist() for n, v in w.items()}


def save_rnn(name, T, F, U, activation="tanh", sequences=None, backwards=None,
             bias=True, null=False, scale=1.0, count=2, initial=False):
    spec, function = ACTIVATIONS[activation]
    w = {"kernel": weight(F, U), "recurrent_kernel": weight(U, U)}
    if initial:
        w["initial_h"] = weight(U, scale=0.5)
    if bias:
        w["bias"] = weight(U, scale=0.3)
    layer = {"type": "SimpleRNN", "name": "rnn", "units": U,
             "weights": tolist(w)}
    if activation != "tanh":
        layer["activation"] = spec
    if not bias:
        layer["use_bias"] = False
    if sequences is not None:
        layer["return_sequences"] = sequences
    if backwards is not None:
        layer["go_backwards"] = backwards
    samples = []
    for k in range(count):
        x = inputs(T + (3 * k if null else 0), F, scale=scale)
        samples.append(({"x": x}, {"rnn": simple_rnn(
            x, w, function, bool(sequences), bool(backwards))}))
    save("SimpleRNN", name, [layer], {"x": (T, F)}, samples, ["rnn"], null)


def save_gated(kind, name, T, F, U, activation="tanh", gate="sigmoid",
               sequences=False, backwards=False, bias=True, null=False,
               initial=False, after=None, count=2, scale=1.0,
               peepholes=False):
    """An LSTM or GRU; after: None where the bias tells."""
    gates = 4 if kind == "LSTM" else 3
    w = {"kernel": weight(F, gates * U),
         "recurrent_kernel": weight(U, gates * U)}
    two = kind == "GRU" and after is not False
    if bias:
        w["bias"] = weight(2, gates * U, scale=0.3) if two \
            else weight(gates * U, scale=0.3)
    if initial:
        w["initial_h"] = weight(U, scale=0.5)
        if kind == "LSTM":
            w["initial_c"] = weight(U, scale=0.5)
    if peepholes:
        w["peephole"] = weight(3 * U, scale=0.7)
    layer = {"type": kind, "name": "y", "units": U, "weights": tolist(w)}
    if peepholes:
        layer["peepholes"] = True
    if kind == "GRU" and (after is not None):
        layer["reset_after"] = after
    if activation != "tanh":
        layer["activation"] = ACTIVATIONS[activation][0]
    if gate != "sigmoid":
        layer["recurrent_activation"] = ACTIVATIONS[gate][0]
    for key, value in (("use_bias", bias), ("return_sequences", sequences),
                       ("go_backwards", backwards)):
        if value != (key == "use_bias"):
            layer[key] = value
    run = lstm if kind == "LSTM" else \
        lambda x, w, *rest: gru(x, dict(w, reset_after=two), *rest)
    samples = []
    for k in range(count):
        x = inputs(T + (3 * k if null else 0), F, scale=scale)
        samples.append(({"x": x}, {"y": run(
            x, w, ACTIVATIONS[activation][1], ACTIVATIONS[gate][1], sequences,
            backwards)}))
    save(kind, name, [layer], {"x": (T, F)}, samples, ["y"], null)


def save_gated_cases(kind, prefix, **options):
    def case(name, *shape, **more):
        save_gated(kind, prefix + "_" + name, *shape, **dict(options, **more))

    case("defaults", 6, 3, 4)
    case("sequences", 6, 3, 4, sequences=True)
    case("backwards", 6, 3, 4, backwards=True)
    case("backwards_sequences", 6, 3, 4, sequences=True, backwards=True)
    case("one_unit", 5, 1, 1, sequences=True)
    case("one_timestep", 1, 2, 3)
    case("any_timesteps", 4, 2, 5, sequences=True, null=True)
    case("initial_state", 5, 2, 3, initial=True, sequences=True)
    case("initial_state_backwards", 5, 2, 3, initial=True, backwards=True)
    case("saturated", 8, 2, 4, scale=100.0)
    case("wide", 8, 5, 24, count=1)
    case("long", 300, 2, 6, count=1)
    if kind == "LSTM" or options.get("after") is None:
        case("no_bias", 5, 2, 3, bias=False,
             **({"after": True} if kind == "GRU" else {}))
    else:
        case("no_bias", 5, 2, 3, bias=False)
    for activation in ("softmax", "relu", "linear", "softsign",
                       "hard_sigmoid_keras3", "elu_alpha"):
        case("activation_" + activation, 4, 3, 4, activation=activation)
    for gate in ("hard_sigmoid_keras2", "hard_sigmoid_keras3", "softmax",
                 "tanh", "linear", "relu"):
        small = 0.2 if gate == "linear" else 1.0  # it multiplies up
        case("gate_" + gate, 4, 3, 4, gate=gate, scale=small)


def save_peepholes():
    def case(name, *shape, **more):
        save_gated("LSTM", "lstm_peepholes_" + name, *shape, peepholes=True,
                   **more)

    case("defaults", 6, 3, 4)
    case("sequences", 6, 3, 5, sequences=True, initial=True)
    case("backwards", 6, 2, 6, backwards=True)
    case("any_timesteps", 4, 2, 7, sequences=True, null=True)
    case("no_bias", 5, 2, 3, bias=False)
    case("saturated", 8, 2, 4, scale=100.0)
    case("tiles", 20, 5, 24, sequences=True)
    case("several_tiles", 4, 3, 50, count=1)
    case("activation_relu", 4, 3, 8, activation="relu", scale=0.3)
    case("gate_linear", 4, 3, 8, gate="linear", scale=0.1)
    case("gate_softmax", 4, 3, 8, gate="softmax")
    case("gate_hard_sigmoid_keras2", 4, 3, 9, gate="hard_sigmoid_keras2")


def save_other_axes():
    """Normalizations along other axes than the last."""
    def case(kind, name, y, w=None, **keys):
        layer = {"type": kind, "name": "y", **keys}
        save(kind, name, [dict(layer, weights=tolist(w)) if w else layer],
             {"x": x.shape}, [({"x": x}, {"y": y})], ["y"])

    for axis in ([1], [2], [1, 2], [1, 3], [2, 3], [-3, -1]):
        x = inputs(4, 3, 2, scale=2.0)
        along = tuple(a - 1 if a > 0 else a + 3 for a in axis)
        shape = [x.shape[a] for a in along]
        name = "_axis_" + "_".join(str(a + 1) for a in along)
        case("UnitNormalization", "unit_normalization" + name,
             x / np.sqrt((x ** 2).sum(along, keepdims=True)), axis=axis)
        w = {"mean": weight(*shape), "variance": (np.abs(weight(
            *shape)) + 0.1).astype(np.float32).astype(float)}
        spread = [d if k in along else 1 for k, d in enumerate(x.shape)]
        case("Normalization", "normalization" + name,
             (x - w["mean"].reshape(spread))
             / np.sqrt(w["variance"].reshape(spread)), w, axis=axis)
    for axis in ([2, 3], [1, 2, 3]):
        w = {"scale": weight(*x.shape[axis[0] - 1:])}
        along = tuple(a - 1 for a in axis)
        root = np.sqrt((x ** 2).mean(along, keepdims=True) + 0.5)
        case("RMSNormalization", "rms_normalization_axis_%d" % axis[0],
             x / root * w["scale"], w, axis=axis, epsilon=0.5)


def save_merges():
    """What Add's cases do not show: the other operations."""
    fold = {"Subtract": np.subtract, "Multiply": np.multiply,
            "Maximum": np.maximum, "Minimum": np.minimum}
    a, b, v = inputs(4, 3), inputs(4, 3), inputs(3)
    for kind in ("Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        def expect(*xs):
            if kind == "Average":
                return sum(xs) / len(xs)
            y = xs[0]
            for x in xs[1:]:
                y = fold[kind](y, x)
            return y
        name = kind.lower()
        for case, used in (("", "ab"), ("_vector", "av"), ("_many", "abvab")):
            if kind == "Subtract" and len(used) > 2:
                continue
            values = {"a": a, "b": b, "v": v}
            xs = {n: values[n] for n in sorted(set(used))}
            save(kind, name + case,
                 [{"type": kind, "name": "y", "inputs": list(used)}],
                 {n: x.shape for n, x in xs.items()},
                 [(xs, {"y": expect(*(values[n] for n in used))})], ["y"])


def save_activation_layers():
    def case(kind, name, function, weights=None, shape=(4, 3), **keys):
        layer = {"type": kind, "name": "y", **keys}
        if weights:
            layer["weights"] = tolist(weights)
        x = inputs(*shape, scale=3.0)
        save(kind, name, [layer], {"x": shape}, [({"x": x}, {"y": function(x)})],
             ["y"])

    case("ReLU", "relu_layer", lambda x: np.maximum(x, 0))
    case("ReLU", "relu_layer_max", lambda x: np.clip(x, 0, 2), max_value=2)
    case("ReLU", "relu_layer_null", lambda x: np.maximum(x, 0),
         max_value=None)
    case("ReLU", "relu_layer_all",
         lambda x: np.where(x >= 2.5, 2.5, np.where(x < 0.5, 0.25 * (x - 0.5),
                                                    x)),
         max_value=2.5, negative_slope=0.25, threshold=0.5)
    # At the threshold itself Keras 3.15 and tf-keras 2.21 have the lower branch,
    # unlike their documentation; these are their numbers.
    x = np.array([0.5, 0.25, 0.75, 2.5, 3, -1, 0, 1, 1.5, 2])
    for name, y, options in (
            ("edge", [0, -0.0625, 0.75, 2.5, 2.5, -0.375, -0.125, 1, 1.5, 2],
             {"max_value": 2.5, "negative_slope": 0.25, "threshold": 0.5}),
            ("low", [-0.75, -0.875, -0.625, 1, 1, -1.5, -1, -0.5, -0.25, 0],
             {"max_value": 1, "negative_slope": 0.5, "threshold": 2})):
        save("ReLU", "relu_layer_" + name,
             [{"type": "ReLU", "name": "y", **options}], {"x": (10,)},
             [({"x": x}, {"y": np.array(y)})], ["y"])
    case("LeakyReLU", "leaky_relu_layer", lambda x: np.where(x < 0, 0.3 * x, x))
    case("LeakyReLU", "leaky_relu_layer_slope",
         lambda x: np.where(x < 0, 0.125 * x, x), negative_slope=0.125)
    case("ELU", "elu_layer", lambda x: elu(x))
    case("ELU", "elu_layer_alpha", lambda x: elu(x, 0.5), alpha=0.5)
    case("Softmax", "softmax_layer", softmax)
    case("Softmax", "softmax_layer_vector", softmax, shape=(5,))
    for name, alpha in (("prelu", weight(3)), ("prelu_one", weight(1)),
                        ("prelu_shared", weight(1, 3)),
                        ("prelu_shared_one", weight(1, 1))):
        case("PReLU", name, lambda x: np.where(x < 0, alpha * x, x),
             {"alpha": alpha})


def save_normalizations():
    for center in (True, False):
        for scale in (True, False):
            for shape in ((4, 3), (5,), (2, 3, 4)):
                keys = {} if center else {"center": False}
                if not scale:
                    keys["scale"] = False
                if len(shape) == 3:
                    keys["epsilon"] = 0.0625
                epsilon, F = keys.get("epsilon", 0.001), shape[-1]
                gamma = {"gamma": weight(F)} if scale else {}
                beta = {"beta": weight(F)} if center else {}
                w = {**gamma, **beta, "moving_mean": weight(F),
                     "moving_variance": np.abs(weight(F))}
                x = inputs(*shape, scale=2.0)
                suffix = "_%d%d_%d" % (center, scale, len(shape))
                g, b = w.get("gamma", 1), w.get("beta", 0)
                y = (x - w["moving_mean"]) / np.sqrt(
                    w["moving_variance"] + epsilon) * g + b
                save("BatchNormalization", "batch_normalization" + suffix,
                     [{"type": "BatchNormalization", "name": "y", **keys,
                       "weights": tolist(w)}], {"x": shape},
                     [({"x": x}, {"y": y})], ["y"])
                w = {**gamma, **beta}
                y = (x - x.mean(-1, keepdims=True)) / np.sqrt(
                    x.var(-1, keepdims=True) + epsilon) * g + b
                layer = {"type": "LayerNormalization", "name": "y", **keys}
                if w:
                    layer["weights"] = tolist(w)
                save("LayerNormalization", "layer_normalization" + suffix,
                     [layer], {"x": shape}, [({"x": x}, {"y": y})], ["y"])


def save_wrappers():
    """Bidirectional in every mode over every kind; TimeDistributed."""
    merge = {"concat": lambda a, b: np.concatenate([a, b], -1),
             "sum": np.add, "mul": np.multiply, "ave": lambda a, b: (a + b) / 2}
    run = {"SimpleRNN": lambda x, w, s, b: simple_rnn(x, w, np.tanh, s, b),
           "LSTM": lambda x, w, s, b: lstm(x, w, np.tanh, sigmoid, s, b),
           "GRU": lambda x, w, s, b: gru(x, w, np.tanh, sigmoid, s, b)}
    gates = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
    for kind in run:
        for mode in merge:
            for sequences in (False, True):
                layers, results, x = [], [], inputs(5, 3)
                for backwards in (False, True):
                    n = gates[kind]
                    w = {"kernel": weight(3, 4 * n),
                         "recurrent_kernel": weight(4, 4 * n),
                         "bias": weight(2, 4 * n, scale=0.3)
                         if kind == "GRU" else weight(4 * n, scale=0.3)}
                    layer = {"type": kind, "units": 4, "weights": tolist(w)}
                    if sequences:
                        layer["return_sequences"] = True
                    if backwards:
                        layer["go_backwards"] = True
                    layers.append(layer)
                    y = run[kind](x, w, sequences, backwards)
                    results.append(y[::-1] if sequences and backwards else y)
                wrapper = {"type": "Bidirectional", "name": "y",
                           "layer": layers[0], "backward_layer": layers[1]}
                if mode != "concat":
                    wrapper["merge_mode"] = mode
                save("Bidirectional", "bidirectional_%s_%s%s" % (
                    kind.lower(), mode, "_sequences" * sequences), [wrapper],
                    {"x": (5, 3)}, [({"x": x}, {"y": merge[mode](*results)})],
                    ["y"])
    w = {"kernel": weight(3, 2), "bias": weight(2)}
    x = inputs(5, 3)
    save("TimeDistributed", "time_distributed_dense",
         [{"type": "TimeDistributed", "name": "y",
           "layer": {"type": "Dense", "units": 2, "activation": "tanh",
                     "weights": tolist(w)}}], {"x": (5, 3)},
         [({"x": x}, {"y": dense(x, w, np.tanh)})], ["y"])
    x = inputs(5, 3)
    save("Reverse", "reverse", [{"type": "Reverse", "name": "y"}],
         {"x": (5, 3)}, [({"x": x}, {"y": x[::-1]})], ["y"])


def conv1d(x, w, activation, padding, strides, dilation, groups):
    """Pads with zeros, then takes every window."""
    size, _, filters = w["kernel"].shape
    span = (size - 1) * dilation
    before = after = 0
    if padding == "causal":
        before = span
    elif padding == "same":
        outputs = -(-len(x) // strides)
        total = max(0, (outputs - 1) * strides + span + 1 - len(x))
        before, after = total // 2, total - total // 2
    x = np.pad(x, ((before, after), (0, 0)))
    rows = []
    for start in range(0, len(x) - span, strides):
        window = x[start:start + span + 1:dilation]
        parts = [np.einsum("kf,kfu->u", part, kernel) for part, kernel in
                 zip(np.split(window, groups, axis=1),
                     np.split(w["kernel"], groups, axis=2))]
        rows.append(np.concatenate(parts) + w.get("bias", 0))
    return activation(np.array(rows))


def save_conv1d(name, T, F, U, size, padding="valid", strides=1, dilation=1,
                groups=1, activation="linear", bias=True, null=False):
    w = {"kernel": weight(size, F // groups, U, scale=0.4)}
    if bias:
        w["bias"] = weight(U, scale=0.3)
    layer = {"type": "Conv1D", "name": "y", "filters": U, "kernel_size": size,
             "weights": tolist(w)}
    for key, value, default in (("padding", padding, "valid"),
                                ("strides", strides, 1),
                                ("dilation_rate", dilation, 1),
                                ("groups", groups, 1), ("use_bias", bias, True)):
        if value != default:
            layer[key] = value
    spec, function = ACTIVATIONS[activation]
    if activation != "linear":
        layer["activation"] = spec
    samples = []
    for k in range(2):
        x = inputs(T + (3 * k if null else 0), F)
        samples.append(({"x": x}, {"y": conv1d(
            x, w, function, padding, strides, dilation, groups)}))
    save("Conv1D", name, [layer], {"x": (T, F)}, samples, ["y"], null)


def save_convolutions():
    save_conv1d("conv1d_defaults", 7, 3, 4, 3)
    for padding in ("valid", "same", "causal"):
        for size, strides, dilation in ((1, 1, 1), (2, 1, 1), (3, 1, 2),
                                        (4, 1, 1), (2, 2, 1), (3, 3, 1),
                                        (5, 2, 1)):
            save_conv1d("conv1d_%s_%d_%d_%d" % (padding, size, strides,
                                                dilation),
                        9, 2, 3, size, padding, strides, dilation)
    save_conv1d("conv1d_causal_any", 5, 2, 3, 3, "causal", dilation=2,
                null=True)
    save_conv1d("conv1d_causal_long", 40, 2, 2, 3, "causal", dilation=8)
    save_conv1d("conv1d_causal_long_any", 40, 2, 2, 2, "causal", dilation=16,
                null=True)
    save_conv1d("conv1d_groups", 6, 4, 6, 3, "causal", groups=2)
    save_conv1d("conv1d_groups_same", 6, 4, 4, 3, "same", groups=4)
    save_conv1d("conv1d_no_bias", 5, 2, 3, 2, bias=False)
    save_conv1d("conv1d_one_filter", 5, 1, 1, 2, "causal")
    save_conv1d("conv1d_softmax", 5, 2, 3, 2, "causal", activation="softmax")
    save_conv1d("conv1d_relu", 5, 2, 3, 2, "same", activation="relu")
    save_conv1d("conv1d_wide", 12, 8, 24, 3, "causal", activation="tanh")
    # A stack of dilations, as in WaveNet, before a recurrence.
    layers, x = [], inputs(24, 2)
    y = x
    for k, dilation in enumerate((1, 2, 4)):
        w = {"kernel": weight(2, y.shape[1], 4, scale=0.4),
             "bias": weight(4, scale=0.3)}
        layers.append({"type": "Conv1D", "name": "c%d" % k, "filters": 4,
                       "kernel_size": [2], "padding": "causal",
                       "dilation_rate": [dilation], "activation": "tanh",
                       "weights": tolist(w)})
        y = conv1d(y, w, np.tanh, "causal", 1, dilation, 1)
    w = {"kernel": weight(4, 3), "recurrent_kernel": weight(3, 3),
         "bias": weight(3)}
    layers.append({"type": "SimpleRNN", "name": "y", "units": 3,
                   "weights": tolist(w)})
    save("Conv1D", "conv1d_stack", layers, {"x": (24, 2)},
         [({"x": x}, {"y": simple_rnn(y, w, np.tanh, False, False)})], ["y"])


def save_dense(name, shape, U, activation="linear", bias=True, null=False):
    spec, function = ACTIVATIONS[activation]
    w = {"kernel": weight(shape[-1], U)}
    if bias:
        w["bias"] = weight(U, scale=0.3)
    layer = {"type": "Dense", "name": "y", "units": U, "weights": tolist(w)}
    if activation != "linear":
        layer["activation"] = spec
    if not bias:
        layer["use_bias"] = False
    samples = []
    for _ in range(2):
        x = inputs(*shape)
        samples.append(({"x": x}, {"y": dense(x, w, function)}))
    save("Dense", name, [layer], {"x": shape}, samples, ["y"], null)


def save_data_layers():
    """Layers without arithmetic to speak of, Keras' definitions."""
    def case(kind, name, shape, function, keys):
        x = inputs(*shape, scale=3.0)
        save(kind, name, [{"type": kind, "name": "y", **keys}], {"x": shape},
             [({"x": x}, {"y": function(x)})], ["y"])

    case("Rescaling", "rescaling", (4, 3), lambda x: x / 4,
         keys={"scale": 0.25})
    case("Rescaling", "rescaling_offset", (5,), lambda x: x * -1.5 + 0.5,
         keys={"scale": -1.5, "offset": 0.5})


def save_moves():
    """Layers that only move elements."""
    def case(kind, name, shape, function, **keys):
        x = inputs(*shape)
        save(kind, name, [{"type": kind, "name": "y", **keys}], {"x": shape},
             [({"x": x}, {"y": function(x)})], ["y"])

    def pad(*widths):
        return lambda x: np.pad(x, (*widths, (0, 0)))

    case("ZeroPadding1D", "zero_padding_1d", (3, 2), pad((1, 1)))
    case("ZeroPadding1D", "zero_padding_1d_pair", (3, 2), pad((2, 0)),
         padding=[2, 0])
    case("ZeroPadding2D", "zero_padding_2d", (2, 3, 2), pad((1, 1), (1, 1)))
    case("ZeroPadding2D", "zero_padding_2d_two", (2, 3, 2),
         pad((1, 1), (2, 2)), padding=[1, 2])
    case("ZeroPadding2D", "zero_padding_2d_pairs", (2, 3, 2),
         pad((0, 1), (2, 3)), padding=[[0, 1], [2, 3]])
    case("Cropping1D", "cropping_1d", (5, 2), lambda x: x[1:-1])
    case("Cropping1D", "cropping_1d_pair", (5, 2), lambda x: x[:2],
         cropping=[0, 3])
    case("Cropping2D", "cropping_2d", (4, 5, 2), lambda x: x[1:-1, 1:-1],
         cropping=1)
    case("Cropping2D", "cropping_2d_pairs", (4, 5, 2), lambda x: x[1:, 2:4],
         cropping=[[1, 0], [2, 1]])
    case("UpSampling1D", "up_sampling_1d", (3, 2), lambda x: x.repeat(2, 0))
    case("UpSampling1D", "up_sampling_1d_three", (2, 3),
         lambda x: x.repeat(3, 0), size=3)
    case("UpSampling2D", "up_sampling_2d", (2, 2, 2),
         lambda x: x.repeat(2, 0).repeat(3, 1), size=[2, 3])
    case("RepeatVector", "repeat_vector", (3,), lambda x: np.stack([x] * 4),
         n=4)
    case("Permute", "permute", (3, 2), lambda x: x.T, dims=[2, 1])
    case("Permute", "permute_three", (3, 2, 4),
         lambda x: x.transpose(2, 0, 1), dims=[3, 1, 2])


def pool_axis(size, window, step, padding):
    """[(first, past the last)] of every window, inside only."""
    if padding == "same":
        outputs = -(-size // step)
        before = max(0, (outputs - 1) * step + window - size) // 2
    else:
        outputs, before = (size - window) // step + 1, 0
    starts = [k * step - before for k in range(outputs)]
    return [(max(0, s), min(size, s + window)) for s in starts]


def save_poolings():
    def case(kind, name, shape, size, step, pad, **keys):
        x, reduce = inputs(*shape), np.max if "Max" in kind else np.mean
        plane = x if x.ndim == 3 else x[:, None]
        (h, w), (sh, sw) = size, step
        y = np.array([[reduce(plane[r0:r1, c0:c1], axis=(0, 1))
                       for c0, c1 in pool_axis(plane.shape[1], w, sw, pad)]
                      for r0, r1 in pool_axis(len(plane), h, sh, pad)])
        y = y if x.ndim == 3 else y[:, 0]
        save(kind, name, [{"type": kind, "name": "y", **keys}], {"x": shape},
             [({"x": x}, {"y": y})], ["y"])

    for kind, word in ("MaxPooling", "max"), ("AveragePooling", "average"):
        case(kind + "1D", word + "_pooling_1d", (7, 2), (2, 1), (2, 1),
             "valid")
        case(kind + "1D", word + "_pooling_1d_overlap", (7, 2), (3, 1), (1, 1),
             "valid", pool_size=3, strides=1)
        case(kind + "1D", word + "_pooling_1d_same", (7, 2), (3, 1), (2, 1),
             "same", pool_size=[3], strides=[2], padding="same")
        case(kind + "1D", word + "_pooling_1d_null", (5, 1), (4, 1), (4, 1),
             "same", pool_size=4, strides=None, padding="same")
        case(kind + "2D", word + "_pooling_2d", (4, 5, 2), (2, 2), (2, 2),
             "valid")
        case(kind + "2D", word + "_pooling_2d_same", (4, 5, 2), (3, 2), (2, 1),
             "same", pool_size=[3, 2], strides=[2, 1], padding="same")
        reduce = np.max if word == "max" else np.mean
        for shape, axis in ((6, 3), 0), ((3, 4, 2), (0, 1)):
            for keep in False, True:
                x, name = inputs(*shape), "Global%s%dD" % (kind, len(shape) - 1)
                save(name, "global_%s_%dd%s" % (word, len(shape) - 1,
                                                "_keep" if keep else ""),
                     [{"type": name, "name": "y", "keepdims": keep}],
                     {"x": shape}, [({"x": x}, {"y": reduce(
                         x, axis=axis, keepdims=keep)})], ["y"])


def save_open_poolings():
    """Global pooling of any number of timesteps: of one model the outputs for
    several; 600 are more than two blocks of a sum. And behind windows that
    stride, whose first row comes with the third timestep."""
    for word, reduce in ("max", np.max), ("average", np.mean):
        kind = "Global%sPooling1D" % word.capitalize()
        for keep in False, True:
            xs = [inputs(T, 3) + 0.5 for T in (1, 2, 7, 100, 256, 600)]
            xs[1][:, 1] -= 100  # all negative
            save(kind, "global_%s_1d_any_timesteps%s"
                 % (word, "_keep" if keep else ""),
                 [{"type": kind, "name": "y", "keepdims": keep}],
                 {"x": (7, 3)}, [({"x": x}, {"y": reduce(
                     x, axis=0, keepdims=keep)}) for x in xs], ["y"],
                 null=True)
        samples, w = [], {"kernel": weight(3, 2), "bias": weight(2)}
        for T in 3, 4, 5, 100:
            x = inputs(T, 3)
            rows = np.array([x[a:b].max(0) for a, b in
                             pool_axis(T, 3, 2, "valid")])
            y = reduce(rows, axis=0)
            samples.append(({"x": x}, {"y": y, "z": np.tanh(
                y @ w["kernel"] + w["bias"])}))
        save(kind, "global_%s_1d_any_strides" % word, [
            {"type": "MaxPooling1D", "name": "rows", "pool_size": 3,
             "strides": 2}, {"type": kind, "name": "y"},
            {"type": "Dense", "name": "z", "units": 2, "activation": "tanh",
             "weights": tolist(w)}], {"x": (7, 3)}, samples, ["y", "z"],
            null=True)


def run_cell(kind, x, w, first, backwards):
    """(outputs, last states), with the formulas of the functions above."""
    states, outputs = [np.array(s) for s in first], []
    for row in (x[::-1] if backwards else x):
        now = dict(w, initial_h=states[0])
        if kind == "LSTM":
            now["initial_c"] = states[1]
            sums = row @ w["kernel"] + states[0] @ w["recurrent_kernel"] \
                + w["bias"]
            i, f, g, o = np.split(sums, 4)
            c = sigmoid(f) * states[1] + sigmoid(i) * np.tanh(g)
            states = [sigmoid(o) * np.tanh(c), c]
        elif kind == "GRU":
            states = [gru(row[None], now, np.tanh, sigmoid, False, False)]
        else:
            states = [simple_rnn(row[None], now, np.tanh, False, False)]
        outputs.append(states[0])
    return np.array(outputs), states


def save_states():
    """States from layers (inputs h, c) and for layers (return_state)."""
    T, F, U = 4, 2, 3
    for kind, gates, n in ("SimpleRNN", 1, 1), ("GRU", 3, 1), ("LSTM", 4, 2):
        w = {"kernel": weight(F, gates * U),
             "recurrent_kernel": weight(U, gates * U),
             "bias": weight(*[2] * (kind == "GRU"), gates * U, scale=0.3)}
        for given, returned, sequences, backwards in [
                (True, False, True, False), (True, False, False, True),
                (False, True, False, False), (False, True, True, False),
                (True, True, True, True), (True, True, False, False)]:
            x, first = inputs(T, F), [inputs(U) for _ in range(n)]
            ports = {"x": x}
            if given:
                ports.update(zip("hc", first))
            y, last = run_cell(kind, x, w, first if given else
                               [np.zeros(U)] * n, backwards)
            out = y if sequences else y[-1]
            if returned:
                out = np.concatenate([out.ravel(), *last])
            name = "%s_state%s%s%s%s" % (
                kind.lower(), "_given" * given, "_returned" * returned,
                "_sequences" * sequences, "_backwards" * backwards)
            save(kind, name, [{
                "type": kind, "name": "y", "inputs": list(ports), "units": U,
                "return_sequences": sequences, "return_state": returned,
                "go_backwards": backwards, "weights": tolist(w)}],
                {p: v.shape for p, v in ports.items()},
                [(ports, {"y": out})], ["y"])
    x = inputs(7)
    save("Slice", "slice", [{"type": "Slice", "name": "y", "from": 2, "to": 5}],
         {"x": (7,)}, [({"x": x}, {"y": x[2:5]})], ["y"])


def save_embeddings():
    table = weight(5, 3, scale=1.0)

    def case(name, x, first=(), **more):
        rows = np.clip(np.trunc(x), 0, 4).astype(int)
        y = table[rows]
        y = y.reshape(-1, 3) if first else y
        save("Embedding", name, [*first, {
            "type": "Embedding", "name": "y", "input_dim": 5, "output_dim": 3,
            "weights": tolist({"embeddings": table})}], {"x": x.shape},
             [({"x": x}, {"y": y})], ["y"], **more)

    case("embedding", np.array([4.0, 0.0, 2.0, 2.0]))
    case("embedding_rank2", np.array([[1.0, 3.0], [0.0, 4.0], [2.0, 2.0]]))
    case("embedding_beyond", np.array([-1, 5, 2**31 - 1, -2**31, 4]))
    # What a layer computes is no integer: it is rounded.
    same = {"type": "Rescaling", "name": "same", "scale": 1.0}
    case("embedding_beyond_numbers",
         np.array([-1.0, 5.0, 1e30, -1e30, 16777216.0]), [same])
    case("embedding_fractions", np.array([-0.75, 0.75, 3.5, 4.25, 0.0]),
         [same])
    case("embedding_any_timesteps", np.array([[1.0], [3.0], [0.0]]), null=True)
    # One index per timestep: streams.
    vector = {"type": "Reshape", "name": "indices", "target_shape": [4]}
    case("embedding_each", np.array([[3.0], [1.0], [4.0], [0.0]]), [vector])
    w = {"kernel": weight(3, 2), "recurrent_kernel": weight(2, 2),
         "bias": weight(2)}
    x = np.array([[3.0], [1.0], [4.0], [1.0]])
    e = table[x[:, 0].astype(int)]
    save("Embedding", "embedding_rnn", [
        vector,
        {"type": "Embedding", "name": "e", "input_dim": 5, "output_dim": 3,
         "weights": tolist({"embeddings": table})},
        {"type": "SimpleRNN", "name": "y", "units": 2, "weights": tolist(w)}],
        {"x": (4, 1)},
        [({"x": x}, {"y": simple_rnn(e, w, np.tanh, False, False)})], ["y"])


def save_more_normalizations():
    def case(kind, name, x, y, w, **keys):
        layer = {"type": kind, "name": "y", **keys}
        if w:
            layer["weights"] = tolist(w)
        save(kind, name, [layer], {"x": x.shape}, [({"x": x}, {"y": y})],
             ["y"])

    for shape in ((5,), (4, 3), (2, 3, 4)):
        F, suffix = shape[-1], "_%d" % len(shape)
        w = {"mean": weight(F), "variance": np.abs(weight(F))}
        w["variance"][0] = 0 if len(shape) == 3 else 0.25
        x = inputs(*shape)
        if len(shape) == 3:  # beside the mean, a deviation of 0 is 1e-7
            x[..., 0] = w["mean"][0]
            x[0, 0, 0] += 2.0 ** -24
        case("Normalization", "normalization" + suffix, x,
             (x - w["mean"]) / np.maximum(np.sqrt(w["variance"]), 1e-7), w)
        x = inputs(*shape)
        case("Normalization", "normalization_invert" + suffix, x,
             w["mean"] + x * np.maximum(np.sqrt(w["variance"]), 1e-7), w,
             invert=True)
        x = inputs(*shape, scale=2.0)
        x[..., -1] *= 100
        norm = np.sqrt((x ** 2).sum(-1, keepdims=True))
        case("UnitNormalization", "unit_normalization" + suffix, x, x / norm,
             {})
        for epsilon in (None, 0.0625):
            keys = {} if epsilon is None else {"epsilon": epsilon}
            x, w = inputs(*shape), {"scale": weight(F)}
            root = np.sqrt((x ** 2).mean(-1, keepdims=True)
                           + (epsilon or 1e-6))
            case("RMSNormalization", "rms_normalization" + suffix
                 + "_epsilon" * (epsilon is not None), x,
                 x / root * w["scale"], w, **keys)
    x = np.array([[0.0, 0.0], [0.0, -3e-13], [1e-15, 2e-15], [3e8, 4e8]])
    case("UnitNormalization", "unit_normalization_small", x,
         x / np.maximum(np.sqrt((x ** 2).sum(-1, keepdims=True)), 1e-12), {})

    for shape, groups in (((4, 6), 3), ((4, 6), 1), ((4, 6), -1), ((6,), 2),
                          ((2, 3, 4), 2), ((2, 64), None)):
        for center, scale in ((True, True), (False, False), (True, False)):
            keys, F = {"axis": len(shape)}, shape[-1]
            n = {None: 32, -1: F}.get(groups, groups)
            if groups is not None:
                keys["groups"] = groups
            if not center:
                keys["center"] = False
            if not scale:
                keys["scale"] = False
            w = {**({"gamma": weight(F)} if scale else {}),
                 **({"beta": weight(F)} if center else {})}
            x = inputs(*shape, scale=2.0) + 1
            parts = x.reshape(-1, n, F // n)
            y = (parts - parts.mean((0, 2), keepdims=True)) / np.sqrt(
                parts.var((0, 2), keepdims=True) + 1e-3)
            y = y.reshape(shape) * w.get("gamma", 1) + w.get("beta", 0)
            case("GroupNormalization", "group_normalization_%d_%d_%d%d" % (
                len(shape), n, center, scale), x, y, w, **keys)


def save_timesteps_as_features():
    """[5, 1] as [5]: the last axis is time, so that no step stands alone."""
    x, w = inputs(5, 1), {"scale": weight(5)}
    v, slopes = x[:, 0], weight(5)
    moving = {"moving_mean": weight(5), "moving_variance": np.abs(weight(5))}
    plain = {"center": False, "scale": False}
    for kind, keys, weights, y in (
            ("RMSNormalization", {}, w,
             v / np.sqrt((v ** 2).mean() + 1e-6) * w["scale"]),
            ("LayerNormalization", plain, {},
             (v - v.mean()) / np.sqrt(v.var() + 1e-3)),
            ("BatchNormalization", plain, moving,
             (v - moving["moving_mean"])
             / np.sqrt(moving["moving_variance"] + 1e-3)),
            ("PReLU", {}, {"alpha": slopes}, np.where(v < 0, slopes * v, v))):
        layer = {"type": kind, "name": "y", **keys}
        if weights:
            layer["weights"] = tolist(weights)
        save(kind, kind.lower() + "_of_timesteps",
             [{"type": "Reshape", "name": "vector", "target_shape": [5]},
              layer], {"x": (5, 1)}, [({"x": x}, {"y": y})], ["y"])


def save_later_activations():
    ACTIVATIONS.update(LATER_ACTIVATIONS)
    edges = np.array([-6.0, -3, -1.25, -1, -0.5, -0.125, 0, 0.125, 0.5, 1,
                      1.25, 3, 6, 1e-4, -1e-4, 2e5, -2e5])
    for activation, (spec, function) in LATER_ACTIVATIONS.items():
        wide = np.concatenate([np.linspace(-30, 30, 17),
                               np.linspace(-3, 3, 17), edges])
        if activation == "tanh_shrink":  # float64 itself has no digits there
            wide[np.abs(wide) < 0.01] = 0
        samples = [({"x": x}, {"y": function(x)})
                   for x in (inputs(51, scale=2.0), wide)]
        save("Activation", "activation_" + activation,
             [{"type": "Activation", "name": "y", "activation": spec}],
             {"x": (51,)}, samples, ["y"])
        save_dense("dense_" + activation, (3,), 6, activation=activation)
        save_rnn("rnn_" + activation, 5, 3, 4, activation=activation)
    function = LATER_ACTIVATIONS["log_softmax"][1]
    x = inputs(4, 3)
    save("Activation", "activation_log_softmax_rows",
         [{"type": "Activation", "name": "y", "activation": "log_softmax"}],
         {"x": (4, 3)}, [({"x": x}, {"y": function(x)})], ["y"])
    for F in (1, 2, 33):
        x = inputs(3, F)
        save("Activation", "activation_log_softmax_%d" % F,
             [{"type": "Activation", "name": "y",
               "activation": "log_softmax"}], {"x": (3, F)},
             [({"x": x}, {"y": function(x)})], ["y"])


NOISES = (("SpatialDropout1D", {"rate": 0.5}), ("AlphaDropout", {"rate": 0.1}),
          ("GaussianDropout", {"rate": 0.25}), ("GaussianNoise",
                                                {"stddev": 3.5}),
          ("ActivityRegularization", {"l1": 0.01, "l2": 2}))


def save_noises():
    """Nothing at inference: alone, and between layers that stream."""
    w = {"kernel": weight(3, 4), "recurrent_kernel": weight(4, 4),
         "bias": weight(4)}
    for kind, keys in NOISES:
        name, x = kind.lower(), inputs(4, 3)
        save(kind, name, [{"type": kind, "name": "y", **keys}], {"x": (4, 3)},
             [({"x": x}, {"y": x})], ["y"])
        layers = [{"type": kind, "name": "noise"},
                  {"type": "SimpleRNN", "name": "y", "units": 4,
                   "return_sequences": True, "weights": tolist(w)},
                  {"type": kind, "name": "more", **keys}]
        x = inputs(5, 3)
        save(kind, name + "_rnn", layers, {"x": (5, 3)},
             [({"x": x}, {"more": simple_rnn(x, w, np.tanh, True, False)})],
             ["more"], True)
    x = inputs(2, 3, 2)
    save("SpatialDropout2D", "spatialdropout2d", [
        {"type": "SpatialDropout2D", "name": "y", "rate": 0.5}],
        {"x": x.shape}, [({"x": x}, {"y": x})], ["y"])


def save_thresholds():
    """Keras' own has no defaults: both numbers are always there."""
    for name, at, value in (("threshold", 0.25, -1.5), ("threshold_zero", 0, 0),
                            ("threshold_low", -2, 7.5)):
        ACTIVATIONS[name] = (
            {"type": "threshold", "threshold": at, "default_value": value},
            lambda x, at=at, value=value: np.where(x > at, x, value))
        x = np.concatenate([inputs(20), [at, at + 1e-3, at - 1e-3, 0.0]])
        save("Activation", "activation_" + name,
             [{"type": "Activation", "name": "y",
               "activation": ACTIVATIONS[name][0]}], {"x": x.shape},
             [({"x": x}, {"y": ACTIVATIONS[name][1](x)})], ["y"])
        save_dense("dense_" + name, (3,), 6, activation=name)


def along(function, x, axes):
    """function of vectors, over the elements of several axes together."""
    axes = [a % (x.ndim + 1) - 1 if a > 0 else a % x.ndim for a in axes]
    order = [a for a in range(x.ndim) if a not in axes] + axes
    moved = x.transpose(order)
    shape = moved.shape
    y = np.apply_along_axis(function, -1, moved.reshape(
        shape[:x.ndim - len(axes)] + (-1,)))
    return y.reshape(shape).transpose(np.argsort(order))


def save_axes():
    """Softmax and normalizations along other axes than the last."""
    def case(kind, name, x, y, axis, w, **keys):
        layer = {"type": kind, "name": "y", "axis": axis, **keys}
        if w:
            layer["weights"] = tolist(w)
        save(kind, name, [layer], {"x": x.shape}, [({"x": x}, {"y": y})],
             ["y"])

    cases = [((4, 3), 1), ((2, 3, 4), 2), ((2, 3, 4), -3), ((2, 3, 4), -1),
             ((2, 3, 4), [1, 2]), ((2, 3, 4), [2, 3]), ((2, 3, 4), [1, 3]),
             ((2, 3, 4), [1, -2, 3]), ((2, 2, 3, 2), [2, 4]), ((5,), [1]),
             ((1, 3, 1), [2, 3])]
    for shape, axis in cases:
        axes = axis if isinstance(axis, list) else [axis]
        dims = [shape[a - 1 if a > 0 else a] for a in axes]
        suffix = "_%d_axis_%s" % (len(shape), "_".join(
            str(a).replace("-", "m") for a in axes))
        if shape == (1, 3, 1):
            suffix += "_ones"
        x = inputs(*shape, scale=3.0)
        case("Softmax", "softmax" + suffix, x, along(softmax, x, axes), axis,
             {})
        x = inputs(*shape, scale=2.0) + 1
        w = {"gamma": weight(*dims), "beta": weight(*dims)}
        spread = [shape[d] if d + 1 in axes or d - len(shape) in axes else 1
                  for d in range(len(shape))]
        y = along(lambda v: (v - v.mean()) / np.sqrt(v.var() + 1e-3), x, axes)
        case("LayerNormalization", "layer_normalization" + suffix, x,
             y * w["gamma"].reshape(spread) + w["beta"].reshape(spread), axis,
             w)
        if len(axes) == 1:
            x = inputs(*shape)
            w = {n: weight(*dims) for n in ("gamma", "beta", "moving_mean")}
            w["moving_variance"] = np.abs(weight(*dims))
            g, b, m, v = (w[n].reshape(spread) for n in w)
            case("BatchNormalization", "batch_normalization" + suffix, x,
                 (x - m) / np.sqrt(v + 1e-3) * g + b, axis, w)
    # Two axes stream as long as neither is time.
    w = {"kernel": weight(6, 4), "recurrent_kernel": weight(4, 4),
         "bias": weight(4)}
    gamma, x = weight(2), inputs(5, 2, 3)
    y = softmax(x.transpose(0, 2, 1)).transpose(0, 2, 1)
    y = (y - y.mean((1, 2), keepdims=True)) / np.sqrt(
        y.var((1, 2), keepdims=True) + 1e-3)
    m, v = weight(2), np.abs(weight(2))
    y = (y - m[:, None]) / np.sqrt(v[:, None] + 1e-3) * gamma[:, None]
    save("Softmax", "softmax_axes_stream", [
        {"type": "Softmax", "name": "s", "axis": 2},
        {"type": "LayerNormalization", "name": "l", "axis": [-2, -1],
         "center": False, "scale": False},
        {"type": "BatchNormalization", "name": "b", "axis": [2],
         "center": False, "weights": tolist(
             {"gamma": gamma, "moving_mean": m, "moving_variance": v})},
        {"type": "Reshape", "name": "r", "target_shape": [-1, 6]},
        {"type": "SimpleRNN", "name": "y", "units": 4, "weights": tolist(w)}],
        {"x": x.shape}, [({"x": x}, {"y": simple_rnn(
            y.reshape(5, 6), w, np.tanh, False, False)})], ["y"])


def dot(a, b, axes, normalize=False, epsilon=1e-7):
    """Keras' Dot: the batch counts as an axis."""
    axes = [axes, axes] if isinstance(axes, int) else axes
    p, q = (i % (t.ndim + 1) - 1 if i > 0 else i % t.ndim
            for i, t in zip(axes, (a, b)))
    if normalize:
        a = a / np.maximum(np.sqrt((a ** 2).sum(p, keepdims=True)), epsilon)
        b = b / np.maximum(np.sqrt((b ** 2).sum(q, keepdims=True)), epsilon)
    return np.atleast_1d(np.tensordot(a, b, (p, q)))


def save_short_dots():
    """Of vectors shorter than what their norm is taken for, and of none."""
    a, b = inputs(3, 4) * np.array([[1e-9], [0], [1]]), inputs(2, 4) * 1e-5
    for name, options in [("keras3", {}), ("keras2", {"epsilon": 1e-6}),
                          ("tfjs", {"epsilon": 1e-7 ** .5})]:
        save("Dot", "dot_short_" + name, [
            {"type": "Dot", "name": "y", "inputs": ["a", "b"], "axes": 2,
             "normalize": True, **options}], {"a": (3, 4), "b": (2, 4)},
            [({"a": a, "b": b}, {"y": dot(a, b, 2, True, **options)})], ["y"])


def save_dots():
    for shape, other, axes in [
            ((4,), (4,), 1), ((4,), (4,), -1), ((3, 4), (5, 4), 2),
            ((3, 4), (5, 4), -1), ((3, 4), (3, 5), 1), ((3, 4), (4, 2), [2, 1]),
            ((3, 4), (2, 3), [1, -1]), ((4,), (3, 4), [1, 2]),
            ((3, 4), (3,), 1), ((3, 4), (4,), [2, 1]), ((1, 3), (1, 2), 1),
            ((3, 1), (2, 1), [-1, -1]), ((2, 3, 4), (2, 3), [2, 2]),
            ((3, 2), (2, 4, 3), [1, 3])]:
        for normalize in False, True:
            a, b = inputs(*shape), inputs(*other)
            name = "dot_%s_%s_%s%s" % (
                "x".join(map(str, shape)), "x".join(map(str, other)),
                str(axes).replace("-", "m").replace(", ", "_").strip("[]"),
                "_normalize" * normalize)
            layer = {"type": "Dot", "name": "y", "inputs": ["a", "b"],
                     "axes": axes}
            if normalize:
                layer["normalize"] = True
            save("Dot", name, [layer], {"a": shape, "b": other},
                 [({"a": a, "b": b}, {"y": dot(a, b, axes, normalize)})],
                 ["y"])
    a, v = inputs(5, 3), inputs(3)
    save("Dot", "dot_itself", [{"type": "Dot", "name": "y", "axes": 1,
                                "inputs": ["a", "a"]}], {"a": (5, 3)},
         [({"a": a}, {"y": dot(a, a, 1)})], ["y"])
    # A vector that stays the same at every timestep: streams.
    square = np.array([[1.5, 0], [0.5, -1], [2, 1]])
    save("Dot", "dot_each", [
        {"type": "Dense", "name": "d", "inputs": ["v"], "units": 2,
         "use_bias": False, "weights": tolist({"kernel": square})},
        {"type": "Dense", "name": "e", "inputs": ["a"], "units": 2,
         "use_bias": False, "weights": tolist({"kernel": square})},
        {"type": "Dot", "name": "y", "inputs": ["e", "d"], "axes": [2, -1],
         "normalize": True}], {"a": (5, 3), "v": (3,)},
         [({"a": a, "v": v}, {"y": dot(a @ square, v @ square, [2, 1], True)})],
         ["y"], True)


def mean_of_values(scores, value, causal):
    """(the mean for each query, the weights)"""
    if causal:  # Keras: those that are masked get -1e9
        rows, columns = np.indices(scores.shape)
        scores = np.where(rows >= columns, scores, scores - 1e9)
    weights = softmax(scores)
    return weights @ value, weights


def attention_scores(kind, query, key, w, mode):
    if mode == "dot":
        return w.get("scale", 1) * (query @ key.T)
    both = query[:, None] + key[None]
    if kind == "AdditiveAttention":
        return (w.get("scale", 1) * np.tanh(both)).sum(-1)
    return w["concat_score_weight"] * np.tanh(w.get("scale", 1) * both).sum(-1)


def multi_head(query, value, key, w, causal):
    def project(x, name):
        return np.einsum("tf,fhk->htk", x, w[name + "_kernel"]) \
            + w.get(name + "_bias", np.zeros((1, 1)))[:, None]

    q, k, v = (project(x, n) for x, n in ((query, "query"), (key, "key"),
                                          (value, "value")))
    heads = [mean_of_values(a @ b.T / math.sqrt(a.shape[-1]), c, causal)
             for a, b, c in zip(q, k, v)]
    y = np.einsum("htv,hvo->to", np.array([h[0] for h in heads]),
                  w["attention_output_kernel"])
    return y + w.get("attention_output_bias", 0), np.array(
        [h[1] for h in heads])


def save_attention():
    def case(kind, name, layer, w, xs, run):
        """With and without a causal mask, the weights returned or not."""
        query, value = xs[0], xs[1 % len(xs)]
        key = xs[2] if len(xs) > 2 else value
        ports = dict(zip("qvk", xs))
        reads = list(ports) if len(xs) > 1 else ["q", "q"]
        for causal in False, True:
            y, weights = run(query, value, key, causal)
            for scores in False, True:
                own = {"type": kind, "name": "y", "inputs": reads, **layer}
                if causal:
                    own["use_causal_mask"] = True
                if scores:
                    own["return_attention_scores"] = True
                    y = np.concatenate([y.ravel(), weights.ravel()])
                if w:
                    own["weights"] = tolist(w)
                save(kind, name + "_causal" * causal + "_scores" * scores,
                     [own], {p: x.shape for p, x in ports.items()},
                     [(ports, {"y": y})], ["y"])

    lengths = [("same", [(4, 3)]), ("two", [(3, 2), (5, 2)]),
               ("three", [(5, 3), (3, 2), (3, 3)]), ("one", [(3, 1), (1, 1)])]
    for length, shapes in lengths:
        for scale in False, True:
            for kind, mode in (("Attention", "dot"), ("Attention", "concat"),
                               ("AdditiveAttention", "")):
                layer, w = {}, {}
                if scale:
                    w["scale"] = weight(1) if mode else weight(shapes[0][1])
                if scale == bool(mode):
                    layer["use_scale"] = scale
                if mode == "concat":
                    layer["score_mode"] = mode
                    w["concat_score_weight"] = weight(1)
                case(kind, "%s_%s_%s%d" % (kind.lower(), length, mode, scale),
                     layer, w, [inputs(*s, scale=2.0) for s in shapes],
                     lambda q, v, k, causal: mean_of_values(
                         attention_scores(kind, q, k, w, mode), v, causal))
    for length, shapes in lengths:
        for bias in True, False:
            heads, size = (3, 2) if length == "same" else (1, 3)
            width = 4 if length in ("two", "three") else size
            units = 5 if length == "three" else shapes[0][1]
            features = [shapes[i % len(shapes)][1] for i in (0, 1)]
            features.insert(1, shapes[-1][1])
            w = {}
            for name, F, K in zip(("query", "key", "value"), features,
                                  (size, size, width)):
                w[name + "_kernel"] = weight(F, heads, K)
                w[name + "_bias"] = weight(heads, K)
            w["attention_output_kernel"] = weight(heads, width, units)
            w["attention_output_bias"] = weight(units)
            if not bias:
                w = {n: a for n, a in w.items() if "bias" not in n}
            layer = {"num_heads": heads, "key_dim": size}
            if width != size:
                layer["value_dim"] = width
            if units != shapes[0][1]:
                layer["output_shape"] = [units]
            if not bias:
                layer.update(use_bias=False, attention_axes=[1])
            case("MultiHeadAttention", "multi_head_attention_%s%s" % (
                length, "" if bias else "_no_bias"), layer, w,
                [inputs(*s, scale=2.0) for s in shapes],
                lambda q, v, k, causal: multi_head(q, v, k, w, causal))
    # Scores beyond what exp() takes.
    x = inputs(3, 2, scale=50.0)
    y, _ = mean_of_values(x @ x.T, x, False)
    save("Attention", "attention_saturated", [
        {"type": "Attention", "name": "y", "inputs": ["x", "x"]}],
        {"x": x.shape}, [({"x": x}, {"y": y})], ["y"])
    # Taken apart, with one head and with two.
    x, z = inputs(3, 2), inputs(4, 2)
    for name, kind, heads, more in (
            ("attention_part", "AdditiveAttention", 0, {"use_scale": False}),
            ("attention_part_heads", "MultiHeadAttention", 2,
             {"num_heads": 2, "key_dim": 2, "use_bias": False})):
        if heads:
            w = {n: weight(2, 2, 2) for n in (
                "query_kernel", "key_kernel", "value_kernel",
                "attention_output_kernel")}
            y, weights = multi_head(x, z, z, w, True)
            more["weights"] = tolist(w)
        else:
            y, weights = mean_of_values(
                attention_scores(kind, x, z, {}, ""), z, True)
        save("AttentionPart", name, [
            {"type": kind, "name": "a", "inputs": ["x", "z"],
             "use_causal_mask": True, "return_attention_scores": True,
             **more},
            {"type": "AttentionPart", "name": "y", "part": "output"},
            {"type": "AttentionPart", "name": "w", "inputs": ["a"],
             "part": "weights"}], {"x": x.shape, "z": z.shape},
            [({"x": x, "z": z}, {"y": y, "w": weights})], ["y", "w"])
    # Behind a recurrence, and taken apart.
    w = {"kernel": weight(3, 4), "recurrent_kernel": weight(4, 4),
         "bias": weight(4)}
    x = inputs(5, 3)
    h = simple_rnn(x, w, np.tanh, True, False)
    y, weights = mean_of_values(h @ h.T, h, True)
    save("Attention", "attention_rnn", [
        {"type": "SimpleRNN", "name": "h", "units": 4, "inputs": ["x"],
         "return_sequences": True, "weights": tolist(w)},
        {"type": "Attention", "name": "both", "inputs": ["h", "h"],
         "use_causal_mask": True, "return_attention_scores": True},
        {"type": "Slice", "name": "flat", "from": 0, "to": -25},
        {"type": "Reshape", "name": "y", "target_shape": [5, 4]},
        {"type": "Slice", "name": "weights", "inputs": ["both"], "from": -25}],
        {"x": x.shape}, [({"x": x}, {"y": y, "weights": weights.ravel()})],
        ["y", "weights"])


def save_distributed():
    """TimeDistributed over what looks at the shape of its input, in models that
    stream, that do not, and over any number of timesteps."""
    def distribute(layer, name, *inputs):
        out = {"type": "TimeDistributed", "name": name, "layer": layer}
        return dict(out, inputs=list(inputs)) if inputs else out

    def case(name, shape, layers, function, null=False):
        chain = [distribute(v, "y" if v is layers[-1] else "l%d" % k)
                 for k, v in enumerate(layers)]
        samples = []
        for T in (4, 6) if null else (4, 4):
            x = inputs(T, *shape)
            samples.append(({"x": x}, {"y": np.stack([function(v)
                                                      for v in x])}))
        save("TimeDistributed", "time_distributed_" + name, chain,
             {"x": (4, *shape)}, samples, ["y"], null)

    def even(x, axis):
        return (x - x.mean(axis, keepdims=True)) / np.sqrt(
            x.var(axis, keepdims=True) + 0.001)

    gamma = weight(2), weight(5)
    for name, axis in ("last", -1), ("rows", 1):
        case("layer_normalization_" + name, (5, 2), [
            {"type": "LayerNormalization", "axis": axis, "center": False,
             "weights": {"gamma": gamma[axis > 0].tolist()}}],
            lambda x: even(x, 0) * gamma[1][:, None] if axis > 0
            else even(x, 1) * gamma[0])
    case("softmax", (5, 2), [{"type": "Softmax", "axis": 1}],
         lambda x: softmax(x.T).T)
    w = {"kernel": weight(3, 2, 4, scale=0.4), "bias": weight(4)}
    layer = {"type": "Conv1D", "filters": 4, "kernel_size": 3,
             "padding": "same", "strides": 2, "weights": tolist(w)}
    for null in (False, True):
        case("convolution" + "_any" * null, (5, 2), [
            layer, {"type": "MaxPooling1D", "pool_size": 2},
            {"type": "Flatten"}], lambda x: conv1d(
                x, w, lambda z: z, "same", 2, 1, 1)[:2].max(0), null)
    cell = {"kernel": weight(2, 36), "recurrent_kernel": weight(9, 36),
            "bias": weight(36)}
    for name, flag in ("lstm", False), ("lstm_sequences", True):
        case(name, (5, 2), [{
            "type": "LSTM", "units": 9, "return_sequences": flag,
            "go_backwards": flag, "weights": tolist(cell)}],
            lambda x: lstm(x, cell, np.tanh, sigmoid, flag, flag))
    x = inputs(3, 4, 2)
    y = np.concatenate([x, even(x, 1)], 1).reshape(3, -1)
    plain = {"center": False, "scale": False}
    layers = [distribute({"type": "LayerNormalization", "axis": 1, **plain},
                         "n"),
              distribute({"type": "Concatenate", "axis": 1}, "c", "x", "n"),
              distribute({"type": "Reshape", "target_shape": [-1]}, "y")]
    save("TimeDistributed", "time_distributed_joined", layers,
         {"x": (3, 4, 2)}, [({"x": x}, {"y": y})], ["y"])
    save("TimeDistributed", "time_distributed_whole",
         layers + [{"type": "Reverse", "name": "z"}], {"x": (3, 4, 2)},
         [({"x": x}, {"z": y[::-1]})], ["z"])
    # In tiles, with fewer features than gain from timesteps at once.
    for kind in ("LSTM", "GRU"):
        save_gated(kind, kind.lower() + "_narrow_backwards", 5, 2, 9,
                   backwards=True)


def save_open():
    """Any number of timesteps, of which windows and strides leave fewer: to a
    layer that takes them one by one, and ends with its last output."""
    w = {"kernel": weight(3, 2, 4, scale=0.4), "bias": weight(4)}
    cells = [{"kernel": weight(4, 3 * U), "recurrent_kernel": weight(U, 3 * U),
              "bias": weight(2, 3 * U, scale=0.3)} for U in (3, 9)]
    last = [{"type": "GRU", "name": "y", "units": U, "weights": tolist(c)}
            for U, c in zip((3, 9), cells)]
    after = [lambda x, c=c: gru(x, dict(c, reset_after=True), np.tanh, sigmoid,
                                False, False) for c in cells]

    def case(name, layers, before, k):
        samples = []
        for T in (7, 8, 12):
            x = inputs(T, 2)
            samples.append(({"x": x}, {"y": after[k](before(x))}))
        save("Conv1D", "conv1d_open_" + name, layers + [last[k]],
             {"x": (7, 2)}, samples, ["y"], True)

    def layer(**more):
        return {"type": "Conv1D", "name": "c", "filters": 4, "kernel_size": 3,
                "weights": tolist(w), **more}

    def run(x, padding="valid", strides=1, dilation=1):
        return conv1d(x, w, lambda z: z, padding, strides, dilation, 1)

    case("valid", [layer()], run, 0)
    case("strides", [layer(strides=2)], lambda x: run(x, strides=2), 1)
    case("causal", [layer(strides=3, padding="causal")],
         lambda x: run(x, "causal", 3), 0)
    for kind, reduce in ("Max", np.max), ("Average", np.mean):
        case(kind.lower() + "_pooling", [
            layer(dilation_rate=2), {"type": kind + "Pooling1D", "name": "p",
                                     "pool_size": 2, "strides": 1 + (
                                         kind == "Max")}],
             lambda x: np.array([reduce(v, 0) for v in (
                 lambda z: [z[t:t + 2] for t in range(
                     0, len(z) - 1, 1 + (kind == "Max"))])(
                         run(x, dilation=2))]), 1)
    # Outputs of fewer rows, beside one of all.
    d, samples = {"kernel": weight(2, 2), "bias": weight(2)}, []
    for T in (7, 8, 11):
        x = inputs(T, 2)
        rows = run(x, strides=2)
        samples.append(({"x": x}, {"c": rows, "e": dense(x, d, np.tanh), "g": gru(
            rows, dict(cells[0], reset_after=True), np.tanh, sigmoid, True,
            False)}))
    save("Conv1D", "conv1d_open_rows", [
        layer(strides=2), dict(last[0], name="g", return_sequences=True),
        {"type": "Dense", "name": "e", "inputs": ["x"], "units": 2,
         "activation": "tanh", "weights": tolist(d)}],
        {"x": (7, 2)}, samples, ["c", "g", "e"], True)


def main():
    save_rnn("rnn_defaults", 6, 3, 4)
    save_rnn("rnn_sequences", 6, 3, 4, sequences=True)
    save_rnn("rnn_backwards", 6, 3, 4, backwards=True)
    save_rnn("rnn_backwards_sequences", 6, 3, 4, sequences=True,
             backwards=True)
    save_rnn("rnn_no_bias", 5, 2, 3, bias=False)
    save_rnn("rnn_one_timestep", 1, 2, 3)
    save_rnn("rnn_one_unit", 7, 1, 1, sequences=True)
    save_rnn("rnn_any_timesteps", 4, 3, 5, null=True)
    save_rnn("rnn_any_timesteps_sequences", 4, 3, 5, sequences=True,
             null=True)
    save_rnn("rnn_saturated", 8, 2, 4, scale=100.0)
    save_rnn("rnn_long", 300, 2, 8, sequences=False, count=1)
    save_rnn("rnn_wide", 12, 5, 48, count=1)
    for activation in ACTIVATIONS:
        if activation != "exponential":  # a recurrence of it explodes
            save_rnn("rnn_" + activation, 5, 3, 4, activation=activation)

    save_dense("dense_vector", (4,), 3)
    save_dense("dense_no_bias", (4,), 3, bias=False)
    save_dense("dense_sequence", (5, 4), 3)
    save_dense("dense_rank3", (2, 3, 4), 5, activation="tanh")
    save_dense("dense_any_timesteps", (5, 4), 3, null=True)
    save_dense("dense_wide", (100,), 40, activation="relu")
    for activation in ACTIVATIONS:
        save_dense("dense_" + activation, (3,), 6, activation=activation)

    for activation, (spec, function) in ACTIVATIONS.items():
        layers = [{"type": "Activation", "name": "y", "activation": spec}]
        wide = np.concatenate([np.linspace(-30, 30, 17), np.linspace(-3, 3, 17),
                               [0.0, 1e-4]])
        samples = [({"x": x}, {"y": function(x)})
                   for x in (inputs(36, scale=2.0), wide)]
        save("Activation", "activation_" + activation, layers, {"x": (36,)},
             samples, ["y"])
    x = inputs(4, 3)
    save("Activation", "activation_softmax_rows",
         [{"type": "Activation", "name": "y", "activation": "softmax"}],
         {"x": (4, 3)}, [({"x": x}, {"y": softmax(x)})], ["y"])

    x = inputs(4, 3)
    save("Dropout", "dropout", [{"type": "Dropout", "name": "y", "rate": 0.5}],
         {"x": (4, 3)}, [({"x": x}, {"y": x})], ["y"])
    save("Flatten", "flatten", [{"type": "Flatten", "name": "y"}],
         {"x": (4, 3)}, [({"x": x}, {"y": x.reshape(-1)})], ["y"])
    w = {"kernel": weight(12, 2), "bias": weight(2)}
    save("Flatten", "flatten_dense",
         [{"type": "Flatten", "name": "flat"},
          {"type": "Dense", "name": "y", "units": 2, "weights": tolist(w)}],
         {"x": (4, 3)}, [({"x": x}, {"y": dense(x.reshape(-1), w,
                                                lambda v: v)})], ["y"])
    for name, target in (("reshape", [3, 4]), ("reshape_open", [2, -1]),
                         ("reshape_rank3", [2, 3, 2])):
        save("Reshape", name,
             [{"type": "Reshape", "name": "y", "target_shape": target}],
             {"x": (4, 3)}, [({"x": x}, {"y": x.reshape(target)})], ["y"])
    w = {"kernel": weight(2, 3), "bias": weight(3)}
    v = inputs(5, 6)
    save("Reshape", "reshape_keeps_timesteps",
         [{"type": "Reshape", "name": "r", "target_shape": [5, 3, 2]},
          {"type": "Dense", "name": "y", "units": 3, "weights": tolist(w)}],
         {"x": (5, 6)}, [({"x": v}, {"y": dense(v.reshape(5, 3, 2), w,
                                                lambda v: v)})], ["y"])

    a, b, c = inputs(4, 3), inputs(4, 2), inputs(4, 3)
    both = {"a": (4, 3), "b": (4, 2)}
    save("Concatenate", "concatenate",
         [{"type": "Concatenate", "name": "y", "inputs": ["a", "b"]}], both,
         [({"a": a, "b": b}, {"y": np.concatenate([a, b], -1)})], ["y"])
    save("Concatenate", "concatenate_time",
         [{"type": "Concatenate", "name": "y", "inputs": ["a", "b"],
           "axis": 1}], {"a": (4, 3), "b": (4, 3)},
         [({"a": a, "b": c}, {"y": np.concatenate([a, c], 0)})], ["y"])
    save("Concatenate", "concatenate_three",
         [{"type": "Concatenate", "name": "y", "inputs": ["b", "a", "b"],
           "axis": 2}], both,
         [({"a": a, "b": b}, {"y": np.concatenate([b, a, b], -1)})], ["y"])
    d, e = inputs(2, 3, 2), inputs(2, 1, 2)
    save("Concatenate", "concatenate_middle",
         [{"type": "Concatenate", "name": "y", "inputs": ["d", "e"],
           "axis": -2}], {"d": (2, 3, 2), "e": (2, 1, 2)},
         [({"d": d, "e": e}, {"y": np.concatenate([d, e], 1)})], ["y"])

    v, w1 = inputs(3), inputs(4, 1)
    save("Add", "add", [{"type": "Add", "name": "y", "inputs": ["a", "c"]}],
         {"a": (4, 3), "c": (4, 3)}, [({"a": a, "c": c}, {"y": a + c})], ["y"])
    save("Add", "add_itself",
         [{"type": "Add", "name": "y", "inputs": ["a", "a", "a"]}],
         {"a": (4, 3)}, [({"a": a}, {"y": 3 * a})], ["y"])
    save("Add", "add_vector",
         [{"type": "Add", "name": "y", "inputs": ["a", "v"]}],
         {"a": (4, 3), "v": (3,)}, [({"a": a, "v": v}, {"y": a + v})], ["y"])
    save("Add", "add_column",
         [{"type": "Add", "name": "y", "inputs": ["a", "w"]}],
         {"a": (4, 3), "w": (4, 1)}, [({"a": a, "w": w1}, {"y": a + w1})],
         ["y"])
    save("Add", "add_both_stretched",
         [{"type": "Add", "name": "y", "inputs": ["w", "v"]}],
         {"w": (4, 1), "v": (3,)}, [({"w": w1, "v": v}, {"y": w1 + v})], ["y"])

    # New cases come last, so that the earlier ones keep their numbers.
    save_rnn("rnn_initial_state", 5, 2, 3, initial=True)
    save_gated_cases("LSTM", "lstm")
    save_gated_cases("GRU", "gru")
    save_gated_cases("GRU", "gru_before", after=False)
    save_merges()
    save_convolutions()
    save_wrappers()
    save_activation_layers()
    save_normalizations()
    save_data_layers()
    save_conv1d("conv1d_no_tap", 1, 2, 3, 2, "same", dilation=2)
    save_moves()
    save_poolings()
    save_states()
    save_embeddings()
    save_more_normalizations()
    save_timesteps_as_features()
    save_later_activations()
    save_noises()
    save_thresholds()
    save_axes()
    save_dots()
    save_attention()
    save_distributed()
    save_open()
    x = inputs(2, 4, 3)
    save("Permute", "permute_first_to_last", [{"type": "Permute", "name": "y"}],
         {"x": (2, 4, 3)}, [({"x": x}, {"y": np.moveaxis(x, 0, -1)})], ["y"])
    save_peepholes()
    save_other_axes()
    x = inputs(4, 3)
    save("Identity", "identity", [{"type": "Identity", "name": "y"}],
         {"x": (4, 3)}, [({"x": x}, {"y": x})], ["y"])
    v, x = inputs(3), inputs(4, 3)  # beside a sequence of its own: no step
    save("TimeDistributed", "time_distributed_beside", [
        {"type": "RepeatVector", "name": "r", "inputs": ["v"], "n": 4},
        {"type": "TimeDistributed", "name": "y", "inputs": ["x", "r"],
         "layer": {"type": "Add"}}], {"x": (4, 3), "v": (3,)},
        [({"x": x, "v": v}, {"y": x + v})], ["y"])
    x = inputs(4, 2, 3)
    save("TimeDistributed", "time_distributed_twice", [
        {"type": "TimeDistributed", "name": "y", "layer": {
            "type": "TimeDistributed", "layer": {"type": "Softmax",
                                                 "axis": 1}}}],
        {"x": (4, 2, 3)}, [({"x": x}, {"y": softmax(x)})], ["y"])
    save_sparsemax()
    save_glu()
    save_short_dots()
    save_open_poolings()
    save_functions()
    save_reductions()
    save_slices()
    save_dims()


def sparsemax(x, cumulative):
    """Martins & Astudillo 2016, with sorting; or as Keras 3.8 to 3.15."""
    ordered = -np.sort(-x, -1)
    sums = np.cumsum(ordered, -1)
    ranks = np.arange(1, x.shape[-1] + 1)
    support = ordered - (sums - 1) / ranks > 0
    size = support.sum(-1, keepdims=True)
    total = np.where(support, sums if cumulative else ordered, 0) \
        .sum(-1, keepdims=True)
    return np.maximum(x - (total - 1) / size, 0)


def save_sparsemax():
    """Both readings, of all sizes, in rows, in cells and as gates."""
    def activation(name, tau, x):
        save("Activation", name, [{
            "type": "Activation", "name": "y", "activation": {
                "type": "sparsemax", "tau": tau}}], {"x": x.shape},
            [({"x": v}, {"y": function(v)}) for v in (x, x[::-1] * 3, x * 0)],
            ["y"])

    for tau, word in ("paper", "paper"), ("keras3.15", "keras"):
        function = lambda x: sparsemax(x, word == "keras")
        name = "sparsemax_" + word
        ACTIVATIONS[name] = ({"type": "sparsemax", "tau": tau}, function)
        for F in (1, 2, 5, 33):
            activation("activation_%s_%d" % (name, F), tau,
                       inputs(3, F, scale=0.4))
        ties = np.array([[1, 0.75, 1, 0.75], [2, 2, 2, 2], [0.5, 4, 4, 3.75]])
        activation("activation_%s_ties" % name, tau, ties)
        little = np.array([[1 - 2e-8, 2e-8], [1, 1e-9], [1e-12, 1]])
        activation("activation_%s_little" % name, tau, little) # but inside
        save_dense("dense_" + name, (2, 3), 6, activation=name)
        save_rnn("rnn_" + name, 5, 3, 4, activation=name)
        save_gated("LSTM", "lstm_activation_" + name, 4, 3, 3, name)
        save_gated("GRU", "gru_gate_" + name, 4, 3, 3, gate=name)


def glu(x, axis):
    a, b = np.split(x, 2, axis)
    return a / (1 + np.exp(-b))


def save_glu():
    """Every axis of every rank; where a step takes slices; inside others."""
    for shape, axis in (((6,), -1), ((5, 8), 2), ((4, 3), 1), ((3, 4, 6), 3),
                        ((3, 4, 2), 2), ((2, 3, 2), -3), ((2, 64), -1),
                        ((3, 16, 5), -2)):
        x = inputs(*shape)
        save("GLU", "glu_%s_axis_%s" % ("x".join(map(str, shape)),
                                        str(axis).replace("-", "m")),
             [{"type": "GLU", "name": "y", "axis": axis}], {"x": shape},
             [({"x": v}, {"y": glu(v, axis - (axis > 0))})
              for v in (x, 4 * x)], ["y"])
    x, w = inputs(7, 3), {"kernel": weight(3, 8), "bias": weight(8)}
    h = glu(dense(x, w, lambda v: v), -1)
    r = {"kernel": weight(4, 2), "recurrent_kernel": weight(2, 2),
         "bias": weight(2)}
    save("GLU", "glu_gates_a_sequence", [
        {"type": "Dense", "name": "d", "units": 8, "weights": tolist(w)},
        {"type": "GLU", "name": "g"},
        {"type": "SimpleRNN", "name": "y", "units": 2, "return_sequences": True,
         "weights": tolist(r)}], {"x": (7, 3)}, [({"x": x}, {
             "y": simple_rnn(h, r, np.tanh, True, False)})], ["y"])
    x = inputs(3, 2, 4)
    save("GLU", "glu_distributed", [{
        "type": "TimeDistributed", "name": "y", "layer": {
            "type": "GLU", "axis": 1}}], {"x": (3, 2, 4)},
        [({"x": x}, {"y": glu(x, 1)})], ["y"])


def save_functions():
    """Activations that functions of Keras and PyTorch are; where they are not
    defined, and at their edges."""
    for name, spec, function, x in (
            ("abs", "abs", np.abs, inputs(3, 7)),
            ("square", "square", np.square, inputs(3, 7, scale=3)),
            ("sqrt", "sqrt", np.sqrt, np.abs(inputs(3, 7)) * 1e3),
            ("rsqrt", "rsqrt", lambda x: 1 / np.sqrt(x),
             np.abs(inputs(3, 7)) + 1e-3),
            ("log", "log", np.log, np.abs(inputs(3, 7)) + 1e-4),
            ("clip", {"type": "clip", "min": -0.5, "max": 1.25},
             lambda x: np.clip(x, -0.5, 1.25), inputs(3, 7))):
        edges = np.array([[0.25, 1, 4, 1e-6, 1e6, 0.9375, 1.0625]] * 3)
        save("Activation", "activation_" + name, [{
            "type": "Activation", "name": "y", "activation": spec}],
            {"x": x.shape}, [({"x": v}, {"y": function(v)})
                             for v in (x, edges)], ["y"])
        w = {"kernel": weight(3, 4),
             "bias": np.float32(weight(4) + 9).astype(float)}
        x = inputs(2, 3)
        save("Dense", "dense_" + name, [{
            "type": "Dense", "name": "y", "units": 4, "activation": spec,
            "weights": tolist(w)}], {"x": (2, 3)},
            [({"x": x}, {"y": dense(x, w, function)})], ["y"])
    for a, b in ((4, 3), (4, 3)), ((4, 3), (3,)), ((4, 1), (4, 3)):
        x, y = inputs(*a), 2 + np.abs(inputs(*b))
        save("Divide", "divide_%s_%s" % tuple(
            "x".join(map(str, s)) for s in (a, b)),
            [{"type": "Divide", "name": "y", "inputs": ["a", "b"]}],
            {"a": a, "b": b}, [({"a": x, "b": y}, {"y": x / y})], ["y"])


REDUCE = {"Mean": np.mean, "Sum": np.sum, "Max": np.max, "Min": np.min}


def save_reductions():
    """Along every axis of every rank, and several; of any number of timesteps;
    along the features of a sequence, which streams."""
    for word, reduce in REDUCE.items():
        kind, name = "Reduce" + word, "reduce_" + word.lower()
        for shape, axis in (((5,), 1), ((4, 3), 1), ((4, 3), -1),
                            ((4, 3), [1, 2]), ((3, 4, 2), 2),
                            ((3, 4, 2), [1, 3]), ((3, 4, 2), [2, -1]),
                            ((2, 3, 2, 2), [-2])):
            axes = tuple(a - 1 if a > 0 else a for a in np.atleast_1d(axis))
            for keep in False, True:
                x = inputs(*shape)
                save(kind, "%s_%s_axis_%s%s" % (
                    name, "x".join(map(str, shape)),
                    "_".join(map(str, np.atleast_1d(axis))).replace("-", "m"),
                    "_keep" * keep), [{"type": kind, "name": "y", "axis": axis,
                                       "keepdims": keep}], {"x": shape},
                    [({"x": v}, {"y": np.atleast_1d(reduce(
                        v, axis=axes, keepdims=keep))})
                     for v in (x, -10 * x)], ["y"])
        for keep in False, True:
            xs = [inputs(T, 2, 3) + 1 for T in (1, 2, 7, 100, 600)]
            save(kind, name + "_any_timesteps" + "_keep" * keep,
                 [{"type": kind, "name": "y", "keepdims": keep}],
                 {"x": (7, 2, 3)}, [({"x": x}, {"y": reduce(
                     x, axis=0, keepdims=keep)}) for x in xs], ["y"],
                 null=True)
        for null in False, True:
            w = {"kernel": weight(1, 2), "recurrent_kernel": weight(2, 2),
                 "bias": weight(2)}
            x = inputs(6, 4)
            h = reduce(x, axis=1, keepdims=True)
            save(kind, name + "_features" + "_any_timesteps" * null, [
                {"type": kind, "name": "r", "axis": -1, "keepdims": True},
                {"type": "SimpleRNN", "name": "y", "units": 2,
                 "weights": tolist(w)}], {"x": (6, 4)}, [({"x": x}, {
                     "y": simple_rnn(h, w, np.tanh, False, False)})], ["y"],
                null=null)


def save_slices():
    """from..to of every axis, with steps; the last timestep of any number."""
    for shape, axis, a, b, step in (
            ((6,), 1, 1, -1, 2), ((5, 3), 1, 1, 0, 1), ((5, 3), 1, -1, 0, 1),
            ((5, 3), 1, 0, 4, 3), ((5, 3), 2, 1, 0, 1), ((5, 6), -1, 0, 0, 2),
            ((3, 4, 5), 2, 1, 3, 1), ((3, 4, 5), -1, -3, -1, 1),
            ((3, 4, 5), 1, -1, 0, 1), ((2, 3, 4, 2), 3, 1, 4, 2)):
        d = axis - 1 if axis > 0 else len(shape) + axis
        key = tuple(slice(a, b or None, step) if k == d else slice(None)
                    for k in range(len(shape)))
        x = inputs(*shape)
        save("Slice", ("slice_%s_axis_%d_%d_%d_%d" % (
            "x".join(map(str, shape)), axis, a, b, step)).replace("-", "m"),
            [{"type": "Slice", "name": "y", "axis": axis, "from": a, "to": b,
              "step": step}], {"x": shape}, [({"x": x}, {"y": x[key]})], ["y"])
    w, v = {"kernel": weight(3, 4), "recurrent_kernel": weight(4, 4),
            "bias": weight(4)}, {"kernel": weight(4, 2), "bias": weight(2)}
    for null in False, True:
        samples = []
        for T in (1, 2, 7, 100) if null else (5,):
            x = inputs(T, 3)
            h = simple_rnn(x, w, np.tanh, True, False)
            samples.append(({"x": x}, {"h": h, "y": dense(
                h[-1], v, np.tanh)}))
        save("Slice", "slice_last" + "_any_timesteps" * null, [
            {"type": "SimpleRNN", "name": "h", "units": 4,
             "return_sequences": True, "weights": tolist(w)},
            {"type": "Slice", "name": "s", "from": -1},
            {"type": "Squeeze", "name": "q", "axis": 1},
            {"type": "Dense", "name": "y", "units": 2, "activation": "tanh",
             "weights": tolist(v)}], {"x": (5, 3)}, samples, ["h", "y"],
            null=null)
        x = inputs(5, 4)
        save("Slice", "slice_features" + "_any_timesteps" * null, [
            {"type": "Slice", "name": "s", "axis": -1, "from": 0, "to": -1},
            {"type": "SimpleRNN", "name": "y", "units": 4,
             "weights": tolist(w)}], {"x": (5, 4)}, [({"x": x}, {
                 "y": simple_rnn(x[:, :-1], w, np.tanh, False, False)})],
            ["y"], null=null)


def save_dims():
    for shape, axis in ((3,), 1), ((3,), -1), ((4, 3), 2), ((4, 3), 1), (
            (4, 3), -1), ((2, 3, 2), 3):
        x = inputs(*shape)
        y = np.expand_dims(x, axis - 1 if axis > 0 else axis)
        name = "%s_axis_%s" % ("x".join(map(str, shape)),
                               str(axis).replace("-", "m"))
        save("ExpandDims", "expand_dims_" + name, [
            {"type": "ExpandDims", "name": "y", "axis": axis}], {"x": shape},
            [({"x": x}, {"y": y})], ["y"])
        save("Squeeze", "squeeze_" + name, [
            {"type": "Squeeze", "name": "y", "axis": axis}], {"x": y.shape},
            [({"x": y}, {"y": x})], ["y"])
    x = inputs(1, 3, 1)
    save("Squeeze", "squeeze_all", [{"type": "Squeeze", "name": "y"}],
         {"x": (1, 3, 1)}, [({"x": x}, {"y": x[0, :, 0]})], ["y"])
    x = inputs(4, 3)
    save("Squeeze", "squeeze_any_timesteps", [
        {"type": "ExpandDims", "name": "e", "axis": -1},
        {"type": "Activation", "name": "a", "activation": "tanh"},
        {"type": "Squeeze", "name": "y", "axis": -1}], {"x": (4, 3)},
        [({"x": x}, {"y": np.tanh(x)})], ["y"], null=True)


if __name__ == "__main__":
    main()
