"""Random PyTorch modules that cover every pair of options: see
keras_models.py, whose items and pairs these share."""

import torch
from torch import nn
from torch.nn import functional as F

from keras_models import items, pairs  # noqa: F401

FLAG = [False, True]
CELL = {"hidden_size": [1, 3, 4], "num_layers": [1, 2], "bias": FLAG,
        "bidirectional": FLAG, "take": ["sequence", "last", "hidden"]}
LAYERS = {
    "RNN": {**CELL, "nonlinearity": ["tanh", "relu"]},
    "LSTM": CELL,
    "GRU": CELL,
    "Linear": {"out_features": [1, 4], "bias": FLAG},
    "Conv1d": {"out_channels": [2, 4], "kernel_size": [1, 2, 3],
               "spacing": ["plain", "stride 2", "dilation 2"],
               "groups": [1, 2], "bias": FLAG,
               "padding": ["none", "same", "left", "cut"]},
    "BatchNorm1d": {"affine": FLAG, "eps": [1e-5, 0.1]},
    "LayerNorm": {"elementwise_affine": FLAG, "eps": [1e-3, 0.1]},
    "Activation": {"module": ["Tanh", "Sigmoid", "ReLU", "SELU", "SiLU",
                              "Softsign", "Hardsigmoid", "LeakyReLU", "ELU",
                              "GELU", "Softplus", "Softmax"]},
    "Function": {"name": ["tanh", "sigmoid", "relu", "leaky_relu", "elu",
                          "gelu", "silu", "softplus", "softmax"]},
    "Merge": {"name": ["add", "sub", "mul", "cat"]},
    "Dropout": {"p": [0.5]},
}
RECURRENT = ("RNN", "LSTM", "GRU")
SEQUENCES = RECURRENT + ("Conv1d",)  # need them
LENGTH = 6


def all_pairs():
    """Those that a chain could have: one layer at most gives up its
    sequence."""
    every = [(kind, k, v) for kind, options in LAYERS.items()
             for k, values in options.items() for v in values]
    return {tuple(sorted("%s %s=%s" % i for i in (a, b)))
            for n, a in enumerate(every) for b in every[n:]
            if not (a[1] == b[1] == "take" and "sequence" not in (a[2], b[2]))}


def possible(chain):
    """One timestep is taken behind all that needs a sequence."""
    for k, (kind, options) in enumerate(chain):
        taken = options.get("take", "sequence") != "sequence"
        if taken and (options["bidirectional"] or any(
                later in SEQUENCES for later, _ in chain[k + 1:])):
            return False
        if kind == "Conv1d" and options["padding"] in ("same", "cut") and \
                options["spacing"] == "stride 2":
            return False
    return True


def random_chain(rng):
    while True:
        chain = [(kind, {k: rng.choice(v) for k, v in LAYERS[kind].items()})
                 for kind in (rng.choice(sorted(LAYERS))
                              for _ in range(LENGTH))]
        if possible(chain):
            return chain


class Step(nn.Module):
    """One layer; plan: what forward() does with it, settled beforehand, so
    that torch.fx sees no condition."""

    def __init__(self, kind, options, features, rank):
        super().__init__()
        self.kind, self.rank = kind, rank
        self.features, self.options = features, dict(options)
        getattr(self, "make_" + kind.lower(), self.make_plain)()

    def make_recurrent(self):
        options = dict(self.options)
        self.take = options.pop("take")
        self.layer = getattr(nn, self.kind)(self.features, batch_first=True,
                                            **options)
        self.features = options["hidden_size"] * (1 + options["bidirectional"])

    make_rnn = make_lstm = make_gru = make_recurrent

    def make_conv1d(self):
        o = self.options
        groups = o["groups"] if self.features % o["groups"] == 0 else 1
        size, spacing = o["kernel_size"], o["spacing"]
        dilation = 2 if spacing == "dilation 2" else 1
        self.span = (size - 1) * dilation
        padding = {"none": 0, "left": 0, "same": "same",
                   "cut": self.span}[o["padding"]]
        if padding == "same" and self.span % 2:
            padding, self.span = 0, 0
        if o["padding"] == "none" or padding == 0 and o["padding"] == "same":
            self.span = 0
        self.layer = nn.Conv1d(self.features, o["out_channels"], size,
                               stride=2 if spacing == "stride 2" else 1,
                               dilation=dilation, groups=groups,
                               bias=o["bias"], padding=padding)
        self.features = o["out_channels"]

    def make_linear(self):
        self.layer = nn.Linear(self.features, **self.options)
        self.features = self.options["out_features"]

    def make_merge(self):
        self.layer = nn.Linear(self.features, self.features)
        self.features *= 1 + (self.options["name"] == "cat")

    def make_plain(self):
        o = self.options
        if self.kind in ("BatchNorm1d", "LayerNorm"):
            self.layer = getattr(nn, self.kind)(self.features, **o)
        elif self.kind == "Activation":
            name = o["module"]
            self.layer = nn.Softmax(-1) if name == "Softmax" \
                else getattr(nn, name)()
        elif self.kind == "Dropout":
            self.layer = nn.Dropout(**o)

    def recurrent(self, x):
        y, state = self.layer(x)
        if self.take == "last":
            return y[:, -1, :]
        if self.take == "hidden":
            return (state[0] if self.kind == "LSTM" else state)[-1]
        return y

    def conv1d(self, x):
        x = x.transpose(1, 2)
        if self.options["padding"] == "left" and self.span:
            x = F.pad(x, (self.span, 0))
        x = self.layer(x)
        if self.options["padding"] == "cut" and self.span:
            x = x[:, :, :-self.span]
        return x.transpose(1, 2)

    def merge(self, x):
        other, name = torch.tanh(self.layer(x)), self.options["name"]
        if name == "cat":
            return torch.cat([x, other], -1)
        return {"add": x + other, "sub": x - other, "mul": x * other}[name]

    def forward(self, x):
        if self.kind in RECURRENT:
            return self.recurrent(x)
        if self.kind == "Conv1d":
            return self.conv1d(x)
        if self.kind == "Merge":
            return self.merge(x)
        if self.kind == "BatchNorm1d" and self.rank == 2:
            return self.layer(x.transpose(1, 2)).transpose(1, 2)
        if self.kind == "Function":
            name = self.options["name"]
            if name == "softmax":
                return F.softmax(x, dim=-1)
            return getattr(torch if name == "tanh" else F, name)(x)
        return self.layer(x)


class Chain(nn.Module):
    def __init__(self, steps):
        super().__init__()
        self.steps = nn.ModuleList(steps)

    def forward(self, x):
        for step in self.steps:
            x = step(x)
        return x


class Builder:
    def __init__(self, module, rng):
        self.rng = rng

    def model(self, chain):
        features, rank, steps = self.rng.choice([1, 2, 4]), 2, []
        shape = (24, features)  # enough for four convolutions of stride 2
        for kind, options in chain:
            step = Step(kind, options, features, rank)
            features = step.features
            if options.get("take", "sequence") != "sequence":
                rank = 1
            steps.append(step)
        model = Chain(steps).eval()
        model.rnnc_shape = shape
        return model

    def randomize(self, model, numbers):
        with torch.no_grad():
            for name, value in list(model.named_parameters()) + \
                    list(model.named_buffers()):
                if value.is_floating_point():
                    new = torch.from_numpy(numbers.randn(*value.shape)) * 0.5
                    positive = value.dim() == 1 and "bias" not in name
                    value.copy_(new.abs() + 0.1 if positive else new)
