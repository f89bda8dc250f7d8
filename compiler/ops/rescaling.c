/* ops/rescaling.c -- y = scale x + offset, the same for every element. */

#include "../rnnc.h"

static void eval(const Eval *e)
{
    double scale = attr_of(e->node, "scale")->number;
    double offset = attr_of(e->node, "offset")->number;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++)
        e->out[i] = e->in[0][i] * scale + offset;
}

const Op op_rescaling = {
    .name = "Rescaling",
    .doc = "a factor and an offset, the same for all elements",
    .attrs = {{"scale", ATTR_NUMBER}, {"offset", ATTR_NUMBER, .fallback = "0"}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .output = "...",
    .macs = "1",
    .template = "rescaling.c.lt",
    .masks = MASK_KEPT,
    .eval = eval,
};
