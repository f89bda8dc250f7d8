/* passes/derive_weights.c -- weights that no file has, computed once from those
 * that are there, in float64: a BatchNormalization becomes a factor and a
 * shift for each feature. The originals stay, for the interpreter and for
 * --emit=json. */

#include "../rnnc.h"

bool derive_weights(const Source *src, Graph *g)
{
    (void)src;
    for (Node *n = g->first; n; n = n->next)
        if (n->op->derive)
            n->op->derive(g->arena, n);
    return true;
}
