/* runtime/product_few.h -- a vector times a matrix of 16 columns. */
#ifndef RN_PRODUCT_FEW_H
#define RN_PRODUCT_FEW_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"

/* rn_product of 16 columns, in four sums of every fourth f. */
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

#endif
