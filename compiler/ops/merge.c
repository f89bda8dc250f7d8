/* ops/merge.c -- several tensors, element by element, broadcast as Keras does:
 * a shape of lower rank gets leading ones, and a 1 stretches. */

#include "../rnnc.h"

#include <math.h>

static int dim_from_end(const Shape *s, int i)
{
    return i < s->rank ? s->dim[s->rank - 1 - i] : 1;
}

static bool infer(const Source *src, Node *n)
{
    Shape out = n->seen[0];
    for (int k = 1; k < n->inputs; k++) {
        const Shape *in = &n->seen[k];
        Shape sum = {.rank = in->rank > out.rank ? in->rank : out.rank};
        for (int i = 0; i < sum.rank; i++) {
            int a = dim_from_end(&out, i), b = dim_from_end(in, i);
            if (a != b && a != 1 && b != 1) {
                error_at(
                    src, &n->at, "the shapes %s and %s do not fit together",
                    shape_text(src->arena, &out), shape_text(src->arena, in));
                return false;
            }
            sum.dim[sum.rank - 1 - i] = a == 1 ? b : a;
        }
        out = sum;
    }
    n->out->shape = out;
    return true;
}

/* An input of lower rank, or of one timestep, is the same at every step;
 * that is only known to be so where it has no time axis of its own. */
static const char *no_stream(const Node *n)
{
    for (int k = 0; k < n->inputs; k++)
        if (n->in[k]->time == TIME_EACH &&
            (n->seen[k].rank < n->out->shape.rank ||
             n->seen[k].dim[0] != n->out->shape.dim[0]))
            return "it spreads one timestep over others";
        else if (n->in[k]->time == TIME_NONE &&
                 n->seen[k].rank == n->out->shape.rank &&
                 n->seen[k].dim[0] != 1)
            return "it takes a tensor that has timesteps of its own";
    return NULL;
}

/* Where element `at` of the output comes from in an input. */
static int64_t source(const Shape *out, const Shape *in, int64_t at)
{
    int64_t index = 0, stride = 1;
    for (int i = 0; i < out->rank; i++) {
        int size = dim_from_end(out, i), own = dim_from_end(in, i);
        if (own != 1)
            index += at % size * stride;
        stride *= own;
        at /= size;
    }
    return index;
}

/* out = combine(... combine(in[0], in[1]) ..., in[inputs - 1]) */
static void merge(const Eval *e, double (*combine)(double a, double b))
{
    int64_t size = shape_size(&e->out_shape);
    for (int64_t i = 0; i < size; i++) {
        double value = e->in[0][source(&e->out_shape, &e->in_shape[0], i)];
        for (int k = 1; k < e->node->inputs; k++)
            value = combine(
                value, e->in[k][source(&e->out_shape, &e->in_shape[k], i)]);
        e->out[i] = value;
    }
}

static double add(double a, double b)
{
    return a + b;
}

static double subtract(double a, double b)
{
    return a - b;
}

static double multiply(double a, double b)
{
    return a * b;
}

static double divide(double a, double b)
{
    return a / b;
}

/* NaN from either side, unlike fmax. */
static double maximum(double a, double b)
{
    return a > b || isnan(a) ? a : b;
}

static double minimum(double a, double b)
{
    return a < b || isnan(a) ? a : b;
}

static void eval_add(const Eval *e)
{
    merge(e, add);
}

static void eval_subtract(const Eval *e)
{
    merge(e, subtract);
}

static void eval_multiply(const Eval *e)
{
    merge(e, multiply);
}

static void eval_divide(const Eval *e)
{
    merge(e, divide);
}

static void eval_average(const Eval *e)
{
    merge(e, add);
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++)
        e->out[i] /= e->node->inputs;
}

static void eval_maximum(const Eval *e)
{
    merge(e, maximum);
}

static void eval_minimum(const Eval *e)
{
    merge(e, minimum);
}

#define MERGE(most_inputs, join, function)                                     \
    .attrs = {MASKS_ATTR(join)}, .masks = MASK_JOINED, .min_inputs = 2,        \
    .max_inputs = (most_inputs), .input = "...", .template = "merge.c.lt",     \
    .infer = infer, .no_stream = no_stream, .eval = (function)

const Op op_add = {.name = "Add",
                   .doc = "the elementwise sum, with broadcasting",
                   MERGE(MAX_PORTS, "any", eval_add)};
const Op op_subtract = {.name = "Subtract",
                        .doc = "the first input minus the second",
                        MERGE(2, "any", eval_subtract)};
const Op op_multiply = {.name = "Multiply",
                        .doc = "the elementwise product",
                        MERGE(MAX_PORTS, "refused", eval_multiply)};
const Op op_divide = {.name = "Divide",
                      .doc = "the first input by the second",
                      MERGE(2, "any", eval_divide)};
const Op op_average = {.name = "Average",
                       .doc = "the elementwise mean",
                       MERGE(MAX_PORTS, "any", eval_average)};
const Op op_maximum = {.name = "Maximum",
                       .doc = "the largest of each element",
                       MERGE(MAX_PORTS, "refused", eval_maximum)};
const Op op_minimum = {.name = "Minimum",
                       .doc = "the smallest of each element",
                       MERGE(MAX_PORTS, "refused", eval_minimum)};
