/* ops/lstm.c -- long short-term memory (Hochreiter and Schmidhuber 1997, with
 * the forget gate of Gers et al. 2000).
 *
 *   i, f, o = recurrent_activation(x kernel + h recurrent_kernel + bias)
 *   g       = activation(likewise)
 *   c = f c + i g,  h = o activation(c)
 *
 * The columns of both kernels and the bias are i, f, g (Keras says c), o. */

#include "recurrent.h"

static void cell(const Node *n, const double *x, int64_t features,
                 double *const *state, double *z)
{
    int64_t units = attr_int(n, "units");
    const Activation *gate = &attr_of(n, "recurrent_activation")->activation;
    const Activation *activation = &attr_of(n, "activation")->activation;
    double *h = state[0], *c = state[1];
    double *i = z, *f = z + units, *g = z + 2 * units, *o = z + 3 * units;

    set_bias(z, weight_of(n, "bias")->data, 4 * units);
    add_product(z, x, weight_of(n, "kernel")->data, features, 4 * units);
    add_product(z, h, weight_of(n, "recurrent_kernel")->data, units, 4 * units);
    activation_eval(gate, i, units);
    activation_eval(gate, f, units);
    activation_eval(activation, g, units);
    activation_eval(gate, o, units);
    for (int64_t u = 0; u < units; u++)
        h[u] = c[u] = f[u] * c[u] + i[u] * g[u];
    activation_eval(activation, h, units);
    for (int64_t u = 0; u < units; u++)
        h[u] *= o[u];
}

static void eval(const Eval *e)
{
    eval_recurrent(e, cell);
}

const Op op_lstm = {
    .name = "LSTM",
    .doc = "long short-term memory",
    .attrs = {RECURRENT_ATTRS, RECURRENT_GATES},
    .weights =
        {
            {"kernel", "features, 4*units", .tiled = true,
             .narrow = 1},
            {"recurrent_kernel", "units, 4*units", .tiled = true,
             .narrow = 1},
            {"bias", "4*units", .when = "use_bias", .tiled = true},
            {"initial_h", "units", .optional = true},
            {"initial_c", "units", .optional = true},
        },
    RECURRENT_ROW(2),
    .macs = "4*features*units + 4*units*units + 3*units",
    .state = {{"h", "hidden state", "units", "initial_h"},
              {"c", "cell state", "units", "initial_c"}},
    .scratch = "4*units + 2*masked*units",
    .tile_units = "units",
    .lanes = {"units", 1},
    .gates = 4,
    .template = "lstm.c.lt",
    .eval = eval,
};
