#!/usr/bin/env python3
"""Makes the bad files of other people's formats: a good model, one thing
changed. Their messages are in the .err beside them (see run.py)."""

import copy
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))


def zeros(*shape):
    return [zeros(*shape[1:]) for _ in range(shape[0])] if shape else 0


def cases(prefix, good):
    """A function that saves `good`, changed by a function."""
    def case(name, change):
        model = copy.deepcopy(good)
        model = change(model) or model
        with open(os.path.join(HERE, prefix + "_" + name + ".json"),
                  "w") as f:
            json.dump(model, f, indent=1)
            f.write("\n")
    return case


def put(*path_and_value):
    """put("layers", 0, "type", value): model["layers"][0]["type"] = value"""
    *path, last, value = path_and_value

    def change(model):
        for key in path:
            model = model[key]
        model[last] = value
    return change


def drop(*path):
    *path, last = path

    def change(model):
        for key in path:
            model = model[key]
        del model[last]
    return change


def both(*changes):
    def change(model):
        for c in changes:
            c(model)
    return change


# ---- RTNeural ----------------------------------------------------------------

RTNEURAL = {
    "in_shape": [None, None, 2],
    "layers": [
        {"type": "lstm", "activation": "", "shape": [None, None, 2],
         "weights": [zeros(2, 8), zeros(2, 8), zeros(8)]},
        {"type": "conv1d", "activation": "tanh", "shape": [None, None, 4],
         "kernel_size": [2], "dilation": [1], "groups": 2,
         "weights": [zeros(2, 1, 4), zeros(4)]},
        {"type": "batchnorm", "activation": "", "shape": [None, None, 4],
         "epsilon": 0.01, "weights": [zeros(4), [1, 1, 1, 1]]},
        {"type": "prelu", "activation": "", "shape": [None, None, 4],
         "weights": [zeros(1, 4)]},
        {"type": "dense", "activation": "relu", "shape": [None, None, 1],
         "weights": [zeros(4, 1), zeros(1)]},
    ]}


def rtneural():
    case = cases("rtneural", RTNEURAL)
    case("units", put("layers", 0, "shape", [None, None, 3]))
    case("columns", put("layers", 0, "weights", 0, zeros(2, 7)))
    case("recurrent", put("layers", 0, "weights", 1, zeros(3, 8)))
    case("features", put("in_shape", [None, None, 1]))
    case("weights_few", put("layers", 0, "weights", [zeros(2, 8)]))
    case("weights_many", put("layers", 4, "weights",
                             [zeros(4, 1), zeros(1), zeros(1)]))
    case("weights_absent", drop("layers", 4, "weights"))
    case("weights_object", put("layers", 4, "weights", {"kernel": [[1]]}))
    case("batchnorm_three", put("layers", 2, "weights",
                                [zeros(4), zeros(4), zeros(4)]))
    case("epsilon_absent", drop("layers", 2, "epsilon"))
    case("prelu_slopes", put("layers", 3, "weights", [zeros(1, 3)]))
    case("kernel_size_absent", drop("layers", 1, "kernel_size"))
    case("kernel_size_other", put("layers", 1, "kernel_size", [3]))
    case("kernel_size_two", put("layers", 1, "kernel_size", [2, 2]))
    case("groups", put("layers", 1, "groups", 3))
    case("type_unknown", put("layers", 4, "type", "unknown"))
    case("type_typo", put("layers", 4, "type", "dens"))
    case("type_conv2d", put("layers", 4, "type", "conv2d"))
    case("activation", put("layers", 4, "activation", "swish"))
    case("key", put("layers", 4, "units", 1))
    case("key_typo", put("layers", 1, "dilatoin", [2]))
    case("key_top", put("skip", 1))
    case("shape", put("layers", 4, "shape", [1]))
    case("in_shape", put("in_shape", [None, 5, 6, 1]))
    case("in_shape_null", put("in_shape", [None, None, None]))
    case("no_layers", put("layers", []))
    case("layers_object", put("layers", {"0": {}}))
    case("layer_number", put("layers", 1, 5))
    case("two_at_once", both(put("layers", 4, "type", "lstmm"),
                             put("layers", 0, "shape", [None, None, 5])))


def main():
    rtneural()


main()
