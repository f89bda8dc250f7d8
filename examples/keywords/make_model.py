#!/usr/bin/env python3
"""make_model.py MODEL.json -- a small keyword spotter in Keras 3, trained on
synthetic chirps, with golden samples that Keras computed."""

import os
import sys

import numpy as np
import keras
from keras import layers

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../../compiler/export"))
from rnnc_export import export

STEPS, FEATURES, WORDS = 64, 12, 6


def chirps(n, seed):
    """[n, STEPS, FEATURES]: a ridge that wanders through the features as the
    word says, in noise; and who speaks, [n, 4], which shifts it."""
    random = np.random.RandomState(seed)
    word, who = random.randint(WORDS, size=n), random.rand(n, 4)
    t = np.linspace(0, 1, STEPS)[None, :, None]
    path = 5 + 2 * who[:, :1, None] + 3 * np.sin(
        2 * np.pi * (1 + word[:, None, None]) * t / 3)
    x = np.exp(-(np.arange(FEATURES) - path) ** 2)
    x += 0.2 * random.randn(n, STEPS, FEATURES)
    return [x.astype("float32"), who.astype("float32")], word


def build():
    x = layers.Input((STEPS, FEATURES), name="features")
    who = layers.Input((4,), name="who")
    short = layers.Conv1D(12, 3, padding="causal", activation="relu",
                          name="conv_short")(x)
    long = layers.Conv1D(12, 3, padding="causal", dilation_rate=4,
                         activation="relu", name="conv_long")(x)
    bands = layers.Concatenate(name="bands")([short, long])
    norm = layers.LayerNormalization(name="norm")(bands)
    gru = layers.GRU(24, return_sequences=True, name="gru")(norm)
    skip = layers.Add(name="skip")([gru, bands])
    last = layers.LSTM(16, name="lstm")(skip)
    speaker = layers.Dense(8, activation="tanh", name="speaker")(who)
    joined = layers.Concatenate(name="joined")([last, speaker])
    word = layers.Dense(WORDS, activation="softmax", name="word")(joined)
    return keras.Model([x, who], word, name="keywords")


keras.utils.set_random_seed(3)
model = build()
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
x, word = chirps(3000, 1)
model.fit(x, word, epochs=12, verbose=0)
print(model.evaluate(*chirps(500, 2), verbose=0))
export(model, sys.argv[1])
