/* runtime/f32/limit_lanes.h -- numbers, their magnitudes limited. */
#ifndef RN_LIMIT_LANES_H
#define RN_LIMIT_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "limit.h"
#include "real.h"

/* x within [-bound, bound]; NaN stays NaN, which no comparison finds too
 * large. */
#if RN_BYTES
RN_INLINE rn_lanes rn_limit_lanes(rn_lanes x, rn_scalar bound)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of bits = (bits_of)x, sign = bits & 0x80000000u;
    rn_lanes zero = {0}, most = zero + bound;
    bits_of over = (bits_of)((rn_lanes)(bits ^ sign) > most);
    return (rn_lanes)((bits & ~over) | (((bits_of)most | sign) & over));
}
#else
RN_INLINE rn_lanes rn_limit_lanes(rn_lanes x, rn_scalar bound)
{
    return rn_limit(x, bound);
}
#endif

#endif
