/* ops/concatenate.c -- several tensors side by side along one axis.
 *
 * `axis` counts as Keras counts it: 0 is the batch, so 1 is the first
 * dimension of our shapes, and -1 the last. */

#include "../rnnc.h"

#include <string.h>

/* The axis as an index into our shapes, which have no batch dimension. */
static int axis_of(const Node *n)
{
    int axis = attr_int(n, "axis"), rank = n->seen[0].rank;
    return axis < 0 ? axis + rank : axis - 1;
}

static bool agree(const Shape *a, const Shape *b, int axis)
{
    if (a->rank != b->rank)
        return false;
    for (int i = 0; i < a->rank; i++)
        if (i != axis && a->dim[i] != b->dim[i])
            return false;
    return true;
}

static bool infer(const Source *src, Node *n)
{
    int axis = axis_of(n);
    Shape out = n->seen[0];
    int64_t total = 0;

    if (axis < 0 || axis >= out.rank) {
        error_at(src, &n->at,
                 "axis %d is outside the input, which has shape %s",
                 attr_int(n, "axis"), shape_text(src->arena, &out));
        return false;
    }
    for (int i = 0; i < n->inputs; i++) {
        const Shape *in = &n->seen[i];
        if (!agree(&out, in, axis) || in->dim[axis] == ANY) {
            error_at(src, &n->at, "cannot concatenate %s and %s along axis %d",
                     shape_text(src->arena, &out), shape_text(src->arena, in),
                     attr_int(n, "axis"));
            return false;
        }
        total += in->dim[axis];
    }
    out.dim[axis] = total > MAX_DIM ? MAX_DIM + 1 : (int)total;
    n->out->shape = out;
    return true;
}

static const char *no_stream(const Node *n)
{
    for (int i = 0; i < n->inputs; i++)
        if (n->in[i]->time != TIME_EACH)
            return "it joins a tensor that has timesteps of its own";
    return axis_of(n) == 0 ? "it puts sequences one after the other" : NULL;
}

/* Elements of one block: the axis and everything inside it. */
static int64_t block(const Shape *s, int axis)
{
    int64_t size = 1;
    for (int i = axis; i < s->rank; i++)
        size *= s->dim[i];
    return size;
}

static void eval(const Eval *e)
{
    int axis = axis_of(e->node);
    int64_t stride = block(&e->out_shape, axis), at = 0;
    int64_t rows = shape_size(&e->out_shape) / stride;

    for (int i = 0; i < e->node->inputs; i++) {
        int64_t size = block(&e->in_shape[i], axis);
        for (int64_t r = 0; r < rows; r++)
            memcpy(e->out + r * stride + at, e->in[i] + r * size,
                   (size_t)size * sizeof *e->out);
        at += size;
    }
}

const Op op_concatenate = {
    .name = "Concatenate",
    .doc = "tensors side by side along an axis",
    .attrs = {{"axis", ATTR_INT, .min = -MAX_RANK, .max = MAX_RANK,
               .fallback = "-1"},
              MASKS_ATTR("any")},
    .masks = MASK_JOINED,
    .min_inputs = 2,
    .max_inputs = MAX_PORTS,
    .input = "...",
    .template = "concatenate.c.lt",
    .infer = infer,
    .no_stream = no_stream,
    .eval = eval,
};
