#!/usr/bin/env python3
"""Writes the bad files of this folder. The messages beside them (*.err) are
written by hand, or updated and read; this script never touches them."""

import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))

GOOD = """{"format": "rnnc", "version": 1, "name": "m",
 "inputs": [{"name": "x", "shape": [4, 3]}],
 "layers": [
   {"type": "SimpleRNN", "name": "rnn", "units": 2,
    "weights": {"kernel": [[1, 2], [3, 4], [5, 6]],
                "recurrent_kernel": [[1, 0], [0, 1]], "bias": [0, 0]}},
   {"type": "Dense", "name": "y", "units": 1,
    "weights": {"kernel": [[1], [2]], "bias": [0]}}],
 "outputs": ["y"]}
"""


def save(name, content):
    mode = "wb" if isinstance(content, bytes) else "w"
    with open(os.path.join(HERE, name + ".json"), mode) as f:
        f.write(content)


def edit(name, *changes):
    """GOOD with texts replaced, each of which must be there."""
    text = GOOD
    for old, new in changes:
        assert old in text, (name, old)
        text = text.replace(old, new, 1)
    save(name, text)


def main():
    # -- JSON: what RFC 8259 does not allow, and our limits
    save("json_empty", "")
    save("json_only_space", " \n")
    save("json_trailing_text", GOOD + "[]\n")
    save("json_trailing_comma", '{"format": "rnnc",}')
    save("json_missing_comma", '{"format": "rnnc" "version": 1}')
    save("json_missing_colon", '{"format" "rnnc"}')
    save("json_unclosed", '{"format": "rnnc",\n "inputs": [1, 2')
    save("json_single_quotes", "{'format': 'rnnc'}")
    save("json_comment", '{"format": "rnnc", // a comment\n "version": 1}')
    save("json_unquoted_key", '{format: "rnnc"}')
    edit("json_leading_zero", ('"version": 1', '"version": 01'))
    edit("json_bare_point", ("[1, 2]", "[1., 2]"))
    edit("json_no_integer_part", ("[1, 2]", "[.5, 2]"))
    edit("json_plus_sign", ("[1, 2]", "[+1, 2]"))
    edit("json_hexadecimal", ("[1, 2]", "[0x10, 2]"))
    edit("json_nan", ("[1, 2]", "[NaN, 2]"))
    edit("json_infinity", ("[1, 2]", "[-Infinity, 2]"))
    edit("json_overflow", ("[1, 2]", "[1e400, 2]"))
    edit("json_long_number", ("[1, 2]", "[0." + "1" * 63 + ", 2]"))
    edit("json_python_true", ('"units": 2', '"use_bias": True, "units": 2'))
    edit("json_control_character", ('"name": "m"', '"name": "m\tn"'))
    edit("json_bad_escape", ('"name": "m"', '"name": "m\\x41"'))
    edit("json_nul_escape", ('"name": "m"', '"name": "m\\u0000n"'))
    edit("json_lone_surrogate", ('"name": "m"', '"name": "\\ud800"'))
    save("json_nul_byte", GOOD.replace('"m"', '"m\0"').encode())
    save("json_invalid_utf8", GOOD.encode().replace(b'"m"', b'"m\xff"'))
    save("json_overlong_utf8", GOOD.encode().replace(b'"m"', b'"\xc0\xaf"'))
    save("json_utf16", GOOD.encode("utf-16"))
    save("json_nesting", "[" * 33 + "]" * 33)
    edit("json_duplicate_key", ('"units": 2', '"units": 2, "units": 3'))
    edit("json_duplicate_key_escaped",
         ('"units": 2', '"units": 2, "\\u0075nits": 3'))
    edit("json_long_string", ('"m"', '"%s"' % ("m" * 256)))
    text = json.dumps({"config": {"name": "m" * 256}})
    save("json_in_string", json.dumps({"model": text, "weights": []}))
    code = "4wEAAAAA+/8\n" * 50
    for name, function in (("2", [code, None, None]), ("3", {
            "class_name": "__lambda__", "config": {"code": code}})):
        save("keras%s_lambda" % name, json.dumps({"layers": [{
            "class_name": "Lambda", "name": "f", "config": {
                "name": "f", "function": function}}], "input_shape": [2, 3]},
            indent=1))

    # -- The head of the file
    save("format_array", "[1, 2, 3]")
    edit("format_misspelt", ('"rnnc"', '"rnn"'))
    save("format_unknown", '{"class_name": "Sequential", "config": {}}')
    save("format_other", '{"format": "onnx"}')
    edit("version_missing", (' "version": 1,', ""))
    edit("version_future", ('"version": 1', '"version": 2'))
    edit("version_text", ('"version": 1', '"version": "1"'))
    edit("key_unknown", ('"outputs"', '"output"'))
    edit("key_case", ('"layers"', '"Layers"'))
    edit("name_number", ('"name": "m"', '"name": 3'))

    # -- Inputs and outputs
    edit("inputs_empty", ('[{"name": "x", "shape": [4, 3]}]', "[]"))
    edit("inputs_object", ('[{"name": "x", "shape": [4, 3]}]',
                           '{"name": "x", "shape": [4, 3]}'))
    edit("input_key", ('"shape": [4, 3]', '"shape": [4, 3], "dtype": "f"'))
    edit("input_name_missing", ('{"name": "x", "shape"', '{"shape"'))
    edit("input_name_empty", ('"name": "x"', '"name": ""'))
    edit("input_name_twice",
         ('[{"name": "x", "shape": [4, 3]}]',
          '[{"name": "x", "shape": [4, 3]}, {"name": "x", "shape": [4]}]'))
    edit("input_shape_missing", (', "shape": [4, 3]', ""))
    edit("input_shape_empty", ("[4, 3]", "[]"))
    edit("input_shape_rank", ("[4, 3]", "[1, 1, 1, 1, 1, 1, 1, 1, 1]"))
    edit("input_shape_zero", ("[4, 3]", "[0, 3]"))
    edit("input_shape_null_inside", ("[4, 3]", "[4, null]"))
    edit("input_shape_null_vector", ("[4, 3]", "[null]"))
    edit("input_shape_dimension", ("[4, 3]", "[16777217, 3]"))
    edit("input_shape_elements", ("[4, 3]", "[65536, 65536]"))
    save("inputs_too_many", json.dumps({
        "format": "rnnc", "version": 1,
        "inputs": [{"name": "x%d" % k, "shape": [1]} for k in range(65)],
        "layers": [{"type": "Flatten", "inputs": ["x0"]}],
        "outputs": ["x1"]}))
    edit("outputs_unknown", ('["y"]', '["z", "rn"]'))
    edit("outputs_empty", ('"outputs": ["y"]', '"outputs": []'))
    edit("outputs_twice", ('["y"]', '["y", "y"]'))
    edit("outputs_text", ('["y"]', '"y"'))

    # -- Layers
    edit("layers_missing", ('"layers": [', '"layer": ['))
    save("layers_empty", '{"format": "rnnc", "version": 1, "inputs": '
         '[{"name": "x", "shape": [4]}], "layers": [], "outputs": ["x"]}')
    save("layers_too_many", json.dumps({
        "format": "rnnc", "version": 1,
        "inputs": [{"name": "x", "shape": [1]}],
        "layers": [{"type": "Flatten"}] * 4097, "outputs": ["x"]}))
    edit("layer_not_object", ('{"type": "Dense", "name": "y", "units": 1,\n'
                              '    "weights": {"kernel": [[1], [2]], '
                              '"bias": [0]}}', "17"))
    edit("layer_type_missing", ('{"type": "Dense", ', "{"))
    edit("layer_type_number", ('"Dense"', "3"))
    edit("layer_type_unknown", ('"Dense"', '"Densee"'))
    edit("layer_type_case", ('"Dense"', '"dense"'))
    edit("layer_type_far", ('"Dense"', '"MultiHeadAttention"'))
    edit("layer_key", ('"units": 1', '"unitz": 1'))
    edit("layer_key_for_others", ('"units": 1',
                                  '"units": 1, "return_sequences": true'))
    edit("layer_name_taken", ('"name": "y"', '"name": "x"'),
         ('"outputs": ["y"]', '"outputs": ["x"]'))
    edit("layer_inputs_unknown", ('"name": "y"',
                                  '"name": "y", "inputs": ["rnm"]'))
    edit("layer_inputs_later", ('"name": "rnn"',
                                '"name": "rnn", "inputs": ["y"]'))
    edit("layer_inputs_two", ('"name": "y"',
                              '"name": "y", "inputs": ["rnn", "x"]'))
    edit("layer_inputs_none", ('"name": "y"', '"name": "y", "inputs": []'))
    edit("layer_inputs_ambiguous",
         ('[{"name": "x", "shape": [4, 3]}]',
          '[{"name": "x", "shape": [4, 3]}, {"name": "v", "shape": [4]}]'))
    edit("add_one_input", ('"type": "Dense", "name": "y", "units": 1,\n'
                           '    "weights": {"kernel": [[1], [2]], '
                           '"bias": [0]}', '"type": "Add", "name": "y", '
                           '"inputs": ["rnn"]'))

    # -- Attributes
    edit("units_missing", ('"units": 2,', ""))
    edit("units_text", ('"units": 2', '"units": "one"'))
    edit("units_zero", ('"units": 2', '"units": 0'))
    edit("units_fraction", ('"units": 2', '"units": 2.5'))
    edit("units_huge", ('"units": 2', '"units": 16777217'))
    edit("use_bias_number", ('"units": 2', '"units": 2, "use_bias": 1'))
    edit("activation_unknown", ('"units": 2',
                                '"units": 2, "activation": "tanhh"'))
    edit("activation_number", ('"units": 2', '"units": 2, "activation": 1'))
    edit("hard_sigmoid_slope", ('"units": 2',
                                '"units": 2, "activation": "hard_sigmoid"'))
    edit("hard_sigmoid_slope_unknown",
         ('"units": 2', '"units": 2, "activation": '
          '{"type": "hard_sigmoid", "slope": "keras4"}'))
    edit("sparsemax_tau", ('"units": 2', '"units": 2, "activation": '
                           '"sparsemax"'))
    edit("sparsemax_tau_unknown", ('"units": 2', '"units": 2, "activation": '
                                   '{"type": "sparsemax", "tau": "keras3"}'))
    edit("activation_key", ('"units": 2', '"units": 2, "activation": '
                            '{"type": "elu", "alfa": 1}'))
    edit("squareplus_key", ('"units": 2', '"units": 2, "activation": '
                            '{"type": "squareplus", "alpha": 1}'))
    edit("celu_text", ('"units": 2', '"units": 2, "activation": '
                       '{"type": "celu", "alpha": "1"}'))
    edit("threshold_bare", ('"units": 2',
                            '"units": 2, "activation": "threshold"'))
    edit("threshold_missing", ('"units": 2', '"units": 2, "activation": '
                               '{"type": "threshold", "default_value": 1}'))
    edit("threshold_half", ('"units": 2', '"units": 2, "activation": '
                            '{"type": "threshold", "threshold": 1}'))
    edit("gelu_text", ('"units": 2', '"units": 2, "activation": '
                       '{"type": "gelu", "approximate": "true"}'))
    flat = ('"type": "Dense", "name": "y", "units": 1,\n    "weights": '
            '{"kernel": [[1], [2]], "bias": [0]}')
    edit("dropout_rate", (flat, '"type": "Dropout", "name": "y", "rate": 2'))
    edit("spatial_dropout_rank", (flat, '"type": "SpatialDropout1D", "name": '
                                  '"y", "rate": 0.5'))
    edit("gaussian_dropout_rate", (flat, '"type": "GaussianDropout", "name": '
                                   '"y", "rate": -1'))
    edit("gaussian_noise_text", (flat, '"type": "GaussianNoise", "name": "y",'
                                 ' "stddev": "1"'))
    edit("reshape_missing", (flat, '"type": "Reshape", "name": "y"'))
    edit("reshape_size", (flat, '"type": "Reshape", "name": "y", '
                          '"target_shape": [3]'))
    edit("reshape_two_open", (flat, '"type": "Reshape", "name": "y", '
                              '"target_shape": [-1, -1]'))
    edit("reshape_zero", (flat, '"type": "Reshape", "name": "y", '
                          '"target_shape": [0, 2]'))
    edit("concatenate_shapes", (flat, '"type": "Concatenate", "name": "y", '
                                '"inputs": ["rnn", "x"]'))
    edit("concatenate_axis", (flat, '"type": "Concatenate", "name": "y", '
                              '"inputs": ["x", "x"], "axis": 3'))
    edit("add_shapes", (flat, '"type": "Add", "name": "y", '
                        '"inputs": ["rnn", "x"]'))
    pair = GOOD.replace('{"type": "SimpleRNN", "name": "rnn",',
                        '{"type": "Bidirectional", "name": "rnn", "layer": '
                        '{"type": "SimpleRNN",').replace(
        '"bias": [0, 0]}},', '"bias": [0, 0]}}, "backward_layer": BACK},')
    back = ('{"type": "SimpleRNN", "units": 2, "use_bias": false, %s"weights":'
            ' {"kernel": [[1, 2], [3, 4], [5, 6]], '
            '"recurrent_kernel": [[1, 0], [0, 1]]}}')
    save("bidirectional_missing", pair.replace(', "backward_layer": BACK', ''))
    save("bidirectional_same_way", pair.replace("BACK", back % ""))
    save("bidirectional_sequences", pair.replace("BACK", back % (
        '"go_backwards": true, "return_sequences": true, ')))
    save("bidirectional_dense", pair.replace(
        "BACK", '{"type": "Dense", "units": 1, "use_bias": false, '
        '"weights": {"kernel": [[1], [2], [3]]}}'))
    save("bidirectional_mode", pair.replace(
        "BACK", back % '"go_backwards": true, ').replace(
            '"Bidirectional"', '"Bidirectional", "merge_mode": "max"'))
    save("bidirectional_inner_name", pair.replace(
        "BACK", back % '"go_backwards": true, "inputs": ["x"], '))
    for name, source, layer in (
            ("vector", "rnn", '{"type": "Flatten"}'),
            ("rank", "x", '{"type": "MaxPooling1D"}'),
            ("inputs", "x", '{"type": "Add"}'),
            ("twice", "x", '{"type": "TimeDistributed", "layer": '
             '{"type": "Flatten"}}'),
            ("key", "x", '{"type": "TimeDistributed", "units": 2, "layer": '
             '{"type": "Softmax"}}')):
        save("time_distributed_" + name, GOOD.replace(
            '{"type": "Dense", "name": "y"',
            '{"type": "TimeDistributed", "name": "t", "inputs": ["%s"], '
            '"layer": %s},\n   {"type": "Dense", "name": "y", '
            '"inputs": ["rnn"]' % (source, layer)))
    save("wrapper_in_wrapper", GOOD.replace(
        '{"type": "Dense", "name": "y"',
        '{"type": "TimeDistributed", "name": "t", "inputs": ["x"], '
        '"layer": {"type": "Bidirectional", "layer": {"type": "Dropout"}}},'
        '\n   {"type": "Dense", "name": "y", "inputs": ["rnn"]'))
    flat = '"type": "Dense", "name": "y", "units": 1,\n    "weights": ' \
        '{"kernel": [[1], [2]], "bias": [0]}'
    edit("prelu_shape", (flat, '"type": "PReLU", "name": "y", "weights": '
                         '{"alpha": [1, 2, 3]}'))
    edit("glu_odd", (flat, '"type": "GLU", "name": "y", "inputs": ["x"]'))
    edit("glu_axes", (flat, '"type": "GLU", "name": "y", "axis": [1, 2]'))
    edit("softmax_axis", (flat, '"type": "Softmax", "name": "y", "axis": 0'))
    norm = ('"type": "BatchNormalization", "name": "y", "weights": {"gamma": '
            '[1, 1], "beta": [1, 1], "moving_mean": [0, 0], '
            '"moving_variance": [1, 1]}')
    edit("batch_normalization_axis", (flat, norm + ', "axis": 0'))
    edit("softmax_axis_far", (flat, '"type": "Softmax", "name": "y", "axis": '
                              '[-1, -2]'))
    edit("softmax_axis_twice", (flat, '"type": "Softmax", "name": "y", "axis": '
                                '[-1, 1]'))
    edit("softmax_axis_nested", (flat, '"type": "Softmax", "name": "y", '
                                 '"axis": [[1]]'))
    edit("permute_many", (flat, '"type": "Permute", "name": "y", "dims": '
                          '[[1, 1, 1, 1], [1, 1, 1, 1], [1]]'))
    save("softmax_axis_any", GOOD.replace("[4, 3]", "[null, 3]").replace(
        flat, '"type": "Softmax", "name": "y", "inputs": ["x"], "axis": 1'))
    edit("batch_normalization_axes", (flat, norm + ', "axis": [1, 2]'))
    edit("batch_normalization_axis_size", (flat, norm + ', "inputs": ["x"], '
                                           '"axis": 1'))
    edit("layer_normalization_axes", (
        flat, '"type": "LayerNormalization", "name": "y", "inputs": ["x"], '
        '"axis": [1, 2], "weights": {"gamma": [[1, 1], [1, 1]], "beta": '
        '[1, 1, 1]}'))
    dot = '"type": "Dot", "name": "y", "inputs": ["x", "rnn"], "axes": %s'
    edit("dot_axis", (flat, dot % "0"))
    edit("dot_axis_far", (flat, dot % "[-3, 1]"))
    edit("dot_axes", (flat, dot % "[1, 1, 1]"))
    edit("dot_no_axes", (flat, dot.replace(', "axes": %s', '')))
    edit("dot_shapes", (flat, dot % "1"))
    edit("dot_inputs", (flat, (dot % "1").replace(', "rnn"', '')))
    conv = '"type": "Conv1D", "filters": 1, "kernel_size": %d, "use_bias": ' \
        'false, "weights": {"kernel": %s}'
    tap = "[[1], [1], [1]]"
    save("any_timesteps_paths", '{"format": "rnnc", "version": 1, "inputs": '
         '[{"name": "x", "shape": [null, 3]}], "layers": [\n{%s, "name": "a"}, '
         '{%s, "name": "b", "inputs": ["x"]}, {"type": "Add", "name": "y", '
         '"inputs": ["a", "b"]}],\n"outputs": ["y"]}' % (
             conv % (2, "[%s, %s]" % (tap, tap)), conv % (1, "[%s]" % tap)))
    save("any_timesteps_few", '{"format": "rnnc", "version": 1, "inputs": '
         '[{"name": "x", "shape": [null, 3]}], "layers": [\n{%s, "name": "a"}, '
         '{"type": "SimpleRNN", "units": 1, "name": "y", "use_bias": false, '
         '"weights": {"kernel": [[1]], "recurrent_kernel": [[1]]}}], "outputs": '
         '["y"],\n"samples": [{"inputs": {"x": [[1, 2, 3]]}, "outputs": {"y": '
         '[1]}}]}' % (conv % (2, "[%s, %s]" % (tap, tap))))
    save("dot_open", GOOD.replace("[4, 3]", "[null, 3]").replace(
        flat, (dot % "1").replace("rnn", "x")))
    save("dot_sequences", GOOD.replace("[4, 3]", "[null, 3]").replace(
        flat, (dot % "2").replace("rnn", "x")))
    look = '"type": "Attention", "name": "y", "inputs": ["x", "x"]'
    edit("attention_one_input", (flat, look.replace(', "x"]', ']')))
    edit("attention_rank", (flat, look.replace(', "x"]', ', "rnn"]')))
    edit("attention_score_mode", (flat, look + ', "score_mode": "add"'))
    edit("attention_scale", (flat, look + ', "weights": {"scale": [1]}'))
    edit("attention_no_scale", (flat, look + ', "use_scale": true'))
    edit("attention_scale_size", (flat, look + ', "use_scale": true, "weights":'
                                  ' {"scale": [1, 2]}'))
    edit("attention_concat", (flat, look + ', "weights": '
                              '{"concat_score_weight": [1]}'))
    edit("attention_no_concat", (flat, look + ', "score_mode": "concat"'))
    save("attention_open", GOOD.replace("[4, 3]", "[null, 3]").replace(
        flat, look))
    other = GOOD.replace('"shape": [4, 3]}', '"shape": [4, 3]}, {"name": "z", '
                         '"shape": [4, 2]}, {"name": "v", "shape": [5, 3]}')
    other = other.replace('"units"', '"inputs": ["x"], "units"', 1)
    save("attention_features", other.replace(
        flat, look.replace(', "x"]', ', "z"]')))
    save("attention_lengths", other.replace(
        flat, look.replace(', "x"]', ', "v", "x"]')))
    edit("additive_attention_scale", (flat, look.replace(
        "Attention", "AdditiveAttention") + ', "weights": {"scale": [1]}'))
    heads = look.replace("Attention", "MultiHeadAttention") + (
        ', "num_heads": 1, "key_dim": 1, "use_bias": false, "weights": {'
        '"query_kernel": [[[1]], [[1]], [[1]]], '
        '"key_kernel": [[[1]], [[1]], [[1]]], '
        '"value_kernel": [[[1]], [[1]], [[1]]], '
        '"attention_output_kernel": [[[1, 1, 1]]]}')
    edit("attention_part_of_another", (
        flat, '"type": "AttentionPart", "name": "y", "part": "output"'))
    edit("attention_part_unasked", (
        flat, look + '}, {"type": "Flatten", "name": "f"}, {"type": '
        '"AttentionPart", "name": "z", "part": "weights"'))
    edit("attention_part_word", (flat, look + ', "return_attention_scores": '
                                 'true}, {"type": "AttentionPart", "name": '
                                 '"z", "part": "scores"'))
    edit("multi_head_attention_no_heads", (flat, heads.replace(
        '"num_heads": 1, ', "")))
    edit("multi_head_attention_heads", (flat, heads.replace(
        'heads": 1', 'heads": 2')))
    edit("multi_head_attention_value_dim", (flat, heads.replace(
        '"use_bias"', '"value_dim": [1, 2], "use_bias"')))
    edit("multi_head_attention_output_shape", (flat, heads.replace(
        '"use_bias"', '"output_shape": 2, "use_bias"')))
    edit("multi_head_attention_axes", (flat, heads.replace(
        '"use_bias"', '"attention_axes": [2], "use_bias"')))
    edit("multi_head_attention_bias", (flat, heads.replace(
        'false', 'true')))
    edit("batch_normalization_epsilon", (flat, norm + ', "epsilon": -1'))
    edit("batch_normalization_variance",
         (flat, norm.replace('variance": [1', 'variance": [-1')))
    edit("batch_normalization_derived",
         (flat, norm.replace('{"gamma"', '{"factor": [1, 1], "gamma"')))
    edit("batch_normalization_no_scale", (flat, norm + ', "scale": false'))
    edit("rescaling_range", (flat, '"type": "Rescaling", "name": "y", '
                             '"scale": -1e39'))
    edit("activation_range", ('"units": 2', '"units": 2, "activation": '
                              '{"type": "elu", "alpha": 1e39}'))
    edit("rescaling_list", (flat, '"type": "Rescaling", "name": "y", '
                            '"scale": [1, 2]'))
    edit("relu_null_slope", (flat, '"type": "ReLU", "name": "y", '
                             '"negative_slope": null'))
    conv = GOOD.replace('"SimpleRNN", "name": "rnn", "units": 2',
                        '"Conv1D", "name": "rnn", "filters": 2, '
                        '"kernel_size": 2', 1)
    conv = conv.replace(
        ',\n                "recurrent_kernel": [[1, 0], [0, 1]]', '')
    save("conv1d_kernel", conv)
    save("conv1d_padding", conv.replace('"kernel_size": 2',
                                        '"kernel_size": 2, "padding": "full"'))
    save("conv1d_too_long", conv.replace('"kernel_size": 2',
                                         '"kernel_size": [5]'))
    save("conv1d_groups", conv.replace('"kernel_size": 2',
                                       '"kernel_size": 2, "groups": 2'))
    save("conv1d_list", conv.replace('"kernel_size": 2',
                                     '"kernel_size": [2, 2]'))
    table = ('"type": "Embedding", "name": "y", "input_dim": 2, "output_dim": '
             '2, "weights": {"embeddings": [[1, 2], [3, 4]]}')
    edit("embedding_table", (flat, table.replace('dim": 2,', 'dim": 3,', 1)))
    edit("embedding_input_dim", (flat, table.replace('"input_dim": 2, ', '')))
    edit("embedding_output_dim", (flat, table.replace(
        'output_dim": 2', 'output_dim": 0')))
    save("embedding_fraction", '{"format": "rnnc", "version": 1, "inputs": '
         '[{"name": "x", "shape": [2]}], "layers": [{%s}], "outputs": ["y"],'
         '\n "samples": [{"inputs": {"x": [1, 0.5]}, "outputs": {"y": '
         '[[3, 4], [1, 2]]}},\n {"inputs": {"x": [1, 2147483648]}, "outputs": '
         '{"y": [[3, 4], [3, 4]]}}]}' % table)
    save("embedding_rank", '{"format": "rnnc", "version": 1, "inputs": '
         '[{"name": "x", "shape": [1, 1, 1, 1, 1, 1, 1, 1]}], "layers": [{%s}]'
         ', "outputs": ["y"]}' % table)
    for name, layer in (
            ("input", '"type": "GlobalAveragePooling1D", "inputs": ["x", "x"]'),
            ("shape", '"type": "GlobalAveragePooling1D", "inputs": ["x", "x"], '
             '"masked": true'),
            ("apply", '"type": "ApplyMask", "inputs": ["x", "x"]'),
            ("softmax", '"type": "Softmax", "inputs": ["m"]'),
            ("attention", '"type": "Attention", "inputs": ["x", "m"], '
             '"masked": true'),
            ("query", '"type": "Attention", "inputs": ["x", "m", "x"], '
             '"query_masked": true'),
            ("values", '"type": "AdditiveAttention", "use_scale": false, '
             '"inputs": ["m", "x", "x"], "masked": true'),
            ("order", '"type": "Attention", "inputs": ["m", "x"]}, {'
             '"type": "MultiHeadAttention", "inputs": ["m", "x"], "num_heads": '
             '1, "key_dim": 1, "use_bias": false, "drops_masks": true, '
             '"weights": {"query_kernel": [[[1]], [[1]]], '
             '"key_kernel": [[[1]], [[1]]], "value_kernel": [[[1]], [[1]]], '
             '"attention_output_kernel": [[[1, 1]]]}'),
            ("multiply", '"type": "Multiply", "inputs": ["m", "m"]'),
            ("join", '"type": "Concatenate", "axis": 1, "inputs": ["m", "x"]'),
            ("value", '"type": "Masking", "mask_value": null')):
        save("mask_" + name, '{"format": "rnnc", "version": 1, "inputs": '
             '[{"name": "x", "shape": [4, 2]}], "layers": [\n'
             '{"type": "Masking", "name": "m", "inputs": ["x"]},\n'
             '{"name": "y", %s}], "outputs": ["y"]}' % layer)
    for name, more, inputs in (
            ("rnn", '"masked": true', '"x", "x"'),
            ("zero", '"zero_output_for_mask": true', '"m"')):
        save("mask_" + name, '{"format": "rnnc", "version": 1, "inputs": '
             '[{"name": "x", "shape": [4, 2]}], "layers": [\n'
             '{"type": "Masking", "name": "m", "inputs": ["x"]},\n'
             '{"type": "SimpleRNN", "name": "y", "units": 1, "inputs": [%s], %s,'
             '\n "use_bias": false, "weights": {"kernel": [[1], [1]], '
             '"recurrent_kernel": [[1]]}}], "outputs": ["y"]}' % (inputs, more))
    for name, shape, inside in (
            ("slices", "[4, 2]", '"type": "LSTM", "units": 1, "use_bias": '
             'false, "weights": {"kernel": [[1, 1, 1, 1]], '
             '"recurrent_kernel": [[1, 1, 1, 1]]}'),
            ("inside", "[4, 3, 2]", '"type": "Masking"')):
        save("mask_" + name, '{"format": "rnnc", "version": 1, "inputs": '
             '[{"name": "x", "shape": %s}], "layers": [\n'
             '{"type": "Masking", "name": "m"},\n'
             '{"type": "TimeDistributed", "layer": {"type": "Reshape", '
             '"target_shape": [-1, 1]}},\n'
             '{"type": "TimeDistributed", "name": "y", "layer": {%s}}], '
             '"outputs": ["y"]}' % (shape, inside))
    sphere = '"type": "%s", "name": "y"%s'
    edit("normalization_variance", (flat, sphere % (
        "Normalization", ', "weights": {"mean": [0, 0], "variance": '
        '[1, -1]}')))
    edit("normalization_axis", (flat, sphere % (
        "Normalization", ', "axis": 0, "weights": {"mean": [0, 0], '
        '"variance": [1, 1]}')))
    edit("rms_normalization_epsilon", (flat, sphere % (
        "RMSNormalization", ', "epsilon": -0.5, "weights": {"scale": '
        '[1, 1]}')))
    save("rms_normalization_axis", '{"format": "rnnc", "version": 1, '
         '"inputs": [{"name": "x", "shape": [4, 2]}], "layers": [{"type": '
         '"RMSNormalization", "name": "y", "axis": 1, "weights": {"scale": '
         '[1, 1, 1, 1]}}], "outputs": ["y"]}')
    edit("unit_normalization_axis", (flat, sphere % (
        "UnitNormalization", ', "axis": 2')))
    for name, value in (("none", "0"), ("many", "4"), ("odd", "2")):
        edit("group_normalization_" + name, (flat, sphere % (
            "GroupNormalization", ', "inputs": ["x"], "center": false, '
            '"scale": false, "groups": ' + value)))
    gru = GOOD.replace('"SimpleRNN"', '"GRU"')
    save("gru_reset_after_open",
         gru.replace(', "bias": [0, 0]}', '}').replace(
             '"units": 2', '"use_bias": false, "units": 2', 1))
    save("gru_kernel", gru.replace('"units": 2',
                                   '"reset_after": false, "units": 2', 1))
    save("gru_bias_rows", gru.replace('"units": 2',
                                      '"reset_after": true, "units": 2', 1))
    save("lstm_kernel", GOOD.replace('"SimpleRNN"', '"LSTM"').replace(
        ', "bias": [0, 0]}', ', "bias": [0, 0], "initial_c": [1]}'))
    save("lstm_peephole", GOOD.replace('"SimpleRNN"', '"LSTM", "peepholes": true')
         .replace('"bias": [0, 0]}', '"bias": [0, 0], "peephole": [1, 1, 1, 1]}'))
    edit("rnn_rank", ("[4, 3]", "[4, 3, 1]"))
    edit("any_timesteps_flatten", ("[4, 3]", "[null, 3]"),
         (flat, '"type": "Flatten", "name": "y", "inputs": ["x"]'))
    edit("any_timesteps_backwards", ("[4, 3]", "[null, 3]"),
         ('"units": 2', '"units": 2, "go_backwards": true'))

    for name, more in (
            ("padding", '"type": "ZeroPadding1D", "padding": [1, 1]}, '
             '{"type": "MaxPooling1D", "strides": 1'),
            ("cropping", '"type": "Cropping1D", "cropping": [0, 1]'),
            ("strides", '"type": "ZeroPadding1D", "padding": [0, 1]}, '
             '{"type": "MaxPooling1D"')):
        save("any_timesteps_" + name, '{"format": "rnnc", "version": 1, '
             '"inputs": [{"name": "x", "shape": [null, 1]}],\n "layers": [{%s, '
             '"name": "y"}], "outputs": ["y"]}' % more)

    # -- Windows and moves, of a sequence [4, 3]
    def layer(name, text, inputs="[4, 3]"):
        save(name, '{"format": "rnnc", "version": 1,\n'
             ' "inputs": [{"name": "x", "shape": %s}],\n'
             ' "layers": [{%s, "name": "y"}],\n "outputs": ["y"]}\n'
             % (inputs, text))

    layer("pooling_window", '"type": "MaxPooling1D", "pool_size": 5')
    layer("pooling_numbers", '"type": "MaxPooling1D", "pool_size": [2, 2]')
    layer("pooling_zero", '"type": "MaxPooling1D", "strides": 0')
    layer("pooling_rank", '"type": "MaxPooling2D"')
    layer("pooling_padding", '"type": "MaxPooling1D", "padding": "causal"')
    layer("pooling_open", '"type": "MaxPooling1D", "padding": "same"',
          "[null, 3]")
    layer("global_pooling_open", '"type": "GlobalMaxPooling2D"',
          "[null, 3, 2]")
    layer("slice_axis", '"type": "Slice", "from": 1, "axis": 3')
    layer("reduce_axis", '"type": "ReduceMean", "axis": [2, 3]')
    layer("slice_any", '"type": "Slice", "from": 1', "[null, 3]")
    layer("slice_step", '"type": "Slice", "from": 0, "step": 0')
    layer("reduce_twice", '"type": "ReduceMax", "axis": [1, -2]')
    layer("reduce_batch", '"type": "ReduceSum", "axis": 0')
    layer("reduce_any", '"type": "ReduceSum", "axis": [1, 2]', "[null, 3]")
    layer("squeeze_axis", '"type": "Squeeze", "axis": 2')
    layer("expand_dims_axis", '"type": "ExpandDims", "axis": 4')
    layer("expand_dims_any", '"type": "ExpandDims", "axis": 1', "[null, 3]")
    layer("divide_three", '"type": "Divide", "inputs": ["x", "x", "x"]')
    layer("clip_open", '"type": "Activation", "activation": {"type": "clip", '
          '"min": 0}')
    layer("padding_numbers", '"type": "ZeroPadding1D", "padding": [1, 2, 3]')
    layer("padding_negative", '"type": "ZeroPadding1D", "padding": -1')
    layer("padding_deep", '"type": "ZeroPadding1D", '
          '"padding": [1, 2, 3, 4, 5]')
    layer("padding_huge", '"type": "ZeroPadding1D", "padding": 16777216')
    layer("cropping_all", '"type": "Cropping1D", "cropping": 2')
    layer("up_sampling_numbers", '"type": "UpSampling1D", "size": [2, 2]')
    layer("up_sampling_huge", '"type": "UpSampling1D", "size": 16777216')
    layer("up_sampling_area", '"type": "UpSampling2D", '
          '"interpolation": "area"', "[2, 2, 1]")
    layer("repeat_vector_rank", '"type": "RepeatVector", "n": 2')
    layer("repeat_vector_n", '"type": "RepeatVector"', "[3]")
    layer("permute_twice", '"type": "Permute", "dims": [1, 1]')
    layer("permute_few", '"type": "Permute", "dims": [1]')
    layer("permute_zero", '"type": "Permute", "dims": [0, 1]')
    layer("permute_open", '"type": "Permute", "dims": [2, 1]', "[null, 3]")
    layer("slice_empty", '"type": "Slice", "from": 2, "to": 2', "[3]")
    layer("slice_behind", '"type": "Slice", "from": -4', "[3]")
    layer("slice_rank", '"type": "Slice", "from": 0, "axis": 0')
    cell = ('"units": 2, "weights": {"kernel": [[0, 0], [0, 0], [0, 0]], '
            '"recurrent_kernel": [[0, 0], [0, 0]], "bias": [0, 0]}')
    layer("first_state_shape", '"type": "SimpleRNN", "inputs": ["x", "x"], '
          + cell)
    layer("first_state_count", '"type": "LSTM", "inputs": ["x", "x"], '
          + cell.replace("[0, 0]", "[0, 0, 0, 0, 0, 0, 0, 0]"))
    layer("return_state_open", '"type": "SimpleRNN", "return_state": true, '
          '"return_sequences": true, ' + cell, "[null, 3]")
    layer("rescaling_scale", '"type": "Rescaling"')

    # -- Weights
    edit("weights_missing", (',\n    "weights": {"kernel": [[1], [2]], '
                             '"bias": [0]}', ""))
    edit("weight_missing", (', "bias": [0]}', "}"))
    edit("weight_unknown", ('"bias": [0]', '"biass": [0]'))
    edit("weight_surplus", ('"units": 1', '"units": 1, "use_bias": false'))
    edit("weight_shape", ("[[1], [2]]", "[[1], [2], [3]]"))
    edit("weight_shape_both", ("[[1, 2], [3, 4], [5, 6]]", "[[1, 2]]"),
         ('"bias": [0, 0]', '"bias": [0]'))
    edit("weight_rank", ("[[1], [2]]", "[1, 2]"))
    edit("weight_ragged", ("[[1, 2], [3, 4], [5, 6]]",
                           "[[1, 2], [3], [5, 6]]"))
    edit("weight_ragged_number", ("[[1, 2], [3, 4], [5, 6]]",
                                  "[[1, 2], 3, [5, 6]]"))
    edit("weight_text", ("[[1], [2]]", '[[1], ["2"]]'))
    edit("weight_null", ("[[1], [2]]", "[[1], [null]]"))
    edit("weight_number", ("[[1], [2]]", "3"))
    edit("weight_empty", ("[[1], [2]]", "[]"))
    edit("weight_float_range", ("[[1], [2]]", "[[1], [1e39]]"))
    edit("base64_keys", ("[[1], [2]]", '{"shape": [2, 1], "dtype": '
                         '"float32", "data": "AACAPwAAAEA="}'))
    edit("base64_dtype", ("[[1], [2]]", '{"shape": [2, 1], "dtype": "int8", '
                          '"base64": "AACAPwAAAEA="}'))
    edit("base64_size", ("[[1], [2]]", '{"shape": [2, 1], "dtype": '
                         '"float32", "base64": "AACAPw=="}'))
    edit("base64_text", ("[[1], [2]]", '{"shape": [2, 1], "dtype": '
                         '"float32", "base64": "AACAPwAAAE*="}'))
    edit("base64_nan", ("[[1], [2]]", '{"shape": [2, 1], "dtype": '
                        '"float32", "base64": "AACAPwAAwH8="}'))
    edit("base64_huge_shape", ("[[1], [2]]", '{"shape": [65536, 65536], '
                               '"dtype": "float32", "base64": ""}'))
    edit("side_file_outside", ("[[1], [2]]", '{"file": "../w.safetensors", '
                               '"tensor": "w"}'))
    edit("side_file_absolute", ("[[1], [2]]", '{"file": "/w.safetensors", '
                                '"tensor": "w"}'))
    edit("side_file_absent", ("[[1], [2]]", '{"file": "absent.safetensors", '
                              '"tensor": "w"}'))
    edit("several_at_once", ('"units": 2', '"units": "two"'),
         ('"Dense"', '"Densse"'), ('"outputs": ["y"]', '"outputs": ["z"]'),
         ('"name": "m"', '"nome": "m"'))

    # -- Samples
    def sample(name, text):
        edit(name, ('"outputs": ["y"]}', '"outputs": ["y"],\n "samples": '
                    '[%s]}' % text))
    x = "[[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]"
    sample("sample_wrong", '{"inputs": {"x": %s}, "outputs": {"y": [0.5]}}'
           % x)
    sample("sample_shape", '{"inputs": {"x": [[0, 0, 0]]}, "outputs": '
           '{"y": [0, 0]}}')
    sample("sample_input_missing", '{"inputs": {}, "outputs": {"y": [0]}}')
    sample("sample_output_unknown", '{"inputs": {"x": %s}, "outputs": '
           '{"z": [0]}}' % x)
    sample("sample_key", '{"input": {"x": %s}, "outputs": {"y": [0]}}' % x)
    sample("sample_tolerance", '{"inputs": {"x": %s}, "outputs": {"y": [0]}, '
           '"atol": -1}' % x)
    convolutions()


def convolutions():
    """Each of a plane of 4 x 3 with 2 features; weights as they should be,
    unless that is what is wrong."""
    def zeros(*shape):
        return [zeros(*shape[1:]) for _ in range(shape[0])] if shape else 0

    def case(name, kind, keys, input=(4, 3, 2), **weights):
        layer = {"type": kind, "name": "y", **keys}
        if weights:
            layer["weights"] = {n: zeros(*w) if isinstance(w, tuple) else w
                                for n, w in weights.items()}
        save(name, json.dumps({
            "format": "rnnc", "version": 1, "name": "m",
            "inputs": [{"name": "x", "shape": list(input)}],
            "layers": [layer], "outputs": ["y"]}).replace(
                '"layers": [', '\n"layers": [\n').replace(
                '"weights"', '\n"weights"') + "\n")

    plain = {"filters": 4, "kernel_size": 2}
    case("conv2d_kernel", "Conv2D", plain, kernel=(2, 2, 3, 4), bias=(4,))
    case("conv2d_groups", "Conv2D", {**plain, "groups": 4},
         kernel=(2, 2, 1, 4), bias=(4,))
    case("conv2d_list", "Conv2D", {**plain, "strides": [1, 2, 1]},
         kernel=(2, 2, 2, 4), bias=(4,))
    case("conv2d_causal", "Conv2D", {**plain, "padding": "causal"},
         kernel=(2, 2, 2, 4), bias=(4,))
    case("conv2d_too_large", "Conv2D", {**plain, "dilation_rate": [1, 3]},
         kernel=(2, 2, 2, 4), bias=(4,))
    case("conv2d_span", "Conv2D", {**plain, "dilation_rate": 1 << 24,
                                   "kernel_size": [3, 1]},
         kernel=(3, 1, 2, 4), bias=(4,))
    case("conv2d_rank", "Conv2D", plain, (4, 3), kernel=(2, 2, 3, 4),
         bias=(4,))
    case("conv2d_open", "Conv2D", plain, (None, 3, 2), kernel=(2, 2, 2, 4),
         bias=(4,))
    case("depthwise_filters", "DepthwiseConv2D", plain,
         depthwise_kernel=(2, 2, 2, 1), bias=(2,))
    case("depthwise_kernel", "DepthwiseConv2D", {"kernel_size": 2},
         kernel=(2, 2, 2, 1), bias=(2,))
    case("depthwise_multiplier", "DepthwiseConv1D",
         {"kernel_size": 2, "depth_multiplier": 2}, (4, 3),
         depthwise_kernel=(2, 3, 1), bias=(3,))
    case("separable_no_pointwise", "SeparableConv2D", plain,
         depthwise_kernel=(2, 2, 2, 1), bias=(4,))
    case("separable_pointwise", "SeparableConv1D", plain, (4, 3),
         depthwise_kernel=(2, 3, 1), pointwise_kernel=(3, 4), bias=(4,))
    case("transpose_kernel", "Conv1DTranspose", plain, (4, 3),
         kernel=(2, 3, 4), bias=(4,))
    case("transpose_more", "Conv2DTranspose",
         {**plain, "strides": 2, "output_padding": [1, 2]},
         kernel=(2, 2, 4, 2), bias=(4,))
    case("transpose_even", "Conv1DTranspose",
         {**plain, "strides": 2, "output_padding": 0, "padding": "same"},
         (4, 3), kernel=(2, 4, 3), bias=(4,))
    case("transpose_groups", "Conv2DTranspose", {**plain, "groups": 3},
         kernel=(2, 2, 2, 2), bias=(4,))
    case("transpose_group_kernel", "Conv2DTranspose", {**plain, "groups": 2},
         kernel=(2, 2, 4, 2), bias=(4,))
    pool = {"pool_size": 2, "pads": 2}
    case("pooling_pads", "MaxPooling2D", pool)
    case("pooling_pads_same", "MaxPooling1D",
         {**pool, "pads": 1, "padding": "same"}, (4, 3))
    case("transpose_long", "Conv1DTranspose", {**plain, "strides": 1 << 23},
         (4, 3), kernel=(2, 4, 3), bias=(4,))
    case("transpose_open", "Conv1DTranspose", plain, (None, 3),
         kernel=(2, 4, 3), bias=(4,))


main()
