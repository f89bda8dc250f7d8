#!/usr/bin/env python3
"""P18: an operator or a constant changed in a template or a function of the
runtime; then the layers' golden vectors, which know nothing of the text, must
fail. A fixed sample, of those that a model of the layers has in its C."""

import os
import random
import re
import subprocess
import sys

from common import RNNC, ROOT, finish, in_parallel, run, workspace

COUNT, MOST_ALIVE = 16, 2
SWAPS = [(" + ", " - "), (" - ", " + "), (" * ", " + "), (" / ", " * "),
         (" < ", " <= "), (" > ", " >= "), ("+=", "-="), ("[0]", "[1]"),
         (" ^ ", " | "), (" & ", " | "), ("1.0f", "1.5f"), (" 0;", " 1;")]
# Which layers a file of that name is for; others are in the C of many.
FOLDERS = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "SimpleRNN",
           "conv1d": "Conv1D", "dense": "Dense", "prelu": "PReLU",
           "normalization": "Normalization", "softmax": "Softmax",
           "rms_normalization": "RMSNormalization",
           "layer_normalization": "LayerNormalization",
           "group_normalization": "GroupNormalization",
           "batch_normalization": "BatchNormalization",
           "attention": "Attention", "attend": "Attention",
           "embedding": "Embedding", "concatenate": "Concatenate",
           "rescaling": "Rescaling", "reverse": "Bidirectional",
           "masked": "Mask*", "masking": "Mask*", "mask": "Mask*",
           "dot": "Dot", "merge": "[AMS]*d", "relu": "ReLU",
           "tanh": "SimpleRNN", "sigmoid": "LSTM", "exp": "Activation",
           "limit": "SimpleRNN", "gelu": "Activation", "elu": "Activation",
           "selu": "Activation", "softplus": "Activation",
           "softsign": "Activation", "swish": "Activation",
           "calls": "SimpleRNN", "activate": "Activation"}


def sites():
    """(file, folder of layers, line number, old, new)"""
    found = []
    for top in ("templates", "runtime", "runtime/f32"):
        for name in sorted(os.listdir(os.path.join(ROOT, top))):
            layer = FOLDERS.get(name.split(".")[0])
            if not layer or not name.endswith((".lt", ".h")):
                continue
            path = os.path.join(top, name)
            with open(os.path.join(ROOT, path)) as f:
                lines = f.read().split("\n")
            for k, line in enumerate(lines):
                code = not re.match(r"\s*(%|\*|/\*|#|//)", line) \
                    and "/*" not in line and "fast" not in line
                for old, new in SWAPS if code else ():
                    if old in line:
                        found.append((path, layer, k, old, new))
    return found


def killed(site):
    """True, or which mutant the tests let live."""
    path, layer, k, old, new = site
    with workspace() as folder:
        run([RNNC, "--dump-templates=" + folder])
        target = os.path.join(folder, path)
        with open(target) as f:
            lines = f.read().split("\n")
        was, lines[k] = lines[k], lines[k].replace(old, new, 1)
        with open(target, "w") as f:
            f.write("\n".join(lines))
        wrapper = os.path.join(folder, "rnnc")
        with open(wrapper, "w") as f:
            f.write('#!/bin/sh\nexec "%s" --template-dir="%s" "$@"\n'
                    % (RNNC, folder))
        os.chmod(wrapper, 0o755)
        done = subprocess.run(
            [sys.executable, os.path.join(ROOT, "tests/layers/run.py")],
            env=dict(os.environ, RNNC=wrapper, LAYERS=layer),
            capture_output=True, text=True)
        ok = done.returncode != 0
        return True if ok else "%s:%d: %s -> %s: %s" % (
            path, k + 1, old, new, was.strip())


def main():
    every = sites()
    chosen = random.Random(18).sample(every, min(COUNT, len(every)))
    alive = [r for r in in_parallel(killed, chosen) if r is not True]
    for mutant in alive:
        print("alive: " + mutant)
    finish(["%d of %d mutants live" % (len(alive), len(chosen))]
           if len(alive) > MOST_ALIVE else [],
           "%d of %d mutants killed" % (len(chosen) - len(alive), len(chosen)))


main()
