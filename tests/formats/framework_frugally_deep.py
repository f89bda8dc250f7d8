#!/usr/bin/env python3
"""Makes frugally-deep/*.json: small seeded Keras models through frugally-deep's
own converter, with Keras' predictions beside them.

    python tests/formats/framework_frugally_deep.py PATH/convert_model.py [NAME]

PATH: keras_export/ of https://github.com/Dobiasd/frugally-deep. Run by hand
where Keras 3 with TensorFlow is installed; the files are committed. The file's
own tests are another prediction, of other inputs.
"""

import base64
import importlib.util
import json
import os
import sys

import keras
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
L = keras.layers
rng = np.random.RandomState(5)


def sequential(shape, *layers):
    return keras.Sequential([keras.Input(shape), *layers])


def chain(name, features, *layers):
    """The converter makes Functional models of Sequential ones, but not inside
    others."""
    x = y = keras.Input((features,))
    for layer in layers:
        y = layer(y)
    return keras.Model(x, y, name=name)


def nested():
    """Two inputs, two outputs, a shared layer, models in a model."""
    a, b = keras.Input((6, 3), name="signal"), keras.Input((4,), name="knobs")
    shared = L.Dense(4, activation="tanh", name="shared")
    inner = chain("inner", 8, L.Dense(3, name="dense"),
                  L.Activation("gelu"),
                  chain("last", 3, L.Dense(2, name="dense")))
    h, k = shared(L.LSTM(4, name="dense")(a)), shared(b)
    joined = L.Concatenate()([L.Add()([h, k]), b])
    return keras.Model([a, b], [inner(joined), L.Multiply()([h, k])])


MODELS = {
    "gates": lambda: sequential(
        (6, 3), L.SimpleRNN(5, return_sequences=True),
        L.GRU(4, return_sequences=True, use_bias=False),
        L.GRU(3, return_sequences=True, reset_after=False),
        L.GRU(3, return_sequences=True, recurrent_activation="hard_sigmoid"),
        L.LSTM(16), L.Dense(2, activation="softmax")),
    "both": lambda: sequential(
        (5, 2), L.Bidirectional(L.LSTM(3, return_sequences=True)),
        L.Bidirectional(L.GRU(2), merge_mode="sum")),
    "convolution": lambda: sequential(
        (9, 2), L.Conv1D(4, 3, padding="causal", dilation_rate=2,
                         activation="relu"),
        L.BatchNormalization(), L.LeakyReLU(), L.PReLU(shared_axes=[1]),
        L.Conv1D(3, 2, strides=2, use_bias=False), L.LayerNormalization(),
        L.Flatten(), L.Dense(3, activation="selu")),
    "planes": lambda: sequential(
        (5, 6, 2), L.Conv2D(3, (2, 3), padding="same", activation="relu"),
        L.Conv2DTranspose(2, 3, strides=2),
        L.DepthwiseConv2D((3, 2), padding="same", use_bias=False),
        L.SeparableConv2D(3, 2, strides=2), L.MaxPooling2D(2)),
    "lines": lambda: sequential(
        (6, 2), L.Conv1DTranspose(3, 3, strides=2, activation="tanh"),
        L.DepthwiseConv1D(2, padding="same"), L.GlobalMaxPooling1D()),
    "words": lambda: sequential(
        (5,), L.Embedding(6, 3), L.GlobalAveragePooling1D(), L.Dense(2)),
    "nested": nested,
}


def as_numbers(value):
    """As before 2018: no base64."""
    if isinstance(value, dict):
        return {k: as_numbers(v) for k, v in value.items()}
    return np.frombuffer(base64.b64decode("".join(value)), "<f4").tolist()


def save(convert, name, model):
    model.set_weights([
        (rng.randn(*w.shape) * 0.4 if w.ndim > 1 else
         np.abs(rng.randn(*w.shape)) * 0.4 + 0.05).astype(np.float32)
        for w in model.get_weights()])
    x = [rng.randint(0, 6, i.shape[1:]) if name == "words" else
         rng.randn(*i.shape[1:]) for i in model.inputs]
    y = model.predict([v[None] for v in x] if len(x) > 1 else x[0][None],
                      verbose=0)
    y = [np.asarray(v)[0].tolist() for v in (
        y if isinstance(y, (list, tuple)) else [y])]
    document = convert.model_to_fdeep_json(model)
    if name == "words":
        document["trainable_params"] = as_numbers(document["trainable_params"])
    layers = document["architecture"]["config"]["layers"]
    inputs = [l["name"] for l in layers if l["class_name"] == "InputLayer"]
    stem = os.path.join(HERE, "frugally-deep", name)
    with open(stem + ".json", "w") as f:
        json.dump(document, f, separators=(",", ":"))
        f.write("\n")
    with open(stem + ".samples", "w") as f:
        json.dump([{"inputs": dict(zip(inputs, [v.tolist() for v in x])),
                    "outputs": y, "atol": 1e-6,
                    "note": "Keras " + keras.__version__}], f)
        f.write("\n")


def main():
    spec = importlib.util.spec_from_file_location("convert", sys.argv[1])
    convert = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(convert)
    os.makedirs(os.path.join(HERE, "frugally-deep"), exist_ok=True)
    for k, (name, make) in enumerate(MODELS.items()):
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        keras.utils.set_random_seed(k)
        np.random.seed(k)  # the converter's tests
        save(convert, name, make())


if __name__ == "__main__":
    main()
