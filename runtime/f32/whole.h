/* runtime/f32/whole.h -- the integer that a rounding sum holds. */
#ifndef RN_WHOLE_H
#define RN_WHOLE_H

#include <stdint.h>

#include "bits.h"
#include "real.h"

/* k, of t = y + 1.5 2^23, a sum that rounds y to k; from its bits, so that no
 * compiler takes y + c - c for y. */
static inline rn_real rn_whole(rn_real t)
{
    return (rn_real)(int32_t)(rn_bits(t) - 0x4b400000u);
}

#endif
