/* runtime/f64/abs_lanes.h -- the magnitudes of numbers. */
#ifndef RN_ABS_LANES_H
#define RN_ABS_LANES_H

#include <stdint.h>

#include "abs.h"
#include "lanes.h"
#include "real.h"

/* |x| */
#if RN_BYTES
RN_INLINE rn_lanes rn_abs_lanes(rn_lanes x)
{
    typedef uint64_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    return (rn_lanes)((bits_of)x & UINT64_C(0x7fffffffffffffff));
}
#else
RN_INLINE rn_lanes rn_abs_lanes(rn_lanes x)
{
    return rn_abs(x);
}
#endif

#endif
