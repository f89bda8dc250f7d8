/* ops/rectifiers.c -- activations that are layers in Keras, with numbers of
 * their own: ReLU, LeakyReLU, ELU, Softmax, PReLU. */

#include "axes.h"

#include <math.h>
#include <string.h>

/* LeakyReLU and ELU are Activation with its number in another place. */
static bool bind_leaky_relu(const Source *src, Node *n)
{
    (void)src;
    activation_set(n, "leaky_relu", attr_of(n, "negative_slope")->number);
    return true;
}

static bool bind_elu(const Source *src, Node *n)
{
    (void)src;
    activation_set(n, "elu", attr_of(n, "alpha")->number);
    return true;
}

static bool bind_softmax(const Source *src, Node *n)
{
    activation_set(n, "softmax", 0);
    return axes_bind(src, n);
}

/* Row by row of the last axis. */
static void eval_activation(const Eval *e)
{
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    int64_t rows = shape_size(&e->out_shape) / features;
    eval_copy(e);
    for (int64_t r = 0; r < rows; r++)
        activation_eval(&attr_of(e->node, "activation")->activation,
                        e->out + r * features, features);
}

/* Each group of elements that belong together becomes one row. */
static void eval_softmax(const Eval *e)
{
    const Activation *softmax = &attr_of(e->node, "activation")->activation;
    int64_t size = shape_size(&e->out_shape), count = 1, group, place;
    double *row = arena_alloc(e->arena, (size_t)size, sizeof *row);
    scope_find(&e->node->scope, "channels", &count);
    for (int64_t i = 0; i < size; i++) {
        axes_find(e, i, &group, &place);
        row[group * count + place] = e->in[0][i];
    }
    for (int64_t r = 0; r < size; r += count)
        activation_eval(softmax, row + r, count);
    for (int64_t i = 0; i < size; i++) {
        axes_find(e, i, &group, &place);
        e->out[i] = row[group * count + place];
    }
}

static const char *softmax_no_stream(const Node *n)
{
    return axes_along_time(n) ? "its softmax is over all timesteps" : NULL;
}

#define SAME_SHAPE                                                             \
    .min_inputs = 1, .max_inputs = 1, .input = "..., features",                \
    .output = "..., features"

const Op op_leaky_relu = {
    .name = "LeakyReLU",
    .doc = "the rectifier that leaks",
    .attrs = {{"negative_slope", ATTR_NUMBER, .fallback = "0.3"},
              {"activation", ATTR_ACTIVATION, .derived = true}},
    SAME_SHAPE,
    .bind = bind_leaky_relu,
    .template = "activation.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_activation,
};

const Op op_elu = {
    .name = "ELU",
    .doc = "the exponential linear unit",
    .attrs = {{"alpha", ATTR_NUMBER, .fallback = "1"},
              {"activation", ATTR_ACTIVATION, .derived = true}},
    SAME_SHAPE,
    .bind = bind_elu,
    .template = "activation.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_activation,
};

const Op op_softmax = {
    .name = "Softmax",
    .doc = "softmax along an axis, or over several",
    .attrs = {AXES_ATTR, {"activation", ATTR_ACTIVATION, .derived = true}},
    SAME_SHAPE,
    .bind = bind_softmax,
    .template = "softmax.c.lt",
    .no_stream = softmax_no_stream,
    .masks = MASK_REFUSED,
    .eval = eval_softmax,
};

/* ---- ReLU ---------------------------------------------------------------- */

/* max_value for x >= max_value, x down to threshold, below it
 * negative_slope (x - threshold); NaN stays NaN. */
static void eval_relu(const Eval *e)
{
    double most = attr_of(e->node, "max_value")->number;
    double slope = attr_of(e->node, "negative_slope")->number;
    double threshold = attr_of(e->node, "threshold")->number;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        double x = e->in[0][i];
        e->out[i] = x >= most       ? most
                    : x < threshold ? slope * (x - threshold)
                                    : x;
    }
}

const Op op_relu = {
    .name = "ReLU",
    .doc = "the rectifier, with a slope, a threshold and a maximum",
    .attrs = {{"max_value", ATTR_NUMBER, .fallback = "null"},
              {"negative_slope", ATTR_NUMBER, .fallback = "0"},
              {"threshold", ATTR_NUMBER, .fallback = "0"}},
    SAME_SHAPE,
    .template = "relu.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_relu,
};

/* ---- PReLU --------------------------------------------------------------- */

/* alpha: one slope, or one for each feature, with leading ones at most. */
static bool infer_prelu(const Source *src, Node *n)
{
    const Weight *alpha = weight_of(n, "alpha");
    int64_t features = 0, size = shape_size(&alpha->shape);
    scope_find(&n->scope, "features", &features);
    n->out->shape = n->in[0]->shape;
    if ((size == 1 || size == features) &&
        (size == 1 || alpha->shape.dim[alpha->shape.rank - 1] == size))
        return true;
    error_at(src, &alpha->at,
             "alpha has shape %s, expected one slope or one for each of %lld "
             "features, the same at all timesteps",
             shape_text(src->arena, &alpha->shape), (long long)features);
    return false;
}

static void eval_prelu(const Eval *e)
{
    const Weight *alpha = weight_of(e->node, "alpha");
    int64_t size = shape_size(&alpha->shape);
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        double x = e->in[0][i];
        e->out[i] = x < 0 ? alpha->data[i % size] * x : x;
    }
}

/* One slope becomes one for each feature. */
static void derive_prelu(Arena *a, Node *n)
{
    const Weight *alpha = weight_of(n, "alpha");
    int64_t features = 0, size = shape_size(&alpha->shape);
    double *slope = weight_derive(a, n, "slope");
    scope_find(&n->scope, "features", &features);
    for (int64_t i = 0; i < features; i++)
        slope[i] = alpha->data[i % size];
}

/* Slopes of a slice: there are none where the last axis is time. */
static const char *prelu_no_stream(const Node *n)
{
    return n->in[0]->shape.rank < 2 ? "its features are timesteps" : NULL;
}

const Op op_prelu = {
    .name = "PReLU",
    .doc = "the rectifier with learned slopes",
    .weights = {{"alpha", NULL, .role = WEIGHT_FOLDED},
                {"slope", "features", .role = WEIGHT_DERIVED}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "..., features",
    .infer = infer_prelu,
    .derive = derive_prelu,
    .no_stream = prelu_no_stream,
    .template = "prelu.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_prelu,
};
