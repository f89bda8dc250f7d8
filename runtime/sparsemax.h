/* runtime/sparsemax.h -- the nearest point whose elements sum to one. */
#ifndef RN_SPARSEMAX_H
#define RN_SPARSEMAX_H

#include <stddef.h>

#include "real.h"
#include "relu.h"
#include "support.h"

/* y[i] = max(z[i] - tau, 0),   tau = (sum of z in the support - 1) / its size,
 * z = x - max x; Martins & Astudillo 2016.
 *   x, y [n]; may be the same array */
static inline void rn_sparsemax(rn_real *y, const rn_real *x, size_t n)
{
    rn_real size, total, pairs, most;

    most = rn_support(y, x, n, &size, &total, &pairs);
    total = (total - 1) / size;
    for (size_t i = 0; i < n; i++)
        y[i] = rn_relu((y[i] - most) - total);
}

#endif
