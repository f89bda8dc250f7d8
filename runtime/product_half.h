/* runtime/product_half.h -- a vector times a matrix of 8 columns. */
#ifndef RN_PRODUCT_HALF_H
#define RN_PRODUCT_HALF_H

#include <stddef.h>

#include "abreast.h"
#include "eight.h"
#include "product_few.h"
#include "real.h"

/* rn_product_few of up to 8 columns: half of its vectors where those are of 16,
 * which is faster than all (SimpleRNN 64->5 0.75 times the time). Eight columns
 * are read and written, whatever is behind the last. (In plain C99 its loops
 * are rn_product_few's with another number, which a pragma has to spell.) */
#if RN_BYTES == 64
RN_INLINE void rn_product_half(rn_real *z, const rn_real *init,
                               const rn_real *x, const rn_real *kernel,
                               size_t features, size_t columns, size_t stride)
{
    const size_t most = features - features % 4;
    const rn_real *last = kernel;
    rn_eight zero = {0}, a = init ? rn_load_eight(init) : zero;
    rn_eight b = zero, c = zero, d = zero;

    (void)columns;
    RN_ROLL for (size_t f = 0; f < most; f += 4) {
        const rn_real *k = kernel + f * stride;
        a += x[f] * rn_load_eight(k);
        b += x[f + 1] * rn_load_eight(k + stride);
        c += x[f + 2] * rn_load_eight(k + 2 * stride);
        d += x[f + 3] * rn_load_eight(k + 3 * stride);
    }
    if (features % 4 > 0) {
        last += most * stride;
        a += x[most] * rn_load_eight(last);
    }
    if (features % 4 > 1)
        b += x[most + 1] * rn_load_eight(last + stride);
    if (features % 4 > 2)
        c += x[most + 2] * rn_load_eight(last + 2 * stride);
    rn_store_eight(z, (a + c) + (b + d));
}
#elif RN_BYTES || !RN_WIDTH
RN_INLINE void rn_product_half(rn_real *z, const rn_real *init,
                               const rn_real *x, const rn_real *kernel,
                               size_t features, size_t columns, size_t stride)
{
    rn_product_few(z, init, x, kernel, features, columns, stride);
}
#else
RN_INLINE void rn_product_half(rn_real *z, const rn_real *init,
                               const rn_real *x, const rn_real *kernel,
                               size_t features, size_t columns, size_t stride)
{
    rn_real a[8], b[8], c[8], d[8];
    const size_t all = RN_VEIL(8); /* a vector takes all columns */
    size_t f = 4, s = stride;

    (void)columns;
    RN_FEW(8) for (size_t i = 0; i < all; i++) {
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
        RN_FEW(8) for (size_t i = 0; i < all; i++) {
            a[i] += x[f] * k[i];
            b[i] += x[f + 1] * k[s + i];
            c[i] += x[f + 2] * k[2 * s + i];
            d[i] += x[f + 3] * k[3 * s + i];
        }
    }
    RN_FEW(8) for (size_t i = 0; i < all; i++) {
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
