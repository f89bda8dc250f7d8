/* runtime/f64/whole_lanes.h -- the integers that rounding sums hold. */
#ifndef RN_WHOLE_LANES_H
#define RN_WHOLE_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "whole.h"

/* k, as rn_whole has it; from bits only where it has to be, as few processors
 * convert 64 of them. */
#if RN_BYTES && defined(__FAST_MATH__)
RN_INLINE rn_lanes rn_whole_lanes(rn_lanes t)
{
    typedef int64_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of n = (bits_of)t - INT64_C(0x4338000000000000);
    return __builtin_convertvector(n, rn_lanes);
}
#elif RN_BYTES
RN_INLINE rn_lanes rn_whole_lanes(rn_lanes t)
{
    return t - 6755399441055744.0;
}
#else
RN_INLINE rn_lanes rn_whole_lanes(rn_lanes t)
{
    return rn_whole(t);
}
#endif

#endif
