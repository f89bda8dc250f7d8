/* ops/conv2d.c -- convolution over rows and columns.
 *
 *   y[r][c] = activation(bias + sum over i, j of
 *                        x[r sr + i dr - br][c sc + j dc - bc] kernel[i][j])
 *
 * kernel [rows, columns, features/groups, filters]; strides s, dilation d,
 * padding b as window.h has them. Beyond the edges x is 0. Group g of the
 * filters sees group g of the features. */

#include "convolution.h"

void convolution_bias(const Node *n, double *y, int64_t size)
{
    const double *bias = weight_of(n, "bias")->data;
    for (int64_t u = 0; u < size; u++)
        y[u] = bias ? bias[u] : 0;
}

static bool bind(const Source *src, Node *n)
{
    int64_t features = 0;
    int groups = attr_int(n, "groups"), filters = attr_int(n, "filters");
    scope_find(&n->scope, "features", &features);
    if (features % groups != 0 || filters % groups != 0) {
        error_at(src, &n->at,
                 "%d groups do not divide %lld features and %d filters", groups,
                 (long long)features, filters);
        return false;
    }
    scope_bind(&n->scope, "group_features", features / groups);
    if (!window_bind_kernel(src, n))
        return false;
    Axis rows = window_find(n, 0), columns = window_find(n, 1);
    bool pixels = rows.window * columns.window * rows.step * columns.step == 1;
    scope_bind(&n->scope, "gathered",
               pixels ? 0 : rows.window * columns.window * features);
    return true;
}

/* z [filters] += x [features] kernel [features/groups, filters], by groups. */
static void add_tap(double *z, const double *x, const double *kernel,
                    int64_t features, int64_t filters, int groups)
{
    int64_t own = features / groups, width = filters / groups;
    for (int g = 0; g < groups; g++)
        for (int64_t f = 0; f < own; f++)
            for (int64_t u = g * width; u < (g + 1) * width; u++)
                z[u] += x[g * own + f] * kernel[f * filters + u];
}

/* The sums of one output: z [filters]. */
static void sum_window(const Eval *e, int64_t r, int64_t c, double *z)
{
    const Node *n = e->node;
    const double *kernel = weight_of(n, "kernel")->data;
    int64_t features = e->in_shape[0].dim[2], filters = e->out_shape.dim[2];
    int groups = attr_int(n, "groups");
    Axis rows = window_find(n, 0), columns = window_find(n, 1);
    int64_t row, column;
    for (int64_t i = 0; i < rows.window; i++)
        for (int64_t j = 0; j < columns.window; j++)
            if (window_place(&rows, r, i, &row) &&
                window_place(&columns, c, j, &column))
                add_tap(z, e->in[0] + (row * columns.size + column) * features,
                        kernel + (i * columns.window + j) *
                                     (features / groups) * filters,
                        features, filters, groups);
}

static void eval(const Eval *e)
{
    const Shape *out = &e->out_shape;
    int64_t filters = out->dim[2];
    double *z = e->out;
    for (int64_t r = 0; r < out->dim[0]; r++)
        for (int64_t c = 0; c < out->dim[1]; c++, z += filters) {
            convolution_bias(e->node, z, filters);
            sum_window(e, r, c, z);
            activation_eval(&attr_of(e->node, "activation")->activation, z,
                            filters);
        }
}

const Op op_conv2d = {
    .name = "Conv2D",
    .doc = "convolution over rows and columns",
    .attrs =
        {
            FILTERS,
            KERNEL_PLANE,
            KERNEL_PADDING(window_paddings),
            {"groups", ATTR_INT, .min = 1, .max = MAX_DIM, .fallback = "1"},
            KERNEL_ENDS,
        },
    .weights =
        {
            {"kernel", "window_rows, window_columns, group_features, filters",
             .tiled = true, .narrow = 3},
            {"bias", "filters", .when = "use_bias", .tiled = true},
        },
    .min_inputs = 1,
    .max_inputs = 1,
    .input = PLANE,
    .bind = bind,
    .output = "out_rows, out_columns, filters",
    .macs = "out_rows*out_columns*window_rows*window_columns*group_features"
            "*filters",
    .scratch = "filters",
    .tile_units = "filters",
    .tile_groups = "groups",
    .tile_window = "gathered",
    .gates = 1,
    .takes_in = {"kernel", 1},
    .template = "conv2d.c.lt",
    .no_stream = window_no_stream,
    .eval = eval,
};
