/* runtime/f32/set_above_lanes.h -- a constant or values, by others. */
#ifndef RN_SET_ABOVE_LANES_H
#define RN_SET_ABOVE_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "set_above.h"

/* c where x > edge, else b (NaN is not above). */
#if RN_BYTES
RN_INLINE rn_lanes rn_set_above_lanes(rn_lanes x, rn_scalar edge, rn_scalar c,
                                      rn_lanes b)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes zero = {0};
    bits_of above = (bits_of)(x > zero + edge);
    return (rn_lanes)(((bits_of)(zero + c) & above) | ((bits_of)b & ~above));
}
#else
RN_INLINE rn_lanes rn_set_above_lanes(rn_lanes x, rn_scalar edge, rn_scalar c,
                                      rn_lanes b)
{
    return rn_set_above(x, edge, c, b);
}
#endif

#endif
