/* runtime/f32/quad.h -- four numbers side by side, where lanes are more. */
#ifndef RN_QUAD_H
#define RN_QUAD_H

#include "lanes.h"
#include "real.h"

#if RN_BYTES > 16
#define RN_QUAD 4
typedef rn_real rn_quad __attribute__((vector_size(4 * sizeof(rn_real))));
typedef rn_real rn_quad_anywhere __attribute__((
    vector_size(4 * sizeof(rn_real)), aligned(sizeof(rn_real)), may_alias));

RN_INLINE rn_quad rn_load_quad(const rn_real *x)
{
    return *(const rn_quad_anywhere *)x;
}

RN_INLINE void rn_store_quad(rn_real *x, rn_quad value)
{
    *(rn_quad_anywhere *)x = value;
}

RN_INLINE rn_quad rn_spread_quad(rn_real x)
{
    rn_quad zero = {0};
    return zero + x;
}
#else
#define RN_QUAD RN_LANES
typedef rn_lanes rn_quad;

RN_INLINE rn_quad rn_load_quad(const rn_real *x)
{
    return rn_load_lanes(x);
}

RN_INLINE void rn_store_quad(rn_real *x, rn_quad value)
{
    rn_store_lanes(x, value);
}

RN_INLINE rn_quad rn_spread_quad(rn_real x)
{
    return rn_spread_lanes(x);
}
#endif

#endif
