/* passes/drop_unused.c -- remove the nodes that no output depends on.
 *
 * A layer that is described but not used costs nothing then. Model inputs
 * stay parameters even when nothing reads them: the signature is the user's.
 * Comes after infer_shapes, so that its faults are still reported. */

#include "../rnnc.h"

static bool used(const Graph *g, const Node *node)
{
    for (int i = 0; i < g->outputs; i++)
        if (g->output[i] == node->out)
            return true;
    for (const Node *n = node->next; n; n = n->next)
        for (int i = 0; i < n->inputs; i++)
            if (n->in[i] == node->out)
                return true;
    return false;
}

/* From the end, so that the readers of a node are settled before it is. */
static Node *keep(Graph *g, Node *n)
{
    if (!n)
        return NULL;
    n->next = keep(g, n->next);
    if (used(g, n)) {
        if (!n->next)
            g->last = n;
        return n;
    }
    g->nodes--;
    return n->next;
}

bool drop_unused(const Source *src, Graph *g)
{
    (void)src;
    g->last = NULL;
    g->first = keep(g, g->first);
    return true;
}
