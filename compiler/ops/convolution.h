/* ops/convolution.h -- attributes that convolutions share, beside window.h's.
 * A plane takes lists of two, a line integers or lists of one. */

#ifndef CONVOLUTION_H
#define CONVOLUTION_H

#include "window.h"

/* clang-format off */
#define FILTERS {"filters", ATTR_INT, .min = 1, .max = MAX_DIM}
#define KERNEL_LINE                                                            \
    {"kernel_size", ATTR_INT, .min = 1, .max = MAX_DIM, .list = true},         \
    {"strides", ATTR_INT, .min = 1, .max = MAX_DIM, .list = true,              \
     .fallback = "1"},                                                         \
    {"dilation_rate", ATTR_INT, .min = 1, .max = MAX_DIM, .list = true,        \
     .fallback = "1"}
#define KERNEL_PLANE                                                           \
    {"kernel_size", ATTR_LIST, .min = 1, .max = MAX_DIM},                      \
    {"strides", ATTR_LIST, .min = 1, .max = MAX_DIM, .fallback = "1"},         \
    {"dilation_rate", ATTR_LIST, .min = 1, .max = MAX_DIM, .fallback = "1"}
#define KERNEL_PADDING(words)                                                  \
    {"padding", ATTR_CHOICE, .choices = words, .fallback = "\"valid\""}
#define KERNEL_ENDS                                                            \
    {"activation", ATTR_ACTIVATION, .fallback = "\"linear\""},                 \
    {"use_bias", ATTR_BOOL, .fallback = "true"}
/* clang-format on */

/* y [size] = bias, or 0 without one. */
void convolution_bias(const Node *n, double *y, int64_t size);

#endif
