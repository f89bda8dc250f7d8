/* passes/live_masks.c -- which mask an attention layer finds at its inputs.
 *
 * In Keras 3 recurrences and poolings of a Functional model have their masks
 * from where the model was built, but attention layers take those that tensors
 * carry while it runs, and MultiHeadAttention takes the masks of what it reads
 * away ("drops_masks"): a second layer on the same tensor, or on x + y after
 * y = attention(x), sees none. (Measured with Keras 3.15, TensorFlow and JAX;
 * tf-keras keeps them.) So beside its mask a tensor has the live one.
 *
 * Keras runs layers in an order of its own. Where neither of two layers needs
 * what the other makes, the one that drops the mask may come before or after;
 * then nothing can be told (`unsure`). */

#include "insert_masks.h"

/* What is the same tensor while a model runs: these layers do nothing then. */
static const Tensor *same(const Tensor *t)
{
    while (t->from && t->from->op->alias && t->from->op->output)
        t = t->from->in[0];
    return t;
}

/* Whether n needs what m makes. done: nodes that do not. */
static bool needs(const Node *n, const Node *m, const Node **done, int *count)
{
    for (int i = 0; i < *count; i++)
        if (done[i] == n)
            return false;
    for (int i = 0; i < n->inputs; i++) {
        const Node *from = n->in[i]->from;
        if (from && (from == m || needs(from, m, done, count)))
            return true;
    }
    done[(*count)++] = n;
    return false;
}

static bool is_after(const Walk *w, const Node *n, const Node *m)
{
    int count = 0;
    const Node **done =
        arena_alloc(w->g->arena, 2 * (size_t)w->nodes + 1, sizeof *done);
    return needs(n, m, done, &count);
}

static bool reads(const Node *n, const Tensor *t)
{
    for (int i = 0; i < n->inputs; i++)
        if (same(n->in[i]) == same(t))
            return true;
    return false;
}

Tensor *live_mask(const Walk *w, const Node *n, int input, bool *unsure)
{
    const Tensor *t = n->in[input];
    for (int i = 0; t->live && i < w->nodes; i++) {
        const Node *m = w->node[i];
        if (m == n || !m->op->attends || !attr_bool(m, "drops_masks") ||
            !reads(m, t))
            continue;
        if (is_after(w, n, m))
            return NULL;
        *unsure |= !is_after(w, m, n);
    }
    *unsure |= t->unsure;
    return t->live;
}

/* Layers that are told their mask hand that on; the others what they find. */
void lead_live(const Walk *w, Node *n)
{
    bool told = n->op->masks == MASK_READ || n->depth > 0;
    n->out->live = n->out->mask;
    for (int i = 0; n->out->mask && !told && i < n->inputs; i++) {
        const Tensor *mask = n->in[i]->mask;
        if (!mask || (i > 0 && n->op->masks != MASK_JOINED))
            continue;
        if (!live_mask(w, n, i, &n->out->unsure))
            n->out->live = NULL;
    }
}
