/* runtime/product_few.h -- a vector times a matrix of 16 columns. */
#ifndef RN_PRODUCT_FEW_H
#define RN_PRODUCT_FEW_H

#include <stddef.h>

#include "abreast.h"
#include "lanes.h"
#include "real.h"

/* rn_product of up to 16 columns, in four sums of every fourth f; of two
 * vectors at a time, which share what is spread of x, where one is less than 16
 * columns. */
#if RN_BYTES || !RN_WIDTH
RN_INLINE void rn_product_few(rn_real *z, const rn_real *init, const rn_real *x,
                              const rn_real *kernel, size_t features,
                              size_t columns, size_t stride)
{
    const int at_once = RN_LANES < 16 && columns > (size_t)RN_LANES ? 2 : 1;
    const size_t most = features - features % 4;
    rn_real zeros[16] = {0};

    for (size_t i = 0; i < columns; i += (size_t)(at_once * RN_LANES)) {
        rn_lanes a[2], b[2], c[2], d[2];
        const rn_real *first = init ? init + i : zeros, *last = kernel + i;

        RN_UNROLL for (int j = 0; j < at_once; j++) {
            a[j] = rn_load_lanes(first + j * RN_LANES);
            b[j] = c[j] = d[j] = rn_load_lanes(zeros);
        }
        RN_ROLL for (size_t f = 0; f < most; f += 4)
            RN_UNROLL for (int j = 0; j < at_once; j++) {
                const rn_real *k_j = kernel + f * stride + i + j * RN_LANES;
                a[j] += x[f] * rn_load_lanes(k_j);
                b[j] += x[f + 1] * rn_load_lanes(k_j + stride);
                c[j] += x[f + 2] * rn_load_lanes(k_j + 2 * stride);
                d[j] += x[f + 3] * rn_load_lanes(k_j + 3 * stride);
            }
        if (features % 4 > 0)
            last += most * stride;
        RN_UNROLL for (int j = 0; j < at_once; j++) {
            const rn_real *k_j = last + j * RN_LANES;
            if (features % 4 > 0)
                a[j] += x[most] * rn_load_lanes(k_j);
            if (features % 4 > 1)
                b[j] += x[most + 1] * rn_load_lanes(k_j + stride);
            if (features % 4 > 2)
                c[j] += x[most + 2] * rn_load_lanes(k_j + 2 * stride);
            rn_store_lanes(z + i + j * RN_LANES, (a[j] + c[j]) + (b[j] + d[j]));
        }
    }
}
#else
RN_WIDE RN_INLINE void rn_product_few(rn_real *z, const rn_real *init,
                                      const rn_real *x, const rn_real *kernel,
                                      size_t features, size_t columns,
                                      size_t stride)
{
    rn_real RN_ALIGNED a[16];
    rn_real RN_ALIGNED b[16];
    rn_real RN_ALIGNED c[16];
    rn_real RN_ALIGNED d[16];
    const size_t all = RN_VEIL(16); /* vectors take all columns */
    size_t f = 4, s = stride;

    (void)columns;
    RN_ABREAST(16) for (size_t i = 0; i < all; i++) {
        a[i] = init ? init[i] : 0;
        b[i] = c[i] = d[i] = 0;
        if (features > 0)
            a[i] += x[0] * kernel[i];
        if (features > 1)
            b[i] += x[1] * kernel[s + i];
        if (features > 2)
            c[i] += x[2] * kernel[2 * s + i];
        if (features > 3)
            d[i] += x[3] * kernel[3 * s + i];
    }
    RN_ROLL for (; f + 4 <= features; f += 4) {
        const rn_real *k = kernel + f * s;
        RN_ABREAST(16) for (size_t i = 0; i < all; i++) {
            a[i] += x[f] * k[i];
            b[i] += x[f + 1] * k[s + i];
            c[i] += x[f + 2] * k[2 * s + i];
            d[i] += x[f + 3] * k[3 * s + i];
        }
    }
    RN_ABREAST(16) for (size_t i = 0; i < all; i++) {
        /* Not in arrays: clang would store what nobody reads, and zeros that
         * nobody added to, for which it would wait. */
        rn_real a_i = a[i], b_i = features > 1 ? b[i] : 0;
        rn_real c_i = features > 2 ? c[i] : 0;
        const rn_real d_i = features > 3 ? d[i] : 0;
        if (f < features)
            a_i += x[f] * kernel[f * s + i];
        if (f + 1 < features)
            b_i += x[f + 1] * kernel[(f + 1) * s + i];
        if (f + 2 < features)
            c_i += x[f + 2] * kernel[(f + 2) * s + i];
        z[i] = (a_i + c_i) + (b_i + d_i);
    }
}
#endif

#endif
