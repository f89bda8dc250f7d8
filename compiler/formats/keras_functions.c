/* formats/keras_functions.c -- functions that are called on the tensors of a
 * Functional model, keras.ops.tanh(x), and stand in the file as layers do:
 *
 *   {"module": "keras.src.ops.numpy", "class_name": "Tanh", "config": {...}}
 *
 * Here they are the layers that compute the same. What they are called on may
 * be masked; what they return is not. (The operators are in keras_constants.c.)
 */

#include "keras.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "fields.h"

struct KerasFunction {
    const char *class;      /* in Keras 3 */
    const char *layer;      /* here... */
    const char *activation; /* ...and that of an Activation */
};

static const KerasFunction functions[] = {
    {"Tanh", "Activation", "tanh"},
    {"Sigmoid", "Activation", "sigmoid"},
    {"HardSigmoid", "Activation", "hard_sigmoid"},
    {"Relu", "Activation", "relu"},
    {"Relu6", "Activation", "relu6"},
    {"LeakyRelu", "Activation", "leaky_relu"},
    {"Elu", "Activation", "elu"},
    {"Celu", "Activation", "celu"},
    {"Selu", "Activation", "selu"},
    {"Silu", "Activation", "silu"},
    {"HardSilu", "Activation", "hard_silu"},
    {"Gelu", "Activation", "gelu"},
    {"Softplus", "Activation", "softplus"},
    {"Softsign", "Activation", "softsign"},
    {"Squareplus", "Activation", "squareplus"},
    {"SoftShrink", "Activation", "soft_shrink"},
    {"HardShrink", "Activation", "hard_shrink"},
    {"TanhShrink", "Activation", "tanh_shrink"},
    {"HardTanh", "Activation", "hard_tanh"},
    {"SparsePlus", "Activation", "sparse_plus"},
    {"SparseSigmoid", "Activation", "sparse_sigmoid"},
    {"LogSigmoid", "Activation", "log_sigmoid"},
    {"Exp", "Activation", "exponential"},
    {"LogSoftmax", "Activation", "log_softmax"},
    {"Sparsemax", "Activation", "sparsemax"},
    {"Softmax", "Softmax", NULL},
    {"Glu", "GLU", NULL},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* A layer in Keras, too, which hands masks on; but not an Activation here. */
static const KerasFunction halving = {NULL, "GLU", NULL};

static bool says(const At *at, const char *text)
{
    return at_is_string(at) && strcmp(at->json->valuestring, text) == 0;
}

void keras_open_function(KerasLayer *l)
{
    At module = at_key(l->at, "module"),
       activation = at_key(l->config, "activation");
    bool of_ops = at_is_string(&module) &&
                  strncmp(module.json->valuestring, "keras.src.ops", 13) == 0;
    for (int i = 0; of_ops && i < FUNCTIONS; i++)
        if (strcmp(functions[i].class, l->type) == 0)
            l->function = &functions[i];
    if (strcmp(l->type, "Activation") == 0 && says(&activation, "glu"))
        l->function = &halving;
    if (l->function)
        l->type = l->function->layer;
}

/* ---- Arguments ----------------------------------------------------------- */

static bool check_keys(const KerasLayer *l, const ActivationRow *row)
{
    const char *known[] = {"name",      "trainable", "dtype",
                           "axis",      "activation",
                           row && row->key ? row->key : "name",
                           row && row->param ? row->param : "name", NULL};
    return want_keys(l->k->b.src, l->config, known);
}

/* The number that the activation takes; or which of two rows it is. */
static bool read_number(const KerasLayer *l, Activation *a)
{
    const ActivationRow *row = a->row;
    At param = at_key(l->config, row->param ? row->param : ""),
       key = at_key(l->config, row->key ? row->key : "");
    bool yes = false;
    if (param.json)
        return want_number(l->k->b.src, &param, &a->param);
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

static bool read_activation(const KerasLayer *l, Node *n)
{
    const char *name = l->function->activation;
    Attr *attr = &n->attr[attr_of(n, "activation") - n->attr];
    At axis = at_key(l->config, "axis");
    int last = -1;
    if (!keras_activation_named(l->k, l->config, name, &attr->activation) ||
        !check_keys(l, attr->activation.row) ||
        !read_number(l, &attr->activation) ||
        (axis.json && !want_int(l->k->b.src, &axis, -MAX_RANK, MAX_RANK, &last)))
        return false;
    if (last != -1)
        error_at(l->k->b.src, &axis, "%s is supported along the last axis, -1",
                 name);
    return last == -1;
}

bool keras_read_function(const KerasLayer *l, Node *n)
{
    if (l->function->activation)
        return read_activation(l, n);
    bool ok = check_keys(l, NULL);
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        if (!n->op->attrs[i].derived)
            ok &= read_attr(l->k->b.src, l->config, &n->op->attrs[i],
                            &n->attr[i]);
    return ok;
}

/* ---- Masks --------------------------------------------------------------- */

static bool any_masks(const Graph *g)
{
    for (const Node *n = g->first; n; n = n->next)
        if (strcmp(n->op->name, "Masking") == 0 ||
            (strcmp(n->op->name, "Embedding") == 0 &&
             attr_bool(n, "mask_zero")))
            return true;
    return false;
}

Tensor *keras_without_mask(const KerasLayer *l, Node *n)
{
    Build *b = &l->k->b;
    if (!l->function || l->function == &halving || !any_masks(b->g))
        return n->out;
    b->last = n->out;
    Node *bare = build_layer(
        b, "Identity", arena_printf(b->g->arena, "%s_unmasked", n->name),
        l->config);
    build_choice(bare, "masks", "dropped");
    return bare->out;
}
