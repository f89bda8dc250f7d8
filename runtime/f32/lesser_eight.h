/* runtime/f32/lesser_eight.h -- the lesser of two numbers, eight times. */
#ifndef RN_LESSER_EIGHT_H
#define RN_LESSER_EIGHT_H

#include <stdint.h>

#include "eight.h"
#include "lesser_lanes.h"
#include "real.h"

/* As rn_lesser_lanes. */
#if RN_BYTES == 64 && !defined(__clang__)
RN_INLINE rn_eight rn_lesser_eight(rn_eight x, rn_eight y)
{
    return __builtin_ia32_minps256(x, y);
}
#elif RN_BYTES == 64
RN_INLINE rn_eight rn_lesser_eight(rn_eight x, rn_eight y)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_eight))));
    bits_of less = (bits_of)(x < y);
    return (rn_eight)(((bits_of)x & less) | ((bits_of)y & ~less));
}
#elif RN_BYTES
RN_INLINE rn_eight rn_lesser_eight(rn_eight x, rn_eight y)
{
    return rn_lesser_lanes(x, y);
}
#endif

#endif
