/* ops/move_space.c -- ZeroPadding, Cropping, UpSampling: see move.h. */

#include "move.h"

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
    const Shape *in = &n->seen[0];
    Shape *out = &n->out->shape;
    int axes = in->rank - 1, side[2][2];
    int64_t from[MAX_AXES], to[MAX_AXES];
    Move m = {0};
    if (axes > 1 && !move_fixed(src, n))
        return false;
    *out = *in;
    for (int i = 0; i < axes; i++) {
        if (!read_sides(src, n, attr, i, axes, side[i]))
            return false;
        if (in->dim[i] == ANY)
            continue;
        int64_t size = in->dim[i] + grow * ((int64_t)side[i][0] + side[i][1]);
        if (size < 1) {
            error_at(src, &n->at, "nothing would be left of %d", in->dim[i]);
            return false;
        }
        out->dim[i] = (int)size;
    }
    move_strides(in, from);
    move_strides(out, to);
    for (int i = 0; i < in->rank; i++)
        move_axis(&m, grow > 0 ? in->dim[i] : out->dim[i], from[i], to[i]);
    for (int i = 0; i < axes; i++) {
        m.first_to += grow > 0 ? side[i][0] * to[i] : 0;
        m.first_from += grow > 0 ? 0 : side[i][0] * from[i];
    }
    move_bind(n, &m);
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

/* The same, of one dimension: what stands behind. */
static int attr_last(const Node *n, const char *name)
{
    const Shape *list = &attr_of(n, name)->shape;
    return list->dim[list->rank - 1];
}

/* Of one dimension: timesteps are as they were, only their numbers change. */
static const char *padding_window(const Node *n, Window *w)
{
    w->before = attr_item(n, "padding", 0);
    w->behind = attr_last(n, "padding");
    return NULL;
}

static const char *cropping_window(const Node *n, Window *w)
{
    w->before = -attr_item(n, "cropping", 0);
    w->behind = -attr_last(n, "cropping");
    return NULL;
}

const Op op_zero_padding_1d = {
    .name = "ZeroPadding1D",
    .doc = "zeros before the first timestep and behind the last",
    .attrs = {{"padding", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "1"}},
    .input = "timesteps, features",
    .infer = infer_padding,
    .window = padding_window,
    MOVE,
};

const Op op_zero_padding_2d = {
    .name = "ZeroPadding2D",
    .doc = "a frame of zeros",
    .attrs = {{"padding", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "1"}},
    .input = "rows, columns, features",
    .infer = infer_padding,
    .no_stream = move_no_stream,
    MOVE,
};

const Op op_cropping_1d = {
    .name = "Cropping1D",
    .doc = "without some timesteps at the start and the end",
    .attrs = {{"cropping", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "1"}},
    .input = "timesteps, features",
    .infer = infer_cropping,
    .window = cropping_window,
    MOVE,
};

const Op op_cropping_2d = {
    .name = "Cropping2D",
    .doc = "without some rows and columns at the edges",
    .attrs = {{"cropping", ATTR_LIST, .min = 0, .max = MAX_DIM,
               .fallback = "0"}},
    .input = "rows, columns, features",
    .infer = infer_cropping,
    .no_stream = move_no_stream,
    MOVE,
};

/* ---- UpSampling ---------------------------------------------------------- */

/* Each element of x becomes a block of size[0] x size[1]. */
bool move_up(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0], *size = &attr_of(n, "size")->shape;
    Shape *out = &n->out->shape;
    int axes = in->rank - 1;
    int64_t from[MAX_AXES], to[MAX_AXES];
    Move m = {0};
    if (!move_fixed(src, n))
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
    move_strides(in, from);
    move_strides(out, to);
    for (int i = 0; i < axes; i++) {
        int times = attr_item(n, "size", i);
        move_axis(&m, in->dim[i], from[i], to[i] * times);
        move_axis(&m, times, 0, to[i]);
    }
    move_axis(&m, in->dim[axes], 1, 1);
    move_bind(n, &m);
    return true;
}

static const char *up_window(const Node *n, Window *w)
{
    w->repeat = attr_item(n, "size", 0);
    return NULL;
}

const Op op_up_sampling_1d = {
    .name = "UpSampling1D",
    .doc = "every timestep several times",
    .attrs = {{"size", ATTR_LIST, .min = 1, .max = MAX_DIM, .fallback = "2"}},
    .input = "timesteps, features",
    .infer = move_up,
    .temporal = true,
    .state = {{"held", "the timestep to repeat", "features"}},
    .window = up_window,
    MOVE,
};
