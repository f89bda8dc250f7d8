/* activations.c -- one row for each activation function.
 *
 * To add one: a row here, its function in activation_eval.c and
 * runtime/<runtime>.h with its arithmetic (a function of all units at once
 * has its straight-line text in templates/activate.c.lt besides). */

#include "rnnc.h"

#include <math.h>
#include <string.h>

#include "activation_eval.h"

const ActivationRow activation_rows[] = {
    {.name = "linear", .formula = "x",
     .lanes = LANES_ALWAYS},
    {.name = "tanh",
     .runtime = "tanh",
     .eval = eval_tanh,
     .formula = "tanh(x)",
     .lanes = LANES_OWN},
    {.name = "sigmoid",
     .runtime = "sigmoid",
     .eval = eval_sigmoid,
     .formula = "1 / (1 + exp(-x))",
     .lanes = LANES_OWN},
    {.name = "hard_sigmoid",
     .runtime = "hard_sigmoid_keras2",
     .open = "hard_sigmoid has two slopes: write {\"type\": "
             "\"hard_sigmoid\", \"slope\": \"keras2\"} for 0.2 x + 0.5 "
             "or \"keras3\" for x / 6 + 0.5",
     .lanes = LANES_ALWAYS,
     .key = "slope",
     .value = "keras2",
     .eval = eval_hard_sigmoid_keras2,
     .formula = "clip(0.2 x + 0.5, 0, 1)"},
    {.name = "hard_sigmoid",
     .runtime = "hard_sigmoid_keras3",
     .lanes = LANES_ALWAYS,
     .key = "slope",
     .value = "keras3",
     .eval = eval_hard_sigmoid_keras3,
     .formula = "clip(x / 6 + 0.5, 0, 1)"},
    {.name = "relu",
     .runtime = "relu",
     .eval = eval_relu,
     .formula = "max(x, 0)",
     .lanes = LANES_ALWAYS},
    {.name = "leaky_relu",
     .runtime = "leaky_relu",
     .lanes = LANES_ALWAYS,
     .param = "negative_slope",
     .param_default = 0.2,
     .eval = eval_leaky_relu,
     .formula = "x < 0 ? negative_slope x : x"},
    {.name = "elu",
     .runtime = "elu",
     .lanes = LANES_OWN,
     .param = "alpha",
     .param_default = 1.0,
     .eval = eval_elu,
     .formula = "x < 0 ? alpha (exp(x) - 1) : x"},
    {.name = "selu",
     .runtime = "selu",
     .lanes = LANES_OWN,
     .eval = eval_selu,
     .formula = "1.0507 (x < 0 ? 1.6733 (exp(x) - 1) : x)"},
    {.name = "softplus",
     .runtime = "softplus",
     .lanes = LANES_OWN,
     .eval = eval_softplus,
     .formula = "log(1 + exp(x))"},
    {.name = "softsign",
     .runtime = "softsign",
     .lanes = LANES_ALWAYS,
     .eval = eval_softsign,
     .formula = "x / (1 + |x|)"},
    {.name = "swish",
     .runtime = "swish",
     .lanes = LANES_OWN,
     .eval = eval_swish,
     .formula = "x sigmoid(x)"},
    {.name = "silu",
     .runtime = "swish",
     .lanes = LANES_OWN,
     .eval = eval_swish,
     .formula = "x sigmoid(x)"},
    {.name = "gelu",
     .runtime = "gelu",
     .lanes = LANES_OWN,
     .key = "approximate",
     .value = "false",
     .fallback = true,
     .eval = eval_gelu,
     .formula = "x (1 + erf(x / sqrt(2))) / 2"},
    {.name = "gelu",
     .runtime = "gelu_tanh",
     .lanes = LANES_OWN,
     .key = "approximate",
     .value = "true",
     .eval = eval_gelu_tanh,
     .formula = "x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2"},
    {.name = "exponential",
     .runtime = "exp",
     .lanes = LANES_OWN,
     .eval = eval_exponential,
     .formula = "exp(x)"},
    {.name = "relu6",
     .runtime = "relu6",
     .lanes = LANES_ALWAYS,
     .eval = eval_relu6,
     .formula = "min(max(x, 0), 6)"},
    {.name = "celu",
     .runtime = "celu",
     .param = "alpha",
     .param_default = 1.0,
     .eval = eval_celu,
     .formula = "max(x, 0) + min(0, alpha (exp(x / alpha) - 1))"},
    {.name = "squareplus",
     .runtime = "squareplus",
     .param = "b",
     .param_default = 4.0,
     .eval = eval_squareplus,
     .formula = "(x + sqrt(x^2 + b)) / 2"},
    {.name = "soft_shrink",
     .runtime = "soft_shrink",
     .param = "threshold",
     .param_default = 0.5,
     .eval = eval_soft_shrink,
     .formula = "sign(x) max(|x| - threshold, 0)"},
    {.name = "hard_shrink",
     .runtime = "hard_shrink",
     .param = "threshold",
     .param_default = 0.5,
     .eval = eval_hard_shrink,
     .formula = "|x| <= threshold ? 0 : x"},
    {.name = "sparse_plus",
     .runtime = "sparse_plus",
     .eval = eval_sparse_plus,
     .formula = "x <= -1 ? 0 : x < 1 ? (x + 1)^2 / 4 : x"},
    {.name = "tanh_shrink",
     .runtime = "tanh_shrink",
     .eval = eval_tanh_shrink,
     .formula = "x - tanh(x)"},
    {.name = "sparse_sigmoid",
     .runtime = "sparse_sigmoid",
     .eval = eval_sparse_sigmoid,
     .formula = "clip((x + 1) / 2, 0, 1)"},
    {.name = "hard_silu",
     .runtime = "hard_silu",
     .eval = eval_hard_silu,
     .formula = "x clip(x / 6 + 0.5, 0, 1)"},
    {.name = "hard_swish",
     .runtime = "hard_silu",
     .eval = eval_hard_silu,
     .formula = "x clip(x / 6 + 0.5, 0, 1)"},
    {.name = "hard_tanh",
     .runtime = "hard_tanh",
     .eval = eval_hard_tanh,
     .formula = "clip(x, -1, 1)"},
    {.name = "mish",
     .runtime = "mish",
     .lanes = LANES_OWN,
     .eval = eval_mish,
     .formula = "x tanh(log(1 + exp(x)))"},
    {.name = "log_sigmoid",
     .runtime = "log_sigmoid",
     .eval = eval_log_sigmoid,
     .formula = "log(1 / (1 + exp(-x)))"},
    {.name = "threshold",
     .runtime = "threshold",
     .param = "threshold",
     .param_default = NAN,
     .param2 = "default_value",
     .eval2 = eval_threshold,
     .formula = "x <= threshold ? default_value : x"},
    {.name = "abs",
     .runtime = "abs",
     .eval = eval_abs,
     .formula = "|x|",
     .lanes = LANES_ALWAYS},
    {.name = "square",
     .runtime = "squared",
     .eval = eval_square,
     .formula = "x^2",
     .lanes = LANES_ALWAYS},
    {.name = "sqrt",
     .runtime = "root",
     .eval = eval_sqrt,
     .formula = "sqrt(x)"},
    {.name = "rsqrt",
     .runtime = "inverse_root",
     .eval = eval_rsqrt,
     .formula = "1 / sqrt(x)"},
    {.name = "log",
     .runtime = "logarithm",
     .eval = eval_log,
     .formula = "log(x)"},
    {.name = "clip",
     .runtime = "clip",
     .param = "min",
     .param_default = NAN,
     .param2 = "max",
     .eval2 = eval_clip,
     .formula = "min(max(x, min), max)"},
    {.name = "softmax",
     .runtime = "softmax",
     .eval_all = eval_softmax,
     .formula = "exp(x) / sum of exp(x), over the last axis"},
    {.name = "log_softmax",
     .runtime = "log_softmax",
     .eval_all = eval_log_softmax,
     .formula = "x - log(sum of exp(x)), over the last axis"},
    {.name = "sparsemax",
     .runtime = "sparsemax",
     .open = "sparsemax has two thresholds: write {\"type\": "
             "\"sparsemax\", \"tau\": \"keras3.15\"} for what Keras 3.8 "
             "to 3.15 compute or \"paper\" for outputs that sum to 1",
     .key = "tau",
     .value = "paper",
     .pairs = true,
     .eval_all = eval_sparsemax,
     .formula = "max(x - tau, 0), tau = (sum of the support - 1) / its size, "
                "over the last axis"},
    {.name = "sparsemax",
     .runtime = "sparsemax_keras3_15",
     .key = "tau",
     .value = "keras3.15",
     .pairs = true,
     .eval_all = eval_sparsemax_keras3_15,
     .formula = "max(x - tau, 0), tau = (sum of the support's cumulative sums "
                "- 1) / its size, over the last axis"},
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
    return !a->row->runtime;
}

void activation_eval(const Activation *a, double *z, int64_t n)
{
    if (a->row->eval_all)
        a->row->eval_all(z, n);
    else if (a->row->eval2)
        for (int64_t i = 0; i < n; i++)
            z[i] = a->row->eval2(z[i], a->param, a->param2);
    else if (a->row->eval)
        for (int64_t i = 0; i < n; i++)
            z[i] = a->row->eval(z[i], a->param);
}
