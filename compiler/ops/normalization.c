/* ops/normalization.c -- BatchNormalization, which is a factor and a shift for
 * each feature once training is over, and LayerNormalization, which looks at
 * the values. Both along the last axis. */

#include "../rnnc.h"

#include <math.h>

static bool bind(const Source *src, Node *n)
{
    int axis = attr_int(n, "axis"), rank = n->in[0]->shape.rank;
    if (attr_of(n, "epsilon")->number < 0) {
        error_at(src, &n->at, "expected an epsilon of at least 0");
        return false;
    }
    if (axis == -1 || axis == rank)
        return true;
    error_at(src, &n->at, "%s is supported along the last axis, got %d",
             n->op->name, axis);
    return false;
}

#define NORMALIZATION                                                          \
    .min_inputs = 1, .max_inputs = 1, .input = "..., features",                \
    .output = "..., features", .bind = bind
#define NORMALIZATION_ATTRS                                                    \
    {"axis",          ATTR_INT,     .min = -1,                                 \
     .max = MAX_RANK, .list = true, .fallback = "-1"},                         \
        {"epsilon", ATTR_NUMBER, .fallback = "0.001"},                         \
        {"center", ATTR_BOOL, .fallback = "true"},                             \
    {                                                                          \
        "scale", ATTR_BOOL, .fallback = "true"                                 \
    }

static double value_or(const Weight *w, int64_t i, double otherwise)
{
    return w->data ? w->data[i] : otherwise;
}

/* ---- BatchNormalization -------------------------------------------------- */

/* (x - mean) gamma / sqrt(variance + epsilon) + beta (Ioffe, Szegedy 2015) */
static void eval_batch(const Eval *e)
{
    const Node *n = e->node;
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    double epsilon = attr_of(n, "epsilon")->number;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        int64_t f = i % features;
        double centered = e->in[0][i] - weight_of(n, "moving_mean")->data[f];
        double deviation =
            sqrt(weight_of(n, "moving_variance")->data[f] + epsilon);
        e->out[i] =
            centered * value_or(weight_of(n, "gamma"), f, 1) / deviation +
            value_or(weight_of(n, "beta"), f, 0);
    }
}

static void derive_batch(Arena *a, Node *n)
{
    double *factor = weight_derive(a, n, "factor");
    double *shift = weight_derive(a, n, "shift");
    double epsilon = attr_of(n, "epsilon")->number;
    for (int f = 0; f < weight_of(n, "factor")->shape.dim[0]; f++) {
        factor[f] = value_or(weight_of(n, "gamma"), f, 1) /
                    sqrt(weight_of(n, "moving_variance")->data[f] + epsilon);
        shift[f] = value_or(weight_of(n, "beta"), f, 0) -
                   weight_of(n, "moving_mean")->data[f] * factor[f];
    }
}

/* A variance that is negative would be NaN later. */
static bool infer_batch(const Source *src, Node *n)
{
    const Weight *variance = weight_of(n, "moving_variance");
    n->out->shape = n->in[0]->shape;
    for (int64_t f = 0; f < shape_size(&variance->shape); f++)
        if (!(variance->data[f] + attr_of(n, "epsilon")->number > 0)) {
            error_at(src, &variance->at,
                     "expected positive variances, got %g for feature %lld",
                     variance->data[f], (long long)f);
            return false;
        }
    return true;
}

const Op op_batch_normalization = {
    .name = "BatchNormalization",
    .doc = "a factor and a shift for each feature, from training",
    .attrs = {NORMALIZATION_ATTRS},
    .weights = {{"gamma", "features", .when = "scale", .role = WEIGHT_FOLDED},
                {"beta", "features", .when = "center", .role = WEIGHT_FOLDED},
                {"moving_mean", "features", .role = WEIGHT_FOLDED},
                {"moving_variance", "features", .role = WEIGHT_FOLDED},
                {"factor", "features", .role = WEIGHT_DERIVED},
                {"shift", "features", .role = WEIGHT_DERIVED}},
    NORMALIZATION,
    .macs = "features",
    .infer = infer_batch,
    .derive = derive_batch,
    .template = "batch_normalization.c.lt",
    .eval = eval_batch,
};

/* ---- LayerNormalization -------------------------------------------------- */

/* Mean and variance over the features of each row (Ba et al. 2016). */
static void eval_layer(const Eval *e)
{
    const Node *n = e->node;
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    double epsilon = attr_of(n, "epsilon")->number;
    for (int64_t r = 0; r < shape_size(&e->out_shape) / features; r++) {
        const double *x = e->in[0] + r * features;
        double mean = 0, variance = 0;
        for (int64_t f = 0; f < features; f++)
            mean += x[f] / (double)features;
        for (int64_t f = 0; f < features; f++)
            variance += (x[f] - mean) * (x[f] - mean) / (double)features;
        for (int64_t f = 0; f < features; f++)
            e->out[r * features + f] =
                (x[f] - mean) / sqrt(variance + epsilon) *
                    value_or(weight_of(n, "gamma"), f, 1) +
                value_or(weight_of(n, "beta"), f, 0);
    }
}

const Op op_layer_normalization = {
    .name = "LayerNormalization",
    .doc = "each row with mean 0 and variance 1, then scaled",
    .attrs = {NORMALIZATION_ATTRS},
    .weights = {{"gamma", "features", .when = "scale"},
                {"beta", "features", .when = "center"}},
    NORMALIZATION,
    .macs = "3*features",
    .template = "layer_normalization.c.lt",
    .eval = eval_layer,
};
