#!/usr/bin/env python3
"""Random models of a live framework, exported, compiled, compared.

    python tests/oracle/oracle.py keras|tf_keras|torch|tfjs|onnx
        [--count N] [--seed S]

Every model goes through compiler/export/rnnc_export.py (of TensorFlow.js:
through its own save()), which writes the framework's own predictions beside
it; rnnc compiles it in float and double,
and the C's self-test compares: predict, and process where it streams. The
tolerance is 1e-5 relative and absolute in float, 1e-9 in double where the
framework computed in float64. Ends with a table (layer, option, models, worst
error) and status 1 if any model differs, is refused, or does not compile.

Some random models answer one rounding with more than the tolerance: how far the
framework's own outputs move then, when weights are rounded or it computes in
float32 itself, is measured (some results jump: a few roundings of a few weights
have to find that), and an error of at most ten times that is listed as
ill-conditioned, with both numbers, not as a mismatch. It must have met the
tolerance in double, or be ill-conditioned there, to pass in float. Others divide
by what is nearly 0, an output of a sigmoid most of all: its error in the default
tier is one of 1, not of what it is. Those have to meet the tolerance with
--math=accurate, and are listed as magnified, with both errors.
"""

import argparse
import base64
import copy
import importlib
import json
import os
import random
import re
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(HERE, ".."),
                os.path.join(ROOT, "compiler", "export")]
from keras_models import choose  # noqa: E402
from rnnc_export import RnncExportError, export  # noqa: E402
from support import rnnc, selftest_program, workspace  # noqa: E402

BATCH = 25  # models in one C program
TOLERANCE = {"float": 1e-5, "double": 1e-9}
TRIALS = 8  # of what roundings do
ROUNDING = {"float": 2.0 ** -24, "double": 2.0 ** -53}


class Family:
    """Models of one framework; wide: its arithmetic is float64."""

    def __init__(self, name, seed):
        self.name, self.rng = name, random.Random(seed)
        self.numbers = np.random.RandomState(seed)
        self.covered, self.kept = set(), {}
        module = importlib.import_module(
            "torch_models" if name == "torch" else "keras_models")
        self.module = module
        if name == "torch":
            import torch
            self.wide = True
            torch.set_default_dtype(torch.float64)
            self.version = "PyTorch " + torch.__version__
            self.builder = module.Builder(torch, self.rng)
        else:
            keras = importlib.import_module(name)
            self.wide = name == "tf_keras" or \
                keras.backend.backend() == "tensorflow"
            if self.wide:
                keras.backend.set_floatx("float64")
                keras.mixed_precision.set_global_policy("float64")
            self.keras, self.version = keras, "Keras " + keras.__version__
            module.prepare(keras)
            self.builder = module.Builder(keras, self.rng)

    def next(self):
        """(items, model, shape)"""
        chain = choose(self.rng, self.module, self.covered)
        self.covered |= self.module.pairs(chain)
        model = self.builder.model(chain)
        self.randomize(model)
        named = [i for kind, options in chain
                 for i in self.module.items(kind, options)]
        return named, model, getattr(model, "rnnc_shape", None)

    def write(self, names, folder):
        """[(items, name, message or None)] of models in the folder."""
        out, self.kept = [], {}
        for name in names:
            named, model, shape = self.next()
            self.kept[name] = model, shape
            try:
                export(model, os.path.join(folder, name + ".json"),
                       shape=shape)
                out.append((named, name, None))
            except RnncExportError as e:
                out.append((named, name, str(e)))
        return out

    def computes_double(self, named):
        """TensorFlow keeps sqrt(2) in gelu and the slope of leaky_relu in
        float32, and so it resizes; the exponential of large inputs is too ill-conditioned."""
        return self.wide and (self.name == "torch" or not any(
            i.endswith(("=gelu", "=leaky_relu", "=exponential")) or
            i.startswith("LeakyReLU") or
            "interpolation=" in i and not i.endswith("nearest")
            for i in named))

    def moved(self, name, real, folder):
        """How far the framework's own outputs of a model of the last write()
        move, at most, when each weight moves by one rounding up or down, or
        not at all, and it computes as ever, or in float32."""
        model, shape = self.kept[name]
        path = os.path.join(folder, name + ".moved.json")
        rng, worst = np.random.RandomState(1), 0.0
        weights = self.weights(model)
        export(model, path, shape=shape)
        still = outputs(path)
        models = [model] + ([self.single(model)] if real == "float" else [])
        for m in models * TRIALS:
            self.set_weights(m, [
                w * (1 + ROUNDING[real] * rng.choice([-1.0, 0.0, 1.0], w.shape))
                for w in weights])
            export(m, path, shape=shape)
            worst = max(worst, np.abs(outputs(path) - still).max())
        self.set_weights(model, weights)
        return worst

    def single(self, model):
        """The same in float32."""
        if self.name == "torch":
            return copy.deepcopy(model).float()
        same = self.keras.models.model_from_json(
            model.to_json().replace('"float64"', '"float32"'))
        same.set_weights(model.get_weights())
        return same

    def weights(self, model):
        if self.name != "torch":
            return model.get_weights()
        return [p.detach().numpy().copy() for p in model.parameters()]

    def set_weights(self, model, weights):
        if self.name != "torch":
            model.set_weights(weights)
            return
        for parameter, values in zip(model.parameters(), weights):
            parameter.data = parameter.new_tensor(values)

    def randomize(self, model):
        if self.name == "torch":
            self.builder.randomize(model, self.numbers)
            return
        model.set_weights([
            self.numbers.randn(*w.shape) * 0.5 if w.ndim > 1 else
            np.abs(self.numbers.randn(*w.shape)) * 0.4 + 0.1
            for w in model.get_weights()])


def outputs(path):
    """All numbers of all outputs of all samples of an exported model."""
    with open(path) as f:
        samples = json.load(f)["samples"]
    return np.concatenate([
        np.frombuffer(base64.b64decode(y["base64"]), np.dtype(y["dtype"]))
        for s in samples for _, y in sorted(s["outputs"].items())])


def tolerate(path, tolerance):
    with open(path) as f:
        document = json.load(f)
    for sample in document["samples"]:
        sample["atol"] = sample["rtol"] = tolerance
    with open(path, "w") as f:
        json.dump(document, f)


def run_batch(batch, folder, real, tolerance, *options):
    """{name: (ok, error)} of one C program with all the models."""
    names, results = [], {}
    for name, path in batch:
        tolerate(path, tolerance)
        status, _, err = rnnc(path, "--type=" + real, "--name", name,
                              "--budget-stack=16M", *options, "-o",
                              os.path.join(folder, name + ".c"))
        if status:
            results[name] = (False, err.strip())
        else:
            names.append(name)
    # -O0: most of the time would be the C compiler's.
    ran, err = selftest_program(names, folder, ("-std=c99", "-O0")) \
        if names else ({}, "")
    for name in names:
        results[name] = ran.get(name, (False, "crash")) if ran is not None \
            else (False, err[:400])
    return results


def disagreement(error):
    """By how much a sample that rnnc refuses is off; None: another error."""
    if not isinstance(error, str):
        return error
    off = re.search(r"element \d+ is (\S+), but the model computes (\S+) ", error)
    return off and abs(float(off[1]) - float(off[2]))


def judge(family, name, results, folder):
    """Turns (False, error) into ("ill-conditioned", error, moved) or
    ("magnified", error, with accurate) where the model is to blame: see above. A
    refusal, a crash or a NaN has no such excuse."""
    for real in "double", "float":
        ok, error = results.get(real, (True, 0.0))
        error = disagreement(error)
        if ok or error is None or not hasattr(family, "moved") or \
                real == "float" and not results.get("double", (True,))[0]:
            continue
        moved = family.moved(name, real, folder)
        if error <= 10 * moved:
            results[real] = "ill-conditioned", error, moved
        elif real == "float":
            path = os.path.join(folder, name + ".json")
            meets, accurate = run_batch([(name, path)], folder, real, TOLERANCE[
                real], "--math=accurate")[name]
            if meets:
                results[real] = "magnified", error, accurate


def measure(family, count):
    """[(items, name, {real: (ok, error)})]"""
    out = []
    while len(out) < count:
        batch, entries = [], []
        with workspace() as folder:
            names = ["m%d" % k for k in range(
                len(out), min(len(out) + BATCH, count))]
            for named, name, message in family.write(names, folder):
                entries.append((named, name, {}))
                if message:
                    entries[-1][2]["export"] = (False, message)
                else:
                    batch.append((name, os.path.join(folder, name + ".json")))
            wide = {e[1] for e in entries if family.computes_double(e[0])}
            for real, tolerance in TOLERANCE.items():
                part = [b for b in batch if real == "float" or b[0] in wide]
                for name, result in run_batch(part, folder, real,
                                              tolerance).items():
                    next(e for e in entries if e[1] == name)[2][real] = result
            for _, name, results in entries:
                judge(family, name, results, folder)
        out += entries
        print("%d models" % len(out), file=sys.stderr)
    return out


def table(measured):
    """layer, option, models, worst error in float and double."""
    rows = {}
    for named, _, results in measured:
        for item in set(named):
            row = rows.setdefault(item, [0, 0.0, 0.0])
            row[0] += 1
            for k, real in enumerate(("float", "double")):
                ok, error = results.get(real, (True, 0.0))[:2]
                if ok is True:
                    row[k + 1] = max(row[k + 1], error)
    print("%-44s %6s %9s %9s" % ("layer option", "models", "float", "double"))
    for item, (count, single, double) in sorted(rows.items()):
        print("%-44s %6d %9.2g %9.2g" % (item, count, single, double))


def save(family, count, folder):
    """Models for tests/conformance/, as rnnc_export wrote them."""
    for k in range(count):
        for _, name, message in family.write(
                ["%s_%d" % (family.name, k)], folder):
            if message:
                print("%s: %s" % (name, message))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("framework", choices=["keras", "tf_keras", "torch",
                                              "tfjs", "onnx"])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", metavar="FOLDER",
                        help="only write the exported models")
    options = parser.parse_args()
    if options.framework in ("tfjs", "onnx"):
        family = importlib.import_module(
            options.framework + "_models").Family(options.seed)
    else:
        family = Family(options.framework, options.seed)
    if options.save:
        save(family, options.count, options.save)
        return
    measured = measure(family, options.count)
    table(measured)
    failed = [(name, real, result[1], named) for named, name, results in
              measured for real, result in results.items() if not result[0]]
    for _, name, results in measured:
        for real, (ok, error, *moved) in results.items():
            if isinstance(ok, str):
                print("%s %s %s: %.2g, %s %.2g" % (
                    ok, name, real, error, "with --math=accurate"
                    if ok == "magnified" else "by one rounding", *moved))
    for name, real, error, named in failed:
        print("MISMATCH %s %s: %s\n    %s" % (name, real, error,
                                              ", ".join(named)))
    every = family.module.all_pairs()
    left = sorted(every - family.covered)
    for pair in left[:10]:
        print("not covered: %s with %s" % pair)
    print("%s: %d models, %d mismatches; %d of %d pairs of options"
          % (family.version, len(measured), len(failed),
             len(every) - len(left), len(every)))
    sys.exit(1 if failed else 0)


main()
