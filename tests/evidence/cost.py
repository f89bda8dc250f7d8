#!/usr/bin/env python3
"""P23: peak memory and time of a million weights, decimal and base64."""

import base64
import os
import random
import struct
import subprocess
import time

from common import QUICK, RNNC, finish, workspace

MOST = {"decimal": 260, "base64": 150}  # bytes for each weight


def model(kernel, side):
    return ('{"format": "rnnc", "version": 1, "name": "m", "inputs": [{"name":'
            ' "x", "shape": [%d]}], "layers": [{"type": "Dense", "name": "y", '
            '"units": %d, "use_bias": false, "weights": {"kernel": %s}}], '
            '"outputs": ["y"]}' % (side, side, kernel))


def measure(path):
    """(seconds, peak bytes)"""
    start = time.time()
    child = subprocess.Popen([RNNC, path, "-o", os.devnull])
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = status
    return time.time() - start, usage.ru_maxrss * 1024 if not status else -1


def main():
    random.seed(23)
    side = 200 if QUICK else 1000
    values = [random.gauss(0, 0.1) for _ in range(side * side)]
    raw = base64.b64encode(struct.pack("<%df" % len(values), *values))
    decimal = ",".join("[" + ",".join("%.9g" % v for v in
                                      values[i:i + side]) + "]"
                       for i in range(0, len(values), side))
    kernels = {"decimal": "[" + decimal + "]", "base64":
               '{"shape": [%d, %d], "dtype": "float32", "base64": "%s"}'
               % (side, side, raw.decode())}
    faults, said = [], []
    with workspace() as folder:
        for kind, kernel in kernels.items():
            path = os.path.join(folder, kind + ".json")
            with open(path, "w") as f:
                f.write(model(kernel, side))
            seconds, peak = measure(path)
            each = peak / len(values)
            said.append("%s %.0f bytes a weight, %.1f s" % (kind, each,
                                                            seconds))
            if peak < 0 or (not QUICK and each > MOST[kind]):
                faults.append(said[-1])
    finish(faults, "; ".join(said))


main()
