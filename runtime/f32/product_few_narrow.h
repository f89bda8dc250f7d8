/* runtime/f32/product_few_narrow.h -- a vector times 16 columns of stored
 * weights. */
#ifndef RN_PRODUCT_FEW_NARROW_H
#define RN_PRODUCT_FEW_NARROW_H

#include <stddef.h>
#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "unpack.h"
#include "bit_words.h"

/* rn_product_narrow of 16 columns, in four sums of every fourth f. Four f are
 * in one word or in two: `next` words further on. */
RN_INLINE void rn_product_few_narrow(rn_real *z, const rn_real *init,
                                     const rn_real *x, const uint32_t *kernel,
                                     const rn_real *scale, size_t features,
                                     size_t stride)
{
    const size_t most = features - features % 4;
    const size_t next = (4 / RN_PACK - 1) * stride;
    rn_real zeros[16] = {0};
    const rn_real *first = init ? init : zeros;

    for (int i = 0; i < 16; i += RN_LANES, kernel += RN_LANES) {
        rn_lanes a = rn_load_lanes(zeros), b = a, c = a, d = a;
        rn_lanes before = rn_load_lanes(first + i);
        const uint32_t *k = kernel;

        RN_ROLL for (size_t f = 0; f < most; f += 4, k += next + stride) {
            rn_bit_words low = rn_load_bit_words(k);
            rn_bit_words high = rn_load_bit_words(k + next);
            a += x[f] * rn_unpack(low, 0);
            b += x[f + 1] * rn_unpack(low, 1);
            c += x[f + 2] * rn_unpack(high, RN_PACK - 2);
            d += x[f + 3] * rn_unpack(high, RN_PACK - 1);
        }
        if (features % 4 > 0)
            a += x[most] * rn_unpack(rn_load_bit_words(k), 0);
        if (features % 4 > 1)
            b += x[most + 1] * rn_unpack(rn_load_bit_words(k), 1);
        if (features % 4 > 2)
            c += x[most + 2] *
                 rn_unpack(rn_load_bit_words(k + next), RN_PACK - 2);
        a = (a + c) + (b + d);
        rn_store_lanes(z + i, (scale ? a * rn_load_lanes(scale + i) : a) +
                                  before);
    }
}

#endif
