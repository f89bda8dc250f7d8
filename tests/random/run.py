#!/usr/bin/env python3
"""Random graphs of all layers: the generated code against the interpreter.

Each model is compiled without samples, so that its self-test holds vectors
which the interpreter computed, for predict and for step; as float and double,
straight-line and loops. predict_batch is compared with predict besides.
RANDOM_MODELS sets how many (200), RANDOM_SEED where they start.
"""

import os
import random
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, CFLAGS, finish, report, rnnc, run, workspace, \
    write_model

COUNT = int(os.environ.get("RANDOM_MODELS", "200"))
SEED = int(os.environ.get("RANDOM_SEED", "1"))
PER_PROGRAM = 25
ELEMENTWISE = ["linear", "tanh", "sigmoid", "relu", "leaky_relu", "elu",
               "selu", "softplus", "softsign", "swish", "gelu", "softmax",
               "relu6", "celu", "squareplus", "soft_shrink", "sparse_plus",
               "tanh_shrink", "sparse_sigmoid", "hard_silu", "hard_tanh",
               "mish", "log_sigmoid", "log_softmax", "abs",
               {"type": "clip", "min": -0.5, "max": 2},
               {"type": "sparsemax", "tau": "paper"},
               {"type": "celu", "alpha": 0.5},
               {"type": "hard_sigmoid", "slope": "keras2"},
               {"type": "hard_sigmoid", "slope": "keras3"},
               {"type": "leaky_relu", "negative_slope": 0.1},
               {"type": "elu", "alpha": 1.5},
               {"type": "gelu", "approximate": True}]


class Builder:
    """A model under construction: tensors with shapes, and layers."""

    def __init__(self, rng, name):
        self.rng, self.name = rng, name
        self.shapes, self.layers, self.inputs = {}, [], []
        self.used = set()

    def weight(self, *shape):
        size = 1
        for n in shape:
            size *= n
        scale = 1.0 / max(1, shape[0]) ** 0.5 if len(shape) > 1 else 0.3
        flat = [self.rng.gauss(0, scale) for _ in range(size)]
        if len(shape) == 1:
            return flat
        return [flat[i * shape[1]:(i + 1) * shape[1]] for i in range(shape[0])]

    def add_input(self, shape, null):
        name = "in%d" % len(self.inputs)
        self.inputs.append({"name": name,
                            "shape": [None, *shape[1:]] if null else shape})
        self.shapes[name] = shape

    def add(self, layer, inputs, shape):
        layer["name"] = "l%d" % len(self.layers)
        layer["inputs"] = inputs
        self.used.update(inputs)
        self.layers.append(layer)
        self.shapes[layer["name"]] = shape

    def pick(self, condition=lambda shape: True):
        names = [n for n, s in self.shapes.items() if condition(s)]
        return self.rng.choice(names[-4:]) if names else None

    # ---- One random layer each; they return without adding where none fits.

    def dense(self):
        x = self.pick(lambda s: len(s) <= 3)
        units, bias = self.rng.randint(1, 6), self.rng.random() < 0.7
        weights = {"kernel": self.weight(self.shapes[x][-1], units)}
        if bias:
            weights["bias"] = self.weight(units)
        layer = {"type": "Dense", "units": units, "weights": weights,
                 "activation": self.rng.choice(ELEMENTWISE)}
        if not bias:
            layer["use_bias"] = False
        self.add(layer, [x], self.shapes[x][:-1] + [units])

    def rnn(self):
        x = self.pick(lambda s: len(s) == 2)
        if not x:
            return
        units, bias = self.rng.randint(1, 6), self.rng.random() < 0.7
        T, F = self.shapes[x]
        weights = {"kernel": self.weight(F, units),
                   "recurrent_kernel": self.weight(units, units)}
        if bias:
            weights["bias"] = self.weight(units)
        sequences = self.rng.random() < 0.5
        layer = {"type": "SimpleRNN", "units": units, "weights": weights,
                 "use_bias": bias, "return_sequences": sequences,
                 "activation": self.rng.choice(
                     ["tanh", "tanh", "sigmoid", "softsign", "relu",
                      "softmax", "linear"])}
        if self.rng.random() < 0.15 and not self.null:
            layer["go_backwards"] = True
        self.add(layer, [x], [T, units] if sequences else [units])

    def gated(self):
        x = self.pick(lambda s: len(s) == 2)
        if not x:
            return
        rng, (T, F) = self.rng, self.shapes[x]
        kind, units = rng.choice(["LSTM", "GRU"]), rng.randint(1, 5)
        gates, bias = 4 if kind == "LSTM" else 3, rng.random() < 0.7
        weights = {"kernel": self.weight(F, gates * units),
                   "recurrent_kernel": self.weight(units, gates * units)}
        sequences = rng.random() < 0.5
        layer = {"type": kind, "units": units, "weights": weights,
                 "use_bias": bias, "return_sequences": sequences,
                 "activation": rng.choice(["tanh", "tanh", "softsign",
                                           "softmax", "relu"]),
                 "recurrent_activation": rng.choice(
                     ["sigmoid", "sigmoid", "softmax",
                      {"type": "hard_sigmoid", "slope": "keras2"}])}
        if kind == "GRU":
            layer["reset_after"] = rng.random() < 0.5
        if kind == "LSTM" and rng.random() < 0.3:
            layer["peepholes"] = True
            weights["peephole"] = self.weight(3 * units)
        if bias:
            weights["bias"] = self.weight(gates * units)
            if layer.get("reset_after"):
                weights["bias"] = self.weight(2, gates * units)
        for state in ["h"] + ["c"] * (kind == "LSTM"):
            if rng.random() < 0.2:
                weights["initial_" + state] = self.weight(units)
        if rng.random() < 0.15 and not self.null:
            layer["go_backwards"] = True
        if rng.random() < 0.2 and not self.null:
            layer["return_state"] = True
            states = units * (2 if kind == "LSTM" else 1)
            self.add(layer, [x], [(T * units if sequences else units)
                                  + states])
            return
        self.add(layer, [x], [T, units] if sequences else [units])

    def normalization(self):
        rng, x = self.rng, self.pick(lambda s: len(s) <= 3)
        F = self.shapes[x][-1]
        kind = rng.choice(["BatchNormalization", "LayerNormalization", "PReLU",
                           "ReLU", "LeakyReLU", "ELU", "Softmax",
                           "Rescaling",
                           "Normalization", "RMSNormalization",
                           "UnitNormalization", "GroupNormalization"])
        if kind == "GroupNormalization" and self.null:
            return
        if kind == "UnitNormalization":  # well conditioned: of exact numbers
            x = rng.choice(self.inputs)["name"]
            F = self.shapes[x][-1]
        layer, w = {"type": kind}, {}
        if kind == "Normalization":
            w = {"mean": self.weight(F),
                 "variance": [abs(v) + 0.01 for v in self.weight(F)]}
        elif kind == "RMSNormalization":
            w, layer["epsilon"] = {"scale": self.weight(F)}, 0.5
        elif kind == "GroupNormalization":
            layer.update(center=False, epsilon=0.5, groups=rng.choice(
                [g for g in (-1, 1, 2, 3) if F % g == 0]))
            w = {"gamma": self.weight(F)}
        elif "Normalization" in kind and kind != "UnitNormalization":
            w = {"gamma": self.weight(F), "beta": self.weight(F)}
            if kind == "BatchNormalization":
                w["moving_mean"] = self.weight(F)
                w["moving_variance"] = [abs(v) for v in self.weight(F)]
            else:
                layer["epsilon"] = 0.5  # well conditioned for one feature
        elif kind == "PReLU":
            w = {"alpha": self.weight(rng.choice([1, F]))}
        elif kind == "Rescaling":
            layer.update(scale=-0.75, offset=rng.choice([0, 0.5]))
        elif kind == "ReLU" and rng.random() < 0.5:
            layer.update(max_value=rng.choice([None, 1.5]),
                         negative_slope=0.25, threshold=0.5)
        if w:
            layer["weights"] = w
        self.add(layer, [x], self.shapes[x])

    def bidirectional(self):
        """The last layer, if it is recurrent, and its like from behind."""
        layer = self.layers[-1] if self.layers else {}
        if "units" not in layer or "return_sequences" not in layer or \
                layer.get("return_state") or self.null:
            return
        del self.shapes[layer["name"]]
        self.layers.pop()
        name, source = layer.pop("name"), layer.pop("inputs")
        forward = dict(layer, go_backwards=False)
        mode = self.rng.choice(["concat", "sum", "mul", "ave"])
        wrapper = {"type": "Bidirectional", "merge_mode": mode,
                   "layer": forward,
                   "backward_layer": dict(forward, go_backwards=True)}
        T, units = self.shapes[source[0]][0], layer["units"]
        units *= 2 if mode == "concat" else 1
        self.add(wrapper, source,
                 [T, units] if layer["return_sequences"] else [units])

    def conv1d(self):
        x = self.pick(lambda s: len(s) == 2)
        if not x:
            return
        rng, (T, F) = self.rng, self.shapes[x]
        size, dilation, strides = rng.randint(1, 4), rng.randint(1, 3), 1
        padding = rng.choice(["causal", "causal", "same", "valid"])
        if self.null:
            padding = "causal"
        elif dilation == 1:
            strides = rng.choice([1, 1, 2])
        left = T - (size - 1) * dilation if padding == "valid" else T
        if left < 1:
            return
        groups = rng.choice([g for g in (1, 1, 2, 3) if F % g == 0])
        filters = groups * rng.randint(1, 3)
        width = F // groups
        layer = {"type": "Conv1D", "filters": filters, "kernel_size": size,
                 "padding": padding, "strides": strides, "groups": groups,
                 "dilation_rate": dilation,
                 "activation": rng.choice(["tanh", "linear", "softmax"]),
                 "weights": {"kernel": [self.weight(width, filters)
                                        for _ in range(size)],
                             "bias": self.weight(filters)}}
        if padding == "same" and dilation > 1:
            layer["strides"] = strides = 1
        self.add(layer, [x], [-(-left // strides), filters])

    def apart(self):
        """Each feature apart, on one axis or two; causal, where it steps."""
        x = self.pick(lambda s: len(s) in (2, 3))
        if not x or self.null and len(self.shapes[x]) == 3:
            return
        rng, shape = self.rng, self.shapes[x]
        axes, F = len(shape) - 1, shape[-1]
        size = [rng.randint(1, 3) for _ in range(axes)]
        padding = "causal" if self.null else rng.choice(
            ["same", "causal"] if axes == 1 else ["same"])
        strides = 1 if self.null else rng.choice([1, 1, 2])
        times = rng.randint(1, 2)
        layer = {"type": "DepthwiseConv%dD" % axes, "kernel_size": size,
                 "padding": padding, "strides": strides,
                 "depth_multiplier": times, "activation": "tanh"}
        kernel = self.weight(F, times)
        for n in reversed(size):
            kernel = [kernel for _ in range(n)]
        filters, weights = F * times, {"depthwise_kernel": kernel}
        if rng.random() < 0.5:
            filters = layer["filters"] = rng.randint(1, 3)
            layer["type"] = "SeparableConv%dD" % axes
            pointwise = self.weight(F * times, filters)
            weights["pointwise_kernel"] = [pointwise] if axes == 1 \
                else [[pointwise]]
        weights["bias"] = self.weight(filters)
        self.add(dict(layer, weights=weights), [x],
                 [-(-n // strides) for n in shape[:-1]] + [filters])

    def plane(self):
        """Convolution over rows and columns, or its transpose."""
        x = self.pick(lambda s: len(s) == 3)
        if not x or self.null:
            return
        rng, (H, W, F) = self.rng, self.shapes[x]
        if H * W > 60:
            return
        size, step = [rng.randint(1, 3), rng.randint(1, 3)], rng.randint(1, 2)
        turn, filters = rng.random() < 0.5, rng.randint(1, 3)
        tap = self.weight(filters, F) if turn else self.weight(F, filters)
        layer = {"type": "Conv2DTranspose" if turn else "Conv2D",
                 "filters": filters, "kernel_size": size, "padding": "same",
                 "strides": step, "activation": "tanh",
                 "weights": {"kernel": [[tap] * size[1]] * size[0],
                             "bias": self.weight(filters)}}
        self.add(layer, [x], [n * step if turn else -(-n // step)
                              for n in (H, W)] + [filters])

    def window(self):
        """Pooling and what moves elements, on one spatial axis or two."""
        x = self.pick(lambda s: len(s) in (2, 3))
        if not x or self.null:
            return
        rng, shape = self.rng, self.shapes[x]
        axes, F = len(shape) - 1, shape[-1]
        kind = rng.choice(["MaxPooling", "AveragePooling", "GlobalMaxPooling",
                           "GlobalAveragePooling", "ZeroPadding", "Cropping",
                           "UpSampling"])
        layer, out = {"type": "%s%dD" % (kind, axes)}, list(shape)
        if kind.startswith("Global"):
            layer["keepdims"] = rng.random() < 0.5
            out = [1] * axes + [F] if layer["keepdims"] else [F]
        elif kind.endswith("Pooling"):
            window, step = rng.randint(1, 3), rng.randint(1, 2)
            layer.update(pool_size=window, strides=step, padding="same")
            out = [-(-d // step) for d in shape[:-1]] + [F]
        elif kind == "ZeroPadding":
            layer["padding"] = rng.randint(0, 2)
            out = [d + 2 * layer["padding"] for d in shape[:-1]] + [F]
        elif kind == "Cropping":
            layer["cropping"] = 1
            out = [d - 2 for d in shape[:-1]] + [F]
            if min(out) < 1:
                return
        elif size(shape) > 64:
            return  # straight-line code of it would be long
        else:
            layer["size"] = 2
            out = [2 * d for d in shape[:-1]] + [F]
        self.add(layer, [x], out)

    def permute(self):
        x = self.pick(lambda s: len(s) in (1, 2))
        if not x or self.null:
            return
        shape = self.shapes[x]
        if len(shape) == 1:
            self.add({"type": "RepeatVector", "n": 3}, [x], [3, *shape])
        else:
            self.add({"type": "Permute", "dims": [2, 1]}, [x], shape[::-1])

    def embedding(self):
        """Of an input: what a layer computes may round across an integer."""
        rng, x = self.rng, self.rng.choice(self.inputs)["name"]
        rows, units = rng.randint(1, 5), rng.randint(1, 3)
        self.add({"type": "Embedding", "input_dim": rows, "output_dim": units,
                  "weights": {"embeddings": [self.weight(units)
                                             for _ in range(rows)]}}, [x],
                 self.shapes[x] + [units])

    def activation(self):
        x = self.pick()
        self.add({"type": "Activation",
                  "activation": self.rng.choice(ELEMENTWISE)}, [x],
                 self.shapes[x])

    def dropout(self):
        x = self.pick()
        kind, keys = self.rng.choice([
            ("Dropout", {"rate": 0.25}), ("AlphaDropout", {"rate": 0.5}),
            ("GaussianDropout", {}), ("GaussianNoise", {"stddev": 0.5}),
            ("ActivityRegularization", {"l2": 0.5})])
        self.add({"type": kind, **keys}, [x], self.shapes[x])

    def flatten(self):
        x = self.pick(lambda s: len(s) > 1)
        if x and not self.null and self.rng.random() < 0.4:
            size = 1
            for n in self.shapes[x]:
                size *= n
            self.add({"type": "Flatten"}, [x], [size])

    def reshape(self):
        x = self.pick(lambda s: len(s) == 2)
        if not x:
            return
        T, F = self.shapes[x]
        choices = [[T, F, 1], [T, 1, F]]
        if not self.null and self.rng.random() < 0.3:
            choices = [[F, T], [T * F, 1], [1, T * F]]
        target = self.rng.choice(choices)
        spelled = list(target)
        if self.null or self.rng.random() < 0.5:
            spelled[0] = -1
        self.add({"type": "Reshape", "target_shape": spelled}, [x], target)

    def concatenate(self):
        x = self.pick(lambda s: len(s) <= 3)
        others = [n for n, s in self.shapes.items()
                  if len(s) == len(self.shapes[x])
                  and s[:-1] == self.shapes[x][:-1]]
        names = [x] + [self.rng.choice(others)
                       for _ in range(self.rng.randint(1, 2))]
        last = sum(self.shapes[n][-1] for n in names)
        self.add({"type": "Concatenate"}, names,
                 self.shapes[x][:-1] + [last])

    def sum(self):
        x = self.pick()
        shape = self.shapes[x]
        others = [n for n, s in self.shapes.items()
                  if s == shape or s == shape[-1:]
                  or s == shape[:-1] + [1]]
        names = [x] + [self.rng.choice(others)
                       for _ in range(self.rng.randint(1, 2))]
        kind = self.rng.choice(["Add", "Add", "Multiply", "Average",
                                "Maximum", "Minimum", "Subtract"])
        self.add({"type": kind}, names[:2] if kind == "Subtract" else names,
                 shape)

    def build(self):
        rng = self.rng
        self.null = rng.random() < 0.15
        T = rng.randint(1, 6)
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            kind = rng.random()
            if kind < 0.75 or self.null:
                self.add_input([T, rng.randint(1, 4)], self.null)
            elif kind < 0.9:
                self.add_input([rng.randint(1, 5)], False)
            else:
                self.add_input([2, 3, rng.randint(1, 3)], False)
        makers = [self.dense, self.dense, self.rnn, self.gated, self.gated,
                  self.conv1d, self.apart, self.plane,
                  self.bidirectional, self.normalization,
                  self.window, self.permute, self.embedding,
                  self.activation,
                  self.dropout, self.flatten, self.reshape, self.concatenate,
                  self.sum]
        for _ in range(rng.randint(2, 8)):
            rng.choice(makers)()
        ends = [l["name"] for l in self.layers if l["name"] not in self.used]
        if not ends:
            self.dense()
            ends = [self.layers[-1]["name"]]
        if rng.random() < 0.2:  # an output that others read, or an input
            extra = rng.choice(list(self.shapes))
            ends += [extra] if extra not in ends else []
        return {"format": "rnnc", "version": 1, "name": self.name,
                "inputs": self.inputs, "layers": self.layers,
                "outputs": ends}


def size(shape):
    product = 1
    for n in shape:
        product *= n
    return product


SAMPLES = 19 # more than lanes have

DIFFER = """
static int differ(double got, double want, double bound)
{
    double size = want < 0 ? -want : want;
    double d = got < want ? want - got : got - want;
    if (got != got || want != want || got == want)
        return (got != got) != (want != want);
    return !(d <= bound * (size > 1 ? size : 1));
}
"""
BATCH = """
static int batch_%(name)s(void)
{
    %(x)s
    static %(real)s %(y)s, %(z)s;
    int bad = 0;
    %(fill)s
    %(name)s_predict_batch(%(xs)s, %(t)s%(ys)s, %(n)d);
    for (int i = 0; i < %(n)d; i++) {
        %(name)s_predict(%(xi)s, %(t)s%(zi)s);
    }
    %(compare)s
    return bad;
}
"""


def batch_test(name, model, shapes, null, real, text, same):
    """C that compares a batch with single predictions: bit for bit with
    --reproducible, else within the bound of the product."""
    T, bound = 5 if null else None, "1e-14" if real == "double" else "2e-6"
    if same:
        bound = "0"
    def elements(n):
        s = shapes[n]
        return size([T] + s[1:]) if null and n in null else size(s)
    ins = [i["name"] for i in model["inputs"]]
    outs = model["outputs"]
    xn = [("x%d" % k, elements(n)) for k, n in enumerate(ins)]
    given = re.search(r"_predict\((.*?)\)", text, re.S).group(1)
    types = re.findall(r"const (\w+) \*", given)
    yn = [("y%d" % k, elements(n)) for k, n in enumerate(outs)]
    return BATCH % {
        "name": name, "real": real, "n": SAMPLES,
        "x": "\n    ".join("static %s %s[%d];" % (kind, v, SAMPLES * n)
                          for kind, (v, n) in zip(types, xn)),
        "y": ", ".join("%s[%d]" % (v, SAMPLES * n) for v, n in yn),
        "z": ", ".join("z%s[%d]" % (v, SAMPLES * n) for v, n in yn),
        "fill": "\n    ".join("for (int i = 0; i < %d; i++) %s[i] = "
                         "(%s)((i * 37 %% 64) - 32) / 16;"
                         % (SAMPLES * n, v, kind)
                         for kind, (v, n) in zip(types, xn)),
        "xs": ", ".join(v for v, _ in xn), "ys": ", ".join(v for v, _ in yn),
        "t": "%d, " % T if null else "",
        "xi": ", ".join("%s + i * %d" % (v, n) for v, n in xn),
        "zi": ", ".join("z%s + i * %d" % (v, n) for v, n in yn),
        "compare": "\n    ".join("for (int i = 0; i < %d; i++) "
                            "bad |= differ(%s[i], z%s[i], %s);"
                            % (SAMPLES * n, v, v, bound) for v, n in yn)}


def timed(model, shapes):
    """Names of tensors whose first dimension is open, by shape."""
    if not any(i["shape"][0] is None for i in model["inputs"]):
        return set()
    names = {i["name"] for i in model["inputs"] if i["shape"][0] is None}
    for layer in model["layers"]:
        last = not layer.get("return_sequences", True)
        if any(n in names for n in layer["inputs"]) and not last:
            names.add(layer["name"])
    return names


def check(built, options, folder):
    """One program with the self-tests and batch tests of some models."""
    label = " ".join(options)
    real = "double" if "--type=double" in options else "float"
    source, calls, names = DIFFER, "", []
    for model, shapes in built:
        name = model["name"]
        null = timed(model, shapes)
        if null and "--unroll=full" in options:
            continue
        path = os.path.join(folder, name + ".json")
        write_model(path, model)
        status, _, err = rnnc(path, *options, "-o", path[:-4] + "c")
        if status:
            if "any number of timesteps needs" in err or "Flatten" in err:
                continue  # rightly refused
            report(False, "%s %s" % (name, label), err)
            continue
        source += '#define %s_SELFTEST\n#include "%s.c"\n' % (name.upper(),
                                                             name)
        with open(path[:-4] + "c") as f:
            text = f.read()
        source += batch_test(name, model, shapes, null, real, text,
                             "--reproducible" in options)
        calls += ('    printf("%s %%d %%d", %s_selftest(&e), batch_%s());'
                  ' printf(" %%g\\n", e);\n' % (name, name, name))
        names.append(name)
    source += ("#include <stdio.h>\nint main(void)\n{\n    double e;\n%s"
               "    return 0;\n}\n" % calls)
    program = os.path.join(folder, "all")
    with open(program + ".c", "w") as f:
        f.write(source)
    status, _, err = run([CC, "-std=c99", "-O1", "-Wall", "-Wextra", "-Werror",
                          *CFLAGS, "-o", program, program + ".c", "-lm"])
    if status:
        return report(False, "%s: compiles (%s...)" % (label, names[:1]), err)
    _, out, err = run([program])
    results = {line.split()[0]: line.split()[1:] for line in out.splitlines()}
    for name in names:
        selftest, batch, error = results.get(name, ("?", "?", "?"))
        report(selftest == "0" and batch == "0", "%s %s" % (name, label),
               "self-test %s, batch %s, max error %s %s"
               % (selftest, batch, error, err))


def main():
    models = []
    for k in range(COUNT):
        builder = Builder(random.Random(SEED * 1000003 + k),
                          "dag%d" % (SEED * 1000 + k))
        model = builder.build()
        models.append((model, builder.shapes))
    for start in range(0, COUNT, PER_PROGRAM):
        for kind in ("float", "double"):
            for unroll in ("full", "none"):
                with workspace() as folder:
                    check(models[start:start + PER_PROGRAM],
                          ["--type=" + kind, "--unroll=" + unroll], folder)
        with workspace() as folder:
            storage = ("bf16", "f16", "int8")[start // PER_PROGRAM % 3]
            check(models[start:start + PER_PROGRAM],
                  ["--weights=" + storage, "--reproducible"], folder)
    finish()


main()
