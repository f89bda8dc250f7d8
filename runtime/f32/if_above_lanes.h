/* runtime/f32/if_above_lanes.h -- ones of two values, by a third. */
#ifndef RN_IF_ABOVE_LANES_H
#define RN_IF_ABOVE_LANES_H

#include <stdint.h>

#include "if_above.h"
#include "lanes.h"
#include "real.h"

/* a where x > edge, else b (NaN is not above). */
#if RN_BYTES
RN_INLINE rn_lanes rn_if_above_lanes(rn_lanes x, rn_scalar edge, rn_lanes a,
                                     rn_lanes b)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes zero = {0};
    bits_of above = (bits_of)(x > zero + edge);
    return (rn_lanes)(((bits_of)a & above) | ((bits_of)b & ~above));
}
#else
RN_INLINE rn_lanes rn_if_above_lanes(rn_lanes x, rn_scalar edge, rn_lanes a,
                                     rn_lanes b)
{
    return rn_if_above(x, edge, a, b);
}
#endif

#endif
