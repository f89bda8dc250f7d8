/* ops/up_sampling.c -- UpSampling2D: larger planes, with what lies between.
 *
 * Element o of an axis stands at p = (o + 1/2) / size - 1/2 of x; it is the
 * mean of the elements around, those inside, with the weights k(p - i):
 *
 *   bilinear  1 - |d|                           up to 1 away
 *   bicubic   Keys' cubic with a = -1/2         up to 2
 *   lanczos   sinc(d) sinc(d / n), n = 3 or 5   up to n
 *
 * Both axes have a table of weights, derived here. "nearest" is a copy. */

#include "move.h"

#include <math.h>

enum { NEAREST, BILINEAR, BICUBIC, LANCZOS3, LANCZOS5 };
static const char *const interpolations[] = {"nearest",  "bilinear", "bicubic",
                                             "lanczos3", "lanczos5", NULL};

/* How far from p an element counts. */
static int reach(const Node *n)
{
    static const int reaches[] = {0, 1, 2, 3, 5};
    return reaches[attr_int(n, "interpolation")];
}

static double cubic(double d)
{
    return d < 1   ? (1.5 * d - 2.5) * d * d + 1
           : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2
                   : 0;
}

static double lanczos(double d, int n)
{
    double a = 3.14159265358979323846 * d;
    return d == 0 ? 1 : d >= n ? 0 : n * sin(a) * sin(a / n) / (a * a);
}

/* The weight of an element d >= 0 away. */
static double weight(const Node *n, double d)
{
    switch (attr_int(n, "interpolation")) {
    case BILINEAR:
        return d < 1 ? 1 - d : 0;
    case BICUBIC:
        return cubic(d);
    default:
        return lanczos(d, reach(n));
    }
}

/* The first of 2 reach elements around output o of an axis: below p - reach,
 * rounded up. */
static int64_t first_tap(const Node *n, int64_t o, int64_t size)
{
    return (2 * o + 1 + size) / (2 * size) - reach(n);
}

/* table [inputs size][2 reach] of one axis */
static void fill_table(const Node *n, int64_t inputs, int64_t size,
                       double *table)
{
    int taps = 2 * reach(n);
    for (int64_t o = 0; o < inputs * size; o++, table += taps) {
        double p = ((double)o + 0.5) / (double)size - 0.5, sum = 0;
        int64_t first = first_tap(n, o, size);
        for (int k = 0; k < taps; k++) {
            bool inside = first + k >= 0 && first + k < inputs;
            table[k] = inside ? weight(n, fabs(p - (double)(first + k))) : 0;
            sum += table[k];
        }
        for (int k = 0; k < taps; k++)
            table[k] /= sum;
    }
}

static void derive(Arena *a, Node *n)
{
    const Shape *in = &n->seen[0];
    if (attr_int(n, "interpolation") == NEAREST)
        return;
    fill_table(n, in->dim[0], attr_item(n, "size", 0),
               weight_derive(a, n, "row_weights"));
    fill_table(n, in->dim[1], attr_item(n, "size", 1),
               weight_derive(a, n, "column_weights"));
}

static bool bind(const Source *src, Node *n)
{
    const int *in = n->seen[0].dim;
    int64_t rows = attr_item(n, "size", 0), columns = attr_item(n, "size", 1);
    (void)src;
    scope_bind(&n->scope, "in_rows", in[0]);
    scope_bind(&n->scope, "in_columns", in[1]);
    scope_bind(&n->scope, "out_rows", in[0] * rows);
    scope_bind(&n->scope, "out_columns", in[1] * columns);
    scope_bind(&n->scope, "size_rows", rows);
    scope_bind(&n->scope, "size_columns", columns);
    scope_bind(&n->scope, "taps", 2 * reach(n));
    return true;
}

/* Output (r, c) of feature f, from x [rows][columns][features]. */
static double between(const Eval *e, int64_t r, int64_t c, int64_t f)
{
    const Node *n = e->node;
    const int *in = e->in_shape[0].dim;
    int taps = 2 * reach(n);
    const double *rows = weight_of(n, "row_weights")->data + r * taps;
    const double *columns = weight_of(n, "column_weights")->data + c * taps;
    int64_t row = first_tap(n, r, attr_item(n, "size", 0));
    int64_t column = first_tap(n, c, attr_item(n, "size", 1));
    double y = 0;
    for (int i = 0; i < taps; i++)
        for (int j = 0; j < taps; j++)
            if (row + i >= 0 && row + i < in[0] && column + j >= 0 &&
                column + j < in[1])
                y += rows[i] * columns[j] *
                     e->in[0][((row + i) * in[1] + column + j) * in[2] + f];
    return y;
}

static void eval(const Eval *e)
{
    const int *out = e->out_shape.dim;
    if (attr_int(e->node, "interpolation") == NEAREST) {
        move_eval(e);
        return;
    }
    double *y = e->out;
    for (int64_t r = 0; r < out[0]; r++)
        for (int64_t c = 0; c < out[1]; c++)
            for (int64_t f = 0; f < out[2]; f++)
                *y++ = between(e, r, c, f);
}

const Op op_up_sampling_2d = {
    .name = "UpSampling2D",
    .doc = "every element as a block of several, or what lies between",
    .attrs = {{"size", ATTR_LIST, .min = 1, .max = MAX_DIM, .fallback = "2"},
              {"interpolation", ATTR_CHOICE, .choices = interpolations,
               .fallback = "\"nearest\""}},
    .weights = {{"row_weights", "out_rows, taps", .role = WEIGHT_DERIVED},
                {"column_weights", "out_columns, taps",
                 .role = WEIGHT_DERIVED}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "rows, columns, features",
    .bind = bind,
    .infer = move_up,
    .derive = derive,
    .macs = "out_rows*out_columns*taps*taps*features",
    .no_stream = move_no_stream,
    .template = "up_sampling.c.lt",
    .eval = eval,
};
