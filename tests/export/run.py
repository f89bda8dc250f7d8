#!/usr/bin/env python3
"""The exporter where frameworks are installed: what no random model of
tests/oracle/ reaches. Keras comes from the environment that make check-oracle
makes, PyTorch from the system; what is missing is skipped."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import RNNC, ROOT, finish, report, rnnc, run, workspace, write_model

EXPORTER = os.path.join(ROOT, "compiler/export/rnnc_export.py")
ENVIRONMENT = os.path.join(os.path.dirname(RNNC), "oracle/bin/python")

TORCH = """
import torch
from torch import nn
torch.manual_seed(1)
rnn = nn.LSTM(3, 4, batch_first=True)
torch.save({"lstm." + k: v for k, v in rnn.state_dict().items()}, "lstm.pt")
torch.save(rnn, "module.pt")
torch.save({"a": 1}, "number.pt")
export(rnn, "module.json", shape=(None, 3))
export(nn.Sequential(nn.Conv1d(6, 6, 3, groups=6), nn.Conv1d(6, 12, 2, groups=6),
                     nn.Conv1d(12, 8, 1, groups=4)), "line.json", shape=(6, 9))
export(nn.Sequential(nn.Conv2d(4, 8, (2, 3), groups=4, bias=False), nn.ReLU()),
       "plane.json", shape=(4, 5, 6))


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.gate = nn.Conv1d(3, 8, 3, padding=1), nn.GLU(dim=1)
        self.rnn, self.glu = nn.GRU(4, 6, batch_first=True), nn.GLU()

    def forward(self, x):
        y = nn.functional.glu(self.gate(self.conv(x)), 2)
        return self.glu(self.rnn(y.transpose(1, 2))[0])


export(Gated(), "gated.json", shape=(3, 10))


class Usual(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 4, 2, batch_first=True, bidirectional=True)
        self.lstm = nn.LSTM(3, 4, batch_first=True)

    def forward(self, x):
        h0 = torch.zeros(4, x.size(0), 4, device=x.device).to(x.dtype)
        y, h = self.gru(x, h0)
        c0 = torch.zeros(1, x.shape[0], 4)
        z, _ = self.lstm(x, (c0, c0.detach()))
        return torch.cat((h[-1, :, :], h[-2], y.mean(dim=1), z.max(dim=1)[0],
                          torch.amax(z, 1), z[:, -1]), dim=1)


export(Usual(), "usual.json", shape=(5, 3))


class Text(nn.Module):
    def __init__(self):
        super().__init__()
        self.rows, self.conv = nn.Embedding(9, 4), nn.Conv1d(4, 3, 3, padding=2)
        self.rnn = nn.LSTM(3, 4, batch_first=True, bidirectional=True)

    def forward(self, x):
        y = self.conv(self.rows(x).permute(0, 2, 1))[:, :, :-2]
        y = nn.functional.max_pool1d(torch.relu(y), 2, stride=1)
        z, _ = self.rnn(y.permute(0, 2, 1))
        w = torch.softmax(z, dim=1)
        return torch.cat((y[:, :, -1], z[:, -1, :], torch.sum(w * z, dim=1),
                          torch.tanh(z)[:, -1]), dim=-1)


export(Text(), "text.json", shape=(7,))


class Tensors(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.rnn = nn.Conv1d(3, 4, 2), nn.GRU(3, 4, batch_first=True)

    def forward(self, x):
        y, z = self.conv(x.transpose(1, 2)), self.rnn(x)[0]
        a = z[:, 1:-1, :2] / (z[:, :3, 0].unsqueeze(-1) ** 2 + 1)
        b = torch.stack([z.abs(), 1 / (z * z + 0.5)], 1).sum(dim=(1, 3))
        c, d = torch.sqrt(torch.exp(y)).chunk(2, dim=1)
        e = torch.clamp(y, -0.25, 0.5).mean(2) - y[:, :, -1].clamp(max=0.25)
        f = (-z).reshape(z.size(0), 2, -1).amax(2).unsqueeze(-1).squeeze(2)
        g = torch.log(z.square() + 1).split([1, 3], dim=2)[1].max(1)[0]
        return torch.cat((a.flatten(1), b, (c * d)[:, 0], e, f, g,
                          z.min(dim=2).values,
                          y[..., 1:].amin((1, 2), keepdim=True)[:, :, 0]), 1)


class Open(Tensors):
    def forward(self, x):
        z = self.rnn(x)[0]
        y = z / torch.sqrt((z ** 2).mean(-1, keepdim=True) + 0.1)
        return torch.cat((z.mean(1), z[:, -1], y.sum(1), y[:, :, 1:].amax(1)),
                         1)


export(Tensors(), "tensors.json", shape=(5, 3))
export(Open(), "open.json", shape=(None, 3))


class Odd(Usual):
    def forward(self, x):
        b, t, f = x.size()
        return self.gru(x)[0].reshape(b * t, -1)


class Unused(Usual):
    def forward(self, x):
        h = self.gru(x)[1].squeeze(0)
        return torch.cat((h, torch.zeros(4, x.size(0), 4)), 1)


for model, features in (Odd(), 3), (Unused(), 3), (Usual(), 2):
    try:
        export(model, "bad.json", shape=(5, features))
    except RnncExportError as e:
        print(e)
"""

KERAS = """
import importlib
import numpy as np
keras = importlib.import_module("%s")
L = keras.layers
three = keras.__version__[0] == "3"
first = keras.Input(batch_shape=(1, 5, 3)) if three else \\
    L.InputLayer(batch_input_shape=(1, 5, 3))
kept = keras.Sequential([first, L.LSTM(4, stateful=True, return_sequences=True),
                         L.Bidirectional(L.GRU(3, stateful=True)),
                         L.Dense(2)])
kept(np.ones((1, 5, 3), "float32"))
states = lambda: [np.asarray(s).tolist() for s in kept.layers[-3].states]
before = states()
export(kept, "stateful.json")
print("states kept", states() == before and np.any(before))
keras.Sequential([keras.Input((5, 3)), L.Bidirectional(L.LSTM(4)),
                  L.Dense(2)]).save("plain.keras")
x = keras.Input((6, 3))
h = L.GRU(4, return_sequences=True)(L.Masking(0.5)(x))
if three:
    O = keras.ops
    y = O.concatenate([O.glu(h), keras.activations.gelu(h), O.leaky_relu(h, 0.1),
                       keras.activations.relu(h, max_value=0.25)], axis=-1)
    y = L.Add()([y, np.ones((1, 6, 14), "float32")])
    y = L.Reshape((None, 14))(y)
    m, most = O.mean(h, axis=1), O.max(h[:, 1:], axis=-1)
    z = O.stack([h[:, -1], O.clip(h[:, 0, :], 0.0, 0.5)], axis=1)
    z = O.transpose(O.reshape(z, (-1, 4, 2)), (0, 2, 1)) ** 2 / (m[:, None] + 3)
    z = O.squeeze(O.expand_dims(O.sum(O.abs(z), axis=1), -1), -1)
    z = O.concatenate([1 / (O.sqrt(z) + 1), most], -1)
else:
    import tensorflow as tf
    y = tf.concat([tf.tanh(h), tf.nn.leaky_relu(h, alpha=0.1),
                   tf.nn.gelu(h, approximate=True)], -1)
    m, most = tf.reduce_mean(h, axis=1), tf.reduce_max(h[:, 1:], -1)
    z = tf.stack([h[:, -1], tf.clip_by_value(h[:, 0, :], 0.0, 0.5)], axis=1)
    z = tf.transpose(tf.reshape(z, (-1, 4, 2)), (0, 2, 1)) ** 2 / (
        m[:, None] + 3)
    z = tf.squeeze(tf.expand_dims(tf.reduce_sum(tf.abs(z), 1), -1), -1)
    z = tf.concat([1 / (tf.sqrt(z) + 1), most], -1)
y = 1.0 - y * y / 4 + np.ones((6, 1), "float32") - (-y)
export(keras.Model(x, [L.LSTM(3)(y), L.LSTM(3)(h), z]), "functions.json")
half = [keras.Input((8, 6, 3)), L.Dense(4, dtype="mixed_float16"),
        L.Dense(3, "tanh", dtype="mixed_bfloat16")]
if three:
    half[1:1] = [L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.2)]
try:
    export(keras.Sequential(half), "half.json")
    print("policies kept", half[-1].compute_dtype == "bfloat16")
except RnncExportError as e:
    print(e)
if three:
    a, b = O.split(keras.Input((6,)), 2, axis=-1)
    try:
        export(keras.Model(a._keras_history.operation.input,
                           L.Concatenate()([L.Dense(3)(a), b])), "bad.json")
    except RnncExportError as e:
        print(e)
bad = keras.Sequential([keras.Input((5, 3)), L.Lambda(lambda x: x * 2)])
bad.save("bad.keras")
class Mine(L.Layer):
    def call(self, x):
        return x
bad.add(Mine(name="mine"))
bad.add(L.Dense(2, activation=lambda x: x, name="odd"))
good = keras.Sequential([keras.Input((5, 3)), L.GRU(2)])
for arguments in ((bad, "bad.json"), (keras.Sequential([L.Dense(2)]), "bad.json"),
                  (good, "nowhere/bad.json"),
                  (good, "bad.json", np.zeros((5, 3)))):
    try:
        export(*arguments)
    except RnncExportError as e:
        print(e)
"""


def python(interpreter, code, folder):
    path = os.path.join(folder, "make.py")
    with open(path, "w") as f:
        f.write("import sys\nsys.path.insert(0, %r)\n"
                "from rnnc_export import RnncExportError, export\n%s"
                % (os.path.dirname(EXPORTER), code))
    return run([interpreter, path], cwd=folder)


def command(interpreter, folder, model):
    """The exporter as a command; (status, the last line of its messages)."""
    status, _, err = run([interpreter, EXPORTER, model, "-o", "out.json"],
                         cwd=folder)
    return status, err.strip().split("\n")[-1], err


def has(interpreter, module):
    try:
        return run([interpreter, "-c", "import %s, numpy" % module])[0] == 0
    except OSError:
        return False


def check_torch(interpreter, folder):
    status, out, err = python(interpreter, TORCH, folder)
    report(status == 0, "torch: makes models", err)
    report("cannot be traced: not enough values" in out and
           "no operation squeeze" in out and
           "forward() fails for inputs of shape [5, 2]: input" in out, "torch: refuses what it cannot say",
           out)
    status, _, err = rnnc("--check", os.path.join(folder, "usual.json"))
    report(status == 0, "torch: last states, first ones, and means", err)
    status, _, err = rnnc("--check", os.path.join(folder, "text.json"))
    report(status == 0, "torch: rows of a table, sums, last timesteps", err)
    for name in "tensors", "open":
        status, _, err = rnnc("--check", os.path.join(folder, name + ".json"))
        report(status == 0, "torch: items, sums, parts: " + name, err)
    status, _, err = rnnc("--check", os.path.join(folder, "gated.json"))
    report(status == 0, "torch: GLU along each dim", err)
    for name, kinds in (("line", ["DepthwiseConv1D", "DepthwiseConv1D", "Conv1D"]),
                        ("plane", ["DepthwiseConv2D", "Activation"])):
        path = os.path.join(folder, name + ".json")
        with open(path) as f:
            got = [l["type"] for l in json.load(f)["layers"]]
        status, _, err = rnnc("--check", path)
        report(status == 0 and got == kinds, "torch: a group for each channel "
               "is depthwise, in a " + name, "%s\n%s" % (got, err))
    status, _, err = command(interpreter, folder, "lstm.pt")
    report(status == 0, "torch: a state_dict from a .pt file", err)
    path = os.path.join(folder, "out.json")
    status, _, err = rnnc("--check", path)
    report(status == 1 and '"architecture" is missing' in err,
           "torch: rnnc asks for its architecture", err)
    with open(path) as f:
        document = json.load(f)
    document["architecture"] = [{"type": "LSTM", "module": "lstm",
                                 "return_sequences": True}]
    document["input_shape"] = [None, 3]
    write_model(path, document)
    x = json.dumps({"x": [[0.5, -1, 0.25], [1, 0, -0.5]]})
    _, from_weights, err = rnnc(path, "--run", "-", input=x)
    with open(os.path.join(folder, "module.json")) as f:
        name = json.load(f)["inputs"][0]["name"]
    _, whole, more = rnnc(os.path.join(folder, "module.json"), "--run", "-",
                          input=x.replace('"x"', '"%s"' % name))
    same = from_weights and list(json.loads(from_weights).values()) == \
        list(json.loads(whole).values())
    report(same, "torch: and computes what the module does", err + more)
    for model, what in (("module.pt", "cannot be loaded"),
                        ("number.pt", "no state_dict")):
        status, last, err = command(interpreter, folder, model)
        report(status == 1 and what in err, "torch: refuses " + model, err)


def check_keras(interpreter, module, folder):
    status, out, err = python(interpreter, KERAS % module, folder)
    report(status == 0 and "rnnc has no layer Lambda" in out and
           "mine: rnnc has no layer Mine" in out and
           "odd: an activation that is code of its own" in out,
           module + ": refuses code by name", out + err)
    report("Sequential is no Keras model with inputs" in out and
           "nowhere/bad.json: No such file or directory" in out and
           "samples have shape [5, 3], expected [n, 5, 3]" in out and
           not os.path.exists(os.path.join(folder, "bad.json")),
           module + ": says what is wrong with a call", out + err)
    with open(os.path.join(folder, "stateful.json")) as f:
        notes = [s["note"] for s in json.load(f)["samples"]]
    status, _, err = rnnc("--check", os.path.join(folder, "stateful.json"))
    report(status == 0 and any("a reset" in n for n in notes),
           module + ": stateful, with a sequence behind a reset",
           err + str(notes))
    if module == "keras":
        status, _, err = rnnc("--check", os.path.join(folder, "half.json"))
        report(status == 0 and "policies kept True" in out,
               module + ": mixed precision, and pictures that training changes",
               out + err)
        report("split: rnnc has no operation Split" in out and
               "wait for each other" not in out,
               module + ": refuses an operation of several results", out)
    else:
        report("computes in 16 bits: build the model again" in out,
               module + ": refuses mixed precision", out)
    report("states kept True" in out, module + ": a stream that goes on", out)
    status, _, err = rnnc("--check", os.path.join(folder, "functions.json"))
    report(status == 0, module + ": functions on tensors, masked or not", err)
    status, _, err = command(interpreter, folder, "plain.keras")
    report(status == 0 and
           rnnc("--check", os.path.join(folder, "out.json"))[0] == 0,
           module + ": a .keras file on the command line", err)
    status, last, err = command(interpreter, folder, "bad.keras")
    report(status == 1 and "cannot be loaded" in err and "Lambda" in err,
           module + ": a Lambda is not loaded", err)


def main():
    with workspace() as folder:
        if has("/usr/bin/python3", "torch"):
            check_torch("/usr/bin/python3", folder)
        else:
            print("ok - torch # skip it is not installed")
    for module in "keras", "tf_keras":
        with workspace() as folder:
            if os.path.exists(ENVIRONMENT) and has(ENVIRONMENT, module):
                check_keras(ENVIRONMENT, module, folder)
            else:
                print("ok - %s # skip it is not installed" % module)
    finish()


main()
