/* runtime/sparsemax_keras3_15.h -- sparsemax as Keras 3.8 to 3.15 compute it.
 */
#ifndef RN_SPARSEMAX_KERAS3_15_H
#define RN_SPARSEMAX_KERAS3_15_H

#include <stddef.h>

#include "finite.h"
#include "maximum.h"
#include "real.h"
#include "relu.h"
#include "where.h"

/* y[i] = max(x[i] - tau, 0),   tau = (C - 1) / size,
 * where the paper has the sum of the support for C, and Keras the sum of its
 * cumulative sums, largest first. So y does not sum to one. Over all pairs of
 * elements that is the sum of the larger one: with z = x - max x, the support
 * and `over` as in sparsemax.h,
 *   C = ((size + 1) sum of z + sum of over) / 2 + max x size (size + 1) / 2
 *   x, y [n]; may be the same array. Takes n^2 differences. Infinities count as
 * the largest finite numbers, as in softmax; a NaN makes all of y NaN. */
static inline void rn_sparsemax_keras3_15(rn_real *y, const rn_real *x,
                                          size_t n)
{
    rn_real most = rn_finite(x[0]), total = 0, size = 0, pairs = 0;

    for (size_t i = 1; i < n; i++)
        most = rn_maximum(most, rn_finite(x[i]));
    for (size_t i = 0; i < n; i++)
        y[i] = rn_finite(rn_finite(x[i]) - most);
    for (size_t i = 0; i < n; i++) {
        rn_real over = 0;
        for (size_t k = 0; k < n; k++)
            over += rn_relu(y[k] - y[i]);
        size += rn_where(rn_relu(1 - over), 1, 0);
        total += rn_where(rn_relu(1 - over), y[i], 0);
        pairs += rn_where(rn_relu(1 - over), over, 0);
    }
    total = (((size + 1) * total + pairs) / 2 - 1) / size;
    total += most * ((size - 1) / 2);
    for (size_t i = 0; i < n; i++)
        y[i] = rn_relu(y[i] - total);
}

#endif
