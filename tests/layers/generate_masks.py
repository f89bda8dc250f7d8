#!/usr/bin/env python3
"""The cases with masks, in numpy, from Keras' documentation and source.

At a masked timestep a recurrent layer keeps its states and repeats its last
output, which is 0 before the first timestep that counts; the mean over
timesteps leaves it out. A mask goes on through layers that work on single
timesteps; merges join masks.
"""

import numpy as np

from generate import attention_scores, dense, inputs, random, run_cell, save, \
    softmax, tolist, weight

GATES = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}
STATES = {"SimpleRNN": 1, "LSTM": 2, "GRU": 1}


def mask_of(x, value=0.0):
    return (x != value).any(-1)


def walk(kind, x, mask, w, first=None, backwards=False, zero=False):
    """(outputs, last states) of a masked layer; rows in the order walked."""
    U = w["recurrent_kernel"].shape[0]
    states = first or [np.zeros(U)] * STATES[kind]
    y, outputs = np.zeros(U), []
    for t in (range(len(x))[::-1] if backwards else range(len(x))):
        if mask[t]:
            out, states = run_cell(kind, x[t:t + 1], w, states, False)
            y = out[0]
        outputs.append(np.zeros(U) if zero and not mask[t] else y)
    return np.array(outputs), states


def weights(kind, F, U):
    n = GATES[kind]
    return {"kernel": weight(F, n * U), "recurrent_kernel": weight(U, n * U),
            "bias": weight(*[2] * (kind == "GRU"), n * U, scale=0.3)}


def rnn(kind, name, U, w, **keys):
    return {"type": kind, "name": name, **keys, "units": U,
            "weights": tolist(w)}


def masked_input(T, F, rows, value=0.0):
    x = inputs(T, F)
    x[rows] = value
    return x


# Timesteps that do not count: in front, between, at the end; all of them.
ROWS = [[0, 1, 4], [3, 5], [], [0, 1, 2, 3, 4, 5]]


def save_masked():
    """Masking in front of each recurrent layer, with its options."""
    for kind in GATES:
        for sequences, backwards, zero, value in [
                (False, False, False, 0.0), (True, False, False, -1.0),
                (True, False, True, 0.1), (True, True, True, 0.0),
                (True, True, False, 0.0), (False, True, False, 0.0)]:
            w, samples = weights(kind, 2, 3), []
            seen = float(np.float32(value))
            for rows in ROWS:
                x = masked_input(6, 2, rows, seen)
                y, _ = walk(kind, x, mask_of(x, seen), w, None, backwards, zero)
                samples.append(({"x": x}, {"y": y if sequences else y[-1]}))
            save("Masking", "masking_%s%s%s%s" % (
                kind.lower(), "_sequences" * sequences,
                "_backwards" * backwards, "_zero" * zero), [
                {"type": "Masking", "name": "m", "mask_value": value},
                rnn(kind, "y", 3, w, return_sequences=sequences,
                    go_backwards=backwards, zero_output_for_mask=zero)],
                {"x": (6, 2)}, samples, ["y"])


def save_masked_states():
    """First states from inputs and last states for outputs."""
    for kind, n in STATES.items():
        w, samples = weights(kind, 2, 3), []
        for rows in ROWS:
            x = masked_input(6, 2, rows)
            first = [inputs(3) for _ in range(n)]
            y, last = walk(kind, x, mask_of(x), w, first)
            samples.append(({"x": x, **dict(zip("hc", first))},
                            {"y": np.concatenate([y.ravel(), *last])}))
        shapes = {p: v.shape for p, v in samples[0][0].items()}
        save(kind, "%s_masked_states" % kind.lower(), [
            {"type": "Masking", "name": "m", "inputs": ["x"]},
            rnn(kind, "y", 3, w, inputs=["m", *list(shapes)[1:]],
                return_sequences=True, return_state=True)],
            shapes, samples, ["y"])
        # The sequence of a layer that returns its states keeps its mask.
        v, samples = weights(kind, 3, 2), []
        for rows in ROWS:
            x = masked_input(6, 2, rows)
            y, last = walk(kind, x, mask_of(x), w)
            z, _ = walk(kind, y, mask_of(x), v)
            samples.append(({"x": x}, {"z": z[-1], "h": last[-1]}))
        save(kind, "%s_masked_rows" % kind.lower(), [
            {"type": "Masking", "name": "m"},
            rnn(kind, "y", 3, w, return_sequences=True, return_state=True),
            {"type": "Slice", "name": "s", "from": 0, "to": 18},
            {"type": "Reshape", "name": "r", "target_shape": [6, 3]},
            rnn(kind, "z", 2, v),
            {"type": "Slice", "name": "h", "inputs": ["y"], "from": -3}],
            {"x": (6, 2)}, samples, ["z", "h"])


def save_explicit():
    """A mask that is an input of the model."""
    for kind in GATES:
        w, samples = weights(kind, 2, 3), []
        for _ in range(3):
            x, mask = inputs(5, 2), random.randint(0, 2, (5, 1)).astype(float)
            y, _ = walk(kind, x, mask[:, 0] != 0, w)
            samples.append(({"x": x, "mask": mask}, {"y": y}))
        save(kind, "%s_mask_input" % kind.lower(), [
            rnn(kind, "y", 3, w, inputs=["x", "mask"], masked=True,
                return_sequences=True)],
            {"x": (5, 2), "mask": (5, 1)}, samples, ["y"], null=True)


def save_embedded():
    """Embedding(mask_zero) over tokens, and Bidirectional, which lets masked
    outputs be 0."""
    table = weight(6, 3, scale=1.0)
    embedding = {"type": "Embedding", "name": "e", "input_dim": 6,
                 "output_dim": 3, "mask_zero": True,
                 "weights": tolist({"embeddings": table})}
    for kind in GATES:
        both = [weights(kind, 3, 2) for _ in range(2)]
        last, samples = weights(kind, 4, 2), []
        for tokens in [[0, 0, 3, 5, 0], [1, 2, 3, 0, 0], [4, 4, 1, 2, 5]]:
            tokens = np.array(tokens, float)
            mask, e = tokens != 0, table[tokens.astype(int)]
            rows = [walk(kind, e, mask, w, None, b, True)[0][::-1 if b else 1]
                    for b, w in enumerate(both)]
            y, _ = walk(kind, np.concatenate(rows, 1), mask, last)
            samples.append(({"x": tokens}, {"y": y[-1]}))
        inner = [{"type": kind, "units": 2, "return_sequences": True,
                  "weights": tolist(w)} for w in both]
        inner[1]["go_backwards"] = True
        save("Embedding", "mask_zero_%s" % kind.lower(), [
            embedding,
            {"type": "Bidirectional", "name": "b", "layer": inner[0],
             "backward_layer": inner[1]}, rnn(kind, "y", 2, last)],
            {"x": (5,)}, samples, ["y"])


def save_led():
    """What hands a mask on, and what drops it."""
    w = weights("SimpleRNN", 2, 3)
    d = {"kernel": weight(2, 2), "bias": weight(2)}
    for name, more, keeps in [
            ("dropout", {"type": "Dropout", "rate": 0.5}, True),
            ("rescaling", {"type": "Rescaling", "scale": 2.0}, True),
            ("padding", {"type": "ZeroPadding1D", "padding": 1}, False),
            ("flat", {"type": "Reshape", "target_shape": [6, 2]}, False)]:
        samples = []
        for rows in ROWS:
            x = masked_input(6, 2, rows)
            y = dense(x, d, np.tanh) * (2 if name == "rescaling" else 1)
            mask = mask_of(x)
            if name == "padding":
                y = np.pad(y, [(1, 1), (0, 0)])
            y, _ = walk("SimpleRNN", y, mask if keeps else [True] * len(y), w)
            samples.append(({"x": x}, {"y": y}))
        save("Masking", "mask_through_" + name, [
            {"type": "Masking", "name": "m"},
            {"type": "Dense", "name": "d", "units": 2, "activation": "tanh",
             "weights": tolist(d)},
            dict(more, name="more"), rnn("SimpleRNN", "y", 3, w,
                                         return_sequences=True)],
            {"x": (6, 2)}, samples, ["y"])


def save_joined():
    """Merges of two masked inputs, and of one masked and one that is not."""
    merges = {"Add": lambda a, b: a + b,
              "Concatenate": lambda a, b: np.concatenate([a, b], 1)}
    for kind, merge in merges.items():
        for rule in "any", "all":
            for second in True, False:
                F = 4 if kind == "Concatenate" else 2
                w, samples = weights("SimpleRNN", F, 3), []
                for one, two in zip(ROWS, [[0, 2], [5], [1], [0, 5]]):
                    a, b = masked_input(6, 2, one), masked_input(6, 2, two)
                    masks = [mask_of(a)] + [mask_of(b)] * second
                    if rule == "any" and not second:
                        masks.append(np.full(6, True))
                    mask = (np.any if rule == "any" else np.all)(masks, 0)
                    y, _ = walk("SimpleRNN", merge(a, b), mask, w)
                    samples.append(({"a": a, "b": b}, {"y": y}))
                save(kind, "%s_masks_%s%s" % (kind.lower(), rule,
                                              "_one" * (not second)), [
                    {"type": "Masking", "name": "m", "inputs": ["a"]},
                    {"type": "Masking" if second else "Dropout", "name": "n",
                     "inputs": ["b"]},
                    {"type": kind, "name": "s", "inputs": ["m", "n"],
                     "masks": rule},
                    rnn("SimpleRNN", "y", 3, w, return_sequences=True)],
                    {"a": (6, 2), "b": (6, 2)}, samples, ["y"])


def save_parts():
    """The layers that masks are made of, each alone."""
    x = masked_input(6, 2, ROWS[0], 0.5)
    mask = mask_of(x, 0.5)[:, None]
    save("Masking", "masking", [
        {"type": "Masking", "name": "y", "mask_value": 0.5}], {"x": (6, 2)},
        [({"x": x}, {"y": x * mask})], ["y"])
    save("Masking", "masking_any_timesteps", [
        {"type": "Masking", "name": "y", "mask_value": 0.5}], {"x": (6, 2)},
        [({"x": x}, {"y": x * mask})], ["y"], null=True)
    for each in False, True:
        y = (x != 0.5)[..., None] if each else mask
        save("Mask", "mask" + "_each" * each, [
            {"type": "Mask", "name": "y", "value": 0.5, "each": each}],
            {"x": (6, 2)}, [({"x": x}, {"y": y.astype(float)})], ["y"])
    save("ApplyMask", "apply_mask", [
        {"type": "ApplyMask", "name": "y", "inputs": ["x", "mask"]}],
        {"x": (6, 2), "mask": (6, 1)},
        [({"x": x, "mask": mask.astype(float)}, {"y": x * mask})], ["y"])
    for keep in False, True:
        samples = []
        for rows in ROWS[:3]:
            x = masked_input(6, 2, rows)
            y = x[mask_of(x)].mean(0, keepdims=keep)
            samples.append(({"x": x}, {"y": y}))
        save("GlobalAveragePooling1D", "global_average_masked" + "_kept" * keep,
             [{"type": "Masking", "name": "m"},
              {"type": "GlobalAveragePooling1D", "name": "y",
               "keepdims": keep}], {"x": (6, 2)}, samples, ["y"])


def save_open_means():
    """Of any number of timesteps, those that count: more than one block of
    256, and none of the first block."""
    samples = []
    for T, rows in (1, []), (2, [0]), (7, [0, 6]), (100, range(0, 100, 3)), (
            600, range(300)):
        x = masked_input(T, 2, list(rows))
        samples.append(({"x": x}, {"y": x[mask_of(x)].mean(0)}))
    save("GlobalAveragePooling1D", "global_average_masked_any_timesteps",
         [{"type": "Masking", "name": "m"},
          {"type": "GlobalAveragePooling1D", "name": "y"}], {"x": (7, 2)},
         samples, ["y"], null=True)


def attend(scores, value, counts, none):
    """(means of the values, weights) where only some keys count."""
    less = (scores - 1e9).astype(np.float32) if none == "scores" else -1e9
    weights = softmax(np.where(counts, scores, less))
    if none == "zero":
        weights = weights * counts
    return weights @ value, weights


def attend_heads(q, v, k, w, counts, none):
    def project(x, name):
        return np.einsum("tf,fhk->htk", x, w[name + "_kernel"])

    size = np.sqrt(w["key_kernel"].shape[-1])
    heads = [attend(a @ b.T / size, c, counts, none) for a, b, c in zip(
        project(q, "query"), project(k, "key"), project(v, "value"))]
    return np.einsum("htv,hvo->to", np.array([h[0] for h in heads]),
                     w["attention_output_kernel"]), [h[1] for h in heads]


def save_attended():
    """Attention over masked queries, values and keys: a key's mask of its own
    counts in MultiHeadAttention only."""
    kinds = [("Attention", "scores"), ("AdditiveAttention", "scores"),
             ("MultiHeadAttention", "even"), ("MultiHeadAttention", "zero"),
             ("MultiHeadAttention", "scores")]
    for index, (kind, none) in enumerate(kinds):
        heads, mode = kind == "MultiHeadAttention", "dot" * (index == 0)
        w = {n + "_kernel": weight(2, 2, 3) for n in
             ("query", "key", "value")} if heads else {"scale": weight(
                 1 if kind == "Attention" else 2)}
        if heads:
            w["attention_output_kernel"] = weight(2, 3, 4)
        own = {"num_heads": 2, "key_dim": 3, "use_bias": False,
               "output_shape": [4], "unattended": none} if heads \
            else {"use_scale": True}
        for which in "q", "qv", "vk", "qvk":
            causal, both = index % 2 == (which == "qv"), len(which) > 1
            samples = []
            for rows in ROWS:
                xs = [masked_input(4, 2, [r for r in rows if r < 4]),
                      masked_input(5, 2, [r for r in rows if r < 5]),
                      masked_input(5, 2, [1, 2] if len(rows) < 4 else [])]
                masks = [mask_of(x) if p in which else np.ones(len(x), bool)
                         for p, x in zip("qvk", xs)]
                q, v, k = xs
                counts = np.tile(masks[1], (4, 1))
                if heads:
                    counts &= masks[0][:, None] & masks[2]
                if causal:
                    counts &= np.tri(4, 5, dtype=bool)
                if heads:
                    y, weights = attend_heads(q, v, k, w, counts, none)
                else:
                    y, weights = attend(attention_scores(kind, q, k, w, mode),
                                        v, counts, none)
                    y = y * masks[0][:, None]
                if both:
                    y = np.concatenate([y.ravel(), np.ravel(weights)])
                samples.append((dict(zip("qvk", xs)), {"y": y}))
            layers = [{"type": "Masking", "name": "m" + p, "inputs": [p]}
                      for p in which]
            layers.append({
                "type": kind, "name": "y", **own, "use_causal_mask": causal,
                "return_attention_scores": both, "weights": tolist(w),
                "inputs": ["m" * (p in which) + p for p in "qvk"]})
            save(kind, "%s_masked_%s_%s" % (kind.lower(), none, which), layers,
                 {"q": (4, 2), "v": (5, 2), "k": (5, 2)}, samples, ["y"])


def save_attended_masks():
    """Masks that are inputs; what follows from a query's mask; and Keras 3's
    MultiHeadAttention, behind which its inputs are masked no more."""
    xs = [inputs(4, 2), inputs(5, 2)]
    masks = [np.array([[1], [0], [1], [1.0]]), np.array([[0], [1], [1], [0], [1.0]])]
    y, _ = attend(xs[0] @ xs[1].T, xs[1], masks[1][:, 0] != 0, "scores")
    save("Attention", "attention_mask_inputs", [
        {"type": "Attention", "name": "y", "inputs": ["q", "v", "a", "b"],
         "query_masked": True, "masked": True}],
        {"q": (4, 2), "v": (5, 2), "a": (4, 1), "b": (5, 1)},
        [(dict(zip("qvab", xs + masks)), {"y": y * masks[0]})], ["y"])
    w = {n + "_kernel": weight(2, 1, 2) for n in ("query", "key", "value")}
    w["attention_output_kernel"] = weight(1, 2, 2)
    cell = weights("SimpleRNN", 2, 3)
    for drops in False, True:
        samples = []
        for rows in ROWS[:3]:
            x = masked_input(6, 2, rows)
            mask = mask_of(x)
            counts = mask[:, None] & mask
            y = x + attend_heads(x, x, x, w, counts, "even")[0]
            if drops:
                counts[:] = True
            y = y + attend_heads(y, y, y, w, counts, "even")[0]
            samples.append(({"x": x}, {"z": walk(
                "SimpleRNN", y, mask, cell)[0][-1]}))
        block = {"type": "MultiHeadAttention", "num_heads": 1, "key_dim": 2,
                 "use_bias": False, "drops_masks": drops, "weights": tolist(w)}
        save("MultiHeadAttention", "multi_head_attention_twice"
             + "_dropped" * drops, [
                 {"type": "Masking", "name": "m"},
                 {"type": "Dropout", "name": "d", "rate": 0.5},
                 dict(block, name="a", inputs=["d", "d"]),
                 {"type": "Add", "name": "s", "inputs": ["m", "a"]},
                 dict(block, name="b", inputs=["s", "s"]),
                 {"type": "Add", "name": "y", "inputs": ["s", "b"]},
                 rnn("SimpleRNN", "z", 3, cell)],
             {"x": (6, 2)}, samples, ["z"])


def main():
    random.seed(20261124)
    save_masked()
    save_masked_states()
    save_explicit()
    save_embedded()
    save_led()
    save_joined()
    save_parts()
    save_attended()
    save_attended_masks()
    save_open_means()


main()
