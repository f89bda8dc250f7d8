#!/usr/bin/env python3
"""Makes pytorch/*.json: state_dicts of small seeded modules, the calls beside
them, with PyTorch's own outputs.

    python3 tests/formats/framework_torch.py

Run by hand where PyTorch is installed (python3-torch); the files are
committed. Weights are float32, PyTorch computes in float64: so its numbers
are good to 1e-12.
"""

import json
import os

import torch
from torch import nn
from torch.nn import functional as F

HERE = os.path.dirname(os.path.abspath(__file__))


def shortest(values):
    """Nested lists of the shortest decimals that are the same float32."""
    if isinstance(values, list):
        return [shortest(v) for v in values]
    return float("%.9g" % values)


def tensors(module):
    return {k: v.tolist() if v.dtype == torch.int64 else shortest(v.tolist())
            for k, v in module.state_dict().items()}


def unsettle(module):
    """What a fresh module leaves at 0 and 1 gets values of its own."""
    for m in module.modules():
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)):
            for name, t in m.state_dict().items():
                if t.is_floating_point():
                    t.copy_(torch.rand_like(t) + 0.5)
        if isinstance(m, nn.PReLU):
            m.weight.data = torch.rand_like(m.weight)


def save(case, module, forward, calls, *shape, null=False, home="state_dict",
         **keys):
    """forward: what the module computes for a batch of one."""
    unsettle(module)
    module.eval()
    x = torch.randn(1, *shape, dtype=torch.float64)
    module.double()
    with torch.no_grad():
        y = forward(module, x)[0]
    module.float()
    model = {"architecture": calls,
             "input_shape": [None, *shape[1:]] if null else list(shape),
             **keys, home: tensors(module)}
    samples = [{"inputs": {"x": x[0].tolist()}, "outputs": {"y": y.tolist()},
                "note": "PyTorch %s, float64" % torch.__version__}]
    if "samples" in keys:
        model["samples"] = samples
    path = os.path.join(HERE, "pytorch", case)
    for ending, value in (".json", model), (".samples", samples):
        with open(path + ending, "w") as f:
            json.dump(value, f)
            f.write("\n")


def call(kind, module=None, **keys):
    named = {"module": module} if module is not None else {}
    return {"type": kind, **named, **keys}


class Model(nn.Module):
    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)


# ---- Recurrent --------------------------------------------------------------


def save_recurrent():
    save("lstm", Model(lstm=nn.LSTM(3, 5, batch_first=True),
                       fc=nn.Linear(5, 2)),
         lambda m, x: torch.tanh(m.fc(m.lstm(x)[0][:, -1])),
         [call("LSTM", "lstm", return_sequences=False),
          call("Linear", "fc", activation="tanh")], 6, 3)
    save("lstm_layers", Model(rnn=nn.LSTM(2, 3, 3, batch_first=True),
                              out=nn.Linear(3, 1, bias=False)),
         lambda m, x: m.out(m.rnn(x)[0]),
         [call("LSTM", "rnn", return_sequences=True, num_layers=3,
               hidden_size=3, input_size=2, bias=True),
          call("Linear", "out", out_features=1, bias=False)],
         5, 2, null=True, home="model_state_dict", epoch=7, samples=True)
    save("lstm_both", Model(
        a=nn.LSTM(2, 3, 2, bidirectional=True, batch_first=True),
        b=nn.LSTM(6, 2, bidirectional=True, bias=False, batch_first=True)),
         lambda m, x: torch.cat(list(m.b(m.a(x)[0])[1][0]), 1),
         [call("LSTM", "a", return_sequences=True),
          call("LSTM", "b", return_sequences=False, last="h_n",
               bidirectional=True)], 5, 2)
    save("gru", Model(rnn=nn.GRU(2, 4, batch_first=True),
                      fc=nn.Linear(4, 2)),
         lambda m, x: F.softmax(m.fc(m.rnn(x)[0]), -1),
         [call("GRU", "rnn", return_sequences=True),
          call("Linear", "fc", activation="softmax")], 7, 2, null=True)
    save("gru_both", Model(rnn=nn.GRU(2, 3, 2, bias=False,
                                      bidirectional=True, batch_first=True)),
         lambda m, x: m.rnn(x)[0],
         [call("GRU", "rnn", return_sequences=True)], 4, 2)
    save("gru_h_n", Model(rnn=nn.GRU(2, 3, 2, bidirectional=True,
                                     batch_first=True)),
         lambda m, x: torch.cat(list(m.rnn(x)[1][-2:]), 1),
         [call("GRU", "rnn", return_sequences=False, last="h_n")], 4, 2)
    save("rnn", Model(a=nn.RNN(2, 4, nonlinearity="relu", batch_first=True),
                      b=nn.RNN(4, 3, 2, batch_first=True)),
         lambda m, x: m.b(m.a(x)[0])[0][:, -1],
         [call("RNN", "a", nonlinearity="relu", return_sequences=True),
          call("RNN", "b", return_sequences=False)],
         6, 2, home="state", hparams={"lr": 0.001, "layers": [4, 3]})
    save("alone", nn.GRU(1, 3, batch_first=True), lambda m, x: m(x)[0],
         [call("GRU", "", return_sequences=True)], 5, 1, name="alone")

    def loop(m, x):
        (h, c), g, r = m.a.cell(x[:, 0]), None, None
        rows = []
        for t in range(x.shape[1]):
            if t:
                h, c = m.a.cell(x[:, t], (h, c))
            g = m.g(h, g)
            r = m.r(g, r)
            rows.append(r)
        return torch.stack(rows, 1)

    save("cells", Model(a=Model(cell=nn.LSTMCell(2, 3)), g=nn.GRUCell(3, 4),
                        r=nn.RNNCell(4, 2, nonlinearity="relu", bias=False)),
         loop,
         [call("LSTMCell", "a.cell", return_sequences=True),
          call("GRUCell", "g", return_sequences=True),
          call("RNNCell", "r", return_sequences=True, nonlinearity="relu")],
         6, 2, null=True)


# ---- Convolutions -----------------------------------------------------------


def save_convolutions():
    def forward(m, x):
        x = m.prelu(m.c1(x.transpose(1, 2)))
        x = m.bn(m.c2(x))
        return F.softmax(m.fc(torch.relu(torch.flatten(x, 1))), 1)

    save("conv", Model(
        c1=nn.Conv1d(2, 4, 3, stride=2), prelu=nn.PReLU(4),
        c2=nn.Conv1d(4, 6, 3, padding="same", dilation=2, groups=2,
                     bias=False),
        bn=nn.BatchNorm1d(6), fc=nn.Linear(24, 3)), forward,
        [call("Conv1d", "c1", stride=2, kernel_size=[3]),
         call("PReLU", "prelu"),
         call("Conv1d", "c2", padding="same", dilation=2, groups=2),
         call("BatchNorm1d", "bn"), call("Flatten", order="channels"),
         call("ReLU"), call("Dropout", p=0.5), call("Linear", "fc"),
         call("Softmax", dim=1)], 9, 2)

    def causal(m, x):
        x = F.pad(x.transpose(1, 2), (4, 0))
        x = m.bn(F.silu(m.c(x)))
        return m.last(F.pad(x, (1, 0))).transpose(1, 2)

    save("causal", Model(c=nn.Conv1d(1, 3, 3, dilation=2),
                         bn=nn.BatchNorm1d(3, affine=False, eps=1e-3),
                         last=nn.Conv1d(3, 2, 2)), causal,
         [call("Conv1d", "c", padding="causal", dilation=2,
               activation="silu"),
          call("BatchNorm1d", "bn", eps=1e-3),
          call("Conv1d", "last", padding="causal")], 8, 1, null=True)
    save("padded", Model(net=nn.Sequential(
        nn.Conv1d(2, 3, 5, padding=2), nn.ELU(0.5), nn.Flatten(),
        nn.Linear(18, 2))),
        lambda m, x: m.net(x.transpose(1, 2)),
        [call("Conv1d", "net.0", padding=2), call("ELU", alpha=0.5),
         call("Flatten", order="channels"), call("Linear", "net.3")], 6, 2)
    save("rows", Model(rnn=nn.RNN(2, 3, batch_first=True),
                       fc=nn.Linear(12, 2)),
         lambda m, x: m.fc(m.rnn(x)[0].reshape(1, -1)),
         [call("RNN", "rnn", return_sequences=True),
          call("Flatten", order="timesteps"), call("Linear", "fc")], 4, 2)


# ---- The rest ---------------------------------------------------------------


def save_functions():
    functions = [nn.Tanh(), nn.Sigmoid(), nn.ReLU(), nn.ReLU6(),
                 nn.LeakyReLU(), nn.LeakyReLU(0.3), nn.ELU(), nn.SELU(),
                 nn.GELU(), nn.GELU(approximate="tanh"), nn.SiLU(),
                 nn.Softplus(), nn.Softsign(), nn.Hardsigmoid(),
                 nn.Softmax(dim=1), nn.Identity()]
    words = ["tanh", "sigmoid", "relu", "leaky_relu", "elu", "selu", "gelu",
             "silu", "softplus", "softsign", "hardsigmoid", "softmax"]
    keys = {4: {}, 5: {"negative_slope": 0.3}, 9: {"approximate": "tanh"},
            14: {"dim": -1}}
    module, calls = [], []
    for k, f in enumerate(functions):
        module += [nn.Linear(4, 4), f]
        module[-2].weight.data *= 4
        calls += [call("Linear", str(2 * k)),
                  call(type(f).__name__, **keys.get(k, {}))]
    save("functions", nn.Sequential(*module), lambda m, x: m(x), calls, 4)

    def forward(m, x):
        for word, layer in zip(words, m):
            f = getattr(F, word)
            x = f(layer(x), dim=-1) if word == "softmax" else f(layer(x))
        return x

    save("words", nn.Sequential(*[nn.Linear(3, 3) for _ in words]), forward,
         [call("Linear", str(k), activation=w) for k, w in enumerate(words)],
         3)
    save("normal", Model(a=nn.LayerNorm(4), b=nn.Linear(4, 3),
                         c=nn.LayerNorm(3, eps=0.01,
                                        elementwise_affine=False),
                         d=nn.PReLU()),
         lambda m, x: m.d(m.c(m.b(m.a(x)))),
         [call("LayerNorm", "a"), call("Linear", "b"),
          call("LayerNorm", "c", eps=0.01, elementwise_affine=False),
          call("PReLU", "d")], 5, 4)


# ---- Pooling, padding, normalized inputs -------------------------------------


def save_windows():
    save("lstm_out", Model(rnn=nn.LSTM(2, 3, 2, bidirectional=True,
                                       batch_first=True), fc=nn.Linear(6, 1)),
         lambda m, x: m.fc(m.rnn(x)[0][:, -1]),
         [call("LSTM", "rnn", return_sequences=False, last="out"),
          call("Linear", "fc")], 5, 2)
    save("pool", Model(net=nn.Sequential(
        nn.Conv1d(2, 4, 4, stride=2, padding=1), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(4, 3, 3, padding=3), nn.AvgPool1d(3, stride=2),
        nn.Conv1d(3, 3, 2), nn.AdaptiveMaxPool1d(1), nn.Flatten(),
        nn.Linear(3, 2))),
        lambda m, x: m.net(x.transpose(1, 2)),
        [call("Conv1d", "net.0", stride=2, padding=1), call("ReLU"),
         call("MaxPool1d", kernel_size=2), call("Conv1d", "net.3", padding=[3]),
         call("AvgPool1d", kernel_size=3, stride=2), call("Conv1d", "net.5"),
         call("AdaptiveMaxPool1d", output_size=1), call("Flatten"),
         call("Linear", "net.8")], 20, 2)
    mean, std = [0.3, -1.25, 10], [2.5, 0.1, 3]
    save("normalized", Model(c=nn.Conv1d(3, 4, 2), fc=nn.Linear(4, 2)),
         lambda m, x: m.fc(m.c(((x - torch.tensor(mean).double())
                                / torch.tensor(std).double()).transpose(1, 2))
                           .mean(2)),
         [call("Normalize", mean=[float(torch.tensor(v)) for v in mean],
               std=[float(torch.tensor(v)) for v in std]),
          call("Conv1d", "c"), call("AdaptiveAvgPool1d", output_size=[1]),
          call("Linear", "fc")], 6, 3)


def save_planes():
    save("planes", Model(net=nn.Sequential(
        nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=1), nn.BatchNorm2d(4),
        nn.ReLU(), nn.MaxPool2d(3, 2, padding=1), nn.PReLU(4),
        nn.Conv2d(4, 6, 3, padding="same", groups=2),
        nn.AvgPool2d((2, 1), padding=(1, 0)),
        nn.AvgPool2d(2, 1, padding=1, count_include_pad=False), nn.Flatten(),
        nn.Linear(108, 3))),
        lambda m, x: m.net(x.permute(0, 3, 1, 2)),
        [call("Conv2d", "net.0", stride=[2, 1], padding=1),
         call("BatchNorm2d", "net.1"), call("ReLU"),
         call("MaxPool2d", kernel_size=3, stride=2, padding=1),
         call("PReLU", "net.4"),
         call("Conv2d", "net.5", padding="same", groups=2),
         call("AvgPool2d", kernel_size=[2, 1], padding=[1, 0]),
         call("AvgPool2d", kernel_size=2, stride=1, padding=1,
              count_include_pad=False),
         call("Flatten"), call("Linear", "net.9")], 10, 8, 2)
    save("planes_pooled", Model(c=nn.Conv2d(3, 4, 3, dilation=(1, 2),
                                            bias=False), fc=nn.Linear(4, 2)),
         lambda m, x: m.fc(torch.tanh(m.c(x.permute(0, 3, 1, 2)))
                           .mean((2, 3))),
         [call("Conv2d", "c", dilation=[1, 2], activation="tanh",
               kernel_size=[3]),
          call("AdaptiveAvgPool2d", output_size=[1, 1]), call("Flatten"),
          call("Linear", "fc")], 6, 7, 3)


# ---- LSTM with proj_size -----------------------------------------------------


def save_projections():
    save("lstm_projected", Model(
        a=nn.LSTM(2, 5, 2, proj_size=3, bidirectional=True, batch_first=True),
        b=nn.LSTM(6, 4, 2, proj_size=1, bias=False, batch_first=True)),
         lambda m, x: m.b(m.a(x)[0])[0],
         [call("LSTM", "a", return_sequences=True),
          call("LSTM", "b", return_sequences=True, proj_size=1,
               hidden_size=4)], 5, 2)
    save("lstm_projected_h_n", Model(
        a=nn.LSTM(2, 4, proj_size=3, batch_first=True),
        b=nn.LSTM(3, 3, 2, proj_size=2, bidirectional=True,
                  batch_first=True)),
         lambda m, x: torch.cat(list(m.b(m.a(x)[0])[1][0][-2:]), 1),
         [call("LSTM", "a", return_sequences=True),
          call("LSTM", "b", return_sequences=False, last="h_n")], 4, 2)
    save("lstm_projected_out", nn.LSTM(
        2, 3, proj_size=2, bidirectional=True, batch_first=True),
         lambda m, x: m(x)[0][:, -1],
         [call("LSTM", "", return_sequences=False, last="out")], 4, 2)


def save_later_functions():
    functions = [(nn.Mish(), {}), (nn.LogSigmoid(), {}), (nn.Hardswish(), {}),
                 (nn.Tanhshrink(), {}), (nn.CELU(0.5), {"alpha": 0.5}),
                 (nn.Softshrink(0.25), {"lambd": 0.25}),
                 (nn.Hardshrink(), {}), (nn.Hardtanh(), {}),
                 (nn.LogSoftmax(1), {"dim": 1})]
    module, calls = [], []
    for k, (f, keys) in enumerate(functions):
        module += [nn.Linear(4, 4), f]
        module[-2].weight.data *= 3
        calls += [call("Linear", str(2 * k)), call(type(f).__name__, **keys)]
    save("later_functions", nn.Sequential(*module), lambda m, x: m(x), calls, 4)
    words = ["relu6"] + [type(f).__name__.lower() for f, _ in functions[:-1]]

    def forward(m, x):
        for word, layer in zip(words, m):
            x = getattr(F, word)(layer(x))
        return F.log_softmax(m[-1](x), dim=-1)

    save("later_words", nn.Sequential(*[nn.Linear(3, 3) for _ in words],
                                      nn.Linear(3, 3)),
         forward, [call("Linear", str(k), activation=w) for k, w in
                   enumerate([*words, "log_softmax"])], 3)


def save_glu():
    """Along the features, which are dim 1 in between."""
    conv = nn.Conv1d(3, 8, 3, padding=1)
    save("glu", nn.Sequential(conv, nn.Linear(4, 4), nn.GRU(
        2, 3, batch_first=True), nn.Linear(3, 2)),
         lambda m, x: m[3](m[2](F.glu(m[1](F.glu(m[0](x.transpose(
             1, 2)), 1).transpose(1, 2))))[0]),
         [call("Conv1d", "0", padding=1), call("GLU"), call("Linear", "1"),
          call("GLU", dim=-1), call("GRU", "2", return_sequences=True),
          call("Linear", "3")], 6, 3)


def main():
    torch.manual_seed(1)
    os.makedirs(os.path.join(HERE, "pytorch"), exist_ok=True)
    save_recurrent()
    save_convolutions()
    save_functions()
    save_windows()
    save_planes()
    save_projections()
    save_later_functions()
    save_glu()


main()
