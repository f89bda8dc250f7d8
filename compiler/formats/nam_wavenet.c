/* formats/nam_wavenet.c -- NAM's WaveNet (NAM/wavenet/model.cpp, 2026).
 *
 * Arrays of layers; c is the network's input, x what runs through an array:
 *
 *   x = rechannel x
 *   for each layer:  z = conv(x) + mixin c
 *                    y = activation(z)                                  none
 *                        activation(z's first half) gate(its second)    gated
 *                        g activation(v) + (1 - g) v, v and g as above  blended
 *                    head += y, or head1x1 y
 *                    x += layer1x1 y
 *   head = head_rechannel head             goes on into the next array's head
 *
 *   out = head_scale head, behind "head" where the config has one
 *
 * Weights stand in this order, conv before mixin before layer1x1 before
 * head1x1, head_scale at the end. */

#include "nam_wavenet.h"

/* ---- One layer ----------------------------------------------------------- */

/* alpha y + (1 - alpha) v = v + alpha (y - v) */
static Tensor *blend(Nam *m, const char *name, Tensor *v, Tensor *y,
                     Tensor *alpha)
{
    Arena *a = m->b.g->arena;
    Tensor *change =
        nam_merge(m, "Subtract", arena_printf(a, "%s_change", name), y, v);
    change = nam_merge(m, "Multiply", arena_printf(a, "%s_part", name), change,
                       alpha);
    return nam_merge(m, "Add", arena_printf(a, "%s_blend", name), v, change);
}

/* The second activation; Sigmoid unless the array says otherwise. */
static Tensor *gate(Nam *m, const Stack *s, int index, const char *name,
                    Tensor *x)
{
    At all = at_key(s->at, "secondary_activation");
    At at = nam_entry(&all, index);
    if (all.json)
        return nam_activation(m, name, x, &at);
    m->b.last = x;
    Node *n = build_layer(&m->b, "Activation", name, s->at);
    build_activation(n, "activation", "sigmoid", NULL, NULL, 0);
    return n->out;
}

/* y of a layer, from convolutions of x and of the condition. */
static Tensor *activate(Nam *m, const Stack *s, int index, const char *name,
                        Tensor *x, Tensor *condition, NamConv conv)
{
    Arena *a = m->b.g->arena;
    NamConv mix = {s->condition, s->bottleneck, 1, 1, s->mixin_groups, false};
    At all = at_key(s->at, "activation"), own = nam_entry(&all, index);
    Tensor *v[2], *c[2], *y;
    Gating gating;
    if (!nam_read_gating(m, s, index, &gating))
        return NULL;
    const char *names[2] = {arena_printf(a, "%s_conv", name),
                            arena_printf(a, "%s_mixin", name)};
    if (gating == UNGATED) {
        v[0] = nam_conv(m, names[0], x, conv);
        c[0] = nam_conv(m, names[1], condition, mix);
        v[0] = nam_merge(m, "Add", arena_printf(a, "%s_z", name), v[0], c[0]);
        return nam_activation(m, arena_printf(a, "%s_y", name), v[0], &own);
    }
    if (conv.groups != 1 || mix.groups != 1) {
        error_at(m->b.src, s->at,
                 "rnnc does not read gates over grouped convolutions");
        return NULL;
    }
    conv.out = mix.out = 2 * s->bottleneck;
    nam_conv_halves(m, names[0], x, conv, v);
    nam_conv_halves(m, names[1], condition, mix, c);
    for (int i = 0; i < 2; i++)
        v[i] = nam_merge(m, "Add", arena_printf(a, i ? "%s_zg" : "%s_z", name),
                         v[i], c[i]);
    v[1] = gate(m, s, index, arena_printf(a, "%s_gate", name), v[1]);
    y = nam_activation(m, arena_printf(a, "%s_y", name), v[0], &own);
    return gating == BLENDED
               ? blend(m, name, v[0], y, v[1])
               : nam_merge(m, "Multiply", arena_printf(a, "%s_gated", name), y,
                           v[1]);
}

static bool read_layer(Nam *m, const Stack *s, int index, Tensor **x,
                       Tensor *condition, Tensor **head)
{
    Arena *a = m->b.g->arena;
    const char *name = arena_printf(a, "%s_layer%d", s->name, index);
    At dilations = at_key(s->at, "dilations"),
       sizes = at_key(s->at, "kernel_sizes");
    if (!sizes.json)
        sizes = at_key(s->at, "kernel_size");
    At dilation = nam_entry(&dilations, index), size = nam_entry(&sizes, index);
    NamConv conv = {s->channels, s->bottleneck, 1, 1, s->groups, true};
    bool ok = want_int(m->b.src, &dilation, 1, MAX_DIM, &conv.dilation);
    ok &= want_int(m->b.src, &size, 1, MAX_DIM, &conv.size);
    Tensor *y = ok ? activate(m, s, index, name, *x, condition, conv) : NULL;
    if (!y)
        return false;
    Tensor *deep = NULL, *wide = y;
    if (s->deep)
        deep = nam_conv(
            m, arena_printf(a, "%s_1x1", name), y,
            (NamConv){s->bottleneck, s->channels, 1, 1, s->deep_groups, true});
    if (s->wide)
        wide = nam_conv(
            m, arena_printf(a, "%s_head", name), y,
            (NamConv){s->bottleneck, s->wide_out, 1, 1, s->wide_groups, true});
    *x = nam_merge(m, "Add", arena_printf(a, "%s_x", name), *x, deep);
    *head = nam_merge(m, "Add", arena_printf(a, "%s_sum", name), *head, wide);
    return true;
}

/* ---- The arrays ---------------------------------------------------------- */

static bool run_stack(Nam *m, Stack *s, Tensor **x, Tensor *condition,
                      Tensor **head, int *channels, int *head_channels)
{
    At dilations = at_key(s->at, "dilations");
    if (!nam_read_stack(m, s) || !want_array(m->b.src, &dilations) ||
        !nam_check_lists(m, s, json_size(dilations.json)) ||
        !nam_check_sizes(m, s, *channels, condition->shape.dim[1],
                         *head_channels))
        return false;
    Arena *a = m->b.g->arena;
    *x = nam_conv(m, arena_printf(a, "%s_rechannel", s->name), *x,
                  (NamConv){*channels, s->channels, 1, 1, 1, false});
    for (int i = 0; i < json_size(dilations.json); i++)
        if (!read_layer(m, s, i, x, condition, head))
            return false;
    if (!*head) {
        error_at(m->b.src, &dilations, "expected layers, got none");
        return false;
    }
    *head =
        nam_conv(m, arena_printf(a, "%s_head", s->name), *head,
                 (NamConv){s->wide ? s->wide_out : s->bottleneck, s->head,
                           s->head_size, s->head_dilation, 1, s->head_bias});
    *channels = s->channels;
    *head_channels = s->head;
    return true;
}

/* Convolutions behind the sum, each after an activation. */
static Tensor *post_head(Nam *m, Tensor *x, int in)
{
    static const char *const keys[] = {"in_channels",  "channels",
                                       "out_channels", "kernel_sizes",
                                       "activation",   NULL};
    At head = at_key(m->config, "head"), sizes = at_key(&head, "kernel_sizes"),
       activation = at_key(&head, "activation");
    int channels, out, given;
    bool ok = want_object(m->b.src, &head) && want_keys(m->b.src, &head, keys);
    ok = ok && nam_int(m, &head, "channels", 1, -1, &channels);
    ok = ok && nam_int(m, &head, "out_channels", 1, -1, &out);
    ok = ok && nam_int(m, &head, "in_channels", 1, in, &given);
    if (!ok || !want_array(m->b.src, &sizes))
        return NULL;
    if (given != in) {
        error_at(m->b.src, &head,
                 "in_channels is %d, but the last array's "
                 "head has %d",
                 given, in);
        return NULL;
    }
    for (int i = 0; i < json_size(sizes.json); i++) {
        Arena *a = m->b.g->arena;
        At at = nam_entry(&sizes, i);
        NamConv c = {
            in, i + 1 < json_size(sizes.json) ? channels : out, 1, 1, 1, true};
        if (!want_int(m->b.src, &at, 1, MAX_DIM, &c.size))
            return NULL;
        x = nam_activation(m, arena_printf(a, "head_activation_%d", i), x,
                           &activation);
        x = nam_conv(m, arena_printf(a, "head_conv_%d", i), x, c);
        in = c.out;
    }
    return x;
}

static Tensor *scale(Nam *m, Tensor *x, double by)
{
    m->b.last = x;
    Node *n = build_layer(&m->b, "Rescaling", "head_scale", m->config);
    build_number(n, "scale", by);
    return n->out;
}

Tensor *nam_wavenet(Nam *m, Tensor *x)
{
    static const char *const keys[] = {
        "layers", "head", "head_scale", "in_channels", "condition_dsp", NULL};
    At arrays = at_key(m->config, "layers"), post = at_key(m->config, "head"),
       condition = at_key(m->config, "condition_dsp");
    Tensor *input = x, *head = NULL;
    int channels = x->shape.dim[1], head_channels = 0;
    bool has_post = post.json && !at_is_null(&post);
    if (!want_keys(m->b.src, m->config, keys) || !want_array(m->b.src, &arrays))
        return NULL;
    if (condition.json && !at_is_null(&condition)) {
        error_at(m->b.src, &condition,
                 "rnnc does not read a network that makes the condition");
        return NULL;
    }
    if (json_size(arrays.json) == 0)
        error_at(m->b.src, &arrays, "expected layers, got none");
    for (int i = 0; i < json_size(arrays.json); i++) {
        At at = nam_entry(&arrays, i);
        Stack s = {.at = at_keep(m->b.g->arena, &at)};
        s.name = arena_printf(m->b.g->arena, "array%d", i);
        if (!run_stack(m, &s, &x, input, &head, &channels, &head_channels))
            return NULL;
    }
    /* The last weight of all, whatever "head_scale" says; the post-stack head's
     * come before it and work on what is scaled. */
    int64_t last = shape_size(&m->weights.shape) - 1;
    head = head ? scale(m, head, m->weights.data[last]) : NULL;
    if (head && has_post)
        head = post_head(m, head, head_channels);
    m->used += 1;
    return head;
}
