/* ops/slice.c -- elements from..to of an axis, every step-th: x[:, 1:-1].
 *
 *   y[r][i][f] = x[r][from + i step][f]
 *
 * from and to count as in Python: negative ones from the end, which to 0 is.
 * `axis` counts as Keras counts: 1 is the first dimension of our shapes. */

#include "../rnnc.h"

static int axis_of(const Node *n)
{
    int axis = attr_int(n, "axis");
    return axis < 0 ? axis + n->seen[0].rank : axis - 1;
}

/* The last timestep of several is what those so far amount to, whatever their
 * number is. */
static bool gathers(const Node *n)
{
    return axis_of(n) == 0 && n->seen[0].rank > 1 &&
           attr_int(n, "from") == -1 && attr_int(n, "to") == 0;
}

static bool check(const Source *src, const Node *n)
{
    const Shape *in = &n->seen[0];
    int axis = axis_of(n);
    if (axis < 0 || axis >= in->rank || attr_int(n, "axis") == 0) {
        error_at(src, &n->at,
                 "axis %d is none of the input, which has shape %s: 1 is its "
                 "first, -1 its last",
                 attr_int(n, "axis"), shape_text(src->arena, in));
        return false;
    }
    if (in->dim[axis] == ANY && !node_gathers(n)) {
        error_at(src, &n->at,
                 "of any number of timesteps Slice takes the last one only, "
                 "from -1");
        return false;
    }
    return true;
}

static bool infer(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    int64_t from = attr_int(n, "from"), to = attr_int(n, "to"), inner = 1;
    if (!check(src, n))
        return false;
    int axis = axis_of(n), size = in->dim[axis] == ANY ? 1 : in->dim[axis];
    from += from < 0 ? size : 0;
    to += to <= 0 ? size : 0;
    if (from < 0 || from >= to || to > size) {
        error_at(src, &n->at, "there are no elements %d to %d of %d",
                 attr_int(n, "from"), attr_int(n, "to"), size);
        return false;
    }
    for (int d = axis + 1; d < in->rank; d++)
        inner *= in->dim[d];
    int step = attr_int(n, "step");
    n->out->shape = *in;
    n->out->shape.dim[axis] = (int)((to - from + step - 1) / step);
    scope_bind(&n->scope, "count", n->out->shape.dim[axis]);
    scope_bind(&n->scope, "of", size);
    scope_bind(&n->scope, "first", from);
    scope_bind(&n->scope, "inner", inner);
    return true;
}

static const char *no_stream(const Node *n)
{
    return axis_of(n) == 0 && !node_gathers(n)
               ? "it takes some of the timesteps"
               : NULL;
}

/* return_state puts a sequence first, which keeps its mask; states have none.
 */
static Tensor *make_mask(Graph *g, Node *n)
{
    (void)g;
    return n->seen[0].rank == 1 && attr_int(n, "from") == 0 ? n->in[0]->mask
                                                            : NULL;
}

static int64_t scope_get(const Node *n, const char *name)
{
    int64_t value = 0;
    scope_find(&n->scope, name, &value);
    return value;
}

static void eval(const Eval *e)
{
    const Node *n = e->node;
    int axis = axis_of(n);
    int64_t of = e->in_shape[0].dim[axis], count = e->out_shape.dim[axis],
            inner = scope_get(n, "inner"), step = attr_int(n, "step");
    int64_t first = node_gathers(n) ? of - 1 : scope_get(n, "first");
    int64_t rows = shape_size(&e->out_shape) / (count * inner);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < count; i++)
            for (int64_t f = 0; f < inner; f++)
                e->out[(r * count + i) * inner + f] =
                    e->in[0][(r * of + first + i * step) * inner + f];
}

const Op op_slice = {
    .name = "Slice",
    .doc = "elements from..to of an axis; negative: from the end, which 0 is",
    .attrs = {{"from", ATTR_INT, .min = -MAX_DIM, .max = MAX_DIM},
              {"to", ATTR_INT, .min = -MAX_DIM, .max = MAX_DIM,
               .fallback = "0"},
              {"step", ATTR_INT, .min = 1, .max = MAX_DIM, .fallback = "1"},
              {"axis", ATTR_INT, .min = -MAX_RANK, .max = MAX_RANK,
               .fallback = "1"}},
    .input = "...",
    .min_inputs = 1,
    .max_inputs = 1,
    .gathers = gathers,
    .state = {{"last", "the last timestep", "inner"}},
    .make_mask = make_mask,
    .infer = infer,
    .no_stream = no_stream,
    .template = "slice.c.lt",
    .eval = eval,
};
