/* formats/keras_channels.c -- data_format "channels_first": a layer on
 * [features, rows, columns] is the same layer on [rows, columns, features]
 * between two Permutes, with the same weights. */

#include "keras.h"

#include <string.h>

/* Timesteps, or rows and columns: 0, the layer has no such axes. */
static int count_axes(const Op *op)
{
    const char *input = op->input ? op->input : "";
    return strcmp(input, "timesteps, features") == 0       ? 1
           : strcmp(input, "rows, columns, features") == 0 ? 2
                                                           : 0;
}

/* Keras turns the axes of what it flattens, of any rank. */
static bool is_flatten(const Op *op)
{
    return strcmp(op->name, "Flatten") == 0;
}

bool keras_channels_first(const KerasLayer *l, const Op *op)
{
    At at = at_key(l->config, "data_format");
    const char *format;
    return at_is_string(&at) && (count_axes(op) > 0 || is_flatten(op)) &&
           want_string(l->k->b.src, &at, &format) &&
           strcmp(format, "channels_first") == 0;
}

/* A Permute of t; first: from [features, ...] to [..., features], or back. */
static Tensor *permute(const KerasLayer *l, Tensor *t, const char *name,
                       int axes, bool first)
{
    static const Shape dims[2][2] = {{{2, {2, 1}}, {2, {2, 1}}},
                                     {{3, {3, 1, 2}}, {3, {2, 3, 1}}}};
    Build *b = &l->k->b;
    b->last = t;
    Node *n = build_layer(b, "Permute", name, l->config);
    if (axes > 0)
        build_shape(n, "dims", dims[axes - 1][first]);
    return n->out;
}

Tensor *keras_channels_in(const KerasLayer *l, const Op *op, const char *name,
                          Tensor *t)
{
    Arena *a = l->k->b.g->arena;
    convention(l->k->b.g, "%s: channels_first, %s", name,
               is_flatten(op) ? "behind a Permute" : "between two Permutes");
    return permute(l, t, arena_printf(a, "%s_channels_last", name),
                   count_axes(op), true);
}

/* A global pooling leaves the features alone, unless it keeps dimensions;
 * behind Flatten there are none. */
Tensor *keras_channels_out(const KerasLayer *l, Node *n)
{
    bool global = strncmp(n->op->name, "Global", 6) == 0;
    if (is_flatten(n->op) || (global && !attr_bool(n, "keepdims")))
        return n->out;
    return permute(l, n->out,
                   arena_printf(l->k->b.g->arena, "%s_channels_first", n->name),
                   count_axes(n->op), false);
}
