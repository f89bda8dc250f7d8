/* runtime/f32/half_power_lanes.h -- half of powers of 2. */
#ifndef RN_HALF_POWER_LANES_H
#define RN_HALF_POWER_LANES_H

#include <stdint.h>

#include "half_power.h"
#include "lanes.h"
#include "real.h"

/* 2^(k - 1), as rn_half_power has it. */
#if RN_BYTES
RN_INLINE rn_lanes rn_half_power_lanes(rn_lanes t)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    return (rn_lanes)(((bits_of)t - 0x4b400000u + 126u) << 23);
}
#else
RN_INLINE rn_lanes rn_half_power_lanes(rn_lanes t)
{
    return rn_half_power(t);
}
#endif

#endif
