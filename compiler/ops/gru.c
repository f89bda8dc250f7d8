/* ops/gru.c -- the gated recurrent unit, in both of its forms.
 *
 *   z, r = recurrent_activation(x kernel + h recurrent_kernel + bias)
 *   reset_after (cuDNN, Keras 2 and 3, PyTorch):
 *     g = activation(x kernel + bias[0] + r (h recurrent_kernel + bias[1]))
 *   otherwise (Cho et al. 2014, Keras 1):
 *     g = activation(x kernel + (r h) recurrent_kernel + bias)
 *   h = z h + (1 - z) g
 *
 * The columns of the kernels are z, r, g (Keras says h). */

#include "recurrent.h"

/* z [3*units] += x [features] kernel [features, 3*units], columns from..to. */
static void add_columns(double *z, const double *x, const double *kernel,
                        int64_t features, int64_t units, int from, int to)
{
    for (int64_t f = 0; f < features; f++)
        for (int64_t u = from * units; u < to * units; u++)
            z[u] += x[f] * kernel[f * 3 * units + u];
}

static void cell(const Node *n, const double *x, int64_t features,
                 double *const *state, double *scratch)
{
    int64_t units = attr_int(n, "units");
    bool after = attr_bool(n, "reset_after");
    const Activation *gate = &attr_of(n, "recurrent_activation")->activation;
    const double *bias = weight_of(n, "bias")->data;
    const double *recurrent = weight_of(n, "recurrent_kernel")->data;
    double *h = state[0], *z = scratch, *r = z + units, *g = z + 2 * units;
    double *s = z + 3 * units; /* what the reset gate scales */

    set_bias(z, bias, 3 * units);
    add_columns(z, x, weight_of(n, "kernel")->data, features, units, 0, 3);
    if (after) {
        set_bias(s, bias ? bias + 3 * units : NULL, 3 * units);
        add_columns(s, h, recurrent, units, units, 0, 3);
        for (int64_t u = 0; u < 2 * units; u++)
            z[u] += s[u];
    } else {
        add_columns(z, h, recurrent, units, units, 0, 2);
    }
    activation_eval(gate, z, units);
    activation_eval(gate, r, units);
    for (int64_t u = 0; u < units; u++)
        if (after)
            g[u] += r[u] * s[2 * units + u];
        else
            s[u] = r[u] * h[u];
    if (!after)
        add_columns(z, s, recurrent, units, units, 2, 3);
    activation_eval(&attr_of(n, "activation")->activation, g, units);
    for (int64_t u = 0; u < units; u++)
        h[u] = z[u] * h[u] + (1 - z[u]) * g[u];
}

static void eval(const Eval *e)
{
    eval_recurrent(e, cell);
}

/* Two rows of bias belong to reset_after, one row to the other form; without
 * a bias, or with one in another file, the weights do not tell. */
static const char *settle(const At *layer, const AttrSpec *attr, double *value)
{
    (void)attr;
    At weights = at_key(layer, "weights");
    At bias = weights.json ? at_key(&weights, "bias") : weights;
    if (bias.json && at_is_object(&bias))
        bias = at_key(&bias, "shape");
    const Json *first =
        bias.json && at_is_array(&bias) ? json_first(bias.json) : NULL;
    if (!first)
        return "\"reset_after\" is missing, and no bias tells: true is the "
               "form of Keras 2, Keras 3 and PyTorch, false that of Keras 1";
    At element = at_item(&bias, first, 0);
    *value = bias.key && bias.key[0] == 's' ? json_size(bias.json) == 2
                                            : at_is_array(&element);
    return NULL;
}

const Op op_gru = {
    .name = "GRU",
    .doc = "gated recurrent unit, reset after or before the product",
    .attrs = {RECURRENT_ATTRS,
              RECURRENT_GATES,
              {"reset_after", ATTR_BOOL, .settle = settle}},
    .weights =
        {
            {"kernel", "features, 3*units", .tiled = true,
             .narrow = 1},
            {"recurrent_kernel", "units, 3*units", .tiled = true,
             .narrow = 1},
            {"bias", "2 if reset_after, 3*units", .when = "use_bias",
             .tiled = true},
            {"initial_h", "units", .optional = true},
        },
    RECURRENT_ROW(1),
    .macs = "3*features*units + 3*units*units + 3*units",
    .state = {{"h", "hidden state", "units", "initial_h"}},
    .scratch = "6*units + masked*units",
    .tile_units = "units",
    .lanes = {"2*units", 2},
    .gates = 3,
    .template = "gru.c.lt",
    .eval = eval,
};
