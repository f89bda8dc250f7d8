/* formats/state_dict_tensors.c -- the tensors of a layer, and what they and its
 * keys say about sizes. */

#include "state_dict.h"

#include <cjson/cJSON.h>
#include <string.h>

const char *torch_module(Arena *a, const char *key)
{
    const char *dot = strrchr(key, '.');
    return arena_strndup(a, key, dot ? (size_t)(dot - key) : 0);
}

bool torch_in_module(const char *key, const char *module)
{
    const char *dot = strrchr(key, '.');
    size_t length = dot ? (size_t)(dot - key) : 0;
    return strlen(module) == length && memcmp(key, module, length) == 0;
}

const char *torch_key(const TorchLayer *l, const char *tensor)
{
    return arena_printf(l->b->g->arena, "%s%s%s", l->module,
                        *l->module ? "." : "", tensor);
}

bool torch_has(const TorchLayer *l, const char *tensor)
{
    return at_key(l->s->dict, torch_key(l, tensor)).json != NULL;
}

void torch_take(TorchLayer *l, const char *tensor)
{
    const char *key = torch_key(l, tensor);
    int i = 0;
    for (const Json *j = json_first(l->s->dict->json); j; j = json_next(j), i++)
        l->s->used[i] |= strcmp(j->string, key) == 0;
}

bool torch_read(TorchLayer *l, const char *tensor, Shape shape, Values *out)
{
    const char *key = torch_key(l, tensor);
    At at = at_key(l->s->dict, key);
    torch_take(l, tensor);
    return build_read(l->b, &at, key, shape, out);
}

int torch_features(const StateDict *s)
{
    return s->shape.rank ? s->shape.dim[s->shape.rank - 1] : ANY;
}

void torch_set_features(StateDict *s, int features)
{
    if (s->shape.rank)
        s->shape.dim[s->shape.rank - 1] = features;
}

bool torch_want_sequence(const TorchLayer *l)
{
    const Shape *shape = &l->s->shape;
    if (shape->rank == 2 || shape->rank == 0)
        return true;
    error_at(l->b->src, l->at, "%s needs [timesteps, features], got %s",
             l->type, shape_text(l->b->g->arena, shape));
    return false;
}

bool torch_int(const TorchLayer *l, const char *key, int min, int *out)
{
    At at = at_key(l->at, key), item = at;
    if (!at.json)
        return true;
    if (at_is_array(&at) && json_size(at.json) == 1)
        item = at_item(&at, json_first(at.json), 0);
    return want_int(l->b->src, &item, min, MAX_DIM, out);
}

bool torch_agree(const TorchLayer *l, const char *key, int value)
{
    At at = at_key(l->at, key);
    int given = value;
    if (!torch_int(l, key, 1, &given))
        return false;
    if (given == value || value == ANY)
        return true;
    error_at(l->b->src, &at, "the tensors say %d, got %d", value, given);
    return false;
}

bool torch_agree_bool(const TorchLayer *l, const char *key, bool value)
{
    At at = at_key(l->at, key);
    bool given;
    if (!at.json)
        return true;
    if (!want_bool(l->b->src, &at, &given))
        return false;
    if (given == value)
        return true;
    error_at(l->b->src, &at, "the tensors say %s, got %s",
             value ? "true" : "false", given ? "true" : "false");
    return false;
}
