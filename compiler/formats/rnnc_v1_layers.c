/* formats/rnnc_v1_layers.c -- the "layers" of rnnc's own format: attributes and
 * weights as the op rows ask, wrappers with whole layers inside. */

#include "rnnc_v1.h"

#include <string.h>

#include "fields.h"

static Tensor *find_tensor(const V1 *v, const char *name)
{
    for (int i = 0; i < v->known_count; i++)
        if (v->known[i]->name && strcmp(v->known[i]->name, name) == 0)
            return v->known[i];
    return NULL;
}

void v1_know(V1 *v, Tensor *t)
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
Tensor *v1_tensor(const V1 *v, const At *at)
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
bool v1_name(const V1 *v, const At *at, const char **name)
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
    if (v->known_count == v->g->inputs && v->g->inputs != 1) {
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
    if (!at.json && n->op->max_inputs == 0)
        return set_inputs(v, n, 0);
    if (!at.json)
        return default_input(v, n);
    if (!want_array(v->src, &at) || !set_inputs(v, n, json_size(at.json)))
        return false;
    int i = 0;
    bool ok = true;
    for (const Json *item = json_first(at.json); item;
         item = json_next(item), i++) {
        At element = at_item(&at, item, i);
        n->in[i] = v1_tensor(v, &element);
        ok &= n->in[i] != NULL;
    }
    return ok;
}

/* A layer inside a wrapper has the wrapper's inputs. */
static bool check_layer_keys(const V1 *v, const At *layer, const Op *op,
                             bool inside)
{
    const char *keys[MAX_ATTRS + MAX_INNER + 5] = {"type", "name", "inputs"};
    int count = inside ? 2 : 3;
    if (op->weights[0].name)
        keys[count++] = "weights";
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        if (!op->attrs[i].derived)
            keys[count++] = op->attrs[i].name;
    for (int i = 0; i < MAX_INNER && op->inner[i]; i++)
        keys[count++] = op->inner[i];
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

static bool read_attrs(const V1 *v, Node *n)
{
    bool ok = true;
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        ok &= read_attr(v->src, &n->at, &n->op->attrs[i], &n->attr[i]);
    return ok;
}

static Node *read_inner(V1 *v, const Node *wrapper, const char *key);

/* A wrapper inside one of its kind. */
static Node *read_nested(V1 *v, const Node *wrapper, const Node *w)
{
    if (w->op != wrapper->op || !w->op->nests) {
        error_at(v->src, &w->at, "%s inside %s is not supported", w->op->name,
                 wrapper->op->name);
        return NULL;
    }
    bool ok = check_layer_keys(v, &w->at, w->op, true);
    Node *inner = read_inner(v, w, w->op->inner[0]);
    if (inner)
        w->op->lower(v->src, v->g, w, &inner);
    return ok ? inner : NULL;
}

/* A layer inside a wrapper: it reads what the wrapper does. */
static Node *read_inner(V1 *v, const Node *wrapper, const char *key)
{
    At *at = at_keep(v->g->arena, &wrapper->at);
    at = at_keep(v->g->arena, &(At){at_key(at, key).json, at, key, 0});
    if (!want_object(v->src, at))
        return NULL;
    const Op *op = read_type(v, at);
    if (!op)
        return NULL;
    if (op->inner[0]) {
        Node *w = arena_alloc(v->g->arena, 1, sizeof *w);
        *w = (Node){.op = op,
                    .at = *at,
                    .name = wrapper->name,
                    .in = wrapper->in,
                    .inputs = wrapper->inputs};
        return read_nested(v, wrapper, w);
    }
    Node *n = graph_append(v->g, op);
    n->at = *at;
    if (!set_inputs(v, n, wrapper->inputs))
        return NULL;
    n->in = wrapper->in;
    n->name = n->out->name =
        arena_printf(v->g->arena, "%s/%s", wrapper->name, key);
    bool ok = check_layer_keys(v, at, op, true);
    n->broken = !read_attrs(v, n);
    return !n->broken && read_weights(v->src, &n->at, v->inputs, n) && ok
               ? n
               : NULL;
}

/* The nodes of the layers inside, and what joins them. */
static bool read_wrapper(V1 *v, const At *layer, const Op *op, const char *name)
{
    Node *inner[MAX_INNER] = {NULL};
    Node *w = arena_alloc(v->g->arena, 1, sizeof *w);
    *w = (Node){.op = op, .at = *layer, .name = name};
    bool ok = check_layer_keys(v, layer, op, false) & read_inputs(v, w);
    ok &= read_attrs(v, w);
    for (int i = 0; ok && i < MAX_INNER && op->inner[i]; i++) {
        inner[i] = read_inner(v, w, op->inner[i]);
        ok &= inner[i] != NULL;
    }
    Tensor *out = ok ? op->lower(v->src, v->g, w, inner) : NULL;
    if (!out)
        out = graph_tensor(v->g, NULL);
    out->name = name;
    if (out->from)
        out->from->name = name;
    v1_know(v, out);
    return ok && out->from;
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
    bool ok = !name_at.json || v1_name(v, &name_at, &name);
    if (!op) {
        Tensor *unknown = graph_tensor(v->g, name ? name : "");
        v1_know(v, unknown);
        return false;
    }
    if (op->inner[0])
        return read_wrapper(v, layer, op,
                            name ? name
                                 : arena_printf(v->g->arena, "layer_%d",
                                                v->g->nodes + 1)) &&
               ok;
    Node *n = graph_append(v->g, op);
    n->at = *layer;
    n->name = name ? name : arena_printf(v->g->arena, "layer_%d", v->g->nodes);
    n->out->name = n->name;
    ok &= check_layer_keys(v, layer, op, false);
    bool whole = read_inputs(v, n);
    whole &= read_attrs(v, n);
    n->broken = !whole;
    if (whole)
        ok &= read_weights(v->src, &n->at, v->inputs, n);
    v1_know(v, n->out);
    return ok && whole;
}

bool v1_layers(V1 *v, const At *root)
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
