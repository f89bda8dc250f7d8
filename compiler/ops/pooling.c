/* ops/pooling.c -- the largest or the mean of a window, each feature apart:
 * MaxPooling and AveragePooling in one and two dimensions, and the global
 * ones, whose window is everything.
 *
 *   y[r][c][f] = max or mean of x[r sr + i - br][c sc + j - bc][f],
 *                0 <= i < pr, 0 <= j < pc, inside x only
 *
 * One dimension is two with one column. "same" starts so that ceil(size /
 * strides) come out; a mean counts what is inside. "pads", of each axis, is so
 * much on both sides that windows may reach over, as PyTorch pads.
 *
 * The global ones take any number of timesteps as they come, in states: the
 * output so far, and for a mean what it is made of. */

#include "window.h"

#include <string.h>

/* Windows that start `pads` before x, and end at most as far behind it. */
static bool fit_pads(const Source *src, const Node *n, int axis, Axis *a)
{
    int64_t pad = attr_item(n, "pads", axis);
    int64_t room = a->size + 2 * pad - a->window;
    if (pad >= a->window || room < 0 || attr_int(n, "padding") != PAD_VALID) {
        error_at(src, &n->at,
                 "pads of %lld do not fit a window of %lld on %lld elements, "
                 "padding \"valid\"",
                 (long long)pad, (long long)a->window, (long long)a->size);
        return false;
    }
    a->outputs = room / a->step + 1;
    a->before = pad;
    return true;
}

static bool infer_pool(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    int axes = window_axes(n);
    bool own = attr_of(n, "strides")->shape.rank > 0;
    bool pads = attr_of(n, "pads")->shape.rank > 0;
    bool open = axes == 1 && !pads;
    if ((!open && !window_fixed(src, n)) ||
        !window_check_list(src, n, "pool_size") ||
        !window_check_list(src, n, "strides") ||
        !window_check_list(src, n, "pads"))
        return false;
    n->out->shape = *in;
    for (int i = 0; i < 2; i++) {
        Axis a = {1, 1, 1, 1, 0, 1};
        if (i < axes) {
            int window = attr_item(n, "pool_size", i);
            a = (Axis){.size = in->dim[i],
                       .window = window,
                       .step = own ? attr_item(n, "strides", i) : window,
                       .spacing = 1};
            if (pads ? !fit_pads(src, n, i, &a)
                     : !window_fit(src, n, attr_int(n, "padding"), &a))
                return false;
            n->out->shape.dim[i] = (int)a.outputs;
        }
        window_bind(n, i, a);
    }
    return true;
}

/* Of the mean over timesteps only, as its second input. */
static bool check_mask(const Source *src, const Node *n)
{
    bool masked = n->op->max_inputs > 1 && attr_bool(n, "masked");
    Shape expected = {2, {n->seen[0].dim[0], 1}};
    if (n->inputs == 1 + masked &&
        (!masked || shape_equal(&n->seen[1], &expected)))
        return true;
    if (masked)
        error_at(src, &n->at, "a mask of shape %s is expected",
                 shape_text(src->arena, &expected));
    else
        error_at(src, &n->at,
                 "a second input is a mask, which needs "
                 "\"masked\": true");
    return false;
}

static bool infer_global(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    int axes = in->rank - 1;
    bool keep = attr_bool(n, "keepdims");
    if ((axes > 1 && !window_fixed(src, n)) || !check_mask(src, n))
        return false;
    n->out->shape = (Shape){1, {in->dim[axes]}};
    if (keep)
        n->out->shape = *in;
    for (int i = 0; i < 2; i++) {
        int64_t size = i < axes ? in->dim[i] : 1;
        window_bind(n, i, (Axis){size, size, 1, 1, 0, 1});
        if (keep && i < axes)
            n->out->shape.dim[i] = 1;
    }
    return true;
}

/* Of a fixed number predict takes all of them at once. */
static bool gathers(const Node *n)
{
    return n->seen[0].dim[0] == ANY;
}

static const char *no_stream(const Node *n)
{
    if (node_gathers(n))
        return NULL;
    return strncmp(n->op->name, "Global", 6) == 0
               ? "it looks at all timesteps at once"
               : "its windows span timesteps";
}

/* Of one dimension. Zeros are no part of a window, so it has to be whole. */
static const char *window(const Node *n, Window *w)
{
    Axis rows = window_find(n, 0);
    w->reach = rows.window - 1;
    w->step = rows.step;
    if (rows.size == ANY && attr_int(n, "padding") == PAD_SAME)
        return "padding \"same\" looks ahead";
    return rows.before > 0 ? "its first windows are not whole" : NULL;
}

/* ---- Reference ----------------------------------------------------------- */

/* One output of one feature, from x's rows and columns. */
static double pool(const double *x, Axis rows, Axis columns, int64_t features,
                   int64_t r, int64_t c, bool mean)
{
    double y = 0;
    int64_t count = 0, row, column;
    for (int64_t i = 0; i < rows.window; i++)
        for (int64_t j = 0; j < columns.window; j++) {
            if (!window_place(&rows, r, i, &row) ||
                !window_place(&columns, c, j, &column))
                continue;
            double v = x[(row * columns.size + column) * features];
            if (mean)
                y += v;
            else if (count == 0 || v > y || v != v)
                y = v;
            count++;
        }
    return mean ? y / (double)count : y;
}

static void eval_as(const Eval *e, bool mean)
{
    Axis rows = window_seen(e, 0), columns = window_seen(e, 1);
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    double *y = e->out;
    for (int64_t r = 0; r < rows.outputs; r++)
        for (int64_t c = 0; c < columns.outputs; c++)
            for (int64_t f = 0; f < features; f++)
                *y++ = pool(e->in[0] + f, rows, columns, features, r, c, mean);
}

static void eval_max(const Eval *e)
{
    eval_as(e, false);
}

static void eval_mean(const Eval *e)
{
    eval_as(e, true);
}

/* One window, which is all of x. */
static void eval_whole(const Eval *e, bool mean)
{
    const Shape *in = &e->in_shape[0];
    Axis axis[2];
    for (int i = 0; i < 2; i++) {
        int64_t size = i < in->rank - 1 ? in->dim[i] : 1;
        axis[i] = (Axis){size, size, 1, 1, 0, 1};
    }
    int64_t features = in->dim[in->rank - 1];
    for (int64_t f = 0; f < features; f++)
        e->out[f] = pool(e->in[0] + f, axis[0], axis[1], features, 0, 0, mean);
}

static void eval_global_max(const Eval *e)
{
    eval_whole(e, false);
}

static void eval_global_mean(const Eval *e)
{
    eval_whole(e, true);
}

/* y[f] = sum of x[t][f] where mask[t] != 0, over their number */
static void eval_timesteps(const Eval *e)
{
    int64_t timesteps = e->in_shape[0].dim[0], features = e->in_shape[0].dim[1];
    if (e->node->inputs == 1) {
        eval_whole(e, true);
        return;
    }
    for (int64_t f = 0; f < features; f++) {
        double sum = 0, count = 0;
        for (int64_t t = 0; t < timesteps; t++)
            if (e->in[1][t] != 0) {
                sum += e->in[0][t * features + f];
                count++;
            }
        e->out[f] = sum / count;
    }
}

/* ---- Rows ---------------------------------------------------------------- */

/* clang-format off */
#define WINDOW                                                                 \
    .attrs = {{"pool_size", ATTR_LIST, .min = 1, .max = MAX_DIM,               \
               .fallback = "2"},                                               \
              {"strides", ATTR_LIST, .min = 1, .max = MAX_DIM,                 \
               .fallback = "null"},                                            \
              {"padding", ATTR_CHOICE, .choices = window_paddings,             \
               .fallback = "\"valid\""},                                       \
              {"pads", ATTR_LIST, .min = 0, .max = MAX_DIM,                    \
               .fallback = "null"}},                                           \
    .infer = infer_pool
#define GLOBAL                                                                 \
    .attrs = {{"keepdims", ATTR_BOOL, .fallback = "false"}},                   \
    .infer = infer_global
#define POOL(op_name, op_doc, op_input, op_eval)                               \
    .name = op_name, .doc = op_doc, .input = op_input, .min_inputs = 1,        \
    .max_inputs = 1, .template = "pooling.c.lt", .eval = op_eval
#define TEMPORAL                                                               \
    .temporal = true, .window = window,                                        \
    .state = {{"past", "the last inputs", "window_rows*features"},             \
              {"at", "position in those", "1", .position = true}}
/* clang-format on */

const Op op_max_pooling_1d = {
    POOL("MaxPooling1D", "the largest of several timesteps", LINE, eval_max),
    WINDOW, TEMPORAL};
const Op op_average_pooling_1d = {
    POOL("AveragePooling1D", "the mean of several timesteps", LINE, eval_mean),
    WINDOW, TEMPORAL};
const Op op_global_max_pooling_1d = {
    POOL("GlobalMaxPooling1D", "the largest of all timesteps", LINE,
         eval_global_max),
    GLOBAL, .gathers = gathers,
    .state = {{"y", "the largest so far", "features"},
              {"count", "whether there was one", "1", .position = true}},
    .no_stream = no_stream};
const Op op_global_average_pooling_1d = {
    .name = "GlobalAveragePooling1D",
    .doc = "the mean of all timesteps, or of those that count",
    .attrs = {{"keepdims", ATTR_BOOL, .fallback = "false"},
              {"masked", ATTR_BOOL, .fallback = "false"}},
    .input = LINE,
    .min_inputs = 1,
    .max_inputs = 2,
    .gathers = gathers,
    .state = {{"y", "the mean so far", "features"},
              {"sum", "sums of whole blocks, and of how many timesteps",
               "features + 1"},
              {"part", "the same of those behind them", "features + 1"}},
    .masks = MASK_READ,
    .infer = infer_global,
    .no_stream = no_stream,
    .template = "global_average.c.lt",
    .eval = eval_timesteps,
};
const Op op_max_pooling_2d = {
    POOL("MaxPooling2D", "the largest of a block", PLANE, eval_max), WINDOW,
    .no_stream = no_stream};
const Op op_average_pooling_2d = {
    POOL("AveragePooling2D", "the mean of a block", PLANE, eval_mean), WINDOW,
    .no_stream = no_stream};
const Op op_global_max_pooling_2d = {POOL("GlobalMaxPooling2D",
                                          "the largest of a plane", PLANE,
                                          eval_global_max),
                                     GLOBAL, .no_stream = no_stream};
const Op op_global_average_pooling_2d = {POOL("GlobalAveragePooling2D",
                                              "the mean of a plane", PLANE,
                                              eval_global_mean),
                                         GLOBAL, .no_stream = no_stream};
