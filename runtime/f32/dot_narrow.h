/* runtime/f32/dot_narrow.h -- the product of a vector and stored weights. */
#ifndef RN_DOT_NARROW_H
#define RN_DOT_NARROW_H

#include <stddef.h>
#include <stdint.h>

#include "abreast.h"
#include "add_sixteen.h"
#include "lanes.h"
#include "real.h"
#include "unpack.h"
#include "bit_words.h"

/* sum over f of x[f] w[f], f < n, in 16 sums of every 16th, which are then
 * added two by two. 16 words hold RN_PACK times 16 numbers, number k of word i
 * meets x[16 k + i]; of the rest the words are as many as are needed. */
RN_INLINE rn_real rn_dot_narrow(const rn_real *x, const uint32_t *w, size_t n)
{
    rn_real s[16] = {0};
    size_t f = 0;
#if RN_BYTES
    rn_lanes sum[16 / RN_LANES], zero = {0};

    RN_UNROLL for (int i = 0; i < 16 / RN_LANES; i++)
        sum[i] = zero;
    for (; f + 16 * RN_PACK <= n; f += 16 * RN_PACK, w += 16)
        RN_UNROLL for (int k = 0; k < RN_PACK; k++)
            RN_UNROLL for (int i = 0; i < 16 / RN_LANES; i++)
                sum[i] += rn_load_lanes(x + f + 16 * k + i * RN_LANES) *
                          rn_unpack(rn_load_bit_words(w + i * RN_LANES), k);
    RN_UNROLL for (int i = 0; i < 16 / RN_LANES; i++)
        rn_store_lanes(s + i * RN_LANES, sum[i]);
#else
    for (; f + 16 * RN_PACK <= n; f += 16 * RN_PACK, w += 16)
        for (int k = 0; k < RN_PACK; k++)
            for (int i = 0; i < 16; i++)
                s[i] += x[f + (size_t)(16 * k + i)] * rn_unpack(w[i], k);
#endif
    const size_t rest = n - f, words = (rest + RN_PACK - 1) / RN_PACK;
    for (size_t i = 0; i < rest; i++)
        s[i % 16] += x[f + i] * rn_unpack_word(w[i % words],
                                               (int)(i / words));
    return rn_add_sixteen(s);
}

#endif
