/* formats/nam_stack.c -- the config of a WaveNet's array: see nam_wavenet.h. */

#include "nam_wavenet.h"

#include <string.h>

/* ---- One array's config -------------------------------------------------- */

static bool read_one_by_one(const Nam *m, const At *object, bool *active,
                            int *groups, int *out)
{
    static const char *const keys[] = {"active", "groups", "out_channels",
                                       NULL};
    if (!object->json)
        return true;
    if (!want_object(m->b.src, object))
        return false;
    bool ok = want_keys(m->b.src, object, keys);
    ok &= nam_bool(m, object, "active", true, active);
    ok &= nam_int(m, object, "groups", 1, 1, groups);
    return ok && (!out || nam_int(m, object, "out_channels", 1, *out, out));
}

/* "head": {...}, or head_size and head_bias of older files. */
static bool read_head(const Nam *m, Stack *s)
{
    static const char *const keys[] = {"out_channels", "kernel_size", "bias",
                                       "head_dilation", NULL};
    At head = at_key(s->at, "head");
    bool ok;
    s->head_size = s->head_dilation = 1;
    if (!head.json || at_is_null(&head)) {
        ok = nam_int(m, s->at, "head_size", 1, -1, &s->head);
        return nam_bool(m, s->at, "head_bias", false, &s->head_bias) && ok;
    }
    if (!want_object(m->b.src, &head))
        return false;
    ok = want_keys(m->b.src, &head, keys);
    ok &= nam_int(m, &head, "out_channels", 1, -1, &s->head);
    ok &= nam_int(m, &head, "kernel_size", 1, -1, &s->head_size);
    ok &= nam_int(m, &head, "head_dilation", 1, 1, &s->head_dilation);
    return nam_bool(m, &head, "bias", false, &s->head_bias) && ok;
}

static bool refuse_film(const Nam *m, const Stack *s)
{
    static const char *const films[] = {
        "conv_pre_film",         "conv_post_film",      "input_mixin_pre_film",
        "input_mixin_post_film", "activation_pre_film", "activation_post_film",
        "layer1x1_post_film",    "head1x1_post_film"};
    bool ok = true;
    for (size_t i = 0; i < sizeof films / sizeof *films; i++) {
        At film = at_key(s->at, films[i]);
        bool active = at_is_object(&film);
        if (active && !nam_bool(m, &film, "active", true, &active))
            return false;
        if (active) {
            error_at(m->b.src, &film, "rnnc does not read FiLM layers");
            ok = false;
        }
    }
    return ok;
}

bool nam_read_stack(Nam *m, Stack *s)
{
    static const char *const keys[] = {"input_size",
                                       "condition_size",
                                       "channels",
                                       "bottleneck",
                                       "kernel_size",
                                       "kernel_sizes",
                                       "dilations",
                                       "activation",
                                       "gated",
                                       "gating_mode",
                                       "secondary_activation",
                                       "groups_input",
                                       "groups_input_mixin",
                                       "layer1x1",
                                       "head1x1",
                                       "head",
                                       "head_size",
                                       "head_bias",
                                       "conv_pre_film",
                                       "conv_post_film",
                                       "input_mixin_pre_film",
                                       "input_mixin_post_film",
                                       "activation_pre_film",
                                       "activation_post_film",
                                       "layer1x1_post_film",
                                       "head1x1_post_film",
                                       "slimmable",
                                       NULL};
    At one = at_key(s->at, "layer1x1"), head_one = at_key(s->at, "head1x1"),
       slim = at_key(s->at, "slimmable");
    if (!want_object(m->b.src, s->at))
        return false;
    bool ok = want_keys(m->b.src, s->at, keys);
    ok &= nam_int(m, s->at, "channels", 1, -1, &s->channels);
    ok &= nam_int(m, s->at, "condition_size", 1, -1, &s->condition);
    ok = ok && nam_int(m, s->at, "bottleneck", 1, s->channels, &s->bottleneck);
    ok &= nam_int(m, s->at, "groups_input", 1, 1, &s->groups);
    ok &= nam_int(m, s->at, "groups_input_mixin", 1, 1, &s->mixin_groups);
    s->deep = true;
    s->deep_groups = s->wide_groups = 1;
    s->wide_out = s->channels;
    ok &= read_one_by_one(m, &one, &s->deep, &s->deep_groups, NULL);
    ok &=
        read_one_by_one(m, &head_one, &s->wide, &s->wide_groups, &s->wide_out);
    ok &= read_head(m, s);
    ok &= refuse_film(m, s);
    if (slim.json && at_is_object(&slim))
        convention(m->b.g, "%s: slimmable; read at its full %d channels",
                   s->name, s->channels);
    return ok;
}

/* ---- What layers have each, or all together ------------------------------ */

/* Entry `index` of a list, or the value that all layers share. */
At nam_entry(const At *at, int index)
{
    if (!at_is_array(at))
        return *at;
    const Json *item = json_first(at->json);
    for (int i = 0; item && i < index; i++)
        item = json_next(item);
    return at_item(at, item, index);
}

bool nam_read_gating(const Nam *m, const Stack *s, int index, Gating *out)
{
    At modes = at_key(s->at, "gating_mode"), gated = at_key(s->at, "gated");
    const char *mode;
    bool is_gated = false;
    if (!modes.json) {
        bool ok = !gated.json || want_bool(m->b.src, &gated, &is_gated);
        *out = is_gated ? GATED : UNGATED;
        return ok;
    }
    At at = nam_entry(&modes, index);
    if (!want_string(m->b.src, &at, &mode))
        return false;
    *out = strcmp(mode, "gated") == 0     ? GATED
           : strcmp(mode, "blended") == 0 ? BLENDED
                                          : UNGATED;
    if (*out != UNGATED || strcmp(mode, "none") == 0)
        return true;
    error_at(m->b.src, &at,
             "expected \"none\", \"gated\" or \"blended\", got \"%s\"",
             printable(m->b.g->arena, mode));
    return false;
}

/* A list has one entry for each layer. */
bool nam_check_lists(const Nam *m, const Stack *s, int layers)
{
    static const char *const lists[] = {"kernel_sizes", "activation",
                                        "gating_mode", "secondary_activation"};
    bool ok = true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        At at = at_key(s->at, lists[i]);
        if (at_is_array(&at) && json_size(at.json) != layers) {
            error_at(m->b.src, &at,
                     "expected one for each of %d layers, got "
                     "%d",
                     layers, json_size(at.json));
            ok = false;
        }
    }
    return ok;
}

/* What reaches an array must have the sizes that it was made for. */
bool nam_check_sizes(const Nam *m, const Stack *s, int input, int condition,
                     int head)
{
    At at = at_key(s->at, "input_size");
    int size, inner = s->wide ? s->wide_out : s->bottleneck;
    if (!want_int(m->b.src, &at, 1, MAX_DIM, &size))
        return false;
    if (size != input)
        error_at(m->b.src, &at, "expected the %d channels before it, got %d",
                 input, size);
    if (s->condition != condition)
        error_at(m->b.src, s->at,
                 "condition_size is %d, but the input has %d channels",
                 s->condition, condition);
    if (head && head != inner)
        error_at(m->b.src, s->at,
                 "the head of the array before has %d channels, this one %d",
                 head, inner);
    return size == input && s->condition == condition &&
           (!head || head == inner);
}
