/* activation_eval.c -- the activation functions in float64 with libm: the
 * second opinion on the runtime files, with which they share no code. The
 * formulas are Keras 3's; p is the number that some take. */

#include "activation_eval.h"
#include "rnnc.h"

#include <float.h>
#include <math.h>

static double limit(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* ---- In two accuracies -------------------------------------------------- */

static bool coarse;

void activation_coarse(bool on)
{
    coarse = on;
}

/* The rational of runtime/fast/f32/tanh.h, whose error the self-test has to
 * allow for. */
static double tanh_fast(double x)
{
    double z = limit(x, -5.96299887, 5.96299887), t = z * z;
    double top = (t * 0.00139752182 + 0.112854898) * t + 1;
    double low = (t * 4.92021754e-05 + 0.0168911945) * t + 0.446029991;
    return z * top / (low * t + 1.00006044);
}

double eval_tanh(double x, double p)
{
    (void)p;
    return coarse ? tanh_fast(x) : tanh(x);
}

/* Both forms are exact in the limit; neither overflows. */
static double logistic(double x)
{
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

double eval_sigmoid(double x, double p)
{
    (void)p;
    return coarse ? 0.5 + 0.5 * tanh_fast(x / 2) : logistic(x);
}

/* ---- In one ---------------------------------------------------------------
 */

double eval_hard_sigmoid_keras2(double x, double p)
{
    (void)p;
    return limit(0.2 * x + 0.5, 0, 1);
}

double eval_hard_sigmoid_keras3(double x, double p)
{
    (void)p;
    return limit(x / 6 + 0.5, 0, 1);
}

double eval_relu(double x, double p)
{
    (void)p;
    return x < 0 ? 0 : x;
}

double eval_leaky_relu(double x, double negative_slope)
{
    return x < 0 ? negative_slope * x : x;
}

double eval_elu(double x, double alpha)
{
    return x < 0 ? alpha * expm1(x) : x;
}

double eval_selu(double x, double p)
{
    (void)p;
    return 1.0507009873554804934 * eval_elu(x, 1.6732632423543772848);
}

double eval_softplus(double x, double p)
{
    (void)p;
    return (x > 0 ? x : x < 0 ? 0 : x) + log1p(exp(-fabs(x)));
}

double eval_softsign(double x, double p)
{
    (void)p;
    return isinf(x) ? copysign(1, x) : x / (1 + fabs(x));
}

double eval_swish(double x, double p)
{
    (void)p;
    return x == -INFINITY ? 0 : x * logistic(x);
}

double eval_gelu(double x, double p)
{
    (void)p;
    return x == -INFINITY ? 0 : 0.5 * x * erfc(-x * 0.70710678118654752440);
}

double eval_gelu_tanh(double x, double p)
{
    (void)p;
    double z = 0.79788456080286535588 * (x + 0.044715 * x * x * x);
    return x == -INFINITY ? 0 : x * logistic(2 * z);
}

double eval_exponential(double x, double p)
{
    (void)p;
    return exp(x);
}

double eval_relu6(double x, double p)
{
    (void)p;
    return limit(x, 0, 6);
}

double eval_celu(double x, double alpha)
{
    return x < 0 ? alpha * expm1(x / alpha) : x;
}

/* (x + root) / 2 cancels for negative x, where it is b / 4 over the other. */
double eval_squareplus(double x, double b)
{
    double root = hypot(x, sqrt(b));
    return x >= 0 ? (x + root) / 2 : b / 2 / (root - x);
}

double eval_soft_shrink(double x, double threshold)
{
    return x > threshold    ? x - threshold
           : x < -threshold ? x + threshold
           : isnan(x)       ? x
                            : 0;
}

double eval_hard_shrink(double x, double threshold)
{
    return fabs(x) <= threshold ? 0 : x;
}

double eval_sparse_plus(double x, double p)
{
    (void)p;
    return x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x;
}

double eval_tanh_shrink(double x, double p)
{
    return x - eval_tanh(x, p);
}

double eval_sparse_sigmoid(double x, double p)
{
    (void)p;
    return limit((x + 1) / 2, 0, 1);
}

double eval_hard_silu(double x, double p)
{
    return x <= -3 ? 0 : x * eval_hard_sigmoid_keras3(x, p);
}

double eval_hard_tanh(double x, double p)
{
    (void)p;
    return limit(x, -1, 1);
}

double eval_mish(double x, double p)
{
    return x == -INFINITY ? 0 : x * tanh(eval_softplus(x, p));
}

double eval_log_sigmoid(double x, double p)
{
    return -eval_softplus(-x, p);
}

double eval_threshold(double x, double threshold, double default_value)
{
    return x <= threshold ? default_value : x;
}

double eval_abs(double x, double p)
{
    (void)p;
    return fabs(x);
}

double eval_square(double x, double p)
{
    (void)p;
    return x * x;
}

double eval_sqrt(double x, double p)
{
    (void)p;
    return sqrt(x);
}

double eval_rsqrt(double x, double p)
{
    (void)p;
    return x == 0 ? INFINITY : 1 / sqrt(x);
}

double eval_log(double x, double p)
{
    (void)p;
    return log(x);
}

double eval_clip(double x, double min, double max)
{
    double y = x < min ? min : x;
    return y > max ? max : y;
}

/* ---- Of all units at once -------------------------------------------------
 */

/* Infinities are limited first, so that softmax saturates like the rest.
 * Returns the sum of exp(z - max), z then without its maximum. */
static double shift(double *z, int64_t n)
{
    double max = -DBL_MAX, total = 0;
    for (int64_t i = 0; i < n; i++) {
        z[i] = limit(z[i], -DBL_MAX, DBL_MAX);
        max = z[i] > max ? z[i] : max;
    }
    for (int64_t i = 0; i < n; i++)
        total += exp(z[i] -= max);
    return total;
}

void eval_softmax(double *z, int64_t n)
{
    double total = shift(z, n);
    for (int64_t i = 0; i < n; i++)
        z[i] = exp(z[i]) / total;
}

/* What 1 is more than the elements above z[i] are above it, together. */
static double left_above(const double *z, int64_t n, int64_t i)
{
    double left = 1;
    for (int64_t k = 0; k < n; k++)
        if (z[k] > z[i])
            left = left - z[k] + z[i];
    return left;
}

/* How many elements come before z[i] in descending order. */
static int64_t rank_of(const double *z, int64_t n, int64_t i)
{
    int64_t before = 0;
    for (int64_t k = 0; k < n; k++)
        before += z[k] > z[i] || (z[k] == z[i] && k < i);
    return before;
}

/* max(z - tau, 0), tau = (total - 1) / k: the sum of the k in the support, or
 * of their cumulative sums, in which the largest is k (k + 1) / 2 times.
 * Elements count less that one. */
static void sparsemax(double *z, int64_t n, bool cumulative)
{
    double most = -DBL_MAX, total = 0, k = 0;
    for (int64_t i = 0; i < n; i++) {
        z[i] = limit(z[i], -DBL_MAX, DBL_MAX);
        most = z[i] > most || isnan(z[i]) ? z[i] : most;
    }
    for (int64_t i = 0; i < n; i++)
        k += left_above(z, n, i) > 0;
    for (int64_t i = 0; i < n; i++)
        if (left_above(z, n, i) > 0)
            total += (cumulative ? k - (double)rank_of(z, n, i) : 1) *
                     (z[i] - most);
    double tau = (total - 1) / k + (cumulative ? most * ((k - 1) / 2) : 0);
    for (int64_t i = 0; i < n; i++)
        z[i] = z[i] - most - tau < 0 ? 0 : z[i] - most - tau;
}

void eval_sparsemax(double *z, int64_t n)
{
    sparsemax(z, n, false);
}

void eval_sparsemax_keras3_15(double *z, int64_t n)
{
    sparsemax(z, n, true);
}

void eval_log_softmax(double *z, int64_t n)
{
    double total = log(shift(z, n));
    for (int64_t i = 0; i < n; i++)
        z[i] -= total;
}
