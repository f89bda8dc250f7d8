/* passes/insert_masks.c -- lead masks to the layers that read them.
 *
 * Keras hands a mask on beside a layer's output, unseen: Masking and
 * Embedding(mask_zero) make one, most layers that work on single elements or
 * features hand it on, merges join theirs, recurrences and the mean over
 * timesteps read it, and what moves timesteps drops it. Here it becomes a
 * tensor [timesteps, 1] and an input like any other, as the op's row says:
 *
 *   make_mask      the layer makes one
 *   MASK_DROPPED   the output has none
 *   MASK_KEPT      the output has that of the first input
 *   MASK_JOINED    any or all of the inputs', as its "masks" says
 *   MASK_READ      becomes its last input; "masked" tells so
 *   MASK_ATTENDED  the query's and the values' become inputs, as
 *                  "query_masked" and "masked" tell
 *   MASK_REFUSED   the layer would need it, and cannot
 *
 * Masking and Embedding make one for each of their rows, so of [sentences,
 * words, features] it is [sentences, words, 1]: a TimeDistributed hands the
 * slices of it to a recurrence inside. What is made inside stays there; what
 * comes from outside comes out again.
 *
 * Requires infer_shapes. drop_unused removes the masks that nothing reads. */

#include "insert_masks.h"

#include <string.h>

static void set_bool(Node *n, const char *name, bool value)
{
    ((Attr *)attr_of(n, name))->number = value;
}

static Tensor *add(const Source *src, Graph *g, const char *op,
                   const char *name, const Node *n, Tensor *const *in,
                   int inputs)
{
    Node *made = graph_add(g, op, name, &n->at, in, inputs);
    node_distribute(made, n->depth);
    made->out->level = n->depth;
    return infer_node(src, made) ? made->out : NULL;
}

/* ---- Joining ------------------------------------------------------------- */

/* Timesteps one after the other have masks that follow each other, too, which
 * nothing here makes. */
static bool side_by_side(const Node *n)
{
    for (int i = 0; i < n->inputs; i++)
        if (n->in[i]->mask &&
            n->in[i]->mask->shape.dim[n->depth] != n->out->shape.dim[n->depth])
            return false;
    return true;
}

/* The different masks of the inputs; *free: an input has none. */
static int masks_of(const Node *n, Tensor **mask, bool *free)
{
    int count = 0;
    for (int i = 0; i < n->inputs; i++) {
        bool known = false;
        for (int k = 0; k < count; k++)
            known |= mask[k] == n->in[i]->mask;
        *free |= !n->in[i]->mask;
        if (n->in[i]->mask && !known)
            mask[count++] = n->in[i]->mask;
    }
    return count;
}

static bool join(const Source *src, Graph *g, Node *n)
{
    Tensor *mask[MAX_PORTS];
    bool free = false, all = attr_int(n, "masks") == MASKS_ALL;
    int count = masks_of(n, mask, &free);
    if (count > 0 && attr_int(n, "masks") == MASKS_REFUSED) {
        error_at(src, &n->at,
                 "%s of masked inputs, which Keras 3 computes in more than one "
                 "way; \"masks\": \"any\" or \"all\" would say that it is "
                 "what it is without masks",
                 n->op->name);
        return false;
    }
    if (!side_by_side(n)) {
        error_at(src, &n->at,
                 "%s of masked inputs along the timesteps is not supported",
                 n->op->name);
        return false;
    }
    if (count == 0 || (free && !all))
        return true;
    n->out->mask = count == 1 ? mask[0]
                              : add(src, g, all ? "Minimum" : "Maximum",
                                    arena_printf(g->arena, "%s/mask", n->name),
                                    n, mask, count);
    return n->out->mask != NULL;
}

/* ---- Reading ------------------------------------------------------------- */

static void add_input(Arena *a, Node *n, Tensor *t)
{
    Tensor **in = arena_alloc(a, (size_t)n->inputs + 1, sizeof *in);
    memcpy(in, n->in, (size_t)n->inputs * sizeof *in);
    in[n->inputs++] = t;
    n->in = in;
}

/* zero_output_for_mask: what follows reads the layer's output through an
 * ApplyMask, which takes its name. With go_backwards the outputs come last
 * timestep first. */
static bool zero_outputs(const Source *src, Graph *g, Node *n, Tensor *mask)
{
    Tensor *out = n->out;
    if (!attr_bool(n, "return_sequences") || attr_bool(n, "return_state")) {
        error_at(src, &n->at,
                 "zero_output_for_mask of a masked %s needs return_sequences, "
                 "and no return_state",
                 n->op->name);
        return false;
    }
    set_bool(n, "zero_output_for_mask", false);
    if (attr_bool(n, "go_backwards"))
        mask = add(src, g, "Reverse",
                   arena_printf(g->arena, "%s/mask", n->name), n, &mask, 1);
    Node *zero =
        graph_add(g, "ApplyMask", n->name, &n->at, (Tensor *[]){NULL, mask}, 2);
    n->name = arena_printf(g->arena, "%s/rnn", n->name);
    n->out = zero->in[0] = graph_tensor(g, n->name);
    n->out->from = n;
    n->out->shape = out->shape;
    n->out->mask = mask;
    node_distribute(zero, n->depth);
    zero->out = out;
    out->from = zero;
    return infer_node(src, zero);
}

static bool read_mask(const Source *src, Graph *g, Node *n)
{
    Tensor *mask = n->in[0]->mask;
    if (attr_bool(n, "masked")) {
        mask = n->in[n->inputs - 1]; /* the file says so itself */
        mask->level = n->depth;
    } else if (mask && !(n->op->recurrent && attr_bool(n, "ignore_mask"))) {
        add_input(g->arena, n, mask);
        set_bool(n, "masked", true);
        n->scope = (Scope){.count = 0};
        if (!infer_node(src, n))
            return false;
    }
    if (!mask || !n->op->recurrent)
        return true;
    if (attr_bool(n, "return_sequences"))
        n->out->mask = mask;
    return !attr_bool(n, "masked") || !attr_bool(n, "zero_output_for_mask") ||
           zero_outputs(src, g, n, mask);
}

/* ---- Attention ----------------------------------------------------------- */

/* The values that count: where the keys have a mask of their own that a layer
 * reads, those of both. Comes before n, which reads it. */
static bool attended(const Walk *w, Node *n, Tensor **out, bool *unsure)
{
    Tensor *value = live_mask(w, n, 1, unsure), *key = NULL;
    if (n->op->attends && n->inputs == 3)
        key = live_mask(w, n, 2, unsure);
    *out = value ? value : key;
    if (value && key && value != key)
        *out = add(w->src, w->g, "Minimum",
                   arena_printf(w->g->arena, "%s/mask", n->name), n,
                   (Tensor *[]){value, key}, 2);
    return *out || (!value && !key);
}

static bool attend(const Walk *w, Node *n)
{
    bool unsure = false;
    if (attr_bool(n, "masked") || attr_bool(n, "query_masked"))
        return true; /* the file says so itself */
    Tensor *query = live_mask(w, n, 0, &unsure), *mask;
    if (!attended(w, n, &mask, &unsure))
        return false;
    if (unsure) {
        error_at(w->src, &n->at,
                 "the mask that %s reads depends on the order in which Keras 3 "
                 "runs layers: a MultiHeadAttention takes it away",
                 n->op->name);
        return false;
    }
    if (query)
        add_input(w->g->arena, n, query);
    if (mask)
        add_input(w->g->arena, n, mask);
    set_bool(n, "query_masked", query != NULL);
    set_bool(n, "masked", mask != NULL);
    if (!query && !mask)
        return true;
    n->scope = (Scope){.count = 0};
    return infer_node(w->src, n);
}

/* ---- The walk ------------------------------------------------------------ */

static bool refuse(const Source *src, const Node *n)
{
    for (int i = 0; i < n->inputs; i++)
        if (n->in[i]->mask) {
            error_at(src, &n->at, "%s with a masked input is not supported",
                     n->op->name);
            return false;
        }
    return true;
}

/* What tells whether timesteps count tells it of as many, and of each apart. */
static bool fits_slices(const Source *src, const Node *n, const Tensor *mask)
{
    if (mask->shape.rank == n->depth + 2)
        return true;
    error_at(src, &n->at,
             "%s inside %d TimeDistributed with a mask %s: slices of that are "
             "no mask [timesteps, 1], and Keras fails",
             n->op->name, n->depth, shape_text(src->arena, &mask->shape));
    return false;
}

/* A mask from outside is what the slices inside get slices of, if they read
 * it; it stays what it is, whatever the layer does with each of them. */
static bool lead_slices(const Source *src, Graph *g, Node *n)
{
    Tensor *outer = n->in[0]->mask;
    Tensor *made = n->op->make_mask ? n->op->make_mask(g, n) : NULL;
    if (made && made != outer) {
        error_at(src, &n->at,
                 "a mask that %s makes inside a TimeDistributed of masked "
                 "timesteps is not supported",
                 n->op->name);
        return false;
    }
    if (n->op->masks == MASK_READ &&
        !(fits_slices(src, n, outer) && read_mask(src, g, n)))
        return false;
    n->out->mask = outer;
    return true;
}

/* What was made inside a TimeDistributed is not known outside. */
static void leave_inner(const Node *n)
{
    for (int i = 0; i < n->inputs; i++)
        if (n->in[i]->mask && n->in[i]->mask->level > n->depth)
            n->in[i]->mask = NULL;
}

static bool lead(const Source *src, Graph *g, Node *n)
{
    leave_inner(n);
    Tensor *mask = n->inputs ? n->in[0]->mask : NULL; /* a Constant has none */
    if (mask && mask->level < n->depth)
        return lead_slices(src, g, n);
    Tensor *made = n->op->make_mask ? n->op->make_mask(g, n) : NULL;
    if (made)
        n->out->mask = made;
    if (made && made->from && made->shape.rank == 0) {
        node_distribute(made->from, n->depth);
        made->level = n->depth;
    }
    if (made && made->shape.rank == 0 && !infer_node(src, made->from))
        return false;
    switch (n->op->masks) {
    case MASK_ATTENDED:
        n->out->mask = mask;
        return n->depth == 0 || refuse(src, n);
    case MASK_KEPT:
        if (n->out->shape.rank > n->depth + 1)
            n->out->mask = mask;
        return true;
    case MASK_JOINED:
        return join(src, g, n);
    case MASK_READ:
        return read_mask(src, g, n);
    case MASK_REFUSED:
        return refuse(src, n);
    case MASK_DROPPED:
        break;
    }
    return true;
}

static Walk start(const Source *src, Graph *g)
{
    Walk w = {.g = g, .src = src, .nodes = 0};
    w.node = arena_alloc(g->arena, (size_t)g->nodes + 1, sizeof *w.node);
    for (Node *n = g->first; n; n = n->next)
        w.node[w.nodes++] = n;
    return w;
}

/* In TensorFlow.js 4 the mask that a layer reads stays an argument for all that
 * run later: a recurrence behind a Reshape is masked, though Reshape hands no
 * mask on, and one beside it, if it comes later. */
static bool check_leaks(const Source *src, const Graph *g)
{
    bool made = false, ok = true;
    for (const Node *n = g->first; n; n = n->next)
        made |= n->out->mask != NULL;
    for (const Node *n = g->first; n && made && g->masks_leak; n = n->next)
        if (n->op->recurrent && n->depth == 0 && !attr_bool(n, "masked")) {
            error_at(src, &n->at,
                     "no mask leads to this %s, but TensorFlow.js gives it the "
                     "one of another layer, depending on their order",
                     n->op->name);
            ok = false;
        }
    return ok;
}

/* The list is taken apart and put together again, with what is made after
 * its maker. */
bool insert_masks(const Source *src, Graph *g)
{
    Walk w = start(src, g);
    bool ok = true;
    g->first = g->last = NULL;
    g->nodes = 0;
    for (int i = 0; i < w.nodes; i++) {
        Node *n = w.node[i];
        if (n->op->masks == MASK_ATTENDED && n->depth == 0)
            ok &= attend(&w, n);
        graph_put(g, n);
        ok &= lead(src, g, n);
        lead_live(&w, n);
    }
    return ok && check_leaks(src, g);
}
