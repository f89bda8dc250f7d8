"""Models whose layers stand in tiles or take features apart, with weights from a
fixed seed, in the forms that test each kind: widths, tails, activations, padding,
any number of timesteps."""

import random

random.seed(9)
GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1, "Dense": 1}
KEEP, CAUSAL = {"return_sequences": True}, {"padding": "causal"}


def numbers(*shape, spread=0.25):
    if len(shape) > 1:
        return [numbers(*shape[1:], spread=spread) for _ in range(shape[0])]
    return [round(random.gauss(0, spread), 4) for _ in range(shape[0])]


def kernel(features, columns):
    """No wider than that sums of many features hardly amplify what was rounded
    before: 130 units of 0.25 would, by 2.8 a timestep, and predict be off by
    1e-5."""
    return numbers(features, columns, spread=min(0.25, 1.2 / features ** 0.5))


def layer(kind, features, units, bias=True, **options):
    columns = GATES[kind] * units
    weights = {"kernel": kernel(features, columns)}
    if kind != "Dense":
        weights["recurrent_kernel"] = kernel(units, columns)
    if kind == "GRU":
        options.setdefault("reset_after", True)
    if options.get("peepholes"):
        weights["peephole"] = numbers(3 * units)
    if bias:
        weights["bias"] = numbers(2, columns) if options.get(
            "reset_after") else numbers(columns)
    return {"type": kind, "use_bias": bias, "units": units,
            "weights": weights, **options}


def conv(features, filters, kernel_size, bias=True, **options):
    groups = options.get("groups", 1)
    weights = {"kernel": numbers(kernel_size, features // groups, filters)}
    if bias:
        weights["bias"] = numbers(filters)
    return {"type": "Conv1D", "use_bias": bias, "filters": filters,
            "kernel_size": kernel_size, "weights": weights, **options}


def plane(features, filters, rows, columns, bias=True, **options):
    groups = options.get("groups", 1)
    weights = {"kernel": numbers(rows, columns, features // groups, filters)}
    if bias:
        weights["bias"] = numbers(filters)
    return {"type": "Conv2D", "use_bias": bias, "filters": filters,
            "kernel_size": [rows, columns], "weights": weights, **options}


def apart(kind, features, kernel_size, filters=0, bias=True, **options):
    """DepthwiseConv1D and 2D; separable ones have filters."""
    size = [kernel_size] if isinstance(kernel_size, int) else kernel_size
    weights = {"depthwise_kernel": numbers(*size, features, 1)}
    if filters:
        weights["pointwise_kernel"] = numbers(
            *[1 for _ in size], features, filters)
        options["filters"] = filters
    if bias:
        weights["bias"] = numbers(filters or features)
    return {"type": kind, "use_bias": bias, "kernel_size": kernel_size,
            "weights": weights, **options}


def transposed(features, filters, *kernel_size, bias=True, **options):
    """Conv1DTranspose or Conv2DTranspose."""
    weights = {"kernel": numbers(*kernel_size, filters, features)}
    if bias:
        weights["bias"] = numbers(filters)
    size = list(kernel_size) if len(kernel_size) > 1 else kernel_size[0]
    return {"type": "Conv%dDTranspose" % len(kernel_size), "use_bias": bias,
            "filters": filters, "kernel_size": size, "weights": weights,
            **options}


def model(shape, *layers):
    for k, l in enumerate(layers):
        l["name"] = "layer%d" % k
    return {"format": "rnnc", "version": 1, "name": "m",
            "inputs": [{"name": "x", "shape": shape}],
            "layers": list(layers), "outputs": [layers[-1]["name"]]}


SLOPE = {"type": "hard_sigmoid", "slope": "keras3"}
MODELS = {
    "eights": model([21, 5], layer("LSTM", 5, 24, **KEEP),
                    layer("GRU", 24, 40, **KEEP), layer("SimpleRNN", 40, 9),
                    layer("Dense", 9, 3)),
    "many": model([11, 7], layer("GRU", 7, 70, **KEEP),
                  layer("LSTM", 70, 50, **KEEP), layer("SimpleRNN", 50, 130),
                  layer("Dense", 130, 150, activation="relu"),
                  layer("Dense", 150, 10, activation="softmax")),
    "before": model([9, 6], layer("GRU", 6, 24, reset_after=False, **KEEP),
                    layer("GRU", 24, 50, reset_after=False, bias=False)),
    "bare": model([7, 3], layer("GRU", 3, 20, bias=False, **KEEP),
                  layer("LSTM", 20, 18, bias=False, **KEEP),
                  layer("GRU", 18, 20, reset_after=False, bias=False)),
    "backwards": model([19, 4], layer("LSTM", 4, 20, go_backwards=True, **KEEP),
                       layer("GRU", 20, 33, go_backwards=True)),
    "scalar": model([10, 8],
                    layer("LSTM", 8, 16, activation="softsign",
                          recurrent_activation=SLOPE, **KEEP),
                    layer("GRU", 16, 24, activation="celu", **KEEP),
                    layer("LSTM", 24, 16, activation="hard_tanh", **KEEP),
                    layer("SimpleRNN", 16, 20, activation="log_sigmoid")),
    "any": model([None, 6], layer("LSTM", 6, 24, bias=False, **KEEP),
                 layer("Dense", 24, 20, activation="tanh"),
                 layer("GRU", 20, 4, **KEEP), layer("Dense", 4, 6)),
    "softmax": model([5, 6], layer("SimpleRNN", 6, 12, activation="softmax"),
                     layer("Dense", 12, 20, activation="gelu")),
    "mlp": model([37], layer("Dense", 37, 64, activation="relu"),
                 layer("Dense", 64, 24, activation="elu", bias=False),
                 layer("Dense", 24, 2)),
    # Kernels of several parts (runtime/product_samples.h).
    "rectified": model([96], layer("Dense", 96, 128, activation="relu"),
                       layer("Dense", 128, 64, activation="relu"),
                       layer("Dense", 64, 5)),
    # Padding at the end only.
    "ahead": model([13, 20], conv(20, 7, 2, strides=3, padding="same"),
                   conv(7, 16, 3, padding="same")),
    # Of a window that is taken as a whole: no timesteps, and no step.
    "window": model([5, 7], {"type": "Flatten"},
                    layer("Dense", 35, 40, activation="tanh"),
                    layer("Dense", 40, 9)),
    "window_last": model([1, 20], {"type": "Flatten"},
                         layer("Dense", 20, 70, activation="relu"),
                         layer("Dense", 70, 5)),
    "peepholes": model([11, 5], layer("LSTM", 5, 24, peepholes=True, **KEEP),
                       layer("LSTM", 24, 50, peepholes=True, **KEEP),
                       layer("LSTM", 50, 17, peepholes=True,
                             recurrent_activation=SLOPE, activation="celu",
                             **KEEP),
                       layer("LSTM", 17, 8, peepholes=True, bias=False,
                             recurrent_activation="tanh")),
    "peepholes_small": model([6, 2], layer("LSTM", 2, 3, peepholes=True)),
    # Chunks of timesteps, process too; over a fixed number and any.
    "causal": model([21, 1], conv(1, 16, 3, **CAUSAL),
                    conv(16, 24, 2, dilation_rate=4, activation="tanh",
                         **CAUSAL),
                    {"type": "Activation", "activation": "sigmoid"},
                    conv(24, 9, 5, bias=False, **CAUSAL),
                    {"type": "Activation", "activation": "elu"},
                    conv(9, 140, 1, activation="softmax", **CAUSAL),
                    layer("Dense", 140, 3)),
    "causal_any": model([None, 3], conv(3, 32, 4, dilation_rate=2, **CAUSAL),
                        layer("GRU", 32, 20, **KEEP),
                        conv(20, 6, 3, activation="softsign", **CAUSAL)),
    "strides": model([31, 4], conv(4, 16, 3, strides=2, **CAUSAL),
                     conv(16, 20, 3, activation="relu"),
                     layer("LSTM", 20, 8)),
    "windows": model([29, 5], conv(5, 16, 4, padding="same"),
                     conv(16, 30, 3, strides=3),
                     conv(30, 10, 2, dilation_rate=3, padding="same",
                          activation="celu"),
                     conv(10, 8, 1, activation="tanh"),
                     {"type": "GlobalMaxPooling1D"}),
    "one_window": model([5, 3], conv(3, 20, 5, activation="tanh"),
                        conv(20, 17, 1, padding="same"), {"type": "Flatten"}),
    # Planes: windows by the row or by the tap, pixels as they are; chunks that
    # end within a row, and a plane of fewer pixels than one.
    "planes": model([9, 7, 1], plane(1, 16, 3, 3, padding="same"),
                    plane(16, 24, 2, 3, activation="tanh"),
                    plane(24, 5, 1, 1, bias=False, activation="softmax"),
                    plane(5, 33, 3, 2, strides=[2, 2], padding="same",
                          activation="celu")),
    "dilated": model([12, 11, 3], plane(3, 20, 3, 3, dilation_rate=[2, 3],
                                        padding="same", activation="relu"),
                     plane(20, 16, 2, 2, dilation_rate=[1, 2]),
                     plane(16, 7, 1, 1, strides=[2, 3]),
                     plane(7, 17, 3, 3), plane(17, 9, 1, 1)),
    # Features apart: in lanes, eight and one by one; windows of up to 16 taps,
    # and larger ones.
    "apart": model([6, 6, 27],
                   apart("DepthwiseConv2D", 27, [3, 3], padding="same",
                         activation="relu"),
                   {"type": "MaxPooling2D", "pool_size": [3, 2],
                    "strides": [1, 1], "padding": "same"},
                   apart("SeparableConv2D", 27, [2, 3], 24, padding="same",
                         dilation_rate=[2, 3], activation="tanh"),
                   {"type": "AveragePooling2D", "pool_size": [3, 3],
                    "strides": [1, 1], "padding": "same"},
                   apart("DepthwiseConv2D", 24, [5, 5], padding="same",
                         bias=False, activation="softmax"),
                   {"type": "MaxPooling2D", "pool_size": [2, 2]},
                   apart("DepthwiseConv2D", 24, [2, 2], strides=[2, 1],
                         activation="celu"),
                   apart("SeparableConv2D", 24, [1, 1], 32, bias=False),
                   {"type": "AveragePooling2D", "pool_size": [1, 2]},
                   {"type": "GlobalMaxPooling2D"}),
    "apart_few": model([9, 8, 5],
                       apart("DepthwiseConv2D", 5, [3, 3], padding="same"),
                       {"type": "MaxPooling2D", "pool_size": [2, 2],
                        "strides": [1, 1], "padding": "same"},
                       {"type": "AveragePooling2D", "pool_size": [5, 5],
                        "strides": [1, 1], "padding": "same"},
                       {"type": "MaxPooling2D", "pool_size": [5, 4],
                        "strides": [1, 1], "padding": "same"},
                       {"type": "GlobalAveragePooling2D"}),
    "apart_causal": model([41, 20],
                          apart("DepthwiseConv1D", 20, 3, dilation_rate=2,
                                activation="relu", **CAUSAL),
                          apart("SeparableConv1D", 20, 4, 17, **CAUSAL),
                          apart("SeparableConv1D", 17, 2, 17, bias=False,
                                activation="softsign", **CAUSAL),
                          {"type": "MaxPooling1D", "pool_size": 2},
                          apart("SeparableConv1D", 17, 2, 17, strides=2),
                          apart("DepthwiseConv1D", 17, 2, strides=2,
                                activation="tanh"),
                          {"type": "AveragePooling1D", "pool_size": 3,
                           "strides": 2}),
    "apart_any": model([None, 9], # chunks of timesteps
                       apart("SeparableConv1D", 9, 3, 40, activation="relu",
                             **CAUSAL),
                       apart("SeparableConv1D", 40, 2, 16, dilation_rate=3,
                             activation="tanh", **CAUSAL)),
    "apart_line": model([50, 6],
                        apart("SeparableConv1D", 6, 5, 24, padding="same"),
                        apart("SeparableConv1D", 24, 20, 9, padding="same",
                              activation="softmax")),
    "transposed": model([11, 6],
                        transposed(6, 24, 3, strides=2, activation="relu"),
                        transposed(24, 5, 4, dilation_rate=2, bias=False,
                                   padding="same", activation="softmax"),
                        transposed(5, 40, 1, activation="tanh")),
    "transposed_planes": model([3, 5, 6],
                               transposed(6, 20, 3, 3, strides=[2, 2],
                                          padding="same", activation="celu"),
                               transposed(20, 3, 2, 3, strides=[1, 2]),
                               transposed(3, 1, 2, 2)),
    # Rows of features: lanes, eight and one by one; sums and maxima of rows.
    "rows": model([5, 27], {"type": "LayerNormalization", "weights": {
        "gamma": numbers(27), "beta": numbers(27)}},
        {"type": "ReLU", "max_value": 0.5, "negative_slope": 0.25,
         "threshold": -0.5},
        {"type": "RMSNormalization", "weights": {"scale": numbers(27)}},
        {"type": "Softmax"}, {"type": "Rescaling", "scale": 3, "offset": -0.5},
        layer("Dense", 27, 40, activation="softmax"),
        {"type": "Normalization", "weights": {
            "mean": numbers(40), "variance": [0.5 + k for k in range(40)]}},
        {"type": "UnitNormalization"},
        {"type": "LayerNormalization", "axis": [1, 2], "center": False,
         "scale": False},
        {"type": "ReLU"}, {"type": "ZeroPadding1D", "padding": [1, 2]},
        {"type": "BatchNormalization", "weights": {
            "gamma": numbers(40), "beta": numbers(40),
            "moving_mean": numbers(40),
            "moving_variance": [0.5 + k for k in range(40)]}},
        {"type": "UpSampling1D", "size": 2},
        {"type": "ReLU", "negative_slope": 0.125}),
    "each_plane": model([13, 4, 3, 2], {
        "type": "TimeDistributed",
        "layer": plane(2, 18, 2, 2, activation="sigmoid", padding="same")},
        {"type": "TimeDistributed", "layer": {"type": "Flatten"}},
        layer("GRU", 216, 6)),
    "small": model([6, 2], layer("LSTM", 2, 3, **KEEP), layer("GRU", 3, 2),
                   layer("Dense", 2, 2, activation="swish")),
}
# Units that fill a part of a tile, in straight lines without vectors; dots.
MODELS["tiny"] = model([12], layer("Dense", 12, 7, activation="relu"),
                       layer("Dense", 7, 5, activation="tanh"),
                       layer("Dense", 5, 4, activation="softmax"),
                       layer("Dense", 4, 16, bias=False), layer("Dense", 16, 4),
                       layer("Dense", 4, 3, activation="sigmoid"))
# A few units, each the sum of a row, of whole sixteens, eights and neither.
MODELS["dots"] = model([43], layer("Dense", 43, 2, activation="relu"),
                       layer("Dense", 2, 40), layer("Dense", 40, 4),
                       layer("Dense", 4, 100, activation="tanh"),
                       layer("Dense", 100, 3, activation="relu"),
                       layer("Dense", 3, 16), layer("Dense", 16, 1))
# Few units of many features, which take the time.
MODELS["features"] = model([7, 40], layer("SimpleRNN", 40, 3, **KEEP),
                           layer("SimpleRNN", 3, 33, **KEEP),
                           layer("SimpleRNN", 33, 2, activation="relu"))
# Of few units and many timesteps: no straight lines, and no tiles or some.
MODELS["long"] = model([150, 2], layer("LSTM", 2, 3, **KEEP),
                       layer("GRU", 3, 4, **KEEP), layer("SimpleRNN", 4, 2),
                       layer("Dense", 2, 3, activation="relu"))
MODELS["long_mixed"] = model([140, 3], layer("GRU", 3, 5, reset_after=False,
                                             **KEEP),
                             layer("Dense", 5, 20, activation="tanh"),
                             layer("LSTM", 20, 24, **KEEP),
                             layer("SimpleRNN", 24, 5, bias=False))
# Tiles whose units fill up to eights and sixteens what they have, in one set.
MODELS["long_tiles"] = model([140, 2], layer("SimpleRNN", 2, 3, **KEEP),
                             layer("GRU", 3, 40, reset_after=False, **KEEP),
                             layer("LSTM", 40, 8, **KEEP),
                             layer("SimpleRNN", 8, 16, **KEEP),
                             layer("Dense", 16, 16, activation="relu"),
                             layer("GRU", 16, 8))
# Of a whole number of lanes: gcc warned of the loop for what is left.
MODELS["softmax_even"] = model([9, 4],
                               layer("SimpleRNN", 4, 48, activation="softmax"))
# Steep functions of large inputs: the self-test's tolerance knows.
MODELS["steep"] = model([21, 40], layer("SimpleRNN", 40, 40, **KEEP))
# Groups: of 2, 4 or 8 features and filters, in lanes, eights and fours; filled
# up to 4 and 8; in tiles of their own; in loops.
MODELS["groups"] = model(
    [21, 32], conv(32, 32, 3, groups=8, activation="relu", **CAUSAL),
    conv(32, 48, 2, groups=16, dilation_rate=4, activation="tanh", **CAUSAL),
    conv(48, 24, 3, bias=False, groups=3, **CAUSAL),
    conv(24, 24, 1, groups=3, activation="softsign", **CAUSAL),
    conv(24, 36, 2, groups=2, activation="softmax", **CAUSAL),
    conv(36, 12, 3, groups=6, **CAUSAL), conv(12, 12, 2, groups=6, **CAUSAL),
    conv(12, 16, 2, groups=2, **CAUSAL), conv(16, 16, 3, groups=8, **CAUSAL))
MODELS["groups_any"] = model(
    [None, 16], conv(16, 16, 4, groups=2, dilation_rate=3, **CAUSAL),
    conv(16, 64, 3, groups=2, activation="tanh", **CAUSAL),
    conv(64, 20, 2, groups=4, activation="celu", **CAUSAL),
    layer("GRU", 20, 8))
MODELS["groups_line"] = model(
    [23, 24], conv(24, 40, 3, groups=4, padding="same", activation="relu"),
    conv(40, 40, 3, groups=10, padding="same", strides=2),
    conv(40, 20, 5, groups=20), conv(20, 20, 2, groups=5, dilation_rate=3),
    conv(20, 400, 1, groups=2, strides=3))
MODELS["groups_planes"] = model(
    [7, 6, 24], plane(24, 24, 3, 3, groups=6, padding="same",
                      activation="relu"),
    plane(24, 40, 2, 3, groups=4, padding="same", activation="tanh"),
    plane(40, 40, 1, 1, groups=5), plane(40, 30, 3, 3, bias=False, groups=10,
                                         strides=[2, 2], padding="same",
                                         activation="celu"),
    plane(30, 15, 1, 1, groups=5, activation="softmax"),
    plane(15, 24, 2, 2, groups=3, dilation_rate=[2, 1]))
# An input that nothing reads.
MODELS["unread"] = model([None, 3], layer("LSTM", 3, 32, inputs=["x"]))
MODELS["unread"]["inputs"].append({"name": "no", "shape": [None, 1]})
# Small: sums are spelled out for samples, of layers in tiles and of others, with
# dot products, for every number of timesteps; some where predict has straight
# lines, of one gate or many gates in all.
SPELLED = {
    "spelled_dense": model([2, 21], layer("Dense", 21, 9, activation="tanh"),
                           layer("Dense", 9, 9, False, activation="relu"),
                           {"type": "Flatten"}, layer("Dense", 18, 3)),
    "spelled_lstm": model([9, 3], layer("LSTM", 3, 6, **KEEP),
                          layer("LSTM", 6, 3, False, peepholes=True, **KEEP),
                          layer("Dense", 3, 2, activation="sigmoid")),
    "spelled_peepholes": model([7, 5], layer("LSTM", 5, 7, peepholes=True)),
    "spelled_gru": model([300, 2], layer("GRU", 2, 7, **KEEP),
                         layer("GRU", 7, 4, reset_after=False, **KEEP),
                         layer("GRU", 4, 3, bias=False)),
    "spelled_before": model([5, 1], layer("GRU", 1, 9, reset_after=False),
                            layer("Dense", 9, 1)),
    "spelled_any": model([None, 2], layer("SimpleRNN", 2, 16, **KEEP),
                         layer("Dense", 16, 5, activation="swish")),
    "spelled_short": model([10, 3], layer("SimpleRNN", 3, 5),
                           layer("Dense", 5, 2)),
    "spelled_lines": model([3, 3], layer("GRU", 3, 4, **KEEP),
                           layer("SimpleRNN", 4, 6, **KEEP),
                           layer("LSTM", 6, 4),
                           layer("Dense", 4, 3, activation="softsign"))}
# Variations of others here, for which every second way to build them will do.
VARIATIONS = ["groups_any", "groups_line", "apart_few", "apart_any",
              "apart_causal", "apart_line", "transposed_planes"]
