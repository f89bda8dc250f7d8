/* ops/normalization.c -- BatchNormalization and Normalization, which are a
 * factor and a shift for each feature once training is over, and
 * LayerNormalization, which looks at the values. */

#include "axes.h"
#include "normalization.h"

#include <math.h>

static bool is_last_axis(const Source *src, const Node *n)
{
    int axis = attr_int(n, "axis"), rank = n->seen[0].rank;
    if (axis == -1 || axis == rank)
        return true;
    error_at(src, &n->at, "%s is supported along the last axis, got %d",
             n->op->name, axis);
    return false;
}

bool normalization_epsilon(const Source *src, const Node *n)
{
    if (attr_of(n, "epsilon")->number >= 0)
        return true;
    error_at(src, &n->at, "expected an epsilon of at least 0");
    return false;
}

bool normalization_bind(const Source *src, Node *n)
{
    return normalization_epsilon(src, n) && is_last_axis(src, n);
}

double normalization_weight(const Node *n, const char *name, int64_t i,
                            double otherwise)
{
    const Weight *w = weight_of(n, name);
    return w->data ? w->data[i] : otherwise;
}

/* ---- Along any axis ------------------------------------------------------ */

const char *normalization_along_time(const Node *n)
{
    return axes_along_time(n) ? "its features are timesteps" : NULL;
}

bool normalization_weights(const Source *src, const Node *n,
                           const char *const *names)
{
    Shape expected = axes_shape(n);
    bool ok = true;
    for (; *names; names++) {
        const Weight *w = weight_of(n, *names);
        if (!w->data || shape_equal(&w->shape, &expected))
            continue;
        error_at(src, &w->at, "%s has shape %s, expected %s", *names,
                 shape_text(src->arena, &w->shape),
                 shape_text(src->arena, &expected));
        ok = false;
    }
    return ok;
}

/* ---- BatchNormalization -------------------------------------------------- */

static bool bind_batch(const Source *src, Node *n)
{
    return normalization_epsilon(src, n) && axes_bind_one(src, n);
}

/* (x - mean) gamma / sqrt(variance + epsilon) + beta (Ioffe, Szegedy 2015) */
static void eval_batch(const Eval *e)
{
    const Node *n = e->node;
    double epsilon = attr_of(n, "epsilon")->number;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        int64_t group, f;
        axes_find(e, i, &group, &f);
        double centered = e->in[0][i] - weight_of(n, "moving_mean")->data[f];
        double deviation =
            sqrt(weight_of(n, "moving_variance")->data[f] + epsilon);
        e->out[i] =
            centered * normalization_weight(n, "gamma", f, 1) / deviation +
            normalization_weight(n, "beta", f, 0);
    }
}

static void derive_batch(Arena *a, Node *n)
{
    double *factor = weight_derive(a, n, "factor");
    double *shift = weight_derive(a, n, "shift");
    double epsilon = attr_of(n, "epsilon")->number;
    for (int f = 0; f < weight_of(n, "factor")->shape.dim[0]; f++) {
        factor[f] = normalization_weight(n, "gamma", f, 1) /
                    sqrt(weight_of(n, "moving_variance")->data[f] + epsilon);
        shift[f] = normalization_weight(n, "beta", f, 0) -
                   weight_of(n, "moving_mean")->data[f] * factor[f];
    }
}

/* A variance that is negative would be NaN later. */
static bool infer_batch(const Source *src, Node *n)
{
    const Weight *variance = weight_of(n, "moving_variance");
    n->out->shape = n->seen[0];
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
    .doc = "a factor and a shift for each index of an axis, from training",
    .attrs = {AXES_ATTR, NORMALIZATION_EPSILON("0.001"), NORMALIZATION_SCALES},
    .weights = {{"gamma", "channels", .when = "scale", .role = WEIGHT_FOLDED},
                {"beta", "channels", .when = "center", .role = WEIGHT_FOLDED},
                {"moving_mean", "channels", .role = WEIGHT_FOLDED},
                {"moving_variance", "channels", .role = WEIGHT_FOLDED},
                {"factor", "channels", .role = WEIGHT_DERIVED},
                {"shift", "channels", .role = WEIGHT_DERIVED}},
    NORMALIZATION_SHAPES,
    .bind = bind_batch,
    .no_stream = normalization_along_time,
    .macs = "features",
    .infer = infer_batch,
    .derive = derive_batch,
    .becomes = BECOMES_FACTOR,
    .on_columns = axes_last,
    .template = "batch_normalization.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_batch,
};

/* ---- Normalization ------------------------------------------------------- */

/* The deviation, which Keras keeps from 0, or one over it. */
static double adapted_factor(const Node *n, int64_t f)
{
    double deviation = fmax(sqrt(weight_of(n, "variance")->data[f]), 1e-7);
    return attr_bool(n, "invert") ? deviation : 1 / deviation;
}

static void eval_adapted(const Eval *e)
{
    const Node *n = e->node;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        int64_t group, f;
        axes_find(e, i, &group, &f);
        double mean = weight_of(n, "mean")->data[f], x = e->in[0][i];
        e->out[i] = attr_bool(n, "invert") ? mean + x * adapted_factor(n, f)
                                           : (x - mean) * adapted_factor(n, f);
    }
}

static void derive_adapted(Arena *a, Node *n)
{
    double *factor = weight_derive(a, n, "factor");
    for (int64_t f = 0; f < weight_of(n, "factor")->shape.dim[0]; f++)
        factor[f] = adapted_factor(n, f);
}

/* One number stands for all along the axes. */
static void spread(const Source *src, Node *n, const char *name)
{
    Weight *w = &n->weight[weight_of(n, name) - n->weight];
    Shape all = axes_shape(n);
    if (!w->data || shape_size(&w->shape) != 1 || shape_equal(&w->shape, &all))
        return;
    double *data = arena_alloc(src->arena, (size_t)shape_size(&all),
                               sizeof *data);
    for (int64_t f = 0; f < shape_size(&all); f++)
        data[f] = w->data[0];
    w->data = data;
    w->shape = all;
}

static bool infer_adapted(const Source *src, Node *n)
{
    static const char *const names[] = {"mean", "variance", NULL};
    for (int i = 0; names[i]; i++)
        spread(src, n, names[i]);
    const Weight *variance = weight_of(n, "variance");
    n->out->shape = n->seen[0];
    if (!normalization_weights(src, n, names))
        return false;
    for (int64_t f = 0; f < shape_size(&variance->shape); f++)
        if (!(variance->data[f] >= 0)) {
            error_at(src, &variance->at,
                     "expected variances of at least 0, got %g for feature "
                     "%lld",
                     variance->data[f], (long long)f);
            return false;
        }
    return true;
}

/* The mean is taken away first: with a tiny deviation, the difference of
 * products x factor - mean factor would lose all digits. */
const Op op_normalization = {
    .name = "Normalization",
    .doc = "each feature with the mean and variance that were adapted",
    .attrs = {AXES_ATTR, {"invert", ATTR_BOOL, .fallback = "false"}},
    .weights = {{"mean", NULL},
                {"variance", NULL, .role = WEIGHT_FOLDED},
                {"factor", "channels", .role = WEIGHT_DERIVED}},
    NORMALIZATION_SHAPES,
    .bind = axes_bind,
    .macs = "features",
    .infer = infer_adapted,
    .derive = derive_adapted,
    .no_stream = normalization_along_time,
    .template = "normalization.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_adapted,
};

/* ---- LayerNormalization -------------------------------------------------- */

static bool bind_layer(const Source *src, Node *n)
{
    return normalization_epsilon(src, n) && axes_bind(src, n);
}

/* gamma and beta have the axes' dimensions; Keras keeps axes in order. */
static bool infer_layer(const Source *src, Node *n)
{
    static const char *const names[] = {"gamma", "beta", NULL};
    n->out->shape = n->seen[0];
    return normalization_weights(src, n, names);
}

/* Mean and variance over what belongs together (Ba et al. 2016): mean and
 * variance [groups]. */
static void eval_layer(const Eval *e)
{
    const Node *n = e->node;
    int64_t size = shape_size(&e->out_shape), count = 1, group, f;
    double epsilon = attr_of(n, "epsilon")->number;
    double *mean = arena_alloc(e->arena, (size_t)size, sizeof *mean);
    double *variance = arena_alloc(e->arena, (size_t)size, sizeof *variance);
    scope_find(&n->scope, "channels", &count);
    for (int64_t i = 0; i < size; i++) {
        axes_find(e, i, &group, &f);
        mean[group] += e->in[0][i] / (double)count;
    }
    for (int64_t i = 0; i < size; i++) {
        axes_find(e, i, &group, &f);
        variance[group] += pow(e->in[0][i] - mean[group], 2) / (double)count;
    }
    for (int64_t i = 0; i < size; i++) {
        axes_find(e, i, &group, &f);
        e->out[i] = (e->in[0][i] - mean[group]) /
                        sqrt(variance[group] + epsilon) *
                        normalization_weight(n, "gamma", f, 1) +
                    normalization_weight(n, "beta", f, 0);
    }
}

const Op op_layer_normalization = {
    .name = "LayerNormalization",
    .doc = "each row with mean 0 and variance 1, then scaled; or other axes",
    .attrs = {AXES_ATTR, NORMALIZATION_EPSILON("0.001"), NORMALIZATION_SCALES},
    .weights = {{"gamma", NULL, .when = "scale"},
                {"beta", NULL, .when = "center"}},
    NORMALIZATION_SHAPES,
    .bind = bind_layer,
    .infer = infer_layer,
    .no_stream = normalization_along_time,
    .macs = "3*features",
    .template = "layer_normalization.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_layer,
};
