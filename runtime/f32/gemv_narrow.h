/* runtime/f32/gemv_narrow.h -- a vector times a matrix stored in less than
 * floats, added to a vector. */
#ifndef RN_GEMV_NARROW_H
#define RN_GEMV_NARROW_H

#include <stddef.h>

#include "real.h"
#include "widen.h"

/* z[u] += scale[u] sum over f of x[f] kernel[f][u], in the order of f.
 *   z [units]  x [features]  kernel [features][units] in rows of `stride`
 *   scale [units], or NULL for 1
 * Eight columns at a time, so that the sums stay in registers. */
static inline void rn_gemv_narrow(rn_real *z, const rn_real *x,
                                  const rn_narrow *kernel,
                                  const rn_scalar *scale, size_t features,
                                  size_t units, size_t stride)
{
    const size_t whole = units - units % 8;

    for (size_t u = 0; u < whole; u += 8) {
        const rn_narrow *k = kernel + u;
        rn_real sum[8];

        for (size_t i = 0; i < 8; i++)
            sum[i] = x[0] * rn_widen(k[i]);
        for (size_t f = 1; f < features; f++)
            for (size_t i = 0; i < 8; i++)
                sum[i] += x[f] * rn_widen(k[f * stride + i]);
        for (size_t i = 0; i < 8; i++)
            z[u + i] += scale ? sum[i] * scale[u + i] : sum[i];
    }
    for (size_t u = whole; u < units; u++) {
        rn_real sum = x[0] * rn_widen(kernel[u]);

        for (size_t f = 1; f < features; f++)
            sum += x[f] * rn_widen(kernel[f * stride + u]);
        z[u] += scale ? sum * scale[u] : sum;
    }
}

#endif
