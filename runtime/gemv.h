/* runtime/gemv.h -- a vector times a matrix, added to a vector. */
#ifndef RN_GEMV_H
#define RN_GEMV_H

#include <stddef.h>

#include "real.h"
#include "unroll.h"

/* z[u] += sum over f of x[f] kernel[f][u], in the order of f.
 *   z [units]  x [features]  kernel [features][units]; nothing overlaps z
 * Sums that are no whole vectors stay in registers so: gcc would load and store
 * each for every f, and make poor vectors of few products in a loop: 10
 * features of 2 units took twice as long. */
static inline void rn_gemv(rn_real *z, const rn_real *x,
                           const rn_scalar *kernel, size_t features,
                           size_t units)
{
    if (units <= 4 && features <= 16 && features * units <= 40)
        RN_UNROLL for (size_t f = 0; f < features; f++)
            RN_UNROLL for (size_t u = 0; u < units; u++)
                z[u] += x[f] * kernel[f * units + u];
    else if (units < 16 && units % 4 != 0)
        for (size_t f = 0; f < features; f++)
            RN_UNROLL for (size_t u = 0; u < units; u++)
                z[u] += x[f] * kernel[f * units + u];
    else
        for (size_t f = 0; f < features; f++)
            for (size_t u = 0; u < units; u++)
                z[u] += x[f] * kernel[f * units + u];
}

#endif
