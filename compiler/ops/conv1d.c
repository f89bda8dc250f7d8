/* ops/conv1d.c -- convolution along the time axis.
 *
 *   y[t] = activation(bias + sum over k of
 *                     x[t strides + k dilation_rate - before] kernel[k])
 *
 * kernel [kernel_size, features/groups, filters], index 0 the oldest. Beyond
 * the ends x is 0. "causal" pads before only, so that a timestep needs no
 * later one; "same" pads both sides so that ceil(timesteps / strides) come
 * out; "valid" does not pad. Group g of the filters sees group g of the
 * features. */

#include "../rnnc.h"

enum { VALID, SAME, CAUSAL };
static const char *const paddings[] = {"valid", "same", "causal", NULL};

/* Timesteps that one output spans, less one. */
static int64_t reach(const Node *n)
{
    return (int64_t)(attr_int(n, "kernel_size") - 1) *
           attr_int(n, "dilation_rate");
}

/* Zeros in front of the first timestep. */
static int64_t pad_before(const Node *n, int64_t timesteps, int64_t outputs)
{
    int64_t span = reach(n);
    switch (attr_int(n, "padding")) {
    case CAUSAL:
        return span;
    case SAME: {
        int64_t strides = attr_int(n, "strides");
        int64_t total = (outputs - 1) * strides + span + 1 - timesteps;
        return total > 0 ? total / 2 : 0;
    }
    default:
        return 0;
    }
}

static int64_t count_outputs(const Node *n, int64_t timesteps)
{
    int64_t strides = attr_int(n, "strides");
    if (attr_int(n, "padding") == VALID)
        timesteps -= reach(n);
    return timesteps <= 0 ? 0 : (timesteps + strides - 1) / strides;
}

static bool check_groups(const Source *src, const Node *n, int64_t features)
{
    int groups = attr_int(n, "groups"), filters = attr_int(n, "filters");
    if (features % groups == 0 && filters % groups == 0)
        return true;
    error_at(src, &n->at,
             "%d groups do not divide %lld features and %d filters", groups,
             (long long)features, filters);
    return false;
}

static bool bind(const Source *src, Node *n)
{
    int64_t features = 0, timesteps = 0, outputs;
    scope_find(&n->scope, "features", &features);
    scope_find(&n->scope, "timesteps", &timesteps);
    if (!check_groups(src, n, features))
        return false;
    outputs = timesteps == ANY ? ANY : count_outputs(n, timesteps);
    if (timesteps != ANY && outputs < 1) {
        error_at(src, &n->at,
                 "a kernel over %lld timesteps does not fit into %lld",
                 (long long)reach(n) + 1, (long long)timesteps);
        return false;
    }
    if (reach(n) > MAX_DIM) {
        error_at(src, &n->at, "the kernel spans more than %d timesteps",
                 MAX_DIM);
        return false;
    }
    scope_bind(&n->scope, "group_features", features / attr_int(n, "groups"));
    scope_bind(&n->scope, "outputs", outputs);
    scope_bind(&n->scope, "before", pad_before(n, timesteps, outputs));
    scope_bind(&n->scope, "slots", reach(n) + 1);
    return true;
}

static const char *window(const Node *n, Window *w)
{
    scope_find(&n->scope, "before", &w->before);
    w->reach = reach(n);
    w->step = attr_int(n, "strides");
    bool same = attr_int(n, "padding") == SAME && w->reach > 0;
    return same && n->seen[0].dim[0] == ANY ? "padding \"same\" looks ahead"
                                            : NULL;
}

/* z [filters] += x [features] kernel [features/groups, filters], by groups. */
static void add_tap(double *z, const double *x, const double *kernel,
                    int64_t features, int64_t filters, int groups)
{
    int64_t own = features / groups, columns = filters / groups;
    for (int g = 0; g < groups; g++)
        for (int64_t f = 0; f < own; f++)
            for (int64_t u = g * columns; u < (g + 1) * columns; u++)
                z[u] += x[g * own + f] * kernel[f * filters + u];
}

static void eval(const Eval *e)
{
    const Node *n = e->node;
    int64_t timesteps = e->in_shape[0].dim[0], features = e->in_shape[0].dim[1];
    int64_t outputs = e->out_shape.dim[0], filters = e->out_shape.dim[1];
    int64_t before = pad_before(n, timesteps, outputs);
    int groups = attr_int(n, "groups");
    const double *bias = weight_of(n, "bias")->data;
    const double *kernel = weight_of(n, "kernel")->data;

    for (int64_t t = 0; t < outputs; t++) {
        double *z = e->out + t * filters;
        for (int64_t u = 0; u < filters; u++)
            z[u] = bias ? bias[u] : 0;
        for (int64_t k = 0; k < attr_int(n, "kernel_size"); k++) {
            int64_t from = t * attr_int(n, "strides") +
                           k * attr_int(n, "dilation_rate") - before;
            if (from >= 0 && from < timesteps)
                add_tap(z, e->in[0] + from * features,
                        kernel + k * features / groups * filters, features,
                        filters, groups);
        }
        activation_eval(&attr_of(n, "activation")->activation, z, filters);
    }
}

const Op op_conv1d = {
    .name = "Conv1D",
    .doc = "convolution along the time axis; streams where causal",
    .attrs =
        {
            {"filters", ATTR_INT, .min = 1, .max = MAX_DIM},
            {"kernel_size", ATTR_INT, .min = 1, .max = MAX_DIM, .list = true},
            {"strides", ATTR_INT, .min = 1, .max = MAX_DIM, .list = true,
             .fallback = "1"},
            {"padding", ATTR_CHOICE, .choices = paddings,
             .fallback = "\"valid\""},
            {"dilation_rate", ATTR_INT, .min = 1, .max = MAX_DIM, .list = true,
             .fallback = "1"},
            {"groups", ATTR_INT, .min = 1, .max = MAX_DIM, .fallback = "1"},
            {"activation", ATTR_ACTIVATION, .fallback = "\"linear\""},
            {"use_bias", ATTR_BOOL, .fallback = "true"},
        },
    .weights =
        {
            {"kernel", "kernel_size, group_features, filters", .tiled = true,
             .narrow = 2},
            {"bias", "filters", .when = "use_bias", .tiled = true},
        },
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "timesteps, features",
    .bind = bind,
    .output = "outputs, filters",
    .macs = "kernel_size*group_features*filters",
    .state = {{"past", "the last inputs", "slots*features"},
              {"at", "position in those", "1", .position = true}},
    .scratch = "filters",
    .tile_units = "filters",
    .tile_groups = "groups",
    .tile_window = "kernel_size*features",
    .gates = 1,
    .temporal = true,
    .takes_in = {"kernel", 1},
    .template = "conv1d.c.lt",
    .window = window,
    .eval = eval,
};
