/* activations.c -- one row for each activation function.
 *
 * To add one: a row here and runtime/<runtime>.h with its arithmetic (or, for
 * a function of all units at once, templates/<name>.c.lt). The formulas are
 * Keras 3's. The eval functions are the second opinion on the runtime files:
 * plain float64 with libm, no shared code. */

#include "rnnc.h"

#include <float.h>
#include <math.h>
#include <string.h>

static double eval_tanh(double x, double p)
{
    (void)p;
    return tanh(x);
}

/* Both forms are exact in the limit; neither overflows. */
static double eval_sigmoid(double x, double p)
{
    (void)p;
    return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x));
}

static double limit(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double eval_hard_sigmoid_keras2(double x, double p)
{
    (void)p;
    return limit(0.2 * x + 0.5, 0, 1);
}

static double eval_hard_sigmoid_keras3(double x, double p)
{
    (void)p;
    return limit(x / 6 + 0.5, 0, 1);
}

static double eval_relu(double x, double p)
{
    (void)p;
    return x < 0 ? 0 : x;
}

static double eval_leaky_relu(double x, double negative_slope)
{
    return x < 0 ? negative_slope * x : x;
}

static double eval_elu(double x, double alpha)
{
    return x < 0 ? alpha * expm1(x) : x;
}

static double eval_selu(double x, double p)
{
    (void)p;
    return 1.0507009873554804934 * eval_elu(x, 1.6732632423543772848);
}

static double eval_softplus(double x, double p)
{
    (void)p;
    return (x > 0 ? x : x < 0 ? 0 : x) + log1p(exp(-fabs(x)));
}

static double eval_softsign(double x, double p)
{
    (void)p;
    return isinf(x) ? copysign(1, x) : x / (1 + fabs(x));
}

static double eval_swish(double x, double p)
{
    return x == -INFINITY ? 0 : x * eval_sigmoid(x, p);
}

static double eval_gelu(double x, double p)
{
    (void)p;
    return x == -INFINITY ? 0 : 0.5 * x * erfc(-x * 0.70710678118654752440);
}

static double eval_gelu_tanh(double x, double p)
{
    (void)p;
    double z = 0.79788456080286535588 * (x + 0.044715 * x * x * x);
    return x == -INFINITY ? 0 : x * eval_sigmoid(2 * z, p);
}

static double eval_exponential(double x, double p)
{
    (void)p;
    return exp(x);
}

const ActivationRow activation_rows[] = {
    {.name = "linear", .formula = "x"},
    {.name = "tanh",
     .runtime = "tanh",
     .eval = eval_tanh,
     .formula = "tanh(x)"},
    {.name = "sigmoid",
     .runtime = "sigmoid",
     .eval = eval_sigmoid,
     .formula = "1 / (1 + exp(-x))"},
    {.name = "hard_sigmoid",
     .runtime = "hard_sigmoid_keras2",
     .key = "slope",
     .value = "keras2",
     .eval = eval_hard_sigmoid_keras2,
     .formula = "clip(0.2 x + 0.5, 0, 1)"},
    {.name = "hard_sigmoid",
     .runtime = "hard_sigmoid_keras3",
     .key = "slope",
     .value = "keras3",
     .eval = eval_hard_sigmoid_keras3,
     .formula = "clip(x / 6 + 0.5, 0, 1)"},
    {.name = "relu",
     .runtime = "relu",
     .eval = eval_relu,
     .formula = "max(x, 0)"},
    {.name = "leaky_relu",
     .runtime = "leaky_relu",
     .param = "negative_slope",
     .param_default = 0.2,
     .eval = eval_leaky_relu,
     .formula = "x < 0 ? negative_slope x : x"},
    {.name = "elu",
     .runtime = "elu",
     .param = "alpha",
     .param_default = 1.0,
     .eval = eval_elu,
     .formula = "x < 0 ? alpha (exp(x) - 1) : x"},
    {.name = "selu",
     .runtime = "selu",
     .eval = eval_selu,
     .formula = "1.0507 (x < 0 ? 1.6733 (exp(x) - 1) : x)"},
    {.name = "softplus",
     .runtime = "softplus",
     .eval = eval_softplus,
     .formula = "log(1 + exp(x))"},
    {.name = "softsign",
     .runtime = "softsign",
     .eval = eval_softsign,
     .formula = "x / (1 + |x|)"},
    {.name = "swish",
     .runtime = "swish",
     .eval = eval_swish,
     .formula = "x sigmoid(x)"},
    {.name = "silu",
     .runtime = "swish",
     .eval = eval_swish,
     .formula = "x sigmoid(x)"},
    {.name = "gelu",
     .runtime = "gelu",
     .key = "approximate",
     .value = "false",
     .fallback = true,
     .eval = eval_gelu,
     .formula = "x (1 + erf(x / sqrt(2))) / 2"},
    {.name = "gelu",
     .runtime = "gelu_tanh",
     .key = "approximate",
     .value = "true",
     .eval = eval_gelu_tanh,
     .formula = "x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2"},
    {.name = "exponential",
     .runtime = "exp",
     .eval = eval_exponential,
     .formula = "exp(x)"},
    {.name = "softmax",
     .vector = true,
     .formula = "exp(x) / sum of exp(x), over the last axis"},
    {.name = NULL},
};

const ActivationRow *activation_find(const char *name)
{
    for (const ActivationRow *row = activation_rows; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

const char *const *activation_names(void)
{
    static const char *names[sizeof activation_rows / sizeof *activation_rows];
    int n = 0;
    for (const ActivationRow *row = activation_rows; row->name; row++)
        if (n == 0 || strcmp(names[n - 1], row->name) != 0)
            names[n++] = row->name;
    names[n] = NULL;
    return names;
}

bool activation_is_linear(const Activation *a)
{
    return !a->row->runtime && !a->row->vector;
}

/* Infinities are limited first, so that softmax saturates like the rest. */
static void softmax(double *z, int64_t n)
{
    double max = -DBL_MAX, total = 0;
    for (int64_t i = 0; i < n; i++) {
        z[i] = limit(z[i], -DBL_MAX, DBL_MAX);
        max = z[i] > max ? z[i] : max;
    }
    for (int64_t i = 0; i < n; i++)
        total += z[i] = exp(z[i] - max);
    for (int64_t i = 0; i < n; i++)
        z[i] /= total;
}

void activation_eval(const Activation *a, double *z, int64_t n)
{
    if (a->row->vector)
        softmax(z, n);
    else if (a->row->eval)
        for (int64_t i = 0; i < n; i++)
            z[i] = a->row->eval(z[i], a->param);
}
