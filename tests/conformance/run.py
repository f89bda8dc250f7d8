#!/usr/bin/env python3
"""Models that frameworks made and predicted, without the frameworks.

Each file is what compiler/export/rnnc_export.py wrote for a random model (see
README.md); its golden samples are the framework's own, in float64. The C must
agree to 1e-5 in float and to 1e-9 in double, straight-line and in loops, and
the interpreter to 1e-9.
"""

import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import finish, report, rnnc, selftest_program, workspace, \
    write_model

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIGURATIONS = [("float", 1e-5, "none"), ("float", 1e-5, "full"),
                  ("double", 1e-9, "none"), ("double", 1e-9, "full")]


def main():
    models = {}
    for path in sorted(glob.glob(os.path.join(HERE, "*.json"))):
        with open(path) as f:
            models[os.path.basename(path)[:-5]] = json.load(f)
    for real, tolerance, unroll in CONFIGURATIONS:
        label = "%s, %s: " % (real, unroll)
        with workspace() as folder:
            names = []
            for name, model in models.items():
                if real == "double" and name.startswith("onnx"):
                    continue  # onnxruntime computes in float
                samples = [dict(s, atol=tolerance, rtol=tolerance)
                           for s in model["samples"]]
                path = os.path.join(folder, name + ".json")
                write_model(path, dict(model, samples=samples))
                any_timesteps = None in model["inputs"][0]["shape"]
                status, _, err = rnnc(
                    path, "--type=" + real, "--unroll=" + (
                        "auto" if any_timesteps else unroll), "--name",
                    name, "-o", os.path.join(folder, name + ".c"))
                if status:
                    report(False, label + name, err)
                else:
                    names.append(name)
            results, err = selftest_program(names, folder)
            for name in names:
                ok, error = results.get(name, (False, 0)) if results \
                    else (False, 0)
                report(ok, label + name, "max error %g\n%s" % (error, err))
    finish()


main()
