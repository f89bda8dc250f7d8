/* runtime/product.h -- a vector times a matrix. */
#ifndef RN_PRODUCT_H
#define RN_PRODUCT_H

#include <stddef.h>

#include "lanes.h"
#include "product_few.h"
#include "real.h"

/* z[c] = init[c] + sum over f of x[f] kernel[f][c], c < columns
 *   z, init [columns]  x [features]  kernel [features][stride]
 * z may be init; init may be NULL, for 0. Up to a multiple of 16 columns are
 * read and written. Even and odd f are summed apart: twice as many additions
 * are under way, for whose latency small layers wait. (What there is of up to
 * 16 columns is in product_few.h.) */
#if RN_BYTES
RN_INLINE void rn_product_lanes(rn_real *z, const rn_real *init,
                                const rn_real *x, const rn_real *kernel,
                                size_t features, size_t stride, int lanes)
{
    rn_lanes even[RN_SUMS / 2 + 1], odd[RN_SUMS / 2 + 1], zero = {0};
    size_t f = 0;

    RN_UNROLL for (int i = 0; i < lanes; i++) {
        even[i] = init ? rn_load_lanes(init + i * RN_LANES) : zero;
        odd[i] = zero;
    }
    RN_ROLL for (; f + 2 <= features; f += 2, kernel += 2 * stride) {
        RN_UNROLL for (int i = 0; i < lanes; i++)
            even[i] += x[f] * rn_load_lanes(kernel + i * RN_LANES);
        RN_UNROLL for (int i = 0; i < lanes; i++)
            odd[i] += x[f + 1] * rn_load_lanes(kernel + stride + i * RN_LANES);
    }
    if (f < features)
        RN_UNROLL for (int i = 0; i < lanes; i++)
            even[i] += x[f] * rn_load_lanes(kernel + i * RN_LANES);
    RN_UNROLL for (int i = 0; i < lanes; i++)
        rn_store_lanes(z + i * RN_LANES, even[i] + odd[i]);
}
#else
/* 8 features at a time: the sums are loaded and stored once for 8 products, and
 * compilers find the vectors in the loops by themselves. lanes <= 16. */
RN_INLINE void rn_product_lanes(rn_real *z, const rn_real *init,
                                const rn_real *x, const rn_real *kernel,
                                size_t features, size_t stride, int lanes)
{
    const rn_real *k = kernel;
    rn_real even[16], odd[16];
    size_t f = 0;

    for (int i = 0; i < lanes; i++) {
        even[i] = init ? init[i] : 0;
        odd[i] = 0;
    }
    for (; f + 8 <= features; f += 8, k += 8 * stride) {
        const rn_real x0 = x[f], x1 = x[f + 1], x2 = x[f + 2], x3 = x[f + 3];
        const rn_real x4 = x[f + 4], x5 = x[f + 5], x6 = x[f + 6];
        const rn_real x7 = x[f + 7];
        for (int i = 0; i < lanes; i++) {
            const rn_real *c = k + i;
            even[i] = even[i] + x0 * c[0] + x2 * c[2 * stride] +
                      x4 * c[4 * stride] + x6 * c[6 * stride];
            odd[i] = odd[i] + x1 * c[stride] + x3 * c[3 * stride] +
                     x5 * c[5 * stride] + x7 * c[7 * stride];
        }
    }
    for (size_t rest = features % 8; rest > 0; rest--, f++, k += stride) {
        rn_real *sum = f % 2 ? odd : even;
        for (int i = 0; i < lanes; i++)
            sum[i] += x[f] * k[i];
    }
    for (int i = 0; i < lanes; i++)
        z[i] = even[i] + odd[i];
}
#endif

/* The most vectors, up to `most`, of which `count` has a whole number: all
 * passes over the features are alike, and one copy of the loop serves them. */
RN_INLINE int rn_share(size_t count, int most)
{
    return most >= 8 && count % 8 == 0   ? 8
           : most >= 7 && count % 7 == 0 ? 7
           : most >= 6 && count % 6 == 0 ? 6
           : most >= 5 && count % 5 == 0 ? 5
           : count % 4 == 0              ? 4
           : count % 3 == 0              ? 3
           : count % 2 == 0              ? 2
                                         : 1;
}

RN_INLINE void rn_product(rn_real *z, const rn_real *init, const rn_real *x,
                          const rn_real *kernel, size_t features,
                          size_t columns, size_t stride)
{
    const size_t whole = (columns + 15) / 16 * 16;
    const int plain = columns % 16 == 0 ? 16 : 8;
    const int lanes =
        RN_BYTES ? rn_share(whole / RN_LANES, RN_SUMS / 2 + 1) : plain;
    const size_t step = (size_t)(lanes * RN_LANES);

    if (columns <= 16)
        rn_product_few(z, init, x, kernel, features, stride);
    else
        for (size_t c = 0; c < columns; c += step)
            rn_product_lanes(z + c, init ? init + c : init, x, kernel + c,
                             features, stride, lanes);
}

#endif
