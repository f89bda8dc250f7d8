/* formats/nam_parts.c -- what NAM's architectures are made of: convolutions out
 * of the flat list of weights, activations, sums. */

#include <math.h>
#include <string.h>

#include "nam.h"

bool nam_take(Nam *m, Shape shape, Values *out)
{
    int64_t size = shape_size(&shape), from = m->used;
    m->used += size;
    if (m->used > shape_size(&m->weights.shape))
        return false;
    *out = values_part(m->weights, from, shape);
    return true;
}

bool nam_int(const Nam *m, const At *object, const char *key, int min,
             int fallback, int *out)
{
    At at = at_key(object, key);
    *out = fallback;
    return (!at.json && fallback >= 0) ||
           want_int(m->b.src, &at, min, MAX_DIM, out);
}

bool nam_bool(const Nam *m, const At *object, const char *key, bool fallback,
              bool *out)
{
    At at = at_key(object, key);
    *out = fallback;
    return !at.json || want_bool(m->b.src, &at, out);
}

/* ---- Convolutions -------------------------------------------------------- */

/* kernel [size, in/groups, out], as the row wants it */
static Tensor *add_conv(Nam *m, const char *name, Tensor *x, NamConv c,
                        Values kernel, const Values *bias)
{
    bool dense = c.size == 1 && c.groups == 1;
    m->b.last = x;
    Node *n = build_layer(&m->b, dense ? "Dense" : "Conv1D", name, m->config);
    build_int(n, dense ? "units" : "filters", c.out);
    build_bool(n, "use_bias", bias != NULL);
    if (dense) {
        kernel = values_reshape(kernel, shape2(c.in, c.out));
    } else {
        build_int(n, "kernel_size", c.size);
        build_int(n, "dilation_rate", c.dilation);
        build_int(n, "groups", c.groups);
        build_choice(n, "padding", "causal");
    }
    build_weight(&m->b, n, "kernel", m->weights_at, kernel);
    if (bias)
        build_weight(&m->b, n, "bias", m->weights_at, *bias);
    return n->out;
}

static bool take_conv(Nam *m, NamConv c, Values *kernel, Values *bias)
{
    bool ok = c.in % c.groups == 0 && c.out % c.groups == 0;
    if (!ok && !m->failed)
        error_at(m->b.src, m->config,
                 "%d groups do not divide %d and %d "
                 "channels",
                 c.groups, c.in, c.out);
    m->failed |= !ok;
    ok &= nam_take(m, shape3(c.out, c.in / c.groups, c.size), kernel);
    if (c.bias)
        ok &= nam_take(m, shape1(c.out), bias);
    return ok;
}

/* What stands for a layer whose weights were not there. */
static Tensor *lost(Nam *m)
{
    build_lost(&m->b);
    return m->b.last;
}

Tensor *nam_conv(Nam *m, const char *name, Tensor *x, NamConv c)
{
    Values kernel, bias;
    if (!take_conv(m, c, &kernel, &bias))
        return lost(m);
    return add_conv(m, name, x, c, values_transpose(m->b.g->arena, kernel),
                    c.bias ? &bias : NULL);
}

void nam_conv_halves(Nam *m, const char *name, Tensor *x, NamConv c,
                     Tensor *half[2])
{
    static const char *const part[2] = {"value", "gate"};
    Arena *a = m->b.g->arena;
    Values kernel, bias;
    bool ok = take_conv(m, c, &kernel, &bias);
    int64_t rows = (int64_t)c.in / c.groups * c.size;
    c.out /= 2;
    for (int i = 0; i < 2; i++) {
        if (!ok) {
            half[i] = lost(m);
            continue;
        }
        Values own = values_part(kernel, i * c.out * rows,
                                 shape3(c.out, c.in / c.groups, c.size));
        Values shift = {0};
        if (c.bias)
            shift = values_part(bias, i * c.out, shape1(c.out));
        half[i] = add_conv(m, arena_printf(a, "%s_%s", name, part[i]), x, c,
                           values_transpose(a, own), c.bias ? &shift : NULL);
    }
}

/* ---- Activations and merges ---------------------------------------------- */

/* NAM's name, ours, and the key of its parameter with the default. */
static const struct {
    const char *nam, *name, *key;
    double fallback;
} activations[] = {
    {"Tanh", "tanh", NULL, 0},
    {"ReLU", "relu", NULL, 0},
    {"Sigmoid", "sigmoid", NULL, 0},
    {"SiLU", "silu", NULL, 0},
    {"Softsign", "softsign", NULL, 0},
    {"Hardtanh", "hard_tanh", NULL, 0},
    {"Hardswish", "hard_silu", NULL, 0},
    {"LeakyReLU", "leaky_relu", "negative_slope", 0.01},
    {"PReLU", "leaky_relu", "negative_slope", 0.01},
};
enum { ACTIVATIONS = sizeof activations / sizeof *activations };

static int find_activation(const Nam *m, const At *at, const char **name)
{
    At type = at_is_object(at) ? at_key(at, "type") : *at;
    if (!want_string(m->b.src, &type, name))
        return -1;
    for (int i = 0; i < ACTIVATIONS; i++)
        if (strcmp(activations[i].nam, *name) == 0 &&
            activation_find(activations[i].name))
            return i;
    error_at(m->b.src, &type, "rnnc does not know NAM's activation \"%s\"",
             printable(m->b.g->arena, *name));
    return -1;
}

Tensor *nam_activation(Nam *m, const char *name, Tensor *x, const At *at)
{
    const char *type, *keys[] = {"type", NULL, NULL};
    if (m->failed)
        return lost(m);
    int row = find_activation(m, at, &type);
    double param = NAN;
    bool ok = row >= 0;
    if (ok && activations[row].key) {
        At value = at_key(at, activations[row].key);
        keys[1] = activations[row].key;
        param = activations[row].fallback;
        ok &= !value.json || want_number(m->b.src, &value, &param);
    }
    if (ok && at_is_object(at))
        ok &= want_keys(m->b.src, at, keys);
    if (!ok) {
        m->failed = true;
        return lost(m);
    }
    m->b.last = x;
    Node *n = build_layer(&m->b, "Activation", name, at);
    build_activation(n, "activation", activations[row].name, NULL, NULL,
                     (float)param);
    return n->out;
}

Tensor *nam_merge(Nam *m, const char *op, const char *name, Tensor *x,
                  Tensor *y)
{
    if (!x || !y)
        return x ? x : y;
    m->b.last = x;
    Node *n = build_layer(&m->b, op, name, m->config);
    build_inputs(&m->b, n, (Tensor *[]){x, y}, 2);
    return n->out;
}
