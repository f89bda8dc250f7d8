/* ops/group_normalization.c -- normalizations by what the values themselves
 * amount to:
 *
 *   GroupNormalization  (x - mean) / sqrt(variance + epsilon) gamma + beta
 *   RMSNormalization    x / sqrt(mean of x^2 + epsilon) scale
 *   UnitNormalization   x / max(sqrt(sum of x^2), 1e-12)
 *
 * The latter two for each row of features, or along other axes; a group is some
 * of the features in all rows (Wu and He 2018; Zhang and Sennrich 2019). */

#include "axes.h"
#include "normalization.h"

#include <math.h>

/* ---- GroupNormalization -------------------------------------------------- */

static bool bind_groups(const Source *src, Node *n)
{
    int64_t features = 0, groups = attr_int(n, "groups");
    scope_find(&n->scope, "features", &features);
    groups = groups == -1 ? features : groups; /* as Keras spells it */
    if (groups < 1 || features % groups != 0) {
        error_at(src, &n->at, "%lld groups do not divide %lld features",
                 (long long)groups, (long long)features);
        return false;
    }
    scope_bind(&n->scope, "group_count", groups);
    scope_bind(&n->scope, "group_features", features / groups);
    return normalization_bind(src, n);
}

static const char *no_stream_group(const Node *n)
{
    (void)n;
    return "its mean is over all timesteps";
}

/* Group from .. from + size - 1 of the features, in all rows. */
static void eval_one_group(const Eval *e, int64_t from, int64_t size)
{
    const Node *n = e->node;
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    int64_t elements = shape_size(&e->out_shape);
    double count = (double)(elements / features * size), mean = 0, variance = 0;
    for (int64_t r = 0; r < elements; r += features)
        for (int64_t f = from; f < from + size; f++)
            mean += e->in[0][r + f] / count;
    for (int64_t r = 0; r < elements; r += features)
        for (int64_t f = from; f < from + size; f++)
            variance += pow(e->in[0][r + f] - mean, 2) / count;
    double deviation = sqrt(variance + attr_of(n, "epsilon")->number);
    for (int64_t r = 0; r < elements; r += features)
        for (int64_t f = from; f < from + size; f++)
            e->out[r + f] = (e->in[0][r + f] - mean) / deviation *
                                normalization_weight(n, "gamma", f, 1) +
                            normalization_weight(n, "beta", f, 0);
}

static void eval_group(const Eval *e)
{
    int64_t size = 0, features = 0;
    scope_find(&e->node->scope, "group_features", &size);
    scope_find(&e->node->scope, "features", &features);
    for (int64_t from = 0; from < features; from += size)
        eval_one_group(e, from, size);
}

const Op op_group_normalization = {
    .name = "GroupNormalization",
    .doc = "each group of features with mean 0 and variance 1, then scaled",
    .attrs = {{"groups", ATTR_INT, .min = -1, .max = MAX_DIM, .fallback = "32"},
              NORMALIZATION_AXIS,
              NORMALIZATION_EPSILON("0.001"),
              NORMALIZATION_SCALES},
    .weights = {{"gamma", "features", .when = "scale"},
                {"beta", "features", .when = "center"}},
    NORMALIZATION_SHAPES,
    .bind = bind_groups,
    .macs = "3*features",
    .no_stream = no_stream_group,
    .template = "group_normalization.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_group,
};

/* ---- RMSNormalization, UnitNormalization --------------------------------- */

/* For each group of elements that belong together: [groups]. */
static double *sums_of_squares(const Eval *e)
{
    int64_t size = shape_size(&e->out_shape), group, place;
    double *sum = arena_alloc(e->arena, (size_t)size, sizeof *sum);
    for (int64_t i = 0; i < size; i++) {
        axes_find(e, i, &group, &place);
        sum[group] += e->in[0][i] * e->in[0][i];
    }
    return sum;
}

/* What scale multiplies stands at the end of the shape, in Keras. */
static bool bind_rms(const Source *src, Node *n)
{
    if (!normalization_epsilon(src, n) || !axes_bind(src, n))
        return false;
    if (axes_are_last(n))
        return true;
    error_at(src, &n->at, "RMSNormalization is supported along the last axes");
    return false;
}

static bool infer_rms(const Source *src, Node *n)
{
    static const char *const names[] = {"scale", NULL};
    n->out->shape = n->seen[0];
    return normalization_weights(src, n, names);
}

static void eval_rms(const Eval *e)
{
    const Node *n = e->node;
    double epsilon = attr_of(n, "epsilon")->number, *sum = sums_of_squares(e);
    int64_t count = 1, group, place;
    scope_find(&n->scope, "channels", &count);
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        axes_find(e, i, &group, &place);
        e->out[i] = e->in[0][i] / sqrt(sum[group] / (double)count + epsilon) *
                    weight_of(n, "scale")->data[place];
    }
}

static void eval_unit(const Eval *e)
{
    double *sum = sums_of_squares(e);
    int64_t group, place;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        axes_find(e, i, &group, &place);
        double norm = sqrt(sum[group]);
        e->out[i] = e->in[0][i] / (norm < 1e-12 ? 1e-12 : norm);
    }
}

const Op op_rms_normalization = {
    .name = "RMSNormalization",
    .doc = "each row over the root of its mean square, then scaled",
    .attrs = {AXES_ATTR, NORMALIZATION_EPSILON("1e-6")},
    .weights = {{"scale", NULL}},
    NORMALIZATION_SHAPES,
    .bind = bind_rms,
    .macs = "2*features",
    .infer = infer_rms,
    .no_stream = normalization_along_time,
    .template = "rms_normalization.c.lt",
    .eval = eval_rms,
};

const Op op_unit_normalization = {
    .name = "UnitNormalization",
    .doc = "each row over its Euclidean norm",
    .attrs = {AXES_ATTR},
    NORMALIZATION_SHAPES,
    .bind = axes_bind,
    .macs = "2*features",
    .no_stream = normalization_along_time,
    .template = "rms_normalization.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_unit,
};
