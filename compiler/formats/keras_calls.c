/* formats/keras_calls.c -- inbound_nodes: what a call of a Functional model
 * reads, as Keras 2 and Keras 3 write it (see keras_graph.c). */

#include "keras_graph.h"

#include <cjson/cJSON.h>

#include <string.h>

/* ["src", node, tensor, {...}]; the result, or NULL: not known yet. Nodes are
 * counted from `first`. */
bool keras_find_tensor(const Model *m, const At *at, int first, Tensor **out)
{
    const Json *item = json_first(at->json);
    At name_at = at_item(at, item, 0);
    At node_at = at_item(at, item ? json_next(item) : NULL, 1);
    const Json *third = node_at.json ? json_next(node_at.json) : NULL;
    At index_at = at_item(at, third, 2);
    const Source *src = m->k->b.src;
    const char *name;
    int node, index;
    *out = NULL;
    if (!want_array(src, at) || !want_string(src, &name_at, &name) ||
        !want_int(src, &node_at, 0, MAX_LAYERS, &node) ||
        !want_int(src, &index_at, 0, MAX_LAYERS, &index))
        return false;
    for (int i = 0; i < m->known_count; i++)
        if (m->known[i].node == node - first && m->known[i].index == index &&
            strcmp(m->known[i].layer, name) == 0)
            *out = m->known[i].tensor;
    return true;
}

static bool read_args(const Model *m, const At *at, Args *args);

/* One tensor, or a list that begins with one: that of the sequence, before the
 * first states, which have none. */
static bool read_mask(const Model *m, const At *at, Args *args)
{
    const Json *item = at_is_array(at) ? json_first(at->json) : NULL;
    At first = at_is_array(at) ? at_item(at, item, 0) : *at;
    Args own = {.count = 0};
    if (at_is_string(&first)) { /* Keras 2: ["m", 0, 0] */
        first = *at;
        item = NULL;
    }
    for (int i = 1; item && (item = json_next(item)); i++) {
        At rest = at_item(at, item, i);
        if (!at_is_null(&rest)) {
            error_at(m->k->b.src, &rest, "expected one mask");
            return false;
        }
    }
    if (!read_args(m, &first, &own))
        return false;
    if (own.number_at.json || own.count > 1) {
        error_at(m->k->b.src, at, "expected one mask, got %s",
                 at_describe(m->k->b.g->arena, at));
        return false;
    }
    args->mask = own.count ? own.in[0] : NULL;
    args->waiting |= own.waiting;
    return true;
}

/* Keyword arguments that are inputs, in the order of the others. */
static const char *const tensors[] = {"query", "value", "key", "initial_state",
                                      NULL};

static bool is_true(const Model *m, const At *at)
{
    return at_is_bool(at) &&
           strcmp(at_describe(m->k->b.g->arena, at), "true") == 0;
}

/* use_causal_mask=True and the like: once, though Keras 2 says it with every
 * input. */
static void raise_flag(KerasLayer *l, const char *name)
{
    for (int i = 0; i < l->flags; i++)
        if (strcmp(l->flag[i], name) == 0)
            return;
    l->flag[l->flags++] = name;
}

/* Keyword arguments: inputs, attributes of this call, and what does nothing at
 * inference, or is not there. */
static bool read_kwargs(const Model *m, const At *kwargs, Args *args)
{
    bool ok = true;
    if (!kwargs->json || !at_is_object(kwargs))
        return true;
    for (int i = 0; tensors[i]; i++) {
        At at = at_key(kwargs, tensors[i]);
        ok &= !at.json || read_args(m, &at, args);
    }
    for (const Json *item = json_first(kwargs->json); item;
         item = json_next(item)) {
        At at = at_member(kwargs, item);
        if (is_true(m, &at) && keras_has_flag(args->layer->type, at.key)) {
            raise_flag(args->layer, at.key);
            continue;
        }
        if (strcmp(at.key, "mask") == 0 && !at_is_null(&at)) {
            ok &= read_mask(m, &at, args);
            continue;
        }
        if (strcmp(at.key, "training") == 0 || at_is_null(&at) ||
            keras_listed(tensors, at.key) ||
            (at_is_bool(&at) && !is_true(m, &at)))
            continue;
        error_at(m->k->b.src, &at, "rnnc does not support the argument \"%s\"",
                 printable(m->k->b.g->arena, at.key));
        ok = false;
    }
    return ok;
}

bool keras_add_arg(const Model *m, const At *at, Args *args)
{
    Tensor *t;
    if (args->count == MAX_CALL_INPUTS) {
        error_at(m->k->b.src, at, "more than %d inputs", MAX_CALL_INPUTS);
        return false;
    }
    if (!keras_find_tensor(m, at, 0, &t))
        return false;
    args->waiting |= !t;
    args->in[args->count++] = t;
    return true;
}

/* Keras 3: tensors among the arguments, in lists or not. */
static bool read_args(const Model *m, const At *at, Args *args)
{
    bool ok = true;
    int index = 0;
    if (at_is_null(at))
        return true;
    At first = at_item(at, at_is_array(at) ? json_first(at->json) : NULL, 0);
    if (at_is_string(&first)) /* Keras 2: ["h", 0, 0] */
        return keras_add_arg(m, at, args);
    if (at_is_array(at)) {
        for (const Json *item = json_first(at->json); ok && item;
             item = json_next(item)) {
            At element = at_item(at, item, index++);
            ok = read_args(m, &element, args);
        }
        return ok;
    }
    At config = at_key(at, "config"),
       history = at_key(&config, "keras_history");
    At value;
    if (history.json)
        return keras_add_arg(m, &history, args);
    if (keras_is_constant(m, at, &value) && args->count < MAX_CALL_INPUTS) {
        args->constant[args->count++] = value;
        return true;
    }
    if (at_is_number(at) && !args->number_at.json) {
        args->number_at = *at_keep(m->k->b.g->arena, at);
        args->number_index = args->count;
        return want_number(m->k->b.src, at, &args->number);
    }
    error_at(m->k->b.src, at, "expected a tensor of the model, got %s",
             at_describe(m->k->b.g->arena, at));
    return false;
}

/* Keras 2: a list of references. */
static bool read_refs(const Model *m, const At *at, Args *args)
{
    int index = 0;
    bool ok = true;
    for (const Json *item = json_first(at->json); ok && item;
         item = json_next(item)) {
        At ref = at_item(at, item, index++), last = ref;
        int part = 0;
        for (const Json *j = json_first(ref.json); at_is_array(&ref) && j;
             j = json_next(j))
            last = at_item(&ref, j, part++);
        ok = keras_add_arg(m, &ref, args) && read_kwargs(m, &last, args);
    }
    return ok;
}

/* x[...]: the tensor, and what is taken of it. */
static bool read_item(const Model *m, KerasLayer *l, const At *at, Args *args)
{
    const Json *first = json_first(at->json);
    const At *call = at_keep(m->k->b.g->arena, at);
    At x = at_item(call, first, 0),
       spec = at_item(call, first ? json_next(first) : NULL, 1);
    l->spec = at_keep(m->k->b.g->arena, &spec);
    return read_args(m, &x, args);
}

bool keras_read_call(const Model *m, KerasLayer *l, const At *at, Args *args)
{
    *args = (Args){.layer = l};
    l->flags = 0;
    const char *tf = keras_tf_name(l);
    if (tf) {
        error_at(m->k->b.src, l->at, "rnnc has no operation tf.%s",
                 printable(m->k->b.g->arena, tf));
        return false;
    }
    if (l->of_tf)
        return keras_read_tf(m, l, at, args);
    if (at_is_array(at))
        return read_refs(m, at, args);
    static const char *const keys[] = {"args", "kwargs", NULL};
    At inner = at_key(at, "args"), kwargs = at_key(at, "kwargs");
    if (!want_object(m->k->b.src, at) || !want_keys(m->k->b.src, at, keys) ||
        !want_array(m->k->b.src, &inner))
        return false;
    if (keras_is_function(l, "GetItem"))
        return read_item(m, l, &inner, args);
    return read_args(m, &inner, args) && read_kwargs(m, &kwargs, args);
}

/* ["name", node, tensor > 0]? */
static bool is_state(const At *at, const char *name)
{
    const Json *item = json_first(at->json);
    if (!item || json_size(at->json) < 3)
        return false;
    At first = at_item(at, item, 0),
       third = at_item(at, json_next(json_next(item)), 2);
    return at_is_string(&first) && strcmp(first.json->valuestring, name) == 0 &&
           at_is_number(&third) && third.json->valuedouble > 0;
}

bool keras_reads_states(const At *at, const char *name)
{
    if (!at_is_array(at) && !at_is_object(at))
        return false;
    if (at_is_array(at) && is_state(at, name))
        return true;
    int index = 0;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At inner =
            at_is_array(at) ? at_item(at, item, index++) : at_member(at, item);
        if (keras_reads_states(&inner, name))
            return true;
    }
    return false;
}
