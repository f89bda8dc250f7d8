/* formats/keras_weights.c -- the arrays of a Keras layer.
 *
 * They stand with the layer: "weights": [kernel, ...] in the order of
 * get_weights(), or {"kernel": ...}; or "weights" and "biases" (acetone's).
 * Or they stand together: {"weights": {"lstm": [...]}}, by layer, or one list
 * for all, as model.get_weights() makes it. */

#include "keras.h"

#include <string.h>

static bool take(KerasLayer *l, const At *at, const char *name)
{
    Build *b = &l->k->b;
    if (l->count == KERAS_WEIGHTS) {
        error_at(b->src, at, "more weights than any layer has");
        return false;
    }
    l->weight_at[l->count] = at_keep(b->g->arena, at);
    l->weight_name[l->count] = name;
    Values *values = &l->weight[l->count++];
    return at_is_number(at) ? read_scalar(b->src, at, true, values)
                            : read_tensor(b->src, at, b->inputs, true, values);
}

static bool take_list(KerasLayer *l, const At *list)
{
    int index = 0;
    bool ok = true;
    for (const Json *item = json_first(list->json); ok && item;
         item = json_next(item), index++) {
        At at = at_item(list, item, index);
        ok = take(l, &at, NULL);
    }
    return ok;
}

/* By name: "kernel", "kernel:0", "lstm/lstm_cell/kernel:0". */
static bool take_object(KerasLayer *l, const At *object)
{
    bool ok = true;
    for (const Json *item = json_first(object->json); ok && item;
         item = json_next(item)) {
        At at = at_member(object, item);
        ok = take(l, &at, at.key);
    }
    return ok;
}

static bool take_all(KerasLayer *l, const At *at)
{
    if (at_is_object(at) && !at_key(at, "base64").json)
        return take_object(l, at);
    return want_array(l->k->b.src, at) && take_list(l, at);
}

/* acetone: the matrix alone, and the biases beside it. */
static bool take_pair(KerasLayer *l, const At *weights, const At *biases)
{
    return take(l, weights, "kernel") && take(l, biases, "bias");
}

/* By path for the whole model: "lstm/lstm_cell/kernel", "sub/dense/bias". */
static bool take_paths(KerasLayer *l)
{
    size_t length = strlen(l->name);
    bool ok = true;
    for (const Json *item = json_first(l->k->weights->json); ok && item;
         item = json_next(item)) {
        At at = at_member(l->k->weights, item);
        const char *name = at.key, *found = strstr(name, l->name);
        while (found &&
               !((found == name || found[-1] == '/') && found[length] == '/'))
            found = strstr(found + 1, l->name);
        if (found && !at_is_object(&at))
            ok = take(l, &at, at.key);
    }
    return ok;
}

bool keras_find_weights(KerasLayer *l)
{
    At own = at_key(l->at, "weights"), biases = at_key(l->at, "biases");
    if (l->read)
        return true;
    l->read = true;
    if (l->k->array)
        return keras_find_arrays(l);
    if (own.json && biases.json)
        return take_pair(l, at_keep(l->k->b.g->arena, &own), &biases);
    if (own.json && !at_is_null(&own))
        return take_all(l, at_keep(l->k->b.g->arena, &own));
    if (!l->k->weights || !at_is_object(l->k->weights))
        return true;
    own = at_key(l->k->weights, l->name);
    return own.json ? take_all(l, at_keep(l->k->b.g->arena, &own))
                    : take_paths(l);
}

/* ---- Models inside models ------------------------------------------------ */

KerasWeights keras_enter(KerasLayer *l)
{
    Keras *k = l->k;
    KerasWeights outer = {k->weights, k->taken, k->within};
    k->within = keras_within(l);
    At own = at_key(l->at, "weights");
    if (!own.json && k->weights)
        own = at_key(k->weights, l->name);
    if (own.json) {
        k->weights = at_keep(k->b.g->arena, &own);
        k->taken = 0;
    } else if (l->from < 0) {
        l->from = k->taken;
    } else {
        k->taken = l->from; /* called again: the same weights */
    }
    return outer;
}

bool keras_leave(KerasLayer *l, KerasWeights outer)
{
    Keras *k = l->k;
    bool ok = true;
    k->within = outer.within;
    if (k->weights != outer.weights) {
        ok = keras_all_taken(k);
        k->weights = outer.weights;
        k->taken = outer.taken;
    } else if (k->taken < outer.taken) {
        k->taken = outer.taken;
    }
    return ok;
}

bool keras_all_taken(const Keras *k)
{
    if (!k->weights || !at_is_array(k->weights) ||
        k->taken == json_size(k->weights->json))
        return true;
    error_at(k->b.src, k->weights, "%d arrays, but the layers have %d weights",
             json_size(k->weights->json), k->taken);
    return false;
}

/* ---- To a node ----------------------------------------------------------- */

/* The part of "lstm/lstm_cell/kernel:0" that says which array it is: the last,
 * or, of an attention layer's "query/kernel", the last two. */
static const char *short_name(Arena *a, const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *start = slash ? slash + 1 : name, *colon = strchr(start, ':');
    return colon ? arena_strndup(a, start, (size_t)(colon - start)) : start;
}

static bool is_named(Arena *a, const char *path, const char *weight)
{
    const char *last = short_name(a, path);
    size_t length = strlen(weight), tail = strlen(last);
    if (strcmp(last, weight) == 0)
        return true;
    const char *slash = strrchr(path, '/');
    if (!slash || length <= tail + 1 || weight[length - tail - 1] != '_' ||
        strcmp(weight + length - tail, last) != 0)
        return false;
    size_t before = length - tail - 1, room = (size_t)(slash - path);
    return room >= before && strncmp(slash - before, weight, before) == 0 &&
           (room == before || slash[-(ptrdiff_t)before - 1] == '/');
}

/* The weights that the file has to have, in Keras' order. */
static int wanted(const Node *n, const WeightSpec *out[MAX_WEIGHTS])
{
    int count = 0;
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (weight_needed(n, &n->op->weights[i]))
            out[count++] = &n->op->weights[i];
    return count;
}

static const char *list_names(Arena *a, const WeightSpec *const *specs,
                              int count)
{
    const char *text = "";
    for (int i = 0; i < count; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", specs[i]->name);
    return text;
}

static bool wrong_count(const KerasLayer *l, const Node *n,
                        const WeightSpec *const *specs, int count, int given)
{
    Arena *a = l->k->b.g->arena;
    At at = at_key(l->at, "weights");
    const At *where = at.json ? &at : l->at;
    if (given == 0 && !at.json)
        error_at(l->k->b.src, l->at, "the weights of %s are missing: %s",
                 printable(a, l->name), l->k->missing);
    else
        error_at(l->k->b.src, where, "%s has %d weight%s (%s), got %d",
                 n->op->name, count, count == 1 ? "" : "s",
                 count ? list_names(a, specs, count) : "none", given);
    return false;
}

static bool weigh_in_order(KerasLayer *l, Node *n, int first, int count)
{
    const WeightSpec *specs[MAX_WEIGHTS];
    int needed = wanted(n, specs);
    if (needed != count)
        return wrong_count(l, n, specs, needed, count);
    for (int i = 0; i < count; i++)
        build_weight(&l->k->b, n, specs[i]->name, l->weight_at[first + i],
                     l->weight[first + i]);
    return true;
}

/* The place of a name in Keras' order, or -1: "lstm/kernel:0", "lstm/0". Keras
 * 3 calls the depthwise_kernel of a layer that has no other "kernel". */
static int find_spec(Arena *a, const char *name, const WeightSpec *const *specs,
                     int count)
{
    int number = keras_number(name);
    bool plain = strcmp(short_name(a, name), "kernel") == 0;
    for (int i = 0; i < count; i++)
        if (is_named(a, name, specs[i]->name) || i == number)
            return i;
    for (int i = 0; plain && i < count; i++)
        if (strcmp(specs[i]->name, "depthwise_kernel") == 0 &&
            (count == i + 1 || strcmp(specs[i + 1]->name, "bias") == 0))
            return i;
    return -1;
}

/* Of arrays first..first + count; or, where one object has two layers' weights,
 * of those that are only "forward" or "backward". */
static bool weigh_by_name(KerasLayer *l, Node *n, int first, int count,
                          const char *only)
{
    Arena *a = l->k->b.g->arena;
    const WeightSpec *specs[MAX_WEIGHTS];
    int needed = wanted(n, specs), found = 0;
    bool ok = true;
    int last = only ? l->count : first + count;
    for (int i = only ? 0 : first; i < last; i++) {
        const char *name = l->weight_name[i];
        Values values = l->weight[i];
        if (only && !keras_way(name, only))
            continue;
        if (l->k->fit && !l->k->fit(l, n, i, &name, &values)) {
            ok = false;
            continue;
        }
        int k = find_spec(a, name, specs, needed);
        if (k < 0 || weight_of(n, specs[k]->name)->data) {
            error_at(l->k->b.src, l->weight_at[i],
                     k < 0 ? "%s has no weight \"%s\": it has %s"
                           : "%s got \"%s\" twice",
                     n->op->name, printable(a, short_name(a, name)),
                     list_names(a, specs, needed));
            ok = false;
            continue;
        }
        build_weight(&l->k->b, n, specs[k]->name, l->weight_at[i], values);
        found++;
    }
    return ok && (found == needed || wrong_count(l, n, specs, needed, found));
}

/* The next of one list for the whole model. */
static bool take_next(KerasLayer *l, int count)
{
    const At *all = l->k->weights;
    const Json *item = json_first(all->json);
    bool ok = true;
    for (int i = 0; item && i < l->k->taken; i++)
        item = json_next(item);
    for (int i = 0; ok && item && i < count; i++, item = json_next(item)) {
        At at = at_item(all, item, l->k->taken++);
        ok = take(l, &at, NULL);
    }
    return ok;
}

bool keras_weigh(KerasLayer *l, Node *n, int first, int count, const char *only)
{
    const WeightSpec *specs[MAX_WEIGHTS];
    if (l->count == first && l->k->weights && at_is_array(l->k->weights)) {
        if (!take_next(l, wanted(n, specs)))
            return false;
        count = l->count - first;
    }
    if (l->count && l->weight_name[0])
        return weigh_by_name(l, n, first, count, only);
    return weigh_in_order(l, n, first, count);
}
