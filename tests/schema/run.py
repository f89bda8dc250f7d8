#!/usr/bin/env python3
"""The published schema and the reader agree.

compiler/rnnc-model.schema.json is a valid schema; it accepts every model that
the other tests compile; of the bad ones in tests/errors/ it refuses all but
those that READER_ONLY lists. Layers, attributes, defaults and activations are
those of --list-layers. Models mutated at random: whatever the schema refuses,
the reader refuses, and what the reader calls a fault of structure, the schema
refuses. SEED and MUTATIONS choose others.
"""

import copy
import glob
import json
import os
import random
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import ROOT, finish, report, rnnc, workspace, write_model

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match

SEED = int(os.environ.get("SEED", "1"))
MUTATIONS = int(os.environ.get("MUTATIONS", "400"))
SMALL = 20000  # bytes of a model worth mutating again and again

KINDS = "depends on what the layers inside are"
SHAPES = "follows from the shapes of other tensors"
NAMES = "follows from the names of inputs and layers"
VALUES = "is about numbers behind the structure"
TEXT = "is about the text, which a parser has made values of"
FILES = "is about another file"
READER_ONLY = {
    "slice_empty": SHAPES,
    "slice_behind": SHAPES,
    "slice_rank": SHAPES,
    "slice_axis": SHAPES,
    "slice_any": SHAPES,
    "reduce_axis": SHAPES,
    "reduce_twice": SHAPES,
    "reduce_any": SHAPES,
    "squeeze_axis": SHAPES,
    "expand_dims_axis": SHAPES,
    "expand_dims_any": SHAPES,
    "first_state_shape": SHAPES,
    "first_state_count": SHAPES,
    "return_state_open": SHAPES,
    "pooling_window": SHAPES,
    "pooling_numbers": SHAPES,
    "pooling_rank": SHAPES,
    "pooling_open": SHAPES,
    "global_pooling_open": SHAPES,
    "padding_numbers": SHAPES,
    "padding_huge": SHAPES,
    "cropping_all": SHAPES,
    "up_sampling_numbers": SHAPES,
    "up_sampling_huge": SHAPES,
    "repeat_vector_rank": SHAPES,
    "permute_twice": SHAPES,
    "permute_few": SHAPES,
    "permute_open": SHAPES,
    "permute_zero": "a list may hold zeros elsewhere",
    "pooling_zero": "a list may hold zeros elsewhere",
    "add_shapes": SHAPES,
    "embedding_fraction": "which inputs are whole follows from their readers",
    "any_timesteps_backwards": SHAPES,
    "any_timesteps_few": SHAPES,
    "any_timesteps_padding": SHAPES,
    "any_timesteps_cropping": SHAPES,
    "any_timesteps_strides": SHAPES,
    "any_timesteps_flatten": SHAPES,
    "any_timesteps_paths": SHAPES,
    "base64_huge_shape": "is a product of dimensions",
    "base64_nan": VALUES,
    "base64_size": SHAPES,
    "base64_text": "an encoding; schemas only annotate it",
    "concatenate_axis": SHAPES,
    "concatenate_shapes": SHAPES,
    "bidirectional_dense": KINDS,
    "bidirectional_same_way": KINDS,
    "bidirectional_sequences": KINDS,
    "time_distributed_inputs": KINDS,
    "time_distributed_rank": SHAPES,
    "time_distributed_twice": SHAPES,
    "time_distributed_vector": SHAPES,
    "transpose_groups": SHAPES,
    "transpose_group_kernel": SHAPES,
    "pooling_pads": SHAPES,
    "pooling_pads_same": SHAPES,
    "batch_normalization_axes": "elsewhere there may be several",
    "batch_normalization_axis_size": SHAPES,
    "layer_normalization_axes": SHAPES,
    "batch_normalization_epsilon": VALUES,
    "batch_normalization_variance": VALUES,
    "prelu_shape": SHAPES,
    "dot_axes": "elsewhere there may be several",
    "dot_axis_far": SHAPES,
    "dot_open": SHAPES,
    "dot_sequences": SHAPES,
    "dot_shapes": SHAPES,
    "attention_rank": SHAPES,
    "attention_scale_size": SHAPES,
    "attention_open": SHAPES,
    "attention_features": SHAPES,
    "attention_lengths": SHAPES,
    "additive_attention_scale": SHAPES,
    "multi_head_attention_heads": SHAPES,
    "multi_head_attention_value_dim": "elsewhere there may be several",
    "multi_head_attention_output_shape": SHAPES,
    "multi_head_attention_axes": "a list may hold others elsewhere",
    "permute_many": "is a sum over nested lists",
    "attention_part_of_another": SHAPES,
    "attention_part_unasked": SHAPES,
    "glu_odd": SHAPES,
    "glu_axes": "elsewhere there may be several",
    "softmax_axis_any": SHAPES,
    "softmax_axis_far": SHAPES,
    "softmax_axis_twice": SHAPES,
    "embedding_table": SHAPES,
    "embedding_rank": SHAPES,
    "normalization_variance": VALUES,
    "rms_normalization_epsilon": VALUES,
    "unit_normalization_axis": SHAPES,
    "rms_normalization_axis": SHAPES,
    "mask_apply": SHAPES,
    "mask_order": SHAPES,
    "mask_query": SHAPES,
    "mask_values": SHAPES,
    "mask_attention": SHAPES,
    "mask_inside": SHAPES,
    "mask_slices": SHAPES,
    "mask_input": SHAPES,
    "mask_join": SHAPES,
    "mask_multiply": SHAPES,
    "mask_rnn": SHAPES,
    "mask_shape": SHAPES,
    "mask_softmax": SHAPES,
    "mask_zero": SHAPES,
    "group_normalization_many": SHAPES,
    "group_normalization_none": VALUES,
    "group_normalization_odd": SHAPES,
    "spatial_dropout_rank": SHAPES,
    "activation_range": VALUES,
    "rescaling_range": VALUES,
    "conv1d_too_long": SHAPES,
    "conv1d_groups": SHAPES,
    "conv1d_kernel": SHAPES,
    "conv2d_groups": SHAPES,
    "conv2d_kernel": SHAPES,
    "conv2d_list": SHAPES,
    "conv2d_open": SHAPES,
    "conv2d_rank": SHAPES,
    "conv2d_span": SHAPES,
    "conv2d_too_large": SHAPES,
    "depthwise_multiplier": SHAPES,
    "separable_pointwise": SHAPES,
    "transpose_even": SHAPES,
    "transpose_kernel": SHAPES,
    "transpose_long": SHAPES,
    "transpose_more": SHAPES,
    "transpose_open": SHAPES,
    "gru_bias_rows": SHAPES,
    "gru_kernel": SHAPES,
    "gru_reset_after_open": "depends on the rank of a weight",
    "lstm_kernel": SHAPES,
    "lstm_peephole": SHAPES,
    "input_name_twice": NAMES,
    "input_shape_elements": "is a product of dimensions",
    "json_duplicate_key": TEXT,
    "json_duplicate_key_escaped": TEXT,
    "json_lone_surrogate": TEXT,
    "json_long_number": TEXT,
    "json_nul_escape": TEXT,
    "json_overflow": TEXT,
    "layer_inputs_ambiguous": NAMES,
    "layer_inputs_later": NAMES,
    "layer_inputs_unknown": NAMES,
    "layer_name_taken": NAMES,
    "outputs_unknown": NAMES,
    "reshape_size": SHAPES,
    "rnn_rank": SHAPES,
    "sample_input_missing": NAMES,
    "sample_output_unknown": NAMES,
    "sample_shape": SHAPES,
    "sample_wrong": VALUES,
    "side_file_absent": FILES,
    "side_file_absolute": FILES,
    "side_file_outside": FILES,
    "weight_float_range": VALUES,
    "weight_ragged": SHAPES,
    "weight_ragged_number": SHAPES,
    "weight_rank": SHAPES,
    "weight_shape": SHAPES,
    "weight_shape_both": SHAPES,
}

# What every layer has, whatever its type.
COMMON = {"type", "name", "inputs", "weights"}


def no_constant(text):
    raise ValueError("%s is not JSON" % text)


def parse(path):
    """The model, or None where the file is not JSON: Python's parser with
    its extensions switched off."""
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f, parse_constant=no_constant)
    except ValueError:
        return None


def why(validator, model):
    """What the schema objects to, or None."""
    error = best_match(validator.iter_errors(model))
    if error is None:
        return None
    return "/%s: %s" % ("/".join(map(str, error.absolute_path)),
                        error.message[:200])


# ---- Files ------------------------------------------------------------------


def valid_models():
    for pattern in ("tests/layers/*/*.json", "examples/*/model.json"):
        yield from sorted(glob.glob(os.path.join(ROOT, pattern)))


def check_valid(validator):
    for path in valid_models():
        name = os.path.relpath(path, ROOT)
        objection = why(validator, parse(path))
        report(objection is None, "accepts " + name, str(objection))


def check_bad(validator):
    seen = set()
    for path in sorted(glob.glob(os.path.join(ROOT, "tests/errors/*.json"))):
        name = os.path.basename(path)[:-5]
        seen.add(name)
        model = parse(path)
        if model is None:
            report(name.startswith("json_"), "no JSON: " + name,
                   "tests/errors/json_* are about syntax, this is another")
            continue
        objection = why(validator, model)
        if name in READER_ONLY:
            report(objection is None, "only the reader refuses " + name,
                   "the schema does, too: take it off READER_ONLY\n%s"
                   % objection)
        else:
            report(objection is not None, "refuses " + name,
                   "teach the schema, or say in READER_ONLY why it cannot")
    unknown = sorted(set(READER_ONLY) - seen)
    report(not unknown, "READER_ONLY names files that are there",
           "\n".join(unknown))


# ---- --list-layers ----------------------------------------------------------


def listed():
    """({type: {attribute: default as JSON text, None: required}},
    [activation])"""
    status, out, _ = rnnc("--list-layers")
    layers, activations = {}, []
    for line in out.splitlines() if status == 0 else []:
        if line.startswith("activations:"):
            activations = line.split()[1:]
        elif not line.startswith(" "):
            attributes = layers.setdefault(line.split()[0], {})
        else:
            name, _, default = line.strip().partition(", default ")
            attributes[name] = default or None
    return layers, activations


TOLD = "as the weights tell"  # a default, but not the same one always


def described(schema):
    """The same out of the schema, and which attributes are required."""
    layers, required = {}, {}
    for reference in schema["$defs"]["layer"]["oneOf"]:
        layer = schema["$defs"][reference["$ref"].rsplit("/", 1)[1]]
        name = layer["properties"]["type"]["const"]
        layers[name] = {
            key: json.dumps(value["default"]) if "default" in value
            else TOLD if TOLD in value.get("description", "") else None
            for key, value in layer["properties"].items()
            if key not in COMMON}
        required[name] = set(layer.get("required", [])) - COMMON
    return layers, required


def same_default(a, b):
    return a == b or TOLD not in (a, b) and None not in (a, b) and json.loads(a) == json.loads(b)


def check_layers(schema):
    ours, _ = listed()
    theirs, required = described(schema)
    report(set(ours) == set(theirs) and ours != {}, "layer types",
           "rnnc: %s\nschema: %s" % (sorted(ours), sorted(theirs)))
    for name in sorted(set(ours) & set(theirs)):
        a, b = ours[name], theirs[name]
        report(set(a) == set(b), "attributes of " + name,
               "rnnc: %s\nschema: %s" % (sorted(a), sorted(b)))
        report(all(same_default(a[k], b.get(k)) for k in a),
               "defaults of " + name, "rnnc: %s\nschema: %s" % (a, b))
        report(required[name] == {k for k in a if a[k] is None},
               "required of " + name, "schema: %s" % required[name])


def one_layer(layer):
    return {"format": "rnnc", "version": 1,
            "inputs": [{"name": "x", "shape": [2, 3]}],
            "layers": [dict(layer, name="y", inputs=["x"])],
            "outputs": ["y"]}


def agree(validator, folder, model, name):
    """Both accept, or both refuse."""
    path = os.path.join(folder, "m.json")
    write_model(path, model)
    objection = why(validator, model)
    status, _, err = rnnc("--check", path)
    report(status == (0 if objection is None else 1), name,
           "schema: %s\nrnnc: exit %d %s" % (objection, status, err))
    return objection is None


# Keys of activations, with a value that is right where the key is.
PARAMETERS = [{}, {"tau": "paper"}, {"slope": "keras2"}, {"slope": "keras3"}, {"slope": 0.2},
              {"negative_slope": 0.1}, {"negative_slope": "0.1"},
              {"alpha": 0.5}, {"alpha": True}, {"b": 0.5}, {"threshold": 0.5},
              {"default_value": 1}, {"threshold": 0, "default_value": -1},
              {"min": 0, "max": 6}, {"min": 0, "max": None},
              {"threshold": 0, "default_value": "1"}, {"approximate": True},
              {"approximate": False}, {"approximate": 1}]


def check_activations(validator, schema, folder):
    _, activations = listed()
    theirs = set()
    for form in schema["$defs"]["activation"]["oneOf"]:
        kind = form.get("properties", {}).get("type", form)
        theirs |= set(kind.get("enum", [kind.get("const")]))
    report(set(activations) == theirs and activations != [], "activations",
           "rnnc: %s\nschema: %s" % (activations, sorted(theirs)))
    accepted = set()
    for name in activations + ["Tanh", "", "relu7"]:
        forms = [name] + [{"type": name, **p} for p in PARAMETERS]
        for form in forms:
            model = one_layer({"type": "Activation", "activation": form})
            if agree(validator, folder, model,
                     "activation " + json.dumps(form)):
                accepted.add(name)
    report(accepted == set(activations), "every activation can be written",
           "never accepted: %s" % (set(activations) - accepted))


# ---- Mutations --------------------------------------------------------------

OTHER_VALUES = [None, True, False, 0, 1, -1, 2, 2.5, 1e10, "", "x", "Dense",
                "tanh", [], {}, [1], [[1]], {"type": "relu"}]


def containers(value, path=()):
    """Every object, and arrays but of those of numbers the first item: else
    all mutations would hit weights."""
    if isinstance(value, dict):
        if value:
            yield path, value
        for key, item in value.items():
            yield from containers(item, path + (key,))
    elif isinstance(value, list) and value:
        yield path, value
        numbers = isinstance(value[0], (int, float, list))
        for i, item in enumerate(value[:1] if numbers else value):
            yield from containers(item, path + (i,))


def rename(rng, key):
    i = rng.randrange(len(key))
    return rng.choice([key.upper(), key[:i] + key[i + 1:], key + "s",
                       key[:i] + "_" + key[i:], "inputs", "weights"])


def retype(rng, value):
    return copy.deepcopy(rng.choice([v for v in OTHER_VALUES if v != value]))


def mutate(rng, model):
    """Changes the model at one place; says how."""
    path, place = rng.choice(list(containers(model)))
    at = "/" + "/".join(map(str, path))
    if isinstance(place, list):
        i = rng.randrange(len(place))
        action = rng.choice(["remove", "retype", "repeat", "insert"])
        if action == "remove":
            del place[i]
        elif action == "repeat":
            place.append(copy.deepcopy(place[i]))
        elif action == "insert":
            place.insert(i, retype(rng, None))
        else:
            place[i] = retype(rng, place[i])
        return "%s %s/%d" % (action, at, i)
    key = rng.choice(list(place))
    action = rng.choice(["remove", "rename", "retype", "retype", "add"])
    if action == "remove":
        del place[key]
    elif action == "rename":
        place[rename(rng, key)] = place.pop(key)
    elif action == "add":
        place[rng.choice(["extra", "units", "axis", "Name", "rate"])] = \
            retype(rng, None)
    else:
        place[key] = retype(rng, place[key])
    return "%s %s/%s" % (action, at, key)


# Messages about the structure alone: these the schema has to know, too. In
# samples the keys are names of tensors, and whether a row is as long or deep as
# the first is a matter of shapes: neither can be told by a schema.
STRUCTURE = re.compile(
    r"error: /(?!samples/\d+/(in|out)puts|"
    r"layers/\d+(/\w+)?/weights/\w+/\d)[^:]*"
    r"(: unknown key |"
    r": unknown layer type |: unknown activation |: expected (an object|"
    r"an array|a string|a number|true or false|an integer of at least 1), got)")


def check_mutations(validator, folder):
    rng = random.Random(SEED)
    path = os.path.join(folder, "m.json")
    models = [parse(p) for p in valid_models() if os.path.getsize(p) < SMALL]
    refused = structure = 0
    wrong = []
    for i in range(MUTATIONS):
        model = copy.deepcopy(rng.choice(models))
        what = mutate(rng, model)
        write_model(path, model)
        status, _, err = rnnc("--check", path)
        objection = why(validator, model)
        refused += objection is not None
        said = STRUCTURE.search(err)
        structure += bool(said)
        if objection is not None and (status != 1 or not err) or \
                said and objection is None or status not in (0, 1, 4):
            wrong.append("%d, %s: %s\n  schema: %s\n  rnnc: exit %d %s" % (
                i, model.get("name"), what, objection, status, err))
    report(not wrong, "%d mutations of valid models" % MUTATIONS,
           "SEED=%d\n%s" % (SEED, "\n".join(wrong)))
    # A test that only ever sees good models proves nothing.
    report(refused > MUTATIONS / 4 and structure > MUTATIONS / 10,
           "the mutations are of all kinds",
           "%d refused, %d for structure" % (refused, structure))


def main():
    with open(os.path.join(ROOT, "compiler/rnnc-model.schema.json")) as f:
        schema = json.load(f)
    try:
        Draft202012Validator.check_schema(schema)
        report(True, "the schema is a schema")
    except SchemaError as error:
        report(False, "the schema is a schema", str(error))
    validator = Draft202012Validator(schema)
    check_valid(validator)
    check_bad(validator)
    check_layers(schema)
    with workspace() as folder:
        check_activations(validator, schema, folder)
        check_mutations(validator, folder)
    finish()


main()
