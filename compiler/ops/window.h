/* ops/window.h -- windows over timesteps, or over rows and columns: what
 * pooling and convolutions share.
 *
 * One dimension is two with one column. Tap (i, j) of the window at (r, c) is
 * element
 *
 *   (r step_rows + i spacing_rows - before_rows,
 *    c step_columns + j spacing_columns - before_columns)
 *
 * and does not count where that is outside. The scope has these numbers of
 * both axes, and in_rows, window_rows, out_rows. */

#ifndef WINDOW_H
#define WINDOW_H

#include "../rnnc.h"

/* What they slide over: the input of such a row. */
#define LINE  "timesteps, features"
#define PLANE "rows, columns, features"

enum { PAD_VALID, PAD_SAME, PAD_CAUSAL };
extern const char *const window_paddings[];        /* "valid", "same" */
extern const char *const window_paddings_causal[]; /* and "causal" */

typedef struct Axis {
    int64_t size, window, step, spacing, before, outputs;
} Axis;

/* How many axes windows have: what the row's input has before the features. */
int window_axes(const Node *n);
/* Element `axis` of an attribute that is a list, or an integer. */
int window_item(const Node *n, const char *attr, int axis);
/* False after a message: neither one number nor one for each axis. */
bool window_check_list(const Source *src, const Node *n, const char *attr);
/* Elements from the first tap to the last. */
int64_t window_span(const Axis *a);
/* Sets before and outputs: padding says PAD_SAME so that size / step, rounded
 * up, come out, PAD_CAUSAL with all of it before, PAD_VALID without any. False
 * after a message: the window does not fit. */
bool window_fit(const Source *src, const Node *n, int padding, Axis *a);
/* Where tap i of window o is; false: outside. */
bool window_place(const Axis *a, int64_t o, int64_t i, int64_t *place);
/* Into the scope, and out of it. */
void window_bind(Node *n, int axis, Axis a);
Axis window_find(const Node *n, int axis);
/* The same, where any number of timesteps have become one. */
Axis window_seen(const Eval *e, int axis);
/* For op->bind: the axes from kernel_size, strides, dilation_rate, padding. */
bool window_bind_kernel(const Source *src, Node *n);
/* False after a message: the number of timesteps is open. */
bool window_fixed(const Source *src, const Node *n);
/* For op->window, of a kernel over timesteps. */
const char *window_stream(const Node *n, Window *w);
/* For op->no_stream, of one over rows and columns. */
const char *window_no_stream(const Node *n);

#endif
