/* runtime/f32/product_narrow.h -- a vector times a matrix of stored weights. */
#ifndef RN_PRODUCT_NARROW_H
#define RN_PRODUCT_NARROW_H

#include <stddef.h>
#include <stdint.h>

#include "abreast.h"
#include "lanes.h"
#include "opened.h"
#include "product.h"
#include "product_few_narrow.h"
#include "real.h"
#include "unpack.h"
#include "bit_words.h"

/* z[c] = init[c] + scale[c] sum over f of x[f] kernel[f][c], c < columns
 *   z, init [columns]  x [features]  scale [columns], or NULL for 1
 *   kernel [features / RN_PACK, rounded up][stride]: number k of word [w][c] is
 *   that of feature RN_PACK w + k
 * as rn_product has it, with the same order of sums. */
#if RN_BYTES
RN_INLINE void rn_product_narrow_lanes(rn_real *z, const rn_real *init,
                                       const rn_real *x, const uint32_t *kernel,
                                       const rn_real *scale, size_t features,
                                       size_t stride, int lanes)
{
    rn_lanes even[RN_SUMS / 2 + 1], odd[RN_SUMS / 2 + 1], zero = {0};
    size_t f = 0;

    RN_UNROLL for (int i = 0; i < lanes; i++)
        even[i] = odd[i] = zero;
    RN_ROLL for (; f + RN_PACK <= features; f += RN_PACK, kernel += stride)
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_opened w = rn_open(kernel + i * RN_LANES);
            rn_add_opened(&even[i], &odd[i], x + f, &w);
        }
    if (f < features) {
        rn_real rest[RN_PACK] = {0}; /* behind the last there are zeros */
        for (size_t k = 0; k < features % RN_PACK; k++)
            rest[k] = x[f + k];
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_opened w = rn_open(kernel + i * RN_LANES);
            rn_add_opened(&even[i], &odd[i], rest, &w);
        }
    }
    RN_UNROLL for (int i = 0; i < lanes; i++) {
        rn_lanes sum = rn_join(even[i], odd[i]);
        if (scale)
            sum *= rn_load_lanes(scale + i * RN_LANES);
        if (init)
            sum += rn_load_lanes(init + i * RN_LANES);
        rn_store_lanes(z + i * RN_LANES, sum);
    }
}
#else
/* The same in loops that compilers make vectors of. 4 features at a time, in
 * one word or in two: `next` words further on. */
RN_WIDE RN_INLINE void
rn_product_narrow_lanes(rn_real *z, const rn_real *init, const rn_real *x,
                        const uint32_t *kernel, const rn_real *scale,
                        size_t features, size_t stride, int lanes)
{
    const size_t next = (4 / RN_PACK - 1) * stride;
    const size_t columns = RN_VEIL((size_t)lanes * RN_BLOCK);
    rn_real even[(RN_WIDTH ? RN_SUMS / 2 + 1 : 1) * RN_BLOCK];
    rn_real odd[(RN_WIDTH ? RN_SUMS / 2 + 1 : 1) * RN_BLOCK];
    size_t f = 0;

    for (size_t i = 0; i < columns; i++)
        even[i] = odd[i] = 0;
    RN_ROLL for (; f + 4 <= features; f += 4, kernel += next + stride) {
        const rn_real x0 = x[f], x1 = x[f + 1], x2 = x[f + 2], x3 = x[f + 3];
        const uint32_t *more = kernel + next;
        RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
            const uint32_t low = kernel[i], high = more[i];
            even[i] += x0 * rn_unpack(low, 0);
            even[i] += x2 * rn_unpack(high, RN_PACK - 2);
            odd[i] += x1 * rn_unpack(low, 1);
            odd[i] += x3 * rn_unpack(high, RN_PACK - 1);
        }
    }
    for (int k = 0; k < 3; k++) {
        const uint32_t *words = kernel + (k < RN_PACK ? 0 : next);
        rn_real *sum = k % 2 ? odd : even;
        for (size_t i = 0; i < columns && f + (size_t)k < features; i++)
            sum[i] += x[f + (size_t)k] * rn_unpack(words[i], k % RN_PACK);
    }
    RN_ABREAST(RN_BLOCK) for (size_t i = 0; i < columns; i++) {
        rn_real sum = even[i] + odd[i];
        sum = scale ? sum * scale[i] : sum;
        z[i] = init ? sum + init[i] : sum;
    }
    RN_FORGET
}
#endif

RN_INLINE void rn_product_narrow(rn_real *z, const rn_real *init,
                                 const rn_real *x, const uint32_t *kernel,
                                 const rn_real *scale, size_t features,
                                 size_t columns, size_t stride)
{
    const size_t whole = (columns + 15) / 16 * 16;
    const int lanes =
        RN_WIDTH ? rn_share(whole / RN_BLOCK, RN_SUMS / 2 + 1) : 1;
    const size_t step = (size_t)(lanes * RN_BLOCK);

    if (columns <= 16)
        rn_product_few_narrow(z, init, x, kernel, scale, features, stride);
    else
        for (size_t c = 0; c < columns; c += step)
            rn_product_narrow_lanes(z + c, init ? init + c : init, x,
                                    kernel + c, scale ? scale + c : scale,
                                    features, stride, lanes);
}

#endif
