/* ops/simple_rnn.c -- the fully connected recurrence (Elman 1990).
 *
 *   h[t] = activation(x[t] kernel + h[t-1] recurrent_kernel + bias)
 *
 * go_backwards walks the sequence from its end, and returns the outputs in
 * that order, as Keras does. */

#include "../rnnc.h"

#include <string.h>

static const char *no_stream(const Node *n)
{
    return attr_bool(n, "go_backwards")
               ? "go_backwards starts at the last timestep"
               : NULL;
}

/* x [timesteps, features] -> out [timesteps, units], or [units] of the last */
static void eval(const Eval *e)
{
    const Node *n = e->node;
    int64_t timesteps = e->in_shape[0].dim[0], features = e->in_shape[0].dim[1];
    int64_t units = attr_int(n, "units");
    bool backwards = attr_bool(n, "go_backwards");
    const Weight *bias = weight_of(n, "bias");
    double *h = arena_alloc(e->arena, (size_t)units, sizeof *h);
    double *z = arena_alloc(e->arena, (size_t)units, sizeof *z);

    for (int64_t t = 0; t < timesteps; t++) {
        int64_t row = backwards ? timesteps - 1 - t : t;
        for (int64_t u = 0; u < units; u++)
            z[u] = bias->data ? bias->data[u] : 0;
        add_product(z, e->in[0] + row * features, weight_of(n, "kernel")->data,
                    features, units);
        add_product(z, h, weight_of(n, "recurrent_kernel")->data, units, units);
        activation_eval(&attr_of(n, "activation")->activation, z, units);
        memcpy(h, z, (size_t)units * sizeof *h);
        if (attr_bool(n, "return_sequences"))
            memcpy(e->out + t * units, h, (size_t)units * sizeof *h);
    }
    if (!attr_bool(n, "return_sequences"))
        memcpy(e->out, h, (size_t)units * sizeof *h);
}

const Op op_simple_rnn = {
    .name = "SimpleRNN",
    .doc = "fully connected recurrence",
    .attrs =
        {
            {"units", ATTR_INT, .min = 1, .max = MAX_DIM},
            {"activation", ATTR_ACTIVATION, .fallback = "\"tanh\""},
            {"use_bias", ATTR_BOOL, .fallback = "true"},
            {"return_sequences", ATTR_BOOL, .fallback = "false"},
            {"go_backwards", ATTR_BOOL, .fallback = "false"},
        },
    .weights =
        {
            {"kernel", "features, units"},
            {"recurrent_kernel", "units, units"},
            {"bias", "units", .when = "use_bias"},
        },
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "timesteps, features",
    .output = "timesteps if return_sequences, units",
    .macs = "features*units + units*units",
    .state = {{"h", "units"}},
    .recurrent = true,
    .scratch = "units",
    .template = "simple_rnn.c.lt",
    .no_stream = no_stream,
    .eval = eval,
};
