/* runtime/f32/whole_lanes.h -- the integers that rounding sums hold. */
#ifndef RN_WHOLE_LANES_H
#define RN_WHOLE_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "whole.h"

/* k, as rn_whole has it; the conversion lane by lane is one instruction in
 * what compilers make of it. */
#if RN_BYTES
RN_INLINE rn_lanes rn_whole_lanes(rn_lanes t)
{
    typedef int32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    bits_of n = (bits_of)t - 0x4b400000;
    return __builtin_convertvector(n, rn_lanes);
}
#else
RN_INLINE rn_lanes rn_whole_lanes(rn_lanes t)
{
    return rn_whole(t);
}
#endif

#endif
