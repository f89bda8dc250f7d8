/* runtime/product_few.h -- a vector times a matrix of 16 columns. */
#ifndef RN_PRODUCT_FEW_H
#define RN_PRODUCT_FEW_H

#include <stddef.h>

#include "abreast.h"
#include "lanes.h"
#include "real.h"

/* rn_product of 16 columns, in four sums of every fourth f. */
#if RN_BYTES || !RN_WIDTH
RN_INLINE void rn_product_few(rn_real *z, const rn_real *init, const rn_real *x,
                              const rn_real *kernel, size_t features,
                              size_t stride)
{
    const size_t most = features - features % 4;
    rn_real zeros[16] = {0};
    const rn_real *first = init ? init : zeros;

    for (int i = 0; i < 16; i += RN_LANES, kernel += RN_LANES) {
        rn_lanes a = rn_load_lanes(first + i), b = rn_load_lanes(zeros);
        rn_lanes c = b, d = b;
        const rn_real *k = kernel;

        RN_ROLL for (size_t f = 0; f < most; f += 4, k += 4 * stride) {
            a += x[f] * rn_load_lanes(k);
            b += x[f + 1] * rn_load_lanes(k + stride);
            c += x[f + 2] * rn_load_lanes(k + 2 * stride);
            d += x[f + 3] * rn_load_lanes(k + 3 * stride);
        }
        if (features % 4 > 0)
            a += x[most] * rn_load_lanes(k);
        if (features % 4 > 1)
            b += x[most + 1] * rn_load_lanes(k + stride);
        if (features % 4 > 2)
            c += x[most + 2] * rn_load_lanes(k + 2 * stride);
        rn_store_lanes(z + i, (a + c) + (b + d));
    }
}
#else
RN_WIDE RN_INLINE void rn_product_few(rn_real *z, const rn_real *init,
                                      const rn_real *x, const rn_real *kernel,
                                      size_t features, size_t stride)
{
    rn_real a[16], b[16], c[16], d[16];
    size_t f = 4, s = stride;

    RN_ABREAST(16) for (size_t i = 0; i < 16; i++) {
        rn_real first = init ? init[i] : 0;
        a[i] = first + (features > 0 ? x[0] * kernel[i] : 0);
        b[i] = 0 + (features > 1 ? x[1] * kernel[s + i] : 0);
        c[i] = 0 + (features > 2 ? x[2] * kernel[2 * s + i] : 0);
        d[i] = 0 + (features > 3 ? x[3] * kernel[3 * s + i] : 0);
    }
    RN_ROLL for (; f + 4 <= features; f += 4) {
        const rn_real *k = kernel + f * s;
        RN_ABREAST(16) for (size_t i = 0; i < 16; i++) {
            a[i] += x[f] * k[i];
            b[i] += x[f + 1] * k[s + i];
            c[i] += x[f + 2] * k[2 * s + i];
            d[i] += x[f + 3] * k[3 * s + i];
        }
    }
    /* Adding 0 changes nothing: no sum of b, c or d is -0. */
    RN_ABREAST(16) for (size_t i = 0; i < 16; i++) {
        a[i] += f < features ? x[f] * kernel[f * s + i] : 0;
        b[i] += f + 1 < features ? x[f + 1] * kernel[(f + 1) * s + i] : 0;
        c[i] += f + 2 < features ? x[f + 2] * kernel[(f + 2) * s + i] : 0;
        z[i] = (a[i] + c[i]) + (b[i] + d[i]);
    }
}
#endif

#endif
