"""How much text the C of small nets takes, as object files have it: predict_batch
and what only that needs, and all the rest for each layer."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from models import CAUSAL, KEEP, SPELLED, conv, layer, model
from support import report, rnnc, run, write_model

FLAGS = ["-O2 -march=native", "-O2 -mavx2 -mfma", "-O2"]
# Compiler, KB of predict_batch, KB of a layer.
LIMITS = [("gcc", 8, 3), ("clang", 16, 7)]

# Whose predict_batch took the most text, with two of these.
SMALL = {
    "small_dense": model([8], layer("Dense", 8, 16, activation="gelu"),
                         layer("Dense", 16, 16, activation="gelu"),
                         layer("Dense", 16, 4)),
    "small_gru": model([9, 5], layer("GRU", 5, 9), layer("Dense", 9, 2)),
    "small_calls": model([40, 1], layer("LSTM", 1, 2, **KEEP),
                         layer("LSTM", 2, 1), layer("Dense", 1, 10)),
    "small_rnns": model([5, 1], layer("SimpleRNN", 1, 10, **KEEP),
                        layer("SimpleRNN", 10, 12, **KEEP),
                        layer("SimpleRNN", 12, 8)),
    "small_lstm": model([9, 2], layer("LSTM", 2, 4), layer("Dense", 4, 1))}
for name in "spelled_short", "spelled_lines":
    SMALL[name] = SPELLED[name]
# Whose predict took the most text, for its layers.
REST = {
    "rest_%s_%d_%d" % (kind.lower(), features, units): model(
        [10, features], layer(kind, features, units))
    for kind, features, units in (
        ("LSTM", 1, 2), ("LSTM", 2, 3), ("LSTM", 8, 4), ("LSTM", 2, 5),
        ("LSTM", 32, 1), ("LSTM", 3, 8), ("GRU", 16, 2), ("GRU", 8, 3),
        ("GRU", 32, 4), ("GRU", 4, 4), ("GRU", 3, 5), ("SimpleRNN", 8, 2),
        ("SimpleRNN", 32, 3), ("SimpleRNN", 3, 8), ("SimpleRNN", 5, 9),
        ("SimpleRNN", 16, 15), ("SimpleRNN", 32, 10))}
REST.update({
    "rest_dense": model([64], layer("Dense", 64, 7, activation="tanh")),
    "rest_softmax": model([5], layer("Dense", 5, 7, activation="tanh"),
                          layer("Dense", 7, 4, activation="softmax")),
    "rest_copies": model([40, 1], layer("SimpleRNN", 1, 5, **KEEP),
                         layer("SimpleRNN", 5, 2), layer("Dense", 2, 4)),
    "rest_each": model([40, 2], layer("SimpleRNN", 2, 3, **KEEP),
                       layer("Dense", 3, 2, activation="tanh")),
    "rest_lstm": model([9, 2], layer("LSTM", 2, 5), layer("Dense", 5, 1)),
    "rest_long": model([150, 2], layer("LSTM", 2, 4), layer("Dense", 4, 1)),
    "rest_stack": model([12, 3], layer("LSTM", 3, 4, **KEEP),
                        layer("GRU", 4, 3, **KEEP), layer("GRU", 3, 4),
                        layer("Dense", 4, 2, activation="sigmoid")),
    "rest_conv": model([20, 3], conv(3, 7, 3, activation="relu", **CAUSAL),
                       conv(7, 4, 2, **CAUSAL), layer("LSTM", 4, 3))})


def text_size(cc, flags, source):
    """Bytes of .text, as the object file's size has it."""
    done = source[:-2] + ".o"
    _, _, err = run([cc, *flags.split(), "-w", "-c", "-o", done, source])
    _, out, more = run(["size", "-A", done])
    rows = [line.split() for line in out.splitlines()]
    return sum(int(row[1]) for row in rows
               if row and row[0].startswith(".text")), err + more


def sizes(folder, name, made):
    """Compiler, flags, bytes of all, those of all but predict_batch, errors; what
    is left without it compilers drop."""
    c, less = os.path.join(folder, "m.c"), os.path.join(folder, "less.c")
    public = "M_API void m_predict_batch("
    path = os.path.join(folder, name + ".json")
    write_model(path, made)
    rnnc(path, "-n", "m", "-o", c)
    with open(c) as f:
        text = f.read()
    with open(less, "w") as f:
        f.write(text.replace(public, public.replace("M_API", "static")))
    for cc, *_ in LIMITS:
        for flags in FLAGS:
            whole, err = text_size(cc, flags, c)
            rest, more = text_size(cc, flags, less)
            yield cc, flags, whole, rest, err + more


def check_text(folder):
    """predict_batch of a small net takes at most 8 KB of text with gcc and 16 KB
    with clang; all the rest 3 KB and 7 KB for each layer."""
    batch = {cc: most * 1024 for cc, most, _ in LIMITS}
    each = {cc: most * 1024 for cc, _, most in LIMITS}
    for name, made in {**SMALL, **REST}.items():
        layers = len(made["layers"])
        for cc, flags, whole, rest, err in sizes(folder, name, made):
            if name in SMALL:
                report(1000 < whole - rest <= batch[cc] and not err,
                       "%s: text of predict_batch, %s %s" % (name, cc, flags),
                       "%d bytes\n%s" % (whole - rest, err))
            report(300 < rest <= each[cc] * layers and not err,
                   "%s: text of a layer, %s %s" % (name, cc, flags),
                   "%d bytes of %d layers\n%s" % (rest, layers, err))
