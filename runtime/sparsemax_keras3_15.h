/* runtime/sparsemax_keras3_15.h -- sparsemax as Keras 3.8 to 3.15 compute it.
 */
#ifndef RN_SPARSEMAX_KERAS3_15_H
#define RN_SPARSEMAX_KERAS3_15_H

#include <stddef.h>

#include "real.h"
#include "relu.h"
#include "support.h"

/* y[i] = max(x[i] - tau, 0),   tau = (C - 1) / size,
 * where the paper has the sum of the support for C, and Keras the sum of its
 * cumulative sums, largest first. So y does not sum to one. Over all pairs of
 * elements that is the sum of the larger one: with z = x - max x, and over as
 * rn_support has it,
 *   C = ((size + 1) sum of z + sum of over) / 2 + max x size (size + 1) / 2
 *   x, y [n]; may be the same array */
static inline void rn_sparsemax_keras3_15(rn_real *y, const rn_real *x,
                                          size_t n)
{
    rn_real size, total, pairs, most;

    most = rn_support(y, x, n, &size, &total, &pairs);
    total = (((size + 1) * total + pairs) / 2 - 1) / size;
    total += most * ((size - 1) / 2);
    for (size_t i = 0; i < n; i++)
        y[i] = rn_relu((y[i] - most) - total);
}

#endif
