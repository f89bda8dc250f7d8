/* ops/time_distributed.c -- a layer applied to every timestep. What works on
 * the last axis, or element by element, does so already. */

#include "../rnnc.h"

#include <string.h>

static Tensor *lower(const Source *src, Graph *g, const Node *w,
                     Node *const *inner)
{
    const Op *op = inner[0]->op;
    (void)g;
    (void)w;
    if (op->input && strncmp(op->input, "...", 3) == 0 && op->max_inputs == 1 &&
        !op->infer)
        return inner[0]->out;
    error_at(src, &inner[0]->at, "TimeDistributed over %s is not supported",
             op->name);
    return NULL;
}

const Op op_time_distributed = {
    .name = "TimeDistributed",
    .doc = "a layer applied to every timestep",
    .min_inputs = 1,
    .max_inputs = 1,
    .inner = {"layer"},
    .lower = lower,
};
