/* formats/lwtnn_layers.c -- lwtnn's layers for one vector: dense,
 * normalization, maxout, highway; and which architecture is of which kind. */

#include "lwtnn.h"

#include <math.h>
#include <string.h>

/* ---- dense --------------------------------------------------------------- */

/* x sigmoid(alpha x) */
static void build_swish(const LwLayer *l, double alpha)
{
    Build *b = l->b;
    Tensor *x = b->last;
    Node *n = build_layer(b, "Rescaling", NULL, l->at);
    build_number(n, "scale", alpha);
    n = build_layer(b, "Activation", NULL, l->at);
    build_activation(n, "activation", "sigmoid", NULL, NULL, NAN);
    Node *product = build_layer(b, "Multiply", l->name, l->at);
    build_inputs(b, product, (Tensor *[]){x, n->out}, 2);
}

/* In the Dense, or where there is none, as a layer. */
static bool build_function(const LwLayer *l, Node *dense)
{
    LwFunction f;
    if (!lw_function(l, "activation", &f))
        return false;
    if (f.scaled) {
        build_swish(l, f.alpha);
        return true;
    }
    if (!dense && strcmp(f.name, "linear") == 0)
        return true;
    Node *n = dense ? dense : build_layer(l->b, "Activation", l->name, l->at);
    build_activation(n, "activation", f.name, f.key, f.value, f.alpha);
    return true;
}

/* scale (x + offset) for each feature is what a normalization computes that has
 * a variance of 1: not a bit is different. scale.data NULL: 1 */
void lw_scale(Build *b, const At *at, const char *name, Values offset,
              Values scale)
{
    Values mean = offset;
    Values ones = values_zeros(b->g->arena, offset.shape);
    mean.data = values_zeros(b->g->arena, offset.shape).data;
    for (int i = 0; i < offset.shape.dim[0]; i++) {
        ones.data[i] = 1;
        mean.data[i] = -offset.data[i];
    }
    Node *n = build_layer(b, "BatchNormalization", name, at);
    build_bool(n, "center", false);
    build_bool(n, "scale", scale.data != NULL);
    build_number(n, "epsilon", 0);
    if (scale.data)
        build_weight(b, n, "gamma", at, scale);
    build_weight(b, n, "moving_mean", at, mean);
    build_weight(b, n, "moving_variance", at, ones);
}

static bool fits(const LwLayer *l, const At *object, const char *key,
                 const Values *row)
{
    At at = at_key(object, key);
    if (l->features == ANY || row->shape.dim[0] == l->features)
        return true;
    error_at(l->b->src, &at, "expected %d numbers, one for each input, got %d",
             l->features, row->shape.dim[0]);
    return false;
}

/* weights [units][features] and bias [units], of which either may be empty;
 * *dense: the node, or NULL where there are no weights. */
static bool read_affine(LwLayer *l, const At *object, Node **dense)
{
    Values weights, bias;
    At at = at_key(object, "weights");
    *dense = NULL;
    if (!lw_flat(l, object, "bias", &bias))
        return false;
    if (at_is_array(&at) && json_size(at.json) == 0) {
        if (bias.data && !fits(l, object, "bias", &bias))
            return false;
        if (bias.data)
            lw_scale(l->b, l->at, l->name, bias, (Values){.data = NULL});
        return true;
    }
    if (!lw_matrix(l, object, "weights", bias.data ? bias.shape.dim[0] : ANY,
                   l->features, &weights))
        return false;
    Node *n = *dense = build_layer(l->b, "Dense", l->name, l->at);
    l->features = weights.shape.dim[0];
    build_int(n, "units", l->features);
    build_bool(n, "use_bias", bias.data != NULL);
    build_weight(l->b, n, "kernel", l->at,
                 values_transpose(l->b->g->arena, weights));
    if (bias.data)
        build_weight(l->b, n, "bias", l->at, bias);
    return true;
}

static bool read_dense(LwLayer *l)
{
    static const char *const keys[] = {"architecture", "weights", "bias",
                                       "activation", NULL};
    Node *dense;
    bool ok = want_keys(l->b->src, l->at, keys);
    return read_affine(l, l->at, &dense) && build_function(l, dense) && ok;
}

/* weights (x + bias) */
static bool read_normalization(LwLayer *l)
{
    static const char *const keys[] = {"architecture", "weights", "bias", NULL};
    Values weights, bias;
    At weights_at = at_key(l->at, "weights"), bias_at = at_key(l->at, "bias");
    bool ok = want_keys(l->b->src, l->at, keys);
    ok &=
        build_read(l->b, &weights_at, "weights", shape1(l->features), &weights);
    ok &= build_read(l->b, &bias_at, "bias", shape1(l->features), &bias);
    if (!ok || weights.shape.dim[0] != bias.shape.dim[0])
        return false;
    lw_scale(l->b, l->at, l->name, bias, weights);
    return true;
}

/* A part of a layer, where neither may be empty. */
static bool read_whole(LwLayer *l, const At *object)
{
    Node *dense;
    static const char *const needed[] = {"weights", "bias"};
    for (int i = 0; i < 2; i++) {
        At at = at_key(object, needed[i]);
        if (!at_is_array(&at) || json_size(at.json) > 0)
            continue;
        error_at(l->b->src, &at, "expected numbers, got an empty array");
        return false;
    }
    return read_affine(l, object, &dense);
}

/* ---- maxout, highway ----------------------------------------------------- */

/* The largest of several Dense layers, for each unit. */
static bool read_maxout(LwLayer *l)
{
    static const char *const keys[] = {"architecture", "sublayers",
                                       "activation", NULL};
    static const char *const inner[] = {"architecture", "weights", "bias",
                                        NULL};
    At list = at_key(l->at, "sublayers"),
       activation = at_key(l->at, "activation");
    Tensor *x = l->b->last, *part[MAX_PORTS];
    int features = l->features, count = 0;
    const char *word = "linear";
    bool ok = want_keys(l->b->src, l->at, keys);
    ok &= !activation.json || want_string(l->b->src, &activation, &word);
    if (strcmp(word, "linear") != 0) {
        error_at(l->b->src, &activation, "expected \"linear\", got \"%s\"",
                 printable(l->b->g->arena, word));
        ok = false;
    }
    if (!want_array(l->b->src, &list))
        return false;
    if (json_size(list.json) < 2 || json_size(list.json) > MAX_PORTS) {
        error_at(l->b->src, &list, "expected 2 to %d sublayers, got %d",
                 MAX_PORTS, json_size(list.json));
        return false;
    }
    for (const Json *item = json_first(list.json); item;
         item = json_next(item), count++) {
        LwLayer sub = *l;
        At at = at_item(&list, item, count);
        l->b->last = x;
        sub.name = arena_printf(l->b->g->arena, "%s/%d", l->name, count);
        ok &= want_keys(l->b->src, &at, inner) && read_whole(&sub, &at);
        if (ok && count > 0 && sub.features != features) {
            error_at(l->b->src, &at, "expected %d units, as before, got %d",
                     features, sub.features);
            ok = false;
        }
        features = sub.features;
        part[count] = l->b->last;
    }
    if (!ok)
        return false;
    Node *n = build_layer(l->b, "Maximum", l->name, l->at);
    build_inputs(l->b, n, part, count);
    l->features = features;
    return true;
}

/* One of a highway's two: as many units as features. */
static Node *read_part(LwLayer *l, const At *components, const char *key,
                       Tensor *x)
{
    static const char *const keys[] = {"weights", "bias", NULL};
    At at = at_key(components, key), bias = at_key(&at, "bias");
    LwLayer sub = *l;
    if (!at.json) {
        error_missing(l->b->src, &at);
        return NULL;
    }
    l->b->last = x;
    sub.name = arena_printf(l->b->g->arena, "%s/%s", l->name, key);
    if (!(want_keys(l->b->src, &at, keys) & read_whole(&sub, &at)))
        return NULL;
    if (sub.features == l->features || l->features == ANY)
        return l->b->last->from;
    error_at(l->b->src, bias.json ? &bias : &at,
             "expected %d units, as many as inputs, got %d", l->features,
             sub.features);
    return NULL;
}

static Tensor *join(LwLayer *l, const char *type, const char *name, Tensor *x,
                    Tensor *y)
{
    Node *n = build_layer(l->b, type, name, l->at);
    build_inputs(l->b, n, (Tensor *[]){x, y}, 2);
    return n->out;
}

/* c t + (1 - c) x with t = activation(Wt x + bt), c = sigmoid(Wc x + bc) */
static bool read_highway(LwLayer *l)
{
    static const char *const keys[] = {"architecture", "components",
                                       "activation", NULL};
    static const char *const parts[] = {"t", "carry", NULL};
    At components = at_key(l->at, "components");
    Tensor *x = l->b->last;
    bool ok = want_keys(l->b->src, l->at, keys);
    if (!want_object(l->b->src, &components))
        return false;
    ok &= want_keys(l->b->src, &components, parts);
    Node *t = read_part(l, &components, "t", x);
    Node *c = read_part(l, &components, "carry", x);
    if (!t || !c || !ok || !lw_activate(l, t, "activation", "activation"))
        return false;
    build_activation(c, "activation", "sigmoid", NULL, NULL, NAN);
    l->b->last = c->out;
    Node *rest = build_layer(l->b, "Rescaling", NULL, l->at);
    build_number(rest, "scale", -1);
    build_number(rest, "offset", 1);
    Tensor *new = join(l, "Multiply", NULL, c->out, t->out);
    Tensor *old = join(l, "Multiply", NULL, rest->out, x);
    join(l, "Add", l->name, new, old);
    return true;
}

/* ---- The architectures --------------------------------------------------- */

static const struct {
    const char *name;
    LwKind kind;
    bool (*read)(LwLayer *l); /* NULL: not supported */
} architectures[] = {
    {"dense", LW_ROWS, read_dense},
    {"normalization", LW_ROWS, read_normalization},
    {"maxout", LW_ROWS, read_maxout},
    {"highway", LW_ROWS, read_highway},
    {"lstm", LW_SEQUENCE, lw_recurrent},
    {"gru", LW_SEQUENCE, lw_recurrent},
    {"simplernn", LW_SEQUENCE, lw_recurrent},
    {"conv1d", LW_SEQUENCE, lw_conv1d},
    {"embedding", LW_SEQUENCE, NULL},
};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static int find_architecture(Build *b, const At *layer)
{
    const char *names[ARCHITECTURES + 1] = {NULL}, *name;
    At at = at_key(layer, "architecture");
    if (!want_object(b->src, layer) || !want_string(b->src, &at, &name))
        return -1;
    for (int i = 0; i < ARCHITECTURES; i++) {
        names[i] = architectures[i].name;
        if (strcmp(name, names[i]) == 0 && architectures[i].read)
            return i;
        if (strcmp(name, names[i]) == 0) {
            error_at(b->src, &at, "%s is not supported", name);
            return -1;
        }
    }
    const char *guess = nearest(name, names);
    error_at(b->src, &at, "unknown architecture %s%s%s%s",
             at_describe(b->g->arena, &at), guess ? " (did you mean \"" : "",
             guess ? guess : "", guess ? "\"?)" : "");
    return -1;
}

bool lw_kind(Build *b, const At *layer, LwKind *kind)
{
    int i = find_architecture(b, layer);
    if (i >= 0)
        *kind = architectures[i].kind;
    return i >= 0;
}

bool lw_read(LwLayer *l, LwKind kind)
{
    At at = at_key(l->at, "architecture");
    int i = find_architecture(l->b, l->at);
    if (i < 0)
        return false;
    if (architectures[i].kind == kind)
        return architectures[i].read(l);
    error_at(l->b->src, &at,
             kind == LW_ROWS ? "%s needs a node of type \"sequence\""
                             : "%s needs a node of type \"feed_forward\" or "
                               "\"time_distributed\"",
             architectures[i].name);
    return false;
}
