/* ops/time_distributed.c -- a layer applied to every timestep; around another
 * of its kind, to the timesteps of every timestep. What works on the last axis,
 * or element by element, does so already; of the others the node says that it
 * is `distributed`: their functions take one timestep. */

#include "../rnnc.h"

#include <string.h>

static bool is_plain(const Op *op)
{
    return strncmp(op->input, "...", 3) == 0 && op->max_inputs == 1 &&
           !op->infer && !op->bind;
}

void node_distribute(Node *n, int depth)
{
    n->depth = depth;
    n->distributed = is_plain(n->op) ? 0 : depth;
}

static Tensor *lower(const Source *src, Graph *g, const Node *w,
                     Node *const *inner)
{
    (void)src;
    (void)g;
    (void)w;
    node_distribute(inner[0], inner[0]->depth + 1);
    return inner[0]->out;
}

const Op op_time_distributed = {
    .name = "TimeDistributed",
    .doc = "a layer applied to every timestep",
    .min_inputs = 1,
    .max_inputs = MAX_PORTS,
    .inner = {"layer"},
    .lower = lower,
    .nests = true,
};
