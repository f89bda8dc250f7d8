#!/usr/bin/env python3
"""Every combination of what masks and states depend on, against Keras.

    python tests/oracle/masked_states.py keras|tf_keras [COUNT]

COUNT of them, drawn with a fixed seed; without, all.

SimpleRNN, LSTM and GRU behind a Masking: return_sequences, go_backwards,
zero_output_for_mask, first states from inputs, return_state, unroll; and in a
Bidirectional. Masked are the first timestep and one inside, the last and one
inside, all, none. rnnc's interpreter, which checks the exporter's samples, has
to agree, or to refuse: zero_output_for_mask needs return_sequences, and no
return_state. Keras 3 on JAX agrees as well (KERAS_BACKEND=jax).
"""

import importlib
import itertools
import os
import random
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."),
                os.path.join(HERE, "../../compiler/export")]
from rnnc_export import export  # noqa: E402
from support import finish, report, rnnc, workspace  # noqa: E402

FLAGS = ["return_sequences", "go_backwards", "zero_output_for_mask", "given",
         "return_state"]
MASKED = [[0, 2], [1, 4], [0, 1, 2, 3, 4], []]


def recurrent(keras, kind, options):
    options = {k: v for k, v in options.items() if v}
    L, x = keras.layers, keras.Input((5, 2), name="x")
    given, mode = options.pop("given", False), options.pop("mode", None)
    layer = getattr(L, kind)(3, **options)
    inputs, states = [x], {}
    if mode:
        layer = L.Bidirectional(layer, merge_mode=mode)
    elif given:
        inputs += [keras.Input((3,), name="s%d" % k)
                   for k in range(2 if kind == "LSTM" else 1)]
        states = {"initial_state": inputs[1:] if kind == "LSTM"
                  else inputs[1]}
    y = layer(L.Masking(name="m")(x), **states)
    y = list(y) if isinstance(y, (list, tuple)) else [y]
    if "return_sequences" in options:  # which has a mask, or not
        y.append(L.SimpleRNN(2, name="behind")(y[0]))
    return keras.Model(inputs if len(inputs) > 1 else x, y)


def check(keras, rng, folder, kind, options):
    model = recurrent(keras, kind, options)
    model.set_weights([rng.randn(*w.shape) * 0.5 for w in model.get_weights()])
    samples = [np.array([rng.randn(*i.shape[1:]) for _ in MASKED])
               for i in model.inputs]
    for k, rows in enumerate(MASKED):
        samples[0][k, rows] = 0
    path = os.path.join(folder, "m.json")
    export(model, path, samples=samples)
    status, _, err = rnnc(path, "--check")
    refused = "zero_output_for_mask of a masked" in err
    may = options.get("zero_output_for_mask") and (
        not options.get("return_sequences") or options.get("return_state"))
    report(status == 0 or may and refused, "%s %s" % (
        kind, " ".join("%s=%s" % o for o in options.items() if o[1])), err)


def cases():
    for kind in "SimpleRNN", "LSTM", "GRU":
        for values in itertools.product((False, True), repeat=len(FLAGS)):
            yield kind, dict(zip(FLAGS, values))
        for flags in itertools.product((False, True), repeat=2):
            yield kind, dict(zip(["return_sequences", "go_backwards"], flags),
                             unroll=True)
        for sequences, mode in itertools.product(
                (False, True), ("concat", "sum", "mul", "ave")):
            yield kind, {"return_sequences": sequences, "mode": mode}


def main():
    keras = importlib.import_module(sys.argv[1])
    rng, every = np.random.RandomState(5), list(cases())
    if len(sys.argv) > 2 and int(sys.argv[2]) < len(every):
        every = random.Random(5).sample(every, int(sys.argv[2]))
    with workspace() as folder:
        for kind, options in every:
            check(keras, rng, folder, kind, options)
    finish()


main()
