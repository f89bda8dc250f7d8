/* ops/normalization.h -- what the normalizations share; those along other axes
 * than the last have that from axes.h. */

#ifndef NORMALIZATION_H
#define NORMALIZATION_H

#include "../rnnc.h"

/* axis means the last one; epsilon is at least 0. For rows with both. */
bool normalization_bind(const Source *src, Node *n);
/* For rows with epsilon only. */
bool normalization_epsilon(const Source *src, const Node *n);
/* For rows with axes: those weights have their dimensions. */
bool normalization_weights(const Source *src, const Node *n,
                           const char *const *names);
/* Where time is among the axes, no step stands alone. */
const char *normalization_along_time(const Node *n);
/* Element i of a weight that may be absent. */
double normalization_weight(const Node *n, const char *name, int64_t i,
                            double otherwise);

#define NORMALIZATION_SHAPES                                                   \
    .min_inputs = 1, .max_inputs = 1, .input = "..., features",                \
    .output = "..., features"
/* clang-format off */
#define NORMALIZATION_AXIS                                                     \
    {"axis",          ATTR_INT,     .min = -1,                                 \
     .max = MAX_RANK, .list = true, .fallback = "-1"}
#define NORMALIZATION_EPSILON(value)                                           \
    {"epsilon", ATTR_NUMBER, .fallback = (value)}
#define NORMALIZATION_SCALES                                                   \
    {"center", ATTR_BOOL, .fallback = "true"},                                 \
    {"scale", ATTR_BOOL, .fallback = "true"}
/* clang-format on */

#endif
