/* runtime/f32/where.h -- a choice by a number, without a branch. */
#ifndef RN_WHERE_H
#define RN_WHERE_H

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* a where mask is not 0 (NaN is not), b where it is; any bits. 0 - m borrows
 * from the upper half unless m is 0. Compilers make a branch of a comparison,
 * whatever follows; of this they do not. */
static inline rn_real rn_where(rn_real mask, rn_real a, rn_real b)
{
    uint64_t m = (uint32_t)(rn_bits(mask) << 1); /* without the sign */
    uint32_t all = (uint32_t)((0u - m) >> 32);
    return rn_from_bits((rn_bits(a) & all) | (rn_bits(b) & ~all));
}

#endif
