/* ops/reverse.c -- the timesteps in the opposite order. Keras has no such
 * layer; Bidirectional does this to the sequences of its backward layer. */

#include "../rnnc.h"

#include <string.h>

static const char *no_stream(const Node *n)
{
    (void)n;
    return "it starts with the last timestep";
}

static void eval(const Eval *e)
{
    int64_t timesteps = e->in_shape[0].dim[0];
    int64_t features = shape_size(&e->out_shape) / timesteps;
    for (int64_t t = 0; t < timesteps; t++)
        memcpy(e->out + t * features, e->in[0] + (timesteps - 1 - t) * features,
               (size_t)features * sizeof *e->out);
}

const Op op_reverse = {
    .name = "Reverse",
    .doc = "the timesteps in the opposite order",
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "timesteps, features",
    .output = "timesteps, features",
    .template = "reverse.c.lt",
    .no_stream = no_stream,
    .masks = MASK_KEPT,
    .eval = eval,
};
