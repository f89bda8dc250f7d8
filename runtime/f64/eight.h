/* runtime/f64/eight.h -- eight numbers side by side. */
#ifndef RN_EIGHT_H
#define RN_EIGHT_H

#include "lanes.h"
#include "real.h"

/* Of double no processor has more than eight lanes. */
#define RN_EIGHT RN_LANES
typedef rn_lanes rn_eight;

RN_INLINE rn_eight rn_load_eight(const rn_real *x)
{
    return rn_load_lanes(x);
}

RN_INLINE void rn_store_eight(rn_real *x, rn_eight value)
{
    rn_store_lanes(x, value);
}

RN_INLINE rn_eight rn_load_half(const rn_real *x, size_t at)
{
    return rn_load_lanes(x + at);
}

RN_INLINE rn_eight rn_spread_eight(rn_real x)
{
    return rn_spread_lanes(x);
}

#endif
