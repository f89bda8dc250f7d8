/* formats/rnnc_v1.c -- rnnc's own model format, version 1.
 *
 * Described by compiler/rnnc-model.schema.json; names, shapes and orders are
 * Keras' own, so this reader translates nothing. It is generic over the op
 * table: attributes, weights and activations are read as the rows say. */

#include "../rnnc.h"
#include "fields.h"

#include <cjson/cJSON.h>
#include <string.h>

typedef struct V1 {
    Source *src;
    Graph *g;
    Inputs *inputs;
    Tensor **known; /* what layers may read, in order of appearance */
    int known_count;
    bool lost; /* a layer's name could not be read: others may mean it */
} V1;

/* ---- Layers -------------------------------------------------------------- */

static Tensor *find_tensor(const V1 *v, const char *name)
{
    for (int i = 0; i < v->known_count; i++)
        if (v->known[i]->name && strcmp(v->known[i]->name, name) == 0)
            return v->known[i];
    return NULL;
}

static void know(V1 *v, Tensor *t)
{
    v->known[v->known_count++] = t;
}

static const char *nearest_tensor(const V1 *v, const char *name)
{
    const char **names =
        arena_alloc(v->g->arena, (size_t)v->known_count + 1, sizeof *names);
    for (int i = 0; i < v->known_count; i++)
        names[i] = v->known[i]->name;
    return nearest(name, names);
}

/* The tensor a name in the file means; reports an unknown one. */
static Tensor *want_tensor(const V1 *v, const At *at)
{
    const char *name;
    if (!want_string(v->src, at, &name))
        return NULL;
    Tensor *t = find_tensor(v, name);
    if (t)
        return t;
    if (v->lost)
        return NULL;
    const char *guess = nearest_tensor(v, name);
    error_at(v->src, at, "no input or earlier layer has the name %s%s%s%s",
             at_describe(v->src->arena, at), guess ? " (did you mean \"" : "",
             guess ? printable(v->g->arena, guess) : "", guess ? "\"?)" : "");
    return NULL;
}

/* A name for a tensor that no other has. */
static bool read_name(const V1 *v, const At *at, const char **name)
{
    if (!want_string(v->src, at, name))
        return false;
    if (**name == '\0' || find_tensor(v, *name)) {
        error_at(v->src, at,
                 **name ? "the name %s is taken" : "expected a name, got %s",
                 at_describe(v->src->arena, at));
        return false;
    }
    return true;
}

static bool set_inputs(const V1 *v, Node *n, int count)
{
    if (count < n->op->min_inputs || count > n->op->max_inputs) {
        At at = at_key(&n->at, "inputs");
        error_at(
            v->src, at.json ? &at : &n->at,
            n->op->max_inputs == 1      ? "%s takes %d input, got %d"
            : count < n->op->min_inputs ? "%s takes at least %d inputs, got %d"
                                        : "%s takes at most %d inputs, got %d",
            n->op->name,
            count < n->op->min_inputs ? n->op->min_inputs : n->op->max_inputs,
            count);
        return false;
    }
    n->inputs = count;
    n->in = arena_alloc(v->g->arena, (size_t)count, sizeof *n->in);
    return true;
}

/* Without "inputs": the layer before, or the model's only input. */
static bool default_input(const V1 *v, Node *n)
{
    if (n == v->g->first && v->g->inputs != 1) {
        error_at(v->src, &n->at,
                 "\"inputs\" is missing: the model has %d inputs",
                 v->g->inputs);
        return false;
    }
    if (!set_inputs(v, n, 1))
        return false;
    n->in[0] = v->known[v->known_count - 1];
    return true;
}

static bool read_inputs(const V1 *v, Node *n)
{
    At at = at_key(&n->at, "inputs");
    if (!at.json)
        return default_input(v, n);
    if (!want_array(v->src, &at) || !set_inputs(v, n, json_size(at.json)))
        return false;
    int i = 0;
    bool ok = true;
    for (const Json *item = json_first(at.json); item;
         item = json_next(item), i++) {
        At element = at_item(&at, item, i);
        n->in[i] = want_tensor(v, &element);
        ok &= n->in[i] != NULL;
    }
    return ok;
}

static bool check_layer_keys(const V1 *v, const At *layer, const Op *op)
{
    const char *keys[MAX_ATTRS + 5] = {"type", "name", "inputs"};
    int count = 3;
    if (op->weights[0].name)
        keys[count++] = "weights";
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        keys[count++] = op->attrs[i].name;
    keys[count] = NULL;
    return want_keys(v->src, layer, keys);
}

static const Op *read_type(const V1 *v, const At *layer)
{
    const char *type;
    At at = at_key(layer, "type");
    if (!want_string(v->src, &at, &type))
        return NULL;
    const Op *op = op_find(type);
    if (op)
        return op;
    const char *guess = nearest(type, op_names());
    error_at(v->src, &at, "unknown layer type %s (%s%s%s)",
             at_describe(v->src->arena, &at),
             guess ? "did you mean \"" : "--list-layers names all there are",
             guess ? guess : "", guess ? "\"?" : "");
    return NULL;
}

/* Reads one element of "layers" and appends it. Reports every problem of the
 * layer; its name is known afterwards even so, to spare the layers behind. */
static bool read_layer(V1 *v, const At *layer)
{
    v->lost |= !at_is_object(layer);
    if (!want_object(v->src, layer))
        return false;
    const Op *op = read_type(v, layer);
    At name_at = at_key(layer, "name");
    const char *name = NULL;
    bool ok = !name_at.json || read_name(v, &name_at, &name);
    if (!op) {
        Tensor *unknown = graph_tensor(v->g, name ? name : "");
        know(v, unknown);
        return false;
    }
    Node *n = graph_append(v->g, op);
    n->at = *layer;
    n->name = name ? name : arena_printf(v->g->arena, "layer_%d", v->g->nodes);
    n->out->name = n->name;
    ok &= check_layer_keys(v, layer, op);
    bool whole = read_inputs(v, n);
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        whole &= read_attr(v->src, &n->at, &op->attrs[i], &n->attr[i]);
    n->broken = !whole;
    if (whole)
        ok &= read_weights(v->src, &n->at, v->inputs, n);
    know(v, n->out);
    return ok && whole;
}

static bool read_layers(V1 *v, const At *root)
{
    At *at = at_keep(v->g->arena, root);
    at = at_keep(v->g->arena,
                 &(At){at_key(root, "layers").json, at, "layers", 0});
    v->lost = !at_is_array(at);
    if (!want_array(v->src, at))
        return false;
    int count = json_size(at->json), i = 0;
    if (count < 1 || count > MAX_LAYERS) {
        v->lost = true;
        error_at(v->src, at, "expected 1 to %d layers, got %d", MAX_LAYERS,
                 count);
        return false;
    }
    bool ok = true;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At layer = at_item(at, item, i++);
        ok &= read_layer(v, &layer);
    }
    return ok;
}

/* ---- Inputs and outputs -------------------------------------------------- */

static bool read_input_shape(const V1 *v, const At *at, Shape *out)
{
    if (!want_array(v->src, at))
        return false;
    int count = json_size(at->json), i = 0;
    bool ok = true;
    if (count < 1 || count > MAX_RANK) {
        error_at(v->src, at, "expected 1 to %d dimensions, got %d", MAX_RANK,
                 count);
        return false;
    }
    for (const Json *item = json_first(at->json); item;
         item = json_next(item), i++) {
        At element = at_item(at, item, i);
        bool open = i == 0 && count > 1 && at_is_null(&element);
        if (open)
            out->dim[i] = ANY;
        else
            ok &= want_int(v->src, &element, 1, MAX_DIM, &out->dim[i]);
    }
    out->rank = count;
    if (ok && shape_size(out) > MAX_ELEMENTS) {
        error_at(v->src, at, "expected at most %lld elements",
                 (long long)MAX_ELEMENTS);
        return false;
    }
    return ok;
}

static bool read_input(V1 *v, const At *at)
{
    static const char *const keys[] = {"name", "shape", NULL};
    const char *name = "";
    if (!want_object(v->src, at))
        return false;
    At name_at = at_key(at, "name"), shape_at = at_key(at, "shape");
    bool ok = want_keys(v->src, at, keys);
    ok &= read_name(v, &name_at, &name);
    Tensor *t = graph_tensor(v->g, name);
    if (!read_input_shape(v, &shape_at, &t->shape)) {
        t->shape.rank = 0; /* unknown to what follows */
        ok = false;
    }
    v->g->input_at[v->g->inputs] = *at;
    v->g->input[v->g->inputs++] = t;
    know(v, t);
    return ok;
}

static bool read_output(V1 *v, const At *at)
{
    Tensor *t = want_tensor(v, at);
    v->g->output_at[v->g->outputs] = *at;
    v->g->output[v->g->outputs++] = t;
    for (int i = 0; t && i < v->g->outputs - 1; i++)
        if (v->g->output[i] == t) {
            error_at(v->src, at, "%s is an output already",
                     at_describe(v->src->arena, at));
            return false;
        }
    return t != NULL;
}

static bool read_each_port(V1 *v, const At *root, const char *key,
                           bool (*read)(V1 *v, const At *at))
{
    At *at = at_keep(v->g->arena, root);
    at = at_keep(v->g->arena, &(At){at_key(root, key).json, at, key, 0});
    if (!want_array(v->src, at))
        return false;
    int count = json_size(at->json), i = 0;
    if (count < 1 || count > MAX_PORTS) {
        error_at(v->src, at, "expected 1 to %d %s, got %d", MAX_PORTS, key,
                 count);
        return false;
    }
    bool ok = true;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At element = at_item(at, item, i++);
        ok &= read(v, &element);
    }
    return ok;
}

/* ---- The file ------------------------------------------------------------ */

static bool probe(const At *root)
{
    At format = at_key(root, "format");
    return at_is_string(&format) &&
           strcmp(format.json->valuestring, "rnnc") == 0;
}

static bool read_head(const V1 *v, const At *root)
{
    static const char *const keys[] = {"format", "version", "name",    "inputs",
                                       "layers", "outputs", "samples", NULL};
    At version_at = at_key(root, "version"), name_at = at_key(root, "name");
    int version = 0;
    bool ok = want_keys(v->src, root, keys);
    if (!want_int(v->src, &version_at, 1, MAX_DIM, &version))
        ok = false;
    else if (version != 1) {
        error_at(v->src, &version_at,
                 "this rnnc reads version 1 of the format, got %d", version);
        ok = false;
    }
    if (name_at.json)
        ok &= want_string(v->src, &name_at, &v->g->name);
    return ok;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    V1 v = {.src = src, .g = g, .inputs = inputs};
    v.known =
        arena_alloc(g->arena, MAX_LAYERS + MAX_PORTS + 1, sizeof *v.known);
    At samples = at_key(root, "samples");
    bool ok = read_head(&v, root);
    ok &= read_each_port(&v, root, "inputs", read_input);
    if (g->inputs == 0)
        return false; /* nothing for the layers to read from */
    ok &= read_layers(&v, root);
    ok &= read_each_port(&v, root, "outputs", read_output);
    if (ok && samples.json)
        ok = read_samples(src, &samples, g, inputs);
    return ok;
}

const Format format_rnnc_v1 = {
    .name = "rnnc",
    .doc = "rnnc's own format, version 1 (rnnc-model.schema.json)",
    .probe = probe,
    .read = read,
};
