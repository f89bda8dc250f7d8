/* ops/reshape.c -- the same elements under another shape, in memory order. */

#include "../rnnc.h"

/* One dimension of target_shape may be -1: it takes what is left. Where the
 * number of timesteps is open, that must be the first one. */
static bool infer(const Source *src, Node *n)
{
    const Shape *from = &n->seen[0];
    Shape to = attr_of(n, "target_shape")->shape;
    int64_t known = 1, size = shape_size(from);
    int open = -1;

    for (int i = 0; i < to.rank; i++)
        if (to.dim[i] == -1)
            open = i;
        else if ((known *= to.dim[i]) > MAX_ELEMENTS)
            known = MAX_ELEMENTS + 1;
    bool fits = open < 0 ? known == size : size % known == 0;
    if (!shape_fixed(from)) {
        fits = open == 0 && known == size;
        size = 0; /* the open dimension stays ANY */
    }
    if (!fits || (open >= 0 && size / known > MAX_DIM)) {
        error_at(src, &n->at, "cannot reshape %s to %s",
                 shape_text(src->arena, from), shape_text(src->arena, &to));
        return false;
    }
    if (open >= 0)
        to.dim[open] = (int)(size / known);
    n->out->shape = to;
    return true;
}

/* Timesteps stay apart as long as the first dimension keeps its length. */
static const char *no_stream(const Node *n)
{
    return n->seen[0].dim[0] == n->out->shape.dim[0]
               ? NULL
               : "it moves elements between timesteps";
}

/* Of a vector that is a sequence, out of a layer with return_state. */
static Tensor *make_mask(Graph *g, Node *n)
{
    (void)g;
    return n->seen[0].rank == 1 ? n->in[0]->mask : NULL;
}

const Op op_reshape = {
    .name = "Reshape",
    .doc = "the same elements under another shape",
    .attrs = {{"target_shape", ATTR_SHAPE}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .alias = true,
    .make_mask = make_mask,
    .infer = infer,
    .no_stream = no_stream,
    .eval = eval_copy,
};
