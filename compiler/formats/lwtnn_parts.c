/* formats/lwtnn_parts.c -- what lwtnn's layers are made of: activations, flat
 * tensors; and the layers that walk a sequence. */

#include "lwtnn.h"

#include <math.h>
#include <string.h>

/* ---- Activations --------------------------------------------------------- */

static const struct {
    const char *name, *activation, *key, *value;
    bool parameter; /* it takes an alpha... */
    double alpha;   /* ...which is this where only the name is given */
} functions[] = {
    {"linear", "linear", NULL, NULL, false, NAN},
    {"sigmoid", "sigmoid", NULL, NULL, false, NAN},
    {"rectified", "relu", NULL, NULL, false, NAN},
    {"softmax", "softmax", NULL, NULL, false, NAN},
    {"tanh", "tanh", NULL, NULL, false, NAN},
    {"hard_sigmoid", "hard_sigmoid", "slope", "keras2", false, NAN},
    {"elu", "elu", NULL, NULL, true, 1},
    {"leakyrelu", "leaky_relu", NULL, NULL, true, NAN},
    {"swish", "swish", NULL, NULL, true, NAN},
    {"abs", "leaky_relu", NULL, NULL, false, -1}, /* slope -1 */
    {"sigmoid_legacy", "sigmoid", NULL, NULL, false, NAN},
    {"hard_sigmoid_legacy", "hard_sigmoid", "slope", "keras2", false, NAN},
    {"tanh_legacy", "tanh", NULL, NULL, false, NAN},
    {"rectified_legacy", "relu", NULL, NULL, false, NAN},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static int find_function(const LwLayer *l, const At *at, const char *name)
{
    const char *names[FUNCTIONS + 1] = {NULL};
    for (int i = 0; i < FUNCTIONS; i++) {
        names[i] = functions[i].name;
        if (strcmp(name, functions[i].name) == 0)
            return i;
    }
    const char *guess =
        strcmp(name, "relu") == 0 ? "rectified" : nearest(name, names);
    error_at(l->b->src, at, "unknown activation %s%s%s%s",
             at_describe(l->b->g->arena, at), guess ? " (did you mean \"" : "",
             guess ? guess : "", guess ? "\"?)" : "");
    return -1;
}

bool lw_function(const LwLayer *l, const char *key, LwFunction *out)
{
    static const char *const keys[] = {"function", "alpha", NULL};
    const Source *src = l->b->src;
    At at = at_key(l->at, key), alpha = at_key(&at, "alpha");
    At name_at = at_is_object(&at) ? at_key(&at, "function") : at;
    const char *name;
    if (!want_string(src, &name_at, &name) ||
        (at_is_object(&at) && !want_keys(src, &at, keys)))
        return false;
    int i = find_function(l, &name_at, name);
    if (i < 0)
        return false;
    *out = (LwFunction){.name = functions[i].activation,
                        .key = functions[i].key,
                        .value = functions[i].value,
                        .alpha = functions[i].alpha};
    if (at_is_object(&at) && functions[i].parameter &&
        !want_number(src, &alpha, &out->alpha))
        return false;
    if (functions[i].parameter && isnan(out->alpha)) {
        error_at(src, &at,
                 "%s has an alpha: expected {\"function\": \"%s\", \"alpha\": "
                 "...}",
                 name, name);
        return false;
    }
    out->scaled = strcmp(name, "swish") == 0 && out->alpha != 1;
    return true;
}

bool lw_activate(const LwLayer *l, Node *n, const char *attr, const char *key)
{
    LwFunction f;
    At at = at_key(l->at, key);
    if (!lw_function(l, key, &f))
        return false;
    if (!f.scaled) {
        build_activation(n, attr, f.name, f.key, f.value, f.alpha);
        return true;
    }
    error_at(l->b->src, &at,
             "swish with an alpha other than 1 is supported in dense layers");
    return false;
}

/* ---- Flat tensors -------------------------------------------------------- */

bool lw_flat(const LwLayer *l, const At *object, const char *key, Values *out)
{
    At at = at_key(object, key);
    *out = (Values){.data = NULL};
    if (!at.json)
        error_missing(l->b->src, &at);
    if (!at.json || !want_array(l->b->src, &at))
        return false;
    return json_size(at.json) == 0 ||
           build_read(l->b, &at, key, shape1(ANY), out);
}

bool lw_matrix(const LwLayer *l, const At *object, const char *key, int rows,
               int columns, Values *out)
{
    At at = at_key(object, key);
    if (!lw_flat(l, object, key, out))
        return false;
    int64_t size = out->data ? out->shape.dim[0] : 0;
    if (columns == ANY && rows > 0 && size % rows == 0)
        columns = (int)(size / rows);
    else if (rows == ANY && columns > 0 && size % columns == 0)
        rows = (int)(size / columns);
    if (size > 0 && (int64_t)rows * columns == size) {
        out->shape = shape2(rows, columns);
        return true;
    }
    const char *what =
        rows == ANY
            ? arena_printf(l->b->g->arena, "rows of %d inputs", columns)
            : arena_printf(l->b->g->arena, "%d rows of %d", rows, columns);
    error_at(l->b->src, &at, "expected %s, got %lld numbers", what,
             (long long)size);
    return false;
}

/* ---- lstm, gru, simplernn ------------------------------------------------ */

typedef struct Cell {
    const char *architecture, *op;
    const char *gates[5]; /* in our order */
} Cell;

static const Cell cells[] = {
    {"lstm", "LSTM", {"i", "f", "c", "o"}},
    {"gru", "GRU", {"z", "r", "h"}},
    {"simplernn", "SimpleRNN", {"h"}},
};

/* One gate below the others: [units, n] of each make [gates units, n]. */
static void append(Values *all, const Values *gate, int index)
{
    size_t size = (size_t)shape_size(&gate->shape);
    memcpy(all->data + (size_t)index * size, gate->data, size * sizeof(double));
    all->wide |= gate->wide;
}

typedef struct Gates {
    Values kernel, recurrent, bias;
    int units, count;
} Gates;

static bool read_gate(const LwLayer *l, const At *components, const char *name,
                      int index, Gates *g)
{
    static const char *const keys[] = {"weights", "U", "bias", NULL};
    Arena *a = l->b->g->arena;
    const At *at = at_keep(a, components);
    At gate_at = at_key(at, name), bias_at = at_key(&gate_at, "bias");
    Values kernel, recurrent, bias;
    if (!gate_at.json)
        error_missing(l->b->src, &gate_at);
    if (!gate_at.json || !want_object(l->b->src, &gate_at))
        return false;
    bool ok = want_keys(l->b->src, &gate_at, keys);
    if (!build_read(l->b, &bias_at, "bias", shape1(g->units ? g->units : ANY),
                    &bias))
        return false;
    int units = g->units = bias.shape.dim[0];
    ok &= lw_matrix(l, &gate_at, "weights", units, l->features, &kernel);
    ok &= lw_matrix(l, &gate_at, "U", units, units, &recurrent);
    if (!ok)
        return false;
    if (index == 0) {
        int rows = units * g->count;
        g->kernel = values_zeros(a, shape2(rows, kernel.shape.dim[1]));
        g->recurrent = values_zeros(a, shape2(rows, units));
        g->bias = values_zeros(a, shape1(rows));
    }
    if (kernel.shape.dim[1] != g->kernel.shape.dim[1])
        return false; /* features unknown, and reported */
    append(&g->kernel, &kernel, index);
    append(&g->recurrent, &recurrent, index);
    append(&g->bias, &bias, index);
    return true;
}

static bool read_gates(const LwLayer *l, const Cell *cell, Gates *g)
{
    At components = at_key(l->at, "components");
    const char *keys[5] = {NULL};
    while (g->count < 4 && cell->gates[g->count]) {
        keys[g->count] = cell->gates[g->count];
        g->count++;
    }
    if (!want_object(l->b->src, &components))
        return false;
    bool ok = want_keys(l->b->src, &components, keys);
    for (int i = 0; ok && i < g->count; i++)
        ok = read_gate(l, &components, cell->gates[i], i, g);
    return ok;
}

bool lw_recurrent(LwLayer *l)
{
    static const char *const keys[] = {"architecture", "components",
                                       "activation", "inner_activation", NULL};
    At kind = at_key(l->at, "architecture");
    const char *name = "";
    const Cell *cell = cells;
    Gates g = {.units = 0};
    want_string(l->b->src, &kind, &name);
    while (strcmp(cell->architecture, name) != 0)
        cell++;
    bool ok = want_keys(l->b->src, l->at, keys);
    if (!read_gates(l, cell, &g) || !ok)
        return false;
    Node *n = build_layer(l->b, cell->op, l->name, l->at);
    build_int(n, "units", g.units);
    build_bool(n, "return_sequences", l->sequences);
    build_weight(l->b, n, "kernel", l->at,
                 values_transpose(l->b->g->arena, g.kernel));
    build_weight(l->b, n, "recurrent_kernel", l->at,
                 values_transpose(l->b->g->arena, g.recurrent));
    build_weight(l->b, n, "bias", l->at, g.bias);
    if (strcmp(cell->op, "GRU") == 0) {
        build_bool(n, "reset_after", false);
        convention(l->b->g, "%s: gru, reset before the product", n->name);
    }
    l->features = g.units;
    ok = lw_activate(l, n, "activation", "activation");
    return strcmp(cell->op, "SimpleRNN") == 0
               ? ok
               : ok & lw_activate(l, n, "recurrent_activation",
                                  "inner_activation");
}

/* ---- conv1d -------------------------------------------------------------- */

/* lwtnn puts the odd zero of an even kernel in front, Keras behind: whether the
 * network was meant as lwtnn runs it, nobody can tell. */
static const char *read_padding(const LwLayer *l, int64_t span)
{
    At at = at_key(l->at, "padding");
    const char *word;
    if (!want_string(l->b->src, &at, &word))
        return NULL;
    bool same = strcmp(word, "same") == 0;
    if (!same && strcmp(word, "valid") != 0 && strcmp(word, "causal") != 0)
        error_at(l->b->src, &at,
                 "expected \"valid\", \"same\" or \"causal\", got %s",
                 at_describe(l->b->g->arena, &at));
    else if (same && span % 2)
        error_at(l->b->src, &at,
                 "padding \"same\" for a kernel over %lld timesteps, an even "
                 "number, means one thing in lwtnn and another in Keras",
                 (long long)span + 1);
    else
        return word;
    return NULL;
}

/* weights [filters][features][kernel_size] and bias */
static bool read_kernel(LwLayer *l, Values *weights, Values *bias)
{
    At at = at_key(l->at, "bias");
    if (!build_read(l->b, &at, "bias", shape1(ANY), bias) || l->features == ANY)
        return false;
    int64_t each = (int64_t)bias->shape.dim[0] * l->features;
    if (!lw_matrix(l, l->at, "weights", ANY,
                   each > MAX_DIM ? MAX_DIM : (int)each, weights))
        return false;
    *weights = values_reshape(*weights, shape3(bias->shape.dim[0], l->features,
                                               weights->shape.dim[0]));
    return true;
}

bool lw_conv1d(LwLayer *l)
{
    static const char *const keys[] = {
        "architecture", "weights",    "bias", "dilation_rate",
        "padding",      "activation", NULL};
    At dilation_at = at_key(l->at, "dilation_rate"),
       activation = at_key(l->at, "activation");
    int dilation = 1;
    Values weights, bias;
    LwFunction f = {.name = ""};
    bool ok = want_keys(l->b->src, l->at, keys);
    ok &= want_int(l->b->src, &dilation_at, 1, MAX_DIM, &dilation);
    ok &= lw_function(l, "activation", &f);
    if (!read_kernel(l, &weights, &bias) || !ok)
        return false;
    if (strcmp(f.name, "softmax") == 0) {
        error_at(l->b->src, &activation,
                 "lwtnn's softmax in a conv1d runs along the timesteps, which "
                 "is not supported");
        return false;
    }
    int size = weights.shape.dim[2];
    const char *padding = read_padding(l, (int64_t)(size - 1) * dilation);
    if (!padding)
        return false;
    Node *n = build_layer(l->b, "Conv1D", l->name, l->at);
    build_int(n, "filters", weights.shape.dim[0]);
    build_int(n, "kernel_size", size);
    build_int(n, "dilation_rate", dilation);
    build_choice(n, "padding", padding);
    build_weight(l->b, n, "kernel", l->at,
                 values_transpose(l->b->g->arena, weights));
    build_weight(l->b, n, "bias", l->at, bias);
    l->features = weights.shape.dim[0];
    return lw_activate(l, n, "activation", "activation");
}
