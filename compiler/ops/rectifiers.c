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
    .becomes = BECOMES_ACTIVATION,
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
    .becomes = BECOMES_ACTIVATION,
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

/* What is an activation, too, another layer can become: most are. */
static bool bind_relu(const Source *src, Node *n)
{
    (void)src;
    double most = attr_of(n, "max_value")->number;
    double slope = attr_of(n, "negative_slope")->number;
    bool whole = attr_of(n, "threshold")->number == 0;
    bool open = !isfinite(most);
    activation_set(n, "linear", 0);
    if (whole && slope == 0 && most == 6)
        activation_set(n, "relu6", 0);
    else if (whole && open && slope == 0)
        activation_set(n, "relu", 0);
    else if (whole && open)
        activation_set(n, "leaky_relu", slope);
    return true;
}

/* negative_slope (x - threshold) up to the threshold, and at it, as Keras
 * calculates; above it x, at most max_value; NaN stays NaN. */
static void eval_relu(const Eval *e)
{
    double most = attr_of(e->node, "max_value")->number;
    double slope = attr_of(e->node, "negative_slope")->number;
    double threshold = attr_of(e->node, "threshold")->number;
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        double x = e->in[0][i];
        e->out[i] = x <= threshold ? slope * (x - threshold)
                    : x >= most    ? most
                                   : x;
    }
}

const Op op_relu = {
    .name = "ReLU",
    .doc = "the rectifier, with a slope, a threshold and a maximum",
    .attrs = {{"max_value", ATTR_NUMBER, .fallback = "null"},
              {"negative_slope", ATTR_NUMBER, .fallback = "0"},
              {"threshold", ATTR_NUMBER, .fallback = "0"},
              {"activation", ATTR_ACTIVATION, .derived = true}},
    SAME_SHAPE,
    .bind = bind_relu,
    .becomes = BECOMES_ACTIVATION,
    .template = "relu.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_relu,
};

/* ---- PReLU --------------------------------------------------------------- */

/* Dimension i of alpha, seen with as many as the input: 1 is shared. */
static int alpha_dim(const Node *n, int i)
{
    const Shape *alpha = &weight_of(n, "alpha")->shape;
    int k = i - n->seen[0].rank + alpha->rank;
    return k < 0 ? 1 : alpha->dim[k];
}

/* alpha: a slope for each element, or shared along axes, where it has a 1; of
 * leading ones it may have more, or fewer, than the input has dimensions. */
static bool alpha_fits(const Node *n)
{
    const Shape *alpha = &weight_of(n, "alpha")->shape, *in = &n->seen[0];
    bool fits = true;
    for (int i = 0; i < in->rank; i++)
        fits &= alpha_dim(n, i) == 1 ||
                (alpha_dim(n, i) == in->dim[i] && in->dim[i] != ANY);
    for (int k = 0; k < alpha->rank - in->rank; k++)
        fits &= alpha->dim[k] == 1;
    return fits;
}

/* The first axis along which slopes differ, or the last. */
static int first_axis(const Node *n)
{
    int i = 0;
    while (i < n->seen[0].rank - 1 && alpha_dim(n, i) == 1)
        i++;
    return i;
}

static bool bind_prelu(const Source *src, Node *n)
{
    const Weight *alpha = weight_of(n, "alpha");
    int64_t slopes = 1;
    if (alpha->data && !alpha_fits(n)) {
        error_at(src, &alpha->at,
                 "alpha has shape %s, expected that of the input, %s, with 1 "
                 "along axes that share slopes",
                 shape_text(src->arena, &alpha->shape),
                 shape_text(src->arena, &n->seen[0]));
        return false;
    }
    for (int i = alpha->data ? first_axis(n) : 0; i < n->seen[0].rank; i++)
        slopes *= n->seen[0].dim[i];
    scope_bind(&n->scope, "slopes", slopes);
    return true;
}

/* The slope of element i of the input's axes from first_axis() on. */
static double slope_of(const Node *n, int64_t i)
{
    const Weight *alpha = weight_of(n, "alpha");
    int64_t index = 0, unit = 1;
    for (int k = n->seen[0].rank - 1; k >= first_axis(n); k--) {
        int64_t place = i % n->seen[0].dim[k];
        index += alpha_dim(n, k) > 1 ? place * unit : 0;
        unit *= alpha_dim(n, k);
        i /= n->seen[0].dim[k];
    }
    return alpha->data[index];
}

static void eval_prelu(const Eval *e)
{
    int64_t slopes = 1;
    scope_find(&e->node->scope, "slopes", &slopes);
    for (int64_t i = 0; i < shape_size(&e->out_shape); i++) {
        double x = e->in[0][i];
        e->out[i] = x < 0 ? slope_of(e->node, i % slopes) * x : x;
    }
}

/* Shared slopes become one for each element. */
static void derive_prelu(Arena *a, Node *n)
{
    double *slope = weight_derive(a, n, "slope");
    int64_t slopes = 1;
    scope_find(&n->scope, "slopes", &slopes);
    for (int64_t i = 0; i < slopes; i++)
        slope[i] = slope_of(n, i);
}

static const char *prelu_no_stream(const Node *n)
{
    if (n->seen[0].rank < 2)
        return "its features are timesteps";
    return first_axis(n) == 0 ? "its slopes differ from timestep to timestep"
                              : NULL;
}

const Op op_prelu = {
    .name = "PReLU",
    .doc = "the rectifier with learned slopes",
    .weights = {{"alpha", NULL, .role = WEIGHT_FOLDED},
                {"slope", "slopes", .role = WEIGHT_DERIVED}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "..., features",
    .bind = bind_prelu,
    .output = "..., features",
    .derive = derive_prelu,
    .no_stream = prelu_no_stream,
    .template = "prelu.c.lt",
    .masks = MASK_KEPT,
    .eval = eval_prelu,
};
