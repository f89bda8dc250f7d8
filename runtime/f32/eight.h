/* runtime/f32/eight.h -- eight numbers side by side, where lanes are more. */
#ifndef RN_EIGHT_H
#define RN_EIGHT_H

#include "lanes.h"
#include "real.h"

/* For rows of 8, 24, 40...: what was stored as sixteen lanes can be read as
 * eight without delay, if none of the eight lie across a border. */
#if RN_BYTES == 64
#define RN_EIGHT 8
typedef rn_real rn_eight __attribute__((vector_size(8 * sizeof(rn_real))));
typedef rn_real rn_eight_anywhere __attribute__((
    vector_size(8 * sizeof(rn_real)), aligned(sizeof(rn_real)), may_alias));

RN_INLINE rn_eight rn_load_eight(const rn_real *x)
{
    return *(const rn_eight_anywhere *)x;
}

RN_INLINE void rn_store_eight(rn_real *x, rn_eight value)
{
    *(rn_eight_anywhere *)x = value;
}

RN_INLINE rn_eight rn_spread_eight(rn_real x)
{
    rn_eight zero = {0};
    return zero + x;
}
#else
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

RN_INLINE rn_eight rn_spread_eight(rn_real x)
{
    return rn_spread_lanes(x);
}
#endif

#endif
