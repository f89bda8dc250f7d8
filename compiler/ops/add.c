/* ops/add.c -- the elementwise sum of tensors, broadcast as Keras does:
 * a shape of lower rank gets leading ones, and a 1 stretches. */

#include "../rnnc.h"

static int dim_from_end(const Shape *s, int i)
{
    return i < s->rank ? s->dim[s->rank - 1 - i] : 1;
}

static bool infer(const Source *src, Node *n)
{
    Shape out = n->in[0]->shape;
    for (int k = 1; k < n->inputs; k++) {
        const Shape *in = &n->in[k]->shape;
        Shape sum = {.rank = in->rank > out.rank ? in->rank : out.rank};
        for (int i = 0; i < sum.rank; i++) {
            int a = dim_from_end(&out, i), b = dim_from_end(in, i);
            if (a != b && a != 1 && b != 1) {
                error_at(src, &n->at, "cannot add shapes %s and %s",
                         shape_text(src->arena, &out),
                         shape_text(src->arena, in));
                return false;
            }
            sum.dim[sum.rank - 1 - i] = a == 1 ? b : a;
        }
        out = sum;
    }
    n->out->shape = out;
    return true;
}

/* An input of lower rank, or of one timestep, is the same at every step;
 * that is only known to be so where it has no time axis of its own. */
static const char *no_stream(const Node *n)
{
    for (int k = 0; k < n->inputs; k++)
        if (n->in[k]->time == TIME_EACH &&
            (n->in[k]->shape.rank < n->out->shape.rank ||
             n->in[k]->shape.dim[0] != n->out->shape.dim[0]))
            return "it spreads one timestep over others";
        else if (n->in[k]->time == TIME_NONE &&
                 n->in[k]->shape.rank == n->out->shape.rank &&
                 n->in[k]->shape.dim[0] != 1)
            return "it adds a tensor that has timesteps of its own";
    return NULL;
}

/* Where element `at` of the output comes from in an input. */
static int64_t source(const Shape *out, const Shape *in, int64_t at)
{
    int64_t index = 0, stride = 1;
    for (int i = 0; i < out->rank; i++) {
        int size = dim_from_end(out, i), own = dim_from_end(in, i);
        if (own != 1)
            index += at % size * stride;
        stride *= own;
        at /= size;
    }
    return index;
}

static void eval(const Eval *e)
{
    int64_t size = shape_size(&e->out_shape);
    for (int64_t i = 0; i < size; i++) {
        double sum = 0;
        for (int k = 0; k < e->node->inputs; k++)
            sum += e->in[k][source(&e->out_shape, &e->in_shape[k], i)];
        e->out[i] = sum;
    }
}

const Op op_add = {
    .name = "Add",
    .doc = "the elementwise sum, with broadcasting",
    .min_inputs = 2,
    .max_inputs = MAX_PORTS,
    .input = "...",
    .template = "add.c.lt",
    .infer = infer,
    .no_stream = no_stream,
    .eval = eval,
};
