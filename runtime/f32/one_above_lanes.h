/* runtime/f32/one_above_lanes.h -- the step function. */
#ifndef RN_ONE_ABOVE_LANES_H
#define RN_ONE_ABOVE_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "one_above.h"
#include "real.h"

/* 1 where x > edge, else 0 */
#if RN_BYTES
RN_INLINE rn_lanes rn_one_above_lanes(rn_lanes x, rn_scalar edge)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes zero = {0}, one = zero + 1;
    return (rn_lanes)((bits_of)one & (bits_of)(x > zero + edge));
}
#else
RN_INLINE rn_lanes rn_one_above_lanes(rn_lanes x, rn_scalar edge)
{
    return rn_one_above(x, edge);
}
#endif

#endif
