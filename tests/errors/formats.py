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


# ---- AIDA-X ------------------------------------------------------------------

AIDAX = {"in_shape": [None, None, 1], "in_skip": 1, "in_gain": 1.5,
         "layers": [{"type": "dense", "activation": "",
                     "shape": [None, None, 1], "weights": [zeros(1, 1)]}],
         "input_batch": [1, 2, 3], "output_batch": [1.188502, 2.377005,
                                                    3.565507]}


def aidax():
    case = cases("aida-x", AIDAX)
    case("skip", put("in_skip", 2))
    case("gain", put("in_gain", "loud"))
    case("golden_wrong", put("output_batch", [1.188502, 2.4, 3.565507]))
    case("golden_short", put("output_batch", [1.188502]))
    case("golden_absent", drop("output_batch"))
    case("key", put("gain_out", 1))


# ---- GuitarML ----------------------------------------------------------------

GUITARML = {
    "model_data": {"model": "SimpleRNN", "input_size": 2, "skip": 1,
                   "output_size": 1, "unit_type": "GRU", "num_layers": 1,
                   "hidden_size": 2, "bias_fl": True},
    "state_dict": {"rec.weight_ih_l0": zeros(6, 2),
                   "rec.weight_hh_l0": zeros(6, 2),
                   "rec.bias_ih_l0": zeros(6), "rec.bias_hh_l0": zeros(6),
                   "lin.weight": zeros(1, 2), "lin.bias": zeros(1)}}


def guitarml():
    case = cases("guitarml", GUITARML)
    case("unit_type", put("model_data", "unit_type", "SRU"))
    case("class", put("model_data", "model", "GatedConvNet"))
    case("hidden_size", put("model_data", "hidden_size", 3))
    case("features", put("model_data", "input_size", 1))
    case("layers", put("model_data", "num_layers", 2))
    case("skip", put("model_data", "skip", 2))
    case("no_states", drop("state_dict"))
    case("no_data", put("model_data", None))
    case("lin", put("state_dict", "lin.weight", zeros(2, 1)))
    case("surplus", put("state_dict", "rec.weight_ih_l1", zeros(6, 2)))
    case("typo", both(drop("state_dict", "lin.bias"),
                      put("state_dict", "lin.bais", zeros(1))))
    case("bias", put("model_data", "bias_fl", False))


# ---- PyTorch -----------------------------------------------------------------

PYTORCH = {
    "architecture": [
        {"type": "Conv1d", "module": "net.c", "activation": "relu"},
        {"type": "LSTM", "module": "rnn", "return_sequences": False},
        {"type": "BatchNorm1d", "module": "bn"},
        {"type": "Linear", "module": "fc"}],
    "input_shape": [6, 2],
    "state_dict": {
        "net.c.weight": zeros(3, 2, 3), "net.c.bias": zeros(3),
        "rnn.weight_ih_l0": zeros(8, 3), "rnn.weight_hh_l0": zeros(8, 2),
        "rnn.bias_ih_l0": zeros(8), "rnn.bias_hh_l0": zeros(8),
        "bn.weight": [1, 1], "bn.bias": zeros(2),
        "bn.running_mean": zeros(2), "bn.running_var": [1, 1],
        "bn.num_batches_tracked": 5,
        "fc.weight": zeros(1, 2), "fc.bias": zeros(1)}}


def pytorch():
    case = cases("pytorch", PYTORCH)
    layer = ("architecture",)
    states = ("state_dict",)
    flatten = put(*layer, 1, {"type": "Flatten", "order": "channels"})

    def backward(model):
        states = model["state_dict"]
        for name in "weight_ih", "weight_hh", "bias_ih", "bias_hh":
            states["rnn.%s_l0_reverse" % name] = states["rnn.%s_l0" % name]

    # -- The file
    case("bare", lambda m: m["state_dict"])
    case("no_architecture", drop("architecture"))
    case("no_states", drop("state_dict"))
    case("two_homes", put("model_state_dict", {}))
    case("no_input_shape", drop("input_shape"))
    case("input_shape", put("input_shape", [6, None]))
    case("no_layers", put("architecture", []))
    case("architecture_object", put("architecture", {"rnn": "LSTM"}))
    case("key_top", put("inputshape", [6, 2]))
    case("mean", put("mean", [0.5, 0.5]))
    case("sample", put("samples", [{"inputs": {"x": zeros(6, 2)},
                                    "outputs": {"y": [2]}}]))

    # -- Names
    case("surplus", put(*states, "fc2.weight", zeros(1, 1)))
    case("type", put(*layer, 3, "type", "linear"))
    case("type_absent", drop(*layer, 3, "type"))
    case("type_far", put(*layer, 3, "type", "TransformerEncoder"))
    case("layer_number", put(*layer, 3, 5))
    case("module", put(*layer, 3, "module", "fx"))
    case("module_absent", drop(*layer, 3, "module"))
    case("key", put(*layer, 1, "return_sequence", True))
    case("tensor_absent", drop(*states, "bn.running_var"))
    case("bias_absent", drop(*states, "rnn.bias_hh_l0"))
    case("tensor_text", put(*states, "fc.bias", ["0"]))

    # -- Shapes
    case("linear_shape", put(*states, "fc.weight", zeros(2, 1)))
    case("linear_bias", put(*states, "fc.bias", zeros(2)))
    case("conv_features", put("input_shape", [6, 3]))
    case("lstm_is_gru", put(*layer, 1, "type", "GRU"))
    case("norm_features", put(*states, "bn.running_mean", zeros(3)))
    case("argument", put(*layer, 1, "hidden_size", 3))
    case("argument_bias", put(*layer, 3, "bias", False))
    case("rank", put("input_shape", [2]))

    # -- What the tensors leave open, what cannot be compiled
    case("return_sequences", drop(*layer, 1, "return_sequences"))
    case("last_absent", backward)
    case("last_word", both(backward, put(*layer, 1, "last", "hn")))
    case("last_out_any", both(backward, put(*layer, 1, "last", "out"),
                              put("input_shape", [None, 2])))
    case("last_single", put(*layer, 1, "last", "h_n"))
    case("projection", put(*states, "rnn.weight_hr_l0", zeros(1, 2)))
    case("projection_units", put(*states, "rnn.weight_hr_l0", zeros(2, 2)))
    projected = both(put(*states, "rnn.weight_hr_l0", zeros(2, 3)),
                     put(*states, "rnn.weight_ih_l0", zeros(12, 3)),
                     put(*states, "rnn.weight_hh_l0", zeros(12, 2)),
                     put(*states, "rnn.bias_ih_l0", zeros(12)),
                     put(*states, "rnn.bias_hh_l0", zeros(12)))
    case("projection_argument", both(projected,
                                     put(*layer, 1, "proj_size", 0)))
    case("projection_gru", both(projected, put(*layer, 1, "type", "GRU")))
    case("nonlinearity", both(
        put(*layer, 1, {"type": "RNN", "module": "rnn", "nonlinearity": "elu",
                        "return_sequences": False}),
        put(*states, "rnn.weight_ih_l0", zeros(2, 3)),
        put(*states, "rnn.weight_hh_l0", zeros(2, 2))))
    case("activation", put(*layer, 0, "activation", "tanhh"))
    case("padding", put(*layer, 0, "padding", -1))
    case("padding_word", put(*layer, 0, "padding", "reflect"))
    case("padding_any", both(put(*layer, 0, "padding", 2),
                             put("input_shape", [None, 2])))
    case("padding_stride", both(put(*layer, 0, "padding", "same"),
                                put(*layer, 0, "stride", 2)))
    case("groups", put(*layer, 0, "groups", 4))
    case("flatten_order", put(*layer, 1, {"type": "Flatten"}))
    case("flatten_word", put(*layer, 1, {"type": "Flatten", "order": "C"}))
    case("flatten_norm", flatten)
    case("flatten_last", both(flatten, drop(*layer, 3), drop(*layer, 2)))
    case("softmax_dim", put(*layer, 3, {"type": "Softmax", "dim": 0}))
    case("glu_dim", put(*layer, 3, {"type": "GLU", "dim": 0}))
    case("softmax_no_dim", put(*layer, 3, {"type": "Softmax"}))
    case("gelu", put(*layer, 3, {"type": "GELU", "approximate": True}))
    case("pool", put(*layer, 3, {"type": "MaxPool1d", "stride": 2}))
    case("pool_rank", put(*layer, 3, {"type": "AvgPool1d", "kernel_size": 2}))
    case("pool_adaptive", put(*layer, 1, {"type": "AdaptiveAvgPool1d",
                                          "output_size": 2}))
    case("normalize", lambda m: m["architecture"].insert(
        0, {"type": "Normalize", "mean": [0, 0, 0], "std": [1, 0]}))
    case("normalize_std", lambda m: m["architecture"].insert(
        0, {"type": "Normalize", "mean": [0, 0], "std": [1, -1]}))
    case("two_at_once", both(put(*layer, 0, "type", "Conv3d"),
                             put(*layer, 1, "module", "rmn"),
                             put(*states, "fc.bias", zeros(3))))


PLANES = {
    "architecture": [
        {"type": "Conv2d", "module": "c"}, {"type": "BatchNorm2d",
                                            "module": "b"},
        {"type": "AdaptiveAvgPool2d", "output_size": 1}, {"type": "Flatten"},
        {"type": "Linear", "module": "fc"}],
    "input_shape": [5, 4, 2],
    "state_dict": {
        "c.weight": zeros(4, 2, 3, 2), "c.bias": zeros(4),
        "b.weight": [1, 1, 1, 1], "b.bias": zeros(4),
        "b.running_mean": zeros(4), "b.running_var": [1, 1, 1, 1],
        "fc.weight": zeros(1, 4), "fc.bias": zeros(1)}}


def pytorch_planes():
    case = cases("pytorch_planes", PLANES)
    layer = ("architecture",)
    case("no_architecture", drop("architecture"))
    case("rank", put("input_shape", [5, 2]))
    case("features", put("input_shape", [5, 4, 3]))
    case("groups", put(*layer, 0, "groups", 3))
    case("pair", put(*layer, 0, "stride", [1, 1, 1]))
    case("padding", put(*layer, 0, "padding", "same"))
    case("kernel_size", put(*layer, 0, "kernel_size", 3))
    case("pool", put(*layer, 2, {"type": "MaxPool2d"}))
    case("pool_pads", put(*layer, 2, {"type": "MaxPool2d", "kernel_size": 2,
                                      "padding": 2}))
    case("adaptive", put(*layer, 2, "output_size", [1, 2]))
    case("norm", put("state_dict", "b.running_mean", zeros(2)))


# ---- NAM ---------------------------------------------------------------------

NAM = {"version": "0.5.4", "architecture": "WaveNet", "sample_rate": 48000,
       "config": {"layers": [
           {"input_size": 1, "condition_size": 1, "head_size": 1,
            "channels": 2, "kernel_size": 2, "dilations": [1, 2],
            "activation": "Tanh", "gated": False, "head_bias": False}],
           "head": None, "head_scale": 0.02},
       "weights": zeros(2 + 2 * (8 + 2 + 2 + 4 + 2) + 2 + 1)}
LSTM = {"input_size": 1, "hidden_size": 2, "num_layers": 1}


def nam():
    case = cases("nam", NAM)
    layer = ("config", "layers", 0)
    case("architecture", put("architecture", "Transformer"))
    case("container", put("architecture", "SlimmableContainer"))
    case("few", put("weights", zeros(40)))
    case("many", put("weights", zeros(42)))
    case("weights_text", put("weights", 3, "0.5"))
    case("weights_nested", put("weights", zeros(41, 1)))
    case("lstm_few", both(put("architecture", "LSTM"), put("config", LSTM)))
    case("lstm_key", both(put("architecture", "LSTM"),
                          put("config", {**LSTM, "hidden": 3})))
    case("lstm_huge", both(put("architecture", "LSTM"),
                           put("config", {**LSTM, "hidden_size": 1 << 24,
                                          "num_layers": 1 << 24})))
    case("activation", put(*layer, "activation", "Fasttanh"))
    case("gating_mode", put(*layer, "gating_mode", "both"))
    case("gating_list", put(*layer, "gating_mode", ["gated"]))
    case("film", put(*layer, "conv_pre_film", {"active": True}))
    case("gated_groups", both(put(*layer, "gated", True),
                              put(*layer, "groups_input", 2)))
    case("groups", put(*layer, "groups_input", 3))
    case("condition_dsp", put("config", "condition_dsp", {}))
    case("input_size", put(*layer, "input_size", 2))
    case("condition_size", put(*layer, "condition_size", 2))
    case("channels", drop(*layer, "channels"))
    case("dilations", put(*layer, "dilations", []))
    case("kernel_sizes", put(*layer, "kernel_sizes", [2]))
    case("no_layers", put("config", "layers", []))
    case("key", put(*layer, "bottle", 2))
    case("convnet", both(put("architecture", "ConvNet"), put("config", {
        "channels": 2, "dilations": [1, 0], "batchnorm": False,
        "activation": "ReLU"})))
    case("linear", both(put("architecture", "Linear"), put("config", {
        "receptive_field": 3, "bias": 1})))


# ---- Keras -------------------------------------------------------------------

KERAS = {
    "class_name": "Sequential", "keras_version": "2.15.0",
    "config": {"name": "m", "layers": [
        {"class_name": "GRU", "config": {
            "name": "rnn", "units": 2, "activation": "tanh",
            "recurrent_activation": "sigmoid", "use_bias": True,
            "reset_after": True, "return_sequences": False,
            "batch_input_shape": [None, 4, 3]},
         "weights": [zeros(3, 6), zeros(2, 6), zeros(2, 6)]},
        {"class_name": "Dense", "config": {
            "name": "y", "units": 1, "activation": "linear"},
         "weights": [zeros(2, 1), zeros(1)]}]}}


def inbound(*refs):
    return [[[name, node, 0, {}] for name, node in refs]]


GRAPH = {
    "class_name": "Functional", "config": {
        "name": "m", "layers": [
            {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
             "config": {"batch_input_shape": [None, 2], "name": "x"}},
            {"class_name": "Dense", "name": "d", "weights": [zeros(2, 2)],
             "config": {"name": "d", "units": 2, "use_bias": False},
             "inbound_nodes": inbound(("x", 0))},
            {"class_name": "Add", "name": "y", "config": {"name": "y"},
             "inbound_nodes": inbound(("x", 0), ("d", 0))}],
        "input_layers": [["x", 0, 0]], "output_layers": [["y", 0, 0]]}}


def keras():
    case = cases("keras", KERAS)
    first = ("config", "layers", 0)
    second = ("config", "layers", 1)
    case("layer", put(*second, "class_name", "Lambda"))
    case("layer_typo", put(*second, "class_name", "Dens"))
    case("key", put(*second, "config", "unitz", 3))
    case("units", put(*first, "config", "units", 3))
    case("units_text", put(*first, "config", "units", "two"))
    case("weights_few", put(*first, "weights", [zeros(3, 6), zeros(2, 6)]))
    case("weights_none", drop(*second, "weights"))
    case("weights_shape", put(*second, "weights", [zeros(1, 2), zeros(1)]))
    case("weights_names", put(*second, "weights", {"kernel": zeros(2, 1),
                                                   "bais": zeros(1)}))
    case("weights_twice", put(*second, "weights", {
        "kernel": zeros(2, 1), "bias": zeros(1), "d/kernel:0": zeros(2, 1)}))
    case("bias_rows", put(*first, "weights", 2, zeros(6)))
    case("reset_after_open", both(
        drop(*first, "config", "reset_after"),
        put(*first, "config", "use_bias", False),
        put(*first, "weights", [zeros(3, 6), zeros(2, 6)])))
    case("hard_sigmoid", both(
        drop("keras_version"), put(*second, "config", "activation",
                                   "hard_sigmoid")))
    case("glu", put(*second, "config", "activation", "glu"))
    case("sparsemax", both(put("keras_version", "3.16.0"), put(
        *second, "config", "activation", "sparsemax")))
    case("sparsemax_tau", put(*second, "config", "activation", {
        "class_name": "sparsemax", "config": {"tau": "keras3"}}))
    case("activation", put(*second, "config", "activation", "sigmoyd"))
    case("activation_threshold", put(*second, "config", "activation",
                                     "threshold"))
    case("activation_code", put(*second, "config", "activation", {
        "class_name": "function", "config": "my_activation"}))
    case("channels_first", put(*second, "config", "data_format",
                               "channels_first"))
    case("groups", put(*second, {
        "class_name": "DepthwiseConv1D", "name": "y", "config": {
            "name": "y", "kernel_size": [2], "groups": 2}}))
    case("states_in_sequence", put(*first, "config", "return_state", True))
    case("return_state", put(*first, {
        "class_name": "Bidirectional", "weights": [
            zeros(3, 6), zeros(2, 6), zeros(2, 6)] * 2,
        "config": {"name": "b", "merge_mode": "sum",
                   "batch_input_shape": [None, 4, 3], "layer": {
                       "class_name": "GRU", "config": {
                           "name": "g", "units": 2, "return_state": True,
                           "reset_after": True}}}}))
    case("no_shape", drop(*first, "config", "batch_input_shape"))
    case("shape_null", put(*first, "config", "batch_input_shape",
                           [None, 4, None]))
    case("no_layers", put("config", "layers", []))
    case("two_at_once", both(put(*first, "config", "units", -1),
                             put(*second, "class_name", "Denses")))
    case("list_few", both(drop(*first, "weights"), drop(*second, "weights"),
                          put("weights", [zeros(3, 6)])))
    case("list_many", both(
        drop(*first, "weights"), drop(*second, "weights"),
        put("weights", [zeros(3, 6), zeros(2, 6), zeros(2, 6), zeros(2, 1),
                        zeros(1), zeros(1)])))
    def cells(kinds, **more):
        return put(*first, {"class_name": "RNN", "config": {
            "name": "rnn", "batch_input_shape": [None, 4, 2], **more,
            "cell": {"class_name": "StackedRNNCells", "config": {
                "name": "stack", "cells": [
                    {"class_name": k, "config": {"name": k, "units": 3}}
                    for k in kinds]}}}})
    def inside(kind, **config):
        return {"class_name": "TimeDistributed", "name": kind + "s", "config": {
            "name": kind + "s", "layer": {"class_name": kind, "config": {
                "name": kind, **config}}}}
    words = inside("Embedding", input_dim=2, output_dim=3, mask_zero=True)
    words["config"]["batch_input_shape"] = [None, 4, 5]
    case("slices", put("config", "layers", [
        {**words, "weights": [zeros(2, 3)]},
        {**inside("SimpleRNN", units=2),
         "weights": [zeros(3, 2), zeros(2, 2), zeros(2)]},
        {"class_name": "SimpleRNN", "config": {"name": "r", "units": 1},
         "weights": [zeros(2, 1), zeros(1, 1), zeros(1)]}]))
    case("cells_of_another", cells(["LSTMCell", "MyCell"]))
    case("cells_none", cells([]))
    case("cells_state", cells(["LSTMCell", "GRUCell"], return_state=True))
    case("cells_key", cells(["LSTMCell"], units=3))
    case("bidirectional", put(*first, {
        "class_name": "Bidirectional", "weights": [],
        "config": {"name": "b", "merge_mode": "max", "layer":
                   KERAS["config"]["layers"][0],
                   "batch_input_shape": [None, 4, 3]}}))
    case = cases("keras_graph", GRAPH)
    case("source", put("config", "layers", 2, "inbound_nodes",
                       inbound(("x", 0), ("e", 0))))
    case("cycle", put("config", "layers", 1, "inbound_nodes",
                      inbound(("y", 0))))
    case("output", put("config", "output_layers", [["z", 0, 0]]))
    case("input", put("config", "input_layers", [["z", 0, 0]]))
    case("argument", put("config", "layers", 2, "inbound_nodes",
                         [[["x", 0, 0, {"mask": [1]}], ["d", 0, 0, {}]]]))
    def tf(function, *call):
        return put("config", "layers", 2, {
            "class_name": "TFOpLambda", "name": "y",
            "config": {"name": "y", "function": function},
            "inbound_nodes": [*call]})
    case("tf", tf("math.pow", ["d", 0, 0, {"y": 2}]))
    case("tf_divides", tf("math.truediv", ["d", 0, 0, {"y": ["x", 0, 0]}]))
    case("tf_divides_by_0", tf("math.truediv", ["d", 0, 0, {"y": 0}]))
    case("tf_argument", tf("nn.relu", ["d", 0, 0, {"slope": 0.1}]))
    case("tf_operand", tf("math.add", ["d", 0, 0, {"y": "x"}]))
    case("tf_axis", tf("nn.log_softmax", ["d", 0, 0, {"axis": 0}]))
    case("mask", put("config", "layers", 2, "inbound_nodes",
                     [[["x", 0, 0, {"mask": ["d", 0, 0]}], ["d", 0, 0, {}]]]))
    operation = {"class_name": "Any", "name": "d", "module":
                 "keras.src.ops.numpy", "config": {"name": "d", "axis": -1},
                 "inbound_nodes": inbound(("x", 0))}
    case("operation", put("config", "layers", 1, operation))
    case("mask_input", put("config", "layers", 1, dict(
        operation, class_name="OnesLike")))
    case("mask_nothing", put("config", "layers", 1, dict(
        operation, class_name="NotEqual")))
    tensor = [{"class_name": "__keras_tensor__", "config": {
        "shape": [None, 2], "dtype": "float32", "keras_history": [n, 0, 0]}}
        for n in "xd"]
    case("call_key", put("config", "layers", 2, "inbound_nodes",
                         [{"args": [tensor], "kwargz": {}}]))
    case("no_inbound", drop("config", "layers", 1, "inbound_nodes"))
    case("initial_state", both(
        put("config", "layers", 1, {
            "class_name": "SimpleRNN", "name": "d", "inbound_nodes":
            inbound(("x", 0), ("x", 0)), "config": {"units": 2},
            "weights": [zeros(2, 2), zeros(2, 2), zeros(2)]})))


# ---- lwtnn -------------------------------------------------------------------


def lw_dense(units, features):
    return {"architecture": "dense", "activation": "rectified",
            "weights": zeros(units * features), "bias": zeros(units)}


def lw_gru(units, features):
    return {"architecture": "gru", "activation": "tanh",
            "inner_activation": "sigmoid", "components": {
                g: {"weights": zeros(units * features),
                    "U": zeros(units * units), "bias": zeros(units)}
                for g in "zrh"}}


LWTNN = {
    "inputs": [{"name": "pt", "offset": -20, "scale": 0.1},
               {"name": "eta", "offset": 0, "scale": 1}],
    "layers": [lw_gru(3, 2), lw_dense(2, 3)],
    "outputs": ["signal", "background"],
    "defaults": {"pt": 20}, "miscellaneous": {}}

LWTNN_GRAPH = {
    "inputs": [{"name": "jet", "variables": LWTNN["inputs"]}],
    "input_sequences": [{"name": "tracks", "variables": LWTNN["inputs"]}],
    "nodes": [{"type": "input", "sources": [0], "size": 2},
              {"type": "input_sequence", "sources": [0], "size": 2},
              {"type": "sequence", "sources": [1], "layer_index": 0},
              {"type": "concatenate", "sources": [0, 2]},
              {"type": "feed_forward", "sources": [3], "layer_index": 1}],
    "layers": [lw_gru(3, 2), lw_dense(2, 5)],
    "outputs": {"flavour": {"labels": ["b", "c"], "node_index": 4}}}


def lwtnn():
    case = cases("lwtnn", LWTNN)
    first, second = ("layers", 0), ("layers", 1)
    conv = {"architecture": "conv1d", "activation": "tanh", "padding": "same",
            "dilation_rate": 1, "weights": zeros(2 * 2 * 2), "bias": zeros(2)}
    case("architecture", put(*second, "architecture", "densee"))
    case("embedding", put(*first, {"architecture": "embedding",
                                   "sublayers": []}))
    case("order", lambda m: m["layers"].reverse())
    case("conv1d", put(*first, conv))
    case("key", put(*second, "kernel", []))
    case("key_top", put("output", []))
    case("scale_absent", drop("inputs", 0, "scale"))
    case("inputs_empty", put("inputs", []))
    case("labels", put("outputs", ["signal"]))
    case("weights", put(*second, "weights", zeros(7)))
    case("weights_empty", put(*first, "components", "r", "weights", []))
    case("bias", both(put(*second, "weights", []),
                      put(*second, "bias", zeros(2))))
    case("gate_absent", drop(*first, "components", "r"))
    case("gate_surplus", put(*first, "components", "o", {}))
    case("gate_units", put(*first, "components", "h", "bias", zeros(2)))
    case("gate_recurrent", put(*first, "components", "h", "U", zeros(6)))
    case("inner_activation", drop(*first, "inner_activation"))
    case("activation", put(*second, "activation", "relu"))
    case("activation_absent", drop(*second, "activation"))
    case("activation_alpha", put(*second, "activation", "leakyrelu"))
    case("activation_swish", put(*first, "activation", {
        "function": "swish", "alpha": 2}))
    case("normalization", put(*second, {
        "architecture": "normalization", "weights": zeros(3),
        "bias": zeros(2)}))
    case("highway", put(*second, {
        "architecture": "highway", "activation": "tanh", "components": {
            "t": {"weights": zeros(9), "bias": zeros(3)},
            "carry": {"weights": zeros(6), "bias": zeros(2)}}}))
    case("maxout", put(*second, {
        "architecture": "maxout", "sublayers": [
            {"weights": zeros(6), "bias": zeros(2)},
            {"weights": zeros(3), "bias": zeros(1)}]}))
    case("maxout_no_bias", put(*second, {
        "architecture": "maxout", "sublayers": [
            {"weights": zeros(6), "bias": zeros(2)},
            {"weights": zeros(6), "bias": []}]}))
    case("two_at_once", both(put(*first, "activation", "tan"),
                             put(*second, "activation", "softmac")))

    case = cases("lwtnn_graph", LWTNN_GRAPH)
    sequence = ("nodes", 2)
    case("type", put(*sequence, "type", "sequences"))
    case("source", put(*sequence, "sources", [5]))
    case("sources", put(*sequence, "sources", [0, 1]))
    case("size", put("nodes", 0, "size", 3))
    case("layer_index", put(*sequence, "layer_index", 2))
    case("layer_unused", put("outputs", "flavour", {
        "labels": ["a", "b", "c", "d", "e"], "node_index": 3}))
    case("vector", put(*sequence, "sources", [0]))
    case("sequence", put("nodes", 3, "sources", [0, 1]))
    case("cycle", put("nodes", 3, "sources", [0, 4]))
    case("kind", put(*sequence, "layer_index", 1))
    case("kind_rows", put("nodes", 4, "layer_index", 0))
    case("add", put("nodes", 3, "type", "add"))
    case("names", put("input_sequences", 0, "name", "jet"))
    case("output_sequence", put("outputs", "flavour", {
        "labels": ["a", "b", "c"], "node_index": 2}))
    case("output_returns", put("outputs", "flavour", "return_sequences", True))
    case("output_index", put("outputs", "flavour", "node_index", 5))
    case("output_twice", put("outputs", "again", {
        "labels": ["b", "c"], "node_index": 4}))
    case("outputs_list", put("outputs", ["b", "c"]))
    case("labels", put("outputs", "flavour", "labels", ["b"]))
    case("conv1d_last", both(
        put(*first, {**conv, "padding": "causal"}),
        put(*second, lw_dense(2, 4))))
    case("conv1d_same", both(put(*first, conv), put(*second, lw_dense(2, 4))))
    case("conv1d_softmax", both(
        put(*first, {**conv, "activation": "softmax"}),
        put(*second, lw_dense(2, 4))))
    case("timesteps", put("timesteps", 0))


# ---- TensorFlow.js -----------------------------------------------------------

TFJS = {
    "format": "layers-model", "generatedBy": "TensorFlow.js",
    "modelTopology": {
        "class_name": "Sequential", "keras_version": "tfjs-layers 4.22.0",
        "config": {"name": "m", "layers": [
            {"class_name": "GRU", "config": {
                "name": "rnn", "units": 2, "activation": "tanh",
                "recurrent_activation": "sigmoid", "reset_after": False,
                "batch_input_shape": [None, 4, 3]}},
            {"class_name": "Dense", "config": {
                "name": "y", "units": 1, "activation": "linear"}}]}},
    "weightsManifest": [{"paths": ["./tfjs.bin"], "weights": [
        {"name": "rnn/kernel", "shape": [3, 6], "dtype": "float32"},
        {"name": "rnn/recurrent_kernel", "shape": [2, 6], "dtype": "float32"},
        {"name": "rnn/bias", "shape": [6], "dtype": "float32",
         "quantization": {"dtype": "uint8", "min": -1, "scale": 0.01}},
        {"name": "y/kernel", "shape": [2, 1], "dtype": "float32",
         "quantization": {"dtype": "float16"}},
        {"name": "y/bias", "shape": [1], "dtype": "float32"}]}]}


def tfjs():
    with open(os.path.join(HERE, "tfjs.bin"), "wb") as f:
        f.write(bytes(4 * 30 + 6 + 2 * 2 + 4))
    with open(os.path.join(HERE, "tfjs_nan.bin"), "wb") as f:
        f.write(bytes(4 * 30 + 6) + b"\x00\x7e\x00\x00" + bytes(4))
    case = cases("tfjs", TFJS)
    group = ("weightsManifest", 0)
    weights = (*group, "weights")
    layers = ("modelTopology", "config", "layers")
    # -- The manifest and its shards
    case("graph", put("format", "graph-model"))
    case("format", put("format", 2))
    case("no_topology", put("modelTopology", None))
    case("manifest", put("weightsManifest", {}))
    case("key", put("weightManifest", []))
    case("group_key", put(*group, "path", "tfjs.bin"))
    case("no_paths", drop(*group, "paths"))
    case("path_number", put(*group, "paths", [1]))
    case("path_up", put(*group, "paths", ["sub/../../tfjs.bin"]))
    case("path_root", put(*group, "paths", ["/dev/zero"]))
    case("path_absent", put(*group, "paths", ["tfjs.bin", "no.bin"]))
    case("bytes_few", put(*weights, 4, "shape", [2]))
    case("bytes_many", put(*group, "paths", ["tfjs.bin", "tfjs.bin"]))
    case("nan", put(*group, "paths", ["tfjs_nan.bin"]))
    # -- Its weights
    case("weight_key", put(*weights, 0, "type", "float32"))
    case("name", drop(*weights, 0, "name"))
    case("name_twice", put(*weights, 4, "name", "y/kernel"))
    case("name_surplus", both(
        put("weightsManifest", [TFJS["weightsManifest"][0], {
            "paths": ["tfjs.bin"], "weights": [
                {"name": "z/w", "shape": [67], "dtype": "float32",
                 "quantization": {"dtype": "uint16", "min": 0, "scale": 1}}]
        }])))
    case("name_unknown", put(*weights, 4, "name", "y/bais"))
    case("none", both(put(*layers, 1, "config", "name", "z")))
    case("dtype", put(*weights, 0, "dtype", "string"))
    case("dtype_absent", drop(*weights, 0, "dtype"))
    case("shape", put(*weights, 0, "shape", [6, 3]))
    case("shape_text", put(*weights, 0, "shape", ["3", 6]))
    case("shape_huge", put(*weights, 0, "shape", [1 << 24, 1 << 24]))
    # -- What TensorFlow.js does not do
    case("dilation", put(*layers, 1, {
        "class_name": "DepthwiseConv2D", "config": {
            "name": "y", "kernel_size": [2, 2], "dilation_rate": [1, 2]}}))
    case("shape_rank", put(*weights, 0, "shape", [1] * 9))
    case("quantization", put(*weights, 2, "quantization", "uint8"))
    case("quantization_dtype", put(*weights, 2, "quantization", "dtype",
                                   "int8"))
    case("quantization_scale", drop(*weights, 2, "quantization", "scale"))
    case("quantization_int", put(*weights, 3, "dtype", "int32"))
    # -- The layers
    case("keras3", both(
        put("modelTopology", "keras_version", "3.5.0"),
        put(*layers, 1, "config", "activation", "hard_sigmoid")))
    case("gates", drop(*layers, 0, "config", "recurrent_activation"))
    case("numbers", both(*(put(*weights, k, "name", name) for k, name in
                           enumerate(["layers/gru/cell/vars/0",
                                      "layers/gru/cell/vars/1",
                                      "layers/gru/cell/vars/2",
                                      "layers/dense/vars/0",
                                      "layers/dense_1/vars/1"]))))


# ---- frugally-deep -----------------------------------------------------------

FRUGALLY_DEEP = {
    "architecture": {
        "class_name": "Functional", "keras_version": "2.15.0", "config": {
            "name": "m", "layers": [
                {"class_name": "InputLayer", "name": "x", "inbound_nodes": [],
                 "config": {"batch_input_shape": [None, 5, 2], "name": "x"}},
                {"class_name": "Conv1D", "name": "c", "config": {
                    "name": "c", "filters": 3, "kernel_size": [2]},
                 "inbound_nodes": inbound(("x", 0))},
                {"class_name": "LSTM", "name": "r",
                 "config": {"name": "r", "units": 1},
                 "inbound_nodes": inbound(("c", 0))}],
            "input_layers": [["x", 0, 0]], "output_layers": [["r", 0, 0]]}},
    "image_data_format": "channels_last", "input_shapes": [[5, 2]],
    "output_shapes": [[1]],
    "trainable_params": {
        "c": {"weights": zeros(12), "bias": ["AAAAAAAAAAAA", "AAAA"]},
        "r": {"weights": zeros(12), "recurrent_weights": zeros(4),
              "bias": zeros(4)}},
    "tests": [{"inputs": [{"shape": [5, 2], "values": zeros(10)}],
               "outputs": [{"shape": [1], "values": ["AAAAAA=="]}]}]}


def frugally_deep():
    case = cases("frugally-deep", FRUGALLY_DEEP)
    params = ("trainable_params",)
    test = ("tests", 0)
    case("key", put("image_data_formta", "channels_last"))
    case("channels_first", put("image_data_format", "channels_first"))
    case("params", put("trainable_params", []))
    case("layer", put(*params, "r", []))
    case("layer_absent", drop(*params, "r"))
    case("layer_surplus", put(*params, "d", {"weights": [0]}))
    case("weight_absent", drop(*params, "r", "bias"))
    case("weight_name", put(*params, "r", "biases", zeros(4)))
    case("columns", put(*params, "r", "weights", zeros(13)))
    case("rows", put(*params, "r", "weights", zeros(16)))
    case("bias", put(*params, "r", "bias", zeros(3)))
    case("taps", put(*params, "c", "weights", zeros(9)))
    case("base64", put(*params, "c", "bias", ["AAAAAAAAAAAA", "AAA*"]))
    case("bytes", put(*params, "c", "bias", ["AAAAAAAA"]))
    case("empty", put(*params, "c", "bias", []))
    case("piece_number", put(*params, "c", "bias", ["AAAA", 1]))
    case("piece_long", put(*params, "c", "bias", ["A" * 1028]))
    case("piece_text", put(*params, "c", "bias", ["-" * 1024]))
    case("nan", put(*params, "c", "bias", ["AADAf///////////"]))
    case("test_differs", put(*test, "outputs", 0, "values", [0.001]))
    case("test_shape", put(*test, "inputs", 0, "shape", [10]))
    case("test_size", put(*test, "inputs", 0, "values", zeros(9)))
    case("test_count", put(*test, "outputs", []))
    case("test_key", put(*test, "input", []))


def main():
    frugally_deep()
    tfjs()
    keras()
    rtneural()
    aidax()
    guitarml()
    nam()
    pytorch()
    pytorch_planes()
    lwtnn()


main()
