/* formats/keras_normalization.c -- what normalizations have in Keras' files
 * and not here: numbers of Normalization in its config, or one number for all;
 * a GroupNormalization along another axis than the last, which is the same
 * layer between two Permutes. */

#include "keras.h"

#include <string.h>

/* ---- Normalization ------------------------------------------------------- */

bool keras_is_normalization(const Op *op)
{
    return strcmp(op->name, "Normalization") == 0;
}

/* In one list for the whole model "count" is the next, a number. */
static void skip_count(Keras *k)
{
    int index = 0;
    const Json *item = k->weights ? json_first(k->weights->json) : NULL;
    while (item && index < k->taken) {
        item = json_next(item);
        index++;
    }
    At at = {.json = item};
    k->taken += item && at_is_number(&at);
}

/* "count" is adapt()'s own; mean and variance that were given to the layer
 * stand in its config. */
bool keras_weigh_adapted(KerasLayer *l, Node *n)
{
    static const char *const names[] = {"mean", "variance"};
    At mean = at_key(l->config, "mean");
    bool ok = true;
    if (!mean.json || at_is_null(&mean)) {
        bool listed = l->count == 0;
        l->count -= l->count == 3;
        ok = keras_weigh(l, n, 0, l->count, NULL);
        if (ok && listed)
            skip_count(l->k);
        return ok;
    }
    for (int i = 0; i < 2; i++) {
        At at = at_key(l->config, names[i]);
        Values values;
        bool read =
            at_is_number(&at)
                ? read_scalar(l->k->b.src, &at, true, &values)
                : build_read(&l->k->b, &at, names[i], shape1(ANY), &values);
        if (read)
            build_weight(&l->k->b, n, names[i], &at, values);
        ok &= read;
    }
    return ok;
}

/* ---- GroupNormalization -------------------------------------------------- */

/* Which axis has the groups, the batch being 0, and of how many; 0: the last,
 * or the file does not say how many. */
static int other_axis(const KerasLayer *l, const Op *op, int *rank)
{
    At build = at_key(l->at, "build_config"),
       shape = at_key(&build, "input_shape"), at = at_key(l->config, "axis");
    if (strcmp(op->name, "GroupNormalization") != 0 || !at_is_number(&at) ||
        !at_is_array(&shape))
        return 0;
    int axis;
    *rank = json_size(shape.json) - 1;
    if (!want_int(l->k->b.src, &at, -*rank, *rank, &axis))
        return 0;
    axis += axis < 0 ? *rank + 1 : 0;
    return axis == *rank ? 0 : axis;
}

static Tensor *permute(const KerasLayer *l, Tensor *t, const char *name,
                       Shape dims)
{
    l->k->b.last = t;
    Node *n = build_layer(&l->k->b, "Permute", name, l->config);
    build_shape(n, "dims", dims);
    return n->out;
}

bool keras_moves_axis(const KerasLayer *l, const Op *op)
{
    int rank;
    return other_axis(l, op, &rank) > 0;
}

/* [2, 3, 1] makes the first the last. */
Tensor *keras_axis_last(const KerasLayer *l, const Op *op, const char *name,
                        Tensor *t)
{
    Shape dims = {.rank = 0};
    int rank, axis = other_axis(l, op, &rank);
    for (int d = 1; d <= rank; d++)
        if (d != axis)
            dims.dim[dims.rank++] = d;
    dims.dim[dims.rank++] = axis;
    convention(l->k->b.g, "%s: along axis %d, between two Permutes", name,
               axis);
    return permute(l, t, arena_printf(l->k->b.g->arena, "%s_last", name), dims);
}

Tensor *keras_axis_back(const KerasLayer *l, Node *n)
{
    Shape dims = {.rank = 0};
    int rank, axis = other_axis(l, n->op, &rank);
    for (int d = 1; d <= rank; d++)
        dims.dim[dims.rank++] = d < axis ? d : d == axis ? rank : d - 1;
    return permute(l, n->out,
                   arena_printf(l->k->b.g->arena, "%s_back", n->name), dims);
}

/* Of Normalization [] or null is one mean for all, which its op spreads. */
bool keras_axis_settled(const KerasLayer *l, const Op *op, const At *key)
{
    bool none =
        at_is_null(key) || (at_is_array(key) && json_size(key->json) == 0);
    return strcmp(key->key, "axis") == 0 &&
           (keras_moves_axis(l, op) || (keras_is_normalization(op) && none));
}
