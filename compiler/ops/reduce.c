/* ops/reduce.c -- the mean, the sum, the largest or the smallest along some
 * axes, as keras.ops.mean(x, axis, keepdims) and torch's mean have it.
 *
 *   y[kept] = sum over the others of x[kept, others]      and so on
 *
 * `axis` counts as Keras counts: 1 is the first dimension of our shapes. Any
 * number of timesteps are taken as they come, as global pooling does it. */

#include "axes.h"

#include <math.h>

/* Whether dimension d of the input goes, by how far it is from the last one: a
 * step sees slices, without the first. */
static const char *const names[MAX_RANK] = {"goes_0", "goes_1", "goes_2",
                                            "goes_3", "goes_4", "goes_5",
                                            "goes_6", "goes_7"};

static bool check(const Source *src, const Node *n)
{
    if (!axes_check(src, n, true))
        return false;
    unsigned mask = axes_mask(n);
    if (shape_fixed(&n->seen[0]) || !(mask & 1) || mask == 1)
        return true;
    error_at(src, &n->at,
             "%s along more than any number of timesteps is not supported",
             n->op->name);
    return false;
}

static bool infer(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    if (!check(src, n))
        return false;
    unsigned mask = axes_mask(n);
    Shape out = {.rank = 0}, tail = shape_tail(in);
    for (int d = 0; d < in->rank; d++) {
        scope_bind(&n->scope, names[in->rank - 1 - d], mask >> d & 1);
        if (!(mask >> d & 1))
            out.dim[out.rank++] = in->dim[d];
        else if (attr_bool(n, "keepdims"))
            out.dim[out.rank++] = 1;
    }
    scope_bind(&n->scope, "features", shape_size(&tail));
    n->out->shape = out;
    return true;
}

static bool gathers(const Node *n)
{
    return n->seen[0].dim[0] == ANY && axes_mask(n) & 1;
}

static const char *no_stream(const Node *n)
{
    return axes_mask(n) & 1 && !node_gathers(n)
               ? "it looks at all timesteps at once"
               : NULL;
}

/* ---- Reference ----------------------------------------------------------- */

/* Which element of the output element i of the input goes into. */
static int64_t target(const Node *n, const Shape *in, int64_t i)
{
    unsigned mask = axes_mask(n);
    int64_t to = 0, stride = 1;
    for (int d = in->rank - 1; d >= 0; d--) {
        if (!(mask >> d & 1)) {
            to += i % in->dim[d] * stride;
            stride *= in->dim[d];
        }
        i /= in->dim[d];
    }
    return to;
}

static double add(double a, double b)
{
    return a + b;
}

/* NaN from either side, unlike fmax. */
static double larger(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

static double smaller(double a, double b)
{
    return a < b || isnan(a) ? a : b;
}

/* Returns how many elements make one. */
static int64_t reduce(const Eval *e, double (*combine)(double a, double b),
                      double first)
{
    const Shape *in = &e->in_shape[0];
    int64_t size = shape_size(in), outputs = shape_size(&e->out_shape);
    for (int64_t i = 0; i < outputs; i++)
        e->out[i] = first;
    for (int64_t i = 0; i < size; i++) {
        double *to = &e->out[target(e->node, in, i)];
        *to = combine(*to, e->in[0][i]);
    }
    return size / outputs;
}

static void eval_sum(const Eval *e)
{
    reduce(e, add, 0);
}

static void eval_mean(const Eval *e)
{
    int64_t count = reduce(e, add, 0);
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++)
        e->out[i] /= (double)count;
}

static void eval_max(const Eval *e)
{
    reduce(e, larger, -INFINITY);
}

static void eval_min(const Eval *e)
{
    reduce(e, smaller, INFINITY);
}

/* ---- Rows ---------------------------------------------------------------- */

/* clang-format off */
#define REDUCE(op_name, op_doc, op_eval)                                       \
    .name = op_name, .doc = op_doc,                                            \
    .attrs = {{"axis", ATTR_LIST, .min = -MAX_RANK, .max = MAX_RANK,           \
               .fallback = "1"},                                               \
              {"keepdims", ATTR_BOOL, .fallback = "false"}},                   \
    .input = "...", .min_inputs = 1, .max_inputs = 1, .infer = infer,          \
    .gathers = gathers, .no_stream = no_stream,                                \
    .template = "reduce.c.lt", .eval = op_eval
#define SUMS(text)                                                             \
    .state = {{"y", text, "features"},                                         \
              {"sum", "sums of whole blocks, and of how many timesteps",       \
               "features + 1"},                                                \
              {"part", "the same of those behind them", "features + 1"}}
#define CHOICE(text)                                                           \
    .state = {{"y", text, "features"},                                         \
              {"count", "whether there was one", "1", .position = true}}
/* clang-format on */

const Op op_reduce_mean = {
    REDUCE("ReduceMean", "the mean along some axes", eval_mean),
    SUMS("the mean so far")};
const Op op_reduce_sum = {
    REDUCE("ReduceSum", "the sum along some axes", eval_sum),
    SUMS("the sum so far")};
const Op op_reduce_max = {
    REDUCE("ReduceMax", "the largest along some axes", eval_max),
    CHOICE("the largest so far")};
const Op op_reduce_min = {
    REDUCE("ReduceMin", "the smallest along some axes", eval_min),
    CHOICE("the smallest so far")};
