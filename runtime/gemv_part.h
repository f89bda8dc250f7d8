/* runtime/gemv_part.h -- a vector times some columns of a matrix. */
#ifndef RN_GEMV_PART_H
#define RN_GEMV_PART_H

#include <stddef.h>

#include "real.h"

/* z[u] += sum over f of x[f] kernel[f][u], in the order of f.
 *   z [units]  x [features]  kernel [features][units] in rows of `stride` */
static inline void rn_gemv_part(rn_real *z, const rn_real *x,
                                const rn_scalar *kernel, size_t features,
                                size_t units, size_t stride)
{
    for (size_t f = 0; f < features; f++)
        for (size_t u = 0; u < units; u++)
            z[u] += x[f] * kernel[f * stride + u];
}

#endif
