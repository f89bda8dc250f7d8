/* formats/keras_arrays.c -- arrays that a format names for the whole model, and
 * the layers that they belong to:
 *
 *   TensorFlow.js        "lstm/kernel", "both/forward_lstm/lstm_cell/kernel"
 *   the same of Keras 3  "lstm_1/cell/0": the second LSTM, its first weight
 *   frugally-deep        "outer_lstm/bias", of layer lstm in model outer */

#include "keras.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- Names --------------------------------------------------------------- */

/* Keras 3: "BatchNormalization" -> "batch_normalization", "LSTM" -> "lstm",
 * "PReLU" -> "p_re_lu", "Conv1D" -> "conv1d". */
static const char *snake_case(Arena *a, const char *class)
{
    char *out = arena_alloc(a, 2 * strlen(class) + 1, 1);
    size_t length = 0;
    for (const char *p = class; *p; p++) {
        bool word =
            isupper((unsigned char)*p) && p > class &&
            (islower((unsigned char)p[1]) || islower((unsigned char)p[-1]));
        if (word)
            out[length++] = '_';
        out[length++] = (char)tolower((unsigned char)*p);
    }
    return out;
}

/* How many layers of the same class stand before it in its model. */
static int count_before(const KerasLayer *l)
{
    int count = 0, index = 0;
    const At *list = l->at->parent;
    const Json *item = list ? json_first(list->json) : NULL;
    for (; item && item != l->at->json; item = json_next(item)) {
        At layer = at_item(list, item, index++),
           type = at_key(&layer, "class_name");
        count +=
            at_is_string(&type) && strcmp(type.json->valuestring, l->type) == 0;
    }
    return count;
}

/* What the file calls the layer. */
static const char *own_name(const KerasLayer *l)
{
    Arena *a = l->k->b.g->arena;
    if (l->k->naming != KERAS_CLASSES)
        return l->name;
    const char *class = snake_case(a, l->type);
    int before = count_before(l);
    return before ? arena_printf(a, "%s_%d", class, before) : class;
}

const char *keras_within(const KerasLayer *l)
{
    const Keras *k = l->k;
    return arena_printf(k->b.g->arena, "%s%s%c", k->within ? k->within : "",
                        own_name(l), k->naming == KERAS_PREFIXED ? '_' : '/');
}

bool keras_way(const char *path, const char *part)
{
    const char *last = NULL;
    for (const char *p = path; p; p = strchr(p, '/')) {
        p += *p == '/';
        if (strncmp(p, "forward", 7) == 0 || strncmp(p, "backward", 8) == 0)
            last = p;
    }
    return last && strncmp(last, part, strlen(part)) == 0;
}

int keras_number(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *digits = slash ? slash + 1 : name;
    size_t length = strspn(digits, "0123456789");
    return length && length < 4 && !digits[length] ? atoi(digits) : -1;
}

/* ---- Arrays -------------------------------------------------------------- */

static bool starts_with(const char *name, const char *path)
{
    size_t length = strlen(path);
    return strncmp(name, path, length) == 0 && name[length] == '/';
}

/* Anywhere: "model/lstm/kernel". */
static bool has_part(const char *name, const char *part)
{
    while (name && !starts_with(name, part)) {
        name = strchr(name, '/');
        name += name != NULL;
    }
    return name != NULL;
}

static bool take_array(KerasLayer *l, KerasArray *array)
{
    if (l->count == 2 * MAX_WEIGHTS) {
        error_at(l->k->b.src, array->at, "more weights than any layer has");
        return false;
    }
    array->taken = true;
    l->weight_at[l->count] = array->at;
    l->weight_name[l->count] = array->name;
    l->weight[l->count++] = array->values;
    return true;
}

static bool take_matching(KerasLayer *l, const char *path,
                          bool (*matches)(const char *name, const char *path))
{
    bool ok = true;
    for (int i = 0; ok && i < l->k->arrays; i++)
        if (matches(l->k->array[i].name, path))
            ok = take_array(l, &l->k->array[i]);
    return ok;
}

/* Paths are not all written alike: the nearest that some array has. */
bool keras_find_arrays(KerasLayer *l)
{
    const Keras *k = l->k;
    const char *name = own_name(l);
    const char *path =
        arena_printf(k->b.g->arena, "%s%s", k->within ? k->within : "", name);
    bool ok = take_matching(l, path, starts_with);
    if (k->naming != KERAS_PATHS)
        return ok;
    if (ok && !l->count)
        ok = take_matching(l, name, starts_with);
    if (ok && !l->count)
        ok = take_matching(l, name, has_part);
    return ok;
}

bool keras_arrays_taken(const Keras *k)
{
    bool ok = true;
    for (int i = 0; i < k->arrays; i++)
        if (!k->array[i].taken) {
            error_at(k->b.src, k->array[i].at, "no layer takes \"%s\"",
                     printable(k->b.g->arena, k->array[i].name));
            ok = false;
        }
    return ok;
}
