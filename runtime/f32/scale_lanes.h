/* runtime/f32/scale_lanes.h -- numbers times powers of 2. */
#ifndef RN_SCALE_LANES_H
#define RN_SCALE_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "scale.h"

/* p 2^k, as rn_scale has it. */
#if RN_BYTES
RN_INLINE rn_lanes rn_scale_lanes(rn_lanes p, rn_lanes t)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    typedef int32_t signed_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of n = (bits_of)t - 0x4b400000u;
    bits_of half = (bits_of)((signed_of)n >> 1);
    return p * (rn_lanes)((half + 127u) << 23) *
           (rn_lanes)((n - half + 127u) << 23);
}
#else
RN_INLINE rn_lanes rn_scale_lanes(rn_lanes p, rn_lanes t)
{
    return rn_scale(p, t);
}
#endif

#endif
