/* ops/conv_transpose.c -- transposed convolution: what a convolution does to
 * its gradient. Each element of x adds a window to y.
 *
 *   y[r sr + i dr - br][c sc + j dc - bc] += x[r][c] kernel[i][j]
 *
 * over all r, c, i, j, where that is inside y; then bias and activation.
 * kernel [rows, columns, filters/groups, features]; the C has it turned round,
 * with the filters last. Group g of the features makes group g of the filters.
 * Sizes of y are Keras': without output_padding
 *
 *   same   size s
 *   valid  size s + max(window - s, 0)
 *
 * and with it (size - 1) s + window + output_padding, less what "same" cuts
 * off: both sides of an odd window as far as its middle. b is what the
 * convolution the other way, from y to x, would pad. */

#include "convolution.h"

static int64_t count_outputs(const Axis *a, int padding, int64_t more)
{
    int64_t span = window_span(a);
    if (padding == PAD_SAME)
        return more < 0 ? a->size * a->step
                        : (a->size - 1) * a->step + span % 2 + more;
    if (more < 0)
        more = span < a->step ? a->step - span : 0;
    return (a->size - 1) * a->step + span + more;
}

/* more: output_padding, -1 without. */
static bool set_outputs(const Source *src, const Node *n, int64_t more, Axis *a)
{
    int64_t span = window_span(a);
    int padding = attr_int(n, "padding");
    if (span > MAX_DIM || a->size * a->step > MAX_DIM) {
        error_at(src, &n->at, "the output is larger than %d in one dimension",
                 MAX_DIM);
        return false;
    }
    a->outputs = count_outputs(a, padding, more);
    int64_t total = (a->size - 1) * a->step + span - a->outputs;
    a->before = padding == PAD_SAME && total > 0 ? total / 2 : 0;
    /* The way back has to find as many as came. */
    int64_t rest = a->outputs - (a->size - 1) * a->step;
    if (more >= a->step || (padding == PAD_SAME && rest < 1)) {
        error_at(src, &n->at,
                 "an output_padding of %lld does not fit strides of %lld and "
                 "a window of %lld",
                 (long long)more, (long long)a->step, (long long)span);
        return false;
    }
    return true;
}

static bool bind_groups(const Source *src, Node *n)
{
    int64_t features = attr_int(n, "groups");
    int groups = attr_int(n, "groups"), filters = attr_int(n, "filters");
    scope_find(&n->scope, "features", &features);
    scope_bind(&n->scope, "group_filters", filters / groups);
    if (features % groups == 0 && filters % groups == 0)
        return true;
    error_at(src, &n->at,
             "%d groups do not divide %lld features and %d filters", groups,
             (long long)features, filters);
    return false;
}

static bool bind(const Source *src, Node *n)
{
    static const char *const lists[] = {"kernel_size", "strides",
                                        "dilation_rate", "output_padding"};
    bool ok = window_fixed(src, n) && bind_groups(src, n);
    bool given = attr_of(n, "output_padding")->shape.rank > 0;
    for (int i = 0; i < 4; i++)
        ok &= window_check_list(src, n, lists[i]);
    for (int i = 0; ok && i < 2; i++) {
        Axis a = {1, 1, 1, 1, 0, 1};
        if (i < window_axes(n)) {
            a = (Axis){.size = n->seen[0].dim[i],
                       .window = window_item(n, "kernel_size", i),
                       .step = window_item(n, "strides", i),
                       .spacing = window_item(n, "dilation_rate", i)};
            int more = given ? attr_item(n, "output_padding", i) : -1;
            ok = set_outputs(src, n, more, &a);
        }
        window_bind(n, i, a);
    }
    if (!ok)
        return false;
    int64_t taps = window_find(n, 0).window * window_find(n, 1).window;
    bool one = attr_int(n, "groups") == 1;
    scope_bind(&n->scope, "joined", one ? taps * attr_int(n, "filters") : 0);
    return true;
}

/* turned [features][taps][filters] = kernel [taps][filters][features] */
static void derive(Arena *a, Node *n)
{
    const Weight *kernel = weight_of(n, "kernel");
    double *turned = weight_derive(a, n, "turned");
    int features = kernel->shape.dim[kernel->shape.rank - 1];
    int64_t size = shape_size(&kernel->shape), columns = size / features;
    for (int64_t i = 0; i < size; i++)
        turned[i % features * columns + i / features] = kernel->data[i];
}

static const char *no_stream(const Node *n)
{
    (void)n;
    return "its windows span timesteps";
}

/* What element (r, c) of x adds to y. */
static void add_window(const Eval *e, Axis rows, Axis columns, int64_t r,
                       int64_t c)
{
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    int64_t filters = e->out_shape.dim[e->out_shape.rank - 1];
    int64_t groups = attr_int(e->node, "groups"), own = features / groups;
    const double *kernel = weight_of(e->node, "kernel")->data;
    const double *x = e->in[0] + (r * columns.size + c) * features;
    for (int64_t i = 0; i < rows.window; i++)
        for (int64_t j = 0; j < columns.window; j++)
            for (int64_t u = 0; u < filters / groups; u++, kernel += features) {
                int64_t row = r * rows.step + i * rows.spacing - rows.before;
                int64_t column =
                    c * columns.step + j * columns.spacing - columns.before;
                if (row < 0 || row >= rows.outputs || column < 0 ||
                    column >= columns.outputs)
                    continue;
                double *y =
                    e->out + (row * columns.outputs + column) * filters + u;
                for (int64_t f = 0; f < features; f++)
                    y[f / own * (filters / groups)] += x[f] * kernel[f];
            }
}

static void eval(const Eval *e)
{
    const Node *n = e->node;
    Axis rows = window_find(n, 0), columns = window_find(n, 1);
    int64_t filters = e->out_shape.dim[e->out_shape.rank - 1];
    int64_t places = rows.outputs * columns.outputs;
    for (int64_t p = 0; p < places; p++)
        convolution_bias(n, e->out + p * filters, filters);
    for (int64_t r = 0; r < rows.size; r++)
        for (int64_t c = 0; c < columns.size; c++)
            add_window(e, rows, columns, r, c);
    for (int64_t p = 0; p < places; p++)
        activation_eval(&attr_of(n, "activation")->activation,
                        e->out + p * filters, filters);
}

/* clang-format off */
#define OUTPUT_PADDING                                                         \
    {"output_padding", ATTR_LIST, .min = 0, .max = MAX_DIM, .fallback = "null"}
#define GROUPS                                                                 \
    {"groups", ATTR_INT, .min = 1, .max = MAX_DIM, .fallback = "1"}
#define TRANSPOSED(op_name, op_doc, op_input)                                  \
    .name = op_name, .doc = op_doc, .input = op_input, .min_inputs = 1,        \
    .max_inputs = 1, .bind = bind, .derive = derive, .no_stream = no_stream,   \
    .template = "conv_transpose.c.lt", .eval = eval, .tile_units = "joined",   \
    .tile_window = "joined", .gates = 1
/* clang-format on */

const Op op_conv_1d_transpose = {
    TRANSPOSED("Conv1DTranspose", "every timestep adds a window to the output",
               LINE),
    .attrs = {FILTERS, KERNEL_LINE, KERNEL_PADDING(window_paddings),
              OUTPUT_PADDING, GROUPS, KERNEL_ENDS},
    .weights = {{"kernel", "window_rows, group_filters, features",
                 .role = WEIGHT_FOLDED},
                {"bias", "filters", .when = "use_bias"},
                {"turned", "features, window_rows, group_filters",
                 .role = WEIGHT_DERIVED, .tiled = true}},
    .takes_in = {"turned", 1},
    .output = "out_rows, filters",
    .macs = "in_rows*window_rows*features*group_filters",
};
const Op op_conv_2d_transpose = {
    TRANSPOSED("Conv2DTranspose", "every element adds a window to the output",
               PLANE),
    .attrs = {FILTERS, KERNEL_PLANE, KERNEL_PADDING(window_paddings),
              OUTPUT_PADDING, GROUPS, KERNEL_ENDS},
    .weights = {{"kernel",
                 "window_rows, window_columns, group_filters, features",
                 .role = WEIGHT_FOLDED},
                {"bias", "filters", .when = "use_bias"},
                {"turned",
                 "features, window_rows, window_columns, group_filters",
                 .role = WEIGHT_DERIVED, .tiled = true}},
    .takes_in = {"turned", 1},
    .output = "out_rows, out_columns, filters",
    .macs = "in_rows*in_columns*window_rows*window_columns*features"
            "*group_filters",
};
