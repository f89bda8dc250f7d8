/* passes/fold_layers.c -- layers that become part of the one before.
 *
 *   BatchNormalization after Dense or a convolution
 *     (x kernel + bias) factor + shift
 *       = x (kernel factor) + (bias factor + shift)
 *   an activation layer after one whose own activation is linear
 *
 * Only where nothing else reads what stands between, and where the products
 * are floats still. Computed in float64; what stands in the C is rounded once,
 * as every weight is. Comes last, for code only: --run, --emit=json and the
 * pictures have the layers that the model has. */

#include "../rnnc.h"

#include <float.h>
#include <math.h>

/* The layer in front, if n alone reads it and it can take a layer in. */
static Node *host_of(const Graph *g, const Node *n)
{
    Node *host = n->inputs == 1 ? n->in[0]->from : NULL;
    if (!host || !host->op->takes_in.weight ||
        host->distributed != n->distributed ||
        !activation_is_linear(&attr_of(host, "activation")->activation))
        return NULL;
    int readers = 0;
    for (const Node *m = g->first; m; m = m->next)
        for (int i = 0; i < m->inputs; i++)
            readers += m->in[i] == host->out;
    for (int i = 0; i < g->outputs; i++)
        readers += g->output[i] == host->out;
    return readers == 1 ? host : NULL;
}

/* ---- Factors and shifts -------------------------------------------------- */

/* to[r][c] = from[r][c] factor[c]; false if floats are too small for that. */
static bool scale(const double *factor, int64_t columns, const Weight *from,
                  double *to)
{
    bool fits = true;
    for (int64_t i = 0; i < shape_size(&from->shape); i++) {
        to[i] = from->data[i] * factor[i % columns];
        fits &= fabs(to[i]) <= (double)FLT_MAX;
    }
    return fits;
}

/* Whether n is a factor and a shift for each of the host's columns, which are
 * then those of new weights. */
static bool fold_factor(Arena *a, Node *host, const Node *n)
{
    const Weight *factor = weight_of(n, "factor"), *kernel;
    const Weight *shift = weight_of(n, "shift");
    Weight *bias = &host->weight[weight_of(host, "bias") - host->weight];
    kernel = weight_of(host, host->op->takes_in.weight);
    int64_t columns = 1;
    for (int i = 1; i <= host->op->takes_in.axes; i++)
        columns *= kernel->shape.dim[kernel->shape.rank - i];
    const Shape *out = &host->out->shape; /* of more, where there are groups */
    if (out->dim[out->rank - 1] != columns ||
        shape_size(&factor->shape) != columns)
        return false;
    double *product = arena_alloc(a, (size_t)shape_size(&kernel->shape),
                                  sizeof *product);
    if (!scale(factor->data, columns, kernel, product))
        return false;
    const double *before = bias->data;
    double *sum = weight_derive(a, host, "bias");
    for (int64_t i = 0; i < columns; i++)
        sum[i] = (before ? before[i] * factor->data[i] : 0) + shift->data[i];
    host->weight[kernel - host->weight].data = product;
    host->weight[kernel - host->weight].wide = true;
    return true;
}

/* ---- The pass ------------------------------------------------------------ */

static void fold_activation(Node *host, const Node *n)
{
    host->attr[attr_of(host, "activation") - host->attr].activation =
        attr_of(n, "activation")->activation;
}

/* n->out becomes the host's, n leaves the list. */
static void join(Graph *g, Node *host, Node *n)
{
    host->out = n->out;
    host->out->from = host;
    host->folded = host->folded ? arena_printf(g->arena, "%s, %s", host->folded,
                                               n->op->name)
                                : n->op->name;
    Node *before = g->first;
    while (before->next != n)
        before = before->next;
    before->next = n->next;
    if (!n->next)
        g->last = before;
    g->nodes--;
}

bool fold_layers(const Source *src, Graph *g)
{
    (void)src;
    for (Node *n = g->first, *next; n; n = next) {
        next = n->next;
        Node *host = n->op->becomes ? host_of(g, n) : NULL;
        if (!host)
            continue;
        bool activates = n->op->becomes == BECOMES_ACTIVATION;
        if (activates &&
            activation_is_linear(&attr_of(n, "activation")->activation))
            continue; /* nothing, or no activation with a name */
        if (activates)
            fold_activation(host, n);
        else if (!n->op->on_columns(n) || !fold_factor(g->arena, host, n))
            continue;
        join(g, host, n);
    }
    return true;
}
