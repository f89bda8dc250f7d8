/* ops/activation.c -- an activation function as a layer of its own.
 *
 *   y[f] = activation(x[f]),   softmax over the last axis */

#include "../rnnc.h"

static void eval(const Eval *e)
{
    int64_t features = e->in_shape[0].dim[e->in_shape[0].rank - 1];
    int64_t rows = shape_size(&e->out_shape) / features;

    eval_copy(e);
    for (int64_t r = 0; r < rows; r++)
        activation_eval(&attr_of(e->node, "activation")->activation,
                        e->out + r * features, features);
}

static const char *no_stream(const Node *n)
{
    const Activation *a = &attr_of(n, "activation")->activation;
    return a->row->eval_all && n->seen[0].rank < 2
               ? "its activation is over all timesteps"
               : NULL;
}

const Op op_activation = {
    .name = "Activation",
    .doc = "an activation function on every element",
    .attrs = {{"activation", ATTR_ACTIVATION}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "..., features",
    .output = "..., features",
    .becomes = BECOMES_ACTIVATION,
    .template = "activation.c.lt",
    .no_stream = no_stream,
    .masks = MASK_KEPT,
    .eval = eval,
};
