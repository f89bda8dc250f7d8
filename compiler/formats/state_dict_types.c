/* formats/state_dict_types.c -- the classes of torch.nn by name, and those
 * among them that have no tensors. */

#include "state_dict.h"

#include <math.h>
#include <string.h>

/* ---- Activations --------------------------------------------------------- */

typedef struct Function {
    const char *type, *name; /* torch.nn's class, torch.nn.functional's name */
    const char *activation;  /* ours... */
    const char *key, *value; /* ...and which row of that name */
    const char *param;       /* PyTorch's argument */
    double fallback;
} Function;

static const Function functions[] = {
    {"Tanh", "tanh", "tanh", NULL, NULL, NULL, NAN},
    {"Sigmoid", "sigmoid", "sigmoid", NULL, NULL, NULL, NAN},
    {"ReLU", "relu", "relu", NULL, NULL, NULL, NAN},
    {"ReLU6", "relu6", "relu6", NULL, NULL, NULL, NAN},
    {"LeakyReLU", "leaky_relu", "leaky_relu", NULL, NULL, "negative_slope",
     0.01},
    {"ELU", "elu", "elu", NULL, NULL, "alpha", 1},
    {"SELU", "selu", "selu", NULL, NULL, NULL, NAN},
    {"GELU", "gelu", "gelu", "approximate", "false", NULL, NAN},
    {"SiLU", "silu", "silu", NULL, NULL, NULL, NAN},
    {"Softplus", "softplus", "softplus", NULL, NULL, NULL, NAN},
    {"Softsign", "softsign", "softsign", NULL, NULL, NULL, NAN},
    {"Hardsigmoid", "hardsigmoid", "hard_sigmoid", "slope", "keras3", NULL,
     NAN},
    {"Mish", "mish", "mish", NULL, NULL, NULL, NAN},
    {"LogSigmoid", "logsigmoid", "log_sigmoid", NULL, NULL, NULL, NAN},
    {"Hardswish", "hardswish", "hard_silu", NULL, NULL, NULL, NAN},
    {"Tanhshrink", "tanhshrink", "tanh_shrink", NULL, NULL, NULL, NAN},
    {"CELU", "celu", "celu", NULL, NULL, "alpha", 1},
    {"Softshrink", "softshrink", "soft_shrink", NULL, NULL, "lambd", 0.5},
    {"Hardshrink", "hardshrink", "hard_shrink", NULL, NULL, "lambd", 0.5},
    {"Hardtanh", "hardtanh", "hard_tanh", NULL, NULL, NULL, NAN},
    {"Softmax", "softmax", "softmax", NULL, NULL, NULL, NAN},
    {"LogSoftmax", "log_softmax", "log_softmax", NULL, NULL, NULL, NAN},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

bool torch_activation(TorchLayer *l, Node *n)
{
    const char *names[FUNCTIONS + 1] = {NULL}, *name;
    At at = at_key(l->at, "activation");
    if (!at.json)
        return true;
    if (!want_string(l->b->src, &at, &name))
        return false;
    for (int i = 0; i < FUNCTIONS; i++) {
        const Function *f = &functions[i];
        names[i] = f->name;
        if (strcmp(f->name, name) != 0)
            continue;
        build_activation(n, "activation", f->activation, f->key, f->value,
                         f->fallback);
        return true;
    }
    const char *guess = nearest(name, names);
    error_at(l->b->src, &at, "unknown activation %s%s%s%s",
             at_describe(l->b->g->arena, &at), guess ? " (did you mean \"" : "",
             guess ? guess : "", guess ? "\"?)" : "");
    return false;
}

static bool read_function(TorchLayer *l)
{
    const Function *f = functions;
    while (strcmp(f->type, l->type) != 0)
        f++;
    At at = at_key(l->at, f->param ? f->param : "");
    double param = f->fallback;
    if (f->param && at.json && !want_number(l->b->src, &at, &param))
        return false;
    Node *n = build_layer(l->b, "Activation", l->module, l->at);
    build_activation(n, "activation", f->activation, f->key, f->value, param);
    if (f->param)
        convention(l->b->g, "%s: %s is %g%s", n->name, f->param, param,
                   at.json ? "" : " (PyTorch's default)");
    return true;
}

static bool read_gelu(TorchLayer *l)
{
    At at = at_key(l->at, "approximate");
    const char *form = "none";
    if (at.json && !want_string(l->b->src, &at, &form))
        return false;
    bool tanh = strcmp(form, "tanh") == 0;
    if (!tanh && strcmp(form, "none") != 0) {
        error_at(l->b->src, &at, "expected \"none\" or \"tanh\", got %s",
                 at_describe(l->b->g->arena, &at));
        return false;
    }
    Node *n = build_layer(l->b, "Activation", l->module, l->at);
    build_activation(n, "activation", "gelu", "approximate",
                     tanh ? "true" : "false", NAN);
    return true;
}

/* PyTorch counts the batch, as dimension 0. */
static bool along_features(const TorchLayer *l)
{
    At at = at_key(l->at, "dim");
    int dim = 0, rank = l->s->shape.rank;
    if (!want_int(l->b->src, &at, -1, MAX_RANK, &dim))
        return false;
    if (dim == -1 || dim == rank || rank == 0)
        return true;
    error_at(l->b->src, &at,
             "%s is supported along the features, \"dim\": -1, got %d",
             l->type, dim);
    return false;
}

/* Without a dim there is no default that would be the same for all ranks. */
static bool read_softmax(TorchLayer *l)
{
    return along_features(l) && read_function(l);
}

static bool read_glu(TorchLayer *l)
{
    int features = torch_features(l->s);
    At at = at_key(l->at, "dim");
    if (at.json && !along_features(l))
        return false;
    build_layer(l->b, "GLU", l->module, l->at);
    torch_set_features(l->s, features == ANY ? ANY : features / 2);
    return true;
}

/* ---- Layers that move numbers, or do nothing ----------------------------- */

static bool read_nothing(TorchLayer *l)
{
    At at = at_key(l->at, "p");
    double p;
    return !at.json || want_number(l->b->src, &at, &p);
}

/* MaxPool1d, AvgPool1d */
static bool read_pool(TorchLayer *l)
{
    At at = at_key(l->at, "kernel_size");
    int size = 0, stride = 0, *timesteps = &l->s->shape.dim[0];
    if (!at.json)
        error_missing(l->b->src, &at);
    if (!at.json || !torch_want_sequence(l) ||
        !torch_int(l, "kernel_size", 1, &size))
        return false;
    stride = size;
    if (!torch_int(l, "stride", 1, &stride))
        return false;
    Node *n = build_layer(
        l->b,
        strcmp(l->type, "MaxPool1d") == 0 ? "MaxPooling1D" : "AveragePooling1D",
        l->module, l->at);
    build_shape(n, "pool_size", shape1(size));
    build_shape(n, "strides", shape1(stride));
    if (l->s->shape.rank)
        *timesteps = *timesteps < size ? ANY : (*timesteps - size) / stride + 1;
    return true;
}

/* AdaptiveMaxPool1d and AdaptiveAvgPool1d, of one timestep that comes out. */
static bool read_global_pool(TorchLayer *l)
{
    At at = at_key(l->at, "output_size");
    int size = 0;
    if (!at.json)
        error_missing(l->b->src, &at);
    if (!at.json || !torch_want_sequence(l) ||
        !torch_int(l, "output_size", 1, &size))
        return false;
    if (size != 1) {
        error_at(l->b->src, &at, "%s is supported for an output of 1, got %d",
                 l->type, size);
        return false;
    }
    build_layer(l->b,
                strcmp(l->type, "AdaptiveMaxPool1d") == 0
                    ? "GlobalMaxPooling1D"
                    : "GlobalAveragePooling1D",
                l->module, l->at);
    if (l->s->shape.rank)
        l->s->shape = shape1(l->s->shape.dim[1]);
    return true;
}

/* Rows one after the other are what memory holds. Channels first is the same
 * to all that looks at single elements; the next Linear turns its columns. */
static bool read_flatten(TorchLayer *l)
{
    StateDict *s = l->s;
    At at = at_key(l->at, "order");
    const char *order = "timesteps";
    if (s->shape.rank == 3)
        order = "channels"; /* as PyTorch has planes */
    if (s->shape.rank == 2 && !at.json) {
        error_at(l->b->src, l->at,
                 "\"order\" is missing: \"timesteps\" for [timesteps, "
                 "features] as it is, \"channels\" for [C, L], as PyTorch has "
                 "it after a Conv1d");
        return false;
    }
    if (at.json && !want_string(l->b->src, &at, &order))
        return false;
    bool channels = strcmp(order, "channels") == 0;
    if (!channels && strcmp(order, "timesteps") != 0) {
        error_at(l->b->src, &at,
                 "expected \"timesteps\" or \"channels\", got %s",
                 at_describe(l->b->g->arena, &at));
        return false;
    }
    build_layer(l->b, "Flatten", l->module, l->at);
    if (s->shape.rank < 2)
        return true;
    s->turned = channels;
    s->channels = torch_features(s);
    s->timesteps = s->shape.dim[0] * (s->shape.rank == 3 ? s->shape.dim[1] : 1);
    int64_t size = (int64_t)s->timesteps * s->channels;
    s->shape = shape1(size > MAX_DIM ? ANY : (int)size);
    return true;
}

/* ---- The rows ------------------------------------------------------------ */

#define RNN_KEYS                                                               \
    "return_sequences", "last", "input_size", "hidden_size", "num_layers",     \
        "bidirectional", "bias"
#define CELL_KEYS "return_sequences", "input_size", "hidden_size", "bias"

static const TorchType types[] = {
    {"LSTM", torch_recurrent, true, {RNN_KEYS, "proj_size"}},
    {"GRU", torch_recurrent, true, {RNN_KEYS}},
    {"RNN", torch_recurrent, true, {RNN_KEYS, "nonlinearity"}},
    {"LSTMCell", torch_recurrent, true, {CELL_KEYS}},
    {"GRUCell", torch_recurrent, true, {CELL_KEYS}},
    {"RNNCell", torch_recurrent, true, {CELL_KEYS, "nonlinearity"}},
    {"Linear",
     torch_linear_layer,
     true,
     {"activation", "in_features", "out_features", "bias"}},
    {"Conv1d",
     torch_conv1d,
     true,
     {"activation", "stride", "padding", "dilation", "groups", "kernel_size",
      "in_channels", "out_channels", "bias"}},
    {"Conv2d",
     torch_conv2d,
     true,
     {"activation", "stride", "padding", "dilation", "groups", "kernel_size",
      "in_channels", "out_channels", "bias"}},
    {"BatchNorm1d", torch_batch_norm, true, {"eps", "num_features", "affine"}},
    {"BatchNorm2d", torch_batch_norm, true, {"eps", "num_features", "affine"}},
    {"LayerNorm",
     torch_layer_norm,
     true,
     {"eps", "normalized_shape", "elementwise_affine"}},
    {"PReLU", torch_prelu, true, {"num_parameters"}},
    {"MaxPool1d", read_pool, false, {"kernel_size", "stride"}},
    {"AvgPool1d", read_pool, false, {"kernel_size", "stride"}},
    {"AdaptiveMaxPool1d", read_global_pool, false, {"output_size"}},
    {"AdaptiveAvgPool1d", read_global_pool, false, {"output_size"}},
    {"MaxPool2d", torch_pool2d, false, {"kernel_size", "stride", "padding"}},
    {"AvgPool2d",
     torch_pool2d,
     false,
     {"kernel_size", "stride", "padding", "count_include_pad"}},
    {"AdaptiveMaxPool2d", torch_global_pool2d, false, {"output_size"}},
    {"AdaptiveAvgPool2d", torch_global_pool2d, false, {"output_size"}},
    {"Normalize", torch_normalize, false, {"mean", "std"}},
    {"Flatten", read_flatten, false, {"order"}},
    {"Tanh", read_function, false, {NULL}},
    {"Sigmoid", read_function, false, {NULL}},
    {"ReLU", read_function, false, {NULL}},
    {"ReLU6", read_function, false, {NULL}},
    {"LeakyReLU", read_function, false, {"negative_slope"}},
    {"ELU", read_function, false, {"alpha"}},
    {"SELU", read_function, false, {NULL}},
    {"GELU", read_gelu, false, {"approximate"}},
    {"SiLU", read_function, false, {NULL}},
    {"Softplus", read_function, false, {NULL}},
    {"Softsign", read_function, false, {NULL}},
    {"Hardsigmoid", read_function, false, {NULL}},
    {"Mish", read_function, false, {NULL}},
    {"LogSigmoid", read_function, false, {NULL}},
    {"Hardswish", read_function, false, {NULL}},
    {"Tanhshrink", read_function, false, {NULL}},
    {"CELU", read_function, false, {"alpha"}},
    {"Softshrink", read_function, false, {"lambd"}},
    {"Hardshrink", read_function, false, {"lambd"}},
    {"Hardtanh", read_function, false, {NULL}},
    {"Softmax", read_softmax, false, {"dim"}},
    {"LogSoftmax", read_softmax, false, {"dim"}},
    {"GLU", read_glu, false, {"dim"}},
    {"Dropout", read_nothing, false, {"p"}},
    {"Identity", read_nothing, false, {NULL}},
};
enum { TYPES = sizeof types / sizeof *types };

const TorchType *torch_type(const char *name)
{
    for (int i = 0; i < TYPES; i++)
        if (strcmp(types[i].type, name) == 0)
            return &types[i];
    return NULL;
}

const char *const *torch_types(void)
{
    static const char *names[TYPES + 1];
    for (int i = 0; i < TYPES; i++)
        names[i] = types[i].type;
    return names;
}
