/* ops/axes.c -- the axes of axes.h: checked, bound for templates, and found
 * again for the interpreter. */

#include "axes.h"

/* Names that live as long as the program. */
static const char *const names[3][MAX_RANK] = {
    {"count_0", "count_1", "count_2", "count_3", "count_4", "count_5",
     "count_6", "count_7"},
    {"stride_0", "stride_1", "stride_2", "stride_3", "stride_4", "stride_5",
     "stride_6", "stride_7"},
    {"along_0", "along_1", "along_2", "along_3", "along_4", "along_5",
     "along_6", "along_7"}};

unsigned axes_mask(const Node *n)
{
    const Shape *axes = &attr_of(n, "axis")->shape;
    unsigned mask = 0;
    for (int i = 0; i < axes->rank; i++) {
        int axis = axes->dim[i];
        mask |= 1u << (axis < 0 ? axis + n->seen[0].rank : axis - 1);
    }
    return mask;
}

bool axes_check(const Source *src, const Node *n, bool any_timesteps)
{
    const Shape *axes = &attr_of(n, "axis")->shape, *in = &n->seen[0];
    unsigned seen = 0;
    for (int i = 0; i < axes->rank; i++) {
        int axis = axes->dim[i], d = axis < 0 ? axis + in->rank : axis - 1;
        if (axis == 0 || d < 0 || d >= in->rank) {
            error_at(src, &n->at,
                     "axis %d is none of the input, which has shape %s: 1 is "
                     "its first, -1 its last",
                     axis, shape_text(src->arena, in));
            return false;
        }
        if (seen & 1u << d || (in->dim[d] == ANY && !any_timesteps)) {
            error_at(src, &n->at,
                     seen & 1u << d ? "axis %d is there twice"
                                    : "axis %d may have any number of "
                                      "timesteps, expected a fixed one",
                     axis);
            return false;
        }
        seen |= 1u << d;
    }
    return true;
}

bool axes_bind(const Source *src, Node *n)
{
    const Shape *in = &n->seen[0];
    int64_t count[MAX_RANK], stride[MAX_RANK], inner = 1, channels = 1;
    bool along[MAX_RANK];
    int loops = 0;
    if (!axes_check(src, n, false))
        return false;
    for (int d = in->rank - 1; d >= 0; d--) { /* innermost first */
        bool is = axes_mask(n) >> d & 1;
        if (loops == 0 || along[loops - 1] != is) {
            count[loops] = 1;
            stride[loops] = inner;
            along[loops++] = is;
        }
        count[loops - 1] *= in->dim[d];
        channels *= is ? in->dim[d] : 1;
        inner *= in->dim[d];
    }
    for (int i = 0; i < loops; i++) {
        scope_bind(&n->scope, names[0][i], count[loops - 1 - i]);
        scope_bind(&n->scope, names[1][i], stride[loops - 1 - i]);
        scope_bind(&n->scope, names[2][i], along[loops - 1 - i]);
    }
    scope_bind(&n->scope, "loops", loops);
    scope_bind(&n->scope, "channels", channels);
    return true;
}

bool axes_bind_one(const Source *src, Node *n)
{
    if (attr_of(n, "axis")->shape.rank == 1)
        return axes_bind(src, n);
    error_at(src, &n->at, "%s has one axis, got %d", n->op->name,
             attr_of(n, "axis")->shape.rank);
    return false;
}

void axes_find(const Eval *e, int64_t i, int64_t *group, int64_t *place)
{
    unsigned mask = axes_mask(e->node);
    int64_t groups = 1, places = 1;
    *group = *place = 0;
    for (int d = e->out_shape.rank - 1; d >= 0; d--) {
        int64_t size = e->out_shape.dim[d], at = i % size;
        if (mask >> d & 1) {
            *place += at * places;
            places *= size;
        } else {
            *group += at * groups;
            groups *= size;
        }
        i /= size;
    }
}

bool axes_last(const Node *n)
{
    return axes_mask(n) == 1u << (n->seen[0].rank - 1);
}

bool axes_are_last(const Node *n)
{
    unsigned all = (1u << n->seen[0].rank) - 1, mask = axes_mask(n);
    unsigned first = mask & (~mask + 1); /* its lowest bit */
    return mask == (all & ~(first - 1));
}

bool axes_along_time(const Node *n)
{
    return axes_mask(n) & 1;
}

Shape axes_shape(const Node *n)
{
    const Shape *in = &n->seen[0];
    Shape shape = {.rank = 0};
    for (int d = 0; d < in->rank; d++)
        if (axes_mask(n) >> d & 1)
            shape.dim[shape.rank++] = in->dim[d];
    return shape;
}
