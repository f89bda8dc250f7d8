/* formats/keras_config.c -- a Keras layer's config: its keys to the attributes
 * of the op row of its name, which are Keras' own.
 *
 * A key is an attribute, or an older name of one, or without effect at
 * inference; everything else is an error. */

#include "keras.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "fields.h"

/* Keras 1, Keras 2, and what they are called since. */
static const struct {
    const char *old, *name;
} aliases[] = {
    {"alpha", "negative_slope"},
    {"output_dim", "units"},
    {"inner_activation", "recurrent_activation"},
    {"nb_filter", "filters"},
    {"filter_length", "kernel_size"},
    {"border_mode", "padding"},
    {"subsample_length", "strides"},
    {"atrous_rate", "dilation_rate"},
    {"p", "rate"},
};
enum { ALIASES = sizeof aliases / sizeof *aliases };

/* What only training sees, or Keras' own bookkeeping. */
static const char *const unused[] = {"name",
                                     "trainable",
                                     "dtype",
                                     "batch_input_shape",
                                     "batch_shape",
                                     "input_shape",
                                     "output_shape",
                                     "build_config",
                                     "sparse",
                                     "ragged",
                                     "seed",
                                     "implementation",
                                     "unroll",
                                     "unit_forget_bias",
                                     "dropout",
                                     "recurrent_dropout",
                                     "noise_shape",
                                     "momentum",
                                     "renorm",
                                     "fused",
                                     "synchronized",
                                     "optional",
                                     "lora_rank",
                                     "lora_alpha",
                                     "autocast",
                                     "input_dim",
                                     "input_length",
                                     "index",
                                     "idx",
                                     "prev_layer_idx",
                                     "stateful",
                                     "class_name",
                                     "type",
                                     "weights",
                                     "biases",
                                     "module",
                                     "registered_name",
                                     "inbound_nodes",
                                     "quantization_config",
                                     "cudnn_enabled",
                                     "renorm_clipping",
                                     "renorm_momentum",
                                     "use_cudnn",
                                     "cache_size",
                                     "mean",
                                     "variance",
                                     "compile_config",
                                     "shared_axes", /* alpha's shape says it */
                                     "config",
                                     "num_parameters",
                                     "params",
                                     "virtual_batch_size",
                                     "adjustment",
                                     "shared_object_id",
                                     "query_shape",
                                     "key_shape",
                                     "value_shape",
                                     "softmax_robust_masking",
                                     NULL};

/* Harmless while they say what rnnc does anyway. */
static const struct {
    const char *key, *value; /* JSON text */
} only[] = {{"data_format", "\"channels_last\""},
            {"time_major", "false"},
            {"groups", "1"}, /* Keras 2 writes it for every convolution */
            {"return_state", "false"},
            {"use_gate", "false"},
            {"sliding_window", "null"},
            {"rms_scaling", "false"}};

bool keras_listed(const char *const *list, const char *name)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), length = strlen(end);
    return size > length && strcmp(text + size - length, end) == 0;
}

/* ---- Attributes ---------------------------------------------------------- */

static const AttrSpec *find_attr(const Op *op, const char *name)
{
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        if (strcmp(op->attrs[i].name, name) == 0 && !op->attrs[i].derived)
            return &op->attrs[i];
    return NULL;
}

bool keras_has_flag(const char *type, const char *name)
{
    const Op *op = op_find(type);
    const AttrSpec *spec = op ? find_attr(op, name) : NULL;
    return spec && spec->type == ATTR_BOOL;
}

/* The attribute that a key means; NULL: none. */
static const AttrSpec *attr_of_key(const Op *op, const char *key)
{
    const AttrSpec *spec = find_attr(op, key);
    for (int i = 0; !spec && i < ALIASES; i++)
        if (strcmp(aliases[i].old, key) == 0)
            spec = find_attr(op, aliases[i].name);
    return spec;
}

static bool is_inner(const Op *op, const char *key)
{
    for (int i = 0; i < MAX_INNER && op->inner[i]; i++)
        if (strcmp(op->inner[i], key) == 0)
            return true;
    return false;
}

/* Compared as JSON text without white space. */
static bool says(const At *at, const char *value)
{
    char text[64] = "";
    return cJSON_PrintPreallocated((cJSON *)at->json, text, sizeof text,
                                   false) &&
           strcmp(text, value) == 0;
}

static bool check_only(const KerasLayer *l, const At *at)
{
    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        if (strcmp(only[i].key, at->key) != 0)
            continue;
        if (says(at, only[i].value) || at_is_null(at))
            return true;
        error_at(l->k->b.src, at, "rnnc supports %s only as %s here, got %s",
                 only[i].key, only[i].value, at_describe(l->k->b.g->arena, at));
        return false;
    }
    return true;
}

static bool is_only(const char *key)
{
    for (size_t i = 0; i < sizeof only / sizeof *only; i++)
        if (strcmp(only[i].key, key) == 0)
            return true;
    return false;
}

static bool unknown_key(const KerasLayer *l, const Op *op, const At *at)
{
    const char *names[MAX_ATTRS + 1] = {0};
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        names[i] = op->attrs[i].name;
    const char *guess = nearest(at->key, names);
    error_at(l->k->b.src, at, "%s has no \"%s\" that rnnc knows%s%s%s",
             op->name, printable(l->k->b.g->arena, at->key),
             guess ? " (did you mean \"" : "", guess ? guess : "",
             guess ? "\"?)" : "");
    return false;
}

/* TensorFlow.js writes what an RNN's cell says beside the cell once more. */
static bool said_inside(const KerasLayer *l, const Op *op, const At *at)
{
    for (int i = 0; i < MAX_INNER && op->inner[i]; i++) {
        At inner = at_key(l->config, op->inner[i]),
           config = at_key(&inner, "config"), same = at_key(&config, at->key);
        if (same.json && cJSON_Compare(same.json, at->json, true))
            return true;
    }
    return false;
}

bool keras_check_keys(const KerasLayer *l, const Op *op)
{
    bool ok = true;
    for (const Json *item = json_first(l->config->json); item;
         item = json_next(item)) {
        At at = at_member(l->config, item);
        if (strcmp(at.key, "data_format") == 0 &&
            (keras_channels_first(l, op) ||
             strncmp(op->name, "SpatialDropout", 14) == 0))
            continue;
        if (is_only(at.key) && !find_attr(op, at.key))
            ok &= check_only(l, &at);
        else if (!attr_of_key(op, at.key) && !is_inner(op, at.key) &&
                 !keras_listed(unused, at.key) && !said_inside(l, op, &at) &&
                 !ends_with(at.key, "_initializer") &&
                 !ends_with(at.key, "_regularizer") &&
                 !ends_with(at.key, "_constraint"))
            ok &= unknown_key(l, op, &at);
    }
    return ok;
}

/* spec with the name that this file uses for it. */
static AttrSpec spell(const KerasLayer *l, const AttrSpec *spec)
{
    AttrSpec own = *spec;
    for (int i = 0; i < ALIASES; i++)
        if (strcmp(aliases[i].name, spec->name) == 0 &&
            !at_key(l->config, spec->name).json &&
            at_key(l->config, aliases[i].old).json)
            own.name = aliases[i].old;
    return own;
}

/* What the weights decide has to wait for them. */
static bool waits(const KerasLayer *l, const AttrSpec *spec)
{
    return spec->settle && !at_key(l->config, spec->name).json;
}

/* Keras means sigmoid where TensorFlow.js means hard_sigmoid. */
static bool states_gates(const KerasLayer *l, const Op *op)
{
    At at = at_key(l->config, "recurrent_activation");
    bool ok = at.json || !l->k->gates_stated || !find_attr(op, at.key);
    if (!ok)
        error_missing(l->k->b.src, &at);
    return ok;
}

/* TensorFlow.js writes a dilation here, and leaves it out when it computes. */
static bool means_dilation(const KerasLayer *l, const Node *n)
{
    At at = at_key(l->config, "dilation_rate");
    if (!l->k->gates_stated || strcmp(n->op->name, "DepthwiseConv2D") != 0 ||
        !at.json || at_is_null(&at))
        return true;
    for (int i = 0; i < attr_of(n, "dilation_rate")->shape.rank; i++)
        if (attr_item(n, "dilation_rate", i) != 1) {
            error_at(l->k->b.src, &at,
                     "TensorFlow.js ignores the dilation_rate of a "
                     "DepthwiseConv2D, so what the model computes is open: "
                     "write 1 for what TensorFlow.js does, or export the "
                     "Keras model");
            return false;
        }
    return true;
}

/* "mask_zero": null, as TensorFlow.js writes what it was not told. */
static bool is_false(const AttrSpec *spec, const At *at)
{
    return spec->type == ATTR_BOOL && spec->fallback && at_is_null(at) &&
           strcmp(spec->fallback, "false") == 0;
}

bool keras_read_attrs(const KerasLayer *l, Node *n)
{
    bool ok = states_gates(l, n->op);
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        AttrSpec spec = spell(l, &n->op->attrs[i]);
        At at = at_key(l->config, spec.name);
        if (waits(l, &spec) || is_false(&spec, &at) ||
            keras_axis_settled(l, n->op, &at))
            continue;
        if (spec.type == ATTR_ACTIVATION && at.json && !spec.derived) {
            n->attr[i].at = at;
            ok &= keras_activation(l->k, &at, &n->attr[i].activation);
        } else {
            ok &= read_attr(l->k->b.src, l->config, &spec, &n->attr[i]);
        }
    }
    return ok && means_dilation(l, n);
}

/* The least norm that Dot divides by: Keras 2 and TensorFlow.js have one of its
 * square, 1e-12 and 1e-7. */
static void settle_norm(const Keras *k, Node *n)
{
    if (strcmp(n->op->name, "Dot") == 0 && k->version == 2)
        build_number(n, "epsilon", k->counts_making ? sqrt(1e-7) : 1e-6);
}

/* GRU: two rows of bias belong to reset_after, one to none. */
bool keras_settle(const KerasLayer *l, Node *n)
{
    settle_norm(l->k, n);
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        if (!waits(l, &n->op->attrs[i]))
            continue;
        const Weight *bias = weight_of(n, "bias");
        if (!bias->data) {
            error_at(l->k->b.src, l->config,
                     "\"%s\" is missing, and without a bias nothing else says "
                     "it: write true (Keras 2 and 3) or false",
                     n->op->attrs[i].name);
            return false;
        }
        n->attr[i].number = bias->shape.rank == 2;
        n->attr[i].at = bias->at;
        convention(l->k->b.g, "%s: %s is %s, as the bias has %d row%s", n->name,
                   n->op->attrs[i].name,
                   bias->shape.rank == 2 ? "true" : "false", bias->shape.rank,
                   bias->shape.rank == 1 ? "" : "s");
    }
    return true;
}
