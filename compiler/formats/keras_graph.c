/* formats/keras_graph.c -- Functional models: layers called on the results of
 * other layers' calls.
 *
 *   Keras 2: "inbound_nodes": [[["src", node, tensor, {...}], ...], ...]
 *   Keras 3: "inbound_nodes": [{"args": [...], "kwargs": {...}}, ...], where
 *            {"config": {"keras_history": ["src", node, tensor]}} is a tensor
 *
 * One entry for each call. Calls stand in no order that could be relied on, so
 * they are made as their inputs become known, in the file's order otherwise. */

#include "keras_graph.h"

#include <cjson/cJSON.h>

#include <string.h>

static void know(Model *m, const char *layer, int node, int index, Tensor *t)
{
    if (m->known_count == MAX_KNOWN)
        return; /* more than anything could read */
    m->known[m->known_count++] = (Known){layer, node, index, t};
}

/* ---- Calls --------------------------------------------------------------- */

/* In Keras 2 a model that begins with an InputLayer has been called once
 * already, where it was made; that call is not in the file. In TensorFlow.js
 * every model has. */
static int first_node(const KerasLayer *l, const At *call)
{
    if (l->k->counts_making)
        return keras_is_model(l);
    At layers = at_key(l->config, "layers");
    if (!keras_is_model(l) || !at_is_array(call) || !at_is_array(&layers))
        return 0;
    At first = at_item(&layers, json_first(layers.json), 0),
       type = at_key(&first, "class_name");
    return at_is_string(&type) &&
           strcmp(at_describe(l->k->b.g->arena, &type), "\"InputLayer\"") == 0;
}

/* keras.ops.concatenate and expand_dims, which Keras makes masks of, too. */
static bool joins_tensors(const Model *m, const KerasLayer *l, const Args *args)
{
    for (int i = 0; i < args->count; i++)
        if (keras_mask_of(m, args->in[i]))
            return false;
    return strcmp(l->type, "Concatenate") == 0 ||
           strcmp(l->type, "ExpandDims") == 0;
}

/* A layer, a model of its own, or an operation that Keras makes masks of. */
static int call(Model *m, KerasLayer *l, const At *at, const char *name,
                Args *args, Tensor **out)
{
    if (keras_is_operation(l) && !joins_tensors(m, l, args)) {
        out[0] = keras_mask_call(m, l, args);
        return out[0] != NULL;
    }
    if (args->number_at.json) {
        error_at(m->k->b.src, &args->number_at,
                 "expected a tensor of the model, got %s",
                 at_describe(m->k->b.g->arena, &args->number_at));
        return 0;
    }
    if (!keras_mask_read(m, at, args, &l->mask))
        return 0;
    return keras_is_model(l)
               ? keras_call_model(l, name, args->in, args->count, out)
               : keras_call(l, name, args->in, args->count, out);
}

/* False after messages; a call whose inputs are not known yet stays undone. */
static bool make_call(Model *m, Call *to)
{
    Tensor *out[MAX_PORTS];
    KerasLayer *l = &m->layer[to->layer];
    Arena *a = m->k->b.g->arena;
    Args args;
    if (!keras_read_call(m, l, &to->at, &args))
        return false;
    if (args.waiting)
        return true;
    to->done = true;
    if (args.count == 0) {
        error_at(m->k->b.src, &to->at, "a call without inputs");
        return false;
    }
    const char *name = arena_printf(a, "%s%s", m->prefix, l->name);
    if (to->node)
        name = arena_printf(a, "%s_%d", name, to->node + 1);
    if (!keras_is_operation(l) && !keras_make_constants(m, l, name, &args))
        return false;
    int count = call(m, l, &to->at, name, &args, out);
    for (int i = 0; i < count; i++)
        know(m, l->name, to->node + first_node(l, &to->at), i, out[i]);
    return count > 0;
}

/* Round after round, until a round finds nothing to do. */
static bool make_calls(Model *m)
{
    bool ok = true, progress = true;
    for (int round = 0; ok && progress && round < MAX_ROUNDS; round++) {
        progress = false;
        for (int i = 0; ok && i < m->calls; i++) {
            if (m->call[i].done)
                continue;
            ok = make_call(m, &m->call[i]);
            progress |= m->call[i].done;
        }
    }
    for (int i = 0; ok && i < m->calls; i++)
        if (!m->call[i].done) {
            error_at(m->k->b.src, &m->call[i].at,
                     "no layer makes what this call reads");
            return false;
        }
    return ok;
}

/* ---- Layers, inputs, outputs --------------------------------------------- */

static bool open_calls(Model *m, int index)
{
    KerasLayer *l = &m->layer[index];
    At inbound = at_key(l->at, "inbound_nodes");
    const At *parent = at_keep(m->k->b.g->arena, &inbound);
    int node = 0;
    if (keras_is_input(l))
        return true;
    if (!want_array(m->k->b.src, parent))
        return false;
    for (const Json *item = json_first(parent->json); item;
         item = json_next(item)) {
        if (m->calls == MAX_LAYERS) {
            error_at(m->k->b.src, parent, "more than %d calls", MAX_LAYERS);
            return false;
        }
        m->call[m->calls++] =
            (Call){index, node, at_item(parent, item, node), false};
        node++;
    }
    return true;
}

static bool open_layers(Model *m, const At *config)
{
    At at = at_key(config, "layers");
    const At *layers = at_keep(m->k->b.g->arena, &at);
    Arena *a = m->k->b.g->arena;
    bool ok = true;
    if (!want_array(m->k->b.src, layers))
        return false;
    int count = json_size(layers->json);
    if (count > MAX_LAYERS) {
        error_at(m->k->b.src, layers, "expected at most %d layers", MAX_LAYERS);
        return false;
    }
    m->layer = arena_alloc(a, (size_t)count + 1, sizeof *m->layer);
    m->call = arena_alloc(a, MAX_LAYERS, sizeof *m->call);
    m->mask = arena_alloc(a, MAX_LAYERS, sizeof *m->mask);
    m->known = arena_alloc(a, MAX_KNOWN, sizeof *m->known);
    for (const Json *item = json_first(layers->json); item;
         item = json_next(item), m->layers++) {
        At layer = at_item(layers, item, m->layers);
        ok &= keras_open(m->k, &layer, &m->layer[m->layers]) &&
              open_calls(m, m->layers);
    }
    At outputs = at_key(config, "output_layers");
    for (int i = 0; i < m->layers; i++)
        m->layer[i].more_unread =
            m->layer[i].name && !keras_reads_states(layers, m->layer[i].name) &&
            !keras_reads_states(&outputs, m->layer[i].name);
    return ok;
}

static KerasLayer *find_layer(Model *m, const char *name)
{
    for (int i = 0; i < m->layers; i++)
        if (m->layer[i].name && strcmp(m->layer[i].name, name) == 0)
            return &m->layer[i];
    return NULL;
}

/* ["x", 0, 0] is one reference, [["x", 0, 0], ...] are several. */
static int list_refs(const Model *m, const At *at, At *refs)
{
    int count = 0;
    if (!want_array(m->k->b.src, at))
        return 0;
    At first = at_item(at, json_first(at->json), 0);
    if (at_is_string(&first)) {
        refs[0] = *at;
        return 1;
    }
    for (const Json *item = json_first(at->json); item && count < MAX_PORTS;
         item = json_next(item), count++)
        refs[count] = at_item(at, item, count);
    if (count == 0 || json_size(at->json) > MAX_PORTS)
        error_at(m->k->b.src, at, "expected 1 to %d tensors, got %d", MAX_PORTS,
                 json_size(at->json));
    return json_size(at->json) > MAX_PORTS ? 0 : count;
}

/* The model's own inputs, or what it is called on. */
static bool set_input(Model *m, const At *ref, Tensor *given)
{
    At name_at = at_item(ref, json_first(ref->json), 0);
    const char *name;
    bool batch = true;
    Shape shape;
    if (!want_string(m->k->b.src, &name_at, &name))
        return false;
    KerasLayer *l = find_layer(m, name);
    if (!l) {
        error_at(m->k->b.src, &name_at, "no layer has the name \"%s\"",
                 printable(m->k->b.g->arena, name));
        return false;
    }
    if (!given) {
        At at = keras_input_shape(l->at, l->config, &batch);
        if (!at.json) {
            error_at(m->k->b.src, l->at, "the input's shape is missing");
            return false;
        }
        if (!keras_shape(m->k, &at, batch, &shape))
            return false;
        given = build_input(&m->k->b, l->name, &at, shape);
    }
    know(m, l->name, 0, 0, given);
    return true;
}

static bool set_inputs(Model *m, const At *config, Tensor *const *in,
                       int inputs)
{
    At at = at_key(config, "input_layers"), refs[MAX_PORTS];
    int count = list_refs(m, at_keep(m->k->b.g->arena, &at), refs);
    bool ok = count > 0;
    if (ok && in && inputs != count) {
        error_at(m->k->b.src, &at, "a model of %d inputs called on %d", count,
                 inputs);
        return false;
    }
    for (int i = 0; ok && i < count; i++)
        ok = set_input(m, &refs[i], in ? in[i] : NULL);
    return ok;
}

/* Keras 3 counts the making of a Functional model as a call where outputs are
 * listed, though not in inbound_nodes. */
static int first_output(Model *m, const At *ref)
{
    At name = at_item(ref, json_first(ref->json), 0);
    const KerasLayer *l =
        at_is_string(&name) ? find_layer(m, name.json->valuestring) : NULL;
    if (!l || strcmp(l->type, "Functional") != 0)
        return 0;
    At calls = at_key(l->at, "inbound_nodes"),
       call = at_item(&calls, json_first(calls.json), 0);
    return at_is_object(&call);
}

static int find_outputs(Model *m, const At *config, Tensor **out)
{
    At at = at_key(config, "output_layers"), refs[MAX_PORTS];
    int count = list_refs(m, at_keep(m->k->b.g->arena, &at), refs);
    for (int i = 0; i < count; i++) {
        int first = first_output(m, &refs[i]);
        if (!keras_find_tensor(m, &refs[i], first, &out[i]))
            return 0;
        if (out[i])
            continue;
        error_at(m->k->b.src, &refs[i], "no layer makes this output");
        return 0;
    }
    return count;
}

int keras_functional(Keras *k, const At *config, const char *prefix,
                     Tensor *const *in, int inputs, Tensor **out)
{
    Model m = {.k = k, .prefix = prefix};
    if (!open_layers(&m, config) || !set_inputs(&m, config, in, inputs) ||
        !make_calls(&m))
        return 0;
    return find_outputs(&m, config, out);
}
