#!/usr/bin/env python3
"""Makes tfjs/converted_*.json with their shards: small seeded Keras models
through tensorflowjs_converter's own code, with Keras' predictions beside them.

    pip download --no-deps tensorflowjs && unzip tensorflowjs-*.whl -d FOLDER
    python tests/formats/framework_tfjs.py FOLDER keras      # Keras 3
    python tests/formats/framework_tfjs.py FOLDER tf_keras   # Keras 2

Run by hand; the files are committed. Of the package only the module that
converts Keras is loaded: all of it would want far more than Keras.
"""

import importlib
import json
import os
import sys
import tempfile
import types
import zipfile

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
keras = importlib.import_module(sys.argv[2])
L = keras.layers
THREE = keras.__version__.startswith("3")
rng = np.random.RandomState(11)


def load_converter(folder):
    for name in ("tensorflowjs", "tensorflowjs.converters"):
        module = types.ModuleType(name)
        module.__path__ = [os.path.join(folder, *name.split("."))]
        sys.modules[name] = module
    return importlib.import_module(
        "tensorflowjs.converters.keras_h5_conversion")


def model():
    """Two layers of one class, both directions, a model inside; reset_after,
    which TensorFlow.js itself refuses."""
    x = keras.Input((6, 2), name="x")
    inner = keras.Sequential([keras.Input((6, 4)), L.Dense(3, name="a"),
                              L.LSTM(2, name="b")], name="inner")
    y = L.Bidirectional(L.LSTM(2, return_sequences=True), name="both")(x)
    y = L.Dropout(0.5)(inner(y))
    y = L.Dense(4, activation="tanh", name="wide")(y)
    z = L.GRU(2, name="late", reset_after=True)(x)
    y = L.BatchNormalization(name="norm")(L.Concatenate()([y, z]))
    return keras.Model(x, L.Dense(2, name="y")(y))


def convert(converter, own, folder):
    """(topology, groups of weights)"""
    if not THREE:
        path = os.path.join(folder, "model.h5")
        own.save(path)
        return converter.h5_merged_saved_model_to_tfjs_format(path)
    path = os.path.join(folder, "model.keras")
    own.save(path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
        config, metadata = (json.loads(archive.read(n)) for n in (
            "config.json", "metadata.json"))
    with h5py.File(os.path.join(folder, "model.weights.h5")) as weights:
        return converter.h5_v3_merged_saved_model_to_tfjs_format(
            weights, metadata, config)


def main():
    converter = load_converter(sys.argv[1])
    keras.utils.set_random_seed(1)
    own = model()
    own.set_weights([
        (rng.randn(*w.shape) * 0.4 if w.ndim > 1 else
         np.abs(rng.randn(*w.shape)) * 0.4 + 0.05).astype(np.float32)
        for w in own.get_weights()])
    x = rng.randn(6, 2)
    y = np.asarray(own.predict(x[None], verbose=0))[0]
    name = "converted_%s" % keras.__version__[0]
    folder = os.path.join(HERE, "tfjs")
    with tempfile.TemporaryDirectory() as work:
        topology, groups = convert(converter, own, work)
        converter.write_artifacts(topology, groups, work)
        with open(os.path.join(work, "model.json")) as f:
            document = json.load(f)
        for group in document["weightsManifest"]:
            for k, path in enumerate(group["paths"]):
                group["paths"][k] = "%s-%s" % (name, path)
                os.replace(os.path.join(work, path),
                           os.path.join(folder, group["paths"][k]))
    with open(os.path.join(folder, name + ".json"), "w") as f:
        json.dump(document, f)
        f.write("\n")
    with open(os.path.join(folder, name + ".samples"), "w") as f:
        json.dump([{"inputs": {"x": x.tolist()}, "outputs": [y.tolist()],
                    "atol": 1e-6, "note": "Keras " + keras.__version__}], f)
        f.write("\n")


if __name__ == "__main__":
    main()
