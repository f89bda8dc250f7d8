/* formats/keras_functions.c -- functions that are called on the tensors of a
 * Functional model, keras.ops.tanh(x), and stand in the file as layers do:
 *
 *   {"module": "keras.src.ops.numpy", "class_name": "Tanh", "config": {...}}
 *   {"class_name": "TFOpLambda", "config": {"function": "math.tanh"}}
 *
 * Here they are the layers that compute the same. What they are called on may
 * be masked; what they return is not. x + y and the like are such functions,
 * too; one may be a number, see keras_constants.c. */

#include "keras.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "fields.h"

struct KerasFunction {
    const char *class, *tf; /* in Keras 3; TensorFlow's, in Keras 2 */
    const char *layer;      /* here... */
    const char *activation; /* ...and that of an Activation */
};

static const KerasFunction functions[] = {
    {"Tanh", "math.tanh", "Activation", "tanh"},
    {"Sigmoid", "math.sigmoid", "Activation", "sigmoid"},
    {"HardSigmoid", NULL, "Activation", "hard_sigmoid"},
    {"Relu", "nn.relu", "Activation", "relu"},
    {"Relu6", "nn.relu6", "Activation", "relu6"},
    {"LeakyRelu", "nn.leaky_relu", "Activation", "leaky_relu"},
    {"Elu", "nn.elu", "Activation", "elu"},
    {"Celu", NULL, "Activation", "celu"},
    {"Selu", "nn.selu", "Activation", "selu"},
    {"Silu", "nn.silu", "Activation", "silu"},
    {"HardSilu", NULL, "Activation", "hard_silu"},
    {"Gelu", "nn.gelu", "Activation", "gelu"},
    {"Softplus", "math.softplus", "Activation", "softplus"},
    {"Softsign", "nn.softsign", "Activation", "softsign"},
    {"Squareplus", NULL, "Activation", "squareplus"},
    {"SoftShrink", NULL, "Activation", "soft_shrink"},
    {"HardShrink", NULL, "Activation", "hard_shrink"},
    {"TanhShrink", NULL, "Activation", "tanh_shrink"},
    {"HardTanh", NULL, "Activation", "hard_tanh"},
    {"SparsePlus", NULL, "Activation", "sparse_plus"},
    {"SparseSigmoid", NULL, "Activation", "sparse_sigmoid"},
    {"LogSigmoid", "math.log_sigmoid", "Activation", "log_sigmoid"},
    {"Exp", "math.exp", "Activation", "exponential"},
    {"LogSoftmax", "nn.log_softmax", "Activation", "log_softmax"},
    {"Sparsemax", NULL, "Activation", "sparsemax"},
    {"Softmax", "nn.softmax", "Softmax", NULL},
    {"Glu", NULL, "GLU", NULL},
    {"Add", "__operators__.add", "Add", NULL},
    {NULL, "math.add", "Add", NULL},
    {NULL, "math.add_n", "Add", NULL},
    {"Subtract", "math.subtract", "Subtract", NULL},
    {"Multiply", "math.multiply", "Multiply", NULL},
    {NULL, "compat.v1.math.scalar_mul", "Multiply", NULL},
    {"TrueDivide", "math.truediv", "Multiply", NULL},
    {"Divide", "math.divide", "Multiply", NULL},
    {"Maximum", "math.maximum", "Maximum", NULL},
    {"Minimum", "math.minimum", "Minimum", NULL},
    {"Negative", "math.negative", "Rescaling", NULL},
    {"Absolute", "math.abs", "Activation", "abs"},
    {"Abs", NULL, "Activation", "abs"},
    {"Square", "math.square", "Activation", "square"},
    {"Sqrt", "math.sqrt", "Activation", "sqrt"},
    {"Rsqrt", "math.rsqrt", "Activation", "rsqrt"},
    {"Log", "math.log", "Activation", "log"},
    {"Clip", "clip_by_value", "Activation", "clip"},
    {"Power", "math.pow", "Activation", NULL},
    {"Mean", "math.reduce_mean", "ReduceMean", NULL},
    {"Sum", "math.reduce_sum", "ReduceSum", NULL},
    {"Max", "math.reduce_max", "ReduceMax", NULL},
    {"Min", "math.reduce_min", "ReduceMin", NULL},
    {"GetItem", "__operators__.getitem", "Slice", NULL},
    {"Reshape", "reshape", "Reshape", NULL},
    {"Transpose", "compat.v1.transpose", "Permute", NULL},
    {"Squeeze", "compat.v1.squeeze", "Squeeze", NULL},
    {NULL, "expand_dims", "ExpandDims", NULL},
    {"Stack", "stack", "Concatenate", NULL},
    {NULL, "keras.backend.batch_flatten", "Flatten", NULL},
    {NULL, "concat", "Concatenate", NULL},
    {NULL, "identity", "Identity", NULL},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* Arguments besides those that many have. */
static const struct {
    const char *class, *key[4];
} arguments[] = {
    {"Clip", {"x_min", "x_max", "clip_value_min", "clip_value_max"}},
    {"Mean", {"keepdims"}},
    {"Sum", {"keepdims"}},
    {"Max", {"keepdims"}},
    {"Min", {"keepdims"}},
    {"GetItem", {"slice_spec"}},
    {"Reshape", {"newshape", "shape"}},
    {"Transpose", {"axes", "perm", "conjugate"}}, /* of real numbers */
};
enum { ARGUMENTS = sizeof arguments / sizeof *arguments };

/* A layer in Keras, too, which hands masks on; but not an Activation here. */
static const KerasFunction halving = {NULL, NULL, "GLU", NULL};

static bool says(const At *at, const char *text)
{
    return at_is_string(at) && strcmp(at->json->valuestring, text) == 0;
}

const char *keras_tf_name(const KerasLayer *l)
{
    At function = at_key(l->config, "function");
    bool lambda = strcmp(l->type, "TFOpLambda") == 0 ||
                  strcmp(l->type, "SlicingOpLambda") == 0;
    return lambda && at_is_string(&function) ? function.json->valuestring
                                             : NULL;
}

void keras_open_function(KerasLayer *l)
{
    At module = at_key(l->at, "module"),
       activation = at_key(l->config, "activation");
    bool of_ops = at_is_string(&module) &&
                  strncmp(module.json->valuestring, "keras.src.ops", 13) == 0;
    const char *three = of_ops ? l->type : "", *tf = keras_tf_name(l);
    l->options = l->config;
    for (int i = 0; i < FUNCTIONS; i++) {
        const KerasFunction *f = &functions[i];
        if ((f->class && strcmp(f->class, three) == 0) ||
            (f->tf && tf && strcmp(f->tf, tf) == 0))
            l->function = f;
    }
    l->of_tf = l->function && tf;
    if (strcmp(l->type, "Activation") == 0 && says(&activation, "glu"))
        l->function = &halving;
    if (l->function)
        l->type = l->function->layer;
}

bool keras_is_function(const KerasLayer *l, const char *class)
{
    return l->function && l->function->class &&
           strcmp(l->function->class, class) == 0;
}

bool keras_divides(const KerasLayer *l)
{
    return keras_is_function(l, "Divide") || keras_is_function(l, "TrueDivide");
}

/* ---- Arguments ----------------------------------------------------------- */

static bool is_known(const KerasLayer *l, const ActivationRow *row,
                     const At *at)
{
    static const char *const common[] = {
        "name", "trainable", "dtype", "axis", "activation", "y", "x", NULL};
    if (keras_listed(common, at->key) || (l->of_tf && at_is_null(at)))
        return true;
    for (int i = 0; i < ARGUMENTS; i++)
        for (int k = 0; k < 4 && arguments[i].key[k]; k++)
            if (keras_is_function(l, arguments[i].class) &&
                strcmp(arguments[i].key[k], at->key) == 0)
                return true;
    const char *own[] = {row && row->key ? row->key : "name",
                         row && row->param ? row->param : "name",
                         l->of_tf ? "alpha" : "name", NULL};
    return keras_listed(own, at->key) ||
           (strcmp(at->key, "initial") == 0 && at_is_null(at));
}

/* Those of TensorFlow are null where the caller did not say. */
static bool check_keys(const KerasLayer *l, const ActivationRow *row)
{
    bool ok = true;
    for (const Json *item = json_first(l->options->json); item;
         item = json_next(item)) {
        At at = at_member(l->options, item);
        if (is_known(l, row, &at))
            continue;
        error_at(l->k->b.src, &at, "rnnc does not support the argument \"%s\"",
                 printable(l->k->b.g->arena, at.key));
        ok = false;
    }
    return ok;
}

/* The number that the activation takes; or which of two rows it is. */
static bool read_number(const KerasLayer *l, Activation *a)
{
    const ActivationRow *row = a->row;
    At param = at_key(l->options, row->param ? row->param : ""),
       alpha = at_key(l->options, row->param ? "alpha" : ""),
       key = at_key(l->options, row->key ? row->key : "");
    bool yes = false;
    if (param.json || alpha.json)
        return want_number(l->k->b.src, param.json ? &param : &alpha,
                           &a->param);
    if (!key.json)
        return true;
    if (!want_bool(l->k->b.src, &key, &yes))
        return false;
    row = activation_find(row->name);
    while (strcmp(row->value, yes ? "true" : "false") != 0)
        row++;
    a->row = row;
    return true;
}

/* The two numbers of clip(), in Keras 3 and in TensorFlow. */
static bool read_clip(const KerasLayer *l, Activation *a)
{
    At least = at_key(l->options, l->of_tf ? "clip_value_min" : "x_min"),
       most = at_key(l->options, l->of_tf ? "clip_value_max" : "x_max");
    a->row = activation_find("clip");
    return check_keys(l, a->row) &&
           want_number(l->k->b.src, &least, &a->param) &&
           want_number(l->k->b.src, &most, &a->param2);
}

static bool read_activation(const KerasLayer *l, Node *n)
{
    const char *name = l->function->activation;
    Attr *attr = &n->attr[attr_of(n, "activation") - n->attr];
    At axis = at_key(l->options, "axis");
    int last = -1;
    if (keras_is_function(l, "Clip"))
        return read_clip(l, &attr->activation);
    if (!keras_activation_named(l->k, l->options, name, &attr->activation) ||
        !check_keys(l, attr->activation.row) ||
        !read_number(l, &attr->activation))
        return false;
    if (axis.json && !at_is_null(&axis) &&
        !want_int(l->k->b.src, &axis, -MAX_RANK, MAX_RANK, &last))
        return false;
    if (last != -1)
        error_at(l->k->b.src, &axis, "%s is supported along the last axis, -1",
                 name);
    return last == -1;
}

bool keras_check_function(const KerasLayer *l)
{
    return check_keys(l, NULL);
}

bool keras_read_function(const KerasLayer *l, Node *n)
{
    if (l->function->activation)
        return read_activation(l, n);
    bool ok = check_keys(l, NULL);
    At axis = at_key(l->options, "axis");
    if (strncmp(n->op->name, "Reduce", 6) == 0 &&
        (!axis.json || at_is_null(&axis))) {
        error_at(l->k->b.src, l->at, "without an axis it goes over the batch");
        return false;
    }
    if (keras_is_function(l, "Negative"))
        build_number(n, "scale", -1);
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        At at = at_key(l->options, n->op->attrs[i].name);
        if (!n->op->attrs[i].derived && at.json && !at_is_null(&at))
            ok &= read_attr(l->k->b.src, l->options, &n->op->attrs[i],
                            &n->attr[i]);
    }
    return ok;
}

/* ---- Masks --------------------------------------------------------------- */

bool keras_any_masks(const Node *first)
{
    for (const Node *n = first; n; n = n->next)
        if (strcmp(n->op->name, "Masking") == 0 ||
            (strcmp(n->op->name, "Embedding") == 0 &&
             attr_bool(n, "mask_zero")))
            return true;
    return false;
}

/* TensorFlow.js' mean over timesteps takes all of them. */
bool keras_leaves_masks(const KerasLayer *l, const Op *op)
{
    return l->k->b.g->masks_leak &&
           strcmp(op->name, "GlobalAveragePooling1D") == 0;
}

Tensor *keras_without_mask(const KerasLayer *l, const char *name, Tensor *t)
{
    bool called = l->function ? l->function != &halving : keras_is_operation(l);
    return called ? keras_unmasked(l, name, t) : t;
}

Tensor *keras_unmasked(const KerasLayer *l, const char *name, Tensor *t)
{
    Build *b = &l->k->b;
    if (!keras_any_masks(b->g->first))
        return t;
    b->last = t;
    Node *bare =
        build_layer(b, "Identity",
                    arena_printf(b->g->arena, "%s_unmasked", name), l->config);
    build_choice(bare, "masks", "dropped");
    return bare->out;
}
