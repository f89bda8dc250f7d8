/* runtime/minimum_lanes.h -- the smaller of two numbers, in every lane. */
#ifndef RN_MINIMUM_LANES_H
#define RN_MINIMUM_LANES_H

#include "lanes.h"
#include "minimum.h"

/* As rn_minimum has it. Vectors compare to masks, whose type depends on the
 * numbers'. */
#if RN_BYTES
RN_INLINE rn_lanes rn_minimum_lanes(rn_lanes a, rn_lanes b)
{
    typedef __typeof__(a < b) mask;
    const mask is_a = (a < b) | (a != a);
    return (rn_lanes)(((mask)a & is_a) | ((mask)b & ~is_a));
}
#else
RN_INLINE rn_lanes rn_minimum_lanes(rn_lanes a, rn_lanes b)
{
    return rn_minimum(a, b);
}
#endif

#endif
