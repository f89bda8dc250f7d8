/* runtime/f32/scale.h -- a number times a power of 2. */
#ifndef RN_SCALE_H
#define RN_SCALE_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* p 2^k, k as in rn_whole; in two factors, which reach subnormal results. */
static inline rn_real rn_scale(rn_real p, rn_real t)
{
    uint32_t n = rn_bits(t) - 0x4b400000u;
    uint32_t half = (uint32_t)((int32_t)n >> 1);
    return p * rn_from_bits((half + 127u) << 23) *
           rn_from_bits((n - half + 127u) << 23);
}

#endif
