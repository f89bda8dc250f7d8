#!/usr/bin/env python3
"""Every case of tests/layers/ against numpy's numbers.

The interpreter must agree to 1e-12; the generated code, in float and double,
straight-line and loops, with rnnc's activations, in tiers, and libm's, through its own
self-test: the tolerance of the file in float, 1e-13 in double.
"""

import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import ROOT, finish, report, rnnc, selftest_program, workspace, \
    write_model

CONFIGURATIONS = [
    ["--type=float", "--unroll=full"],
    ["--type=float", "--unroll=none"],
    ["--type=double", "--unroll=full"],
    ["--type=double", "--unroll=none"],
    ["--type=float", "--unroll=none", "--math=libm"],
    ["--type=double", "--unroll=full", "--math=libm"],
    ["--type=float", "--unroll=full", "--math=fast"],
    ["--type=float", "--unroll=none", "--math=exact"],
]
BATCH = 100  # models in one C program


def flat(value):
    if isinstance(value, list):
        return [x for v in value for x in flat(v)]
    return [value]


def close(got, want):
    return all(abs(g - w) <= 1e-12 * max(1, abs(w))
               for g, w in zip(flat(got), flat(want), strict=True))


def check_interpreter(path, model):
    name = "interpreter: " + model["name"]
    for sample in model["samples"]:
        status, out, err = rnnc(path, "--run", "-",
                                input=json.dumps(sample["inputs"]))
        if status:
            return report(False, name, err)
        got = json.loads(out)
        for output, want in sample["outputs"].items():
            if not close(got[output], want):
                return report(False, name, "%s: got %s, expected %s"
                              % (output, got[output], want))
    return report(True, name)


def open_timesteps(model):
    return any(i["shape"][0] is None for i in model["inputs"])


def check_generated(models, options, folder):
    label = " ".join(options)
    names = []
    for model in models:
        if "--type=double" in options:
            model = dict(model, samples=[dict(s, atol=1e-13, rtol=1e-13)
                                         for s in model["samples"]])
        if "--unroll=full" in options and open_timesteps(model):
            continue
        path = os.path.join(folder, model["name"] + ".json")
        write_model(path, model)
        status, _, err = rnnc(path, *options, "-o",
                              os.path.join(folder, model["name"] + ".c"))
        if status:
            report(False, "%s: %s" % (label, model["name"]), err)
        else:
            names.append(model["name"])
    for first in range(0, len(names), BATCH):
        check_program(label, names[first:first + BATCH], folder)


def check_program(label, names, folder):
    results, err = selftest_program(names, folder)
    if results is None:
        report(False, label + ": compiles", err)
        return
    for name in names:
        ok, error = results.get(name, (False, float("nan")))
        report(ok, "%s: %s" % (label, name), "max error %g" % error)


def main():
    only = os.environ.get("LAYERS", "*")  # while working on one of them
    paths = sorted(glob.glob(os.path.join(ROOT, "tests/layers", only,
                                          "*.json")))
    models = []
    for path in paths:
        with open(path) as f:
            models.append(json.load(f))
    for path, model in zip(paths, models):
        check_interpreter(path, model)
    for options in CONFIGURATIONS:
        with workspace() as folder:
            check_generated(models, options, folder)
    finish()


main()
