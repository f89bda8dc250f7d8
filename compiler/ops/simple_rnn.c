/* ops/simple_rnn.c -- the fully connected recurrence (Elman 1990).
 *
 *   h[t] = activation(x[t] kernel + h[t-1] recurrent_kernel + bias) */

#include "recurrent.h"

#include <string.h>

static void cell(const Node *n, const double *x, int64_t features,
                 double *const *state, double *z)
{
    int64_t units = attr_int(n, "units");
    double *h = state[0];

    set_bias(z, weight_of(n, "bias")->data, units);
    add_product(z, x, weight_of(n, "kernel")->data, features, units);
    add_product(z, h, weight_of(n, "recurrent_kernel")->data, units, units);
    activation_eval(&attr_of(n, "activation")->activation, z, units);
    memcpy(h, z, (size_t)units * sizeof *h);
}

static void eval(const Eval *e)
{
    eval_recurrent(e, cell);
}

const Op op_simple_rnn = {
    .name = "SimpleRNN",
    .doc = "fully connected recurrence",
    .attrs = {RECURRENT_ATTRS},
    .weights =
        {
            {"kernel", "features, units", .tiled = true,
             .narrow = 1},
            {"recurrent_kernel", "units, units", .tiled = true,
             .narrow = 1},
            {"bias", "units", .when = "use_bias", .tiled = true},
            {"initial_h", "units", .optional = true},
        },
    RECURRENT_ROW(1),
    .macs = "features*units + units*units",
    .state = {{"h", "hidden state", "units", "initial_h"}},
    .scratch = "units + masked*units",
    .tile_units = "units",
    .lanes = {"units", 1},
    .gates = 1,
    .template = "simple_rnn.c.lt",
    .eval = eval,
};
