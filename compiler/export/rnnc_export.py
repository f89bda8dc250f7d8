#!/usr/bin/env python3
"""rnnc_export -- write a Keras or PyTorch model as a file that rnnc compiles.

In a notebook:

    from rnnc_export import export
    export(model, "model.json")                  # Keras 2 or 3, or PyTorch
    export(model, "model.json", samples=X[:8])   # with inputs of your own

On a command line:

    python rnnc_export.py model.keras -o model.json
    python rnnc_export.py weights.pt -o model.json   # a state_dict: rnnc asks
                                                     # for the architecture

Then:  rnnc model.json -o model.c

Weights are copied bit for bit. Everything that frameworks leave to a default is
stated (reset_after, the slope of hard_sigmoid, every activation's parameter).
Golden samples, computed by the framework itself, always go into the file: rnnc
checks them when it compiles, and the C file's self-test checks them again. A
layer, an option or an operation that cannot be written exactly is refused by
name, all of them at once; nothing is guessed.

A PyTorch model needs samples, or shape=(timesteps or None, features). Its
forward() is traced with torch.fx: modules, activations, arithmetic, items such
as x[:, -1] or h[-1] behind a recurrent layer, first states of zeros, mean and
its like, clamp, reshape, cat, stack, chunk, unsqueeze, transpose(1, 2) around
Conv1d. A model that reads [features, rows, columns] or [features, timesteps]
has the features last in the file and in the C.

Only numpy is imported here; the framework is the one that made the model.
"""

import argparse
import base64
import importlib
import json
import os
import sys
import zipfile

import numpy as np

SEED = 20260101


class RnncExportError(ValueError):
    """The model holds something that rnnc's format cannot say exactly."""


# ---- The file ----------------------------------------------------------------


def tensor(values):
    """Bit for bit: little-endian base64; float32 unless it is float64."""
    a = np.asarray(values)
    kind = "float64" if a.dtype == np.float64 else "float32"
    data = np.ascontiguousarray(a, dtype="<f8" if kind == "float64" else "<f4")
    return {"shape": list(data.shape), "dtype": kind,
            "base64": base64.b64encode(data.tobytes()).decode("ascii")}


def write(document, path):
    """Completely or not at all; the same model makes the same bytes."""
    temporary = "%s.%d.part" % (path, os.getpid())
    try:
        with open(temporary, "w") as f:
            json.dump(document, f, indent=1)
            f.write("\n")
        os.replace(temporary, path)
    except OSError as e:
        raise RnncExportError("%s: %s" % (path, e.strerror)) from e
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def default_inputs(shapes, long, special, short=8):
    """Golden inputs: ordinary, zero, large; for any length a long one, too.

    shapes: of each input, with None for any number of timesteps; special: what
    its numbers mean, ("row", of how many) for an Embedding, ("mask", value)
    for a Masking, else None; short: so many timesteps, where any will do."""
    rng = np.random.RandomState(SEED)

    def one(shape, special, scale):
        kind, number = special or (None, None)
        if kind == "row":
            return rng.randint(number if scale else 1, size=shape)
        x = rng.standard_normal(shape) * scale
        if kind == "mask":
            x[rng.random_sample(shape[:1]) < 0.3] = number
        return x

    def make(timesteps, scale):
        return [one([timesteps if d is None else d for d in s], n, scale)
                .astype(np.float32) for s, n in zip(shapes, special)]

    cases = [("standard normal", make(short, 1.0)),
             ("zeros", make(short, 0.0)),
             ("ten times as large", make(short, 10.0))]
    if long:
        cases.append(("a long sequence", make(8 * short, 1.0)))
    return cases


def golden(shapes, names, outputs, predict, given, made_by, special={},
           stateful=False):
    """[{inputs, outputs, atol, rtol, note}], computed by the framework."""
    long = any(s[:1] == (None,) for s in shapes)
    for short in (8, 32, 128) if long else (8,):
        cases = default_inputs(shapes, long, [special.get(n) for n in names],
                               short)
        try:
            predict(cases[0][1])
            break
        except Exception:  # whatever a framework says of too few timesteps
            if short == 128 or not long:
                raise
    if stateful:
        # Computed behind all those above, and a reset.
        cases.append(("a sequence behind others and a reset", cases[0][1]))
    if given is not None:
        given = given if isinstance(given, (list, tuple)) else [given]
        for g, s in zip(given, shapes):
            g = np.shape(g)
            if len(g) != len(s) + 1 or any(
                    d not in (None, n) for d, n in zip(s, g[1:])):
                raise RnncExportError("samples have shape %s, expected %s" % (
                    list(g), str(["n", *s]).replace("'", "")))
        for k in range(len(given[0])):
            cases.append(("sample %d" % k,
                          [np.asarray(g[k], np.float32) for g in given]))
    samples = []
    for what, xs in cases:
        ys = predict(xs)
        with np.errstate(over="ignore"):
            if not all(np.isfinite(y.astype("f4")).all() for y in ys):
                continue
        samples.append({
            "inputs": {n: tensor(x) for n, x in zip(names, xs)},
            "outputs": {n: tensor(y) for n, y in zip(outputs, ys)},
            "atol": 1e-5, "rtol": 1e-5, "note": "%s, %s" % (what, made_by)})
    return samples


# ---- Keras -------------------------------------------------------------------


class Row:
    """A layer class: the config keys to copy, the weights in order."""

    def __init__(self, keys="", weights="", when=None):
        self.keys, self.weights = keys.split(), weights.split()
        self.when = when or {}  # weight: the bool key that makes it exist


# What only changes pictures in training.
AUGMENTATIONS = ("RandomFlip", "RandomRotation", "RandomZoom", "RandomContrast",
                 "RandomTranslation", "RandomBrightness")
_BIAS = {"bias": "use_bias"}
_NORM = {"gamma": "scale", "beta": "center"}
_CELL = "units activation use_bias return_sequences go_backwards " \
    "return_state zero_output_for_mask"
_RNN = "kernel recurrent_kernel bias"
_HEADS = ("query_kernel query_bias key_kernel key_bias value_kernel value_bias "
          "attention_output_kernel attention_output_bias")
_POOL = "pool_size strides padding"
_CONV = "filters kernel_size strides padding dilation_rate activation use_bias"
_APART = "kernel_size strides padding dilation_rate depth_multiplier " \
    "activation use_bias"
_SEPARABLE = Row("filters " + _APART, "depthwise_kernel pointwise_kernel bias",
                 _BIAS)
KERAS = {
    "SimpleRNN": Row(_CELL, _RNN, _BIAS),
    "LSTM": Row(_CELL + " recurrent_activation", _RNN, _BIAS),
    "GRU": Row(_CELL + " recurrent_activation reset_after", _RNN, _BIAS),
    "Dense": Row("units activation use_bias", "kernel bias", _BIAS),
    "Conv1D": Row(_CONV + " groups", "kernel bias", _BIAS),
    "Conv2D": Row(_CONV + " groups", "kernel bias", _BIAS),
    "Conv1DTranspose": Row(_CONV + " output_padding", "kernel bias", _BIAS),
    "Conv2DTranspose": Row(_CONV + " output_padding", "kernel bias", _BIAS),
    "DepthwiseConv1D": Row(_APART, "depthwise_kernel bias", _BIAS),
    "DepthwiseConv2D": Row(_APART, "depthwise_kernel bias", _BIAS),
    "SeparableConv1D": _SEPARABLE, "SeparableConv2D": _SEPARABLE,
    "Activation": Row("activation"),
    "ReLU": Row("max_value negative_slope threshold"),
    "LeakyReLU": Row("negative_slope"),
    "ELU": Row("alpha"),
    "Softmax": Row("axis"),
    "PReLU": Row("", "alpha"),
    "BatchNormalization": Row(
        "axis epsilon center scale",
        "gamma beta moving_mean moving_variance", _NORM),
    "LayerNormalization": Row("axis epsilon center scale", "gamma beta", _NORM),
    "Normalization": Row("axis invert", "mean variance"),
    "GroupNormalization": Row("groups axis epsilon center scale", "gamma beta",
                              _NORM),
    "RMSNormalization": Row("axis epsilon", "scale"),
    "UnitNormalization": Row("axis"),
    "Embedding": Row("input_dim output_dim mask_zero", "embeddings"),
    "Masking": Row("mask_value"),
    "Rescaling": Row("scale offset"),
    "ZeroPadding1D": Row("padding"), "ZeroPadding2D": Row("padding"),
    "Cropping1D": Row("cropping"), "Cropping2D": Row("cropping"),
    "UpSampling1D": Row("size"), "UpSampling2D": Row("size interpolation"),
    "RepeatVector": Row("n"), "Permute": Row("dims"),
    "MaxPooling1D": Row(_POOL), "MaxPooling2D": Row(_POOL),
    "AveragePooling1D": Row(_POOL), "AveragePooling2D": Row(_POOL),
    "GlobalMaxPooling1D": Row("keepdims"),
    "GlobalMaxPooling2D": Row("keepdims"),
    "GlobalAveragePooling1D": Row("keepdims"),
    "GlobalAveragePooling2D": Row("keepdims"),
    "Dropout": Row("rate"), "AlphaDropout": Row("rate"),
    "SpatialDropout1D": Row("rate"), "SpatialDropout2D": Row("rate"),
    "GaussianDropout": Row("rate"), "GaussianNoise": Row("stddev"),
    "ActivityRegularization": Row("l1 l2"), "Identity": Row(),
    "Flatten": Row(),
    "Reshape": Row("target_shape"),
    "Concatenate": Row("axis"),
    "Add": Row(), "Subtract": Row(), "Multiply": Row(), "Average": Row(),
    "Maximum": Row(), "Minimum": Row(), "Dot": Row("axes normalize"),
    "Attention": Row("use_scale score_mode", "scale concat_score_weight",
                     {"scale": "use_scale", "concat_score_weight": "concat"}),
    "AdditiveAttention": Row("use_scale", "scale", {"scale": "use_scale"}),
    "MultiHeadAttention": Row(
        "num_heads key_dim value_dim use_bias output_shape attention_axes",
        _HEADS, {n: "use_bias" for n in _HEADS.split() if "bias" in n}),
}
# Options that must have this value, or be absent.
FIXED = {"data_format": "channels_last", "time_major": False,
         "rms_scaling": False, "use_gate": False, "sliding_window": None}
MERGES = ("Concatenate", "Add", "Subtract", "Multiply", "Average", "Maximum",
          "Minimum")
# Functions that are called on tensors: keras.ops', and TensorFlow's in Keras 2.
FUNCTIONS = {
    "Add": "Add", "__operators__.add": "Add", "math.add": "Add",
    "math.add_n": "Add", "Subtract": "Subtract", "math.subtract": "Subtract",
    "Multiply": "Multiply", "math.multiply": "Multiply",
    "compat.v1.math.scalar_mul": "Multiply", "TrueDivide": "Divide",
    "Divide": "Divide", "math.truediv": "Divide", "math.divide": "Divide",
    "Maximum": "Maximum", "math.maximum": "Maximum", "Minimum": "Minimum",
    "math.minimum": "Minimum", "Negative": "Negative",
    "math.negative": "Negative", "Concatenate": "Concatenate",
    "concat": "Concatenate", "identity": "Identity", "Softmax": "Softmax",
    "nn.softmax": "Softmax", "Glu": "GLU", "ReLU": "ReLU",
    **{n: "Reduce" + n for n in ("Mean", "Sum", "Max", "Min")},
    **{"math.reduce_" + n: "Reduce" + n.title() for n in (
        "mean", "sum", "max", "min")},
    "ExpandDims": "ExpandDims", "expand_dims": "ExpandDims",
    "Squeeze": "Squeeze", "compat.v1.squeeze": "Squeeze",
    "keras.backend.batch_flatten": "Flatten"}
# Those that become several layers, or layers with other arguments.
COMPOUND = {"GetItem": "items", "__operators__.getitem": "items",
            "Stack": "stack", "stack": "stack", "Reshape": "reshape",
            "reshape": "reshape", "Transpose": "transpose",
            "compat.v1.transpose": "transpose", "Power": "power",
            "math.pow": "power"}
POWERS = {2: "square", 0.5: "sqrt", -0.5: "rsqrt", 1: "linear"}
# Those that are activations: what rnnc calls them.
ELEMENTWISE = {
    **{n: n.lower() for n in ("Tanh", "Sigmoid", "Relu", "Relu6", "Elu", "Celu",
                              "Selu", "Silu", "Gelu", "Softplus", "Softsign",
                              "Squareplus", "Sparsemax")},
    "HardSigmoid": "hard_sigmoid", "LeakyRelu": "leaky_relu",
    "HardSilu": "hard_silu", "SoftShrink": "soft_shrink",
    "HardShrink": "hard_shrink", "TanhShrink": "tanh_shrink",
    "HardTanh": "hard_tanh", "SparsePlus": "sparse_plus",
    "SparseSigmoid": "sparse_sigmoid", "LogSigmoid": "log_sigmoid",
    "LogSoftmax": "log_softmax", "Exp": "exponential",
    **{"math." + n: n for n in ("tanh", "sigmoid", "softplus", "log_sigmoid")},
    **{"nn." + n: n for n in ("relu", "relu6", "leaky_relu", "elu", "selu",
                              "silu", "gelu", "softsign", "log_softmax")},
    "math.exp": "exponential", "Absolute": "abs", "Abs": "abs",
    "Square": "square", "Sqrt": "sqrt", "Rsqrt": "rsqrt", "Log": "log",
    **{"math." + n: n for n in ("abs", "square", "sqrt", "rsqrt", "log")}}
LOST = object()  # what follows from an operation that rnnc has not
MODELS = ("Functional", "Sequential", "Model")
# Operations that Keras 3 makes masks of.
MASKS = ("NotEqual", "Any", "LogicalOr", "LogicalAnd", "ExpandDims",
         "ZerosLike", "OnesLike", "Concatenate", "ConvertToTensor")
# Layers that read them.
READERS = ("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional",
           "GlobalAveragePooling1D")
MASKS_OF_TENSORS = ("NotEqual", "ZerosLike", "OnesLike")


class KerasExport:
    """One model on its way: layers so far, and what cannot be written."""

    def __init__(self, version, sparsemax=None):
        self.three = not version.startswith("2")
        self.sparsemax = sparsemax  # as this Keras computes it
        self.layers, self.problems, self.names = [], [], set()
        self.operations = set()  # names of what is no layer
        self.depth = 0  # of TimeDistributed around
        self.made_inside = self.handed_on = False  # a mask, by one of them;
        #                                            and to another
        self.special = {}  # what a layer reads, and what it means there:
        #                    a row of so many, or a value that is masked

    def problem(self, where, what):
        self.problems.append("%s: %s" % (where, what))

    def unique(self, name):
        """A layer that is called twice is written twice."""
        count, base = 1, name
        while name in self.names:
            count += 1
            name = "%s_%d" % (base, count)
        self.names.add(name)
        return name

    def activation(self, value, where):
        """As the file states it: a name, or an object with its number."""
        if value == "glu":
            self.problem(where, "glu, which halves its input, as the "
                         "activation of a layer: put Activation('glu') behind")
        if isinstance(value, dict):
            kind, config = value.get("class_name"), value.get("config")
            if kind == "LeakyReLU":
                return {"type": "leaky_relu", "negative_slope": config.get(
                    "negative_slope", config.get("alpha", 0.3))}
            if kind == "ELU":
                return {"type": "elu", "alpha": config.get("alpha", 1.0)}
            self.problem(where, "an activation that is code of its own (%s)"
                         % (config if isinstance(config, str) else kind))
            return "linear"
        return {
            None: "linear",
            "hard_sigmoid": {"type": "hard_sigmoid",
                             "slope": "keras3" if self.three else "keras2"},
            "leaky_relu": {"type": "leaky_relu", "negative_slope": 0.2},
            "elu": {"type": "elu", "alpha": 1.0},
            "gelu": {"type": "gelu", "approximate": False},
            "sparsemax": self.sparsemax,
        }.get(value, value)

    def layer(self, layer, kind, config, where):
        """The layer's own part of the file: type, attributes, weights."""
        if kind == "Activation" and config["activation"] == "glu":
            return {"type": "GLU", "axis": -1}
        row = KERAS.get(kind)
        if row is None:
            self.problem(where, "rnnc has no layer %s" % kind)
            return {"type": kind}
        for key, value in FIXED.items():
            if key == "data_format" and (spatial_axes(kind) or kind.startswith(
                    ("SpatialDropout", "Flatten"))):
                continue
            if config.get(key, value) not in (value, None):
                self.problem(where, "%s=%r" % (key, config[key]))
        config = dict(config)
        if kind == "LeakyReLU":
            config.setdefault("negative_slope", config.get("alpha"))
        config["concat"] = config.get("score_mode") == "concat"
        out = {"type": kind}
        for key in row.keys:
            if key not in config:
                continue
            value = config[key]
            if "activation" in key:
                value = self.activation(value, where)
            if key == "target_shape":  # what is known when it runs
                value = [-1 if d is None else d for d in value]
            if key == "axis" and isinstance(value, (list, tuple)):
                value = value[0] if len(value) == 1 else value
            if key == "axis" and value in (None, (), []):
                value = -1  # Normalization by one number
            out[key] = value
        if kind == "Dot" and config.get("normalize"):  # the least norm
            out["epsilon"] = sys.modules["keras"].config.epsilon() \
                if self.three else 1e-6
        if kind in MERGES and not self.three:
            out["masks"] = "all"  # as Keras 2 joins them
        if kind == "MultiHeadAttention" and self.three:
            out["drops_masks"] = True  # for whatever reads its inputs later
        if kind == "MultiHeadAttention":  # where all keys are masked
            out["unattended"] = "scores" if not self.three else "zero" \
                if config.get("dropout", 0) > 0 else "even"
        names = [w for w in row.weights if config.get(row.when.get(w), True)]
        arrays = layer.get_weights()
        if kind == "Normalization":
            arrays = self.adapted(layer, config)
        if len(names) != len(arrays):
            self.problem(where, "%d weights, expected %s"
                         % (len(arrays), ", ".join(names) or "none"))
        elif names:
            out["weights"] = {n: tensor(np.atleast_1d(a))
                              for n, a in zip(names, arrays)}
        return out

    @staticmethod
    def adapted(layer, config):
        """Normalization's mean and variance, given or adapted, of the axes."""
        shape, axis = layer.get_build_config()["input_shape"], config["axis"]
        axes = axis if isinstance(axis, (list, tuple)) else \
            [-1 if axis is None else axis]
        sizes = [shape[a] for a in sorted(axes or [-1])]
        given = [config.get("mean"), config.get("variance")]
        if given[0] is None:
            given = layer.get_weights()[:2]
        return [np.broadcast_to(v if v.size > 1 else v.reshape(-1), sizes)
                for v in (np.asarray(v, np.float32) for v in given)]

    def append(self, name, out, inputs):
        name = self.unique(name)
        for _ in range(self.depth):
            out = {"type": "TimeDistributed", "layer": out}
        rest = {k: v for k, v in out.items() if k != "type"}
        self.layers.append({"type": out["type"], "name": name,
                            "inputs": inputs, **rest})
        return name

    def bidirectional(self, layer, config, inputs, where):
        parts = [layer.forward_layer, layer.backward_layer]
        inner = [self.layer(p, type(p).__name__, p.get_config(), where)
                 for p in parts]
        mode = config.get("merge_mode")
        if mode is not None and self.depth == 0:
            return [self.append(layer.name, {
                "type": "Bidirectional", "merge_mode": mode,
                "layer": inner[0], "backward_layer": inner[1]}, inputs)]
        for part in inner:  # as in any Bidirectional
            part["zero_output_for_mask"] = part.get("return_sequences", False)
        both = [self.append(layer.name + end, part, inputs) for end, part in
                zip(("_forward", "_backward"), inner)]
        for k in range(2):
            if parts[k].go_backwards and parts[k].return_sequences:
                both[k] = self.append(both[k] + "_reverse",
                                      {"type": "Reverse"}, [both[k]])
        if mode is None:
            return both
        merge = {"concat": "Concatenate", "sum": "Add", "mul": "Multiply",
                 "ave": "Average"}[mode]
        return [self.append(layer.name, {"type": merge}, both)]

    def time_distributed(self, layer, config, inputs, where):
        """Over a layer or a model: every layer of that takes the timesteps
        one by one."""
        inner, entry = layer.layer, config["layer"]
        before = len(self.layers)
        self.depth += 1
        if entry["class_name"] in MODELS:
            results = self.model(inner, entry, inputs)
        else:
            results = self.call(inner, entry["class_name"], entry["config"],
                                inputs, where)
        self.depth -= 1
        if len(results) != 1:
            self.problem(where, "TimeDistributed over several outputs")
        elif self.layers and self.layers[-1]["name"] == results[0]:
            results[0] = self.layers[-1]["name"] = self.unique(layer.name)
        made = any(map(makes_mask, self.layers[before:]))
        self.handed_on |= self.made_inside
        self.made_inside |= made and not self.three
        if self.three and made:
            # In Keras 3 it does not reach the next TimeDistributed.
            return [self.append(layer.name + "_left", {"type": "Identity"},
                                results[:1])]
        return results[:1]

    def cells(self, layer, config, inputs, where):
        """RNN around a cell, or a stack of them: a layer for each. Backwards,
        what the lower ones make is put in order again, beside its mask."""
        cells = getattr(layer.cell, "cells", [layer.cell])
        flags = {k: bool(config.get(k)) for k in (
            "go_backwards", "return_sequences", "return_state",
            "zero_output_for_mask")}
        if len(inputs) > 1 or (flags["return_state"] and len(cells) > 1):
            self.problem(where, "RNN with states from or for other layers")
        for k, cell in enumerate(cells):
            kind, own = type(cell).__name__, dict(cell.get_config(), **flags)
            if kind not in ("SimpleRNNCell", "LSTMCell", "GRUCell"):
                self.problem(where, "a cell that is code of its own (%s)"
                             % kind)
                return [where]
            name = layer.name
            if k + 1 < len(cells):
                own.update(return_sequences=True, zero_output_for_mask=False)
                name += "_cell_%d" % (k + 1)
            out = self.layer(cell, kind[:-len("Cell")], own, where)
            inputs = [self.append(name, out, inputs)]
            if flags["go_backwards"] and k + 1 < len(cells):
                inputs = [self.append(name + "_reverse", {"type": "Reverse"},
                                      inputs)]
        return self.take_apart(inputs[0], out) if flags["return_state"] \
            else inputs

    def call(self, layer, kind, config, inputs, where, flags=()):
        """Writes one call of one layer; the names of its results."""
        if self.handed_on and self.depth == 0 and kind in READERS:
            self.problem(where, "%s behind a TimeDistributed that reads a mask "
                         "of another, of which Keras 2 makes one for it" % kind)
        if kind in AUGMENTATIONS:
            return [self.append(layer.name, {"type": "Identity"}, inputs)]
        if kind == "Bidirectional":
            return self.bidirectional(layer, config, inputs, where)
        if kind == "RNN":
            return self.cells(layer, config, inputs, where)
        if kind == "TimeDistributed":
            return self.time_distributed(layer, config, inputs, where)
        out = self.layer(layer, kind, config, where)
        if kind == "Embedding":
            self.special[inputs[0]] = ("row", config["input_dim"])
        if kind == "Masking":
            self.special[inputs[0]] = ("mask", config["mask_value"])
        if self.three and len(inputs) > 1 and kind in ("SimpleRNN", "LSTM",
                                                       "GRU"):
            out["ignore_mask"] = True  # as Keras 3, where states are given
        out.update({f: True for f in flags})
        if out.get("return_attention_scores"):
            if out.get("unattended") == "even":
                out["unattended"] = "zero"
            both = self.append(layer.name, out, inputs)
            return [self.append("%s_%s" % (both, part), {
                "type": "AttentionPart", "part": part}, [both])
                for part in ("output", "weights")]
        if kind == "Flatten" and config.get(
                "data_format") == "channels_first":
            inputs = [self.append(layer.name + "_channels_last",
                                  {"type": "Permute"}, inputs)]
        returned = out.get("return_state")
        if kind == "GroupNormalization":
            rank = len(layer.get_build_config()["input_shape"]) - 1
            axis = config["axis"] % (rank + 1)
            if axis != rank:
                return [self.moved(layer.name, dict(out, axis=-1), inputs,
                                   axis, rank)]
        if config.get("data_format") == "channels_first" and \
                spatial_axes(kind):
            return [self.turned(layer.name, out, inputs)]
        name = self.append(layer.name, out, inputs)
        return self.take_apart(name, out) if returned else [name]

    def turned(self, name, out, inputs):
        """A layer with its channels first, between two Permutes."""
        axes = spatial_axes(out["type"])
        last = self.append(name + "_channels_last", {
            "type": "Permute", "dims": list(range(2, axes + 2)) + [1]}, inputs)
        result = self.append(name, out, [last])
        if out["type"].startswith("Global") and not out.get("keepdims"):
            return result
        return self.append(name + "_channels_first", {
            "type": "Permute", "dims": [axes + 1] + list(range(1, axes + 1))},
            [result])

    def moved(self, name, out, inputs, axis, rank):
        """A layer whose axis becomes the last one, between two Permutes."""
        order = [d for d in range(1, rank + 1) if d != axis] + [axis]
        last = self.append(name + "_last", {"type": "Permute", "dims": order},
                           inputs)
        result = self.append(name, out, [last])
        return self.append(name + "_back", {"type": "Permute", "dims": [
            order.index(d) + 1 for d in range(1, rank + 1)]}, [result])

    def take_apart(self, name, out):
        """The output and the last states, which one vector holds."""
        states, units = (2 if out["type"] == "LSTM" else 1), out["units"]

        def part(what, start, end):
            return self.append("%s_%s" % (name, what), {
                "type": "Slice", "from": start, "to": end}, [name])

        results = [part("y", 0, -states * units)]
        if out["return_sequences"]:
            results = [self.append(name + "_rows", {
                "type": "Reshape", "target_shape": [-1, units]}, results)]
        for k in range(states):
            results.append(part("hc"[k], (k - states) * units,
                                (k + 1 - states) * units))
        return results

    # -- Graphs

    def model(self, model, document, inputs):
        """Writes a model's layers, called on `inputs`; its results."""
        config = document["config"]
        if "input_layers" not in config:
            return [self.chain(model, config, inputs[0])]
        known = {}
        refs = references(config["input_layers"])
        known.update(zip(refs, inputs))
        self.operations.update(
            e["config"]["name"] for e in config["layers"]
            if e["class_name"] in ("TFOpLambda", "SlicingOpLambda") or
            e.get("module", "").startswith(("keras.src.ops",
                                            "keras.src.activations")))
        left = [(entry, node, call) for entry in config["layers"]
                for node, call in enumerate(entry["inbound_nodes"])]
        while left:
            waiting = []
            for entry, node, call in left:
                sources = self.sources(call, entry["config"]["name"])
                if all(s in known or known.get((*s[:2], 0)) is LOST
                       for s in sources if isinstance(s, tuple)):
                    self.make(model, entry, node, call, known, sources)
                else:
                    waiting.append((entry, node, call))
            if len(waiting) == len(left):
                raise RnncExportError("layers that wait for each other: "
                                      + waiting[0][0]["config"]["name"])
            left = waiting
        counted = {e["config"]["name"] for e in config["layers"]
                   if self.three and e["class_name"] == "Functional"}
        # There Keras 3 counts the making of such a model as a call.
        return [known.get((name, node - (name in counted), index), LOST) for
                name, node, index in references(config["output_layers"])]

    def make(self, model, entry, node, call, known, sources):
        name, kind = entry["config"]["name"], entry["class_name"]
        inputs = [known.get(s, LOST) if isinstance(s, tuple) else
                  self.constant(name, s.value, kind in MERGES)
                  for s in sources]
        if name in self.operations and kind in MASKS and (
                None in inputs or kind in MASKS_OF_TENSORS):
            # Keras 3 spells masks out; rnnc leads them by itself.
            known[name, node, 0] = None
            return
        if LOST in inputs:
            known[name, node, 0] = LOST
            return
        if None in inputs:
            self.problem(name, "a mask among the inputs")
        if name in self.operations:
            known[name, node, 0] = self.function(entry, kind, call, known)
            return
        layer = model.get_layer(name)
        if kind in MODELS:
            results = self.model(layer, entry, inputs)
            first = entry["config"]["layers"][0]["class_name"]
            # Keras 2 counts the call that made such a model.
            node += isinstance(call, list) and first == "InputLayer"
        else:
            results = self.call(layer, kind, entry["config"], inputs, name,
                                raised(call))
        for index, result in enumerate(results):
            known[name, node, index] = result

    def function(self, entry, kind, call, known):
        """One that is called on tensors; what it returns has no mask."""
        config = entry["config"]
        name, kind = config["name"], config.get("function", kind)
        found, said = operands(call)
        options = {**config, **said}
        axis = options.get("axis", -1)
        if kind in ELEMENTWISE:
            spec = self.activation(ELEMENTWISE[kind], name)
            if isinstance(spec, str):
                spec = {"type": spec}
            for key, value in options.items():
                key = "negative_slope" if (spec["type"], key) == (
                    "leaky_relu", "alpha") else key
                if key in ("negative_slope", "alpha", "approximate", "b",
                           "threshold"):
                    spec[key] = value
            if axis != -1:
                self.problem(name, "%s along axis %r" % (kind, axis))
            out = {"type": "Activation", "activation": spec
                   if len(spec) > 1 else spec["type"]}
        elif kind in ("Clip", "clip_by_value"):
            least, most = (options.get(k) for k in (
                ("x_min", "x_max") if kind == "Clip" else
                ("clip_value_min", "clip_value_max")))
            if not all(isinstance(v, (int, float)) for v in (least, most)):
                self.problem(name, "clip but between two numbers")
                return LOST
            out = {"type": "Activation", "activation": {
                "type": "clip", "min": least, "max": most}}
        elif kind in COMPOUND:
            return self.compound(name, COMPOUND[kind], call, options, known)
        elif kind in FUNCTIONS:
            out = {"type": FUNCTIONS[kind]}
        else:
            self.problem(name, "rnnc has no operation %s" % kind)
            return LOST
        if out["type"] in ("Concatenate", "Softmax", "GLU", "ExpandDims"):
            out["axis"] = axis
        if out["type"] == "Squeeze" and options.get("axis") is not None:
            out["axis"] = axis
        if out["type"].startswith("Reduce"):
            if options.get("axis") is None or options.get("initial"):
                self.problem(name, "%s without an axis, over the batch, or "
                             "with an initial value" % kind)
                return LOST
            out.update(axis=axis, keepdims=bool(options.get("keepdims")))
        if out["type"] == "ReLU":
            out.update((k, config[k]) for k in KERAS["ReLU"].keys)
        if out["type"] == "Negative":
            out = {"type": "Rescaling", "scale": -1.0, "offset": 0.0}
        divides = out["type"] == "Divide" and isinstance(
            found[0], tuple) and not isinstance(found[1], tuple)
        if divides:
            out["type"] = "Multiply"
        if out["type"] in MERGES:
            out["masks"] = "any"
        if divides and not np.all(found[1]):
            self.problem(name, "a division by 0")
            return LOST
        inputs = [known[a] if isinstance(a, tuple) else self.constant(
            name, 1 / np.float64(a) if divides else a) for a in found]
        drop = {"type": "Identity", "masks": "dropped"}
        if out["type"] == "Softmax" and any(map(makes_mask, self.layers)):
            inputs = [self.append(name + "_of_unmasked", drop, inputs)]
        return self.unmasked(name, self.append(name, out, inputs))

    def unmasked(self, name, made):
        if not any(map(makes_mask, self.layers)):
            return made
        return self.append(name + "_unmasked", {
            "type": "Identity", "masks": "dropped"}, [made])

    def compound(self, name, kind, call, options, known):
        """What becomes several layers: x[:, 1:, 0], stack, x ** 2..."""
        spec = options.get("slice_spec")
        if kind == "items" and spec is None:
            (tensor_, spec), call = call["args"], dict(
                call, args=call["args"][:1])
        found, _ = operands(call)
        x = known[found[0]] if isinstance(found[0], tuple) else LOST
        if kind == "items":
            layers = self.items(name, spec)
        elif kind == "stack":
            made = [self.append("%s_part%d" % (name, k), {
                "type": "ExpandDims", "axis": options["axis"]}, [known[a]])
                for k, a in enumerate(found)]
            return self.unmasked(name, self.append(name, {
                "type": "Concatenate", "axis": options["axis"],
                "masks": "any"}, made) if len(made) > 1 else made[0])
        elif kind == "power":
            n = found[1] if len(found) > 1 else None
            if n in (3, 4):
                return self.unmasked(name, self.append(name, {
                    "type": "Multiply", "masks": "any"}, [x] * int(n)))
            layers = [{"type": "Activation", "activation": POWERS[n]}] \
                if x is not LOST and isinstance(n, float) and n in POWERS \
                else None
        else:
            to = options.get("newshape", options.get("shape")) \
                if kind == "reshape" else options.get("axes", options.get(
                    "perm"))
            first = -1 if kind == "reshape" else 0
            good = isinstance(to, list) and len(to) > 1 and all(
                isinstance(n, int) for n in to) and to[0] == first and \
                min(to[1:]) > 0
            layers = [{"type": "Reshape", "target_shape": to[1:]}
                      if kind == "reshape" else
                      {"type": "Permute", "dims": to[1:]}] if good else None
        if layers is None or x is LOST:
            self.problem(name, "%s with these arguments" % kind)
            return LOST
        for k, layer in enumerate(layers):
            x = self.append(name if k + 1 == len(layers) else
                            "%s_part%d" % (name, k), layer, [x])
        return self.unmasked(name, x)

    @staticmethod
    def items(name, spec):
        """x[...] as layers; None where they cannot say it."""
        items = []
        for item in spec if isinstance(spec, list) else ["?"]:
            said = item.get("config", item) if isinstance(item, dict) else {}
            rest = isinstance(item, dict) and item.get(
                "class_name") == "__ellipsis__"
            items.append(... if rest else slice(*(said.get(k) for k in (
                "start", "stop", "step"))) if isinstance(item, dict) else item)
        return items_of(items)

    def constant(self, name, values, spreads=True):
        """Numbers among the operands: one for a batch of 1 is in front; where
        they spread over the others, more of them mean nothing."""
        values = np.atleast_1d(np.asarray(values))
        values = values.astype(np.float64 if values.ndim == 1 and
                               len(values) == 1 else np.float32)
        while values.ndim > 1 and len(values) == 1:
            values = values[0]
            if not spreads:
                break
        depth, self.depth = self.depth, 0
        made = self.append(name + "_constant", {
            "type": "Constant", "weights": {"value": tensor(values)}}, [])
        self.depth = depth
        return made

    def chain(self, model, config, last):
        for entry in config["layers"]:
            kind, own = entry["class_name"], entry["config"]
            if kind == "InputLayer":
                continue
            layer = model.get_layer(own["name"])
            if kind in MODELS:
                last = self.model(layer, entry, [last])[0]
            else:
                last = self.call(layer, kind, own, [last], own["name"])[0]
        return last

    def check_mask(self, value, where):
        """One that Keras made of Masking and Embedding layers."""
        found = []
        collect(value, found, lambda v: None)
        if any(not isinstance(f, tuple) or f[0] not in self.operations
               for f in found):
            self.problem(where, "a mask that no Masking or Embedding makes")

    def sources(self, call, where):
        """[(layer, node, index)] of one entry of inbound_nodes."""
        if where in self.operations:  # numbers among them, or not
            return [a for a in operands(call)[0] if isinstance(a, tuple)]
        if isinstance(call, list):  # Keras 2: [["x", 0, 0, {...}], ...]
            kwargs = [k for ref in call for k in ref[3:]]
            found = [tuple(ref[:3]) for ref in call]
        else:
            kwargs, found = [call.get("kwargs", {})], []
            collect(call["args"], found, lambda v: self.problem(
                where, "an argument that is no layer's output: %r" % (v,)))
        for key in [key for key in TENSORS for k in kwargs if key in k]:
            collect(next(k[key] for k in kwargs if key in k), found,
                    lambda v: self.problem(
                        where, "%s, which is no layer's output" % key))
        for key, value in [kv for k in kwargs for kv in k.items()]:
            if key == "mask":
                self.check_mask(value, where)
                continue
            if key in TENSORS:
                continue
            if key not in FLAGS and key != "training" and \
                    value not in (None, False):
                self.problem(where, "the argument %s" % key)
        return found


def makes_mask(layer):
    while layer["type"] == "TimeDistributed":
        layer = layer["layer"]
    return layer["type"] == "Masking" or layer.get("mask_zero", False)


def spatial_axes(kind):
    """1 for timesteps, 2 for rows and columns, 0 for what knows neither."""
    if not any(w in kind for w in ("Conv", "Pooling", "ZeroPadding",
                                   "Cropping", "UpSampling")):
        return 0
    return 2 if "2D" in kind else 1


# Arguments of calls that are inputs, in order; and those that are attributes.
TENSORS = ["query", "value", "key", "initial_state"]
FLAGS = ["use_causal_mask", "return_attention_scores"]


def operands(call):
    """A function's tensors (as tuples), numbers and arrays; its options."""
    found, said = [], {}

    def add(value):
        if isinstance(value, dict):
            config = value["config"]
            if "keras_history" in config:
                found.append(tuple(config["keras_history"]))
            elif "value" in config:  # no slice
                found.append(np.asarray(config["value"]))
        elif isinstance(value, (list, tuple)):
            if value and isinstance(value[0], str):  # Keras 2
                found.append(tuple(value[:3]))
            elif value and isinstance(value[0], dict):
                for v in value:
                    add(v)
            else:
                found.append(np.asarray(value))
        elif value is not None:
            found.append(np.float64(value))

    if isinstance(call, dict):
        for value in call["args"]:
            add(value)
        return found, {k: v for k, v in call.get("kwargs", {}).items()
                       if v is not None}
    for ref in [call] if isinstance(call[0], str) else call:
        add(ref[2] if ref[0] == "_CONSTANT_VALUE" else ref[:3])
        said = {k: v for k, v in ref[3].items() if v is not None}
        for other in ("y", "x"):
            if other in said:
                add(said.pop(other))
    return found, said


def items_of(items):
    """x[items] as layers, the batch first; None where they cannot say it."""
    whole, numbers = slice(None, None, None), (int, type(None))
    if not items or items[0] is not ... and items[0] != whole or any(
            not isinstance(i, (slice, int, type(None), type(...))) or
            isinstance(i, slice) and not all(isinstance(n, numbers) for n in (
                i.start, i.stop, i.step)) for i in items):
        return None
    rest = items.index(...) if ... in items else len(items)
    layers, gone = [], []
    for k, i in enumerate(items):
        after = [j for j in items[k:] if j is not None and j is not ...]
        axis = len([j for j in items[:k] if j is not None]) if k < rest \
            else -len(after)
        if i is None or i is ... or i == whole:
            continue
        if isinstance(i, slice) and (i.stop == 0 or (i.step or 1) < 1):
            return None
        part = (i.start or 0, i.stop or 0, i.step or 1) \
            if isinstance(i, slice) else (i, i + 1, 1)
        layers.append({"type": "Slice", "axis": axis, "from": part[0],
                       "to": part[1], "step": part[2]})
        if not isinstance(i, slice):
            gone.append(axis)
    if gone:
        layers.append({"type": "Squeeze", "axis": gone})
    kept = [i for i in items if not isinstance(i, int)]
    rest = kept.index(...) if ... in kept else len(kept)
    new = [k for k, i in enumerate(kept[:rest]) if i is None] + [
        k - len(kept) for k in range(len(kept) - 1, rest, -1)
        if kept[k] is None]
    return (layers + [{"type": "ExpandDims", "axis": a} for a in new]) or [
        {"type": "Identity"}]


def raised(call):
    """The flags of one entry of inbound_nodes."""
    kwargs = [k for ref in call for k in ref[3:]] \
        if isinstance(call, list) else [call.get("kwargs", {})]
    return [f for f in FLAGS if any(k.get(f) for k in kwargs)]


class Array:
    """Numbers where a tensor of the model might be."""

    def __init__(self, value):
        self.value = value


def collect(value, found, other):
    """Keras 3: the tensors among a call's arguments, and arrays."""
    if isinstance(value, (list, tuple)) and value and \
            isinstance(value[0], str):  # Keras 2: ["h", 0, 0]
        found.append(tuple(value[:3]))
    elif isinstance(value, (list, tuple)):
        for v in value:
            collect(v, found, other)
    elif isinstance(value, dict) and "keras_history" in value.get("config", {}):
        found.append(tuple(value["config"]["keras_history"]))
    elif isinstance(value, dict) and "value" in value.get("config", {}):
        found.append(Array(value["config"]["value"]))
    elif value is not None:
        other(value)


def references(value):
    """["x", 0, 0] or [["x", 0, 0], ...]"""
    if value and isinstance(value[0], str):
        return [tuple(value)]
    return [tuple(v) for v in value]


def plain_array(value):
    """Of whatever the backend calls a tensor."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return value.numpy() if hasattr(value, "numpy") else np.asarray(value)


def flattened(value):
    return [v for part in value for v in flattened(part)] \
        if isinstance(value, (list, tuple)) else [value]


def stateful_layers(model):
    """Those whose state outlives a call, wherever they are."""
    found = []
    for layer in model.layers:
        inner = [getattr(layer, n, None) for n in
                 ("forward_layer", "backward_layer")]
        found += [x for x in [layer, *inner]
                  if getattr(x, "stateful", False) and hasattr(x, "cell")]
        if hasattr(layer, "layers"):
            found += stateful_layers(layer)
    return found


def computed_coarsely(model):
    """Layers of mixed precision."""
    return [x for x in model._flatten_layers()
            if getattr(x, "compute_dtype", "") in ("float16", "bfloat16")]


def sparsemax_of(keras):
    """Keras 3.8 to 3.15 do not sum what the paper sums; ask this one."""
    if not hasattr(keras.activations, "sparsemax"):
        return None
    y = plain_array(keras.activations.sparsemax(np.float32([[0, 0.5, 1]])))
    return {"type": "sparsemax",
            "tau": "paper" if y.sum() > 0.9 else "keras3.15"}


def export_keras(model, samples, shape):
    module = type(model).__module__.split(".")[0]
    if module in ("tensorflow", "tf_keras"):
        import tf_keras
        version = tf_keras.__version__
    else:
        import keras
        version = keras.__version__
    out = KerasExport(version, sparsemax_of(keras) if module not in (
        "tensorflow", "tf_keras") else None)
    if not getattr(model, "inputs", None):
        raise RnncExportError(
            "%s is no Keras model with inputs, and no PyTorch module: a "
            "Sequential has them once it begins with keras.Input(...) or was "
            "called; a subclass of Model is code, of which rnnc cannot know "
            "what it does" % type(model).__name__)
    shapes = [tuple(t.shape[1:]) for t in model.inputs]
    if shape is not None:
        shapes = [tuple(shape)] if len(shapes) == 1 else [
            tuple(s) for s in shape]
    document = json.loads(model.to_json())
    sequential = "input_layers" not in document["config"]
    names = ["x"] if sequential else [
        r[0] for r in references(document["config"]["input_layers"])]
    for n in names:
        out.unique(n)
    outputs = out.model(model, document, names)
    if out.problems:
        raise RnncExportError("\n".join(out.problems))

    stateful = stateful_layers(model)
    # Of a batch of one Keras 3 on TensorFlow can take a tensor [1, n, 1] for a
    # bias, and adds it along another axis than to each of several.
    rows = model.inputs[0].shape[0] or 2

    def predict(xs):
        """From the state that a reset leaves: a sequence of its own."""
        for layer in stateful:
            if not hasattr(layer, "reset_state"):
                layer.reset_states()
            else:  # Keras 3's own reset_state() fails for a stack of cells
                for state in flattened(layer.states or []):
                    state.assign(np.zeros(state.shape))
        xs = [np.repeat(x[None], rows, axis=0) for x in xs]
        y = model(xs if len(xs) > 1 else xs[0], training=False)
        return [plain_array(v)[0] for v in (
            y if isinstance(y, (list, tuple)) else [y])]

    states = [s for layer in stateful for s in flattened(layer.states or [])]
    kept = [plain_array(s).copy() for s in states]
    coarse = computed_coarsely(model)
    if coarse and version[0] != "3":
        raise RnncExportError("%s computes in 16 bits: build the model again "
                              "without that policy, and set its weights"
                              % coarse[0].name)
    policies = [layer.dtype_policy for layer in coarse]
    try:
        for layer in coarse:  # as the C does
            layer.dtype_policy = "float32"
        samples = golden(shapes, names, outputs, predict, samples,
                         "Keras " + version, out.special, bool(stateful))
    finally:  # the caller's stream goes on where it was
        for state, value in zip(states, kept):
            state.assign(value)
        for layer, policy in zip(coarse, policies):
            layer.dtype_policy = policy
    return {"format": "rnnc", "version": 1,
            "inputs": [{"name": n, "shape": list(s)}
                       for n, s in zip(names, shapes)],
            "layers": out.layers, "outputs": outputs, "samples": samples}


# ---- PyTorch -----------------------------------------------------------------

_GATES = {"LSTM": (4, [0, 1, 2, 3]), "GRU": (3, [1, 0, 2]),
          "RNN": (1, [0])}


def torch_cell(module, suffix, sequences, backwards):
    """One direction of one layer of nn.LSTM, nn.GRU or nn.RNN.

    PyTorch's GRU has its gates as r z n, Keras as z r h; both reset after the
    product. The two biases of an LSTM are summed, in float64."""
    kind = type(module).__name__
    gates, order = _GATES[kind]

    def get(name):
        return getattr(module, name + suffix).detach().cpu().numpy()

    def turn(a):
        parts = np.split(a, gates)
        return np.concatenate([parts[k] for k in order]).T

    w = {"kernel": turn(get("weight_ih")),
         "recurrent_kernel": turn(get("weight_hh"))}
    if getattr(module, "proj_size", 0):  # what it reads is h projected
        w["recurrent_kernel"] = get("weight_hr").T.astype(np.float64) \
            @ w["recurrent_kernel"]
    if module.bias:
        first, second = turn(get("bias_ih")), turn(get("bias_hh"))
        w["bias"] = np.stack([first, second]) if kind == "GRU" else \
            first.astype(np.float64) + second
    out = {"type": {"RNN": "SimpleRNN"}.get(kind, kind),
           "units": module.hidden_size, "use_bias": bool(module.bias),
           "activation": module.nonlinearity if kind == "RNN" else "tanh",
           "return_sequences": sequences, "go_backwards": backwards,
           "weights": {n: tensor(a) for n, a in w.items()}}
    if kind != "RNN":
        out["recurrent_activation"] = "sigmoid"
    if kind == "GRU":
        out["reset_after"] = True
    return out


# What a forward() asks about its input: the size of the batch and another, all
# of them, a device or type; and the first state that layers have anyway.
BATCH, SIZE, SHAPE, KIND, ZEROS = (object() for _ in range(5))


def both(value):
    """3 -> (3, 3)"""
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


# torch.nn's activations without a number, and torch.nn.functional's.
SIMPLE = {"Tanh": "tanh", "Sigmoid": "sigmoid", "ReLU": "relu",
          "ReLU6": "relu6", "SELU": "selu", "SiLU": "silu", "Mish": "mish",
          "Softsign": "softsign", "LogSigmoid": "log_sigmoid",
          "Hardswish": "hard_silu", "Tanhshrink": "tanh_shrink",
          "Hardsigmoid": {"type": "hard_sigmoid", "slope": "keras3"}}


class Value:
    """A traced value: a tensor of the file. channels: 1, it is [features,
    timesteps] in PyTorch, and [timesteps, features] in the file; 2, [features,
    rows, columns] and [rows, columns, features]; else 0. of: what it is made of,
    element by element, whatever the order of axes is."""

    def __init__(self, name, channels=0, padded=0, cut=0):
        self.name, self.channels, self.of = name, channels, []
        self.padded, self.cut = padded, cut


class Recurrent:
    """The tuple that nn.LSTM and its like return."""

    def __init__(self, module, source, name):
        self.module, self.source, self.name = module, source, name
        self.sequence = self.last = None  # once it was asked for


class States:
    """(h_n, c_n) of an LSTM."""

    def __init__(self, recurrent):
        self.recurrent = recurrent


class Hidden(States):
    """h_n: the last outputs of all layers and directions."""


class TorchExport:
    def __init__(self, torch, model, names, sizes, rows, fixed):
        self.torch, self.model = torch, model
        self.sizes = sizes  # of what the nodes of the graph make, and batches
        self.rows = rows  # inputs that choose from so many rows
        self.fixed = fixed  # the number of timesteps is known
        self.softmaxes = []  # (layer, value, dim)
        self.layers, self.problems, self.names = [], [], set(names)
        self.channels_first = set()  # inputs that a Conv1d reads as they are
        self.inputs = names

    def problem(self, node, what):
        self.problems.append("%s: %s" % (node, what))
        return Value("?")

    def add(self, kind, name, inputs, **keys):
        base, k = name, 2
        while name in self.names:
            name, k = "%s_%d" % (base, k), k + 1
        self.names.add(name)
        self.layers.append({"type": kind, "name": name,
                            "inputs": [i.name for i in inputs], **keys})
        return Value(name, inputs[0].channels if inputs else 0)

    # -- Modules

    def recurrent(self, r, node, sequences):
        """All layers of it; the last with sequences, or its last output."""
        m, value = r.module, r.source
        if value.channels:
            return self.problem(node, "a recurrent layer over [features, "
                                      "timesteps]; transpose(1, 2) first")
        for k in range(m.num_layers):
            every = sequences or k + 1 < m.num_layers
            suffix = "_l%d" % k
            name = r.name if m.num_layers == 1 else r.name + suffix
            forward = torch_cell(m, suffix, every, False)
            if m.bidirectional:
                backward = torch_cell(m, suffix + "_reverse", every, True)
                value = self.add("Bidirectional", name, [value],
                                 merge_mode="concat", layer=forward,
                                 backward_layer=backward)
            else:
                kind = forward.pop("type")
                value = self.add(kind, name, [value], **forward)
            if getattr(m, "proj_size", 0):
                value = self.project(m, suffix, name, value)
        return value

    def project(self, m, suffix, name, value):
        """proj_size: h of each direction as so many features. The recurrence
        has the product of its kernel and this one, so it needs no more."""
        ways = [suffix, suffix + "_reverse"] if m.bidirectional else [suffix]
        parts = [getattr(m, "weight_hr" + w).detach().cpu().numpy().T
                 for w in ways]
        kernel = np.zeros((len(ways) * m.hidden_size,
                           len(ways) * m.proj_size), parts[0].dtype)
        for k, part in enumerate(parts):
            kernel[k * m.hidden_size:(k + 1) * m.hidden_size,
                   k * m.proj_size:(k + 1) * m.proj_size] = part
        return self.add("Dense", name + "_projection", [value],
                        units=kernel.shape[1], activation="linear",
                        use_bias=False, weights={"kernel": tensor(kernel)})

    def plain(self, value, node):
        """With what recurrent layers return as the sequence that it is."""
        if isinstance(value, (list, tuple)):
            return type(value)(self.plain(v, node) for v in value)
        if not isinstance(value, Recurrent):
            return value
        if value.sequence is None:
            value.sequence = self.recurrent(value, node, True)
        return value.sequence

    def embedding(self, node, m, name, x):
        if node.args[0].op != "placeholder" or m.max_norm is not None:
            return self.problem(name, "an Embedding of something computed, or "
                                      "with max_norm")
        self.rows[x.name] = m.num_embeddings
        return self.add("Embedding", name, [x], input_dim=m.num_embeddings,
                        output_dim=m.embedding_dim, mask_zero=False,
                        weights={"embeddings": tensor(
                            m.weight.detach().cpu().numpy())})

    def linear(self, m, name, x):
        if x.channels:
            return self.problem(name, "Linear over the timesteps")
        w = {"kernel": m.weight.detach().cpu().numpy().T}
        if m.bias is not None:
            w["bias"] = m.bias.detach().cpu().numpy()
        return self.add("Dense", name, [x], units=m.out_features,
                        activation="linear", use_bias=m.bias is not None,
                        weights={n: tensor(a) for n, a in w.items()})

    def convolution(self, kind, m, name, x, **options):
        """A group for each channel is what Keras calls depthwise, and rnnc
        computes several times as fast as groups: the same numbers in the same
        order, [..., channels, of each]."""
        taps = range(2, m.weight.ndim)
        kernel = m.weight.detach().cpu().numpy().transpose(*taps, 1, 0)
        if 1 < m.groups == m.in_channels:
            kind = "Depthwise" + kind
            w = {"depthwise_kernel": kernel.reshape(
                *kernel.shape[:-2], m.groups, -1)}
            options["depth_multiplier"] = m.out_channels // m.groups
        else:
            w = {"kernel": kernel}
            options.update(filters=m.out_channels, groups=m.groups)
        if m.bias is not None:
            w["bias"] = m.bias.detach().cpu().numpy()
        return self.add(kind, name, [x], activation="linear",
                        use_bias=m.bias is not None,
                        weights={n: tensor(a) for n, a in w.items()}, **options)

    def conv1d(self, m, name, x):
        self.read_channels(x, 1)
        span = (m.kernel_size[0] - 1) * m.dilation[0]
        pad = m.padding if isinstance(m.padding, str) else m.padding[0]
        if x.channels != 1 or m.padding_mode != "zeros":
            return self.problem(name, "Conv1d over [timesteps, features], or "
                                      "padding_mode %s" % m.padding_mode)
        cut = 0
        if x.padded == span and pad in (0, "valid"):
            kind = "causal" if span else "valid"
        elif x.padded:
            return self.problem(name, "padding that is not causal")
        elif pad == "same" and m.stride[0] == 1 and span % 2 == 0:
            kind = "same"
        elif pad in (0, "valid"):
            kind = "valid"
        elif m.stride[0] == 1 and pad == span:
            kind, cut = "causal", span  # its end is cut off behind it
        elif m.stride[0] == 1 and 2 * pad == span:
            kind = "same"
        else:
            x = self.add("ZeroPadding1D", name + "_padding", [x],
                         padding=[pad, pad])
            kind = "valid"
        y = self.convolution("Conv1D", m, name, x, kernel_size=m.kernel_size[0],
                             strides=m.stride[0], padding=kind,
                             dilation_rate=m.dilation[0])
        y.channels, y.cut = 1, cut
        return y

    def read_channels(self, x, axes):
        """What reads x in PyTorch's order, which an input then has."""
        if x.of and not x.channels:
            for v in x.of:
                self.read_channels(v, axes)
            if all(v.channels == axes for v in x.of):
                x.channels = axes
        elif x.name in self.inputs and not x.channels:
            self.channels_first.add(x.name)
            x.channels = axes

    def conv2d(self, m, name, x):
        self.read_channels(x, 2)
        if x.channels != 2 or m.padding_mode != "zeros":
            return self.problem(name, "Conv2d over anything but [features, "
                                "rows, columns], or padding_mode %s"
                                % m.padding_mode)
        span = [(k - 1) * d for k, d in zip(m.kernel_size, m.dilation)]
        pad, kind = m.padding, "valid"
        if pad == "same" or m.stride == (1, 1) and not isinstance(
                pad, str) and [2 * p for p in pad] == span and any(span):
            kind = "same"
        elif pad != "valid" and any(pad):
            x = self.add("ZeroPadding2D", name + "_padding", [x],
                         padding=[[p, p] for p in pad])
        return self.convolution("Conv2D", m, name, x,
                                kernel_size=list(m.kernel_size),
                                strides=list(m.stride), padding=kind,
                                dilation_rate=list(m.dilation))

    def transposed(self, m, name, x, axes):
        """All of it, then without what padding takes off both ends."""
        self.read_channels(x, axes)
        if x.channels != axes or m.padding_mode != "zeros" \
                or any(o >= s for o, s in zip(m.output_padding, m.stride)):
            return self.problem(name, "a transposed convolution of another "
                                "rank, or with an output_padding of stride "
                                "or more")
        turn = (*range(2, axes + 2), 1, 0)  # [..., filters/groups, features]
        w = {"kernel": m.weight.detach().cpu().numpy().transpose(turn)}
        if m.bias is not None:
            w["bias"] = m.bias.detach().cpu().numpy()
        y = self.add("Conv%dDTranspose" % axes, name, [x],
                     filters=m.out_channels, kernel_size=list(m.kernel_size),
                     strides=list(m.stride), padding="valid",
                     output_padding=list(m.output_padding),
                     dilation_rate=list(m.dilation), groups=m.groups,
                     activation="linear", use_bias=m.bias is not None,
                     weights={n: tensor(a) for n, a in w.items()})
        if not any(m.padding):
            return y
        sides = [[p, p] for p in m.padding]
        return self.add("Cropping%dD" % axes, name + "_cropping", [y],
                        cropping=sides if axes == 2 else sides[0])

    def pool(self, m, name, x, axes):
        """Padding is 0 for a mean that counts it; else windows reach over."""
        self.read_channels(x, axes)
        mean = type(m).__name__.startswith("Avg")
        size, step, pad = (both(v)[:axes] for v in (
            m.kernel_size, m.stride, m.padding))
        if x.channels != axes or m.ceil_mode or \
                any(v != 1 for v in both(getattr(m, "dilation", 1))) or \
                getattr(m, "return_indices", False) or \
                getattr(m, "divisor_override", None) is not None:
            return self.problem(name, "pooling of another rank, or with "
                                "ceil_mode, dilation or divisor_override")
        keys = {"pads": list(pad)} if any(pad) else {}
        if any(pad) and mean and m.count_include_pad:
            keys = {}
            sides = [[p, p] for p in pad]
            x = self.add("ZeroPadding%dD" % axes, name + "_padding", [x],
                         padding=sides if axes == 2 else sides[0])
        return self.add(("Average" if mean else "Max") + "Pooling%dD" % axes,
                        name, [x], pool_size=list(size), strides=list(step),
                        **keys)

    def adaptive(self, m, name, x, axes):
        """To one element only: of [features, 1, 1]."""
        self.read_channels(x, axes)
        if x.channels != axes or any(v != 1 for v in both(m.output_size)):
            return self.problem(name, "output_size=%r" % (m.output_size,))
        kind = "Average" if "Avg" in type(m).__name__ else "Max"
        return self.add("Global%sPooling%dD" % (kind, axes), name, [x],
                        keepdims=True)

    def upsample(self, m, name, x):
        self.read_channels(x, 2)
        factor = m.scale_factor
        if x.channels != 2 or factor is None or m.mode not in (
                "nearest", "bilinear") or m.align_corners or \
                any(f != int(f) for f in both(factor)):
            return self.problem(name, "Upsample but for planes, by integers, "
                                "nearest or bilinear without align_corners")
        return self.add("UpSampling2D", name, [x],
                        size=[int(f) for f in both(factor)],
                        interpolation=m.mode)

    def frame(self, name, x, widths):
        """ZeroPadding2D of PyTorch's (left, right, top, bottom)."""
        self.read_channels(x, 2)
        left, right, top, bottom = both(widths) * 2 \
            if isinstance(widths, int) else widths
        if x.channels != 2 or min(left, right, top, bottom) < 0:
            return self.problem(name, "padding %r" % (widths,))
        return self.add("ZeroPadding2D", name, [x],
                        padding=[[top, bottom], [left, right]])

    def prelu(self, node, m, name, x):
        """A slope for all, or one for each feature."""
        if m.num_parameters > 1 and not self.read_second(node, x):
            return self.problem(name, "PReLU with a slope for each timestep")
        y = self.add("PReLU", name, [x], weights={
            "alpha": tensor(m.weight.detach().cpu().numpy())})
        y.of = [x] if m.num_parameters == 1 else []
        return y

    def read_second(self, node, x):
        """Whether what works on dim 1 works on the features."""
        rank = self.rank(node)
        self.read_channels(x, rank - 2)
        return rank == 2 or x.channels == rank - 2

    def rank(self, node):
        return len(self.sizes.get(node.name, "NF"))

    def softmax(self, node, name, x, dim, log=False):
        """Along any dim; which axis of the file that is may turn out later."""
        rank = self.rank(node)
        if dim is None or dim % rank == 0:
            return self.problem(name, "softmax along dim %r" % (dim,))
        y = self.add("Activation", name, [x],
                     activation="log_softmax" if log else "softmax")
        y.of = [x]
        self.softmaxes.append((self.layers[-1], y, dim % rank, rank))
        return y

    def glu(self, node, name, x, dim):
        """As softmax: which axis of the file dim is may turn out later."""
        rank = self.rank(node)
        if dim % rank == 0:
            return self.problem(name, "glu along dim %r" % (dim,))
        y = self.add("GLU", name, [x])
        y.of = [x]
        self.softmaxes.append((self.layers[-1], y, dim % rank, rank))
        return y

    def settle_softmaxes(self):
        for layer, y, dim, rank in self.softmaxes:
            if dim == (1 if y.channels else rank - 1):
                continue
            if layer.pop("activation", None) == "log_softmax":
                self.turn_log_softmax(layer, dim - (y.channels > 0), rank - 1)
                continue
            layer.update(axis=dim - (y.channels > 0), type=layer["type"]
                         if layer["type"] == "GLU" else "Softmax")

    def turn_log_softmax(self, layer, axis, last):
        """It has no axis: that one stands last meanwhile."""
        name, at = layer["name"], self.layers.index(layer)
        dims = list(range(1, last + 1))
        dims[axis - 1], dims[-1] = last, axis
        self.layers[at:at] = [
            {"type": "Permute", "name": name + "_turned",
             "inputs": layer["inputs"], "dims": dims},
            {"type": "Activation", "name": name + "_log_softmax",
             "inputs": [name + "_turned"], "activation": "log_softmax"}]
        layer.update(type="Permute", dims=dims,
                     inputs=[name + "_log_softmax"])

    def norm(self, node, m, name, x, kind):
        affine = m.weight is not None
        w = {}
        if affine:
            w["gamma"] = m.weight.detach().cpu().numpy()
            w["beta"] = m.bias.detach().cpu().numpy()
        if kind == "BatchNormalization":
            if m.running_mean is None:
                return self.problem(name, "no running statistics")
            w["moving_mean"] = m.running_mean.cpu().numpy()
            w["moving_variance"] = m.running_var.cpu().numpy()
            if not self.read_second(node, x):
                return self.problem(name, "%s over the timesteps"
                                    % type(m).__name__)
        elif x.channels:
            return self.problem(name, "LayerNorm over more than the features")
        axes = {}
        if kind == "LayerNormalization" and len(m.normalized_shape) > 1:
            rank = self.rank(node)
            axes["axis"] = list(range(rank - len(m.normalized_shape), rank))
        return self.add(kind, name, [x], epsilon=m.eps, scale=affine,
                        center=affine, **axes,
                        **({"weights": {n: tensor(a) for n, a in w.items()}}
                           if w else {}))

    def module(self, node, m, args):
        kind, name = type(m).__name__, node.target
        x = args[0]
        if kind in _GATES:
            if any(s is not ZEROS and s is not None
                   for s in flattened(args[1:])):
                return self.problem(name, "an initial state")
            return Recurrent(m, x, name)
        table = {"Linear": lambda: self.linear(m, name, x),
                 "Conv1d": lambda: self.conv1d(m, name, x),
                 "Conv2d": lambda: self.conv2d(m, name, x),
                 "ConvTranspose1d": lambda: self.transposed(m, name, x, 1),
                 "ConvTranspose2d": lambda: self.transposed(m, name, x, 2),
                 "Upsample": lambda: self.upsample(m, name, x),
                 "PReLU": lambda: self.prelu(node, m, name, x),
                 "Softmax": lambda: self.softmax(node, name, x, m.dim),
                 "LogSoftmax": lambda: self.softmax(node, name, x, m.dim, True),
                 "GLU": lambda: self.glu(node, name, x, m.dim),
                 "Softmax2d": lambda: self.softmax(node, name, x, -3),
                 "ZeroPad2d": lambda: self.frame(name, x, m.padding),
                 "BatchNorm1d": lambda: self.norm(node, m, name, x,
                                                  "BatchNormalization"),
                 "BatchNorm2d": lambda: self.norm(node, m, name, x,
                                                  "BatchNormalization"),
                 "Embedding": lambda: self.embedding(node, m, name, x),
                 "LayerNorm": lambda: self.norm(node, m, name, x,
                                                "LayerNormalization"),
                 "Identity": lambda: x, "Dropout": lambda: x,
                 "Dropout1d": lambda: x, "AlphaDropout": lambda: x,
                 "Dropout2d": lambda: x, "FeatureAlphaDropout": lambda: x,
                 "Flatten": lambda: self.flatten(node, x)}
        if x.cut and kind != "Identity":
            return self.problem(name, "a padded convolution whose end is not "
                                      "cut off")
        if kind in table:
            return table[kind]()
        if kind in POOLS:
            return POOLS[kind](self, m, name, x, int(kind[-2]))
        spec = self.activation(m, kind)
        if spec is None:
            return self.problem(name, "rnnc has no layer torch.nn.%s" % kind)
        y = self.add("Activation", name, [x], activation=spec)
        y.of = [x]
        return y

    @staticmethod
    def activation(m, kind):
        """torch.nn's activations, with their numbers."""
        if kind in SIMPLE:
            return SIMPLE[kind]
        if kind == "LeakyReLU":
            return {"type": "leaky_relu", "negative_slope": m.negative_slope}
        if kind == "RReLU":  # what it is when nothing is drawn
            return {"type": "leaky_relu",
                    "negative_slope": (m.lower + m.upper) / 2}
        if kind in ("ELU", "CELU"):
            return {"type": kind.lower(), "alpha": m.alpha}
        if kind in ("Softshrink", "Hardshrink"):
            return {"type": kind[:4].lower() + "_shrink", "threshold": m.lambd}
        if kind == "Threshold":
            return {"type": "threshold", "threshold": m.threshold,
                    "default_value": m.value}
        if kind == "Hardtanh" and (m.min_val, m.max_val) == (-1, 1):
            return "hard_tanh"
        if kind == "GELU":
            return {"type": "gelu", "approximate": m.approximate == "tanh"}
        if kind == "Softplus" and m.beta == 1:
            return "softplus"
        return None

    # -- Functions

    def flatten(self, node, x):
        if x.channels:  # in PyTorch's order
            n = x.channels
            x = self.add("Permute", "%s_order" % node.name, [x],
                         dims=[n + 1] + list(range(1, n + 1)))
            x.channels = 0
        return self.add("Flatten", node.name, [x])

    def index(self, node, x, key):
        """out, (h, c) of a recurrent layer; x[:, -1]; a cut-off end."""
        if isinstance(x, Recurrent) and key in (0, 1):
            pair = type(x.module).__name__ == "LSTM"
            return x if key == 0 else (States if pair else Hidden)(x)
        if isinstance(x, Hidden) and isinstance(key, int):
            m = x.recurrent.module
            ways = 2 if m.bidirectional else 1
            way = key + (ways if key < 0 else ways - ways * m.num_layers)
            if 0 <= way < ways:  # of the last layer
                return self.last_state(x.recurrent, node, way, ways)
        elif isinstance(x, States) and key == 0:
            return Hidden(x.recurrent)
        return self.problem(node, "the index %r" % (key,))

    def last_state(self, r, node, way, ways):
        """h_n of the last layer, in one of its directions."""
        r.last = r.last or self.recurrent(r, node, False)
        if ways == 1:
            return r.last
        size = getattr(r.module, "proj_size", 0) or r.module.hidden_size
        return self.add("Slice", node.name, [r.last], **{
            "from": way * size, "to": size * (1 - way)})  # 0 is the end

    def getitem(self, node, x, key):
        whole = slice(None, None, None)
        if x is SHAPE:
            return BATCH if key == 0 else SIZE
        if isinstance(x, tuple) and isinstance(key, int) and \
                -len(x) <= key < len(x):  # max(dim)[0], chunk(2)[1]
            return x[key]
        if isinstance(x, Hidden) and isinstance(key, tuple) and \
                all(k == whole for k in key[1:]):
            key = key[0]
        if isinstance(x, Recurrent) and isinstance(key, tuple) and \
                key[:2] == (whole, -1) and all(k == whole for k in key[2:]):
            if not x.module.bidirectional:
                return self.recurrent(x, node, False)
            if not self.fixed:
                return self.problem(node, "x[:, -1] of both directions, over "
                                          "any number of timesteps")
            x = self.plain(x, node)
        if isinstance(x, Value) and x.cut and isinstance(key, tuple) and \
                key[-1] == slice(None, -x.cut, None) and \
                all(k in (whole, Ellipsis) for k in key[:-1]):
            return Value(x.name, x.channels)
        if isinstance(x, Recurrent) and not isinstance(key, int):
            x = self.plain(x, node)
        if isinstance(x, Value) and not x.cut:
            return self.items(node, x, key)
        return self.index(node, x, key)

    def items(self, node, x, key):
        """x[:, 1:, -1]; [features, ...] in the order that the file has."""
        whole, n = slice(None, None, None), x.channels
        key, rank = key if isinstance(key, tuple) else (key,), \
            self.rank(node.args[0])
        if n and Ellipsis in key:
            at = key.index(Ellipsis)
            key = key[:at] + (whole,) * (rank + 1 - len(key)) + key[at + 1:]
        if n:
            key += (whole,) * (rank - len(key))
            key = key[:1] + key[2:] + key[1:2]
        layers = items_of(list(key)) if key else None
        if layers is None or n and (None in key or len(key) != rank):
            return self.problem(node, "the items %r" % (key,))
        y = self.run_through(node, x, layers)
        y.channels = self.channels_left(n, [
            not isinstance(k, int) for k in key[1:]])
        return y

    def run_through(self, node, x, layers):
        for k, layer in enumerate(layers):
            name = node.name if k + 1 == len(layers) else \
                "%s_part%d" % (node.name, k)
            x = self.add(layer["type"], name, [x], **{
                k: v for k, v in layer.items() if k != "type"})
        return x

    @staticmethod
    def channels_left(n, kept):
        """Of axes in the file's order, whether each is still there."""
        return sum(kept[:-1]) if n and kept[-1] else 0

    def reduce(self, node, name, x, dims, keep):
        kind = {"mean": "Mean", "sum": "Sum", "min": "Min", "amin": "Min"}.get(
            name, "Max")
        rank, n = self.rank(node.args[0]), x.channels
        dims = [d % rank for d in ([dims] if isinstance(dims, int)
                                   else dims or [0])]
        if 0 in dims or x.cut:
            return self.problem(node, "%s over the batch" % name)
        axes = [(n + 1 if d == 1 else d - 1) if n else d for d in dims]
        y = self.add("Reduce" + kind, node.name, [x], axis=sorted(axes),
                     keepdims=keep)
        y.channels = n if keep else self.channels_left(
            n, [a not in axes for a in range(1, rank)])
        return (y,) if name in ("max", "min") else y

    def constant(self, node, number):
        y = self.add("Constant", node.name + "_constant", [], weights={
            "value": tensor(np.array([number], np.float64))})
        return y

    def clamp(self, node, x, least, most):
        numbers = [v for v in (least, most) if v is not None]
        if not numbers or not all(isinstance(v, (int, float))
                                  for v in numbers):
            return self.problem(node, "clamp but between numbers")
        if len(numbers) == 2:
            y = self.add("Activation", node.name, [x], activation={
                "type": "clip", "min": least, "max": most})
        else:
            y = self.add("Minimum" if least is None else "Maximum", node.name,
                         [x, self.constant(node, numbers[0])])
        y.of = [x]
        return y

    def power(self, node, x, n):
        if not isinstance(n, (int, float)) or n not in (*POWERS, 3, 4):
            return self.problem(node, "the power of %r" % (n,))
        y = self.add("Multiply", node.name, [x] * n) if n in (3, 4) else \
            self.add("Activation", node.name, [x], activation=POWERS[n])
        y.of = [x]
        return y

    def parts(self, node, x, size, dim, count=None):
        """chunk, of so many parts; split, of so many elements, or a list."""
        shape = self.sizes[node.args[0].name]
        dim %= len(shape)
        if dim == 0 or dim == 1 + x.channels and len(shape) == 3 and \
                not self.fixed or x.cut:
            return self.problem(node, "parts of the batch, or of any number "
                                      "of timesteps")
        if count:
            size = -(-shape[dim] // count)
        if isinstance(size, int):
            size = [min(size, shape[dim] - k)
                    for k in range(0, shape[dim], size)]
        n, at, made = x.channels, 0, []
        for k, count in enumerate(size):
            y = self.add("Slice", "%s_%d" % (node.name, k), [x], **{
                "axis": (n + 1 if dim == 1 else dim - 1) if n else dim,
                "from": at, "to": at + count})
            at += count
            made.append(y)
        return tuple(made)

    def moves(self, node, name, x, args, kwargs):
        """unsqueeze, squeeze, stack, reshape; None: it is something else."""
        dim = args[1] if len(args) > 1 else kwargs.get("dim", 0)
        shape = self.sizes.get(getattr(node.args[0], "name", None), ())
        if name == "stack" and all(isinstance(v, Value) and not v.channels
                                   for v in x):
            rank = self.rank(node)
            if dim % rank == 0:
                return self.problem(node, "stack along dim 0")
            wide = [self.add("ExpandDims", "%s_part%d" % (node.name, k), [v],
                             axis=dim % rank) for k, v in enumerate(x)]
            return self.add("Concatenate", node.name, wide, axis=dim % rank) \
                if len(wide) > 1 else wide[0]
        if not isinstance(x, Value) or x.cut:
            return None
        if name == "unsqueeze" and not x.channels:
            axis = dim % (len(shape) + 1)
            return self.add("ExpandDims", node.name, [x], axis=axis) \
                if axis else self.problem(node, "unsqueeze(0)")
        if name == "squeeze" and (len(args) > 1 or "dim" in kwargs):
            dims = [d % len(shape) for d in (
                [dim] if isinstance(dim, int) else dim)]
            dims = [d for d in dims if shape[d] == 1]
            n = x.channels
            if 0 in dims:
                return self.problem(node, "squeeze(0)")
            if not dims:
                return x
            axes = [(n + 1 if d == 1 else d - 1) if n else d for d in dims]
            y = self.add("Squeeze", node.name, [x], axis=axes)
            y.channels = self.channels_left(
                n, [a not in axes for a in range(1, len(shape))])
            return y
        if name in ("view", "reshape", "unflatten"):
            to = args[1] if isinstance(args[1], (list, tuple)) else args[1:]
            if len(to) > 1 and (to[0] is BATCH or to[0] == -1) and all(
                    isinstance(n, int) for n in to[1:]) and \
                    min(to[1:]) >= (-1 if to[0] is BATCH else 1):
                if x.channels:
                    n = x.channels
                    x = self.add("Permute", "%s_order" % node.name, [x],
                                 dims=[n + 1] + list(range(1, n + 1)))
                    x.channels = 0
                return self.add("Reshape", node.name, [x],
                                target_shape=list(to[1:]))
        return None

    def merge(self, node, args, kind):
        if len(args) == 2 and all(isinstance(a, Value) for a in args):
            if args[0].channels != args[1].channels:
                return self.problem(node, "%s of two orders of axes" % kind)
            y = self.add(kind, node.name, list(args))
            y.of = list(args)
            return y
        return self.with_number(node, args, kind)

    def with_number(self, node, args, kind):
        """x + 1, 2 * x, 1 - x, x / 255"""
        turned = not isinstance(args[0], Value)
        x, number = args[::-1] if turned else args
        if kind == "Divide" and turned and isinstance(number, (int, float)):
            y = self.add(kind, node.name, [self.constant(node, number), x])
            y.channels, y.of = x.channels, [x]
            return y
        if not isinstance(number, (int, float)) or kind not in (
                "Add", "Subtract", "Multiply", "Divide") or (
                    kind == "Divide" and (turned or not number)):
            return self.problem(node, "%s with that" % kind)
        scale = {"Multiply": number, "Divide": 1 / (number or 1)}.get(
            kind, -1 if kind == "Subtract" and turned else 1)
        offset = {"Add": number,
                  "Subtract": number if turned else -number}.get(kind, 0)
        y = self.add("Rescaling", node.name, [x], scale=float(scale),
                     offset=float(offset))
        y.of = [x]
        return y

    def cat(self, node, args, kwargs):
        parts = list(args[0])
        dim = args[1] if len(args) > 1 else kwargs.get("dim", 0)
        if not all(isinstance(p, Value) for p in parts):
            return self.problem(node, "cat with that")
        channels = parts[0].channels
        if dim == 0 or any(p.channels != channels for p in parts):
            return self.problem(node, "cat along dim %d" % dim)
        if channels:  # 1 is the features, which are last in the file
            dim += (channels + 2) * (dim < 0)
            dim = channels + 1 if dim == 1 else dim - 1
        return self.add("Concatenate", node.name, parts, axis=dim)

    def transpose(self, node, x, args):
        if x.channels < 2 and (sorted(args) in ([1, 2], [-2, -1])
                               or args in ([0, 2, 1],)):
            return Value(x.name, 1 - x.channels)
        return self.problem(node, "transpose%r" % (tuple(args),))

    def pad(self, node, args, kwargs):
        x, widths = args[0], args[1] if len(args) > 1 else kwargs.get("pad")
        value = kwargs.get("value") or (args[3] if len(args) > 3 else 0)
        mode = kwargs.get("mode", args[2] if len(args) > 2 else "constant")
        if value or mode != "constant" or not isinstance(x, Value):
            return self.problem(node, "pad%r" % (tuple(widths),))
        if tuple(widths)[1:] == (0,):
            self.read_channels(x, 1)
            return Value(x.name, x.channels, widths[0])
        if len(widths) == 4:
            return self.frame(node.name, x, widths)
        return self.problem(node, "pad%r" % (tuple(widths),))

    def function(self, node, args, kwargs):
        target = node.target
        name = target if isinstance(target, str) else target.__name__
        simple = {k.lower(): v for k, v in SIMPLE.items()}
        merges = {"add": "Add", "iadd": "Add", "sub": "Subtract",
                  "mul": "Multiply", "imul": "Multiply", "maximum": "Maximum",
                  "minimum": "Minimum", "truediv": "Divide", "div": "Divide"}
        x = args[0] if args else None
        if name == "getitem":
            return self.getitem(node, x, args[1])
        if name in ("zeros", "new_zeros") or (x is ZEROS and name in (
                "to", "detach", "requires_grad_", "type_as", "float")):
            return ZEROS
        if name == "getattr" and args[1] in ("shape", "device", "dtype"):
            return SHAPE if args[1] == "shape" else KIND
        if name == "getattr" and args[1] == "values" and isinstance(x, tuple):
            return x[0]
        args = self.plain(args, node)
        x = args[0] if args else None
        if name == "squeeze" and isinstance(x, Hidden) and args[1:] == (0,):
            m = x.recurrent.module
            if m.num_layers == 1 and not m.bidirectional:
                return self.index(node, x, 0)
        if name.replace("_", "") in simple:  # relu_() and log_sigmoid, too
            y = self.add("Activation", node.name, [x],
                         activation=simple[name.replace("_", "")])
            y.of = [x]
            return y
        if name in merges:
            return self.merge(node, args, merges[name])
        if name in ("cat", "concat", "concatenate"):
            return self.cat(node, args, kwargs)
        if name in ("transpose", "permute", "swapaxes"):
            flat = args[1] if isinstance(args[1], (list, tuple)) else args[1:]
            return self.transpose(node, x, list(flat))
        if name == "pad":
            return self.pad(node, args, kwargs)
        pool = "".join(w.capitalize() for w in name.split("_"))
        if pool in POOLS and len(args) < 6: # as torch.nn's, up to the dilation
            m = getattr(self.torch.nn, pool)(*args[1:], **kwargs)
            return POOLS[pool](self, m, node.name, x, int(pool[-2]))
        if name in ("dropout", "contiguous"):
            return x
        if name == "size":
            return self.getitem(node, SHAPE, args[1]) if args[1:] else SHAPE
        if name in ("view", "reshape"):
            to = args[1] if isinstance(args[1], (list, tuple)) else args[1:]
            if len(to) == 2 and to[0] is BATCH and to[1] == -1:
                return self.flatten(node, x)
        if name in ("mean", "max", "amax") and isinstance(x, Value) and \
                not x.channels and self.rank(node.args[0]) == 3:
            dim = args[1] if len(args) > 1 else kwargs.get("dim")
            if dim in (1, -2, [1], (1,)) and not kwargs.get("keepdim", False):
                kind = "Max" if "max" in name else "Average"
                y = self.add("Global%sPooling1D" % kind, node.name, [x])
                return (y,) if name == "max" else y
        if name == "mean" and isinstance(x, Value) and x.channels:
            dims = args[1] if len(args) > 1 else kwargs.get("dim", ())
            dims = [dims] if isinstance(dims, int) else list(dims)
            n = x.channels
            if sorted(d % (n + 2) for d in dims) == list(range(2, n + 2)):
                y = self.add("GlobalAveragePooling%dD" % n, node.name, [x],
                             keepdims=bool(kwargs.get("keepdim", False)))
                y.channels = n * bool(kwargs.get("keepdim", False))
                return y
        if name in ("mean", "sum", "max", "min", "amax", "amin") and \
                isinstance(x, Value) and (len(args) > 1 or "dim" in kwargs) \
                and not isinstance(args[1:2] and args[1], Value):
            keep = args[2] if len(args) > 2 else kwargs.get("keepdim", False)
            return self.reduce(node, name, x, args[1] if len(args) > 1 else
                               kwargs["dim"], bool(keep))
        if name in ("clamp", "clip", "clamp_min", "clamp_max") and \
                isinstance(x, Value):
            low, high = (args[1:] + (None, None))[:2]
            if name == "clamp_max":
                low, high = None, low
            return self.clamp(node, x, kwargs.get("min", low),
                              kwargs.get("max", high))
        if name in ("abs", "square", "sqrt", "rsqrt", "log", "exp") and \
                isinstance(x, Value):
            y = self.add("Activation", node.name, [x], activation={
                "exp": "exponential"}.get(name, name))
            y.of = [x]
            return y
        if name in ("neg", "negative"):
            return self.with_number(node, (-1, x), "Multiply")
        if name == "pow" and isinstance(x, Value):
            return self.power(node, x, args[1])
        if name in ("chunk", "split") and isinstance(x, Value):
            last = args[2] if len(args) > 2 else kwargs.get("dim", 0)
            return self.parts(node, x, args[1], last) if name == "split" else \
                self.parts(node, x, None, last, args[1])
        moved = self.moves(node, name, x, args, kwargs)
        if moved is not None:
            return moved
        if name == "flatten" and (list(args[1:]) or [kwargs.get(
                "start_dim", 0)]) == [1]:
            return self.flatten(node, x)
        return self.options(node, name, x, args, kwargs)

    def options(self, node, name, x, args, kwargs):
        """Activations with an argument."""
        def get(key, default):
            return args[1] if len(args) > 1 else kwargs.get(key, default)
        spec = None
        if name == "leaky_relu":
            spec = {"type": name, "negative_slope": get("negative_slope", .01)}
        elif name in ("elu", "celu"):
            spec = {"type": name, "alpha": get("alpha", 1.0)}
        elif name in ("softshrink", "hardshrink"):
            spec = {"type": name[:4] + "_shrink",
                    "threshold": get("lambd", 0.5)}
        elif name == "hardtanh" and args[1:] in ((), (-1, 1)) and \
                kwargs.get("min_val", -1) == -1 and \
                kwargs.get("max_val", 1) == 1:
            spec = "hard_tanh"
        elif name == "gelu":
            spec = {"type": name,
                    "approximate": kwargs.get("approximate") == "tanh"}
        elif name == "softplus" and get("beta", 1) == 1:
            spec = name
        elif name in ("softmax", "log_softmax"):
            return self.softmax(node, node.name, x, get("dim", None),
                                name == "log_softmax")
        elif name == "glu":
            return self.glu(node, node.name, x, get("dim", -1))
        if spec is None:
            return self.problem(node, "rnnc has no operation %s" % name)
        y = self.add("Activation", node.name, [x], activation=spec)
        y.of = [x]
        return y

    # -- The graph

    def is_zero(self, path):
        """Of a tensor that forward() made without looking at its input."""
        value = self.model
        for name in path.split("."):
            value = getattr(value, name)
        return isinstance(value, self.torch.Tensor) and \
            not isinstance(value, self.torch.nn.Parameter) and \
            not value.any()

    def run(self, graph):
        values, outputs, inputs = {}, [], iter(self.inputs)

        def read(arg):
            if isinstance(arg, self.torch.fx.Node):
                return values[arg]
            if isinstance(arg, (list, tuple)):
                return type(arg)(read(a) for a in arg)
            if isinstance(arg, slice):
                return slice(read(arg.start), read(arg.stop), read(arg.step))
            return arg

        for node in graph.nodes:
            args = tuple(read(a) for a in node.args)
            kwargs = {k: read(v) for k, v in node.kwargs.items()}
            if node.op == "placeholder":
                values[node] = Value(next(inputs))
            elif any(getattr(v, "name", "") == "?" for v in args):
                values[node] = Value("?")  # reported already
            elif node.op == "call_module":
                m = self.model.get_submodule(node.target)
                args = self.plain((*args, *kwargs.values()), node)
                values[node] = self.module(node, m, args)
            elif node.op == "output":
                found = args[0] if isinstance(args[0], (list, tuple)) \
                    else [args[0]]
                outputs = self.plain(list(found), node)
                outputs = [v if isinstance(v, Value) else self.problem(
                    node, "something that is no tensor of a sequence")
                    for v in outputs]
            elif node.op in ("call_function", "call_method"):
                values[node] = self.function(node, args, kwargs)
            elif node.op == "get_attr" and self.is_zero(node.target):
                values[node] = ZEROS
            else:
                values[node] = self.problem(node, node.op)
        self.settle_softmaxes()
        return outputs


POOLS = {word + end: make for end in ("1d", "2d") for word, make in (
    ("AdaptiveAvgPool", TorchExport.adaptive), ("AvgPool", TorchExport.pool),
    ("AdaptiveMaxPool", TorchExport.adaptive), ("MaxPool", TorchExport.pool))}


def chooses_rows(torch, model, node):
    """An input that nn.Embedding reads: integers."""
    return any(u.op == "call_module" and isinstance(
        model.get_submodule(u.target), torch.nn.Embedding) for u in node.users)


def sizes_of(torch, model, graph, shapes):
    """{node's name: the shape of what it makes, with the batch}"""
    from torch.fx.passes.shape_prop import ShapeProp
    real = next((p.dtype for p in model.parameters()),
                torch.get_default_dtype())
    inputs = [n for n in graph.nodes if n.op == "placeholder"]
    zeros = [torch.zeros(1, *(d or 64 for d in s), dtype=torch.long if
                         chooses_rows(torch, model, n) else real)
             for s, n in zip(shapes, inputs)]
    try:
        with torch.no_grad():
            model(*zeros)
            ShapeProp(torch.fx.GraphModule(model, graph)).propagate(*zeros)
    except (RuntimeError, IndexError, TypeError, ValueError) as e:
        raise RnncExportError("forward() fails for inputs of shape %s: %s" % (
            ", ".join(str(list(z.shape[1:])) for z in zeros), e)) from e
    return {n.name: n.meta["tensor_meta"].shape for n in graph.nodes
            if hasattr(n.meta.get("tensor_meta"), "shape")}


def export_torch(model, samples, shape):
    import torch
    import torch.fx
    if type(model).__name__ in _GATES:
        model = torch.nn.Sequential(model)  # torch.fx looks into what it is
    model = model.eval()
    given = None if samples is None else [
        np.asarray(s, np.float32) for s in (
            samples if isinstance(samples, (list, tuple)) else [samples])]
    if shape is None and given is None:
        raise RnncExportError("a PyTorch model needs samples=[n, timesteps, "
                              "features], or shape=(timesteps, features)")
    shapes = [g.shape[1:] for g in given] if shape is None else (
        [tuple(shape)] if not isinstance(shape[0], (list, tuple))
        else [tuple(s) for s in shape])
    class Pair(torch.fx.Proxy):
        """Unpacks as what recurrent layers return does, on any Python."""

        def __iter__(self):
            return iter((self[0], self[1]))

    class Tracer(torch.fx.Tracer):
        def proxy(self, node):
            return Pair(node, self)

    plain_zeros = torch.zeros

    def zeros(*size, **kwargs):
        """torch.zeros(2, x.size(0), 8), which torch.fx does not see."""
        asked = [v for v in flattened([size, [*kwargs.values()]])
                 if isinstance(v, torch.fx.Proxy)]
        return asked[0].tracer.create_proxy(
            "call_function", plain_zeros, size, kwargs) if asked \
            else plain_zeros(*size, **kwargs)

    torch.zeros = zeros
    try:
        graph = Tracer().trace(model)
    except (torch.fx.proxy.TraceError, TypeError, ValueError) as e:
        raise RnncExportError("forward() cannot be traced: %s" % e) from e
    finally:
        torch.zeros = plain_zeros
    torch.fx.GraphModule(model, graph).graph.eliminate_dead_code()
    inputs = [n for n in graph.nodes if n.op == "placeholder"]
    names = [n.name for n in inputs]
    batched = [m for m in model.modules()
               if type(m).__name__ in _GATES and not m.batch_first]
    out = TorchExport(torch, model, names,
                      sizes_of(torch, model, graph, shapes), {},
                      not any(None in s for s in shapes))
    if batched:
        out.problem(type(model).__name__, "batch_first=False: build the layer "
                                          "with batch_first=True")
    results = out.run(graph)
    if out.problems:
        raise RnncExportError("\n".join(out.problems))
    turned = [n in out.channels_first for n in names]

    held = [*model.parameters(), *model.buffers()]
    real = next((p.dtype for p in held if p.is_floating_point()),
                torch.get_default_dtype())
    kinds = [torch.long if n in out.rows else real for n in names]

    def predict(xs):
        with torch.no_grad():
            y = model(*[torch.from_numpy(np.ascontiguousarray(
                np.moveaxis(x, -1, 0) if t else x))[None].to(kind)
                for x, t, kind in zip(xs, turned, kinds)])
        ys = y if isinstance(y, (list, tuple)) else [y]
        return [np.moveaxis(v[0].numpy(), 0, -1) if r.channels
                else v[0].numpy() for v, r in zip(ys, results)]

    shapes = [(*s[1:], s[0]) if t else tuple(s)
              for s, t in zip(shapes, turned)]
    if given is not None:
        given = [np.moveaxis(g, 1, -1) if t else g
                 for g, t in zip(given, turned)]
    outputs = [r.name for r in results]
    return {"format": "rnnc", "version": 1,
            "inputs": [{"name": n, "shape": list(s)}
                       for n, s in zip(names, shapes)],
            "layers": out.layers, "outputs": outputs,
            "samples": golden(shapes, names, outputs, predict, given,
                              "PyTorch " + torch.__version__.split("+")[0],
                              {n: ("row", k) for n, k in out.rows.items()})}


# ---- Both --------------------------------------------------------------------


def export(model, path, samples=None, shape=None):
    """Writes the model to path.

    samples  array [n, ...], or one for each input: further golden samples
    shape    (timesteps, features); None for any number of timesteps
    """
    bases = {c.__module__.split(".")[0] for c in type(model).__mro__}
    if "torch" in bases and not bases & {"keras", "tf_keras"}:
        document = export_torch(model, samples, shape)
    else:
        document = export_keras(model, samples, shape)
    write(document, path)


def made_by_keras_2(path):
    """A .keras file says who wrote it; an .h5 file is tried with either."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as z:
        return json.loads(z.read("metadata.json")).get(
            "keras_version", "").startswith("2")


def load_keras(path):
    """Without code of the file's own: a Lambda is refused while loading."""
    names = ["keras", "tf_keras"]
    if made_by_keras_2(path):
        names.reverse()
    for name in names:
        try:
            keras = importlib.import_module(name)
        except ImportError:
            continue
        return keras.models.load_model(path, compile=False, safe_mode=True)
    raise RnncExportError("neither keras nor tf_keras is installed")


def export_weights(path, output):
    """A state_dict, which holds no code; nothing else is unpickled."""
    import torch
    held = torch.load(path, map_location="cpu", weights_only=True)
    held = held.get("state_dict", held) if isinstance(held, dict) else {}
    if not held or not all(torch.is_tensor(v) for v in held.values()):
        raise RnncExportError("no state_dict: export the module in Python, "
                              "export(model, path, shape=...)")
    write({"state_dict": {n: tensor(v.detach().numpy())
                          for n, v in held.items()
                          if v.is_floating_point()}}, output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a .keras or .h5 file, or a state_dict "
                                      "in a .pt or .pth file")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--samples", help=".npy with inputs [n, ...]")
    options = parser.parse_args()
    try:
        if options.model.endswith((".pt", ".pth")):
            return export_weights(options.model, options.output)
        model = load_keras(options.model)
        samples = np.load(options.samples) if options.samples else None
        export(model, options.output, samples)
    except RnncExportError as e:
        raise SystemExit("%s: error: cannot be exported:\n%s"
                         % (options.model, e))
    except Exception as e:  # of the framework, while it loads
        raise SystemExit("%s: error: cannot be loaded: %s: %s" % (
            options.model, type(e).__name__, str(e).strip().split("\n")[0]))


if __name__ == "__main__":
    main()
