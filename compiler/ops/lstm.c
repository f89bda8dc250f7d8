/* ops/lstm.c -- long short-term memory (Hochreiter and Schmidhuber 1997, with
 * the forget gate of Gers et al. 2000).
 *
 *   i, f, o = recurrent_activation(x kernel + h recurrent_kernel + bias)
 *   g       = activation(likewise)
 *   c = f c + i g,  h = o activation(c)
 *
 * The columns of both kernels and the bias are i, f, g (Keras says c), o.
 *
 * With peepholes (Gers and Schmidhuber 2000; ONNX's P) the gates see the cell
 * state as well, each unit its own: to the sums of i and f comes peephole c of
 * the timestep before, to that of o peephole c of this one. */

#include "recurrent.h"

#include <string.h>

/* z [units] += peephole c; gate 0, 1, 2: i, f, o. */
static void look(const Node *n, int gate, const double *c, double *z)
{
    const double *peephole = weight_of(n, "peephole")->data;
    int64_t units = attr_int(n, "units");
    for (int64_t u = 0; peephole && u < units; u++)
        z[u] += peephole[gate * units + u] * c[u];
}

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
    look(n, 0, c, i);
    look(n, 1, c, f);
    activation_eval(gate, i, units);
    activation_eval(gate, f, units);
    activation_eval(activation, g, units);
    for (int64_t u = 0; u < units; u++)
        h[u] = c[u] = f[u] * c[u] + i[u] * g[u];
    look(n, 2, c, o);
    activation_eval(gate, o, units);
    activation_eval(activation, h, units);
    for (int64_t u = 0; u < units; u++)
        h[u] *= o[u];
}

static void eval(const Eval *e)
{
    eval_recurrent(e, cell);
}

/* Beside each other with g, which has none, as the columns of the kernels. */
static void derive(Arena *a, Node *n)
{
    size_t units = (size_t)attr_int(n, "units"), size = units * sizeof(double);
    const double *peephole = weight_of(n, "peephole")->data;
    if (!peephole)
        return;
    double *columns = weight_derive(a, n, "peephole_columns");
    memcpy(columns, peephole, 2 * size);
    memcpy(columns + 3 * units, peephole + 2 * units, size);
}

const Op op_lstm = {
    .name = "LSTM",
    .doc = "long short-term memory",
    .attrs = {RECURRENT_ATTRS,
              RECURRENT_GATES,
              {"peepholes", ATTR_BOOL, .fallback = "false"}},
    .weights =
        {
            {"kernel", "features, 4*units", .tiled = true, .narrow = 1},
            {"recurrent_kernel", "units, 4*units", .tiled = true, .narrow = 1},
            {"bias", "4*units", .when = "use_bias", .tiled = true},
            {"peephole", "3*units", .when = "peepholes", .role = WEIGHT_FOLDED},
            {"initial_h", "units", .optional = true},
            {"initial_c", "units", .optional = true},
            {"peephole_columns", "4*units", .role = WEIGHT_DERIVED,
             .tiled = true},
        },
    RECURRENT_ROW(2),
    .macs = "4*features*units + 4*units*units + 3*units"
            " + 3*peepholes*units",
    .state = {{"h", "hidden state", "units", "initial_h"},
              {"c", "cell state", "units", "initial_c"}},
    .scratch = "4*units + 2*masked*units",
    .tile_units = "units",
    .lanes = {"units", 1},
    .gates = 4,
    .template = "lstm.c.lt",
    .eval = eval,
    .derive = derive,
};
