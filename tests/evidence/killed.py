#!/usr/bin/env python3
"""P14: rnnc killed at random times leaves the old file, the new one or, where
there was none, nothing. What a full disk and folders do is in cli/failures."""

import os
import random
import signal
import subprocess
import time

from common import QUICK, RNNC, finish, rnnc, workspace, NOTEBOOK


def wide(path):
    """A model that takes a while to write."""
    row = "[" + ", ".join("%.6f" % (k * 0.000173 % 1) for k in range(300)) + "]"
    kernel = ", ".join([row] * 300)
    with open(path, "w") as f:
        f.write('{"format": "rnnc", "version": 1, "name": "m", "inputs": '
                '[{"name": "x", "shape": [300]}], "layers": [{"type": "Dense",'
                ' "name": "y", "units": 300, "use_bias": false, "weights": '
                '{"kernel": [%s]}}], "outputs": ["y"]}' % kernel)


def read(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as f:
        return f.read()


def main():
    random.seed(14)
    rounds, faults, died = 10 if QUICK else 200, [], 0
    with workspace() as folder:
        model, c = (os.path.join(folder, n) for n in ("m.json", "m.c"))
        wide(model)
        start = time.time()
        rnnc(model, "-o", c)
        whole, seconds = read(c), time.time() - start
        for k in range(rounds):
            old = None
            if k % 2:
                rnnc(NOTEBOOK, "-n", "m", "-o", c)
                old = read(c)
            elif os.path.exists(c):
                os.unlink(c)
            child = subprocess.Popen([RNNC, model, "-o", c])
            time.sleep(random.uniform(0, 1.1 * seconds))
            child.send_signal((signal.SIGKILL, signal.SIGTERM)[k // 2 % 2])
            died += child.wait() < 0
            if read(c) not in (old, whole):
                faults.append("round %d: half a file" % k)
    if not died:
        faults.append("no run was killed")
    finish(faults, "%d runs, %d killed, no half file" % (rounds, died))


main()
