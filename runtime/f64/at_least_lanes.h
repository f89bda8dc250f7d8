/* runtime/f64/at_least_lanes.h -- numbers, limited from below. */
#ifndef RN_AT_LEAST_LANES_H
#define RN_AT_LEAST_LANES_H

#include <stdint.h>

#include "at_least.h"
#include "lanes.h"
#include "real.h"

/* max(x, low); NaN stays NaN. */
#if RN_BYTES
RN_INLINE rn_lanes rn_at_least_lanes(rn_lanes x, rn_scalar low)
{
    typedef uint64_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes zero = {0}, least = zero + low;
    bits_of below = (bits_of)(x < least);
    return (rn_lanes)(((bits_of)least & below) | ((bits_of)x & ~below));
}
#else
RN_INLINE rn_lanes rn_at_least_lanes(rn_lanes x, rn_scalar low)
{
    return rn_at_least(x, low);
}
#endif

#endif
