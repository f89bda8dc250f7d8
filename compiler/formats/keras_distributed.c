/* formats/keras_distributed.c -- TimeDistributed: over one layer, or over a
 * model, all of whose layers take the timesteps one by one then. */

#include "keras.h"

#include <string.h>

/* The layer inside has no weights of its own: those of the wrapper are. */
static void lend_weights(const KerasLayer *from, KerasLayer *to)
{
    to->read = true;
    to->count = from->count;
    memcpy(to->weight_at, from->weight_at, sizeof to->weight_at);
    memcpy(to->weight, from->weight, sizeof to->weight);
    memcpy(to->weight_name, from->weight_name, sizeof to->weight_name);
}

static int call_inner(KerasLayer *l, KerasLayer *inner, const char *name,
                      Tensor *const *in, Tensor **out)
{
    if (!keras_is_model(inner)) {
        if (!keras_find_weights(l))
            return 0;
        lend_weights(l, inner);
        return keras_call(inner, name, in, 1, out);
    }
    KerasWeights outer = keras_enter(l);
    int count = keras_call_model(inner, name, in, 1, out);
    return keras_leave(l, outer) ? count : 0;
}

/* All that calling the layer has added, after `last`. */
static void distribute(Graph *g, Node *last)
{
    for (Node *n = last ? last->next : g->first; n; n = n->next)
        node_distribute(n, n->depth + 1);
}

/* In Keras 3 a mask that is made inside ends there: it does not reach the next
 * TimeDistributed, as an Identity tells that has none around it. */
static Tensor *leave(const KerasLayer *l, const Node *made, const char *name)
{
    Build *b = &l->k->b;
    if (l->k->version != 3 || !keras_any_masks(made))
        return b->last;
    return build_layer(b, "Identity",
                       arena_printf(b->g->arena, "%s_left", name), l->config)
        ->out;
}

int keras_call_distributed(KerasLayer *l, const char *name, Tensor *const *in,
                           Tensor **out)
{
    KerasLayer inner;
    Tensor *made[MAX_PORTS];
    Node *last = l->k->b.g->last;
    if (!keras_check_keys(l, op_find("TimeDistributed")) ||
        !keras_open_inner(l, "layer", &inner))
        return 0;
    int count = call_inner(l, &inner, name, in, made);
    if (count > 1)
        error_at(l->k->b.src, l->config,
                 "TimeDistributed over a layer of %d outputs", count);
    if (count != 1)
        return 0;
    distribute(l->k->b.g, last);
    if (l->k->made_inside && !l->k->handed_on)
        l->k->handed_on = l->k->b.g->last;
    l->k->made_inside |= l->k->version == 2 &&
                         keras_any_masks(last ? last->next : l->k->b.g->first);
    l->k->b.last = made[0];
    out[0] = leave(l, last ? last->next : l->k->b.g->first, name);
    return 1;
}

/* In Keras 2 a mask goes from one TimeDistributed to the next, and where that
 * makes one row of each slice, outside a row counts if any of its slice does.
 */
bool keras_check_handed_on(const Keras *k)
{
    const Node *n = k->handed_on ? k->handed_on->next : NULL;
    while (n && (n->depth > 0 || n->op->masks != MASK_READ))
        n = n->next;
    if (n)
        error_at(k->b.src, &n->at,
                 "%s behind a TimeDistributed that reads a mask of another is "
                 "not supported: in Keras 2 it would be masked, too",
                 n->op->name);
    return n == NULL;
}
