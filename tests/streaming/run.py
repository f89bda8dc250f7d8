#!/usr/bin/env python3
"""Mixed networks, one timestep at a time.

Random chains of convolutions, pooling, padding, cropping, upsampling and
recurrences, with paths beside them. The self-test holds predict and step
against the interpreter, which knows whole sequences only. Besides:

  * what step returns after t timesteps is the last row that the interpreter
    computes for a sequence cut off there; process agrees with step, however
    it is split; before the first row outputs are 0;
  * latency, receptive field and stride of models where they can be worked out
    by hand, and of which inputs outputs depend on, by trying;
  * models that cannot stream say why.
"""

import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from support import CC, CFLAGS, finish, report, rnnc, run, \
    selftest_program, workspace, write_model

COUNT = int(os.environ.get("COUNT", "40"))
SEED = int(os.environ.get("SEED", "1"))


def weights(rng, *shape):
    if len(shape) == 1:
        return [rng.randint(-48, 48) / 64 for _ in range(shape[0])]
    return [weights(rng, *shape[1:]) for _ in range(shape[0])]


class Builder:
    """A chain; self.end is its last layer, with `width` features."""

    def __init__(self, seed):
        self.rng, self.layers, self.repeats = random.Random(seed), [], False
        self.end, self.width, self.timesteps = "x", 2, 24

    def add(self, kind, inputs=None, width=None, **more):
        name = "l%d" % len(self.layers)
        self.layers.append({"type": kind, "name": name,
                            "inputs": inputs or [self.end], **more})
        self.end, self.width = name, width or self.width
        return name

    def conv(self, size=None, padding=None, **more):
        rng, size = self.rng, size or self.rng.randint(1, 4)
        filters = rng.randint(1, 3)
        self.add("Conv1D", width=filters, filters=filters, kernel_size=size,
                 padding=padding or rng.choice(["valid", "causal"]),
                 activation=rng.choice(["linear", "tanh"]), **more, weights={
                     "kernel": weights(rng, size, self.width, filters),
                     "bias": weights(rng, filters)})

    def plain(self):
        self.conv()

    def strided(self):
        self.conv(strides=self.rng.randint(2, 3))

    def dilated(self):
        self.conv(dilation_rate=self.rng.randint(2, 3))

    def pool(self):
        self.add(self.rng.choice(["MaxPooling1D", "AveragePooling1D"]),
                 pool_size=self.rng.randint(1, 3),
                 strides=self.rng.choice([1, 2]))

    def padded(self):
        """Causal by hand."""
        size = self.rng.randint(2, 4)
        self.add("ZeroPadding1D", padding=[self.rng.randint(0, size - 1), 0])
        self.conv(size, "valid")

    def chomped(self):
        """Padded on both sides, and cut off behind."""
        size = self.rng.randint(2, 3)
        self.add("ZeroPadding1D", padding=size - 1)
        self.conv(size, "valid")
        self.add("Cropping1D", cropping=[0, size - 1])

    def crop(self):
        self.add("Cropping1D", cropping=[self.rng.randint(0, 2),
                                         self.rng.randint(0, 1)])

    def dense(self):
        units = self.rng.randint(1, 3)
        self.add("Dense", width=units, units=units, activation="tanh",
                 weights={"kernel": weights(self.rng, self.width, units),
                          "bias": weights(self.rng, units)})

    def recurrent(self, sequences=True):
        kind, gates = self.rng.choice([("SimpleRNN", 1), ("LSTM", 4)])
        units = self.rng.randint(1, 3)
        self.add(kind, width=units, units=units, return_sequences=sequences,
                 weights={
                     "kernel": weights(self.rng, self.width, gates * units),
                     "recurrent_kernel": weights(self.rng, units,
                                                 gates * units),
                     "bias": weights(self.rng, gates * units)})

    def beside(self):
        """A convolution and its input, cut to fit, side by side."""
        size, before = self.rng.randint(2, 4), self.end
        self.conv(size, "valid")
        after, width = self.end, self.width
        front = self.rng.randint(0, size - 1)
        self.end = before
        cropped = self.add("Cropping1D",
                           cropping=[front, size - 1 - front])
        total = width + self.width_of(before)
        self.add("Concatenate", inputs=[after, cropped], width=total)

    def width_of(self, name):
        return 2 if name == "x" else self.widths[name]

    def slow(self):
        """Down to half the rate and up again."""
        self.conv(2, "causal", strides=2)
        self.add("UpSampling1D", size=2)
        self.repeats = True

    def build(self, name):
        kinds = [self.plain, self.strided, self.dilated, self.pool,
                 self.padded, self.chomped, self.crop, self.dense,
                 self.recurrent, self.beside]
        self.widths = {}
        if self.rng.random() < 0.2:
            self.slow()
        for _ in range(self.rng.randint(1, 5)):
            self.widths[self.end] = self.width
            self.rng.choice(kinds)()
        outputs = [self.end]
        if self.rng.random() < 0.4:
            self.recurrent(False)
            outputs = [self.end] + outputs[:self.rng.randint(0, 1)]
        return {"format": "rnnc", "version": 1, "name": name,
                "inputs": [{"name": "x", "shape": [self.timesteps, 2]}],
                "layers": self.layers, "outputs": outputs}


def with_timesteps(model, timesteps):
    return dict(model, inputs=[{"name": "x", "shape": [timesteps, 2]}])


def compute(folder, model, x):
    """What the interpreter makes of x; None where a layer has no output."""
    path = os.path.join(folder, "run.json")
    write_model(path, with_timesteps(model, len(x)))
    status, out, _ = rnnc(path, "--run", "-", input=json.dumps({"x": x}))
    return None if status else json.loads(out)


def describe(path):
    status, out, err = rnnc(path, "--check", "--report=json")
    return json.loads(out) if not status else {"streams": False, "why": err}


# ---- Random models -----------------------------------------------------------

DRIVER = """
#include "%(name)s.c"
#include <stdio.h>
#define T %(timesteps)d
int main(void)
{
    static float x[T * 2], %(declare)s;
    %(name)s_state s;
    for (int i = 0; i < T * 2; i++)
        scanf("%%f", &x[i]);
    %(name)s_reset(&s);
    for (int t = 0; t < T; t++)
        %(name)s_step(&s, x + t * 2, %(step)s);
    %(name)s_reset(&s);
    %(name)s_process(&s, x, %(first)s, 5);
    %(name)s_state copy = s;
    %(name)s_process(&copy, x + 10, %(second)s, T - 5);
    %(print)s
    return 0;
}
"""


def drive(folder, model, sizes, x):
    """[[output of every timestep] for every output], by step and process."""
    count = range(len(sizes))
    text = DRIVER % {
        "name": model["name"], "timesteps": len(x),
        "declare": ", ".join("a%d[T * %d], b%d[T * %d]" % (k, n, k, n)
                             for k, n in enumerate(sizes)),
        "step": ", ".join("a%d + t * %d" % (k, sizes[k]) for k in count),
        "first": ", ".join("b%d" % k for k in count),
        "second": ", ".join("b%d + %d" % (k, 5 * sizes[k]) for k in count),
        "print": "\n    ".join(
            'for (int i = 0; i < T * %d; i++)\n'
            '        printf("%%.9g %%d\\n", a%d[i], a%d[i] == b%d[i]);'
            % (sizes[k], k, k, k) for k in count)}
    path = os.path.join(folder, "driver")
    with open(path + ".c", "w") as f:
        f.write(text)
    status, _, err = run([CC, "-std=c99", "-O1", "-Wall", "-Wextra",
                          "-Werror", *CFLAGS, "-o", path, path + ".c"])
    if status:
        return None, err
    status, out, err = run([path], input=" ".join(
        "%r" % v for row in x for v in row))
    values, same = [], True
    for line in out.splitlines():
        value, equal = line.split()
        values.append(float(value))
        same &= equal == "1"
    rows, at = [], 0
    for n in sizes:
        rows.append([values[at + t * n:at + t * n + n]
                     for t in range(len(x))])
        at += len(x) * n
    return rows, "" if same and not status else "process differs " + err


def last_row(value):
    return value[-1] if isinstance(value[0], list) else value


def close(got, want):
    return all(abs(g - w) <= 2e-5 * max(1, abs(w))
               for g, w in zip(got, want, strict=True))


def check_prefixes(folder, model, told, repeats):
    """step against sequences that end earlier."""
    x = [[random.Random(t * 2 + f).uniform(-1, 1) for f in range(2)]
         for t in range(24)]
    sizes = [o["shape"][-1] for o in told["outputs"]]
    rows, problem = drive(folder, model, sizes, x)
    if problem:
        return problem
    for t in (5, 11, 14, 17, 22, 23):
        whole = compute(folder, model, x[:t + 1])
        for k, output in enumerate(told["outputs"]):
            if whole is None and t < output.get("delay", 0) and \
                    any(rows[k][t]):
                return "timestep %d is not 0 yet" % t
            if whole is None or (repeats and t % 2 == 0):
                continue
            want = last_row(whole[output["name"]])
            if not close(rows[k][t], want):
                return "timestep %d: %s, expected %s" % (t, rows[k][t], want)
    return ""


def check_random(count):
    with workspace() as folder:
        names, built = [], []
        while len(built) < count:
            builder = Builder(SEED * 1000 + len(names))
            model = builder.build("m%d" % len(names))
            names.append(model["name"])
            path = os.path.join(folder, model["name"] + ".json")
            write_model(path, model)
            told = describe(path)
            if told["streams"]:
                built.append((model, told, builder.repeats))
        report(len(names) <= 2 * count, "most of the models stream",
               "%d of %d" % (count, len(names)))
        for options in (["--unroll=none"], ["--unroll=full"],
                        ["--unroll=none", "--type=double"]):
            for model, _, _ in built:
                rnnc(os.path.join(folder, model["name"] + ".json"), *options,
                     "-o", os.path.join(folder, model["name"] + ".c"))
            done, err = selftest_program([m["name"] for m, _, _ in built],
                                         folder)
            failed = [m["name"] for m, _, _ in built
                      if not done or not done[m["name"]][0]]
            report(not failed, "predict and step, %s" % " ".join(options),
                   "%s %s" % (failed, err))
            if "--type=double" in options:
                continue
            for model, told, repeats in built:
                problem = check_prefixes(folder, model, told, repeats)
                report(not problem, "as of shorter sequences: %s %s"
                       % (model["name"], options[0]), problem)


# ---- By hand -----------------------------------------------------------------


def conv(size, **more):
    return {"type": "Conv1D", "filters": 2, "kernel_size": size, **more,
            "weights": {"kernel": weights(random.Random(size), size, 2, 2),
                        "bias": [0.5, -0.5]}}


def depthwise(size, **more):
    return {"type": "DepthwiseConv1D", "kernel_size": size, **more,
            "weights": {"depthwise_kernel": weights(random.Random(size), size,
                                                    2, 1),
                        "bias": [0.5, -0.5]}}


def separable(size, **more):
    rng = random.Random(size)
    return {"type": "SeparableConv1D", "filters": 2, "kernel_size": size,
            **more, "weights": {
                "depthwise_kernel": weights(rng, size, 2, 1),
                "pointwise_kernel": weights(rng, 1, 2, 2),
                "bias": [0.5, -0.5]}}


def lstm(**more):
    rng = random.Random(7)
    return {"type": "LSTM", "units": 2, **more, "weights": {
        "kernel": weights(rng, 2, 8), "recurrent_kernel": weights(rng, 2, 8),
        "bias": weights(rng, 8)}}


def pool(size, **more):
    return {"type": "AveragePooling1D", "pool_size": size, **more}


def pad(before, behind=0):
    return {"type": "ZeroPadding1D", "padding": [before, behind]}


def crop(before, behind=0):
    return {"type": "Cropping1D", "cropping": [before, behind]}


UP = {"type": "UpSampling1D", "size": 2}
# layers: (delay, stride, receptive field)
TOLD = [
    ([conv(3, padding="causal")], (0, 1, 3)),
    ([conv(3)], (2, 1, 3)),
    ([conv(3, dilation_rate=2)], (4, 1, 5)),
    ([conv(2, padding="causal", dilation_rate=d) for d in (1, 2, 4, 8)],
     (0, 1, 16)),
    ([conv(4, padding="causal", strides=2)], (0, 2, 4)),
    ([conv(4, strides=2), conv(2, strides=2)], (5, 4, 6)),
    ([depthwise(3, padding="causal"), separable(2)], (1, 1, 4)),
    ([depthwise(3, strides=2)], (2, 2, 3)),
    ([separable(3, padding="causal", strides=3)], (0, 3, 3)),
    ([conv(1, strides=3)], (0, 3, 1)),
    ([conv(2, padding="same", strides=2)], (1, 2, 2)),
    ([pool(2)], (1, 2, 2)),
    ([pool(3, strides=1)], (2, 1, 3)),
    ([pool(2, padding="same")], (1, 2, 2)),
    ([pad(2), conv(3)], (0, 1, 3)),
    ([pad(1), conv(3)], (1, 1, 3)),
    ([pad(2), pool(3, strides=1)], (0, 1, 3)),
    ([pad(2, 2), conv(3), crop(0, 2)], (0, 1, 3)),
    ([conv(3, padding="same"), crop(0, 1)], (1, 1, 3)),
    ([pool(2), pad(1), conv(2)], (1, 2, 4)),
    ([crop(3)], (3, 1, 1)),
    ([crop(0, 3)], (3, 1, 1)),
    ([crop(2), conv(3, padding="causal")], (2, 1, 3)),
    ([crop(1), pad(1), conv(2)], (1, 1, 2)),
    ([conv(2, padding="causal", strides=2), UP], (0, 1, 3)),
    ([dict(UP, size=1)], (0, 1, 1)),
    ([conv(3), lstm(return_sequences=True)], (2, 1, None)),
    ([pool(2), lstm(return_sequences=True)], (1, 2, None)),
]
W = {"kernel": weights(random.Random(3), 2, 2),
     "recurrent_kernel": weights(random.Random(4), 2, 2), "bias": [0.5, 0]}
RNN = {"type": "SimpleRNN", "units": 2, "return_sequences": True}
REASONS = [
    ([{"type": "Bidirectional", "layer": {**RNN, "weights": W},
       "backward_layer": {**RNN, "go_backwards": True, "weights": W}}],
     "go_backwards starts at the last timestep"),
    ([{**RNN, "go_backwards": True, "weights": W}],
     "go_backwards starts at the last timestep"),
    ([{"type": "GlobalMaxPooling1D"}], "it looks at all timesteps at once"),
    ([{"type": "GlobalAveragePooling1D"}],
     "it looks at all timesteps at once"),
    ([conv(3, padding="same")], "its padding looks ahead"),
    ([conv(3, padding="same"), lstm()], "its padding looks ahead"),
    ([pool(3, strides=1, padding="same")], "its first windows are not whole"),
    ([pad(0, 1)], "its padding looks ahead"),
    ([pad(1)], "zeros before the first timestep are left over"),
    ([pad(1), lstm()], "zeros"),
    ([pad(3), conv(3)],
     "more zeros stand before the first timestep than it covers"),
    ([UP], "it makes several timesteps of one"),
    ([pool(2), UP], "its last timesteps come after those of the input"),
    ([{"type": "Flatten"}], ""),
    ([crop(0, 1), pool(2)],
     "it strides over timesteps that are cut off at the end"),
    ([{"type": "Permute", "dims": [2, 1]}],
     "it moves elements between timesteps"),
    ([{"type": "Reshape", "target_shape": [12, 4]}],
     "it moves elements between timesteps"),
    ([{"type": "Softmax", "axis": 1}], ""),
    ([{"type": "Reverse"}], "it starts with the last timestep"),
    ([{"type": "Attention", "inputs": ["x", "x"]}], ""),
    ([conv(2), {"type": "Reshape", "target_shape": [-1, 2], "name": "a",
                "inputs": ["x"]},
      conv(2, strides=2, inputs=["x"]), {"type": "Concatenate", "axis": 1,
                                         "inputs": ["a", "l2"]}],
     "it puts sequences one after the other"),
]


def by_hand(name, layers, timesteps=24):
    layers = [dict(layer) for layer in layers]
    for k, layer in enumerate(layers):
        layer.setdefault("name", "l%d" % k)
        if k == 0:
            layer.setdefault("inputs", ["x"])
    return {"format": "rnnc", "version": 1, "name": name,
            "inputs": [{"name": "x", "shape": [timesteps, 2]}],
            "layers": layers, "outputs": [layers[-1]["name"]]}


def reach(folder, model, output):
    """(latest input timestep less that of the row, length) of what rows
    depend on: every timestep is altered in turn."""
    x = [[0.25, -0.5] for _ in range(24)]
    base = compute(folder, model, x)[output["name"]]
    seen = [[] for _ in base]
    for t in range(24):
        other = x[:t] + [[0.75, 0.25]] + x[t + 1:]
        changed = compute(folder, model, other)[output["name"]]
        for row, (a, b) in enumerate(zip(base, changed, strict=True)):
            if a != b:
                seen[row].append(t)
    rows = [(r, s) for r, s in enumerate(seen) if s]
    return (max(s[-1] - r * output["stride"] for r, s in rows),
            max(s[-1] - s[0] + 1 for _, s in rows))


def check_told():
    with workspace() as folder:
        for k, (layers, want) in enumerate(TOLD):
            model = by_hand("told%d" % k, layers)
            path = os.path.join(folder, "told%d.json" % k)
            write_model(path, model)
            told = describe(path)
            label = " ".join(layer["type"] for layer in layers)
            output = told["outputs"][0] if told["streams"] else {}
            got = (output.get("delay"), output.get("stride"),
                   told.get("receptive_field"))
            report(got == want and told["latency"] == want[0],
                   "latency, stride, field %d: %s" % (k, label),
                   "%s, expected %s" % (got, want))
            if got != want or want[2] is None:
                continue
            late, field = reach(folder, model, output)
            cut = any(layer["type"] == "Cropping1D" for layer in layers)
            report(field <= want[2] and (field == want[2] or UP in layers) and
                   (late == want[0] or (cut and late < want[0])),
                   "depends on that %d: %s" % (k, label),
                   "%s, %s" % (late, field))
        for unroll in "none", "full":
            names = ["told%d" % k for k in range(len(TOLD))]
            for name in names:
                path = os.path.join(folder, name)
                rnnc(path + ".json", "--unroll=" + unroll, "-o", path + ".c")
            done, err = selftest_program(names, folder)
            failed = [n for n in names if not done or not done[n][0]]
            report(not failed, "predict and step of those: " + unroll,
                   "%s %s" % (failed, err))


BATCH = """
static int batch_%(name)s(void)
{
    static float x[9 * 48], y[9 * %(size)d], z[%(size)d];
    int bad = 0;
    for (int i = 0; i < 9 * 48; i++)
        x[i] = (float)(i * 37 %% 64 - 32) / 32;
    %(name)s_predict_batch(x, y, 9);
    for (int k = 0; k < 9; k++) {
        %(name)s_predict(x + k * 48, z);
        for (int i = 0; i < %(size)d; i++) {
            float d = z[i] - y[k * %(size)d + i];
            bad |= !(d < 1e-5f && d > -1e-5f);
        }
    }
    return bad;
}
"""


def check_batch():
    """predict_batch, whose lanes may be samples, agrees with predict."""
    with workspace() as folder:
        text, calls, names = "#include <stdio.h>\n", "", []
        for k, (layers, _) in enumerate(TOLD):
            model = by_hand("told%d" % k, layers)
            path = os.path.join(folder, model["name"])
            write_model(path + ".json", model)
            size = 1
            for n in describe(path + ".json")["outputs"][0]["shape"]:
                size *= n
            rnnc(path + ".json", "-o", path + ".c")
            text += '#include "%s.c"\n' % model["name"]
            text += BATCH % {"name": model["name"], "size": size}
            calls += '    if (batch_%s())\n        puts("%s");\n' % (
                model["name"], model["name"])
            names.append(model["name"])
        program = os.path.join(folder, "batch")
        with open(program + ".c", "w") as f:
            f.write("%sint main(void)\n{\n%s    return 0;\n}\n"
                    % (text, calls))
        status, _, err = run([CC, "-std=c99", "-O1", *CFLAGS, "-o", program,
                              program + ".c"])
        out = "" if status else run([program])[1]
        report(not status and not out and len(names) > 20,
               "predict_batch of %d models" % len(names), err + out)


def gathered():
    """Global pooling, which any number of timesteps make a stream of."""
    mean, most = ({"type": "Global%sPooling1D" % word}
                  for word in ("Average", "Max"))
    masked = [{"type": "Masking"}, mean]
    for layers in ([mean], [most], masked, [conv(3, strides=2), mean],
                   [pool(2), conv(2, padding="causal"), most],
                   [lstm(return_sequences=True), dict(mean, keepdims=True)],
                   [lstm(return_sequences=True), {"type": "Slice", "from": -1}],
                   [conv(2, strides=2), {"type": "ReduceSum"}],
                   [pool(2), {"type": "ReduceMin", "keepdims": True}],
                   [conv(2), {"type": "TimeDistributed", "layer": dense_of(2)},
                    most]):
        yield layers


def dense_of(units):
    return {"type": "Dense", "units": units, "weights": {
        "kernel": weights(random.Random(9), 2, units), "bias": [0.25] * units}}


def check_gathered():
    """step is what predict is of the sequence so far, and predict_batch of
    several: the interpreter knows whole sequences only."""
    with workspace() as folder:
        for k, layers in enumerate(gathered()):
            model = by_hand("gathered%d" % k, layers, None)
            path = os.path.join(folder, model["name"])
            write_model(path + ".json", model)
            told = describe(path + ".json")
            label = " ".join(layer["type"] for layer in layers)
            report(told["streams"] and told["receptive_field"] is None,
                   "streams, looks back on all: " + label, str(told))
            rnnc(path + ".json", "-o", path + ".c")
            problem = check_prefixes(folder, model, told, False)
            report(not problem, "as of shorter sequences: " + label, problem)


LONG = """
#include "mean.c"
#include <stdio.h>

static float x[1 << 22];

int main(void)
{
    unsigned seed = 1;
    double sum = 0;
    float y[1];
    for (int i = 0; i < 1 << 22; i++) {
        seed = seed * 1664525u + 1013904223u;
        x[i] = 1 + (float)(seed >> 8) / (1 << 24);
        sum += x[i];
    }
    mean_predict(x, 1 << 22, y);
    printf("%.9g\\n", y[0] / (sum / (1 << 22)) - 1);
    return 0;
}
"""


def check_long_mean():
    """The mean of four million numbers, in float: one sum would be off by 5e-5,
    having few digits left."""
    with workspace() as folder:
        model = by_hand("mean", [{"type": "GlobalAveragePooling1D"}], None)
        model["inputs"][0]["shape"] = [None, 1]
        path = os.path.join(folder, "mean")
        write_model(path + ".json", model)
        rnnc(path + ".json", "-o", path + ".c")
        with open(path + "_long.c", "w") as f:
            f.write(LONG)
        status, _, err = run([CC, "-std=c99", "-O2", *CFLAGS, "-o", path,
                              path + "_long.c"])
        out = "" if status else run([path])[1]
        report(out and abs(float(out)) < 1e-6, "a long mean", err + out)


def check_reasons():
    with workspace() as folder:
        for k, (layers, why) in enumerate(REASONS):
            model = by_hand("why%d" % k, layers)
            path = os.path.join(folder, "why.json")
            write_model(path, model)
            status, out, err = rnnc(path, "-o", "-")
            report(status == 0 and "_step(" not in out and why in out and
                   "cannot run one" in out, "no step: %s %s"
                   % (layers[0]["type"], why), err + out[:1500])


def main():
    check_told()
    check_batch()
    check_gathered()
    check_long_mean()
    check_reasons()
    check_random(COUNT)
    finish()


main()
