/* ops/move.c -- layers that only move elements: ZeroPadding, Cropping,
 * UpSampling (nearest), RepeatVector, Permute.
 *
 * All of them are one copy over up to five axes,
 *
 *   y[to + i0 t0 + i1 t1 + ...] = x[from + i0 f0 + i1 f1 + ...]
 *
 * with zeros elsewhere where there is an elsewhere. A stride f of 0 repeats.
 * The row's infer function fills in a Move; the template and eval() read it
 * from the scope, as from_0, to_0, count_0 and so on. */

#include "../rnnc.h"

#include <assert.h>
#include <string.h>

enum { MAX_AXES = 5 };

typedef struct Move {
    int axes;
    int64_t count[MAX_AXES], from[MAX_AXES], to[MAX_AXES];
    int64_t first_from, first_to;
} Move;

/* Names that live as long as the program. */
static const char *const names[3][MAX_AXES] = {
    {"count_0", "count_1", "count_2", "count_3", "count_4"},
    {"from_0", "from_1", "from_2", "from_3", "from_4"},
    {"to_0", "to_1", "to_2", "to_3", "to_4"}};

static void bind_move(Node *n, const Move *m)
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

static void add_axis(Move *m, int64_t count, int64_t from, int64_t to)
{
    assert(m->axes < MAX_AXES);
    m->count[m->axes] = count;
    m->from[m->axes] = from;
    m->to[m->axes++] = to;
}

static void strides(const Shape *s, int64_t *out)
{
    int64_t stride = 1;
    for (int i = s->rank - 1; i >= 0; i--) {
        out[i] = stride;
        stride *= s->dim[i];
    }
}

static bool fixed_input(const Source *src, const Node *n)
{
    if (shape_fixed(&n->in[0]->shape))
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

static void eval(const Eval *e)
{
    const Node *n = e->node;
    int64_t axes = scope_get(n, "axes"), at[MAX_AXES] = {0}, total = 1;
    memset(e->out, 0, (size_t)shape_size(&e->out_shape) * sizeof *e->out);
    for (int i = 0; i < axes; i++)
        total *= scope_get(n, names[0][i]);
    for (int64_t k = 0; k < total; k++) {
        int64_t from = scope_get(n, "first_from"),
                to = scope_get(n, "first_to");
        for (int i = 0; i < axes; i++) {
            from += at[i] * scope_get(n, names[1][i]);
            to += at[i] * scope_get(n, names[2][i]);
        }
        e->out[to] = e->in[0][from];
        for (int64_t i = axes - 1;
             i >= 0 && ++at[i] == scope_get(n, names[0][i]); i--)
            at[i] = 0;
    }
}

static const char *no_stream(const Node *n)
{
    (void)n;
    return "it moves elements between timesteps";
}

/* ---- ZeroPadding and Cropping -------------------------------------------- */

/* How much at the start and the end of spatial axis `axis` of `axes`: one
 * number for all; for one axis a pair; for two a number or a pair each. */
static bool read_sides(const Source *src, const Node *n, const char *attr,
                       int axis, int axes, int side[2])
{
    const Shape *list = &attr_of(n, attr)->shape;
    int pairs = list->rank == 2 * axes;
    if (list->rank != 1 && list->rank != axes && !pairs) {
        error_at(src, &n->at, "expected 1%s or %d numbers for \"%s\", got %d",
                 axes == 2 ? ", 2" : "", 2 * axes, attr, list->rank);
        return false;
    }
    for (int i = 0; i < 2; i++)
        side[i] = pairs             ? list->dim[2 * axis + i]
                  : list->rank == 1 ? list->dim[0]
                                    : list->dim[axis];
    return true;
}

/* grow: 1 pads y around x, -1 cuts y out of x. */
static bool infer_sides(const Source *src, Node *n, const char *attr, int grow)
{
    const Shape *in = &n->in[0]->shape;
    Shape *out = &n->out->shape;
    int axes = in->rank - 1, side[2][2];
    int64_t from[MAX_AXES], to[MAX_AXES];
    Move m = {0};
    if (!fixed_input(src, n))
        return false;
    *out = *in;
    for (int i = 0; i < axes; i++) {
        if (!read_sides(src, n, attr, i, axes, side[i]))
            return false;
        int64_t size = in->dim[i] + grow * ((int64_t)side[i][0] + side[i][1]);
        if (size < 1 || size > MAX_DIM) {
            error_at(src, &n->at, "nothing would be left of %d", in->dim[i]);
            return false;
        }
        out->dim[i] = (int)size;
    }
    strides(in, from);
    strides(out, to);
    for (int i = 0; i < in->rank; i++)
        add_axis(&m, grow > 0 ? in->dim[i] : out->dim[i], from[i], to[i]);
    for (int i = 0; i < axes; i++) {
        m.first_to += grow > 0 ? side[i][0] * to[i] : 0;
        m.first_from += grow > 0 ? 0 : side[i][0] * from[i];
    }
    bind_move(n, &m);
    return true;
}

static bool infer_padding(const Source *src, Node *n)
{
    return infer_sides(src, n, "padding", 1);
}

static bool infer_cropping(const Source *src, Node *n)
{
    return infer_sides(src, n, "cropping", -1);
}

#define MOVE                                                                   \
    .min_inputs = 1, .max_inputs = 1, .no_stream = no_stream,                  \
    .template = "move.c.lt", .eval = eval

const Op op_zero_padding_1d = {
    .name = "ZeroPadding1D",
    .doc = "zeros before the first timestep and behind the last",
    .attrs = {{"padding", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "1"}},
    .input = "timesteps, features",
    .infer = infer_padding,
    MOVE,
};

const Op op_zero_padding_2d = {
    .name = "ZeroPadding2D",
    .doc = "a frame of zeros",
    .attrs = {{"padding", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "1"}},
    .input = "rows, columns, features",
    .infer = infer_padding,
    MOVE,
};

const Op op_cropping_1d = {
    .name = "Cropping1D",
    .doc = "without some timesteps at the start and the end",
    .attrs = {{"cropping", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "1"}},
    .input = "timesteps, features",
    .infer = infer_cropping,
    MOVE,
};

const Op op_cropping_2d = {
    .name = "Cropping2D",
    .doc = "without some rows and columns at the edges",
    .attrs = {{"cropping", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "0"}},
    .input = "rows, columns, features",
    .infer = infer_cropping,
    MOVE,
};

/* ---- UpSampling ---------------------------------------------------------- */

/* Each element of x becomes a block of size[0] x size[1]. */
static bool infer_up(const Source *src, Node *n)
{
    const Shape *in = &n->in[0]->shape, *size = &attr_of(n, "size")->shape;
    Shape *out = &n->out->shape;
    int axes = in->rank - 1;
    int64_t from[MAX_AXES], to[MAX_AXES];
    Move m = {0};
    if (!fixed_input(src, n))
        return false;
    if (size->rank != 1 && size->rank != axes) {
        error_at(src, &n->at, "expected one number%s for \"size\", got %d",
                 axes == 2 ? " or 2" : "", size->rank);
        return false;
    }
    *out = *in;
    for (int i = 0; i < axes; i++) {
        int64_t dim = (int64_t)in->dim[i] * attr_item(n, "size", i);
        out->dim[i] = dim > MAX_DIM ? MAX_DIM + 1 : (int)dim;
    }
    strides(in, from);
    strides(out, to);
    for (int i = 0; i < axes; i++) {
        int times = attr_item(n, "size", i);
        add_axis(&m, in->dim[i], from[i], to[i] * times);
        add_axis(&m, times, 0, to[i]);
    }
    add_axis(&m, in->dim[axes], 1, 1);
    bind_move(n, &m);
    return true;
}

const Op op_up_sampling_1d = {
    .name = "UpSampling1D",
    .doc = "every timestep several times",
    .attrs = {{"size", ATTR_LIST, .min = 1, .max = MAX_DIM, .fallback = "2"}},
    .input = "timesteps, features",
    .infer = infer_up,
    MOVE,
};

static const char *const interpolations[] = {"nearest", NULL};

const Op op_up_sampling_2d = {
    .name = "UpSampling2D",
    .doc = "every element as a block of several",
    .attrs = {{"size", ATTR_LIST, .min = 1, .max = MAX_DIM, .fallback = "2"},
              {"interpolation", ATTR_CHOICE, .choices = interpolations,
               .fallback = "\"nearest\""}},
    .input = "rows, columns, features",
    .infer = infer_up,
    MOVE,
};

/* ---- RepeatVector -------------------------------------------------------- */

static bool infer_repeat(const Source *src, Node *n)
{
    int times = attr_int(n, "n"), features = n->in[0]->shape.dim[0];
    Move m = {0};
    (void)src;
    n->out->shape = (Shape){2, {times, features}};
    add_axis(&m, times, 0, features);
    add_axis(&m, features, 1, 1);
    bind_move(n, &m);
    return true;
}

const Op op_repeat_vector = {
    .name = "RepeatVector",
    .doc = "a vector, once for each timestep of a new sequence",
    .attrs = {{"n", ATTR_INT, .min = 1, .max = MAX_DIM}},
    .input = "features",
    .infer = infer_repeat,
    MOVE,
};

/* ---- Permute ------------------------------------------------------------- */

/* dims counts as Keras counts, from 1: dims[i] is where axis i comes from. */
static bool infer_permute(const Source *src, Node *n)
{
    const Shape *in = &n->in[0]->shape, *dims = &attr_of(n, "dims")->shape;
    int64_t from[MAX_RANK], to[MAX_RANK];
    unsigned seen = 0;
    Move m = {0};
    if (!fixed_input(src, n))
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
    strides(in, from);
    strides(&n->out->shape, to);
    for (int i = 0; i < in->rank; i++)
        add_axis(&m, n->out->shape.dim[i], from[dims->dim[i] - 1], to[i]);
    bind_move(n, &m);
    return true;
}

const Op op_permute = {
    .name = "Permute",
    .doc = "the axes in another order",
    .attrs = {{"dims", ATTR_LIST, .min = 1, .max = MAX_RANK}},
    .input = "...",
    .infer = infer_permute,
    MOVE,
};
