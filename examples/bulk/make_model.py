#!/usr/bin/env python3
"""make_model.py > model.json -- a small forecaster, made with numpy alone.

A GRU with fixed random weights reads the last three values of a series, and a
Dense layer, fitted to it by least squares, says the next one. The samples are
what the float64 network below computes, so rnnc has something to check."""

import json

import numpy as np

UNITS, STEPS = 8, 3
random = np.random.RandomState(5)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru(x, kernel, recurrent, bias):
    """x [n, STEPS, 1] -> the last hidden state [n, UNITS]; reset_after."""
    h = np.zeros((len(x), UNITS))
    for t in range(STEPS):
        a = x[:, t] @ kernel + bias[0]
        b = h @ recurrent + bias[1]
        z = sigmoid(a[:, :UNITS] + b[:, :UNITS])
        r = sigmoid(a[:, UNITS:2 * UNITS] + b[:, UNITS:2 * UNITS])
        c = np.tanh(a[:, 2 * UNITS:] + r * b[:, 2 * UNITS:])
        h = z * h + (1 - z) * c
    return h


def single(x):
    """As the model file will have it."""
    return np.asarray(x, np.float32).astype(float)


def main():
    kernel = single(random.randn(1, 3 * UNITS))
    recurrent = single(random.randn(UNITS, 3 * UNITS) / UNITS)
    bias = single(random.randn(2, 3 * UNITS) / 4)
    t = np.arange(2000)
    series = np.sin(0.31 * t) * np.cos(0.017 * t)
    x = np.stack([series[k:k + len(t) - STEPS] for k in range(STEPS)], 1)
    hidden = gru(x[:, :, None], kernel, recurrent, bias)
    fit, *_ = np.linalg.lstsq(np.column_stack([hidden, np.ones(len(hidden))]),
                              series[STEPS:], rcond=None)
    fit = single(fit)
    samples = x[[0, 500, 1500]][:, :, None]
    wanted = gru(samples, kernel, recurrent, bias) @ fit[:-1] + fit[-1]
    print(json.dumps({
        "format": "rnnc", "version": 1, "name": "forecast",
        "inputs": [{"name": "x", "shape": [STEPS, 1]}],
        "layers": [
            {"type": "GRU", "name": "gru", "units": UNITS,
             "reset_after": True, "weights": {
                 "kernel": kernel.tolist(),
                 "recurrent_kernel": recurrent.tolist(),
                 "bias": bias.tolist()}},
            {"type": "Dense", "name": "next", "units": 1, "weights": {
                "kernel": fit[:-1, None].tolist(), "bias": fit[-1:].tolist()}}],
        "outputs": ["next"],
        "samples": [{"inputs": {"x": x.tolist()}, "outputs": {"next": [y]},
                     "note": "numpy, float64, make_model.py"}
                    for x, y in zip(samples, wanted)]}, indent=1))


main()
