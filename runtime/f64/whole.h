/* runtime/f64/whole.h -- the integer that a rounding sum holds. */
#ifndef RN_WHOLE_H
#define RN_WHOLE_H

#include <stdint.h>

#include "bits.h"
#include "real.h"

/* k, of t = y + 1.5 2^52, a sum that rounds y to k. With -ffast-math compilers
 * take y + c - c for y; then from its bits. */
static inline rn_real rn_whole(rn_real t)
{
#ifdef __FAST_MATH__
    return (rn_real)(int32_t)(uint32_t)rn_bits(t);
#else
    return t - 6755399441055744.0;
#endif
}

#endif
