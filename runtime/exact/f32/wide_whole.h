/* runtime/exact/f32/wide_whole.h -- the integer that a rounding sum holds. */
#ifndef RN_WIDE_WHOLE_H
#define RN_WIDE_WHOLE_H

#include <stdint.h>
#include <string.h>

/* k, of t = y + 1.5 2^52, a sum that rounds y to k. With -ffast-math compilers
 * take y + c - c for y; then from its bits. */
static inline double rn_wide_whole(double t)
{
#ifdef __FAST_MATH__
    uint64_t bits;
    memcpy(&bits, &t, sizeof bits);
    return (double)(int32_t)(uint32_t)bits;
#else
    return t - 6755399441055744.0;
#endif
}

#endif
