/* ops/constant.c -- numbers that depend on no input: what a Functional model
 * adds or multiplies by, first states that are given.
 *
 *   y = value */

#include "../rnnc.h"

#include <string.h>

/* As its value; passes/fold_constants.c makes more of them. */
static bool infer(const Source *src, Node *n)
{
    const Weight *value = weight_of(n, "value");
    if (value->shape.rank == 0) {
        error_at(src, &value->at, "a constant has at least one dimension");
        return false;
    }
    n->out->shape = value->shape;
    return true;
}

static void eval(const Eval *e)
{
    memcpy(e->out, weight_of(e->node, "value")->data,
           (size_t)shape_size(&e->out_shape) * sizeof *e->out);
}

const Op op_constant = {
    .name = "Constant",
    .doc = "numbers that depend on no input",
    .weights = {{"value", NULL}},
    .infer = infer,
    .template = "constant.c.lt",
    .eval = eval,
};
