/* ops/move.c -- the copy of move.h; RepeatVector, Permute. */

#include "move.h"

#include <assert.h>
#include <string.h>

/* Names that live as long as the program. */
static const char *const names[3][MAX_AXES] = {
    {"count_0", "count_1", "count_2", "count_3", "count_4"},
    {"from_0", "from_1", "from_2", "from_3", "from_4"},
    {"to_0", "to_1", "to_2", "to_3", "to_4"}};

void move_bind(Node *n, const Move *m)
{
    for (int i = 0; i < m->axes; i++) {
        scope_bind(&n->scope, names[0][i], m->count[i]);
        scope_bind(&n->scope, names[1][i], m->from[i]);
        scope_bind(&n->scope, names[2][i], m->to[i]);
    }
    scope_bind(&n->scope, "axes", m->axes);
    scope_bind(&n->scope, "first_from", m->first_from);
    scope_bind(&n->scope, "first_to", m->first_to);
}

void move_axis(Move *m, int64_t count, int64_t from, int64_t to)
{
    assert(m->axes < MAX_AXES);
    m->count[m->axes] = count;
    m->from[m->axes] = from;
    m->to[m->axes++] = to;
}

void move_strides(const Shape *s, int64_t *out)
{
    int64_t stride = 1;
    for (int i = s->rank - 1; i >= 0; i--) {
        out[i] = stride;
        stride *= s->dim[i];
    }
}

bool move_fixed(const Source *src, const Node *n)
{
    if (shape_fixed(&n->seen[0]))
        return true;
    error_at(src, &n->at, "%s needs a fixed number of timesteps", n->op->name);
    return false;
}

static int64_t scope_get(const Node *n, const char *name)
{
    int64_t value = 0;
    scope_find(&n->scope, name, &value);
    return value;
}

/* Of any number of timesteps those that are in the input and the output. */
static int64_t open_rows(const Eval *e)
{
    int64_t in = e->in_shape[0].dim[0], out = e->out_shape.dim[0];
    return in < out ? in : out;
}

void move_eval(const Eval *e)
{
    const Node *n = e->node;
    int64_t axes = scope_get(n, "axes"), at[MAX_AXES] = {0}, total = 1,
            count[MAX_AXES] = {0};
    for (int i = 0; i < axes; i++)
        count[i] = scope_get(n, names[0][i]);
    memset(e->out, 0, (size_t)shape_size(&e->out_shape) * sizeof *e->out);
    count[0] = count[0] == ANY ? open_rows(e) : count[0];
    for (int i = 0; i < axes; i++)
        total *= count[i];
    for (int64_t k = 0; k < total; k++) {
        int64_t from = scope_get(n, "first_from"),
                to = scope_get(n, "first_to");
        for (int i = 0; i < axes; i++) {
            from += at[i] * scope_get(n, names[1][i]);
            to += at[i] * scope_get(n, names[2][i]);
        }
        e->out[to] = e->in[0][from];
        for (int64_t i = axes - 1; i >= 0 && ++at[i] == count[i]; i--)
            at[i] = 0;
    }
}

const char *move_no_stream(const Node *n)
{
    (void)n;
    return "it moves elements between timesteps";
}

/* ---- RepeatVector -------------------------------------------------------- */

static bool infer_repeat(const Source *src, Node *n)
{
    int times = attr_int(n, "n"), features = n->seen[0].dim[0];
    Move m = {0};
    (void)src;
    n->out->shape = (Shape){2, {times, features}};
    move_axis(&m, times, 0, features);
    move_axis(&m, features, 1, 1);
    move_bind(n, &m);
    return true;
}

const Op op_repeat_vector = {
    .name = "RepeatVector",
    .doc = "a vector, once for each timestep of a new sequence",
    .attrs = {{"n", ATTR_INT, .min = 1, .max = MAX_DIM}},
    .input = "features",
    .infer = infer_repeat,
    .no_stream = move_no_stream,
    MOVE,
};

/* ---- Permute ------------------------------------------------------------- */

/* Without dims: the first axis becomes the last. */
static void default_dims(const Shape *in, Shape *dims)
{
    if (dims->rank > 0)
        return;
    dims->rank = in->rank;
    for (int i = 0; i < in->rank; i++)
        dims->dim[i] = i + 1 < in->rank ? i + 2 : 1;
}

/* dims counts as Keras counts, from 1: dims[i] is where axis i comes from. */
static bool infer_permute(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    Shape *dims = &n->attr[attr_of(n, "dims") - n->attr].shape;
    default_dims(in, dims);
    int64_t from[MAX_RANK], to[MAX_RANK];
    unsigned seen = 0;
    Move m = {0};
    if (!move_fixed(src, n))
        return false;
    for (int i = 0; i < dims->rank; i++)
        if (dims->dim[i] <= in->rank)
            seen |= 1u << dims->dim[i];
    if (dims->rank != in->rank || in->rank > MAX_AXES ||
        seen != (1u << (in->rank + 1)) - 2) {
        error_at(src, &n->at,
                 "expected each of 1 to %d once in \"dims\", and at most %d",
                 in->rank, MAX_AXES);
        return false;
    }
    n->out->shape.rank = in->rank;
    for (int i = 0; i < in->rank; i++)
        n->out->shape.dim[i] = in->dim[dims->dim[i] - 1];
    move_strides(in, from);
    move_strides(&n->out->shape, to);
    for (int i = 0; i < in->rank; i++)
        move_axis(&m, n->out->shape.dim[i], from[dims->dim[i] - 1], to[i]);
    move_bind(n, &m);
    return true;
}

const Op op_permute = {
    .name = "Permute",
    .doc = "the axes in another order",
    .attrs = {{"dims", ATTR_LIST, .min = 1, .max = MAX_RANK,
               .fallback = "null"}},
    .input = "...",
    .infer = infer_permute,
    .no_stream = move_no_stream,
    MOVE,
};
