/* runtime/f32/short_lanes.h -- the leading halves of numbers. */
#ifndef RN_SHORT_LANES_H
#define RN_SHORT_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "short.h"

/* x as rn_short has it. */
#if RN_BYTES
RN_INLINE rn_lanes rn_short_lanes(rn_lanes x)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    return (rn_lanes)((bits_of)x & 0xfffff000u);
}
#else
RN_INLINE rn_lanes rn_short_lanes(rn_lanes x)
{
    return rn_short(x);
}
#endif

#endif
