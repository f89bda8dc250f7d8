/* ops/glu.c -- the gated linear unit; Dauphin et al. 2017.
 *
 *   y = a sigmoid(b),   a and b the halves of x along `axis`, which counts as
 * in axes.h. Half an axis and what is inside it lie one after the other in
 * memory, a block; whatever is outside are rows. */

#include "axes.h"

/* Of our shapes, which have no batch. */
static int dimension(const Node *n)
{
    int axis = attr_item(n, "axis", 0);
    return axis < 0 ? axis + n->seen[0].rank : axis - 1;
}

static bool bind(const Source *src, Node *n)
{
    activation_set(n, "sigmoid", 0);
    return axes_bind_one(src, n);
}

static bool infer(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    int d = dimension(n);
    int64_t block = in->dim[d] / 2;
    if (in->dim[d] % 2) {
        error_at(src, &n->at, "GLU halves axis %d, which has %d elements",
                 attr_item(n, "axis", 0), in->dim[d]);
        return false;
    }
    n->out->shape = *in;
    n->out->shape.dim[d] /= 2;
    for (int i = d + 1; i < in->rank; i++)
        block *= in->dim[i];
    scope_bind(&n->scope, "block", block);
    return true;
}

static const char *no_stream(const Node *n)
{
    return axes_along_time(n) ? "it halves the timesteps" : NULL;
}

static void eval(const Eval *e)
{
    const Activation *gate = &attr_of(e->node, "activation")->activation;
    int64_t block = 1, size = shape_size(&e->out_shape);
    scope_find(&e->node->scope, "block", &block);
    for (int64_t i = 0; i < size; i++) {
        const double *a = e->in[0] + i / block * 2 * block + i % block;
        double b = a[block];
        activation_eval(gate, &b, 1);
        e->out[i] = a[0] * b;
    }
}

const Op op_glu = {
    .name = "GLU",
    .doc = "half of an axis, times the sigmoid of the other half",
    .attrs = {AXES_ATTR, {"activation", ATTR_ACTIVATION, .derived = true}},
    .min_inputs = 1,
    .max_inputs = 1,
    .input = "...",
    .bind = bind,
    .infer = infer,
    .template = "glu.c.lt",
    .no_stream = no_stream,
    .masks = MASK_KEPT,
    .eval = eval,
};
