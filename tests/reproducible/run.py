#!/usr/bin/env python3
"""--reproducible: the same bits out of every compiler, level, instruction set
and processor, and out of predict, step, process and predict_batch.

Each model is compiled into a program that prints a hash over the bits of its
outputs, one for each way of calling it; all hashes of a model must be one.
REPRODUCIBLE=all takes every pair of model and build, and the other processors
that qemu and a cross compiler are there for; without it, a spread of them."""

import os
import random
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import finish, report, rnnc, run, workspace, write_model

ALL = os.environ.get("REPRODUCIBLE") == "all"

MAIN = r"""
#include "m.c"
#include <stdio.h>
#include <string.h>

enum { T = TIMESTEPS, F = FEATURES, Y = OUTPUTS, N = 15 };

static REAL x[N][T * F], y[N][Y], all[T][Y];
static m_state s;

/* Inputs in [-2, 2), the same everywhere. */
static REAL draw(unsigned long long *seed)
{
    *seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (REAL)((double)(*seed >> 40) / 4194304 - 2);
}

static unsigned long long mix(unsigned long long h, REAL value)
{
    unsigned long long bits = 0;
    if (value == value)
        memcpy(&bits, &value, sizeof value);
    return (h ^ bits) * 1099511628211ULL;
}

int main(void)
{
    unsigned long long seed = 1, predict = 7, batch = 7, step = 7, process = 7;
    for (int n = 0; n < N; n++)
        for (int i = 0; i < T * F; i++)
            x[n][i] = draw(&seed) * (n == 1 ? (REAL)1e-20 : n == 2 ? 30 : 1);
    for (int n = 0; n < N; n++) {
        m_predict(x[n], y[n]);
        for (int k = 0; k < Y; k++)
            predict = mix(predict, y[n][k]);
    }
    memset(y, 0, sizeof y);
    m_predict_batch(&x[0][0], &y[0][0], N);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < Y; k++)
            batch = mix(batch, y[n][k]);
    for (int n = 0; n < N; n++) {
        m_reset(&s);
        for (int t = 0; t < T; t++)
            m_step(&s, x[n] + t * F, y[n]);
        for (int k = 0; k < Y; k++)
            step = mix(step, y[n][k]);
        m_reset(&s);
        m_process(&s, x[n], &all[0][0], 1);
        m_process(&s, x[n] + F, &all[1][0], T - 1);
        for (int k = 0; k < Y; k++)
            process = mix(process, all[T - 1][k]);
    }
    printf("predict %llx\nbatch %llx\nstep %llx\nprocess %llx\n", predict,
           batch, step, process);
    return 0;
}
"""

BUILDS = [
    ("gcc", "-O0"), ("gcc", "-O2"), ("gcc", "-O3", "-march=native"),
    ("gcc", "-Os", "-std=c99"), ("gcc", "-O2", "-mavx2", "-mno-fma"),
    ("gcc", "-O2", "-march=native", "-ffp-contract=fast"),
    ("gcc", "-O2", "-march=native", "-DM_PLAIN"), ("gcc", "-O1", "-mfma"),
    ("clang", "-O0"), ("clang", "-O2", "-march=native"), ("clang", "-O3"),
    ("clang", "-Os", "-mavx2", "-mfma"), ("clang", "-O1", "-DM_PLAIN"),
    ("g++", "-O2", "-march=native", "-x", "c++"),
    ("clang++", "-O2", "-march=native", "-x", "c++"), ("tcc",),
]
ELSEWHERE = [ # compiler, what runs it, flags
    ("aarch64-linux-gnu-gcc", "qemu-aarch64", ["-O2"]),
    ("aarch64-linux-gnu-gcc", "qemu-aarch64", ["-O0"]),
    ("arm-linux-gnueabihf-gcc", "qemu-arm", ["-O2", "-mfpu=neon-vfpv4"]),
    ("riscv64-linux-gnu-gcc", "qemu-riscv64", ["-O2"]),
]


def matrix(rng, rows, columns):
    scale = rows ** -0.5
    return [[rng.uniform(-scale, scale) for _ in range(columns)]
            for _ in range(rows)]


def recurrent(rng, kind, features, units, **more):
    gates = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[kind]
    bias = matrix(rng, 2, gates * units) if more.get("reset_after") \
        else matrix(rng, 1, gates * units)[0]
    return dict({"type": kind, "units": units, "weights": {
        "kernel": matrix(rng, features, gates * units),
        "recurrent_kernel": matrix(rng, units, gates * units),
        "bias": bias,
        **({"peephole": matrix(rng, 1, 3 * units)[0]} if more.get("peepholes")
           else {})}}, **more)


def dense(rng, features, units, activation="linear"):
    return {"type": "Dense", "units": units, "activation": activation,
            "weights": {"kernel": matrix(rng, features, units),
                        "bias": matrix(rng, 1, units)[0]}}


def convolution(rng, features, filters, **more):
    return dict({"type": "Conv1D", "filters": filters, "kernel_size": 3,
                 "padding": "causal", "weights": {
                     "kernel": [matrix(rng, features, filters)
                                for _ in range(3)],
                     "bias": matrix(rng, 1, filters)[0]}}, **more)


def pruned(rng, rows, columns):
    """With zeros for two thirds of what rnnc takes as blocks."""
    m = matrix(rng, rows, columns)
    for r in range(0, rows, 8):
        for c in range(0, columns, 16):
            if rng.random() < .67:
                for row in m[r:r + 8]:
                    row[c:c + 16] = [0.0] * len(row[c:c + 16])
    return m


def models(rng):
    """{name: (timesteps, features, outputs, layers, options)}"""
    yield "notebook", 10, 3, 2, [recurrent(rng, "SimpleRNN", 3, 5),
                                 dense(rng, 5, 2)], []
    yield "lines", 7, 3, 2, [
        recurrent(rng, "SimpleRNN", 3, 7, return_sequences=True),
        recurrent(rng, "SimpleRNN", 7, 6, activation="selu"),
        dense(rng, 6, 9, "gelu"), dense(rng, 9, 2, "sigmoid")], [
            "--unroll=full"]
    yield "lines of several gates", 7, 2, 4, [
        recurrent(rng, "LSTM", 2, 5, return_sequences=True),
        recurrent(rng, "GRU", 5, 4, reset_after=True), dense(rng, 4, 4)], [
            "--unroll=full"]
    yield "W2, a GRU", 8, 1, 1, [
        recurrent(rng, "GRU", 1, 24, reset_after=True), dense(rng, 24, 1)], []
    yield "W3, an LSTM", 8, 1, 1, [recurrent(rng, "LSTM", 1, 40),
                                   dense(rng, 40, 1)], []
    yield "peepholes", 9, 3, 2, [
        recurrent(rng, "LSTM", 3, 20, peepholes=True, return_sequences=True),
        recurrent(rng, "LSTM", 20, 2, peepholes=True)], []
    yield "wide, then softmax", 13, 17, 10, [
        recurrent(rng, "LSTM", 17, 67), dense(rng, 67, 64, "relu"),
        dense(rng, 64, 10, "softmax")], []
    yield "convolutions, double", 12, 2, 6, [
        convolution(rng, 2, 9, activation="gelu"),
        convolution(rng, 9, 7, dilation_rate=2, activation="swish"),
        recurrent(rng, "GRU", 7, 6, reset_after=False,
                  activation="softsign")], ["--type=double"]
    grouped = convolution(rng, 4, 16, groups=4, activation="relu")
    yield "groups", 10, 16, 3, [grouped, recurrent(
        rng, "SimpleRNN", 16, 3)], []
    thin = recurrent(rng, "SimpleRNN", 300, 16)
    thin["weights"]["kernel"] = pruned(rng, 300, 16)
    flat = dense(rng, 16, 64)
    flat["weights"]["kernel"] = pruned(rng, 16, 64)
    yield "pruned", 11, 300, 64, [thin, flat], []
    for tier in "fast", "accurate", "exact":
        yield tier, 6, 3, 2, [
            recurrent(rng, "LSTM", 3, 19, return_sequences=True),
            recurrent(rng, "SimpleRNN", 19, 8, activation="elu"),
            dense(rng, 8, 2, "sigmoid")], ["--math=" + tier]
    for k in range(8 if ALL else 2):
        kind = rng.choice(["SimpleRNN", "GRU", "LSTM"])
        units, features = rng.randint(1, 70), rng.randint(1, 20)
        more = {"reset_after": rng.random() < 0.5} if kind == "GRU" else {}
        yield "random %d" % k, rng.randint(2, 24), features, 3, [
            recurrent(rng, kind, features, units, activation=rng.choice(
                ["tanh", "selu", "softplus", "mish", "gelu"]), **more),
            dense(rng, units, 3, rng.choice(["tanh", "linear"]))], \
            ["--unroll=" + rng.choice(["auto", "none"])]


def hashes(folder, build, runner, defines):
    program = os.path.join(folder, "program")
    status, _, err = run([*build, *defines, "-I", folder, "-o", program,
                          os.path.join(folder, "main.c")])
    if status:
        return {err}
    _, out, err = run([*runner, program])
    return {line.split()[1] for line in out.splitlines()} or {err}


def builds():
    """(compiler and flags, what runs the program)"""
    for build in BUILDS:
        if shutil.which(build[0]):
            yield list(build), []
    for cc, qemu, flags in ELSEWHERE if ALL else ELSEWHERE[:1]:
        if shutil.which(cc) and shutil.which(qemu):
            yield [cc, "-static", *flags], [qemu]
        else:
            print("ok - %s # skip not installed" % cc)


def check(folder, number, model, every, mode):
    name, timesteps, features, outputs, layers, options = model
    if mode and "--type=double" in options:
        return
    path = os.path.join(folder, "m.json")
    layers = [dict(l, name="l%d" % k) for k, l in enumerate(layers)]
    write_model(path, {
        "format": "rnnc", "version": 1, "name": "m", "layers": layers,
        "inputs": [{"name": "x", "shape": [timesteps, features]}],
        "outputs": [layers[-1]["name"]]})
    status, _, err = rnnc(path, "--reproducible" + mode, *options, "-o",
                          os.path.join(folder, "m.c"))
    if status:
        return report(False, name, err)
    real = "double" if "--type=double" in options else "float"
    defines = ["-DTIMESTEPS=%d" % timesteps, "-DFEATURES=%d" % features,
               "-DOUTPUTS=%d" % outputs, "-DREAL=" + real]
    seen = {}
    for k, (build, runner) in enumerate(every):
        if not ALL and (k + number) % 3 and k != 2:
            continue
        for bits in hashes(folder, build, runner, defines):
            seen.setdefault(bits, []).append(" ".join(build))
    builds_seen = {b for b_list in seen.values() for b in b_list}
    return report(len(seen) == 1 and len(builds_seen) > 3,
                  "the same bits%s: %s, %d builds" % (
                      mode, name, len(builds_seen)),
                  "\n".join("%s: %s" % item for item in seen.items()))


def check_refusal(folder):
    """What would break the promise does not compile."""
    for flags, word in ((["-ffast-math"], "fast-math"),
                        (["-m32", "-mfpmath=387"], "x87")):
        _, _, err = run(["gcc", *flags, "-c", os.path.join(folder, "m.c"),
                         "-o", os.path.join(folder, "m.o")])
        report("#error" in err and word in err,
               "refused: " + " ".join(flags), err)


def main():
    with workspace() as folder:
        with open(os.path.join(folder, "main.c"), "w") as f:
            f.write(MAIN)
        every = list(builds())
        for number, model in enumerate(models(random.Random(4))):
            for mode in "", "=fma":
                check(folder, number, model, every, mode)
        check_refusal(folder)
    finish()


main()
