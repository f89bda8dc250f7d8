/* runtime/f32/lesser_lanes.h -- the lesser of two numbers, in every lane. */
#ifndef RN_LESSER_LANES_H
#define RN_LESSER_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"

/* x < y ? x : y; y if either is NaN. That is x86's minimum: clang finds it in
 * the masks, gcc makes up to five instructions of them. */
#if RN_BYTES && defined(__SSE2__) && !defined(__clang__)
RN_INLINE rn_lanes rn_lesser_lanes(rn_lanes x, rn_lanes y)
{
#if RN_BYTES == 64
    return __builtin_ia32_minps512_mask(x, y, x, -1, 4);
#elif RN_BYTES == 32
    return __builtin_ia32_minps256(x, y);
#else
    return __builtin_ia32_minps(x, y);
#endif
}
#elif RN_BYTES
RN_INLINE rn_lanes rn_lesser_lanes(rn_lanes x, rn_lanes y)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of less = (bits_of)(x < y);
    return (rn_lanes)(((bits_of)x & less) | ((bits_of)y & ~less));
}
#endif

#endif
