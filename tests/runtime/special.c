/* special.c -- NaN, infinities, zeros and random bits through every function
 * of the runtime; built with UBSan by run.sh, for both types and for libm.
 *
 * Expected values are the mathematical limits, exact. */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Before log_sigmoid.h, which would take runtime/softplus.h, its neighbour. */
#include "softplus.h"

#include "celu.h"
#include "clip.h"
#include "differ.h"
#include "elu.h"
#include "exp.h"
#include "finite.h"
#include "gelu.h"
#include "gelu_tanh.h"
#include "hard_shrink.h"
#include "hard_sigmoid_keras2.h"
#include "hard_sigmoid_keras3.h"
#include "hard_silu.h"
#include "hard_tanh.h"
#include "inverse_root.h"
#include "leaky_relu.h"
#include "log_sigmoid.h"
#include "log_softmax.h"
#include "logarithm.h"
#include "max.h"
#include "maximum.h"
#include "minimum.h"
#include "mish.h"
#include "where_one.h"
#include "real.h"
#include "relu.h"
#include "relu6.h"
#include "root.h"
#include "rsqrt.h"
#include "selu.h"
#include "sigmoid.h"
#include "soft_shrink.h"
#include "softmax.h"
#include "softsign.h"
#include "sparse_plus.h"
#include "sparse_sigmoid.h"
#include "sparsemax.h"
#include "sparsemax_keras3_15.h"
#include "squared.h"
#include "squareplus.h"
#include "swish.h"
#include "table_index.h"
#include "table_row.h"
#include "tanh.h"
#include "tanh_shrink.h"
#include "threshold.h"
#include "where.h"

static rn_real leaky(rn_real x)
{
    return rn_leaky_relu(x, (rn_real)0.25);
}

static rn_real elu2(rn_real x)
{
    return rn_elu(x, 2);
}

static rn_real celu2(rn_real x)
{
    return rn_celu(x, 2);
}

static rn_real squareplus4(rn_real x)
{
    return rn_squareplus(x, 4);
}

static rn_real soft_shrink_half(rn_real x)
{
    return rn_soft_shrink(x, (rn_real)0.5);
}

static rn_real hard_shrink_half(rn_real x)
{
    return rn_hard_shrink(x, (rn_real)0.5);
}

static rn_real clip_some(rn_real x)
{
    return rn_clip(x, -1, 2);
}

static rn_real threshold_one(rn_real x)
{
    return rn_threshold(x, 1, -3);
}

/* At minus infinity, minus 0, 0, plus infinity. */
static const struct {
    const char *name;
    rn_real (*function)(rn_real x);
    double low, zero, high;
} functions[] = {
    {"tanh", rn_tanh, -1, 0, 1},
    {"sigmoid", rn_sigmoid, 0, 0.5, 1},
    {"exp", rn_exp, 0, 1, INFINITY},
    {"relu", rn_relu, 0, 0, INFINITY},
    {"leaky_relu", leaky, -INFINITY, 0, INFINITY},
    {"elu", elu2, -2, 0, INFINITY},
    {"selu", rn_selu, -1.7580993408473766, 0, INFINITY},
    {"softplus", rn_softplus, 0, 0.69314718055994531, INFINITY},
    {"softsign", rn_softsign, -1, 0, 1},
    {"swish", rn_swish, 0, 0, INFINITY},
    {"gelu", rn_gelu, 0, 0, INFINITY},
    {"gelu_tanh", rn_gelu_tanh, 0, 0, INFINITY},
    {"hard_sigmoid_keras2", rn_hard_sigmoid_keras2, 0, 0.5, 1},
    {"hard_sigmoid_keras3", rn_hard_sigmoid_keras3, 0, 0.5, 1},
    {"relu6", rn_relu6, 0, 0, 6},
    {"celu", celu2, -2, 0, INFINITY},
    {"squareplus", squareplus4, 0, 1, INFINITY},
    {"soft_shrink", soft_shrink_half, -INFINITY, 0, INFINITY},
    {"threshold", threshold_one, -3, -3, INFINITY},
    {"hard_shrink", hard_shrink_half, -INFINITY, 0, INFINITY},
    {"sparse_plus", rn_sparse_plus, 0, 0.25, INFINITY},
    {"tanh_shrink", rn_tanh_shrink, -INFINITY, 0, INFINITY},
    {"sparse_sigmoid", rn_sparse_sigmoid, 0, 0.5, 1},
    {"hard_silu", rn_hard_silu, 0, 0, INFINITY},
    {"hard_tanh", rn_hard_tanh, -1, 0, 1},
    {"mish", rn_mish, 0, 0, INFINITY},
    {"log_sigmoid", rn_log_sigmoid, -INFINITY, -0.69314718055994531, 0},
    {"squared", rn_squared, INFINITY, 0, INFINITY},
    {"clip", clip_some, -1, 0, 2},
};
enum { COUNT = sizeof functions / sizeof *functions };

static int failures;

static void report(int ok, const char *name, const char *what)
{
    printf("%sok - %s %s\n", ok ? "" : "not ", name, what);
    failures += !ok;
}

/* Exact for infinities, 0, 0.5 and 1; two float ULP for the constants. */
static int near(rn_real got, double want)
{
    double bound = want == (double)(rn_real)want ? 0 : 2.5e-7;
    return (double)got == want || fabs((double)got - want) <= bound;
}

static rn_real from_index(uint64_t k)
{
    uint64_t bits = k * UINT64_C(0x9e3779b97f4a7c15);
    rn_real x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Any bits: NaN gives NaN, anything else does not. UBSan watches. */
static int any_bits(int f)
{
    for (uint64_t k = 0; k < 300000; k++) {
        rn_real x = from_index(k), y = functions[f].function(x);
        if ((x != x) != (y != y))
            return 0;
    }
    return 1;
}

static void check_softmax(void)
{
    rn_real huge[3] = {(rn_real)INFINITY, 0, (rn_real)-INFINITY};
    rn_real lost[2] = {(rn_real)NAN, 1}, y[3], even[2] = {7, 7};
    rn_softmax(y, huge, 3);
    report(y[0] == 1 && y[1] == 0 && y[2] == 0, "softmax", "saturates");
    rn_softmax(lost, lost, 2);
    report(lost[0] != lost[0] && lost[1] != lost[1], "softmax", "keeps NaN");
    rn_softmax(even, even, 2);
    report(near(even[0], 0.5) && near(even[1], 0.5), "softmax", "of equals");
}

static void check_log_softmax(void)
{
    rn_real huge[3] = {(rn_real)INFINITY, 0, (rn_real)-INFINITY};
    rn_real lost[2] = {(rn_real)NAN, 1}, y[3], even[2] = {7, 7};
    rn_log_softmax(y, huge, 3);
    report(y[0] == 0 && y[1] < -1000000 && y[2] < -1000000, "log_softmax",
           "saturates");
    rn_log_softmax(lost, lost, 2);
    report(lost[0] != lost[0] && lost[1] != lost[1], "log_softmax",
           "keeps NaN");
    rn_log_softmax(even, even, 2);
    report(near(even[0], -0.69314718055994531) &&
               near(even[1], -0.69314718055994531),
           "log_softmax", "of equals");
}

typedef void Function(rn_real *y, const rn_real *x, size_t n);

static void check_sparsemax(const char *name, Function *function, double even)
{
    rn_real huge[3] = {(rn_real)INFINITY, 0, (rn_real)-INFINITY};
    rn_real lost[3] = {1, (rn_real)NAN, 2}, y[3], equal[2] = {0, 0};
    function(y, huge, 3);
    report(y[0] == 1 && y[1] == 0 && y[2] == 0, name, "saturates");
    function(lost, lost, 3);
    report(lost[0] != lost[0] && lost[1] != lost[1] && lost[2] != lost[2], name,
           "keeps NaN");
    function(equal, equal, 2);
    report(near(equal[0], even) && near(equal[1], even), name, "of equals");
}

/* Never beyond the table, whatever the bits. */
static void check_table_index(void)
{
    report(rn_table_index(-1, 6) == 0 && rn_table_index(INT32_MIN, 6) == 0 &&
               rn_table_index(0, 6) == 0 && rn_table_index(5, 6) == 5 &&
               rn_table_index(7, 6) == 6 && rn_table_index(INT32_MAX, 6) == 6,
           "table_index", "is limited");
}

/* Every number as a mask, against the comparison it stands for. */
static void check_masks(void)
{
    rn_real value[] = {0,        -(rn_real)0.0, 1,   (rn_real)-1.5,
                       INFINITY, -INFINITY,     NAN, (rn_real)1e-40};
    int n = sizeof value / sizeof *value;
    bool where = true, differ = true;
    for (int i = 0; i < n; i++) {
        where &= rn_where(value[i], 2, 3) == (value[i] != 0 ? 2 : 3);
        for (int k = 0; k < n; k++)
            if (value[k] == value[k])
                differ &= rn_where_one(rn_differ(value[i], value[k])) ==
                          ((float)value[i] != (float)value[k]);
    }
    report(where, "where", "takes what is not 0 for true");
    report(differ, "differ", "is what != is");
    report(rn_where_one(0) == 0 && rn_where_one(1) == 1 &&
               rn_where_one(0x80000000u) == 1,
           "where_one", "is 0 or 1");
}

static void check_table_row(void)
{
    rn_real infinity = (rn_real)INFINITY;
    int inside = 1;
    for (uint64_t k = 0; k < 300000; k++)
        inside &= rn_table_row(from_index(k), 6) <= 6;
    report(inside, "table_row", "takes any bits");
    report(rn_table_row(infinity, 6) == 6 && rn_table_row(-infinity, 6) == 0 &&
               rn_table_row(7, 6) == 6 && rn_table_row(6, 6) == 6,
           "table_row", "is limited");
    report(rn_table_row((rn_real)2.75, 6) == 2 &&
               rn_table_row((rn_real)-0.75, 6) == 0 &&
               rn_table_row(16777214, 16777215) == 16777214,
           "table_row", "rounds toward zero");
}

/* Those that are not defined below 0. */
static void check_half(const char *name, rn_real (*f)(rn_real x), double zero,
                       double high)
{
    rn_real inf = (rn_real)INFINITY, nan = (rn_real)NAN;
    report(f(0) == (rn_real)zero && f((rn_real)-0.0) == (rn_real)zero, name,
           "at zero");
    report(f(inf) == (rn_real)high, name, "at infinity");
    report(f(-inf) != f(-inf) && f(-1) != f(-1) && f(nan) != f(nan) &&
               f((rn_real)-1e-40) != f((rn_real)-1e-40),
           name, "NaN below zero");
}

int main(void)
{
    rn_real infinity = (rn_real)INFINITY, nan = (rn_real)NAN;

    for (int f = 0; f < COUNT; f++) {
        rn_real (*function)(rn_real) = functions[f].function;
        const char *name = functions[f].name;
        report(near(function(-infinity), functions[f].low), name,
               "at minus infinity");
        report(near(function(0), functions[f].zero) &&
                   near(function((rn_real)-0.0), functions[f].zero),
               name, "at zero");
        report(near(function(infinity), functions[f].high), name,
               "at infinity");
        rn_real y = function(nan), z = function(-nan);
        report(y != y && z != z, name, "keeps NaN");
        report(any_bits(f), name, "takes any bits");
    }
    rn_real y = rn_finite(nan), big = rn_finite(infinity);
    report(y != y && big - big == 0 && rn_finite(-infinity) == -big, "finite",
           "limits infinities only");
    report(rn_maximum(nan, 1) != rn_maximum(nan, 1) &&
               rn_maximum(1, nan) != rn_maximum(1, nan) &&
               rn_minimum(nan, 1) != rn_minimum(nan, 1) &&
               rn_minimum(1, nan) != rn_minimum(1, nan) &&
               rn_maximum(1, 2) == 2 && rn_minimum(1, 2) == 1 &&
               rn_rsqrt(nan) != rn_rsqrt(nan),
           "maximum, minimum, rsqrt", "NaN from either side");
    report(rn_max(1, 2) == 2 && rn_max(2, 1) == 2, "max", "takes the larger");
    check_softmax();
    check_log_softmax();
    check_sparsemax("sparsemax", rn_sparsemax, 0.5);
    check_sparsemax("sparsemax_keras3_15", rn_sparsemax_keras3_15, 0.5);
    check_half("root", rn_root, 0, INFINITY);
    check_half("inverse_root", rn_inverse_root, INFINITY, 0);
    check_half("logarithm", rn_logarithm, -INFINITY, INFINITY);
    check_table_row();
    check_table_index();
    check_masks();
    return failures != 0;
}
