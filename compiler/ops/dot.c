/* ops/dot.c -- Dot: the product of two tensors, summed over an axis of each.
 *
 *   y[o][i][p][j] = sum over k of a[o][k][i] b[p][k][j]
 *
 * where o and p stand for the axes before the one that is summed over, i and
 * j for those behind it. With normalize every a[o][.][i] and b[p][.][j] is
 * divided by its Euclidean norm first, of at least epsilon. */

#include "normalization.h"

#include <math.h>

/* The axis of input k as an index into its shape; outside it if wrong. */
static int axis_of(const Node *n, int k)
{
    int axis = attr_item(n, "axes", k), rank = n->seen[k].rank;
    return axis == 0 ? -1 : axis < 0 ? axis + rank : axis - 1;
}

static int64_t product(const Shape *s, int from, int to)
{
    int64_t size = 1;
    for (int i = from; i < to; i++)
        size *= s->dim[i];
    return size;
}

static bool check(const Source *src, const Node *n)
{
    int given = attr_of(n, "axes")->shape.rank;
    if (given > 2) {
        error_at(src, &n->at, "expected one axis or two, got %d", given);
        return false;
    }
    for (int k = 0; k < 2; k++) {
        const Shape *in = &n->seen[k];
        int axis = axis_of(n, k);
        if (axis >= 0 && axis < in->rank && in->dim[axis] != ANY)
            continue;
        error_at(src, &n->at,
                 "cannot sum over axis %d of %s: 1 is its first, -1 its last",
                 attr_item(n, "axes", k), shape_text(src->arena, in));
        return false;
    }
    const Shape *a = &n->seen[0], *b = &n->seen[1];
    if (a->dim[axis_of(n, 0)] == b->dim[axis_of(n, 1)] &&
        a->rank + b->rank - 2 <= MAX_RANK)
        return true;
    error_at(src, &n->at, "the shapes %s and %s do not fit together",
             shape_text(src->arena, a), shape_text(src->arena, b));
    return false;
}

static bool infer(const Source *src, Node *n)
{
    static const char *const inner[] = {"inner_1", "inner_2"};
    Shape out = {.rank = 0};
    if (!check(src, n) || !normalization_epsilon(src, n))
        return false;
    for (int k = 0; k < 2; k++) {
        const Shape *in = &n->seen[k];
        int axis = axis_of(n, k);
        for (int i = 0; i < in->rank; i++)
            if (i != axis)
                out.dim[out.rank++] = in->dim[i];
        scope_bind(&n->scope, inner[k], product(in, axis + 1, in->rank));
    }
    const Shape *b = &n->seen[1];
    scope_bind(&n->scope, "outer_2", product(b, 0, axis_of(n, 1)));
    scope_bind(&n->scope, "count", b->dim[axis_of(n, 1)]);
    n->out->shape = out.rank ? out : (Shape){1, {1}};
    return true;
}

/* Each timestep of the first by a second that stays as it is. */
static const char *no_stream(const Node *n)
{
    return n->in[1]->time == TIME_EACH || axis_of(n, 0) == 0
               ? "it multiplies whole sequences"
               : NULL;
}

/* One over the norm of x[0], x[stride], ..., or 1. */
static double scale(const Node *n, const double *x, int64_t count,
                    int64_t stride)
{
    double squares = 0;
    for (int64_t k = 0; k < count; k++)
        squares += x[k * stride] * x[k * stride];
    return attr_bool(n, "normalize")
               ? 1 / fmax(sqrt(squares), attr_of(n, "epsilon")->number)
               : 1;
}

static void eval(const Eval *e)
{
    const Shape *a = &e->in_shape[0], *b = &e->in_shape[1];
    int first = axis_of(e->node, 0), second = axis_of(e->node, 1);
    int64_t count = a->dim[first], at = 0;
    int64_t inner = product(a, first + 1, a->rank),
            inner2 = product(b, second + 1, b->rank);
    int64_t rows = product(a, 0, first) * inner,
            columns = product(b, 0, second) * inner2;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            const double *x = e->in[0] + r / inner * count * inner + r % inner;
            const double *w =
                e->in[1] + c / inner2 * count * inner2 + c % inner2;
            double sum = 0, one = scale(e->node, x, count, inner),
                   two = scale(e->node, w, count, inner2);
            for (int64_t k = 0; k < count; k++)
                sum += x[k * inner] * one * w[k * inner2] * two;
            e->out[at++] = sum;
        }
}

/* macs: for each element of the first input. */
const Op op_dot = {
    .name = "Dot",
    .doc = "the product of two tensors, summed over an axis of each",
    .attrs = {{"axes", ATTR_LIST, .min = -MAX_RANK, .max = MAX_RANK},
              {"normalize", ATTR_BOOL, .fallback = "false"},
              {"epsilon", ATTR_NUMBER, .fallback = "1e-07"}},
    .min_inputs = 2,
    .max_inputs = 2,
    .input = "...",
    .macs = "outer_2*inner_2 + outer_2*inner_2*normalize + normalize",
    .infer = infer,
    .no_stream = no_stream,
    .template = "dot.c.lt",
    .eval = eval,
};
