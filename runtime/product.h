/* runtime/product.h -- a vector times a matrix. */
#ifndef RN_PRODUCT_H
#define RN_PRODUCT_H

#include <stddef.h>

#include "abreast.h"
#include "lanes.h"
#include "product_few.h"
#include "product_half.h"
#include "real.h"

/* z[c] = init[c] + sum over f of x[f] kernel[f][c], c < columns
 *   z, init [columns]  x [features]  kernel [features][stride]
 * z may be init; init may be NULL, for 0. Up to a multiple of 16 columns are
 * read and written, whatever is behind the last. Even and odd f are summed
 * apart: twice as many additions are under way, for whose latency small layers
 * wait. (Up to 16 columns are rn_product_few's.) */
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
    RN_ROLL for (; f + 2 <= features; f += 2) {
        const rn_real *k = kernel + f * stride, *k1 = k + stride;
        RN_UNROLL for (int i = 0; i < lanes; i++)
            even[i] += x[f] * rn_load_lanes(k + i * RN_LANES);
        RN_UNROLL for (int i = 0; i < lanes; i++)
            odd[i] += x[f + 1] * rn_load_lanes(k1 + i * RN_LANES);
    }
    if (f < features) {
        const rn_real *k = kernel + f * stride;
        RN_UNROLL for (int i = 0; i < lanes; i++)
            even[i] += x[f] * rn_load_lanes(k + i * RN_LANES);
    }
    RN_UNROLL for (int i = 0; i < lanes; i++)
        rn_store_lanes(z + i * RN_LANES, even[i] + odd[i]);
}
#elif RN_WIDTH
/* The same in loops that compilers make vectors of. The first two features
 * start the sums: of a copy of init compilers make a call. Then four at a time,
 * so that sums without registers are loaded and stored half as often; what is
 * left perhaps with the last addition (RN_TAIL). */
RN_WIDE RN_INLINE void rn_product_lanes(rn_real *z, const rn_real *init,
                                        const rn_real *x, const rn_real *kernel,
                                        size_t features, size_t stride,
                                        int lanes)
{
    const size_t columns = RN_VEIL((size_t)lanes * RN_BLOCK);
    rn_real RN_ALIGNED even[(RN_SUMS / 2 + 1) * RN_BLOCK];
    rn_real RN_ALIGNED odd[(RN_SUMS / 2 + 1) * RN_BLOCK];
    size_t f = 2;

    if (features < 2) {
        RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
            rn_real sum = init ? init[i] : 0;
            if (features > 0)
                sum += x[0] * kernel[i];
            z[i] = sum + 0;
        }
        return;
    }
    const size_t tail = RN_TAIL(features - 2), end = features - tail;
    const rn_real *last = kernel + end * stride;
    RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
        rn_real sum = init ? init[i] : 0, sum1 = 0;
        sum += x[0] * kernel[i];
        sum1 += x[1] * kernel[stride + i];
        even[i] = sum;
        odd[i] = sum1;
    }
    RN_ROLL for (; f + 4 <= end; f += 4) {
        const rn_real *k = kernel + f * stride, *k1 = k + stride;
        const rn_real *k2 = k1 + stride, *k3 = k2 + stride;
        const rn_real x0 = x[f], x1 = x[f + 1], x2 = x[f + 2], x3 = x[f + 3];
        RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
            rn_real sum = even[i], sum1 = odd[i];
            sum += x0 * k[i];
            sum += x2 * k2[i];
            sum1 += x1 * k1[i];
            sum1 += x3 * k3[i];
            even[i] = sum;
            odd[i] = sum1;
        }
    }
    RN_ROLL for (; f + 2 <= end; f += 2) {
        const rn_real *k = kernel + f * stride, *k1 = k + stride;
        RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
            even[i] += x[f] * k[i];
            odd[i] += x[f + 1] * k1[i];
        }
    }
    if (f < end)
        RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++)
            even[i] += x[f] * kernel[f * stride + i];
    RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
        rn_real sum = even[i], sum1 = odd[i];
        if (tail > 0)
            sum += x[end] * last[i];
        if (tail > 1)
            sum1 += x[end + 1] * last[stride + i];
        if (tail > 2)
            sum += x[end + 2] * last[2 * stride + i];
        z[i] = sum + sum1;
    }
    RN_FORGET
}
#else
/* Four columns at a time: eight sums, which 16 registers hold beside the rest.
 */
RN_INLINE void rn_product_lanes(rn_real *z, const rn_real *init,
                                const rn_real *x, const rn_real *kernel,
                                size_t features, size_t stride, int lanes)
{
    for (int i = 0; i < lanes * 4; i += 4) {
        rn_real a0 = init ? init[i] : 0, a1 = init ? init[i + 1] : 0;
        rn_real a2 = init ? init[i + 2] : 0, a3 = init ? init[i + 3] : 0;
        rn_real b0 = 0, b1 = 0, b2 = 0, b3 = 0;
        const rn_real *k = kernel + i;
        size_t f = 0;

        RN_HIDE(k)
        for (; f + 2 <= features; f += 2, k += 2 * stride) {
            const rn_real *k1 = k + stride;
            const rn_real x0 = x[f], x1 = x[f + 1];
            a0 += x0 * k[0];
            a1 += x0 * k[1];
            a2 += x0 * k[2];
            a3 += x0 * k[3];
            b0 += x1 * k1[0];
            b1 += x1 * k1[1];
            b2 += x1 * k1[2];
            b3 += x1 * k1[3];
        }
        if (f < features) {
            a0 += x[f] * k[0];
            a1 += x[f] * k[1];
            a2 += x[f] * k[2];
            a3 += x[f] * k[3];
        }
        z[i] = a0 + b0;
        z[i + 1] = a1 + b1;
        z[i + 2] = a2 + b2;
        z[i + 3] = a3 + b3;
    }
}
#endif

#define RN_FILLED (RN_WIDTH ? RN_BLOCK : 4) /* columns at a time */

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

/* Of so many columns, in vectors of which a pass has no fewer than three: some
 * more where they are none to divide. */
RN_INLINE size_t rn_vectors(size_t columns, int most)
{
    const size_t n = (columns + RN_FILLED - 1) / RN_FILLED;
    const size_t all = (columns + 15) / 16 * (16 / RN_FILLED);

    return n <= (size_t)most || n == all || rn_share(n, most) > 2 ? n
           : rn_share(n + 1, most) > 2                            ? n + 1
                                                                  : all;
}

RN_INLINE void rn_product(rn_real *z, const rn_real *init, const rn_real *x,
                          const rn_real *kernel, size_t features,
                          size_t columns, size_t stride)
{
    const int most = RN_SUMS / 2 + 1;
    const int lanes = rn_share(rn_vectors(columns, most), most);
    const size_t step = (size_t)(lanes * RN_FILLED);

    if (columns <= 8)
        rn_product_half(z, init, x, kernel, features, columns, stride);
    else if (columns <= 16)
        rn_product_few(z, init, x, kernel, features, columns, stride);
    else
        for (size_t c = 0; c < columns; c += step)
            rn_product_lanes(z + c, init ? init + c : init, x, kernel + c,
                             features, stride, lanes);
}

#endif
