/* ops/time_distributed.c -- a layer applied to every timestep. What works on
 * the last axis, or element by element, does so already; of the others the node
 * says that it is `distributed`: their functions take one timestep. */

#include "../rnnc.h"

#include <string.h>

static bool is_plain(const Op *op)
{
    return strncmp(op->input, "...", 3) == 0 && op->max_inputs == 1 &&
           !op->infer && !op->bind;
}

static Tensor *lower(const Source *src, Graph *g, const Node *w,
                     Node *const *inner)
{
    (void)src;
    (void)g;
    (void)w;
    inner[0]->distributed = !is_plain(inner[0]->op);
    return inner[0]->out;
}

const Op op_time_distributed = {
    .name = "TimeDistributed",
    .doc = "a layer applied to every timestep",
    .min_inputs = 1,
    .max_inputs = MAX_PORTS,
    .inner = {"layer"},
    .lower = lower,
};
