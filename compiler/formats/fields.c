/* formats/fields.c -- a layer's attributes and weights, as its op row asks.
 *
 * Generic over the rows: an attribute has a type there, and a default or none.
 * Activations are names, or objects where there is something to state. */

#include "fields.h"

#include <cjson/cJSON.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The row of an activation's name whose key has the value in the file. */
static const ActivationRow *pick_row(const Source *src, const At *at,
                                     const ActivationRow *row)
{
    At variant = at_is_object(at) ? at_key(at, row->key) : (At){.json = NULL};
    const char *name = row->name, *open = row->open, *value = NULL;
    for (; !variant.json && row->name && strcmp(row->name, name) == 0; row++)
        if (row->fallback)
            return row;
    if (!variant.json) {
        error_at(src, at, "%s", open);
        return NULL;
    }
    if (at_is_bool(&variant))
        value = cJSON_IsTrue(variant.json) ? "true" : "false";
    else if (at_is_string(&variant))
        value = variant.json->valuestring;
    const char *choices = "";
    for (; row->name && strcmp(row->name, name) == 0; row++) {
        bool boolean =
            strcmp(row->value, "true") == 0 || strcmp(row->value, "false") == 0;
        if (value && strcmp(row->value, value) == 0 &&
            boolean == at_is_bool(&variant))
            return row;
        choices = arena_printf(src->arena, "%s%s%s%s%s", choices,
                               *choices ? " or " : "", boolean ? "" : "\"",
                               row->value, boolean ? "" : "\"");
    }
    error_at(src, &variant, "expected %s, got %s", choices,
             at_describe(src->arena, &variant));
    return NULL;
}

/* A number that becomes a literal in the C: as weights, within the smaller of
 * the two types. */
static bool read_number(const Source *src, const At *at, double *out)
{
    if (!want_number(src, at, out))
        return false;
    if (fabs(*out) <= FLT_MAX)
        return true;
    error_at(src, at, "expected a number in the range of float32, got %s",
             at_describe(src->arena, at));
    return false;
}

/* The numbers that the row takes, where the file has them. */
static bool read_params(const Source *src, const At *at, Activation *out)
{
    const ActivationRow *row = out->row;
    if (!row->param)
        return true;
    At none = {.json = NULL};
    At first = at_is_object(at) ? at_key(at, row->param) : none;
    if (first.json && !read_number(src, &first, &out->param))
        return false;
    if (!first.json && isnan(out->param)) {
        error_at(src, at, "%s needs its \"%s\"%s%s%s", row->name, row->param,
                 row->param2 ? " and \"" : "", row->param2 ? row->param2 : "",
                 row->param2 ? "\"" : "");
        return false;
    }
    At second = row->param2 ? at_key(at, row->param2) : none;
    if (!row->param2 || second.json)
        return !second.json || read_number(src, &second, &out->param2);
    error_missing(src, &second);
    return false;
}

/* "tanh", or {"type": "leaky_relu", "negative_slope": 0.1}. */
static bool read_activation(const Source *src, const At *at, Activation *out)
{
    At type = at_is_object(at) ? at_key(at, "type") : *at;
    const char *name;
    if (!want_string(src, &type, &name))
        return false;
    const ActivationRow *row = activation_find(name);
    if (!row) {
        const char *guess = nearest(name, activation_names());
        error_at(src, &type, "unknown activation %s%s%s%s",
                 at_describe(src->arena, &type),
                 guess ? " (did you mean \"" : "", guess ? guess : "",
                 guess ? "\"?)" : "");
        return false;
    }
    const char *keys[] = {"type", row->key ? row->key : row->param, row->param2,
                          NULL};
    if (at_is_object(at) && !want_keys(src, at, keys))
        return false;
    if (row->key && !(row = pick_row(src, at, row)))
        return false;
    *out = (Activation){.row = row, .param = row->param_default};
    return read_params(src, at, out);
}

static bool read_target_shape(const Source *src, const At *at, Shape *out)
{
    bool ok = true, open = false;
    if (!want_array(src, at))
        return false;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At element = at_item(at, item, out->rank);
        if (out->rank == MAX_RANK)
            break;
        int *dim = &out->dim[out->rank++];
        if (!want_int(src, &element, -1, MAX_DIM, dim)) {
            ok = false;
        } else if (*dim == 0 || (*dim == -1 && open)) {
            error_at(src, &element,
                     *dim == 0 ? "expected a positive size or -1, got 0"
                               : "expected only one -1");
            ok = false;
        }
        open |= *dim == -1;
    }
    if (ok && json_size(at->json) > MAX_RANK)
        error_at(src, at, "expected at most %d dimensions", MAX_RANK);
    else if (ok && out->rank == 0)
        error_at(src, at, "expected at least one dimension");
    return ok && out->rank > 0 && json_size(at->json) <= MAX_RANK;
}

static bool read_choice(const Source *src, const At *at, const AttrSpec *spec,
                        double *out)
{
    const char *word, *known = "";
    if (!want_string(src, at, &word))
        return false;
    for (int i = 0; spec->choices[i]; i++) {
        if (strcmp(spec->choices[i], word) == 0) {
            *out = i;
            return true;
        }
        known = arena_printf(src->arena, "%s%s\"%s\"", known, i ? ", " : "",
                             spec->choices[i]);
    }
    error_at(src, at, "expected one of %s, got %s", known,
             at_describe(src->arena, at));
    return false;
}

/* 3, or [3] where Keras writes a list of one. */
static bool read_int(const Source *src, const At *at, const AttrSpec *spec,
                     double *out)
{
    int value = 0;
    At item = *at;
    if (spec->list && at_is_array(at) && json_size(at->json) == 1)
        item = at_item(at, json_first(at->json), 0);
    bool ok = want_int(src, &item, spec->min, spec->max, &value);
    *out = value;
    return ok;
}

static bool read_rate(const Source *src, const At *at, double *out)
{
    if (!want_number(src, at, out))
        return false;
    if (*out >= 0 && *out <= 1)
        return true;
    error_at(src, at, "expected a number from 0 to 1, got %s",
             at_describe(src->arena, at));
    return false;
}

/* 2, [1, 2] or, of what has no sign, [[0, 1], [2, 3]]: how many it takes is the
 * row's concern. */
static bool read_list(const Source *src, const At *at, const AttrSpec *spec,
                      bool nested, Shape *out)
{
    int index = 0, size = at_is_array(at) ? json_size(at->json) : 0;
    if (!at_is_array(at) || (nested && spec->min < 0)) {
        if (out->rank < MAX_RANK)
            return want_int(src, at, spec->min, spec->max,
                            &out->dim[out->rank++]);
        error_at(src, at, "expected at most %d numbers", MAX_RANK);
        return false;
    }
    bool ok = size >= 1 && size <= 4;
    if (!ok)
        error_at(src, at, "expected 1 to 4 numbers, got %s",
                 at_describe(src->arena, at));
    for (const Json *item = json_first(at->json); ok && item;
         item = json_next(item)) {
        At element = at_item(at, item, index++);
        ok = read_list(src, &element, spec, true, out);
    }
    return ok;
}

bool read_attr(const Source *src, const At *layer, const AttrSpec *spec,
               Attr *out)
{
    bool boolean = false, ok = false;
    At at = at_key(layer, spec->name);
    out->at = at;
    if (spec->derived)
        return true;
    if (!at.json && spec->fallback) {
        default_attr(spec, out);
        return true;
    }
    if (!at.json && spec->settle) {
        const char *why = spec->settle(layer, spec, &out->number);
        if (why)
            error_at(src, layer, "%s", why);
        return !why;
    }
    if (!at.json) {
        error_missing(src, &at);
        return false;
    }
    switch (spec->type) {
    case ATTR_INT:
        return read_int(src, &at, spec, &out->number);
    case ATTR_BOOL:
        ok = want_bool(src, &at, &boolean);
        out->number = boolean;
        return ok;
    case ATTR_ACTIVATION:
        return read_activation(src, &at, &out->activation);
    case ATTR_SHAPE:
        return read_target_shape(src, &at, &out->shape);
    case ATTR_LIST:
        out->shape.rank = 0;
        if (at_is_null(&at) && spec->fallback &&
            strcmp(spec->fallback, "null") == 0)
            return true;
        return read_list(src, &at, spec, false, &out->shape);
    case ATTR_RATE:
        return read_rate(src, &at, &out->number);
    case ATTR_NUMBER:
        if (at_is_null(&at) && spec->fallback &&
            strcmp(spec->fallback, "null") == 0) {
            out->number = NAN;
            return true;
        }
        return read_number(src, &at, &out->number);
    case ATTR_CHOICE:
        return read_choice(src, &at, spec, &out->number);
    }
    return ok;
}

bool read_input_shape(const Source *src, const At *at, Shape *out)
{
    if (!want_array(src, at))
        return false;
    int count = json_size(at->json), i = 0;
    bool ok = true;
    if (count < 1 || count > MAX_RANK) {
        error_at(src, at, "expected 1 to %d dimensions, got %d", MAX_RANK,
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
            ok &= want_int(src, &element, 1, MAX_DIM, &out->dim[i]);
    }
    out->rank = count;
    if (ok && shape_size(out) > MAX_ELEMENTS) {
        error_at(src, at, "expected at most %lld elements",
                 (long long)MAX_ELEMENTS);
        return false;
    }
    return ok;
}

/* ---- Weights ------------------------------------------------------------- */

static bool read_weight(Source *src, const At *weights, Inputs *inputs,
                        const Node *n, const WeightSpec *spec, Weight *out)
{
    At at = at_key(weights, spec->name);
    bool wanted = !spec->when || attr_bool(n, spec->when);
    out->name = spec->name;
    if (spec->optional && !at.json)
        return true;
    if (!wanted && at.json) {
        error_at(src, &at, "\"%s\" is given, but \"%s\" is %s", spec->name,
                 spec->when, condition_off(n, spec));
        return false;
    }
    if (!wanted)
        return true;
    if (!at.json) {
        error_at(src, weights, "\"%s\" is missing: expected an array [%s]",
                 spec->name, spec->shape);
        return false;
    }
    Values values;
    if (!read_tensor(src, &at, inputs, true, &values))
        return false;
    *out = (Weight){spec->name, values.shape, values.data, values.wide,
                    *at_keep(src->arena, &at)};
    return true;
}

bool read_weights(Source *src, const At *layer, Inputs *inputs, Node *n)
{
    const char *keys[MAX_WEIGHTS + 1];
    int count = 0;
    while (count < MAX_WEIGHTS && n->op->weights[count].name &&
           n->op->weights[count].role != WEIGHT_DERIVED) {
        keys[count] = n->op->weights[count].name;
        count++;
    }
    keys[count] = NULL;
    At *at = at_keep(src->arena,
                     &(At){at_key(layer, "weights").json, layer, "weights", 0});
    bool needed = false, ok = true;
    for (int i = 0; i < count; i++)
        needed |= weight_needed(n, &n->op->weights[i]);
    if (!at->json && !needed)
        return true;
    if (!at->json) {
        error_missing(src, at);
        return false;
    }
    if (!want_object(src, at))
        return false;
    ok &= want_keys(src, at, keys);
    for (int i = 0; i < count; i++)
        ok &=
            read_weight(src, at, inputs, n, &n->op->weights[i], &n->weight[i]);
    return ok;
}
