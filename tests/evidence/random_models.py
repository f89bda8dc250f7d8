#!/usr/bin/env python3
"""P4: the suite of random models, with a seed that it does not have."""

import os
import subprocess
import sys

from common import ROOT, finish

COUNT, SEED = 200, 7001


def main():
    environment = dict(os.environ, RANDOM_MODELS=str(COUNT),
                       RANDOM_SEED=str(SEED))
    done = subprocess.run([sys.executable, "tests/random/run.py"], cwd=ROOT,
                          env=environment, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    faults = [l for l in lines if l.startswith("not ok")]
    if done.returncode and not faults:
        faults = ["exit status %d" % done.returncode]
    finish(faults, "%d models, %d programs' tests" % (COUNT, len(lines)))


main()
