/* runtime/f32/half_power.h -- half a power of 2. */
#ifndef RN_HALF_POWER_H
#define RN_HALF_POWER_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* 2^(k - 1), k as in rn_whole, -126 < k <= 128. */
static inline rn_real rn_half_power(rn_real t)
{
    return rn_from_bits((rn_bits(t) - 0x4b400000u + 126u) << 23);
}

#endif
