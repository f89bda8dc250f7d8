"""Random PyTorch modules that cover every pair of options: see
keras_models.py, whose items and pairs these share."""

import functools

import torch
from torch import nn
from torch.nn import functional as F

from keras_models import items, pairs  # noqa: F401

FLAG = [False, True]
CELL = {"hidden_size": [1, 3, 4], "num_layers": [1, 2], "bias": FLAG,
        "bidirectional": FLAG, "take": ["sequence", "last", "hidden"]}
LAYERS = {
    "RNN": {**CELL, "nonlinearity": ["tanh", "relu"]},
    "LSTM": {**CELL, "proj_size": [0, 2]},
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
                              "GELU", "Softplus", "Softmax", "PReLU", "ReLU6",
                              "Mish", "LogSigmoid", "Hardswish", "Tanhshrink",
                              "RReLU", "CELU", "Softshrink", "Hardshrink",
                              "Threshold", "Hardtanh", "Softmax 1",
                              "LogSoftmax"]},
    "Function": {"name": ["tanh", "sigmoid", "relu", "leaky_relu", "elu",
                          "gelu", "silu", "softplus", "softmax", "relu6",
                          "logsigmoid", "celu", "softshrink", "hardtanh",
                          "log_softmax"]},
    "Merge": {"name": ["add", "sub", "mul", "cat", "add 1", "1 sub", "div 4",
                       "div", "1 div", "abs", "square", "cube", "sqrt", "log",
                       "clamp", "clamp min", "mean", "sum", "max", "items",
                       "chunk", "stack", "squeeze", "exp"]},
    "Dropout": {"p": [0.5]},
    "GLU": {"as": ["module", "function"]},
}
# On [features, rows, columns], in chains of their own.
PLANES = {
    "Conv2d": {"out_channels": [2, 4], "kernel_size": [1, (2, 3)],
               "spacing": ["plain", "stride 2", "dilation 2"],
               "groups": [1, 2], "bias": FLAG, "padding": [0, 1, "same"]},
    "ConvTranspose2d": {"out_channels": [1, 3], "kernel_size": [2, (2, 3)],
                        "spacing": ["plain", "stride 2", "dilation 2"],
                        "padding": [0, 1], "output_padding": [0, 1],
                        "groups": [1, 2], "bias": FLAG},
    "BatchNorm2d": {"affine": FLAG, "eps": [1e-5, 0.1]},
    "MaxPool2d": {"kernel_size": [2, (2, 3)], "stride": [None, 1],
                  "padding": [0, 1]},
    "AvgPool2d": {"kernel_size": [2, (2, 3)], "stride": [None, 2],
                  "padding": [0, 1], "count_include_pad": FLAG},
    "Upsample": {"scale_factor": [2], "mode": ["nearest", "bilinear"]},
    "Rectifier": {"module": ["ReLU", "LeakyReLU", "Tanh", "Softmax 1",
                             "Softmax 2", "Softmax2d", "LogSoftmax 1", "PReLU",
                             "PReLU each"]},
    "End": {"name": ["flatten", "view", "mean", "AdaptiveAvgPool2d"]},
}
GROWING = ("ConvTranspose2d", "Upsample")
LAYERS["ConvTranspose1d"] = {
    "out_channels": [1, 3], "kernel_size": [1, 3], "stride": [1, 2],
    "padding": [0, 1], "groups": [1, 2], "bias": FLAG}
LAYERS["Pool1d"] = {"name": ["MaxPool1d", "AvgPool1d"], "padding": [0, 1]}
LAYERS.update(PLANES)
LAYERS["Timesteps"] = {"number": ["any"]}  # first in chains of their own
# What such a chain may have behind it: layers, and their options where not all.
ONE_WAY = {"bidirectional": [False]}
OPEN = {"RNN": ONE_WAY, "LSTM": ONE_WAY, "GRU": ONE_WAY, "Linear": {},
        "Conv1d": {"padding": ["left", "cut"],
                   "spacing": ["plain", "dilation 2"]},
        "BatchNorm1d": {}, "LayerNorm": {}, "Function": {}, "Merge": {}, "GLU": {},
        "Dropout": {}, "Activation": {"module": [
            m for m in LAYERS["Activation"]["module"] if m != "Softmax 1"]}}
OPEN_SHARE = 0.06
RECURRENT = ("RNN", "LSTM", "GRU")
SEQUENCES = RECURRENT + ("Conv1d", "ConvTranspose1d", "Pool1d")  # need them
LENGTH = 6


def meet(a, b):
    """Whether a chain could have both: one layer at most gives up its
    sequence; planes stand apart, grow once, and end."""
    alike = a[:2] == b[:2]
    if "Timesteps" in (a[0], b[0]):
        kind, option, value = b if a[0] == "Timesteps" else a
        return stays_open(kind, {option: value})
    if (a[0] in PLANES) != (b[0] in PLANES) or a[0] == b[0] == "End":
        return False
    if a[0] in GROWING and b[0] in GROWING and (a[0] != b[0] or alike):
        return False
    if a[0] in PLANES and a[2] == b[2] == "dilation 2":
        return False
    return not (a[1] == b[1] == "take" and "sequence" not in (a[2], b[2]))


def stays_open(kind, options):
    return kind in OPEN and all(value in OPEN[kind].get(option, [value])
                                for option, value in options.items())


@functools.cache
def all_pairs():
    every = [(kind, k, v) for kind, options in LAYERS.items()
             for k, values in options.items() for v in values]
    return {tuple(sorted("%s %s=%s" % i for i in (a, b)))
            for n, a in enumerate(every) for b in every[n:] if meet(a, b)}


def possible_planes(chain):
    grown = sum(kind in GROWING for kind, _ in chain)
    spaced = sum("dilation 2" in o.values() for _, o in chain)
    ends = [kind == "End" for kind, _ in chain]
    return ends == [False] * (len(chain) - 1) + [True] and \
        grown <= 1 and spaced <= 1


def possible(chain):
    """One timestep is taken behind all that needs a sequence."""
    planes = [kind in PLANES for kind, _ in chain]
    if any(kind == "Timesteps" for kind, _ in chain):
        return False
    if any(planes):
        return all(planes) and possible_planes(chain)
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
    planes = rng.random() < 0.3
    kinds = sorted(k for k in LAYERS if (k in PLANES) == planes
                   and k not in ("End", "Timesteps"))
    while True:
        chain = [(kind, {k: rng.choice(v) for k, v in LAYERS[kind].items()})
                 for kind in (rng.choice(kinds)
                              for _ in range(4 if planes else LENGTH))]
        if planes:
            chain[-1] = ("End", {"name": rng.choice(PLANES["End"]["name"])})
        if possible(chain):
            return chain


def open_chain(rng):
    """Any number of timesteps."""
    while True:
        chain = [(kind, {k: rng.choice([v for v in values
                                        if stays_open(kind, {k: v})])
                         for k, values in LAYERS[kind].items()})
                 for kind in (rng.choice(sorted(OPEN)) for _ in range(4))]
        if possible(chain):
            return [("Timesteps", {"number": "any"}), *chain]


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
        if options.get("proj_size"):
            options["hidden_size"] += 2  # more than those
        self.layer = getattr(nn, self.kind)(self.features, batch_first=True,
                                            **options)
        self.features = (options.get("proj_size") or options["hidden_size"]) \
            * (1 + options["bidirectional"])

    def make_conv2d(self):
        o = dict(self.options)
        word, _, number = o.pop("spacing").partition(" ")
        if word != "plain":
            o[word] = int(number)
        if o["padding"] == "same" and word == "stride":
            o["padding"] = 0
        o["groups"] = o["groups"] if self.features % o["groups"] == 0 else 1
        self.layer = nn.Conv2d(self.features, **o)
        self.features = o["out_channels"]

    def group(self, o):
        """In groups, where those divide what comes and goes."""
        if o["groups"] > 1 and self.features % 2 == 0:
            o["out_channels"] *= 2
        else:
            o["groups"] = 1

    def make_convtranspose2d(self):
        o = dict(self.options)
        word, _, number = o.pop("spacing").partition(" ")
        if word != "plain":
            o[word] = int(number)
        if word != "stride":
            o["output_padding"] = 0
        self.group(o)
        self.layer = nn.ConvTranspose2d(self.features, **o)
        self.features = o["out_channels"]

    def make_convtranspose1d(self):
        self.group(self.options)
        self.layer = nn.ConvTranspose1d(self.features, **self.options)
        self.features = self.options["out_channels"]

    def make_pool1d(self):
        name = self.options["name"]
        self.layer = getattr(nn, name)(2, padding=self.options["padding"])

    def make_window(self):
        self.layer = getattr(nn, self.kind)(**self.options)

    make_maxpool2d = make_avgpool2d = make_upsample = make_window

    def make_rectifier(self):
        name = self.options["module"]
        if name == "PReLU each":
            self.layer = nn.PReLU(self.features)
        else:
            self.layer = self.activation(name)

    @staticmethod
    def activation(name):
        """Softmax needs a dim, and Threshold numbers; what jumps does so
        where no softmax of zeros is."""
        name, _, dim = name.partition(" ")
        given = {"Softmax": [int(dim or -1)], "LogSoftmax": [int(dim or -1)],
                 "Threshold": [0.1, 0.2], "Hardshrink": [0.3]}.get(name, [])
        return getattr(nn, name)(*given)

    def make_end(self):
        if self.options["name"] == "AdaptiveAvgPool2d":
            self.layer = nn.AdaptiveAvgPool2d(1)

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

    def make_glu(self):
        self.layer, self.gate = nn.Linear(self.features, 4), nn.GLU()
        self.features = 2

    def make_merge(self):
        self.layer = nn.Linear(self.features, self.features)
        self.features *= 1 + (self.options["name"] == "cat")

    def make_plain(self):
        o = self.options
        if self.kind in ("BatchNorm1d", "BatchNorm2d", "LayerNorm"):
            self.layer = getattr(nn, self.kind)(self.features, **o)
        elif self.kind == "Activation":
            self.layer = self.activation(o["module"])
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

    def end(self, x):
        name = self.options["name"]
        if name == "flatten":
            return torch.flatten(x, 1)
        if name == "view":
            return x.view(x.size(0), -1)
        if name == "mean":
            return x.mean([2, 3])
        return torch.flatten(self.layer(x), 1)

    @staticmethod
    def halves(x):
        a, b = x.chunk(2, dim=-1)
        return torch.tanh(b), a

    def merge(self, x):
        other, name = torch.tanh(self.layer(x)), self.options["name"]
        if name == "cat":
            return torch.cat([x, other], -1)
        more = {
            "div": lambda: x / (other * other + 1), "abs": lambda: x.abs(),
            "1 div": lambda: 1 / (other.abs() + 0.5), "exp": other.exp,
            "square": other.square, "cube": lambda: other ** 3,
            "sqrt": lambda: torch.sqrt(other ** 2 + 0.25),
            "log": lambda: torch.log(other.abs() + 0.5),
            "clamp": lambda: torch.clamp(x, -0.5, 0.75),
            "clamp min": lambda: x.clamp(min=-0.25),
            "mean": lambda: x - other.mean(-1, keepdim=True),
            "sum": lambda: x * other.sum(dim=-1, keepdim=True),
            "max": lambda: x + other.max(-1, keepdim=True)[0],
            "items": lambda: x * other[..., :1] - other[..., -1:],
            "chunk": lambda: torch.sub(*self.halves(torch.cat([x, other], -1))),
            "stack": lambda: torch.stack([x, other], -1).sum(-1),
            "squeeze": lambda: (x.unsqueeze(-1) + 1).squeeze(-1)}
        if name in more:
            return more[name]()
        return {"add": x + other, "sub": x - other, "mul": x * other,
                "add 1": other + 1, "1 sub": 1 - other, "div 4": other / 4}[
                    name]

    def forward(self, x):
        if self.kind in RECURRENT:
            return self.recurrent(x)
        if self.kind == "Conv1d":
            return self.conv1d(x)
        if self.kind == "Merge":
            return self.merge(x)
        if self.kind == "GLU":
            x = self.layer(x)
            return self.gate(x) if self.options["as"] == "module" \
                else F.glu(x, dim=-1)
        if self.kind == "End":
            return self.end(x)
        if self.kind in ("ConvTranspose1d", "Pool1d"):
            return self.layer(x.transpose(1, 2)).transpose(1, 2)
        if self.kind == "BatchNorm1d" and self.rank == 2:
            return self.layer(x.transpose(1, 2)).transpose(1, 2)
        if self.kind == "Function":
            name = self.options["name"]
            if name.endswith("softmax"):
                return getattr(F, name)(x, dim=-1)
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
        first, fixed = features, chain[0][0] != "Timesteps"
        for kind, options in chain if fixed else chain[1:]:
            step = Step(kind, options, features, rank)
            features = step.features
            if options.get("take", "sequence") != "sequence":
                rank = 1
            steps.append(step)
        model = Chain(steps).eval()
        model.rnnc_shape = (None, first) if not fixed else \
            self.shape(model, first, chain[-1][0] == "End")
        return model

    @staticmethod
    def shape(model, features, plane):
        """Of an input that is large enough for the windows of all layers."""
        for size in (10, 24, 48, 96):
            shape = (features, size, size - 1) if plane else (size, features)
            try:
                with torch.no_grad():
                    model(torch.zeros(1, *shape))
                return shape
            except RuntimeError:
                continue
        raise RuntimeError("no input is large enough")

    def randomize(self, model, numbers):
        with torch.no_grad():
            for name, value in list(model.named_parameters()) + \
                    list(model.named_buffers()):
                if value.is_floating_point():
                    new = torch.from_numpy(numbers.randn(*value.shape)) * 0.5
                    positive = value.dim() == 1 and "bias" not in name
                    value.copy_(new.abs() + 0.1 if positive else new)
