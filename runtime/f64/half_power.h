/* runtime/f64/half_power.h -- half a power of 2. */
#ifndef RN_HALF_POWER_H
#define RN_HALF_POWER_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* 2^(k - 1), k as in rn_whole, -1022 < k <= 1024. */
static inline rn_real rn_half_power(rn_real t)
{
    return rn_from_bits((rn_bits(t) - UINT64_C(0x4338000000000000) + 1022u)
                        << 52);
}

#endif
