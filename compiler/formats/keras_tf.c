/* formats/keras_tf.c -- Keras 2: TensorFlow's functions among the layers.
 *
 *   {"class_name": "TFOpLambda", "config": {"function": "math.multiply"},
 *    "inbound_nodes": [["x", 0, 0, {"y": 2.0}]]}            x * 2
 *   [["_CONSTANT_VALUE", -1, 2.0, {"y": ["x", 0, 0]}]]      2 * x
 *   [[["x", 0, 0, {"axis": -1}], ["h", 0, 0, {...}]]]       of a list
 *
 * keras_functions.c says what each is here. */

#include "keras_graph.h"

#include <string.h>

/* ["x", 0, 0] */
static bool is_reference(const At *at)
{
    At first = at_item(at, at_is_array(at) ? json_first(at->json) : NULL, 0);
    return at_is_string(&first);
}

static bool add(const Model *m, const At *at, Args *args)
{
    if (is_reference(at))
        return keras_add_arg(m, at, args);
    if (args->count < MAX_CALL_INPUTS &&
        (at_is_number(at) || at_is_array(at))) {
        args->constant[args->count++] = *at_keep(m->k->b.g->arena, at);
        return true;
    }
    error_at(m->k->b.src, at, "expected a tensor, a number or an array, got %s",
             at_describe(m->k->b.g->arena, at));
    return false;
}

/* The other operand; the rest is what keras_read_function looks at. */
static bool read_keywords(const Model *m, KerasLayer *l, const At *kwargs,
                          Args *args)
{
    static const char *const others[] = {"y", "x", NULL};
    if (!want_object(m->k->b.src, kwargs))
        return false;
    l->options = at_keep(m->k->b.g->arena, kwargs);
    At spec = at_key(l->options, "slice_spec");
    l->spec = at_keep(m->k->b.g->arena, &spec);
    for (int i = 0; others[i]; i++) {
        At at = at_key(l->options, others[i]);
        if (at.json && !add(m, &at, args))
            return false;
    }
    return true;
}

/* ["x", 0, 0, {...}], or a constant in its place. */
static bool read_one(const Model *m, KerasLayer *l, const At *ref, Args *args)
{
    At part[4];
    int count = 0;
    for (const Json *j = json_first(ref->json); j && count < 4;
         j = json_next(j), count++)
        part[count] = at_item(ref, j, count);
    if (count < 4 || !at_is_string(&part[0])) {
        error_at(m->k->b.src, ref, "expected [layer, node, tensor, {...}]");
        return false;
    }
    bool constant = strcmp(at_describe(m->k->b.g->arena, &part[0]),
                           "\"_CONSTANT_VALUE\"") == 0;
    return (constant ? add(m, &part[2], args) : keras_add_arg(m, ref, args)) &&
           read_keywords(m, l, &part[3], args);
}

bool keras_read_tf(const Model *m, KerasLayer *l, const At *at, Args *args)
{
    const At *call = at_keep(m->k->b.g->arena, at);
    bool ok = true;
    int index = 0;
    if (!want_array(m->k->b.src, call))
        return false;
    if (is_reference(call))
        return read_one(m, l, call, args);
    for (const Json *item = json_first(call->json); ok && item;
         item = json_next(item)) {
        At ref = at_item(call, item, index++);
        ok = read_one(m, l, &ref, args);
    }
    return ok;
}
