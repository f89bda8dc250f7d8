#!/usr/bin/env python3
"""Makes keras/keras2_*.json and keras/keras3_*.json: to_json() and weights of
small seeded models, with the framework's own predictions beside them.

    KERAS_BACKEND=jax python tests/formats/framework_keras.py    # Keras 3
    python tests/formats/framework_keras.py tf_keras             # Keras 2

Behind the module's name: only those models.
Run by hand where Keras is installed; the files are committed.
"""

import importlib
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
keras = importlib.import_module(sys.argv[1] if len(sys.argv) > 1 else "keras")
L = keras.layers
VERSION = keras.__version__
THREE = VERSION.startswith("3")
rng = np.random.RandomState(7)


def sequential(shape, *layers):
    return keras.Sequential([keras.Input(shape), *layers])


def functional():
    """Two inputs, two outputs, a shared layer, a model inside."""
    a, b = keras.Input((6, 3), name="signal"), keras.Input((4,), name="knobs")
    shared = L.Dense(4, activation="tanh", name="shared")
    inner = sequential((8,), L.Dense(3, name="inner"), L.Activation("gelu"))
    h, k = shared(L.LSTM(4, name="rec")(a)), shared(b)
    joined = L.Concatenate(name="joined")([L.Add(name="sum")([h, k]), b])
    return keras.Model([a, b], [inner(joined), L.Multiply(name="mix")([h, k])])


def two_directions():
    x = keras.Input((5, 2), name="x")
    both = L.Bidirectional(L.SimpleRNN(3), merge_mode=None, name="both")(x)
    return keras.Model(x, both)


def masked():
    """Masks from both makers, joined, and every layer that reads one."""
    x, tokens = keras.Input((6, 2), name="gaps"), keras.Input((6,),
                                                              name="tokens")
    a = L.Dense(3, name="d")(L.Masking(0.5, name="m")(x))
    b = L.Embedding(5, 3, mask_zero=True, name="e")(tokens)
    y = L.Concatenate(name="c")([L.Add(name="s")([a, b]), a])
    y = L.LSTM(3, return_sequences=True, return_state=True, name="l")(y)
    z = L.GRU(2, return_sequences=True, name="g")(y[0])
    z = L.Bidirectional(L.SimpleRNN(2, return_sequences=True), name="b")(z)
    return keras.Model([x, tokens], [
        L.GlobalAveragePooling1D(name="mean")(z),
        L.LSTM(3, name="last")(y[0], initial_state=y[1:])])
def attention():
    """Every way to score, over one sequence and over another."""
    x, z = keras.Input((4, 3), name="x"), keras.Input((5, 3), name="z")
    a = L.Attention(use_scale=True, name="dot")([x, z], use_causal_mask=True)
    b = L.Attention(score_mode="concat", name="concat")([a, z, z])
    c = L.AdditiveAttention(name="additive")([b, x])
    return keras.Model([x, z], L.Softmax(axis=1)(
        L.Dot(axes=(2, 1), name="product")([c, L.Permute((2, 1))(z)])))


def masked_attention():
    """Masks that attention reads and hands on; behind the first
    MultiHeadAttention there are none in Keras 3."""
    x, tokens = keras.Input((6, 2), name="gaps"), keras.Input((6,),
                                                              name="tokens")
    m = L.Masking(0.5, name="m")
    a, b = [L.Dense(4, name="d%d" % k)(m(x)) for k in range(2)]
    c = L.Embedding(5, 4, mask_zero=True, name="e")(tokens)
    y = L.Attention(use_scale=True, name="dot")([a, L.Embedding(
        5, 4, mask_zero=True, name="f")(tokens)])
    z = L.MultiHeadAttention(2, 3, dropout=0.1, name="other")(c, b)
    z = L.LayerNormalization(name="n")(L.Add(name="s")([c, z]))
    z = L.MultiHeadAttention(1, 2, name="own")(z, z, use_causal_mask=True)
    return keras.Model([x, tokens], [
        L.GlobalAveragePooling1D(name="mean")(y), y, z,
        L.GRU(2, name="g")(z)])


def heads():
    """Arguments by place and by name."""
    x, z = keras.Input((4, 3), name="x"), keras.Input((5, 2), name="z")
    a = L.MultiHeadAttention(2, 3, name="own")(x, x, use_causal_mask=True)
    b = L.MultiHeadAttention(2, 3, value_dim=4, output_shape=5, use_bias=False,
                             dropout=0.1, name="other")(a, z)
    c = L.MultiHeadAttention(1, 2, name="named")(query=b, key=z, value=z)
    return keras.Model([x, z], L.LayerNormalization(axis=1)(
        L.Add()([b, c])))


def scores():
    """The weights, too; of the last layer unread."""
    x = keras.Input((4, 3), name="x")
    a, s = L.Attention(use_scale=True, name="dot")(
        [x, x], return_attention_scores=True, use_causal_mask=True)
    b, t = L.MultiHeadAttention(2, 3, name="heads")(
        a, x, key=s, return_attention_scores=True)
    c, _ = L.AdditiveAttention(name="additive")(
        [b, x], return_attention_scores=True)
    return keras.Model(x, [b, c, s, t])


def cells(*kinds, **more):
    made = [getattr(L, kind)(units, **own) for kind, units, own in kinds]
    return L.RNN(made if len(made) > 1 else made[0], **more)


def cell_states():
    x = keras.Input((5, 2), name="x")
    y, h, c = cells(("LSTMCell", 3, {}), return_sequences=True,
                    return_state=True, name="rnn")(x)
    return keras.Model(x, [y, L.Concatenate(name="both")([h, c])])


def distributed():
    """A model, and layers that look at shapes, on every timestep."""
    x = keras.Input((3, 6, 5, 2), name="video")
    a = L.Input((6, 5, 2))
    b = L.Conv2D(2, 3, padding="same", activation="relu")(a)
    b = L.BatchNormalization()(L.Concatenate()([a, b]))
    frames = keras.Model(a, L.MaxPooling2D((2, 1))(b), name="frames")
    y = L.TimeDistributed(frames, name="each")(x)
    y = L.TimeDistributed(L.LayerNormalization(axis=1), name="rows")(y)
    y = L.TimeDistributed(L.Reshape((5, -1)), name="lines")(y)
    y = L.TimeDistributed(L.Bidirectional(L.LSTM(2)), name="both")(y)
    return keras.Model(x, L.GRU(3, name="gru")(y))


def sentences():
    """Of words, some of which are none: masked inside."""
    words = sequential((4,), L.Embedding(5, 3, mask_zero=True, name="e"),
                       L.Dropout(0.1), L.LSTM(2, name="words"))
    x = keras.Input((3, 4), name="tokens")
    return keras.Model(x, L.GRU(2, name="rows")(
        L.TimeDistributed(words, name="each")(x)))


def array(*shape):
    return (rng.randn(*shape) * 0.5).astype(np.float32)


def constants():
    """Numbers in operators, first states that are given."""
    x = keras.Input((5, 3), name="x")
    y = (2.0 - x) * array(3) + 0.25
    y = L.LSTM(4, name="lstm")(y, initial_state=[array(1, 4), array(1, 4)])
    return keras.Model(x, L.Dense(2, name="d")(y))


def constant_rows():
    """Arrays among the inputs of layers."""
    x = keras.Input((5, 3), name="x")
    y = L.Add(name="sum")([x, array(1, 5, 3)])
    y = L.Concatenate(axis=1, name="longer")([y, y])
    return keras.Model(x, L.GRU(3, name="gru")(
        L.Maximum(name="most")([y, array(1, 1, 3)])))


def functions():
    """Called on tensors, as no layer is."""
    x, (O, A) = keras.Input((6, 8), name="x"), (keras.ops, keras.activations)
    y = L.Dense(5, name="d")(O.glu(x)) + O.glu(
        L.ZeroPadding1D((2, 4), name="z")(L.Dense(5, name="e")(x)), axis=1)
    y = O.concatenate([
        O.tanh(y), A.sigmoid(y), O.leaky_relu(y, negative_slope=0.1),
        O.gelu(y), A.gelu(y), A.hard_sigmoid(y), O.elu(y, alpha=0.5),
        A.softmax(y), O.softmax(y, axis=1), O.log_softmax(y), O.relu6(y),
        y / 4.0, -y, A.relu(y, max_value=1.0), O.hard_shrink(y, threshold=0.25)], axis=-1)
    return keras.Model(x, L.LSTM(3, name="l")(y))


def tf_functions():
    """The same of Keras 2: TensorFlow's."""
    import tensorflow as tf
    x = keras.Input((6, 3), name="x")
    h = L.Dense(4, name="d")(x)
    y = tf.concat([
        tf.tanh(h), tf.nn.relu(h) * 2, 1.0 - tf.sigmoid(h), h / 4, -h,
        tf.nn.leaky_relu(h, alpha=0.1), tf.nn.gelu(h, approximate=True),
        tf.nn.gelu(h), tf.maximum(h, 0.25), h * h, h + np.eye(6, 4, dtype="f"),
        tf.nn.softmax(h, axis=1), tf.math.add_n([h, h, h]), tf.exp(h),
        tf.minimum(h, tf.nn.selu(h)), 2 * h - tf.nn.elu(h)], -1)
    return keras.Model(x, L.LSTM(3, name="l")(tf.concat([y, y], axis=1)))


def tensors():
    """Items, reductions, shapes: of Keras 3."""
    x, O = keras.Input((6, 4), name="x"), keras.ops
    h = L.Dense(4, activation="sigmoid", name="d")(x)
    y = O.concatenate([
        h[:, -1, :], h[:, 0], h[..., 1:3][:, 2], O.mean(h, axis=1),
        O.sum(h, axis=-1), O.max(h[:, 1:-1], axis=1), O.min(h, axis=[1])], 1)
    z = O.expand_dims(O.mean(h, axis=-1, keepdims=True)[:, ::2, 0], -1)
    z = O.concatenate([z, h[:, :3, None, 3] / (h[:, 3:, :1] + 1.0)], -1)
    w = O.reshape(O.transpose(O.stack([h, O.square(h)], axis=1), (0, 3, 1, 2)),
                  (-1, 8, 6))
    w = O.squeeze(w[:, 2:3], axis=1)
    e = O.concatenate([
        O.sqrt(h), O.log(h), O.abs(x), O.clip(x, -0.5, 0.75), x ** 2, h ** 3,
        1.0 / h, h ** -0.5, O.rsqrt(h), O.power(h, 0.5), abs(x) / h], axis=-1)
    return keras.Model(x, [y, z, w, L.GRU(3, name="g")(e)])


def tf_tensors():
    """The same of Keras 2: TensorFlow's, and its backend's."""
    import tensorflow as tf
    x, K = keras.Input((6, 4), name="x"), keras.backend
    h = L.Dense(4, activation="sigmoid", name="d")(x)
    y = tf.concat([
        h[:, -1, :], h[:, 0], h[..., 1:3][:, 2], tf.reduce_mean(h, axis=1),
        tf.reduce_sum(h, -1), K.max(h[:, 1:-1], axis=1),
        tf.reduce_min(h, axis=[1]), K.batch_flatten(h)], 1)
    z = tf.expand_dims(K.mean(h, -1, keepdims=True)[:, ::2, 0], -1)
    z = tf.concat([z, h[:, :3, None, 3] / (h[:, 3:, :1] + 1.0)], -1)
    w = tf.reshape(tf.transpose(tf.stack([h, tf.square(h)], 1), (0, 3, 1, 2)),
                   (-1, 8, 6))
    w = tf.squeeze(w[:, 2:3], axis=1)
    e = tf.concat([
        tf.sqrt(h), tf.math.log(h), tf.abs(x), K.clip(x, -0.5, 0.75), x ** 2,
        h ** 3, 1.0 / h, h ** -0.5, tf.math.rsqrt(h), K.pow(h, 0.5),
        abs(x) / h], axis=-1)
    return keras.Model(x, [y, z, w, L.GRU(3, name="g")(e)])


def last_of_any():
    """Any number of timesteps: the last, and what they amount to."""
    x = keras.Input((None, 3), name="x")
    h = L.LSTM(4, return_sequences=True, name="l")(x)
    if THREE:
        mean, most = keras.ops.mean, keras.ops.max
    else:
        import tensorflow as tf
        mean, most = tf.reduce_mean, tf.reduce_max
    return keras.Model(x, L.Dense(2, name="y")(L.Concatenate(name="c")([
        h[:, -1, :], mean(h, axis=1), most(h, axis=1),
        mean(h, axis=-1, keepdims=True)[:, -1],
        L.GlobalAveragePooling1D(name="a")(h)])))


def masked_functions():
    """What a function returns has no mask."""
    x = keras.Input((6, 2), name="gaps")
    h = L.GRU(3, return_sequences=True, name="g")(L.Masking(0.5, name="m")(x))
    if THREE:
        f, concat = keras.ops.tanh(h), keras.ops.concatenate
        softmax = keras.ops.softmax
    else:
        from tensorflow import concat, nn
        f, softmax = nn.tanh(h), nn.softmax
    return keras.Model(x, [
        L.LSTM(2, name="with")(h), L.LSTM(2, name="without")(f),
        L.LSTM(2, name="joined")(concat([f, h], -1)),
        L.LSTM(2, name="soft")(softmax(h)),
        L.LSTM(2, name="less")(0.75 - h), L.LSTM(2, name="times")(h * f)])


MODELS = {
    "gates": lambda: sequential(
        (6, 3), L.LSTM(4, return_sequences=True, recurrent_activation=(
            "hard_sigmoid")), L.GRU(3), L.Dense(2, activation="softmax")),
    "gru_before": lambda: sequential(
        (None, 2), L.GRU(3, reset_after=False, return_sequences=True,
                         stateful=False), L.TimeDistributed(L.Dense(2))),
    "gru_no_bias": lambda: sequential(
        (5, 2), L.GRU(3, use_bias=False, go_backwards=True)),
    "bidirectional": lambda: sequential(
        (5, 2), L.Bidirectional(L.LSTM(3, return_sequences=True)),
        L.Bidirectional(L.GRU(2), merge_mode="sum")),
    "convolution": lambda: sequential(
        (7, 2), L.Conv1D(4, 3, padding="causal", dilation_rate=2,
                         activation="relu"),
        L.BatchNormalization(), L.LeakyReLU(), L.ELU(0.5),
        L.ReLU(max_value=2.0), L.LayerNormalization(), L.Dropout(0.5),
        L.Flatten(), L.Dense(3, activation="selu")),
    "rectifiers": lambda: sequential(
        (5, 2), L.Dense(4, activation="elu"), L.PReLU(shared_axes=[1]),
        L.Reshape((10, 2)), L.Softmax()),
    "functional": functional,
    "two_directions": two_directions,
    "masked": masked,
    "masked_sequence": lambda: sequential(
        (6, 2), L.Masking(-1.0), L.GRU(3, return_sequences=True),
        L.TimeDistributed(L.Dense(2)), L.Flatten(), L.Dense(2)),
    "attention": attention,
    "heads": heads,
    "scores": scores,
    "cells": lambda: sequential(
        (5, 2), cells(("LSTMCell", 3, {}), ("GRUCell", 2, {}),
                      ("SimpleRNNCell", 4, {"use_bias": False}),
                      return_sequences=True), L.Dense(2)),
    "cell_states": cell_states,
    "masked_sequence_cells": lambda: sequential(
        (6, 2), L.Masking(-1.0), cells(
            ("GRUCell", 3, {"reset_after": False}), ("LSTMCell", 3, {}),
            return_sequences=True, go_backwards=True), L.Dense(2)),
    "cell": lambda: sequential(
        (5, 2), cells(("GRUCell", 3, {"activation": "relu"}), unroll=True)),
    "planes": lambda: sequential(
        (6, 5, 2), L.Conv2D(4, (3, 2), strides=(1, 2), groups=2,
                            padding="same", activation="relu"),
        L.SeparableConv2D(3, 2, depth_multiplier=2, dilation_rate=(2, 1)),
        L.Conv2DTranspose(2, 3, strides=2, padding="same"),
        L.DepthwiseConv2D((2, 3), strides=2, depth_multiplier=2,
                          use_bias=False), L.PReLU(),
        L.Conv2DTranspose(2, (2, 3), strides=(2, 3), output_padding=(1, 2)),
        L.UpSampling2D((1, 2), interpolation="bilinear")),
    "lines": lambda: sequential(
        (9, 2), L.SeparableConv1D(
            4, 3, padding="same" if THREE else "causal", dilation_rate=2),
        L.Conv1DTranspose(3, 2, strides=3, output_padding=2,
                          activation="tanh"),
        L.DepthwiseConv1D(3, strides=2, padding="same", depth_multiplier=2)),
}
MODELS["distributed"] = distributed
MODELS["flatten_channels"] = lambda: sequential(
    (2, 4, 3), L.Flatten(data_format="channels_first"), L.Dense(3))
MODELS["masked_attention"] = masked_attention
MODELS["frames_of_frames"] = lambda: sequential(
    (2, 3, 4, 2), L.TimeDistributed(L.TimeDistributed(L.Conv1D(3, 2))),
    L.TimeDistributed(sequential((3, 3, 3), L.TimeDistributed(sequential(
        (3, 3), L.GRU(2, return_sequences=True), L.Flatten())), L.LSTM(2))),
    L.GRU(2))
MODELS["sentences"] = sentences
MODELS["masked_rows"] = lambda: sequential(
    (6, 4, 2), L.Masking(0.5), L.TimeDistributed(L.LSTM(2)), L.Reshape((6, 2)),
    L.GRU(2))
MODELS["normalized"] = lambda: sequential(
    (4, 6), L.GroupNormalization(2, axis=1), L.Normalization(axis=None),
    L.Normalization(axis=None, mean=0.5, variance=2.0), L.Reshape((4, 2, 3)),
    L.Normalization(mean=-0.5, variance=[0.5, 1.0, 2.0] if 0 else 0.25),
    L.GroupNormalization(-1, axis=-3), L.GroupNormalization(1, axis=2),
    L.Flatten(), L.Normalization(mean=[0.25] * 24, variance=[2.0] * 24))
MODELS["masked_slices"] = lambda: sequential(  # in Keras 3 not in the next
    (6, 4, 2), L.TimeDistributed(sequential((4, 2), L.Masking(0.5), L.Dense(3))),
    L.TimeDistributed(L.LSTM(2, return_sequences=True)),
    L.TimeDistributed(L.GRU(2)))
MODELS["functions"] = functions if THREE else tf_functions
MODELS["tensors"] = tensors if THREE else tf_tensors
MODELS["last_of_any"] = last_of_any
MODELS["masked_functions"] = masked_functions
if THREE:
    MODELS["glu"] = lambda: sequential((5, 8), L.Dense(6), L.Activation("glu"),
                                       L.ReLU(), L.GlobalMaxPooling1D())
    MODELS["sparsemax"] = lambda: sequential(
        (5, 3), L.LSTM(4, return_sequences=True, activation="sparsemax"),
        L.Dense(5, activation="sparsemax"))
if THREE:
    MODELS["constants"], MODELS["constant_rows"] = constants, constant_rows
if THREE:  # which turns them, where a backend wants the channels last
    MODELS["channels_first"] = lambda: sequential(
        (2, 6, 5), L.Conv2D(3, (3, 2), data_format="channels_first"),
        L.MaxPooling2D((2, 1), data_format="channels_first"),
        L.BatchNormalization(axis=1),
        L.PReLU(shared_axes=[2, 3]),
        L.SpatialDropout2D(0.5, data_format="channels_first"),
        L.Conv2DTranspose(2, 2, data_format="channels_first"),
        L.ZeroPadding2D(((1, 0), (0, 2)), data_format="channels_first"),
        L.DepthwiseConv2D(2, data_format="channels_first"),
        L.UpSampling2D((1, 2), data_format="channels_first"),
        L.Reshape((2, -1)),
        L.SeparableConv1D(3, 2, data_format="channels_first"),
        L.AveragePooling1D(2, data_format="channels_first"),
        L.GlobalAveragePooling1D(data_format="channels_first",
                                 keepdims=True),
        L.GlobalMaxPooling1D(data_format="channels_first"))


def weights_of(model, where, document):
    """The ways in which people put weights beside to_json()."""
    arrays = {l.name: [w.tolist() for w in l.get_weights()]
              for l in model.layers if l.get_weights()}
    if where == "by name":
        return {"architecture": document, "weights": {
            l.name: {getattr(v, "path", v.name): v.numpy().tolist()
                     for v in l.weights} for l in model.layers if l.weights}}
    if where == "by layer":
        return {"architecture": document, "weights": arrays}
    if where == "one list":
        return {"model": document,
                "weights": [w.tolist() for w in model.get_weights()]}
    for layer in document["config"]["layers"]:
        name = layer["config"].get("name")
        if name in arrays:
            layer["weights"] = arrays[name]
    return document


def save(name, model, where):
    model.set_weights([
        (rng.randn(*w.shape) * 0.4 if w.ndim > 1 else
         np.abs(rng.randn(*w.shape)) * 0.4 + 0.05).astype(np.float32)
        for w in model.get_weights()])
    for layer in model.layers:  # Normalization computes with copies
        getattr(layer, "finalize_state", lambda: None)()
    x = [rng.randn(*[d or 4 for d in i.shape[1:]]) for i in model.inputs]
    for k, i in enumerate(model.inputs):
        if i.name.startswith("tokens"):
            x[k] = np.array([0, 3, 1, 0, 4, 0.0])
        if len(i.shape) == 3 and i.name.startswith("tokens"):
            x[k] = np.array([[1, 3, 0, 0], [4, 0, 2, 1], [0, 0, 0, 0.0]])
    if name.startswith("masked"):  # tokens and gaps share the fourth
        x[0][[0, 1, 3]] = -1 if "sequence" in name else 0.5
    if name == "masked_rows":
        x[0][4, 2:] = 0.5
    y = model.predict([v[None] for v in x] if len(x) > 1 else x[0][None],
                      verbose=0)
    several = isinstance(y, (list, tuple))
    y = [np.asarray(v)[0].tolist() for v in (y if several else [y])]
    if isinstance(model, keras.Sequential):
        inputs, outputs = ["x"], [model.layers[-1].name]
    else:
        inputs = [i.name.split(":")[0] for i in model.inputs]
        outputs = None
    document = weights_of(model, where, json.loads(model.to_json()))
    if name == "sparsemax":  # which Keras' own JSON leaves open
        document["keras_version"] = VERSION
    stem = os.path.join(HERE, "keras", "keras%s_%s" % (VERSION[0], name))
    with open(stem + ".json", "w") as f:
        json.dump(document, f)
        f.write("\n")
    with open(stem + ".samples", "w") as f:
        json.dump([{"inputs": dict(zip(inputs, [v.tolist() for v in x])),
                    "outputs": dict(zip(outputs, y)) if outputs else y,
                    "atol": 1e-6, "note": "Keras " + VERSION}], f)
        f.write("\n")


def main():
    os.makedirs(os.path.join(HERE, "keras"), exist_ok=True)
    ways = ["by layer", "one list", "in the layers"]
    for k, (name, make) in enumerate(MODELS.items()):
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        keras.utils.set_random_seed(k)
        save(name, make(), "by name" if name == "lines" else ways[k % 3])


if __name__ == "__main__":
    main()
