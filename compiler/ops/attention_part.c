/* ops/attention_part.c -- AttentionPart: the output of an attention layer, or
 * its weights, out of the one vector that return_attention_scores makes. How
 * long either is, the attention layer knows that made the vector. */

#include "attention.h"
#include "move.h"

#include <string.h>

enum { WEIGHTS = 1 };
static const char *const parts[] = {"output", "weights", NULL};

static bool has_weights(const Op *op)
{
    for (int i = 0; i < MAX_ATTRS && op->attrs[i].name; i++)
        if (strcmp(op->attrs[i].name, "return_attention_scores") == 0)
            return true;
    return false;
}

static bool infer(const Source *src, Node *n)
{
    const Node *maker = n->in[0]->from;
    if (!maker || !has_weights(maker->op) ||
        !attr_bool(maker, "return_attention_scores")) {
        error_at(src, &n->at,
                 "%s needs an attention layer with return_attention_scores",
                 n->op->name);
        return false;
    }
    int timesteps = maker->seen[0].dim[0], keys = maker->seen[1].dim[0],
        heads = (int)attention_size(maker, "num_heads");
    int weights = (heads ? heads : 1) * timesteps * keys;
    int output = n->seen[0].dim[0] - weights;
    bool second = attr_int(n, "part") == WEIGHTS;
    Move m = {.first_from = second ? output : 0};
    n->out->shape = (Shape){2, {timesteps, output / timesteps}};
    if (second)
        n->out->shape = heads ? (Shape){3, {heads, timesteps, keys}}
                              : (Shape){2, {timesteps, keys}};
    move_axis(&m, second ? weights : output, 1, 1);
    move_bind(n, &m);
    return true;
}

static Tensor *make_mask(Graph *g, Node *n)
{
    (void)g;
    return attr_int(n, "part") == WEIGHTS ? NULL : n->in[0]->mask;
}

const Op op_attention_part = {
    .name = "AttentionPart",
    .doc = "output or weights of a layer with return_attention_scores",
    .attrs = {{"part", ATTR_CHOICE, .choices = parts}},
    .input = "features",
    .infer = infer,
    .make_mask = make_mask,
    MOVE,
};
