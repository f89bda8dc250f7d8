#!/usr/bin/env python3
"""Other people's formats: every case of tests/formats/*/, and what is in
../shared/conformance.

The interpreter must agree with the numbers beside the file to 1e-12, or as
far as whoever made them says; the generated code, in float and double, through
its own self-test. What --emit=json writes must make the same C: no bit of a
weight is lost on the way.
"""

import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import ROOT, finish, name_outputs, report, rnnc, \
    selftest_program, workspace

CONFORMANCE = os.path.join(ROOT, "../shared/conformance")
# File, its own tolerance and that of our float code.
MEASURED = [("dense", 1e-6), ("conv", 1e-6), ("gru", 5e-6), ("lstm", 1e-6)]


def read(path):
    with open(path) as f:
        return f.read()


def tolerate(samples, atol):
    return json.dumps([dict(s, atol=atol, rtol=atol) for s in samples])


def body(code):
    """Without the lines that say which file it came from."""
    return code[code.index(" * Options"):]


def check_lossless(name, model, samples, folder):
    """model -> C and model -> rnnc's JSON -> C"""
    first, again, direct = (os.path.join(folder, "m" + e)
                            for e in (".json", "2.c", "1.c"))
    options = ["--name", "m", "--type=double", "--unroll=none"]
    status, _, err = rnnc(model, "--samples", samples, "--emit=json", "-o",
                          first)
    report(status == 0, name + ": as rnnc's JSON", err)
    rnnc(model, *options, "--samples", samples, "-o", direct)
    status, _, err = rnnc(first, *options, "-o", again)
    report(status == 0 and body(read(direct)) == body(read(again)),
           name + ": the same C from that", err)


def check_case(name, model, samples, folder, reference, single):
    """reference: tolerance of the numbers; single: of our float code"""
    path = os.path.join(folder, "samples.json")
    with open(path, "w") as f:
        f.write(tolerate(samples, reference))
    status, _, err = rnnc(model, "--samples", path, "--check")
    report(status == 0, name + ": interpreter", err)
    check_lossless(name, model, path, folder)
    for kind, atol in ("float", single), ("double", max(reference, 1e-12)):
        with open(path, "w") as f:
            f.write(tolerate(samples, atol))
        word = "%s_%s" % (os.path.basename(name).replace("-", "_"), kind)
        status, _, err = rnnc(model, "--samples", path, "--type=" + kind,
                              "--name", word, "-o",
                              os.path.join(folder, word + ".c"))
        results, err = selftest_program([word], folder) if not status \
            else (None, err)
        ok, error = results.get(word, (False, 0)) if results else (False, 0)
        report(ok, "%s: %s" % (name, kind), "max error %g\n%s" % (error, err))


def check_ours():
    for samples in sorted(glob.glob(os.path.join(ROOT, "tests/formats/*/",
                                                 "*.samples"))):
        stem = samples[:-len(".samples")]
        name = os.path.relpath(stem, os.path.join(ROOT, "tests/formats"))
        model = glob.glob(stem + ".[jn]*")[0]
        with workspace() as folder:
            given = name_outputs(model, json.loads(read(samples)))
            atol = given[0].get("atol", 1e-12)  # a framework's is float32
            check_case(name, model, given, folder, atol, 2e-6)


def column(path):
    return [[float(line)] for line in read(path).split()]


def check_conformance():
    """RTNeural's own models: in and out, one number a line."""
    if not os.path.isdir(CONFORMANCE):
        report(True, "real RTNeural models # skip no ../shared/conformance")
        return
    for name, atol in MEASURED:
        stem = os.path.join(CONFORMANCE, "rtneural", name)
        sample = {"inputs": {"x": column(stem + "_x.csv")},
                  "outputs": {"y": column(stem + "_y.csv")}}
        with workspace() as folder:
            check_case("conformance/" + name, stem + ".json", [sample],
                       folder, atol, atol)
    status, _, err = rnnc(os.path.join(CONFORMANCE, "rtneural/bad_lstm.json"),
                          "--check")
    report(status == 1 and len(err.splitlines()) == 1 and
           "the shape says 16 units, but the weights are for 20" in err,
           "conformance/bad_lstm is refused", err)


def check_norms(folder):
    """The least norm that Dot divides by is another in each: the epsilon of
    keras.ops.normalize, and of tf.linalg.l2_normalize's sum of squares."""
    def layer(kind, name, calls, **config):
        return {"class_name": kind, "name": name, "config": {
            "name": name, **config}, "inbound_nodes": calls}

    x, y = (layer("InputLayer", n, [], batch_input_shape=[None, 3])
            for n in "xy")
    z = layer("Dot", "z", [[["x", 0, 0, {}], ["y", 0, 0, {}]]], axes=1,
              normalize=True)
    for version, want in ("2.15.0", 1e-6), ("3.15.1", 1e-7):
        path = os.path.join(folder, "norm.json")
        with open(path, "w") as f:
            json.dump({"keras_version": version, "class_name": "Functional",
                       "config": {"name": "m", "layers": [x, y, z],
                                  "input_layers": [["x", 0, 0], ["y", 0, 0]],
                                  "output_layers": [["z", 0, 0]]}}, f)
        status, out, err = rnnc(path, "--emit=json", "-o", "-")
        made = json.loads(out)["layers"][0] if status == 0 else {}
        report(made.get("epsilon", 1e-7) == want,
               "Dot of Keras %s: its least norm" % version, out + err)


check_ours()
check_conformance()
with workspace() as where:
    check_norms(where)
finish()
