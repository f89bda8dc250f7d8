/* runtime/f32/limit_lanes.h -- numbers, their magnitudes limited. */
#ifndef RN_LIMIT_LANES_H
#define RN_LIMIT_LANES_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "lanes.h"
#include "lesser_lanes.h"
#include "limit.h"
#include "real.h"

/* x within [-bound, bound]; NaN stays NaN: the bound is not less. */
#if RN_BYTES
RN_INLINE rn_lanes rn_limit_lanes(rn_lanes x, rn_scalar bound)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of bits = (bits_of)x, sign = bits & 0x80000000u;
    rn_lanes zero = {0}, magnitude = (rn_lanes)(bits ^ sign);
    magnitude = rn_lesser_lanes(zero + bound, magnitude);
    return (rn_lanes)((bits_of)magnitude | sign);
}
#elif RN_WIDTH && defined(__clang__) /* gcc makes a branch of it */
RN_INLINE rn_lanes rn_limit_lanes(rn_lanes x, rn_scalar bound)
{
    uint32_t sign = rn_bits(x) & 0x80000000u;
    rn_lanes magnitude = rn_from_bits(rn_bits(x) ^ sign);
    magnitude = bound < magnitude ? bound : magnitude;
    return rn_from_bits(rn_bits(magnitude) | sign);
}
#else
RN_INLINE rn_lanes rn_limit_lanes(rn_lanes x, rn_scalar bound)
{
    return rn_limit(x, bound);
}
#endif

#endif
