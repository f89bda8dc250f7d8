/* ops/dims.c -- dimensions of 1, put in and taken out: ExpandDims, Squeeze. The
 * elements stay where they are.
 *
 * `axis` counts as Keras counts: 1 is the first dimension of our shapes, of the
 * output of ExpandDims and the input of Squeeze. */

#include "../rnnc.h"

static bool refuse(const Source *src, const Node *n, int axis)
{
    error_at(src, &n->at, "axis %d does not fit an input of shape %s", axis,
             shape_text(src->arena, &n->seen[0]));
    return false;
}

static bool infer_expand(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    int axis = attr_int(n, "axis"), rank = in->rank + 1;
    int place = axis < 0 ? axis + rank : axis - 1;
    if (axis == 0 || place < 0 || place >= rank || rank > MAX_RANK ||
        (place == 0 && !shape_fixed(in)))
        return refuse(src, n, axis);
    n->out->shape.rank = rank;
    for (int i = 0; i < rank; i++)
        n->out->shape.dim[i] = i < place    ? in->dim[i]
                               : i == place ? 1
                                            : in->dim[i - 1];
    return true;
}

/* Bit d: dimension d goes. Without an axis all that are 1 do. */
static bool find_ones(const Source *src, const Node *n, unsigned *mask)
{
    const Shape *in = &n->seen[0], *axes = &attr_of(n, "axis")->shape;
    *mask = 0;
    for (int i = 0; axes->rank == 0 && i < in->rank; i++)
        *mask |= (unsigned)(in->dim[i] == 1) << i;
    for (int i = 0; i < axes->rank; i++) {
        int axis = axes->dim[i], d = axis < 0 ? axis + in->rank : axis - 1;
        if (axis == 0 || d < 0 || d >= in->rank || in->dim[d] != 1)
            return refuse(src, n, axis);
        *mask |= 1u << d;
    }
    return true;
}

static bool infer_squeeze(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    unsigned mask;
    if (!find_ones(src, n, &mask))
        return false;
    n->out->shape.rank = 0;
    for (int i = 0; i < in->rank; i++)
        if (!(mask >> i & 1))
            n->out->shape.dim[n->out->shape.rank++] = in->dim[i];
    return true;
}

/* Timesteps stay apart as long as they are the first dimension. */
static const char *no_stream(const Node *n)
{
    return n->out->shape.rank > 0 && n->seen[0].dim[0] == n->out->shape.dim[0]
               ? NULL
               : "it moves elements between timesteps";
}

const Op op_expand_dims = {
    .name = "ExpandDims",
    .doc = "one more dimension, of 1",
    .attrs = {{"axis", ATTR_INT, .min = -MAX_RANK, .max = MAX_RANK}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .alias = true,
    .infer = infer_expand,
    .no_stream = no_stream,
    .eval = eval_copy,
};
const Op op_squeeze = {
    .name = "Squeeze",
    .doc = "without dimensions of 1",
    .attrs = {{"axis", ATTR_LIST, .min = -MAX_RANK, .max = MAX_RANK,
               .fallback = "null"}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .alias = true,
    .infer = infer_squeeze,
    .no_stream = no_stream,
    .eval = eval_copy,
};
