/* formats/keras_layer.c -- one Keras layer, called: nodes, weights, wrappers.
 */

#include "keras.h"

#include <string.h>

#include "fields.h"

/* ---- Opening ------------------------------------------------------------- */

bool keras_open(Keras *k, const At *at, KerasLayer *out)
{
    *out = (KerasLayer){.k = k, .at = at_keep(k->b.g->arena, at), .from = -1};
    if (!want_object(k->b.src, at))
        return false;
    At type = at_key(out->at, "class_name"), config = at_key(out->at, "config");
    if (!type.json)
        type = at_key(out->at, "type");
    if (!type.json)
        type = at_key(out->at, "class_name"); /* for the message */
    bool whole = k->version || at_key(out->at, "module").json;
    if ((config.json || whole) && !want_object(k->b.src, &config))
        return false;
    out->config = config.json ? at_keep(k->b.g->arena, &config) : out->at;
    At name = at_key(out->at, "name");
    if (!name.json)
        name = at_key(out->config, "name");
    if ((name.json || whole) && !want_string(k->b.src, &name, &out->name))
        return false;
    if (!want_string(k->b.src, &type, &out->type))
        return false;
    if (!name.json)
        out->name =
            arena_printf(k->b.g->arena, "%s_%d", out->type, k->b.g->nodes + 1);
    keras_open_function(out);
    return true;
}

bool keras_is_input(const KerasLayer *l)
{
    return strcmp(l->type, "InputLayer") == 0;
}

bool keras_is_model(const KerasLayer *l)
{
    return strcmp(l->type, "Sequential") == 0 ||
           strcmp(l->type, "Functional") == 0 || strcmp(l->type, "Model") == 0;
}

/* ---- Calls --------------------------------------------------------------- */

static const Op *find_op(const KerasLayer *l)
{
    const Op *op = op_find(l->type);
    At at = at_key(l->at, "class_name");
    if (!at.json)
        at = at_key(l->at, "type");
    if (!op) {
        const char *guess = nearest(l->type, op_names());
        error_at(l->k->b.src, &at, "rnnc has no layer \"%s\" (%s%s%s)",
                 printable(l->k->b.g->arena, l->type),
                 guess ? "did you mean \""
                       : "--list-layers names all there are",
                 guess ? guess : "", guess ? "\"?" : "");
    }
    return op;
}

static bool check_inputs(const KerasLayer *l, const Op *op, int inputs)
{
    int most = op->inner[0] ? 1 : op->max_inputs;
    if (inputs >= op->min_inputs && inputs <= most)
        return true;
    error_at(l->k->b.src, l->at, "%s takes %d%s input%s, got %d", op->name,
             op->min_inputs, most > op->min_inputs ? " or more" : "",
             most == 1 ? "" : "s", inputs);
    return false;
}

/* Its last input; the config says nothing of it. */
static void add_mask(Build *b, Node *n, Tensor *mask)
{
    Tensor *in[MAX_STATES + 3]; /* the sequence, first states, one more */
    for (int i = 0; i < n->inputs; i++)
        in[i] = n->in[i];
    in[n->inputs] = mask;
    build_inputs(b, n, in, n->inputs + 1);
    build_bool(n, "masked", true);
}

/* What it reads, where that has other axes, or a mask that it must not see. */
static Tensor *turn(const KerasLayer *l, const Op *op, const char *name,
                    Tensor *t)
{
    const char *of = arena_printf(l->k->b.g->arena, "%s_of", name);
    return keras_channels_first(l, op) ? keras_channels_in(l, op, name, t)
           : keras_moves_axis(l, op)   ? keras_axis_last(l, op, name, t)
           : op->masks == MASK_REFUSED ? keras_without_mask(l, of, t)
           : keras_leaves_masks(l, op) ? keras_unmasked(l, of, t)
                                       : t;
}

/* One node, without its weights. */
static Node *add_node(const KerasLayer *l, const char *name, Tensor *const *in,
                      int inputs)
{
    Build *b = &l->k->b;
    const Op *op = find_op(l);
    if (!op || !check_inputs(l, op, inputs))
        return NULL;
    Tensor *turned[1];
    if (inputs == 1) {
        turned[0] = turn(l, op, name, in[0]);
        in = turned;
    }
    b->last = in[0];
    Node *n = build_layer(b, op->name, name, l->config);
    build_inputs(b, n, in, inputs);
    bool ok = l->function || keras_check_keys(l, op);
    ok &= l->function ? keras_read_function(l, n) : keras_read_attrs(l, n);
    n->broken = !ok;
    if (l->mask && op->masks == MASK_ATTENDED) {
        error_at(b->src, l->at, "%s with a stated mask is not supported",
                 op->name);
        return NULL;
    }
    if (l->mask && op->masks == MASK_READ)
        add_mask(b, n, l->mask);
    else if (op->recurrent && inputs > 1 && l->k->version == 3)
        build_bool(n, "ignore_mask", true); /* or the call would name it */
    bool old = l->k->version == 2;
    bool called = l->function || keras_is_operation(l);
    if (op->masks == MASK_JOINED && (old || called))
        build_choice(n, "masks", called ? "any" : "all");
    return n->broken ? NULL : n;
}

bool keras_stateful(const KerasLayer *l)
{
    At at = at_key(l->config, "stateful");
    bool yes = false;
    if (!at.json || at_is_null(&at))
        return true;
    bool ok = want_bool(l->k->b.src, &at, &yes);
    if (yes)
        convention(l->k->b.g,
                   "%s: stateful; predict starts at zero each time, "
                   "step and process keep the state",
                   l->name);
    return ok;
}

/* Elements from..to of what a layer with return_state makes. */
static Tensor *take_part(KerasLayer *l, Node *n, const char *what, int from,
                         int to)
{
    Build *b = &l->k->b;
    b->last = n->out;
    Node *part = build_layer(b, "Slice",
                             arena_printf(b->g->arena, "%s_%s", n->name, what),
                             l->config);
    build_int(part, "from", from);
    build_int(part, "to", to);
    return part->out;
}

/* The output and the last states, which one vector holds. */
int keras_take_apart(KerasLayer *l, Node *n, Tensor **out)
{
    static const char *const names[] = {"h", "c"};
    int states = 0, units = attr_int(n, "units");
    while (n->op->state[states].name)
        states++;
    out[0] = take_part(l, n, "y", 0, -states * units);
    if (attr_bool(n, "return_sequences")) {
        Node *rows = build_layer(
            &l->k->b, "Reshape",
            arena_printf(l->k->b.g->arena, "%s_rows", n->name), l->config);
        build_shape(rows, "target_shape", shape2(-1, units));
        out[0] = rows->out;
    }
    for (int i = 0; i < states; i++)
        out[1 + i] = take_part(l, n, names[i], (i - states) * units,
                               (i + 1 - states) * units);
    return 1 + states;
}

/* The same of an attention layer: its output and its weights. */
static int take_parts(KerasLayer *l, Node *n, Tensor **out)
{
    static const char *const names[] = {"output", "weights"};
    for (int i = 0; i < 2; i++) {
        l->k->b.last = n->out;
        Node *part = build_layer(
            &l->k->b, "AttentionPart",
            arena_printf(l->k->b.g->arena, "%s_%s", n->name, names[i]),
            l->config);
        build_choice(part, "part", names[i]);
        out[i] = part->out;
    }
    return 2;
}

static bool weigh(KerasLayer *l, Node *n)
{
    return keras_is_normalization(n->op) ? keras_weigh_adapted(l, n)
                                         : keras_weigh(l, n, 0, l->count, NULL);
}

/* What MultiHeadAttention does with masks: ops/attention.h. */
static bool settle_masks(const KerasLayer *l, Node *n)
{
    At at = at_key(l->config, "dropout");
    double dropout = 0;
    if (n->op->attends && l->k->version == 2)
        build_choice(n, "unattended", "scores");
    if (!n->op->attends || l->k->version != 3)
        return true;
    if (at.json && !want_number(l->k->b.src, &at, &dropout))
        return false;
    build_bool(n, "drops_masks", true);
    if (dropout > 0 || attr_bool(n, "return_attention_scores"))
        build_choice(n, "unattended", "zero");
    return true;
}

static int call_simple(KerasLayer *l, const char *name, Tensor *const *in,
                       int inputs, Tensor **out)
{
    Node *n = add_node(l, name, in, inputs);
    if (!n || !weigh(l, n) || !keras_settle(l, n) || !keras_stateful(l))
        return 0;
    out[0] = keras_channels_first(l, n->op) ? keras_channels_out(l, n)
             : keras_moves_axis(l, n->op)   ? keras_axis_back(l, n)
                                          : keras_without_mask(l, name, n->out);
    for (int i = 0; i < l->flags; i++)
        build_bool(n, l->flag[i], true);
    if (!settle_masks(l, n))
        return 0;
    const char *more =
        n->op->recurrent ? "return_state" : "return_attention_scores";
    if (!keras_has_flag(l->type, more) || !attr_bool(n, more))
        return 1;
    if (!l->more_unread)
        return n->op->recurrent ? keras_take_apart(l, n, out)
                                : take_parts(l, n, out);
    build_bool(n, more, false);
    return 1;
}

/* ---- Wrappers ------------------------------------------------------------ */

bool keras_open_inner(KerasLayer *l, const char *key, KerasLayer *inner)
{
    At at = at_key(l->config, key);
    return want_object(l->k->b.src, &at) && keras_open(l->k, &at, inner);
}

Node *keras_inner(KerasLayer *l, KerasLayer *inner, Tensor *const *in,
                  KerasInner own)
{
    Node *n = add_node(inner, own.name, in, 1);
    if (!n)
        return NULL;
    if (own.turn)
        build_bool(n, "go_backwards", !attr_bool(n, "go_backwards"));
    bool ok = keras_weigh(l, n, own.first, own.count, own.part);
    return ok && keras_settle(inner, n) && keras_stateful(inner) ? n : NULL;
}

Tensor *keras_in_order(Build *b, Node *n, const char *name, const At *at)
{
    if (!attr_bool(n, "go_backwards") || !attr_bool(n, "return_sequences"))
        return n->out;
    b->last = n->out;
    return build_layer(b, "Reverse",
                       arena_printf(b->g->arena, "%s_reverse", name), at)
        ->out;
}

static int call_bidirectional(KerasLayer *l, const char *name,
                              Tensor *const *in, Tensor **out)
{
    Arena *a = l->k->b.g->arena;
    KerasLayer forward, backward;
    At other = at_key(l->config, "backward_layer"),
       mode = at_key(l->config, "merge_mode");
    bool own = other.json && !at_is_null(&other);
    Node w = {.op = op_find("Bidirectional"), .at = *l->config, .name = name};
    bool ok =
        keras_check_keys(l, w.op) && keras_open_inner(l, "layer", &forward);
    if (!ok ||
        !keras_open_inner(l, own ? "backward_layer" : "layer", &backward))
        return 0;
    forward.mask = backward.mask = l->mask;
    bool listed_once = l->count == 0; /* in one list for the whole model */
    int half = l->count / 2;
    Node *pair[2] = {0};
    pair[0] = keras_inner(l, &forward, in,
                          (KerasInner){arena_printf(a, "%s_forward", name),
                                       "forward", 0, half, false});
    if (pair[0])
        pair[1] = keras_inner(
            l, &backward, in,
            (KerasInner){arena_printf(a, "%s_backward", name), "backward",
                         listed_once ? l->count : half, l->count - half, !own});
    if (!pair[0] || !pair[1])
        return 0;
    if (at_is_null(&mode)) {
        for (int i = 0; i < 2; i++)
            build_bool(pair[i], "zero_output_for_mask",
                       attr_bool(pair[i], "return_sequences") &&
                           !l->k->b.g->masks_leak);
        for (int i = 0; i < 2; i++)
            out[i] = keras_in_order(&l->k->b, pair[i], name, l->config);
        return 2;
    }
    if (!read_attr(l->k->b.src, l->config, &w.op->attrs[0], &w.attr[0]))
        return 0;
    out[0] = w.op->lower(l->k->b.src, l->k->b.g, &w, pair);
    return out[0] != NULL;
}

int keras_call(KerasLayer *l, const char *name, Tensor *const *in, int inputs,
               Tensor **out)
{
    bool both = strcmp(l->type, "Bidirectional") == 0;
    bool cells = strcmp(l->type, "RNN") == 0;
    if (l->k->b.g->nodes >= MAX_LAYERS) {
        error_at(l->k->b.src, l->at, "more than %d layers", MAX_LAYERS);
        return 0;
    }
    if (strcmp(l->type, "TimeDistributed") == 0)
        return check_inputs(l, op_find(l->type), inputs)
                   ? keras_call_distributed(l, name, in, out)
                   : 0;
    if (keras_is_compound(l))
        return keras_call_compound(l, name, in, inputs, out);
    if (!keras_find_weights(l))
        return 0;
    if (!both && !cells)
        return call_simple(l, name, in, inputs, out);
    if (!check_inputs(l, op_find(cells ? "Bidirectional" : l->type), inputs))
        return 0;
    return cells ? keras_call_cells(l, name, in, out)
                 : call_bidirectional(l, name, in, out);
}
