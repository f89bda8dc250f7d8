#!/usr/bin/env python3
"""Every field of good models deleted, and replaced by something else.

Models of every format, with golden samples. After each change rnnc either
makes the same C or says what is wrong (the samples are part of that: a
deleted "return_sequences" is a good model, but not this one). Never a crash,
never a hang, and nothing is written together with an error. Names, notes and
the samples themselves are left alone: those may change the C.
"""

import copy
import glob
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import RNNC, ROOT, finish, name_outputs, report, workspace, \
    write_model

MODELS = ["examples/notebook/model.json",
          "tests/layers/GRU/gru_*.json", "tests/layers/Conv1D/*.json",
          "tests/layers/Bidirectional/*.json",
          "tests/formats/rtneural/lstm.json", "tests/formats/aida-x/skip.json",
          "tests/formats/guitarml/gru_1.json",
          "tests/formats/nam/lstm_two.nam",
          "tests/formats/nam/wavenet_gated.nam",
          "tests/formats/keras/keras2_gates.json",
          "tests/formats/keras/keras3_functional.json",
          "tests/formats/keras/keras3_rectifiers.json",
          "tests/formats/keras/keras2_masked_sequence.json",
          "tests/formats/keras/keras3_masked.json",
          "tests/formats/keras/flat_layers.json",
          "tests/formats/pytorch/*.json",
          "tests/formats/pytorch/conv.json",
          "tests/formats/pytorch/lstm_both.json",
          "tests/formats/pytorch/normalized.json",
          "tests/formats/lwtnn/conv.json", "tests/formats/lwtnn/gru.json",
          "tests/formats/lwtnn/merge.json",
          "tests/formats/tfjs/quantized.json",
          "tests/formats/tfjs/functional.json",
          "tests/formats/frugally-deep/both.json"]
# Says the same thing twice: without one of them it is still the same model.
TWICE = "tests/formats/keras/keras3_masked.json"
OTHERS = [None, -1, 0.5, 3, "zzz", [], {}, True, False]
LEFT = {"name", "samples", "tests", "note", "notes", "metadata", "input_batch",
        "output_batch"}


def is_numbers(value):
    return isinstance(value, list) and bool(value) and all(
        isinstance(v, (int, float)) or is_numbers(v) for v in value)


def places(value, path=()):
    """The path of every member and element, tensors taken as one."""
    if isinstance(value, dict):
        members = [(k, v) for k, v in value.items() if k not in LEFT]
    elif isinstance(value, list) and not is_numbers(value):
        members = list(enumerate(value))
    else:
        return
    for key, member in members:
        yield path + (key,)
        yield from places(member, path + (key,))


def changed(model, path, value, delete):
    model = copy.deepcopy(model)
    parent = model
    for key in path[:-1]:
        parent = parent[key]
    if delete:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return model


def same_value(model, path, value):
    for key in path:
        model = model[key]
    return type(model) is type(value) and model == value


def any_length(path, value):
    """Null timesteps are another good model with the same numbers."""
    return value is None and len(path) > 1 and \
        str(path[-2]).endswith("shape")


def variants(model):
    for path in places(model):
        where = "/" + "/".join(map(str, path))
        yield "without " + where, changed(model, path, None, True)
        for value in OTHERS:
            if not same_value(model, path, value) and \
                    not any_length(path, value):
                yield "%s = %s" % (where, json.dumps(value)), \
                    changed(model, path, value, False)


def compile_text(text, ending, samples, folder, name):
    """(status, C without its provenance, messages)"""
    path, out = (os.path.join(folder, name + e) for e in (ending, ".c"))
    with open(path, "w") as f:
        f.write(text)
    command = [RNNC, path, "--name", "m", "-o", out, *samples]
    try:
        done = subprocess.run(command, capture_output=True, text=True,
                              timeout=60)
    except subprocess.TimeoutExpired:
        return -1, None, "no end after a minute"
    code = None
    if os.path.exists(out):
        with open(out) as f:
            code = f.read()
        os.unlink(out)
        code = code[code.index(" * Options"):]
    os.unlink(path)
    return done.returncode, code, done.stderr


def judge(good, status, code, messages):
    """What is wrong with that, or None. good None: any C will do."""
    if status == 0:
        return None if good in (code, None) else "another C, and nothing said"
    if code is not None:
        return "an error, and a file all the same"
    if status not in (1, 4) or ": error: " not in messages:
        return "status %d: %s" % (status, messages[:300])
    return None


def check(path, folder):
    with open(path) as f:
        model = json.load(f)
    stem, ending = os.path.splitext(path)
    samples = []
    if os.path.exists(stem + ".samples"):
        with open(stem + ".samples") as f:
            given = name_outputs(path, json.load(f))
        samples = ["--samples", os.path.join(folder, "samples")]
        write_model(samples[1], given)
    for shard in glob.glob(stem + "*.bin"):
        shutil.copy(shard, folder)
    name = os.path.relpath(path, ROOT)
    status, good, err = compile_text(json.dumps(model), ending, samples,
                                     folder, "good")
    if not report(status == 0, name + " is good", err):
        return
    faults, count = [], 0

    def one(job):
        number, (what, other) = job
        result = compile_text(json.dumps(other), ending, samples, folder,
                              "v%d" % number)
        return what, judge(None if name == TWICE else good, *result)

    with ThreadPoolExecutor(max_workers=2) as pool:
        for what, fault in pool.map(one, enumerate(variants(model))):
            count += 1
            if fault:
                faults.append("%s: %s" % (what, fault))
    report(not faults, "%s: %d changes" % (name, count),
           "%d faults\n%s" % (len(faults), "\n".join(faults)))


def main():
    for pattern in MODELS:
        paths = sorted(glob.glob(os.path.join(ROOT, pattern)))[:1]
        for path in paths:
            with workspace() as folder:
                check(path, folder)
    finish()


main()
