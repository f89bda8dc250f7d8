/* runtime/f64/scale_lanes.h -- numbers times powers of 2. */
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
    typedef uint64_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    typedef int64_t signed_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of n = (bits_of)t - UINT64_C(0x4338000000000000);
    bits_of half = (bits_of)((signed_of)n >> 1);
    return p * (rn_lanes)((half + 1023u) << 52) *
           (rn_lanes)((n - half + 1023u) << 52);
}
#else
RN_INLINE rn_lanes rn_scale_lanes(rn_lanes p, rn_lanes t)
{
    return rn_scale(p, t);
}
#endif

#endif
