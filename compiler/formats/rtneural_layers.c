/* formats/rtneural_layers.c -- the layers of an RTNeural file. Their weights
 * are Keras' get_weights(), so nothing is reordered. */

#include <math.h>

#include "rtneural.h"

/* ---- What layers share --------------------------------------------------- */

static int last_dim(const Shape *s)
{
    return s->dim[s->rank - 1];
}

/* How many units the weights were made for must be what "shape" says. */
static bool check_units(const RtLayer *l, int gates)
{
    const Values *kernel = &l->weight[0];
    int columns = last_dim(&kernel->shape);
    if (columns == gates * l->units)
        return true;
    At shape = at_key(l->at, "shape");
    if (columns % gates == 0)
        error_at(l->b->src, &shape,
                 "the shape says %d units, but the weights are for %d: the "
                 "kernel has shape %s",
                 l->units, columns / gates,
                 shape_text(l->b->src->arena, &kernel->shape));
    else
        error_at(l->b->src, l->weight_at[0],
                 "the kernel has shape %s, expected %d columns for %d units",
                 shape_text(l->b->src->arena, &kernel->shape), gates * l->units,
                 l->units);
    return false;
}

static Node *add(const RtLayer *l, const char *op)
{
    return build_layer(l->b, op, l->name, l->at);
}

static void weigh(const RtLayer *l, Node *n, const char *name, int index)
{
    if (index < l->weights)
        build_weight(l->b, n, name, l->weight_at[index], l->weight[index]);
}

static void activate(const RtLayer *l, Node *n)
{
    if (*l->activation)
        build_activation(n, "activation", l->activation, NULL, NULL, NAN);
}

/* A layer without an activation of its own gets one behind it. */
static void activate_behind(const RtLayer *l)
{
    if (*l->activation)
        activate(l, add(l, "Activation"));
}

/* ---- Layers -------------------------------------------------------------- */

static bool read_dense(RtLayer *l)
{
    if (!check_units(l, 1))
        return false;
    Node *n = add(l, "Dense");
    build_int(n, "units", l->units);
    build_bool(n, "use_bias", l->weights == 2);
    weigh(l, n, "kernel", 0);
    weigh(l, n, "bias", 1);
    activate(l, n);
    return true;
}

static bool read_recurrent(RtLayer *l, const char *op, int gates)
{
    if (!check_units(l, gates))
        return false;
    Node *n = add(l, op);
    build_int(n, "units", l->units);
    build_bool(n, "return_sequences", true);
    weigh(l, n, "kernel", 0);
    weigh(l, n, "recurrent_kernel", 1);
    weigh(l, n, "bias", 2);
    convention(l->b->g,
               "%s: %s with tanh and sigmoid, whatever \"activation\" says; "
               "gates in Keras' order; return_sequences",
               n->name, op);
    return true;
}

static bool read_lstm(RtLayer *l)
{
    return read_recurrent(l, "LSTM", 4);
}

/* TensorFlow 2's, which the bias [2, 3 units] shows. */
static bool read_gru(RtLayer *l)
{
    bool ok = read_recurrent(l, "GRU", 3);
    if (ok) {
        build_bool(l->b->g->last, "reset_after", true);
        convention(l->b->g, "%s: reset_after is true in RTNeural",
                   l->b->g->last->name);
    }
    return ok;
}

/* A size that RTNeural writes as [3], and may leave out. */
static bool read_size(const RtLayer *l, const char *key, int fallback, int *out)
{
    At list = at_key(l->at, key);
    *out = fallback;
    if (!list.json && fallback > 0)
        return true;
    if (!at_is_array(&list))
        return want_int(l->b->src, &list, 1, MAX_DIM, out);
    At item = at_item(&list, json_first(list.json), 0);
    if (json_size(list.json) == 1)
        return want_int(l->b->src, &item, 1, MAX_DIM, out);
    error_at(l->b->src, &list, "expected 1 size, got %d", json_size(list.json));
    return false;
}

static bool read_conv1d(RtLayer *l)
{
    int size, dilation, groups;
    bool ok = read_size(l, "kernel_size", 0, &size);
    ok &= read_size(l, "dilation", 1, &dilation);
    ok &= read_size(l, "groups", 1, &groups);
    if (!ok || !check_units(l, 1))
        return false;
    Node *n = add(l, "Conv1D");
    build_int(n, "filters", l->units);
    build_int(n, "kernel_size", size);
    build_int(n, "dilation_rate", dilation);
    build_int(n, "groups", groups);
    build_choice(n, "padding", "causal");
    weigh(l, n, "kernel", 0);
    weigh(l, n, "bias", 1);
    activate(l, n);
    convention(l->b->g, "%s: padding is causal, as RTNeural runs it", n->name);
    return true;
}

/* gamma, beta, mean and variance, or the last two. */
static bool read_batchnorm(RtLayer *l)
{
    double epsilon;
    At at = at_key(l->at, "epsilon");
    bool affine = l->weights == 4;
    if (l->weights == 3) {
        error_at(l->b->src, l->weight_at[0],
                 "expected 2 tensors (mean, variance) or 4, got 3");
        return false;
    }
    if (!want_number(l->b->src, &at, &epsilon) || !check_units(l, 1))
        return false;
    Node *n = add(l, "BatchNormalization");
    build_number(n, "epsilon", epsilon);
    build_bool(n, "scale", affine);
    build_bool(n, "center", affine);
    if (affine) {
        weigh(l, n, "gamma", 0);
        weigh(l, n, "beta", 1);
    }
    weigh(l, n, "moving_mean", l->weights - 2);
    weigh(l, n, "moving_variance", l->weights - 1);
    activate_behind(l);
    return true;
}

/* Slopes [1, units], or [1, 1] for all. */
static bool read_prelu(RtLayer *l)
{
    Values *alpha = &l->weight[0];
    int64_t count = shape_size(&alpha->shape);
    if (count != 1 && count != l->units) {
        error_at(l->b->src, l->weight_at[0],
                 "expected 1 slope or %d, got shape %s", l->units,
                 shape_text(l->b->src->arena, &alpha->shape));
        return false;
    }
    Node *n = add(l, "PReLU");
    *alpha = values_reshape(*alpha, shape1((int)count));
    weigh(l, n, "alpha", 0);
    activate_behind(l);
    return true;
}

static bool read_activation(RtLayer *l)
{
    activate(l, add(l, "Activation"));
    return true;
}

const RtType rt_types[] = {
    {"dense", "dense", read_dense, 1, 2, {0}},
    {"time-distributed-dense", "dense", read_dense, 1, 2, {0}},
    {"lstm", "lstm", read_lstm, 3, 3, {0}},
    {"gru", "gru", read_gru, 3, 3, {0}},
    {"conv1d",
     "conv1d",
     read_conv1d,
     2,
     2,
     {"kernel_size", "dilation", "groups"}},
    {"batchnorm", "batchnorm", read_batchnorm, 2, 4, {"epsilon"}},
    {"prelu", "prelu", read_prelu, 1, 1, {0}},
    {"activation", "activation", read_activation, 0, 0, {0}},
};
const int rt_type_count = sizeof rt_types / sizeof *rt_types;
