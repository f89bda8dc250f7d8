/* ops/depthwise.c -- convolutions of each feature apart: DepthwiseConv1D and
 * 2D; and with a product over the features behind them: SeparableConv1D, 2D.
 *
 *   z[r][c][f m] = sum over i, j of x[..r, i..][..c, j..][f] kernel[i][j][f][m]
 *   depthwise:  y = activation(z + bias)
 *   separable:  y = activation(z pointwise_kernel + bias)
 *
 * depthwise_kernel [rows, columns, features, depth_multiplier]: m is one of
 * depth_multiplier outputs of a feature, side by side. pointwise_kernel [1, 1,
 * features depth_multiplier, filters]. One dimension is two with one column;
 * that over timesteps steps, with a ring of its last inputs. */

#include "convolution.h"

#include <string.h>

static bool bind(const Source *src, Node *n)
{
    if (!window_bind_kernel(src, n))
        return false;
    Axis a = window_find(n, 0);
    scope_bind(&n->scope, "slots", window_span(&a));
    return true;
}

/* The sums of one output, z [features][multiplier]. */
static void sum_window(const Eval *e, int64_t r, int64_t c, double *z,
                       int64_t features, int64_t multiplier)
{
    Axis rows = window_seen(e, 0), columns = window_seen(e, 1);
    const double *kernel = weight_of(e->node, "depthwise_kernel")->data;
    int64_t row, column;
    for (int64_t i = 0; i < rows.window; i++)
        for (int64_t j = 0; j < columns.window;
             j++, kernel += features * multiplier) {
            if (!window_place(&rows, r, i, &row) ||
                !window_place(&columns, c, j, &column))
                continue;
            const double *x =
                e->in[0] + (row * columns.size + column) * features;
            for (int64_t k = 0; k < features * multiplier; k++)
                z[k] += x[k / multiplier] * kernel[k];
        }
}

static void eval(const Eval *e)
{
    const Node *n = e->node;
    bool separable = strncmp(n->op->name, "Separable", 9) == 0;
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    int64_t multiplier = attr_int(n, "depth_multiplier");
    int64_t between = features * multiplier;
    int64_t width = e->out_shape.dim[e->out_shape.rank - 1];
    int64_t columns = window_find(n, 1).outputs;
    int64_t places = shape_size(&e->out_shape) / width;
    double *sum = arena_alloc(e->arena, (size_t)between, sizeof *sum);
    for (int64_t p = 0; p < places; p++) {
        double *y = e->out + p * width;
        convolution_bias(n, y, width);
        for (int64_t k = 0; k < between; k++)
            sum[k] = 0;
        sum_window(e, p / columns, p % columns, separable ? sum : y, features,
                   multiplier);
        if (separable)
            add_product(y, sum, weight_of(n, "pointwise_kernel")->data, between,
                        width);
        activation_eval(&attr_of(n, "activation")->activation, y, width);
    }
}

/* clang-format off */
#define MULTIPLIER                                                             \
    {"depth_multiplier", ATTR_INT, .min = 1, .max = MAX_DIM, .fallback = "1"}
#define DEPTHWISE(op_name, op_doc, op_input)                                   \
    .name = op_name, .doc = op_doc, .input = op_input, .min_inputs = 1,        \
    .max_inputs = 1, .bind = bind, .template = "depthwise.c.lt", .eval = eval
#define RING                                                                   \
    .temporal = true, .window = window_stream,                                 \
    .state = {{"past", "the last inputs", "slots*features"},                   \
              {"at", "position in those", "1", .position = true}}
/* clang-format on */

const Op op_depthwise_conv_1d = {
    DEPTHWISE("DepthwiseConv1D",
              "convolution along the time axis, each feature apart", LINE),
    .attrs = {KERNEL_LINE, KERNEL_PADDING(window_paddings_causal), MULTIPLIER,
              KERNEL_ENDS},
    .weights = {{"depthwise_kernel", "window_rows, features, depth_multiplier",
                 .narrow = 1},
                {"bias", "features*depth_multiplier", .when = "use_bias"}},
    .takes_in = {"depthwise_kernel", 2},
    .output = "out_rows, features*depth_multiplier",
    .macs = "window_rows*features*depth_multiplier",
    .scratch = "features*depth_multiplier",
    RING,
};
const Op op_depthwise_conv_2d = {
    DEPTHWISE("DepthwiseConv2D",
              "convolution over rows and columns, each feature apart", PLANE),
    .attrs = {KERNEL_PLANE, KERNEL_PADDING(window_paddings), MULTIPLIER,
              KERNEL_ENDS},
    .weights = {{"depthwise_kernel",
                 "window_rows, window_columns, features, depth_multiplier",
                 .narrow = 2},
                {"bias", "features*depth_multiplier", .when = "use_bias"}},
    .takes_in = {"depthwise_kernel", 2},
    .output = "out_rows, out_columns, features*depth_multiplier",
    .macs = "out_rows*out_columns*window_rows*window_columns*features"
            "*depth_multiplier",
    .scratch = "features*depth_multiplier",
    .no_stream = window_no_stream,
};
const Op op_separable_conv_1d = {
    DEPTHWISE("SeparableConv1D",
              "one of each feature in time, then one over them", LINE),
    .attrs = {FILTERS, KERNEL_LINE, KERNEL_PADDING(window_paddings_causal),
              MULTIPLIER, KERNEL_ENDS},
    .weights = {{"depthwise_kernel", "window_rows, features, depth_multiplier",
                 .narrow = 1},
                {"pointwise_kernel", "1, features*depth_multiplier, filters",
                 .tiled = true, .narrow = 2},
                {"bias", "filters", .when = "use_bias", .tiled = true}},
    .takes_in = {"pointwise_kernel", 1},
    .output = "out_rows, filters",
    .macs = "window_rows*features*depth_multiplier + "
            "features*depth_multiplier*filters",
    .scratch = "features*depth_multiplier + filters",
    .tile_units = "filters",
    .tile_window = "features*depth_multiplier",
    .gates = 1,
    RING,
};
const Op op_separable_conv_2d = {
    DEPTHWISE("SeparableConv2D",
              "one over rows and columns of each feature, then one over those",
              PLANE),
    .attrs = {FILTERS, KERNEL_PLANE, KERNEL_PADDING(window_paddings),
              MULTIPLIER, KERNEL_ENDS},
    .weights = {{"depthwise_kernel",
                 "window_rows, window_columns, features, depth_multiplier",
                 .narrow = 2},
                {"pointwise_kernel",
                 "1, 1, features*depth_multiplier, filters", .tiled = true,
                 .narrow = 3},
                {"bias", "filters", .when = "use_bias", .tiled = true}},
    .takes_in = {"pointwise_kernel", 1},
    .output = "out_rows, out_columns, filters",
    .macs = "out_rows*out_columns*window_rows*window_columns*features"
            "*depth_multiplier + "
            "out_rows*out_columns*features*depth_multiplier*filters",
    .scratch = "features*depth_multiplier + filters",
    .tile_units = "filters",
    .tile_window = "features*depth_multiplier",
    .gates = 1,
    .no_stream = window_no_stream,
};
