/* runtime/maximum_lanes.h -- the larger of two numbers, in every lane. */
#ifndef RN_MAXIMUM_LANES_H
#define RN_MAXIMUM_LANES_H

#include "lanes.h"
#include "maximum.h"

/* As rn_maximum has it. Vectors compare to masks, whose type depends on the
 * numbers'. */
#if RN_BYTES
RN_INLINE rn_lanes rn_maximum_lanes(rn_lanes a, rn_lanes b)
{
    typedef __typeof__(a > b) mask;
    const mask is_a = (a > b) | (a != a);
    return (rn_lanes)(((mask)a & is_a) | ((mask)b & ~is_a));
}
#else
RN_INLINE rn_lanes rn_maximum_lanes(rn_lanes a, rn_lanes b)
{
    return rn_maximum(a, b);
}
#endif

#endif
