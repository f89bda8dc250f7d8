"""Random Keras models that cover every pair of layer options.

A model is a chain of four layers, each with random options, with whatever
stands between them so that shapes fit. An item is an option's value, such as
"LSTM activation=relu"; every pair of items should meet in some model, so of a
handful of random chains the one with the most new pairs is built.
"""

import functools
import itertools

import numpy as np

ACTIVATIONS = ["linear", "tanh", "sigmoid", "relu", "hard_sigmoid", "elu",
               "selu", "softplus", "softsign", "swish", "gelu", "leaky_relu",
               "exponential", "softmax"]
NEWER = ["relu6", "celu", "squareplus", "soft_shrink", "hard_shrink",
         "sparse_plus", "tanh_shrink", "sparse_sigmoid", "hard_silu",
         "hard_tanh", "mish", "log_sigmoid", "log_softmax",
         "sparsemax"]  # than tf-keras
SMOOTH = ["tanh", "sigmoid", "softsign", "hard_sigmoid"]
FLAG = [False, True]
CELL = {"units": [1, 3, 5], "activation": ["tanh", "sigmoid", "softsign",
                                           "relu", "softmax"],
        "use_bias": FLAG, "return_sequences": FLAG, "go_backwards": FLAG,
        "return_state": FLAG, "first": ["zero", "given"],
        "mask": ["none", "kept", "zero"], "dropout": [0.0, 0.25],
        "stateful": FLAG}
FORMATS = ["channels_last"]  # and channels_first where JAX computes
KERNEL = {"kernel_size": [1, 2, (3, 2)], "padding": ["valid", "same"],
          "spacing": ["plain", "strides 2", "dilation 2"],
          "activation": ["linear", "relu", "tanh"], "use_bias": FLAG,
          "data_format": FORMATS}
LINE = {**KERNEL, "kernel_size": [1, 2, 3]}
TURNED = {"filters": [1, 3], "output_padding": [None, 1],
          "spacing": ["plain", "strides 2", "strides 3"]}  # and dilation 2
GATED = {**CELL, "recurrent_activation": SMOOTH}
# Layer: option: values. "over" is the layer inside a wrapper.
LAYERS = {
    "SimpleRNN": CELL,
    "LSTM": {**GATED, "unit_forget_bias": FLAG},
    "GRU": {**GATED, "reset_after": FLAG},
    "Bidirectional": {"over": ["SimpleRNN", "LSTM", "GRU"], "units": [1, 3],
                      "merge_mode": ["concat", "sum", "mul", "ave", None],
                      "backward": ["same", "other"],
                      "return_sequences": FLAG, "mask": ["none", "kept"],
                      "stateful": FLAG},
    "RNN": {"cells": ["LSTMCell", "GRUCell SimpleRNNCell",
                      "SimpleRNNCell LSTMCell GRUCell"], "units": [1, 3],
            "return_sequences": FLAG, "go_backwards": FLAG,
            "return_state": FLAG, "mask": ["none", "kept", "zero"],
            "stateful": FLAG},
    "TimeDistributed": {"over": ["Dense", "Activation", "ELU", "Conv1D",
                                 "LayerNormalization", "LayerNormalization 1",
                                 "MaxPooling1D", "GlobalAveragePooling1D",
                                 "Flatten", "Reshape", "BatchNormalization",
                                 "GRU", "Bidirectional", "Sequential",
                                 "Functional", "TimeDistributed", "masked GRU",
                                 "Masking and GRU"],
                        "units": [2, 4]},
    "Inside": {"model": ["Sequential", "Functional"],
               "called": ["once", "twice"]},
    "Dense": {"units": [1, 4], "activation": ACTIVATIONS, "use_bias": FLAG},
    "Conv1D": {"filters": [2, 4], "kernel_size": [1, 2, 3],
               "padding": ["valid", "same", "causal"],
               "spacing": ["plain", "strides 2", "dilation 2"],
               "groups": [1, 2], "activation": ["linear", "relu", "tanh"],
               "use_bias": FLAG},
    "Conv2D": {**KERNEL, "filters": [2, 4], "groups": [1, 2]},
    "Conv1DTranspose": {**LINE, **TURNED},
    "Conv2DTranspose": {**KERNEL, **TURNED},
    "DepthwiseConv1D": {**LINE, "depth_multiplier": [1, 2]},
    "DepthwiseConv2D": {**KERNEL, "depth_multiplier": [1, 2]},
    "SeparableConv1D": {**LINE, "depth_multiplier": [1, 2], "filters": [1, 3]},
    "SeparableConv2D": {**KERNEL, "depth_multiplier": [1, 2],
                        "filters": [1, 3]},
    "UpSampling2D": {"size": [2, (1, 4)], "data_format": FORMATS,
                     "interpolation": ["nearest", "bilinear", "bicubic",
                                       "lanczos3", "lanczos5"]},
    "Activation": {"activation": ACTIVATIONS},
    "ReLU": {"max_value": [None, 1.5], "negative_slope": [0.0, 0.25],
             "threshold": [0.0, 0.5]},
    "LeakyReLU": {"negative_slope": [0.3, 0.1]},
    "ELU": {"alpha": [1.0, 0.5]},
    "PReLU": {"shared_axes": [None, [1]]},
    "Softmax": {"axis": [-1, 1, (1, 2)]},
    "BatchNormalization": {"epsilon": [1e-3, 0.1], "center": FLAG,
                           "scale": FLAG, "axis": [-1, 1]},
    "LayerNormalization": {"epsilon": [1e-3, 0.1], "center": FLAG,
                           "scale": FLAG, "axis": [-1, 1, (1, 2)]},
    "GroupNormalization": {"groups": [-1, 1, 2], "epsilon": [1e-3, 0.1],
                           "center": FLAG, "scale": FLAG, "axis": [-1, 1]},
    "RMSNormalization": {"epsilon": [1e-3, 0.1], "axis": [-1, (1, 2)]},
    "UnitNormalization": {"axis": [-1, 1, (1, 2)]},
    "Normalization": {"mean": ["one", "each"], "axis": [None, -1, 1, (1, 2)],
                      "invert": FLAG},
    "Embedding": {"input_dim": [7], "output_dim": [1, 3],
                  "input_length": [1, 4], "over": ["none", "SimpleRNN", "LSTM",
                                                   "GRU"]},
    "Rescaling": {"scale": [0.5, -2.0], "offset": [0.0, 0.25]},
    "ZeroPadding1D": {"padding": [1, (2, 0)]},
    "Cropping1D": {"cropping": [1, (1, 0)]},
    "UpSampling1D": {"size": [2]},
    "RepeatVector": {"n": [3]},
    "Permute": {"dims": [(2, 1)]},
    "MaxPooling1D": {"pool_size": [2, 3], "strides": [None, 1],
                     "padding": ["valid", "same"]},
    "AveragePooling1D": {"pool_size": [2, 3], "strides": [None, 2],
                         "padding": ["valid", "same"]},
    "GlobalMaxPooling1D": {"keepdims": FLAG},
    "GlobalAveragePooling1D": {"keepdims": FLAG},
    "MaxPooling2D": {"pool_size": [2, (3, 1)], "strides": [None, (1, 2)],
                     "padding": ["valid", "same"], "data_format": FORMATS},
    "AveragePooling2D": {"pool_size": [2, (1, 3)], "strides": [None, 1],
                         "padding": ["valid", "same"],
                         "data_format": FORMATS},
    "GlobalMaxPooling2D": {"keepdims": FLAG},
    "GlobalAveragePooling2D": {"keepdims": FLAG},
    "ZeroPadding2D": {"padding": [1, (0, 2), ((1, 0), (0, 2))],
                      "data_format": FORMATS},
    "Cropping2D": {"cropping": [1, (2, 0), ((1, 0), (0, 1))],
                   "data_format": FORMATS},
    "Masking": {"mask_value": [0.0, -1.0, 0.5], "over": ["LSTM", "GRU"]},
    "Dropout": {"rate": [0.0, 0.5]},
    "Noise": {"layer": ["GaussianNoise", "GaussianDropout", "AlphaDropout",
                        "ActivityRegularization", "SpatialDropout1D",
                        "SpatialDropout2D", "Identity"]},
    "Flatten": {"-": ["-"]},
    "Reshape": {"target_shape": ["turned", "open"]},
    "Merge": {"layer": ["Add", "Subtract", "Multiply", "Average", "Maximum",
                        "Minimum", "Concatenate", "Concatenate 1"]},
    "Function": {"name": ["tanh", "relu", "gelu", "leaky_relu", "softmax",
                          "1 sub", "add array", "div 4", "negative", "product",
                          "concat", "glu", "last", "items", "mean 1",
                          "mean -1", "max 1", "min -1", "sum 1", "square",
                          "sqrt", "log", "clip", "divide", "cube", "squeeze",
                          "stack", "transpose", "reshape"]},
    "Attention": {"use_scale": FLAG, "dropout": [0.0, 0.5], "score_mode": ["dot", "concat"],
                  "inputs": ["same", "two", "three"],
                  "mask": ["none", "query", "value"],
                  "use_causal_mask": FLAG, "return_attention_scores": FLAG},
    "AdditiveAttention": {"use_scale": FLAG, "dropout": [0.0, 0.5],
                          "inputs": ["same", "three"],
                          "mask": ["none", "query", "value"],
                          "use_causal_mask": FLAG,
                          "return_attention_scores": FLAG},
    "MultiHeadAttention": {"num_heads": [1, 3], "key_dim": [4, 16],
                           "value_dim": [None, 2], "use_bias": FLAG,
                           "output_shape": [None, 3], "dropout": [0.0, 0.5],
                           "inputs": ["same", "two", "three"],
                           "mask": ["none", "query", "value"],
                           "use_causal_mask": FLAG,
                           "return_attention_scores": FLAG},
    "Dot": {"axes": [1, 2, -1, (2, 1)], "normalize": FLAG},
    "Timesteps": {"number": ["any"]},  # first in chains of their own
}
# What such a chain may have behind it: layers, and their options where not all.
OPEN_CELL = {"go_backwards": [False], "return_state": [False],
             "first": ["zero"], "mask": ["none"]}
OPEN = {
    "SimpleRNN": OPEN_CELL, "LSTM": OPEN_CELL, "GRU": OPEN_CELL,
    "RNN": OPEN_CELL, "Dense": {}, "Activation": {}, "ReLU": {},
    "LeakyReLU": {}, "ELU": {}, "PReLU": {"shared_axes": [[1]]},
    "Softmax": {"axis": [-1]}, "Rescaling": {}, "Dropout": {}, "Function": {
        "name": [n for n in LAYERS["Function"]["name"] if n not in (
            "stack", "transpose", "reshape")]},
    "BatchNormalization": {"axis": [-1]}, "LayerNormalization": {"axis": [-1]},
    "RMSNormalization": {"axis": [-1]}, "UnitNormalization": {"axis": [-1]},
    "Normalization": {"axis": [None, -1]},
    "Conv1D": {"padding": ["causal"], "spacing": ["plain", "dilation 2"]},
    "TimeDistributed": {"over": ["Dense", "Activation", "ELU"]},
    "GlobalMaxPooling1D": {}, "GlobalAveragePooling1D": {},
}
LENGTH, OPEN_LENGTH, OPEN_SHARE = 8, 5, 0.06


def prepare(keras):
    """Takes what only Keras 3 has from the lists for Keras 2."""
    if keras.__version__.startswith("2"):
        del LAYERS["RMSNormalization"]
        LAYERS["Function"]["name"].remove("glu")
        # Where no key counts it adds -1e9, which is another sum in float64.
        LAYERS["MultiHeadAttention"]["mask"].remove("query")
        LAYERS["SeparableConv1D"]["padding"] = ["valid", "same", "causal"]
    else:
        ACTIVATIONS.extend(NEWER)
        if keras.backend.backend() == "jax":  # TensorFlow only has it on GPUs
            FORMATS.append("channels_first")
            TURNED["spacing"].append("dilation 2")


def items(kind, options):
    return ["%s %s=%s" % (kind, k, v) for k, v in options.items()]


def pairs(chain):
    """All pairs of items of different options that meet in a chain."""
    found = [(layer, item) for layer, (kind, options) in enumerate(chain)
             for item in items(kind, options)]
    return {tuple(sorted((a, b))) for (i, a), (j, b)
            in itertools.combinations(found, 2)
            if i != j or a.split("=")[0] != b.split("=")[0]}


@functools.cache
def all_pairs():
    """Those that a chain could have: a layer beside itself, too."""
    every = [(kind, k, v) for kind, options in LAYERS.items()
             for k, values in options.items() for v in values]
    out = set()
    for (a, b) in itertools.combinations_with_replacement(every, 2):
        if meet(a, b):
            out.add(tuple(sorted("%s %s=%s" % i for i in (a, b))))
    return out


def meet(a, b):
    """Any number of timesteps goes with what can take them."""
    kinds = [i[0] for i in (a, b)]
    if "Timesteps" not in kinds:
        return True
    kind, option, value = b if kinds[0] == "Timesteps" else a
    return stays_open(kind, {option: value})


def stays_open(kind, options):
    return kind in OPEN and all(value in OPEN[kind].get(option, [value])
                                for option, value in options.items())


def random_layer(rng, layers, kind):
    return kind, {k: rng.choice(v) for k, v in layers[kind].items()}


def values_of(layers):
    return {"%s %s=%s" % (kind, k, v): (kind, k, v)
            for kind, options in layers.items()
            for k, vs in options.items() for v in vs}


def force(rng, layers, values, chain, places, pair):
    """Puts a pair of items at two places: into one layer, where it can be."""
    (kind, option, value), (other, second, more) = (values[i] for i in pair)
    chain[places[0]] = random_layer(rng, layers, kind)
    chain[places[0]][1][option] = value
    if kind != other or option == second:
        chain[places[1]] = random_layer(rng, layers, other)
        places = places[1:]
    chain[places[0]][1][second] = more


def choose(rng, module, covered, tries=12):
    """Of some random chains, into which pairs are put that are still missing,
    the one with most of those."""
    every, values = module.all_pairs(), values_of(module.LAYERS)
    missing = sorted(every - covered)
    if rng.random() < getattr(module, "OPEN_SHARE", 0):
        return max([module.open_chain(rng) for _ in range(8 * tries)],
                   key=lambda c: len((pairs(c) & every) - covered))
    chains = []
    for _ in range(tries):
        chain = module.random_chain(rng)
        places = rng.sample(range(len(chain)), len(chain))
        for k in range(0, len(chain) - 1 if missing else 0, 2):
            forced = list(chain)
            force(rng, module.LAYERS, values, forced, places[k:k + 2],
                  rng.choice(missing))
            if module.possible(forced):
                chain = forced
        chains.append(chain)
    return max(chains, key=lambda c: len((pairs(c) & every) - covered))


def possible(chain):
    return all(kind != "Timesteps" for kind, _ in chain)


def random_chain(rng):
    kinds = sorted(set(LAYERS) - {"Timesteps"})
    return [random_layer(rng, LAYERS, rng.choice(kinds))
            for _ in range(LENGTH)]


def open_chain(rng):
    """Any number of timesteps, or what is left of them behind a layer."""
    chain = [random_layer(rng, LAYERS, "Timesteps")]
    kinds = sorted(set(OPEN) & set(LAYERS))
    while len(chain) < OPEN_LENGTH:
        kind = rng.choice(kinds)
        chain.append((kind, {
            k: rng.choice([v for v in values if stays_open(kind, {k: v})])
            for k, values in LAYERS[kind].items()}))
    return chain


# ---- Building ----------------------------------------------------------------


class Builder:
    def __init__(self, keras, rng):
        self.keras, self.L, self.rng = keras, keras.layers, rng

    def input(self, shape, name):
        name += str(len(self.inputs) or "")
        x = self.keras.Input(batch_shape=(1, *shape), name=name) \
            if self.stateful else self.keras.Input(shape, name=name)
        self.inputs.append(x)
        return x

    def rank(self, x, wanted):
        """The same numbers as [timesteps, features], where a layer asks."""
        shape = x.shape[1:]
        if len(shape) == wanted:
            return x
        size = 1
        for d in shape:
            size *= d
        rows = next(r for r in (4, 3, 2, 1) if size % r == 0)
        return self.L.Reshape((rows, size // rows))(x)

    def masked(self, x, plain=False):
        """Some timesteps of x made 0, as a second input says, and masked. plain:
        never the first one; no layers behind."""
        chosen = self.input((*x.shape[1:-1], 1), "mask")
        if plain and x.shape[1] == 1:
            chosen = self.L.Rescaling(0.0)(chosen)
        elif plain:
            chosen = self.L.ZeroPadding1D((1, 0))(
                self.L.Cropping1D((1, 0))(chosen))
        chosen = self.L.ReLU(1.0)(self.L.Rescaling(1.0, 0.5)(chosen))
        x = self.L.Reshape(x.shape[1:])(x)  # which drops a mask it has
        x = self.L.Rescaling(1.0, 2.0)(self.L.Activation("tanh")(x))  # no 0
        y = self.L.Masking()(self.L.Multiply()([x, chosen]))
        if not plain and self.rng.random() < 0.5:  # through layers that keep the mask
            y = self.L.Concatenate()([self.L.Dense(2)(y),
                                      self.L.Dropout(0.5)(y)])
        return y

    def recurrent(self, kind, options, x):
        options, x = dict(options), self.rank(x, 2)
        mask = options.pop("mask")
        if mask != "none":
            x = self.masked(x)
        if mask == "zero" and options["return_sequences"] and \
                not options["return_state"]:
            options["zero_output_for_mask"] = True
        given = options.pop("first") == "given"
        states = 2 if kind == "LSTM" else 1
        layer = getattr(self.L, kind)(**options)
        if given:
            flat = self.L.Flatten()(x)
            first = [self.L.Dense(options["units"], activation="tanh")(flat)
                     for _ in range(states)]
            y = layer(x, initial_state=first if states > 1 else first[0])
        else:
            y = layer(x)
        if not options["return_state"]:
            return y
        return self.L.Concatenate()([self.L.Flatten()(y[0]), *y[1:]])

    def cells(self, options, x):
        """A layer around a cell, or a stack of them."""
        options, x = dict(options), self.rank(x, 2)
        mask, units = options.pop("mask"), options.pop("units")
        if mask != "none":
            x = self.masked(x)
        cells = [getattr(self.L, kind)(units + k) for k, kind in
                 enumerate(options.pop("cells").split())]
        if mask == "zero" and options["return_sequences"] and \
                not options["return_state"]:
            options["zero_output_for_mask"] = True
        if len(cells) > 1:
            options["return_state"] = False
        y = self.L.RNN(cells if len(cells) > 1 else cells[0], **options)(x)
        if not options["return_state"]:
            return y
        return self.L.Concatenate()([self.L.Flatten()(y[0]), *y[1:]])

    def embedding(self, options, x):
        """Of a second input, which has integers, beside what came so far."""
        options = dict(options)
        tokens = self.input((options.pop("input_length"),), "tokens")
        over = options.pop("over")
        rows = self.L.Embedding(**options, mask_zero=over != "none")(tokens)
        if over != "none":
            rows = getattr(self.L, over)(2)(rows)
        return self.L.Concatenate()([self.L.Flatten()(x),
                                     self.L.Flatten()(rows)])

    def normalization(self, kind, options, x):
        """Rows of small norm would only compare the rounding."""
        if options.get("axis", -1) not in (-1, None):
            x = self.rank(x, 2)
        if kind == "Normalization":
            return self.adapted(options, x)
        if kind == "UnitNormalization":
            x = self.L.Rescaling(1.0, 0.5)(self.L.Activation("tanh")(x))
        if kind == "GroupNormalization":  # tf-keras fails on a mask
            x = self.L.Reshape(x.shape[1:])(x)
        if kind == "GroupNormalization" and x.shape[options["axis"]] % abs(
                options["groups"]):
            x = self.L.Dense(4)(x) if options["axis"] == -1 else \
                self.L.UpSampling1D(2)(x)
        return getattr(self.L, kind)(**options)(x)

    def adapted(self, options, x):
        """By one mean and variance, or by others along the axes."""
        axis = options["axis"]
        each = options["mean"] == "each" and axis is not None
        sizes = [x.shape[a] for a in (axis if isinstance(axis, tuple)
                                      else [axis])] if each else []

        def numbers(shape, low):
            return [numbers(shape[1:], low) for _ in range(shape[0])] \
                if shape else low + self.rng.choice([0.25, 0.5, 1.0, 2.0])
        return self.L.Normalization(
            axis=axis, mean=numbers(sizes, -1), variance=numbers(sizes, 0),
            invert=options["invert"])(x)

    def conv1d(self, options, x):
        options, x = dict(options), self.rank(x, 2)
        spacing = options.pop("spacing")
        if spacing == "strides 2":
            options["strides"] = 2
        elif spacing == "dilation 2":
            options["dilation_rate"] = 2
        if x.shape[2] % options["groups"]:
            x = self.L.Dense(2)(x)
        reach = (options["kernel_size"] - 1) * options.get("dilation_rate", 1)
        if options["padding"] == "valid" and x.shape[1] <= reach:
            x = self.L.Reshape((-1, 2))(self.L.Dense(12)(self.L.Flatten()(x)))
        return self.L.Conv1D(**options)(x)

    def convolution(self, kind, options, x):
        """On a plane or line that windows of three, two apart, fit into."""
        options = dict(options)
        word, _, number = options.pop("spacing", "plain").partition(" ")
        if word != "plain":
            options[{"strides": "strides", "dilation": "dilation_rate"}[word]
                    ] = int(number)
        if options.get("output_padding") and word != "strides":
            options["output_padding"] = 0  # has to be less than strides
        if kind.endswith("Transpose") and options["padding"] == "same" and \
                options["output_padding"] == 0:
            options["output_padding"] = None  # too little, of even windows
        shape = (5, 4, 2) if "2D" in kind else (20, 2)
        if options["data_format"] == "channels_first":
            shape = shape[-1:] + shape[:-1]
        y = self.L.Dense(40, activation="tanh")(self.L.Flatten()(x))
        return getattr(self.L, kind)(**options)(self.L.Reshape(shape)(y))

    def bidirectional(self, options, x):
        options = dict(options)
        inner = getattr(self.L, options.pop("over"))
        mode, x = options.pop("merge_mode"), self.rank(x, 2)
        if options.pop("mask") != "none":
            x = self.masked(x)
        other = options.pop("backward")
        other = inner(**options, activation="softsign", go_backwards=True) \
            if other == "other" else None
        y = self.L.Bidirectional(inner(**options), merge_mode=mode,
                                 backward_layer=other)(x)
        if mode is not None:
            return y
        return self.L.Concatenate()([self.L.Flatten()(v) for v in y])

    def distributed(self, options, x):
        """Over timesteps of four rows, but for layers of any rank."""
        L, units, over = self.L, options["units"], options["over"]
        x = self.rank(x, 2)
        if over not in ("Dense", "Activation", "ELU"):
            x = L.Reshape((x.shape[1], 4, 2))(L.Dense(8, activation="tanh")(x))
        a = self.keras.Input((4, 2))
        if over == "masked GRU":
            x = self.masked(x)
        elif over == "Masking and GRU":  # some rows of 0
            x = L.ReLU()(L.Dense(1)(x))
            a = self.keras.Input((4, 1))
        elif over == "TimeDistributed":
            x = L.Reshape((x.shape[1], 2, 2, 2))(x)
        y = L.TimeDistributed({
            "Dense": lambda: L.Dense(units),
            "Activation": lambda: L.Activation("tanh"),
            "ELU": L.ELU,
            "Conv1D": lambda: L.Conv1D(units, 2, padding="same", strides=2),
            "LayerNormalization": L.LayerNormalization,
            "LayerNormalization 1": lambda: L.LayerNormalization(axis=1),
            "MaxPooling1D": L.MaxPooling1D,
            "GlobalAveragePooling1D": L.GlobalAveragePooling1D,
            "Flatten": L.Flatten,
            "Reshape": lambda: L.Reshape((-1,)),
            "BatchNormalization": lambda: L.BatchNormalization(axis=1),
            "GRU": lambda: L.GRU(units, return_sequences=True),
            "Bidirectional": lambda: L.Bidirectional(L.LSTM(units)),
            "Sequential": lambda: self.keras.Sequential([
                a, L.Conv1D(units, 2), L.Flatten(), L.Dense(3)]),
            "Functional": lambda: self.keras.Model(a, L.Concatenate(1)([
                a, L.Dense(2)(a)])),
            "TimeDistributed": lambda: L.TimeDistributed(L.SimpleRNN(units)),
            "masked GRU": lambda: L.GRU(units),
            "Masking and GRU": lambda: self.keras.Sequential([
                a, L.Masking(), L.Dense(2), L.GRU(units)]),
        }[over]())(x)
        # A mask made inside goes on to the next one in Keras 2, and from there
        # as one for all slices: refused.
        old = self.keras.__version__.startswith("2")
        drops = over == "masked GRU" or old and over == "Masking and GRU"
        return L.Reshape(y.shape[1:])(y) if drops else y

    def inside(self, options, x):
        """A model inside the model, whose weights two calls share."""
        x, size = self.rank(x, 2), 3
        x = self.L.Dense(size, activation="tanh")(x)
        layers = [self.L.GRU(size, return_sequences=True),
                  self.L.Dense(size, activation="tanh")]
        if options["model"] == "Sequential":
            model = self.keras.Sequential([self.keras.Input(x.shape[1:]),
                                           *layers])
        else:
            a = self.keras.Input(x.shape[1:])
            model = self.keras.Model(a, self.L.Add()(
                [a, layers[1](layers[0](a))]))
        y = model(x)
        return self.L.Add()([y, model(y)]) if options["called"] == "twice" \
            else y

    def sequence(self, kind, options, x):
        """What works on [timesteps, features], of four timesteps at least."""
        x = self.rank(x, 2)
        if x.shape[1] and x.shape[1] < 4:
            x = self.L.UpSampling1D(4)(x)
        return getattr(self.L, kind)(**options)(x)

    def plane(self, kind, options, x):
        y = self.L.Dense(40)(self.L.Flatten()(x))
        first = options.get("data_format") == "channels_first"
        return getattr(self.L, kind)(**options)(self.L.Reshape(
            (2, 5, 4) if first else (5, 4, 2))(y))

    def masking(self, options, x):
        """Some timesteps become the value, as a second input says."""
        L, x, value = self.L, self.rank(x, 2), options["mask_value"]
        chosen = self.input((x.shape[1], 1), "mask")
        chosen = L.ReLU(1.0)(L.Rescaling(1.0, 0.5)(chosen))
        if x.shape[2] > 1:  # see predict() of rnnc_export.py
            chosen = L.Permute((2, 1))(L.RepeatVector(x.shape[2])(
                L.Flatten()(chosen)))
        x = L.Multiply()([L.Rescaling(1.0, 3.0)(L.Activation("tanh")(
            L.Reshape(x.shape[1:])(x))), chosen])
        x = L.Add()([x, L.Rescaling(-value, value)(chosen)])
        return getattr(L, options["over"])(2)(L.Masking(value)(x))

    def merge(self, options, x):
        x = self.L.Reshape(x.shape[1:])(x)  # which drops a mask it has
        other = self.L.Dense(x.shape[-1], activation="tanh")(x)
        name, _, axis = options["layer"].partition(" ")
        return getattr(self.L, name)(**{"axis": int(axis)} if axis else {})(
            [x, other])

    def function(self, options, x):
        """Called on the tensor itself: what it returns has no mask."""
        name = options["name"]
        if self.keras.__version__.startswith("2"):
            import tensorflow as tf
            concat, nn = tf.concat, tf.nn
        else:
            concat, nn = self.keras.ops.concatenate, self.keras.ops
        if name == "glu":
            return nn.glu(self.L.Dense(4)(x))
        if name in ("last", "items", "mean 1", "mean -1", "max 1", "min -1",
                    "sum 1", "square", "sqrt", "log", "clip", "cube", "divide",
                    "squeeze", "stack", "transpose", "reshape"):
            return self.on_tensors(name, x)
        arithmetic = {
            "1 sub": lambda: 1.0 - x, "div 4": lambda: x / 4.0,
            "add array": lambda: x + np.full((1, x.shape[-1]), 0.5),
            "negative": lambda: -x, "product": lambda: x * nn.tanh(x),
            "concat": lambda: concat([x, nn.tanh(x)], -1)}
        return arithmetic.get(name, lambda: getattr(nn, name)(x))()

    def on_tensors(self, name, x):
        """What functions of Keras 3 or TensorFlow do to tensors."""
        if self.keras.__version__.startswith("2"):
            import tensorflow as f
            mean, most, least, total = (f.reduce_mean, f.reduce_max,
                                        f.reduce_min, f.reduce_sum)
            log, clip = f.math.log, f.clip_by_value
        else:
            f = self.keras.ops
            mean, most, least, total, log, clip = (f.mean, f.max, f.min, f.sum,
                                                   f.log, f.clip)
        if name in ("last", "mean 1", "max 1", "sum 1", "transpose", "reshape"):
            x = self.rank(x, 2)
        if name == "items":
            x = self.L.Dense(4, activation="tanh")(x)
        if name in ("cube", "square", "sum 1"):
            x = self.L.Activation("tanh")(x)
        return {
            "last": lambda: x[:, -1, :], "items": lambda: x[..., 1:-1],
            "mean 1": lambda: mean(x, axis=1),
            "mean -1": lambda: mean(x, axis=-1, keepdims=True),
            "max 1": lambda: most(x, axis=1), "sum 1": lambda: total(x, axis=1),
            "min -1": lambda: least(x, axis=[-1], keepdims=True),
            "square": lambda: f.square(x), "sqrt": lambda: f.sqrt(
                f.abs(x) + 0.25), "log": lambda: log(f.abs(x) + 0.5),
            "clip": lambda: clip(x, -0.5, 1.25), "cube": lambda: x ** 3,
            "divide": lambda: x / (x * x + 0.5) + 1.0 / (f.abs(x) + 1.0),
            "squeeze": lambda: f.squeeze(f.expand_dims(x, -1), -1),
            "stack": lambda: f.stack([x, f.tanh(x)], axis=1),
            "transpose": lambda: f.transpose(x, (0, 2, 1)),
            "reshape": lambda: f.reshape(x, (-1, x.shape[1] * x.shape[2])),
        }[name]()

    def dot(self, options, x):
        """With a tensor whose axis has as many elements."""
        x = self.rank(self.L.Activation("tanh")(x), 2)
        other = self.L.Dense(3, activation="tanh")(x)
        if options["axes"] in (2, -1):
            other = self.L.Dense(x.shape[2])(other)
        elif options["axes"] != 1:
            other = self.L.Dense(4)(self.L.Permute((2, 1))(x))
        return self.L.Dot(**options)([x, other])

    def attention(self, kind, options, x):
        """One sequence attends to itself or to another, of six timesteps. With
        a key_dim of 4 or 16 the root is exact, which Keras 3 rounds to float32;
        with 1 and as many heads as timesteps Keras 3 on TensorFlow adds the
        bias along the wrong axis."""
        options, x = dict(options), self.rank(
            self.L.Activation("tanh")(x), 2)
        x = self.L.Reshape(x.shape[1:])(x)  # which drops a mask it has
        if x.shape[2] > 40:  # scores of hundreds of terms, and their softmax,
            x = self.L.Dense(20, activation="tanh")(x)  # leave floats no digits
        given, mask = options.pop("inputs"), options.pop("mask")
        more = {
            k: True for k in ("use_causal_mask", "return_attention_scores")
            if options.pop(k)}
        if kind == "MultiHeadAttention" and given != "same":
            # Keras 3 says [heads, timesteps, timesteps] before it computes.
            more.pop("return_attention_scores", None)
        inputs = [x, x]
        if given != "same":
            size = x.shape[2]
            inputs = [x] + [self.L.Reshape((6, size))(self.L.Dense(
                6 * size, activation="tanh")(self.L.Flatten()(x)))
                for _ in range(1 if given == "two" else 2)]
        if mask != "none":
            k = 0 if mask == "query" else 1
            inputs[k] = self.masked(inputs[k], plain=True)
        old = kind == "MultiHeadAttention" and \
            self.keras.__version__.startswith("2")  # see prepare()
        if mask != "none" and given == "same" and not old and \
                self.rng.random() < 0.7:
            inputs[1 - k] = inputs[k]
        layer = getattr(self.L, kind)(**options)
        if kind != "MultiHeadAttention":
            y = layer(inputs, **more)
        elif given == "three":
            y = layer(inputs[0], inputs[1], key=inputs[2], **more)
        else:
            y = layer(*inputs, **more)
        if "return_attention_scores" not in more:
            return y
        return self.L.Concatenate()([self.L.Flatten()(v) for v in y])

    def reshape(self, options, x):
        shape = list(x.shape[1:])
        target = shape[::-1] if options["target_shape"] == "turned" \
            else [-1] + shape[1:]
        return self.L.Reshape(target)(x)

    def call(self, kind, options, x):
        L = self.L
        if kind in ("SimpleRNN", "LSTM", "GRU"):
            return self.recurrent(kind, options, x)
        if kind == "RNN":
            return self.cells(options, x)
        if kind == "Merge":
            return self.merge(options, x)
        if kind.endswith("Attention"):
            return self.attention(kind, options, x)
        if kind.endswith("2D") and ("Pooling" in kind or "ing2D" in kind) and \
                kind != "UpSampling2D":
            return self.plane(kind, options, x)
        if "Conv" in kind and kind != "Conv1D" or kind == "UpSampling2D":
            return self.convolution(kind, options, x)
        if kind == "Dot":
            return self.dot(options, x)
        if kind == "Flatten":
            return L.Flatten()(x)
        if kind == "Softmax":  # which Keras 3 refuses to compute on a mask
            x = L.Reshape([d or -1 for d in x.shape[1:]])(x)
        if kind == "PReLU":
            return L.PReLU(**options)(self.rank(x, 2))
        named = {"Conv1D": self.conv1d, "Bidirectional": self.bidirectional,
                 "TimeDistributed": self.distributed, "Reshape": self.reshape,
                 "Inside": self.inside, "Function": self.function}
        if kind in named:
            return named[kind](options, x)
        if kind == "RepeatVector":
            return L.RepeatVector(**options)(L.Flatten()(x))
        if kind == "Masking":
            return self.masking(options, x)
        if kind == "Embedding":
            return self.embedding(options, x)
        if kind in ("UnitNormalization", "GroupNormalization",
                    "Normalization"):
            return self.normalization(kind, options, x)
        if kind == "Noise":
            layer = getattr(L, options["layer"])
            if options["layer"] == "Identity":
                return layer()(x)
            if options["layer"].startswith("Spatial"):
                x = L.Reshape((2, -1, 2) if "2D" in options["layer"] else (
                    -1, 2))(L.Dense(4)(L.Flatten()(x)))
            return layer({"GaussianNoise": 0.1}.get(options["layer"], 0.5))(x)
        if kind.endswith(("1D", "Permute")):
            return self.sequence(kind, options, x)
        options = dict(options)
        if options.get("axis", -1) != -1:
            x = self.rank(x, 2)
        if kind == "LeakyReLU" and self.keras.__version__.startswith("2"):
            options = {"alpha": options["negative_slope"]}
        return getattr(L, kind)(**options)(x)

    def model(self, chain):
        timesteps, self.inputs = self.rng.choice([4, 6, 7]), []
        # States belong to samples, of which there is one then.
        self.stateful = any(options.get("stateful") for _, options in chain)
        if chain[0][0] == "Timesteps":
            timesteps, chain = None, chain[1:]
        x = y = self.input((timesteps, self.rng.choice([1, 2, 3])), "x")
        for kind, options in chain:
            y = self.call(kind, options, y)
        return self.keras.Model(self.inputs if len(self.inputs) > 1 else x, y)
