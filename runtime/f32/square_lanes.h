/* runtime/f32/square_lanes.h -- the squares of numbers, not above a bound. */
#ifndef RN_SQUARE_LANES_H
#define RN_SQUARE_LANES_H

#include "lanes.h"
#include "lesser_lanes.h"
#include "real.h"
#include "square.h"

/* The lesser of x^2 and the bound; of NaN, the bound: it is no less. */
#if RN_BYTES
RN_INLINE rn_lanes rn_square_lanes(rn_lanes x, rn_scalar bound)
{
    rn_lanes zero = {0};
    return rn_lesser_lanes(x * x, zero + bound);
}
#elif RN_WIDTH && defined(__clang__) /* gcc makes a branch of it */
RN_INLINE rn_lanes rn_square_lanes(rn_lanes x, rn_scalar bound)
{
    return x * x < bound ? x * x : bound;
}
#else
RN_INLINE rn_lanes rn_square_lanes(rn_lanes x, rn_scalar bound)
{
    return rn_square(x, bound);
}
#endif

#endif
