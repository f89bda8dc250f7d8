#!/usr/bin/env python3
"""--weights=bf16|f16|int8: numbers are rounded as numpy rounds them and widened
without a bit lost, in lanes and in plain C; networks compute what numpy, in
float64, computes of the rounded weights; the C gets as small as promised; and
the error that files and reports state is numpy's."""

import base64
import ctypes
import glob
import json
import math
import os
import re
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../layers"))
import generate
from support import CFLAGS, ROOT, SANITIZED, finish, report, rnnc, run, \
    selftest_program, workspace, write_model

STORAGES = ("bf16", "f16", "int8")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow",
            "-Werror"]
BUILDS = [["gcc", "-std=c99", "-O2", "-march=native"],
          ["clang", "-std=c99", "-O1"],
          ["clang", "-std=c99", "-O2", "-march=native"],
          ["gcc", "-std=c99", "-O1", "-DM_PLAIN"],
          ["g++", "-x", "c++", "-std=c++11", "-O1"]]
random = np.random.RandomState(4)

# ---- Rounding, from the definitions of the formats ---------------------------


def bf16(w):
    """The upper half of the float, ties to even; never infinite."""
    bits = w.astype(np.float32).view(np.uint32).astype(np.uint64)
    bits = (bits + 0x7fff + (bits >> 16 & 1)) >> 16
    over = (bits & 0x7fff) >= 0x7f80
    bits = np.where(over, bits & 0x8000 | 0x7f7f, bits)
    return (bits.astype(np.uint32) << 16).view(np.float32)


def f16(w):
    with np.errstate(over="ignore"):
        half = w.astype(np.float16)
    return np.clip(half.astype(np.float32), -65504, 65504)


def scales(w):
    """Of every column."""
    most = np.abs(w).max(axis=tuple(range(w.ndim - 1)))
    scale = (most / 127).astype(np.float32)
    return np.where(scale < np.finfo(np.float32).tiny, 0, scale)


def int8(w):
    scale = scales(w).astype(float)
    return np.rint(np.divide(w, scale, out=np.zeros_like(w), where=scale > 0))


def rounded(w, storage):
    """What the C calculates with, in float64; of weights that save nothing,
    the weights."""
    rows = w.size // w.shape[-1]
    if storage == "none" or w.ndim < 2 or rows < (3 if storage == "int8" else 2):
        return w
    if storage == "int8":
        return int8(w) * scales(w).astype(float)
    return (bf16 if storage == "bf16" else f16)(w).astype(float)


# ---- Models ------------------------------------------------------------------


def packed(w):
    data = np.ascontiguousarray(w, dtype="<f4").tobytes()
    return {"shape": list(w.shape), "dtype": "float32",
            "base64": base64.b64encode(data).decode()}


def model(shape, *layers):
    return {"format": "rnnc", "version": 1, "name": "m",
            "inputs": [{"name": "x", "shape": list(shape)}],
            "layers": [dict(l, name="layer%d" % i, weights={
                k: packed(w) for k, w in l["weights"].items()})
                for i, l in enumerate(layers)],
            "outputs": ["layer%d" % (len(layers) - 1)]}


count = 0


def build(folder, path, build, *options):
    """A library of the model; None after a failure that was reported."""
    global count
    count += 1
    c = os.path.join(folder, "m%d.c" % count)
    status, _, err = rnnc(path, "-n", "m", "-o", c, *options)
    if not report(not status, "rnnc " + " ".join(options), err) or not build:
        return c
    library = c[:-2] + ".so"
    # Python, which loads it, is not sanitized: only rnnc and programs are.
    flags = [] if SANITIZED else CFLAGS
    command = build + WARNINGS + flags + ["-shared", "-fPIC", c, "-o", library]
    _, _, err = run(command)
    if err:
        report(False, " ".join(command), err)
        return None
    return ctypes.CDLL(library)


def call(library, function, x, y, *more):
    getattr(library, "m_" + function)(
        x.ctypes.data_as(ctypes.c_void_p), y.ctypes.data_as(ctypes.c_void_p),
        *more)
    return y


def batch(library, x, outputs):
    return call(library, "predict_batch", x,
                np.full((len(x), outputs), np.nan, np.float32),
                ctypes.c_size_t(len(x)))


# ---- Numbers -----------------------------------------------------------------


def hard_numbers():
    """As float32: ties and their neighbours, the borders of subnormal numbers
    and of infinity, both zeros, and any bits."""
    exact = np.arange(0, 0x7c00, dtype=np.uint16).view(np.float16)
    exact = exact.astype(np.float32)
    ties = (exact[:-1].astype(float) + exact[1:]) / 2
    upper = (np.arange(0, 0x7f80, dtype=np.uint32) << 16)
    bits = np.concatenate([upper, upper + 0x8000])
    bits = np.concatenate([bits - 1, bits, bits + 1])[1:]
    bits = np.concatenate([bits, random.randint(0, 0x7f800000, 1 << 15)])
    numbers = np.concatenate([
        exact, ties.astype(np.float32),
        np.nextafter(ties.astype(np.float32), np.float32(0)),
        np.nextafter(ties.astype(np.float32), np.float32(1e9)),
        np.array([65504, 65519.996, 65520, 65536, 1e38, 3.3895314e38,
                  3.4e38], np.float32),
        bits.astype(np.uint32).view(np.float32)])
    numbers = numbers[np.isfinite(numbers)]
    return np.concatenate([numbers, -numbers])


def check_bits(folder):
    """The integers in the C, of a table, which stand there in its order."""
    numbers = hard_numbers()
    path = os.path.join(folder, "bits.json")
    rows = len(numbers) // 4
    small = random.randn(rows, 4) * [1, 1e-3, 1e20, 0]
    small[:4, 3] = 1e-40
    for storage in STORAGES:
        table = small.astype(np.float32).astype(float) if storage == "int8" \
            else numbers[:4 * rows].reshape(rows, 4)
        write_model(path, model([5], {
            "type": "Embedding", "input_dim": rows, "output_dim": 4,
            "weights": {"embeddings": table}}))
        c = build(folder, path, None, "--weights=" + storage,
                  "--weight-text=decimal")
        with open(c) as f:
            text = f.read()
        body = re.search(r"int\d+_t m_layer0_embeddings\[\d+\] = \{(.*?)\}",
                         text, re.S).group(1)
        got = np.array([int(v, 0) for v in body.split(",")])
        if storage == "int8":
            want = int8(table)
        elif storage == "bf16":
            want = bf16(table).view(np.uint32) >> 16
        else:
            want = f16(table).astype(np.float16).view(np.uint16)
        wrong = np.flatnonzero(got != want.ravel())
        report(not len(wrong), "%d numbers as %s" % (len(got), storage), str(
            [(table.flat[i], got[i], want.flat[i]) for i in wrong[:9]]))


def check_widening(folder):
    """x that is 1 at one feature gives a row of the kernel, bit for bit; rows
    of a table come as they are."""
    table = {"bf16": np.arange(1 << 16, dtype=np.uint32) << 16,
             "f16": np.arange(1 << 16, dtype=np.uint16)}
    path = os.path.join(folder, "all.json")
    for storage in STORAGES:
        if storage == "int8":
            values = random.randint(-127, 128, (256, 256)) * 2.0 ** -3
            values[0] = 127 * 2.0 ** -3
        else:
            values = table[storage].view(
                np.float32 if storage == "bf16" else np.float16)
            values = np.nan_to_num(values, nan=1, posinf=2, neginf=-2)
            values = values.astype(np.float32).reshape(256, 256)
        dense = {"type": "Dense", "units": 256, "use_bias": False,
                 "weights": {"kernel": values}}
        dots = dict(dense, units=2, weights={"kernel": values[:, 7:9]})
        few = dict(dense, units=16, weights={"kernel": values[:, :16]})
        one = np.eye(256, dtype=np.float32)
        for how in BUILDS:
            good = True
            for layer in (dense, dots, few):
                write_model(path, model([256], layer))
                library = build(folder, path, how, "--weights=" + storage)
                units = layer["units"]
                good = good and library and np.array_equal(
                    batch(library, one, units),
                    layer["weights"]["kernel"].astype(np.float32))
            write_model(path, model([1], {
                "type": "Embedding", "input_dim": 256, "output_dim": 256,
                "weights": {"embeddings": values}}))
            library = build(folder, path, how, "--weights=" + storage)
            got = library and batch(library, np.arange(
                256, dtype=np.int32).reshape(256, 1), 256)
            report(bool(good) and np.array_equal(got, values.astype(np.float32)),
                   "%s is widened exactly: %s" % (storage, " ".join(how)))


# ---- Networks ----------------------------------------------------------------

tanh, sigmoid = np.tanh, generate.sigmoid


def draw(*shape):
    scale = 1 / math.sqrt(math.prod(shape[:-1]) or 1)
    return (random.randn(*shape) * scale).astype(np.float32).astype(float)


def recurrent(kind, features, units, **options):
    gates = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}[kind] * units
    bias = draw(2, gates) if options.get("reset_after") else draw(gates)
    return {"type": kind, "units": units, "return_sequences": True, **options,
            "weights": {"kernel": draw(features, gates),
                        "recurrent_kernel": draw(units, gates), "bias": bias}}


def dense(features, units, **options):
    return {"type": "Dense", "units": units, **options,
            "weights": {"kernel": draw(features, units), "bias": draw(units)}}


def conv(features, filters, size, groups=1):
    return {"type": "Conv1D", "filters": filters, "kernel_size": size,
            "padding": "causal", "groups": groups, "weights": {
                "kernel": draw(size, features // groups, filters),
                "bias": draw(filters)}}


NETWORKS = {
    "LSTM": [[13, 7], recurrent("LSTM", 7, 40), recurrent("LSTM", 40, 70)],
    "LSTM of 3": [[9, 5], recurrent("LSTM", 5, 3), recurrent("LSTM", 3, 2)],
    "LSTM of 1 feature": [[9, 1], recurrent("LSTM", 1, 24), dense(24, 1)],
    "GRU": [[13, 6], recurrent("GRU", 6, 24, reset_after=True),
            recurrent("GRU", 24, 33, reset_after=False)],
    "GRU of 3": [[9, 5], recurrent("GRU", 5, 3, reset_after=True),
                 recurrent("GRU", 3, 4, reset_after=False)],
    "SimpleRNN": [[17, 10], recurrent("SimpleRNN", 10, 21),
                  recurrent("SimpleRNN", 21, 4)],
    "Dense": [[131], dense(131, 67, activation="relu"), dense(67, 150),
              dense(150, 16), dense(16, 3)],
    "few units": [[3, 203], dense(203, 2), dense(2, 40), dense(40, 4)],
    "Conv1D": [[12, 6], conv(6, 19, 3), conv(19, 8, 2), conv(8, 12, 2, 4)],
}


def numpy_run(layers, x, storage):
    for l in layers:
        w = {k: rounded(v, storage) if k != "bias" else v
             for k, v in l["weights"].items()}
        if l["type"] == "Dense":
            x = generate.dense(x, w, generate.ACTIVATIONS[
                l.get("activation", "linear")][1])
        elif l["type"] == "Conv1D":
            x = generate.conv1d(x, w, lambda z: z, "causal", 1, 1, l["groups"])
        elif l["type"] == "SimpleRNN":
            x = generate.simple_rnn(x, w, tanh, True, False)
        elif l["type"] == "LSTM":
            x = generate.lstm(x, w, tanh, sigmoid, True, False)
        else:
            x = generate.gru(x, w, tanh, sigmoid, True, False)
    return x


def difference(got, want):
    return float(np.abs(got - want).max() / max(1, np.abs(want).max()))


def steps(library, x, outputs):
    state = ctypes.create_string_buffer(1 << 16)
    y = np.full((len(x), outputs), np.nan, np.float32)
    library.m_reset(state)
    for t, row in enumerate(x):
        library.m_step(state, row.ctypes.data_as(ctypes.c_void_p),
                       y[t:].ctypes.data_as(ctypes.c_void_p))
    return y


def check_network(folder, name, storage, how, options):
    shape, *layers = NETWORKS[name]
    path = os.path.join(folder, "net.json")
    write_model(path, model(shape, *layers))
    xs = random.randn(19, *shape).astype(np.float32)
    wants = np.array([numpy_run(layers, x.astype(float), storage) for x in xs])
    library = build(folder, path, how, "--weights=" + storage, *options)
    worst = math.inf
    if library:
        size = wants[0].size
        got = batch(library, xs, size).reshape(wants.shape)
        one = call(library, "predict", xs[0], np.empty(size, np.float32))
        worst = max(difference(got, wants),
                    difference(one.reshape(wants[0].shape), wants[0]))
        if len(shape) == 2:
            worst = max(worst, difference(
                steps(library, xs[0], wants.shape[-1]), wants[0]))
    report(worst <= 1e-6, "%s as %s: %s" % (name, storage, " ".join(
        how + options)), "differs by %g" % worst)


def check_interpreter(folder, name, storage):
    shape, *layers = NETWORKS[name]
    path = os.path.join(folder, "net.json")
    write_model(path, model(shape, *layers))
    x = random.randn(*shape)
    _, out, err = rnnc(path, "--weights=" + storage, "--run", "-",
                       input=json.dumps(x.tolist()))
    got = list(json.loads(out).values())[0] if out else math.inf
    error = difference(np.array(got), numpy_run(layers, x, storage))
    report(error <= 1e-12, "--run: %s as %s" % (name, storage),
           err + "differs by %g" % error)


# ---- What is stated ----------------------------------------------------------


def check_error(folder, storage):
    """The difference to the model's own outputs, up to 5 % and rounding more."""
    shape, *layers = NETWORKS["LSTM"]
    path, c = os.path.join(folder, "e.json"), os.path.join(folder, "e.c")
    x = random.randn(*shape)
    exact = numpy_run(layers, x, "none")
    error = np.abs(numpy_run(layers, x, storage) - exact).max()
    net = model(shape, *layers)
    net["samples"] = [{"inputs": {"x": x.tolist()},
                       "outputs": {"layer1": exact.tolist()}}]
    write_model(path, net)
    _, out, err = rnnc(path, "-n", "m", "-o", c, "-H", "--report",
                       "--weights=" + storage)
    _, text, _ = rnnc(path, "--check", "--report=json", "--weights=" + storage)
    with open(c) as f:
        said = [f.read()]
    with open(c[:-1] + "h") as f:
        said.append(f.read())
    stated = [float(re.search(r"differ by\s+\*?\s*([\d.e-]+) at most",
                              s).group(1)) for s in said]
    stated.append(float(re.search(r"error by that +: ([\d.e-]+)",
                                  out).group(1)))
    stated.append(json.loads(text)["weights_error"])
    _, page, _ = rnnc(path, "--check", "--report=html", "--weights=" + storage)
    stated.append(float(re.search(r"the difference is ([\d.e-]+) at most",
                                  page).group(1)))
    report(all(error <= s <= 1.12 * error for s in stated),
           "the error of %s is stated" % storage, "%g: %s %s" % (
               error, stated, err))
    program = os.path.join(folder, "e")
    for flags in ("-O1", "-O2 -ffast-math", "-O2 -ffast-math -DM_PLAIN",
                  "-O2 -ffast-math -march=native"):
        run(["gcc", *flags.split(), "-DM_SELFTEST", "-DM_SELFTEST_MAIN", c,
             "-o", program]) # with fast math, subnormal floats are 0
        status, out, err = run([program])
        report(not status, "the self-test of %s holds to the samples' tolerance"
               ": %s" % (storage, flags), out + err)


def data_bytes(folder, path, *options):
    """Of constants, weights most of all, in an object for a small machine."""
    c, o = os.path.join(folder, "s.c"), os.path.join(folder, "s.o")
    rnnc(path, "-n", "m", "-o", c, *options)
    run(["gcc", "-Os", "-c", c, "-o", o])
    _, out, _ = run(["size", "-A", o])
    return sum(int(n) for n in re.findall(r"^\.rodata\S* +(\d+)", out, re.M))


def check_size(folder):
    nets = {"LSTM 32->64": [[10, 32], recurrent("LSTM", 32, 64)],
            "MLP": [[64], dense(64, 128), dense(128, 64)],
            "Dense 2048->1": [[2048], dense(2048, 1)],
            "Conv1D": [[20, 32], conv(32, 32, 4)],
            "LSTM of 5": [[20, 256], recurrent("LSTM", 256, 5)]}
    most = {"bf16": 0.52, "f16": 0.52, "int8": 0.29}
    for name, (shape, *layers) in nets.items():
        path = os.path.join(folder, "size.json")
        write_model(path, model(shape, *layers))
        wide = data_bytes(folder, path, "--unroll=none")
        for storage in STORAGES:
            got = data_bytes(folder, path, "--weights=" + storage)
            report(got <= most[storage] * wide, "%s as %s takes %.3f of float"
                   % (name, storage, got / wide), "%d of %d bytes" % (got, wide))


def check_bits_alike(folder):
    """--reproducible: whatever compiler and lanes."""
    shape, *layers = NETWORKS["LSTM"]
    path = os.path.join(folder, "r.json")
    write_model(path, model(shape, *layers))
    x = random.randn(3, *shape).astype(np.float32)
    for storage in STORAGES:
        for mode in "--reproducible", "--reproducible=fma":
            ys = [batch(build(folder, path, how, "--weights=" + storage,
                              mode), x, shape[0] * 70) for how in BUILDS]
            report(all(np.array_equal(ys[0], y) for y in ys[1:]),
                   "%s: the same bits as %s" % (mode, storage))


def check_spelling(folder):
    """Words in a string, and decimals, are the same numbers."""
    shape, *layers = NETWORKS["GRU"]
    path = os.path.join(folder, "t.json")
    write_model(path, model(shape, *layers))
    x = random.randn(4, *shape).astype(np.float32)
    size = shape[0] * layers[-1]["units"]
    for storage in STORAGES:
        ys = [batch(build(folder, path, BUILDS[0], "--weights=" + storage,
                          "--weight-text=" + text), x, size)
              for text in ("decimal", "string")]
        report(np.array_equal(*ys), storage + " in strings")


# ---- Every layer -------------------------------------------------------------

KINDS = ["SimpleRNN", "LSTM", "GRU", "Dense", "Conv1D", "Conv2D",
         "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D",
         "DepthwiseConv2D", "Embedding", "Bidirectional", "MultiHeadAttention"]


def check_counts(folder):
    """gcc knows the counts of loops, and warns of what it thinks they reach:
    in a head whose columns are eights there is no rest."""
    heads = {name + "_" + what: draw(*shape)
             for name, first, last in (("query", (16,), (4, 4)),
                                       ("key", (16,), (4, 4)),
                                       ("value", (16,), (4, 4)),
                                       ("attention_output", (4, 4), (16,)))
             for what, shape in (("kernel", first + last), ("bias", last))}
    path = os.path.join(folder, "m.json")
    write_model(path, model([20, 16], {
        "type": "MultiHeadAttention", "inputs": ["x", "x"],
        "num_heads": 4, "key_dim": 4, "weights": heads}))
    for storage in STORAGES:
        for level in "-O2", "-O3":
            library = build(folder, path, ["gcc", "-std=c99", level],
                            "--weights=" + storage)
            report(library is not None, "gcc %s counts in eights: %s" % (
                level, storage))


def cases():
    return [p for k in KINDS for p in
            sorted(glob.glob(os.path.join(ROOT, "tests/layers", k, "*.json")))]


def sums(name, rank):
    """How many of a weight's first dimensions are summed over; 0: a bias or the
    like."""
    if name in ("query_kernel", "key_kernel", "value_kernel"):
        return 1
    if name == "depthwise_kernel":
        return rank - 2
    return rank - 1 if name.endswith("kernel") or name == "embeddings" else 0


def round_layer(layer, storage):
    """In place: its weights, as float64, and those of the layers in it."""
    for name, values in layer.get("weights", {}).items():
        w = np.array(values, np.float32).astype(float)
        summed = sums(name, w.ndim)
        if summed:
            flat = w.reshape(math.prod(w.shape[:summed]), -1)
            w = rounded(flat, storage).reshape(w.shape)
        layer["weights"][name] = {
            "shape": list(w.shape), "dtype": "float64",
            "base64": base64.b64encode(w.astype("<f8").tobytes()).decode()}
    for key in ("layer", "backward_layer"):
        if key in layer:
            round_layer(layer[key], storage)


def outputs(path, sample, *options):
    _, out, err = rnnc(path, "--run", "-", *options, input=json.dumps(sample))
    return [np.array(v).ravel() for v in json.loads(out).values()] \
        if out else err


def check_rounding(folder):
    """--run of a model as of one whose weights numpy has rounded."""
    path, wrong = os.path.join(folder, "rounded.json"), []
    for storage in STORAGES:
        for case in cases():
            with open(case) as f:
                net = json.load(f)
            sample = net.pop("samples")[0]["inputs"]
            for layer in net["layers"]:
                round_layer(layer, storage)
            write_model(path, net)
            want = outputs(path, sample)
            got = outputs(case, sample, "--weights=" + storage)
            if not all(np.allclose(g, w, rtol=0, atol=1e-12, equal_nan=True)
                       for g, w in zip(got, want)):
                wrong.append((os.path.basename(case), storage))
    report(not wrong, "%d models are rounded as numpy rounds them" % len(
        cases()), str(wrong))


def check_layers(folder):
    """The self-test of every case."""
    paths = cases()
    for storage in STORAGES:
        names = []
        for i, path in enumerate(paths):
            names.append("m%d" % i)
            status, _, err = rnnc(path, "-n", names[-1], "-o", os.path.join(
                folder, names[-1] + ".c"), "--weights=" + storage)
            if status:
                report(False, path, err)
        results, err = selftest_program(names, folder)
        if not report(results is not None, "all compile as " + storage, err):
            continue
        bad = [(os.path.basename(p), results[n]) for n, p in zip(names, paths)
               if not results[n][0]]
        report(not bad, "self-tests of %d models as %s" % (len(paths), storage),
               str(bad))


def main():
    with workspace() as folder:
        check_bits(folder)
        check_widening(folder)
        for storage in STORAGES:
            for name in NETWORKS:
                check_interpreter(folder, name, storage)
                some = BUILDS if name in ("LSTM", "GRU of 3") else BUILDS[1:4]
                for how in some:
                    check_network(folder, name, storage, how, [])
            for name in ("LSTM of 3", "GRU of 3"):
                check_network(folder, name, storage, BUILDS[0],
                              ["--unroll=full"])
            check_error(folder, storage)
        check_spelling(folder)
        check_bits_alike(folder)
        check_size(folder)
        check_rounding(folder)
        check_layers(folder)
        check_counts(folder)
    finish()


main()
