/* ops/flatten.c -- all dimensions in one, in memory order. */

#include "../rnnc.h"

static bool infer(const Source *src, Node *n)
{
    int64_t size = shape_size(&n->seen[0]);
    if (!shape_fixed(&n->seen[0])) {
        error_at(src, &n->at, "Flatten needs a fixed number of timesteps");
        return false;
    }
    n->out->shape = (Shape){1, {size > MAX_DIM ? MAX_DIM + 1 : (int)size}};
    return true;
}

static const char *no_stream(const Node *n)
{
    (void)n;
    return "it joins all timesteps";
}

const Op op_flatten = {
    .name = "Flatten",
    .doc = "all dimensions in one, in memory order",
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .alias = true,
    .infer = infer,
    .no_stream = no_stream,
    .eval = eval_copy,
};
