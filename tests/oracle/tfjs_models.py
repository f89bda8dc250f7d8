"""Random TensorFlow.js models that cover every pair of options: see
keras_models.py, whose items and pairs these share. They are chosen here and
made by tfjs_models.js; NODE_PATH says where @tensorflow/tfjs is. No masks: the
last one that a layer reads stays an argument for all that run later, so its
predict() fails for merges, Softmax and recurrences that are given states, and
masks other recurrences; tests/formats/framework_tfjs.js has what works."""

import functools
import json
import os
import random
import subprocess
import sys

from keras_models import choose, items, pairs

ACTIVATIONS = ["linear", "tanh", "sigmoid", "relu", "hardSigmoid", "elu",
               "selu", "softplus", "softsign", "swish", "gelu", "mish",
               "relu6", "softmax", "logSoftmax"]
FLAG = [False, True]
CELL = {"units": [1, 3, 5], "activation": ["tanh", "sigmoid", "softsign",
                                           "relu"],
        "useBias": FLAG, "returnSequences": FLAG, "goBackwards": FLAG,
        "returnState": FLAG, "first": ["zero", "given"]}
GATED = {**CELL, "recurrentActivation": ["sigmoid", "hardSigmoid", "tanh"]}
LAYERS = {
    "simpleRNN": CELL,
    "lstm": {**GATED, "unitForgetBias": FLAG},
    "gru": GATED,
    "bidirectional": {"over": ["simpleRNN", "lstm", "gru"], "units": [1, 3],
                      "mergeMode": ["concat", "sum", "mul", "ave"],
                      "returnSequences": FLAG},
    "rnn": {"cells": ["lstmCell", "gruCell simpleRNNCell"], "units": [1, 3],
            "returnSequences": FLAG, "goBackwards": FLAG},
    "timeDistributed": {"over": ["dense", "activation", "conv1d", "lstm"],
                        "units": [2, 4]},
    "dot": {"axes": [1, 2, -1], "normalize": FLAG},
    "dense": {"units": [1, 4], "activation": ACTIVATIONS, "useBias": FLAG},
    "conv1d": {"filters": [2, 4], "kernelSize": [1, 2, 3],
               "padding": ["valid", "same"],
               "spacing": ["plain", "strides 2", "dilation 2"],
               "activation": ["linear", "relu", "tanh"], "useBias": FLAG},
    "conv2d": {"filters": [2, 4], "kernelSize": [1, [2, 3]],
               "padding": ["valid", "same"],
               "spacing": ["plain", "strides 2", "dilation 2"],
               "activation": ["linear", "relu", "tanh"], "useBias": FLAG},
    "conv2dTranspose": {"filters": [1, 3], "kernelSize": [1, [2, 3]],
                        "padding": ["valid", "same"],
                        "spacing": ["plain", "strides 2"],
                        "activation": ["linear", "tanh"], "useBias": FLAG},
    "depthwiseConv2d": {"kernelSize": [1, [2, 3]], "depthMultiplier": [1, 2],
                        "padding": ["valid", "same"],
                        "spacing": ["plain", "strides 2"],
                        "activation": ["linear", "tanh"], "useBias": FLAG},
    "separableConv2d": {"filters": [1, 3], "kernelSize": [1, [2, 3]],
                        "padding": ["valid", "same"],
                        "spacing": ["plain", "strides 2", "dilation 2"],
                        "activation": ["linear", "tanh"], "useBias": FLAG},
    "activation": {"activation": ACTIVATIONS},
    "reLU": {"maxValue": [None, 1.5]},
    "leakyReLU": {"alpha": [0.3, 0.1]},
    "elu": {"alpha": [1]},
    "prelu": {"sharedAxes": [[1]]},
    "softmax": {"axis": [-1]},
    "batchNormalization": {"epsilon": [1e-3, 0.1], "center": FLAG,
                           "scale": FLAG},
    "layerNormalization": {"epsilon": [1e-3, 0.1], "center": FLAG,
                           "scale": FLAG},
    "embedding": {"inputDim": [7], "outputDim": [1, 3], "inputLength": [1, 4]},
    "rescaling": {"scale": [0.5, -2], "offset": [0, 0.25]},
    "repeatVector": {"n": [3]},
    "permute": {"dims": [[2, 1]]},
    "maxPooling1d": {"poolSize": [2, 3], "strides": [None, 1],
                     "padding": ["valid", "same"]},
    "averagePooling1d": {"poolSize": [2, 3], "strides": [None, 2],
                         "padding": ["valid", "same"]},
    "plane": {"layer": ["maxPooling2d", "averagePooling2d", "zeroPadding2d",
                        "cropping2D", "upSampling2d", "globalMaxPooling2d",
                        "globalAveragePooling2d"]},
    "global": {"layer": ["globalMaxPooling1d", "globalAveragePooling1d"]},
    "noise": {"layer": ["dropout", "spatialDropout1d", "gaussianNoise",
                        "gaussianDropout", "alphaDropout"]},
    "flatten": {"-": ["-"]},
    "reshape": {"-": ["-"]},
    "merge": {"layer": ["add", "multiply", "average", "maximum", "minimum",
                        "concatenate"]},
    # How the weights lie in the shards: no layer.
    "storage": {"dtype": ["float32", "float16", "uint8", "uint16", "mixed"],
                "shards": ["one", "many"]},
}
LENGTH = 8
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "tfjs_models.js")


@functools.cache
def all_pairs():
    every = [(kind, k, v) for kind, options in LAYERS.items()
             for k, values in options.items() for v in values]
    return {tuple(sorted("%s %s=%s" % i for i in (a, b)))
            for n, a in enumerate(every) for b in every[n:]
            if "storage" not in (a[0], b[0]) or a[0] != b[0] or a[1] != b[1]}


def random_chain(rng):
    kinds = [rng.choice(sorted(set(LAYERS) - {"storage"}))
             for _ in range(LENGTH)] + ["storage"]
    return [(kind, {k: rng.choice(v) for k, v in LAYERS[kind].items()})
            for kind in kinds]


def possible(chain):
    """One storage, and at the end."""
    kinds = [kind for kind, _ in chain]
    return kinds.index("storage") == LENGTH if "storage" in kinds else False


class Family:
    def __init__(self, seed):
        self.name, self.rng = "tfjs", random.Random(seed)
        self.module = sys.modules[__name__]
        self.covered = set()
        self.version = self.node(["--version"], "").strip()

    def node(self, arguments, text):
        done = subprocess.run(["node", SCRIPT, *arguments], input=text,
                              stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def choose(self):
        """The last place of a chain is that of the storage."""
        chain = choose(self.rng, self.module, self.covered)
        self.covered |= pairs(chain)
        return chain

    def write(self, names, folder):
        jobs = [{"name": name, "chain": self.choose(),
                 "seed": self.rng.randrange(1, 1 << 30),
                 "timesteps": self.rng.choice([4, 6, 7]),
                 "features": self.rng.choice([1, 2, 3])} for name in names]
        messages = json.loads(self.node([folder], json.dumps(jobs)))
        return [([i for kind, options in job["chain"]
                  for i in items(kind, options)], job["name"], message)
                for job, message in zip(jobs, messages, strict=True)]

    def computes_double(self, named):
        return False  # TensorFlow.js has no float64
