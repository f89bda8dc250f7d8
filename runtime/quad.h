/* runtime/quad.h -- four numbers side by side, or fewer where lanes are. */
#ifndef RN_QUAD_H
#define RN_QUAD_H

#include "lanes.h"
#include "real.h"

#define RN_QUAD (RN_LANES < 4 ? RN_LANES : 4)
#if RN_BYTES
typedef rn_real rn_quad __attribute__((vector_size(RN_QUAD * sizeof(rn_real))));
typedef rn_real rn_quad_anywhere __attribute__((
    vector_size(RN_QUAD * sizeof(rn_real)), aligned(sizeof(rn_real)),
    may_alias));

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
typedef rn_real rn_quad;

RN_INLINE rn_quad rn_load_quad(const rn_real *x)
{
    return *x;
}

RN_INLINE void rn_store_quad(rn_real *x, rn_quad value)
{
    *x = value;
}

RN_INLINE rn_quad rn_spread_quad(rn_real x)
{
    return x;
}
#endif

#endif
