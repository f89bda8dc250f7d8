/* ops/window.c -- see window.h. */

#include "window.h"

#include <assert.h>

const char *const window_paddings[] = {"valid", "same", NULL};
const char *const window_paddings_causal[] = {"valid", "same", "causal", NULL};

/* The names of an axis' numbers in the scope. */
enum { NUMBERS = 6 };
static const char *const names[2][NUMBERS] = {
    {"in_rows", "window_rows", "step_rows", "spacing_rows", "before_rows",
     "out_rows"},
    {"in_columns", "window_columns", "step_columns", "spacing_columns",
     "before_columns", "out_columns"}};

int window_axes(const Node *n)
{
    return n->seen[0].rank - 1;
}

int window_item(const Node *n, const char *attr, int axis)
{
    const Attr *a = attr_of(n, attr);
    return a->shape.rank ? attr_item(n, attr, axis) : (int)a->number;
}

bool window_check_list(const Source *src, const Node *n, const char *attr)
{
    int given = attr_of(n, attr)->shape.rank, axes = window_axes(n);
    if (given <= 1 || given == axes)
        return true;
    error_at(src, &n->at, "expected one number%s for \"%s\", got %d",
             axes == 2 ? " or 2" : "", attr, given);
    return false;
}

int64_t window_span(const Axis *a)
{
    return (a->window - 1) * a->spacing + 1;
}

bool window_fit(const Source *src, const Node *n, int padding, Axis *a)
{
    int64_t span = window_span(a), room = a->size;
    if (span > MAX_DIM) {
        error_at(src, &n->at, "the window spans more than %d", MAX_DIM);
        return false;
    }
    if (padding == PAD_VALID)
        room -= span - 1;
    if (a->size != ANY && room < 1) {
        error_at(src, &n->at, "a window of %lld does not fit into %lld",
                 (long long)span, (long long)a->size);
        return false;
    }
    a->outputs = a->size == ANY ? ANY : (room + a->step - 1) / a->step;
    int64_t total = (a->outputs - 1) * a->step + span - a->size;
    a->before = padding == PAD_CAUSAL              ? span - 1
                : padding == PAD_SAME && total > 0 ? total / 2
                                                   : 0;
    return true;
}

bool window_place(const Axis *a, int64_t o, int64_t i, int64_t *place)
{
    *place = o * a->step + i * a->spacing - a->before;
    return *place >= 0 && *place < a->size;
}

void window_bind(Node *n, int axis, Axis a)
{
    const int64_t value[NUMBERS] = {a.size,    a.window, a.step,
                                    a.spacing, a.before, a.outputs};
    for (int i = 0; i < NUMBERS; i++)
        scope_bind(&n->scope, names[axis][i], value[i]);
}

Axis window_find(const Node *n, int axis)
{
    int64_t value[NUMBERS] = {0};
    for (int i = 0; i < NUMBERS; i++) {
        bool found = scope_find(&n->scope, names[axis][i], &value[i]);
        assert(found);
        (void)found;
    }
    return (Axis){value[0], value[1], value[2], value[3], value[4], value[5]};
}

Axis window_seen(const Eval *e, int axis)
{
    Axis a = window_find(e->node, axis);
    if (axis < e->in_shape[0].rank - 1 && a.size == ANY) {
        a.size = e->in_shape[0].dim[axis];
        a.outputs = e->out_shape.dim[axis];
    }
    return a;
}

bool window_bind_kernel(const Source *src, Node *n)
{
    static const char *const lists[] = {"kernel_size", "strides",
                                        "dilation_rate"};
    int axes = window_axes(n);
    bool ok = true;
    for (int i = 0; i < 3; i++)
        ok &= window_check_list(src, n, lists[i]);
    for (int i = 0; ok && i < 2; i++) {
        Axis a = {1, 1, 1, 1, 0, 1};
        if (i < axes) {
            a = (Axis){.size = n->seen[0].dim[i],
                       .window = window_item(n, "kernel_size", i),
                       .step = window_item(n, "strides", i),
                       .spacing = window_item(n, "dilation_rate", i)};
            ok = window_fit(src, n, attr_int(n, "padding"), &a);
        }
        window_bind(n, i, a);
    }
    return ok;
}

bool window_fixed(const Source *src, const Node *n)
{
    if (shape_fixed(&n->seen[0]))
        return true;
    error_at(src, &n->at, "%s needs a fixed number of timesteps", n->op->name);
    return false;
}

/* Zeros before the start are what a ring starts with. */
const char *window_stream(const Node *n, Window *w)
{
    Axis a = window_find(n, 0);
    w->before = a.before;
    w->reach = window_span(&a) - 1;
    w->step = a.step;
    return attr_int(n, "padding") == PAD_SAME && w->reach > 0 && a.size == ANY
               ? "padding \"same\" looks ahead"
               : NULL;
}

const char *window_no_stream(const Node *n)
{
    (void)n;
    return "its windows span timesteps";
}
