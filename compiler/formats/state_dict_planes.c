/* formats/state_dict_planes.c -- layers of torch.nn on planes, which are
 * [channels, rows, columns] there and [rows, columns, channels] here: Conv2d,
 * pooling. BatchNorm2d and PReLU are what they are in one dimension. */

#include "state_dict.h"

#include <string.h>

/* ---- Arguments of two axes ----------------------------------------------- */

/* key, an integer for both axes or [rows, columns]; out stays where it is
 * absent. */
static bool read_pair(const TorchLayer *l, const char *key, int min, int *out)
{
    At at = at_key(l->at, key);
    if (!at.json)
        return true;
    const Json *first = at_is_array(&at) ? json_first(at.json) : NULL;
    At rows = first ? at_item(&at, first, 0) : at;
    At columns =
        first && json_next(first) ? at_item(&at, json_next(first), 1) : rows;
    if (at_is_array(&at) &&
        (json_size(at.json) < 1 || json_size(at.json) > 2)) {
        error_at(l->b->src, &at, "expected one number or two, got %s",
                 at_describe(l->b->g->arena, &at));
        return false;
    }
    return want_int(l->b->src, &rows, min, MAX_DIM, &out[0]) &&
           want_int(l->b->src, &columns, min, MAX_DIM, &out[1]);
}

static bool want_plane(const TorchLayer *l)
{
    const Shape *shape = &l->s->shape;
    if (shape->rank == 3 || shape->rank == 0)
        return true;
    error_at(l->b->src, l->at, "%s needs [rows, columns, channels], got %s",
             l->type, shape_text(l->b->g->arena, shape));
    return false;
}

/* Of a window that spans `span` of `size` and `pad` zeros on either side. */
static int count_outputs(int size, int span, int pad, int stride)
{
    int64_t room = (int64_t)size + 2 * (int64_t)pad - span;
    return size == ANY || room < 0 ? ANY : (int)(room / stride + 1);
}

static void pad_zeros(TorchLayer *l, const int *pad)
{
    Shape sides = {.rank = 4, .dim = {pad[0], pad[0], pad[1], pad[1]}};
    build_shape(build_layer(l->b, "ZeroPadding2D", NULL, l->at), "padding",
                sides);
}

/* ---- Conv2d -------------------------------------------------------------- */

typedef struct Conv2d {
    int size[2], stride[2], dilation[2], pad[2], groups;
} Conv2d;

/* [filters, features, rows, columns] -> [rows, columns, features, filters] */
static Values turn_kernel(Arena *a, Values v)
{
    const int *d = v.shape.dim;
    int64_t places = (int64_t)d[2] * d[3], pairs = (int64_t)d[0] * d[1];
    Values out =
        values_zeros(a, (Shape){.rank = 4, .dim = {d[2], d[3], d[1], d[0]}});
    out.wide = v.wide;
    for (int64_t u = 0; u < d[0]; u++)
        for (int64_t f = 0; f < d[1]; f++)
            for (int64_t p = 0; p < places; p++)
                out.data[p * pairs + f * d[0] + u] =
                    v.data[(u * d[1] + f) * places + p];
    return out;
}

/* "same" and "valid", or zeros on both sides. */
static bool read_padding(TorchLayer *l, Conv2d *c)
{
    At at = at_key(l->at, "padding");
    const char *word = "valid";
    if (!at_is_string(&at))
        return read_pair(l, "padding", 0, c->pad);
    want_string(l->b->src, &at, &word);
    bool same = strcmp(word, "same") == 0, plain = true;
    for (int i = 0; same && i < 2; i++) {
        int span = (c->size[i] - 1) * c->dilation[i];
        plain &= c->stride[i] == 1 && span % 2 == 0;
        c->pad[i] = span / 2;
    }
    if ((same && plain) || strcmp(word, "valid") == 0)
        return true;
    error_at(l->b->src, &at,
             "expected numbers, \"valid\" or, with stride 1 and odd windows, "
             "\"same\", got %s",
             at_describe(l->b->g->arena, &at));
    return false;
}

static bool read_conv(TorchLayer *l, Conv2d *c)
{
    At at = at_key(l->at, "groups");
    int features = torch_features(l->s);
    if (!read_pair(l, "stride", 1, c->stride) ||
        !read_pair(l, "dilation", 1, c->dilation) ||
        !torch_int(l, "groups", 1, &c->groups))
        return false;
    if (features % c->groups == 0)
        return true;
    error_at(l->b->src, &at, "%d groups do not divide %d features", c->groups,
             features);
    return false;
}

static void build_conv(TorchLayer *l, const Conv2d *c, Values kernel)
{
    if (c->pad[0] || c->pad[1])
        pad_zeros(l, c->pad);
    Node *n = build_layer(l->b, "Conv2D", l->module, l->at);
    build_int(n, "filters", kernel.shape.dim[0]);
    build_shape(n, "kernel_size", shape2(c->size[0], c->size[1]));
    build_shape(n, "strides", shape2(c->stride[0], c->stride[1]));
    build_shape(n, "dilation_rate", shape2(c->dilation[0], c->dilation[1]));
    build_int(n, "groups", c->groups);
    build_choice(n, "padding", "valid");
    build_weight(l->b, n, "kernel", l->at, turn_kernel(l->b->g->arena, kernel));
    convention(l->b->g, "%s: on [rows, columns, channels]", l->module);
}

bool torch_conv2d(TorchLayer *l)
{
    Conv2d c = {{1, 1}, {1, 1}, {1, 1}, {0, 0}, 1};
    Values weight, bias;
    bool has_bias = torch_has(l, "bias");
    Shape *s = &l->s->shape;
    if (!want_plane(l) || !read_conv(l, &c))
        return false;
    int features = torch_features(l->s);
    Shape expected = {.rank = 4, .dim = {ANY, features / c.groups, ANY, ANY}};
    if (!torch_read(l, "weight", expected, &weight))
        return false;
    int filters = weight.shape.dim[0], given[2];
    bool ok = !has_bias || torch_read(l, "bias", shape1(filters), &bias);
    for (int i = 0; i < 2; i++)
        given[i] = c.size[i] = weight.shape.dim[2 + i];
    ok &= read_pair(l, "kernel_size", 1, given);
    ok &= torch_agree(l, "out_channels", filters);
    ok &= torch_agree(l, "in_channels", features);
    ok &= torch_agree_bool(l, "bias", has_bias);
    if (ok && (given[0] != c.size[0] || given[1] != c.size[1])) {
        At at = at_key(l->at, "kernel_size");
        error_at(l->b->src, &at, "the tensors say [%d, %d], got %s", c.size[0],
                 c.size[1], at_describe(l->b->g->arena, &at));
        return false;
    }
    if (!ok || !read_padding(l, &c))
        return false;
    build_conv(l, &c, weight);
    Node *n = l->b->last->from;
    build_bool(n, "use_bias", has_bias);
    if (has_bias)
        build_weight(l->b, n, "bias", l->at, bias);
    for (int i = 0; s->rank && i < 2; i++)
        s->dim[i] =
            count_outputs(s->dim[i], (c.size[i] - 1) * c.dilation[i] + 1,
                          c.pad[i], c.stride[i]);
    torch_set_features(l->s, filters);
    return torch_activation(l, n);
}

/* ---- Pooling ------------------------------------------------------------- */

/* MaxPool2d, and AvgPool2d, whose zeros count unless it says otherwise. */
bool torch_pool2d(TorchLayer *l)
{
    At at = at_key(l->at, "kernel_size"),
       count = at_key(l->at, "count_include_pad");
    bool mean = strcmp(l->type, "AvgPool2d") == 0, counted = true;
    int size[2] = {1, 1}, stride[2], pad[2] = {0, 0};
    Shape *s = &l->s->shape;
    if (!at.json)
        error_missing(l->b->src, &at);
    if (!at.json || !want_plane(l) || !read_pair(l, "kernel_size", 1, size))
        return false;
    memcpy(stride, size, sizeof stride);
    if (!read_pair(l, "stride", 1, stride) ||
        !read_pair(l, "padding", 0, pad) ||
        (count.json && !want_bool(l->b->src, &count, &counted)))
        return false;
    bool padded = pad[0] || pad[1];
    if (padded && mean && counted)
        pad_zeros(l, pad);
    Node *n = build_layer(l->b, mean ? "AveragePooling2D" : "MaxPooling2D",
                          l->module, l->at);
    build_shape(n, "pool_size", shape2(size[0], size[1]));
    build_shape(n, "strides", shape2(stride[0], stride[1]));
    if (padded && !(mean && counted))
        build_shape(n, "pads", shape2(pad[0], pad[1]));
    for (int i = 0; s->rank && i < 2; i++)
        s->dim[i] = count_outputs(s->dim[i], size[i], pad[i], stride[i]);
    return true;
}

/* AdaptiveMaxPool2d and AdaptiveAvgPool2d, to one element. */
bool torch_global_pool2d(TorchLayer *l)
{
    At at = at_key(l->at, "output_size");
    int size[2] = {0, 0};
    if (!at.json)
        error_missing(l->b->src, &at);
    if (!at.json || !want_plane(l) || !read_pair(l, "output_size", 1, size))
        return false;
    if (size[0] != 1 || size[1] != 1) {
        error_at(l->b->src, &at, "%s is supported for an output of 1, got %s",
                 l->type, at_describe(l->b->g->arena, &at));
        return false;
    }
    bool mean = strcmp(l->type, "AdaptiveAvgPool2d") == 0;
    Node *n = build_layer(
        l->b, mean ? "GlobalAveragePooling2D" : "GlobalMaxPooling2D", l->module,
        l->at);
    build_bool(n, "keepdims", true);
    if (l->s->shape.rank)
        l->s->shape = shape3(1, 1, torch_features(l->s));
    return true;
}
