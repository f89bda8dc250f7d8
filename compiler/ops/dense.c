/* ops/dense.c -- the fully connected layer, on the last axis of any shape.
 *
 *   y[u] = activation(bias[u] + sum over f of x[f] kernel[f][u]) */

#include "../rnnc.h"

#include <string.h>

static void eval(const Eval *e)
{
    const Node *n = e->node;
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    int64_t units = attr_int(n, "units");
    int64_t rows = shape_size(&e->out_shape) / units;
    const Weight *bias = weight_of(n, "bias");

    for (int64_t r = 0; r < rows; r++) {
        double *y = e->out + r * units;
        for (int64_t u = 0; u < units; u++)
            y[u] = bias->data ? bias->data[u] : 0;
        add_product(y, e->in[0] + r * features, weight_of(n, "kernel")->data,
                    features, units);
        activation_eval(&attr_of(n, "activation")->activation, y, units);
    }
}

/* The last axis is summed over; where it is time, no step stands alone. */
static const char *no_stream(const Node *n)
{
    return n->seen[0].rank < 2 ? "it sums over all timesteps" : NULL;
}

const Op op_dense = {
    .name = "Dense",
    .doc = "fully connected, on the last axis",
    .attrs =
        {
            {"units", ATTR_INT, .min = 1, .max = MAX_DIM},
            {"activation", ATTR_ACTIVATION, .fallback = "\"linear\""},
            {"use_bias", ATTR_BOOL, .fallback = "true"},
        },
    .weights =
        {
            {"kernel", "features, units", .tiled = true, .narrow = 1},
            {"bias", "units", .when = "use_bias", .tiled = true},
        },
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "..., features",
    .output = "..., units",
    .macs = "features*units",
    .scratch = "units",
    .tile_units = "units",
    .lanes = {"0", 1},
    .gates = 1,
    .takes_in = {"kernel", 1},
    .template = "dense.c.lt",
    .no_stream = no_stream,
    .masks = MASK_KEPT,
    .eval = eval,
};
