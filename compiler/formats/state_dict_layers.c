/* formats/state_dict_layers.c -- the other layers with tensors, one function
 * for each class of torch.nn. Shapes are PyTorch's own in the messages. */

#include "state_dict.h"

#include <math.h>
#include <string.h>

/* ---- Linear, Conv1d ------------------------------------------------------ */

/* Columns of channels first, [channels, timesteps], to timesteps first. */
static Values turn_columns(StateDict *s, Values weight)
{
    int units = weight.shape.dim[0], size = weight.shape.dim[1];
    Shape columns = shape3(units, s->channels, s->timesteps);
    Values kernel = values_zeros(s->b.g->arena, shape2(units, size));
    kernel.wide = weight.wide;
    for (int64_t u = 0; u < units; u++)
        for (int64_t c = 0; c < columns.dim[1]; c++)
            for (int64_t t = 0; t < columns.dim[2]; t++)
                kernel.data[u * size + t * columns.dim[1] + c] =
                    weight.data[u * size + c * columns.dim[2] + t];
    return kernel;
}

bool torch_linear_layer(TorchLayer *l)
{
    StateDict *s = l->s;
    Values weight, bias;
    bool has_bias = torch_has(l, "bias");
    int features = torch_features(s);
    if (!torch_read(l, "weight", shape2(ANY, features), &weight))
        return false;
    int units = weight.shape.dim[0];
    bool ok = !has_bias || torch_read(l, "bias", shape1(units), &bias);
    ok &= torch_agree(l, "in_features", weight.shape.dim[1]);
    ok &= torch_agree(l, "out_features", units);
    ok &= torch_agree_bool(l, "bias", has_bias);
    if (!ok)
        return false;
    if (s->turned && features != ANY)
        weight = turn_columns(s, weight);
    s->turned = false;
    Node *n = build_layer(l->b, "Dense", l->module, l->at);
    build_int(n, "units", units);
    build_bool(n, "use_bias", has_bias);
    build_weight(l->b, n, "kernel", l->at,
                 values_transpose(l->b->g->arena, weight));
    if (has_bias)
        build_weight(l->b, n, "bias", l->at, bias);
    torch_set_features(s, units);
    return torch_activation(l, n);
}

typedef struct Conv {
    int stride, dilation, groups, size;
    int zeros; /* on both sides, in a layer of their own */
    const char *padding;
} Conv;

/* Zeros on both sides, which "same" puts there, too, or none. */
static const char *read_padding(const TorchLayer *l, Conv *c)
{
    long long span = (long long)c->dilation * (c->size - 1);
    At at = at_key(l->at, "padding");
    const char *word = "valid";
    int zeros = 0;
    if (at_is_string(&at)) {
        want_string(l->b->src, &at, &word);
        if (strcmp(word, "valid") == 0 || strcmp(word, "causal") == 0 ||
            (strcmp(word, "same") == 0 && c->stride == 1))
            return word;
    } else if (!torch_int(l, "padding", 0, &zeros)) {
        return NULL;
    } else if (zeros > 0 && 2LL * zeros == span && c->stride == 1) {
        return "same";
    } else {
        c->zeros = zeros;
        return "valid";
    }
    error_at(l->b->src, &at,
             "expected a number, \"valid\", \"causal\" (zeros in front only) "
             "or, with stride 1, \"same\", got %s",
             at_describe(l->b->g->arena, &at));
    return NULL;
}

static int outputs(const Conv *c, int timesteps)
{
    long long span = (long long)c->dilation * (c->size - 1);
    long long left = timesteps + 2LL * c->zeros;
    if (strcmp(c->padding, "valid") == 0)
        left -= span;
    return timesteps == ANY || left < 1 ? ANY
                                        : (int)((left - 1) / c->stride + 1);
}

static bool read_conv(TorchLayer *l, Conv *c)
{
    bool ok = torch_int(l, "stride", 1, &c->stride);
    ok &= torch_int(l, "dilation", 1, &c->dilation);
    ok &= torch_int(l, "groups", 1, &c->groups);
    if (ok && torch_features(l->s) % c->groups == 0)
        return true;
    At at = at_key(l->at, "groups");
    if (ok)
        error_at(l->b->src, &at, "%d groups do not divide %d features",
                 c->groups, torch_features(l->s));
    return false;
}

static Node *build_conv(TorchLayer *l, const Conv *c, Values weight)
{
    if (c->zeros)
        build_shape(build_layer(l->b, "ZeroPadding1D", NULL, l->at), "padding",
                    shape2(c->zeros, c->zeros));
    Node *n = build_layer(l->b, "Conv1D", l->module, l->at);
    build_int(n, "filters", weight.shape.dim[0]);
    build_int(n, "kernel_size", c->size);
    build_int(n, "strides", c->stride);
    build_int(n, "dilation_rate", c->dilation);
    build_int(n, "groups", c->groups);
    build_choice(n, "padding", c->padding);
    build_weight(l->b, n, "kernel", l->at,
                 values_transpose(l->b->g->arena, weight));
    convention(l->b->g, "%s: along the timesteps, padding %s%s", l->module,
               c->padding, c->zeros ? " after zeros on both sides" : "");
    return n;
}

bool torch_conv1d(TorchLayer *l)
{
    Conv c = {1, 1, 1, 1, 0, "valid"};
    Values weight, bias;
    bool has_bias = torch_has(l, "bias");
    if (!torch_want_sequence(l) || !read_conv(l, &c))
        return false;
    int features = torch_features(l->s) / c.groups;
    if (!torch_read(l, "weight", shape3(ANY, features, ANY), &weight))
        return false;
    int filters = weight.shape.dim[0];
    bool ok = !has_bias || torch_read(l, "bias", shape1(filters), &bias);
    c.size = weight.shape.dim[2];
    ok &= torch_agree(l, "kernel_size", c.size);
    ok &= torch_agree(l, "out_channels", filters);
    ok &= torch_agree(l, "in_channels", torch_features(l->s));
    ok &= torch_agree_bool(l, "bias", has_bias);
    if (!ok)
        return false;
    c.padding = read_padding(l, &c);
    if (!c.padding)
        return false;
    Node *n = build_conv(l, &c, weight);
    build_bool(n, "use_bias", has_bias);
    if (has_bias)
        build_weight(l->b, n, "bias", l->at, bias);
    if (l->s->shape.rank)
        l->s->shape = shape2(outputs(&c, l->s->shape.dim[0]), filters);
    return torch_activation(l, n);
}

/* ---- Normalizations, PReLU ----------------------------------------------- */

static bool read_epsilon(TorchLayer *l, Node *n)
{
    At at = at_key(l->at, "eps");
    double epsilon = 1e-5;
    if (at.json && !want_number(l->b->src, &at, &epsilon))
        return false;
    build_number(n, "epsilon", epsilon);
    convention(l->b->g, "%s: eps is %g%s", l->module, epsilon,
               at.json ? "" : " (PyTorch's default)");
    return true;
}

/* A tensor for each feature, into a weight. */
static bool read_row(TorchLayer *l, Node *n, const char *tensor,
                     const char *weight)
{
    Values values;
    if (!torch_read(l, tensor, shape1(torch_features(l->s)), &values))
        return false;
    build_weight(l->b, n, weight, l->at, values);
    return true;
}

bool torch_batch_norm(TorchLayer *l)
{
    Node *n = build_layer(l->b, "BatchNormalization", l->module, l->at);
    bool ok = read_epsilon(l, n);
    bool affine = torch_has(l, "weight") || torch_has(l, "bias");
    torch_take(l, "num_batches_tracked");
    build_bool(n, "scale", affine);
    build_bool(n, "center", affine);
    if (affine)
        ok &=
            read_row(l, n, "weight", "gamma") & read_row(l, n, "bias", "beta");
    ok &= read_row(l, n, "running_mean", "moving_mean");
    ok &= read_row(l, n, "running_var", "moving_variance");
    ok &= torch_agree(l, "num_features", torch_features(l->s));
    return ok & torch_agree_bool(l, "affine", affine);
}

bool torch_layer_norm(TorchLayer *l)
{
    Node *n = build_layer(l->b, "LayerNormalization", l->module, l->at);
    At at = at_key(l->at, "elementwise_affine");
    bool ok = read_epsilon(l, n), affine = true;
    ok &= !at.json || want_bool(l->b->src, &at, &affine);
    if (affine)
        ok &= read_row(l, n, "weight", "gamma");
    build_bool(n, "scale", affine);
    build_bool(n, "center", affine && torch_has(l, "bias"));
    if (affine && torch_has(l, "bias"))
        ok &= read_row(l, n, "bias", "beta");
    return ok & torch_agree(l, "normalized_shape", torch_features(l->s));
}

/* "mean" or "std", numbers of the hint itself. */
static bool read_numbers(TorchLayer *l, const char *key, Values *out)
{
    int features = torch_features(l->s);
    At at = at_key(l->at, key);
    if (!at.json)
        error_missing(l->b->src, &at);
    if (!at.json || !read_tensor(l->b->src, &at, l->b->inputs, false, out))
        return false;
    out->wide = true;
    if (out->shape.rank == 1 &&
        (features == ANY || out->shape.dim[0] == features))
        return true;
    error_at(l->b->src, &at,
             "expected %d numbers, one for each feature, got %s", features,
             at_describe(l->b->g->arena, &at));
    return false;
}

/* (x - mean) / std: a variance of std * std gives std back, to the bit. */
bool torch_normalize(TorchLayer *l)
{
    Values mean, variance;
    At at = at_key(l->at, "std");
    if (!(read_numbers(l, "mean", &mean) & read_numbers(l, "std", &variance)))
        return false;
    for (int i = 0; i < variance.shape.dim[0]; i++) {
        if (variance.data[i] <= 0) {
            error_at(l->b->src, &at, "expected positive numbers, got %g",
                     variance.data[i]);
            return false;
        }
        variance.data[i] *= variance.data[i];
    }
    Node *n = build_layer(l->b, "BatchNormalization", l->module, l->at);
    build_bool(n, "center", false);
    build_bool(n, "scale", false);
    build_number(n, "epsilon", 0);
    build_weight(l->b, n, "moving_mean", l->at, mean);
    build_weight(l->b, n, "moving_variance", l->at, variance);
    return mean.shape.dim[0] == variance.shape.dim[0];
}

/* One slope, or one for each feature. */
bool torch_prelu(TorchLayer *l)
{
    Values slopes;
    if (!torch_read(l, "weight", shape1(ANY), &slopes))
        return false;
    int count = slopes.shape.dim[0];
    if (count != 1 &&
        !torch_read(l, "weight", shape1(torch_features(l->s)), &slopes))
        return false;
    Node *n = build_layer(l->b, "PReLU", l->module, l->at);
    build_weight(l->b, n, "alpha", l->at, slopes);
    return torch_agree(l, "num_parameters", count);
}
