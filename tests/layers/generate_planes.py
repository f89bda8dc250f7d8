#!/usr/bin/env python3
"""The convolutions beside Conv1D, in numpy, from Keras' documentation.

One dimension is two with one column. A convolution pads its input and takes
windows; a transposed one stuffs its input with zeros and is a convolution with
the kernel turned round, of which a part is kept.
"""

import numpy as np

from generate import ACTIVATIONS, inputs, random, save, tolist, weight


def pad_same(size, window, step, spacing):
    span = (window - 1) * spacing + 1
    total = max(0, (-(-size // step) - 1) * step + span - size)
    return total // 2, total - total // 2


def windows(x, size, strides, dilation, padding):
    """[rows][columns][taps][features] of a padded plane."""
    pads = [(0, 0), (0, 0)]
    if padding == "same":
        pads = [pad_same(x.shape[k], size[k], strides[k], dilation[k])
                for k in range(2)]
    elif padding == "causal":
        pads = [((size[0] - 1) * dilation[0], 0), (0, 0)]
    x = np.pad(x, (*pads, (0, 0)))
    span = [(size[k] - 1) * dilation[k] for k in range(2)]
    return np.array([[
        x[r:r + span[0] + 1:dilation[0], c:c + span[1] + 1:dilation[1]]
        .reshape(-1, x.shape[2])
        for c in range(0, x.shape[1] - span[1], strides[1])]
        for r in range(0, x.shape[0] - span[0], strides[0])])


def conv(x, w, o):
    kh, kw, _, filters = w["kernel"].shape
    view = windows(x, (kh, kw), o["strides"], o["dilation"], o["padding"])
    groups = o.get("groups", 1)
    kernel = w["kernel"].reshape(kh * kw, -1, filters)
    parts = [np.einsum("rctf,tfu->rcu", a, b) for a, b in zip(
        np.split(view, groups, axis=3), np.split(kernel, groups, axis=2))]
    return np.concatenate(parts, axis=2) + w.get("bias", 0)


def depthwise(x, w, o):
    kh, kw, features, times = w["depthwise_kernel"].shape
    view = windows(x, (kh, kw), o["strides"], o["dilation"], o["padding"])
    y = np.einsum("rctf,tfm->rcfm", view, w["depthwise_kernel"].reshape(
        kh * kw, features, times))
    y = y.reshape(*y.shape[:2], features * times)
    if "pointwise_kernel" in w:
        y = y @ w["pointwise_kernel"][0, 0]
    return y + w.get("bias", 0)


def kept(full, size, window, step, padding, more):
    """What Keras keeps of `full` elements: how many, from where."""
    if padding == "valid":
        length = full + (max(window, step) - window if more is None else more)
        return length, 0
    length = size * step if more is None else \
        (size - 1) * step + window % 2 + more
    return length, max(0, full - length) // 2


def transposed(x, w, o):
    kh, kw, filters, features = w["kernel"].shape
    step, spacing = o["strides"], o["dilation"]
    stuffed = np.zeros([(x.shape[k] - 1) * step[k] + 1 for k in range(2)]
                       + [features])
    stuffed[::step[0], ::step[1]] = x
    span = [(n - 1) * d + 1 for n, d in zip((kh, kw), spacing)]
    stuffed = np.pad(stuffed, [(s - 1, s - 1) for s in span] + [(0, 0)])
    view = windows(stuffed, (kh, kw), (1, 1), spacing, "valid")
    kernel = w["kernel"][::-1, ::-1].reshape(kh * kw, filters, features)
    full = np.einsum("rctf,tuf->rcu", view, kernel)
    more = o.get("output_padding") or (None, None)
    for k in range(2):
        length, start = kept(full.shape[k], x.shape[k], span[k], step[k],
                             o["padding"], more[k])
        full = np.moveaxis(full, k, 0)
        short = max(0, start + length - len(full))
        full = np.pad(full, ((0, short), (0, 0), (0, 0)))[start:start + length]
        full = np.moveaxis(full, 0, k)
    return full + w.get("bias", 0)


RUN = {"Conv": conv, "DepthwiseConv": depthwise, "SeparableConv": depthwise,
       "ConvTranspose": transposed}


def draw(kind, size, F, U, times, groups, bias):
    """Seeded weights; size of two."""
    if kind == "Conv":
        w = {"kernel": weight(*size, F // groups, U, scale=0.4)}
    elif kind == "ConvTranspose":
        w = {"kernel": weight(*size, U, F, scale=0.4)}
    else:
        w = {"depthwise_kernel": weight(*size, F, times, scale=0.4)}
    if kind == "SeparableConv":
        w["pointwise_kernel"] = weight(1, 1, F * times, U, scale=0.4)
    if bias:
        w["bias"] = weight(F * times if kind == "DepthwiseConv" else U,
                           scale=0.3)
    return w


def save_case(kind, axes, name, shape, size, U=2, strides=None, dilation=None,
              padding="valid", groups=1, times=1, more=None, activation=None,
              bias=True, null=False, count=2):
    """axes: 1 or 2; size, strides, dilation, more: of as many."""
    def pair(value):
        return (*value, 1)[:2] if value else (1, 1)

    F = shape[-1]
    w = draw(kind, pair(size), F, U, times, groups, bias)
    options = {"strides": pair(strides), "dilation": pair(dilation),
               "padding": padding, "groups": groups}
    if more is not None:
        options["output_padding"] = (*more, 0)[:2]
    spec, function = ACTIVATIONS[activation or "linear"]
    op = kind.replace("Conv", "Conv%dD" % axes)
    layer = {"type": op, "name": "y", "kernel_size": list(size)}
    if kind != "DepthwiseConv":
        layer["filters"] = U
    for key, value in (("strides", strides), ("dilation_rate", dilation),
                       ("output_padding", more)):
        if value is not None:
            layer[key] = list(value) if len(set(value)) > 1 or \
                random.rand() < 0.5 else value[0]
    for key, value, usual in (("padding", padding, "valid"),
                              ("groups", groups, 1),
                              ("depth_multiplier", times, 1),
                              ("activation", activation and spec, None),
                              ("use_bias", bias, True)):
        if value != usual:
            layer[key] = value
    stored = dict(w)
    if axes == 1:  # no columns
        stored.update({n: a[:, 0] for n, a in w.items() if n != "bias"})
    layer["weights"] = tolist(stored)
    samples = []
    for k in range(count):
        x = inputs(shape[0] + 3 * k * null, *shape[1:])
        plane = x[:, None] if axes == 1 else x
        y = function(RUN[kind](plane, w, options))
        samples.append(({"x": x}, {"y": y[:, 0] if axes == 1 else y}))
    save(op, "%s_%s" % (op.lower(), name), [layer], {"x": shape}, samples,
         ["y"], null)


def save_planes():
    kinds = ("Conv", "DepthwiseConv", "SeparableConv", "ConvTranspose")
    shapes = [((3, 3), (1, 1), (1, 1)), ((1, 1), (1, 1), (1, 1)),
              ((2, 3), (2, 1), (1, 1)), ((2, 2), (3, 2), (1, 1)),
              ((3, 2), (1, 1), (2, 1)), ((1, 4), (1, 3), (1, 1)),
              ((2, 2), (2, 2), (1, 2))]
    for kind in kinds:
        save_case(kind, 2, "defaults", (4, 5, 2), (2, 2), U=3)
        for k, (size, strides, dilation) in enumerate(shapes):
            padding = ("valid", "same")[k % 2 ^ (kind == "ConvTranspose")]
            save_case(kind, 2, "%s_%dx%d_%d%d_%d%d" % (
                padding, *size, *strides, *dilation), (5, 5, 2), size,
                strides=strides, dilation=dilation, padding=padding, count=1)
        save_case(kind, 2, "no_bias", (3, 3, 2), (2, 2), bias=False)
        save_case(kind, 2, "softmax", (3, 3, 2), (2, 2), U=3,
                  activation="softmax")
        save_case(kind, 2, "relu", (3, 4, 3), (2, 3), padding="same",
                  activation="relu")
        save_case(kind, 2, "one_feature", (4, 3, 1), (2, 2), U=1)
        save_case(kind, 2, "same", (4, 3, 2), (3, 2), padding="same",
                  strides=(2, 1), activation="tanh", count=1)
    save_case("Conv", 2, "groups", (4, 4, 4), (2, 2), U=6, groups=2)
    save_case("Conv", 2, "groups_all", (4, 4, 3), (3, 2), U=3, groups=3,
              padding="same")
    for kind in ("DepthwiseConv", "SeparableConv"):
        save_case(kind, 2, "multiplier", (4, 4, 3), (2, 2), times=2,
                  padding="same", activation="tanh")
    for padding in ("valid", "same"):
        for k, (size, strides, more) in enumerate([
                ((3, 3), (2, 2), (0, 0)), ((3, 3), (2, 3), (1, 2)),
                ((2, 4), (3, 2), (2, 1)), ((1, 1), (2, 3), (1, 0))]):
            save_case("ConvTranspose", 2, "more_%s_%d" % (padding, k),
                      (3, 3, 2), size, strides=strides, more=more,
                      padding=padding, count=1)


def save_lines():
    for kind in ("DepthwiseConv", "SeparableConv", "ConvTranspose"):
        causal = kind != "ConvTranspose"
        save_case(kind, 1, "defaults", (7, 3), (3,), U=4)
        for padding in ("valid", "same", "causal")[:2 + causal]:
            for size, strides, dilation in ((1, 1, 1), (3, 1, 2), (4, 1, 1),
                                            (2, 2, 1), (3, 3, 1), (5, 2, 1)):
                save_case(kind, 1, "%s_%d_%d_%d" % (padding, size, strides,
                                                    dilation), (9, 2), (size,),
                          U=3, strides=(strides,), dilation=(dilation,),
                          padding=padding, count=1)
        save_case(kind, 1, "no_bias", (5, 2), (2,), bias=False)
        save_case(kind, 1, "softmax", (5, 2), (2,), U=3, activation="softmax",
                  padding="causal" if causal else "valid")
        save_case(kind, 1, "relu", (5, 3), (2,), U=3, activation="relu",
                  padding="same")
        save_case(kind, 1, "wide", (4, 5), (3,), U=9, activation="tanh",
                  padding="causal" if causal else "same", count=1)
        if not causal:
            continue
        save_case(kind, 1, "multiplier", (6, 3), (3,), times=2, U=2,
                  padding="causal", activation="tanh")
        save_case(kind, 1, "causal_any", (5, 2), (3,), U=3, times=2,
                  dilation=(2,), padding="causal", null=True)
        save_case(kind, 1, "causal_long", (40, 2), (3,), U=2, dilation=(8,),
                  padding="causal", null=True)
        save_case(kind, 1, "no_tap", (1, 2), (2,), U=3, dilation=(2,),
                  padding="same")
    for k, (size, strides, more) in enumerate(((3, 2, 0), (3, 2, 1),
                                               (2, 3, 2), (1, 4, 1))):
        for padding in ("valid", "same"):
            save_case("ConvTranspose", 1, "more_%s_%d" % (padding, k), (4, 2),
                      (size,), strides=(strides,), more=(more,),
                      padding=padding, count=1)


# ---- UpSampling2D: keras.ops.image.resize's kernels, which are TensorFlow's


def sinc(n):
    return n, lambda d: np.where(np.abs(d) < n, np.sinc(d) * np.sinc(d / n), 0)


def keys(d):
    """Keys' cubic of a = -1/2, as R. Keys writes it in 1981."""
    d, a = np.abs(d), -0.5
    return np.where(d <= 1, (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1,
                    np.where(d < 2, a * d ** 3 - 5 * a * d ** 2 + 8 * a * d
                             - 4 * a, 0))


KERNELS = {"bilinear": (1, lambda d: np.maximum(0, 1 - np.abs(d))),
           "bicubic": (2, keys), "lanczos3": sinc(3), "lanczos5": sinc(5)}


def resize(x, axis, times, kernel):
    """A matrix [outputs][inputs] of normalized weights."""
    places = (np.arange(x.shape[axis] * times) + 0.5) / times - 0.5
    w = kernel(places[:, None] - np.arange(x.shape[axis]))
    w /= w.sum(axis=1, keepdims=True)
    return np.moveaxis(np.tensordot(w, x, (1, axis)), 0, axis)


def save_up():
    for name, (_, kernel) in KERNELS.items():
        for shape, size in (((3, 4, 2), (2, 2)), ((4, 3, 1), (3, 1)),
                            ((1, 4, 2), (2, 3)), ((4, 2, 1), (1, 5))):
            x = inputs(*shape)
            y = resize(resize(x, 0, size[0], kernel), 1, size[1], kernel)
            save("UpSampling2D", "up_sampling_2d_%s_%dx%d" % (name, *size),
                 [{"type": "UpSampling2D", "name": "y", "size": list(size),
                   "interpolation": name}], {"x": shape},
                 [({"x": x}, {"y": y})], ["y"])


def save_slopes():
    """PReLU with slopes of its own for every element, or shared."""
    for shape, alpha in (((4, 3), (4, 3)), ((4, 3), (4, 1)), ((3,), (3,)),
                         ((2, 3, 2), (1, 1, 2)), ((2, 3, 2), (1, 3, 1)),
                         ((2, 3, 2), (2, 1, 2)), ((2, 3, 2), (1, 3, 2)),
                         ((2, 3, 2), (3, 2)), ((4, 3), (1, 1, 3))):
        x, w = inputs(*shape), weight(*alpha, scale=0.5)
        slopes = w.reshape(alpha[-len(shape):])
        save("PReLU", "prelu_of_%s_by_%s" % (
            "x".join(map(str, shape)), "x".join(map(str, alpha))),
            [{"type": "PReLU", "name": "y", "weights": {"alpha": w.tolist()}}],
            {"x": shape}, [({"x": x}, {"y": np.where(x < 0, slopes * x, x)})],
            ["y"])


def save_pads():
    """Pooling whose windows reach over the edges, as PyTorch pads: what is
    outside does not count."""
    for kind, reduce in ("Max", np.nanmax), ("Average", np.nanmean):
        for shape, size, step, pads in (
                ((7, 2), (3,), (2,), (1,)), ((8, 2), (3,), (1,), (1,)),
                ((6, 5, 2), (3, 2), (2, 1), (1, 0)),
                ((4, 5, 1), (2, 3), (2, 2), (1, 1))):
            x, axes = inputs(*shape), len(shape) - 1
            padded = np.pad(x, [(p, p) for p in pads] + [(0, 0)],
                            constant_values=np.nan)
            view = np.lib.stride_tricks.sliding_window_view(
                padded, size, tuple(range(axes)))
            view = view[tuple(slice(None, None, s) for s in step)]
            y = reduce(view, axis=tuple(range(-axes, 0)))
            op = "%sPooling%dD" % (kind, axes)
            save(op, "%s_pads_%s" % (op.lower(), "x".join(map(str, shape))),
                 [{"type": op, "name": "y", "pool_size": list(size),
                   "strides": list(step), "pads": list(pads)}], {"x": shape},
                 [({"x": x}, {"y": y})], ["y"])


def save_grouped():
    """Transposed convolutions in groups: each one of its own."""
    for axes, shape, size in ((1, (4, 4), (3,)), (2, (3, 2, 6), (2, 3))):
        pair = (*size, 1)[:2]
        w = {"kernel": weight(*pair, 3, shape[-1], scale=0.4),
             "bias": weight(6, scale=0.3)}
        options = {"strides": (2, 1 if axes == 1 else 2), "dilation": (1, 1),
                   "padding": "valid"}
        x = inputs(*shape)
        plane = x if axes == 2 else x[:, None]
        y = np.concatenate([
            transposed(part, {"kernel": kernel}, options) for part, kernel in
            zip(np.split(plane, 2, -1), np.split(w["kernel"], 2, -1))], -1)
        y = y + w["bias"]
        if axes == 1:
            w["kernel"], y = w["kernel"][:, 0], y[:, 0]
        op = "Conv%dDTranspose" % axes
        save(op, "%s_groups" % op.lower(), [
            {"type": op, "name": "y", "filters": 6, "groups": 2,
             "kernel_size": list(size), "strides": list(
                 options["strides"][:axes]), "weights": tolist(w)}],
            {"x": shape}, [({"x": x}, {"y": y})], ["y"])


def save_groups():
    """Groups of 2, 4, 8 features and filters; of others, filled up to 4 and 8;
    of so many that each has a tile."""
    for axes, shape, size in ((1, (9,), (3,)), (2, (4, 3), (2, 2))):
        for F, U, groups in ((16, 16, 8), (12, 12, 6), (16, 16, 4), (12, 12, 3),
                             (16, 16, 2), (12, 12, 4), (6, 12, 2), (10, 14, 2),
                             (20, 20, 2), (4, 66, 2), (6, 3, 3)):
            save_case("Conv", axes, "groups_%d_%d_%d" % (F, U, groups),
                      (*shape, F), size, U=U, groups=groups,
                      padding="causal" if axes == 1 else "same",
                      bias=F != 12, count=1)


def main():
    random.seed(20260303)
    save_planes()
    save_lines()
    save_up()
    save_slopes()
    save_pads()
    save_grouped()
    save_groups()


if __name__ == "__main__":
    main()
