/* runtime/f32/opened.h -- unpacked words, for products with several x. */
#ifndef RN_OPENED_H
#define RN_OPENED_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "unpack.h"
#include "bit_words.h"

#if RN_BYTES && !defined(RN_NATIVE)
typedef struct rn_opened {
    rn_lanes number[RN_PACK];
} rn_opened;

RN_INLINE rn_opened rn_open(const uint32_t *words)
{
    rn_bit_words loaded = rn_load_bit_words(words);
    rn_opened w;

    RN_UNROLL for (int k = 0; k < RN_PACK; k++)
        w.number[k] = rn_unpack(loaded, k);
    return w;
}

/* What is even and odd among the features x [RN_PACK], to two sums... */
RN_INLINE void rn_add_opened(rn_lanes *even, rn_lanes *odd, const rn_real *x,
                             const rn_opened *w)
{
    RN_UNROLL for (int k = 0; k < RN_PACK; k += 2) {
        *even += x[k] * w->number[k];
        *odd += x[k + 1] * w->number[k + 1];
    }
}

/* ...and their sum. */
RN_INLINE rn_lanes rn_join(rn_lanes even, rn_lanes odd)
{
    return even + odd;
}
#endif

#endif
