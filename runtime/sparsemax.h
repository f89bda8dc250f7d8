/* runtime/sparsemax.h -- the nearest point whose elements sum to one. */
#ifndef RN_SPARSEMAX_H
#define RN_SPARSEMAX_H

#include <stddef.h>

#include "finite.h"
#include "maximum.h"
#include "real.h"
#include "relu.h"
#include "where.h"

/* y[i] = max(z[i] - tau, 0),   tau = (sum of z in the support - 1) / its size,
 * z = x - max x; Martins & Astudillo 2016. z[i] is in the support where the sum
 * over k of max(z[k] - z[i], 0) is less than 1, so nothing need be sorted.
 *   x, y [n]; may be the same array. Takes n^2 differences. Infinities count as
 * the largest finite numbers, as in softmax; a NaN makes all of y NaN. */
static inline void rn_sparsemax(rn_real *y, const rn_real *x, size_t n)
{
    rn_real most = rn_finite(x[0]), total = 0, size = 0;

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
    }
    total = (total - 1) / size;
    for (size_t i = 0; i < n; i++)
        y[i] = rn_relu(y[i] - total);
}

#endif
