/* ops/axes.h -- layers that work along some axes, for each index of the
 * others: Softmax, BatchNormalization, LayerNormalization.
 *
 * `axis` counts as Keras counts: 0 is the batch, so 1 is the first dimension
 * of our shapes, and -1 the last. One number, or a list of them.
 *
 * In the scope neighbouring axes of a kind are one loop, outermost first:
 * count_0, stride_0, along_0 (1: one of those worked along), and so on up to
 * `loops`; `channels` is how many elements belong together. Where a step takes
 * a slice, count_0 is what the slice leaves of it. */

#ifndef AXES_H
#define AXES_H

#include "../rnnc.h"

/* Bit d: dimension d of the input is one of the axes. */
unsigned axes_mask(const Node *n);
/* False after a message: no such axis, one twice, or one of any number of
 * timesteps where those are not asked for. */
bool axes_check(const Source *src, const Node *n, bool any_timesteps);
/* For op->bind. False after a message: no such axis, or one twice. */
bool axes_bind(const Source *src, Node *n);
/* The same, of one axis only. */
bool axes_bind_one(const Source *src, Node *n);
/* Element i: which group it belongs to, and its place in there. */
void axes_find(const Eval *e, int64_t i, int64_t *group, int64_t *place);
/* Whether the last axis is the one. */
bool axes_last(const Node *n);
/* Whether no other axis stands behind the first of them. */
bool axes_are_last(const Node *n);
/* Where time is among the axes, no step stands alone. */
bool axes_along_time(const Node *n);
/* The dimensions worked along, in their order: the shape of weights. */
Shape axes_shape(const Node *n);

#define AXES_ATTR                                                              \
    {                                                                          \
        "axis", ATTR_LIST, .min = -MAX_RANK, .max = MAX_RANK, .fallback = "-1" \
    }

#endif
