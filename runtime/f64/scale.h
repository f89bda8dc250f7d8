/* runtime/f64/scale.h -- a number times a power of 2. */
#ifndef RN_SCALE_H
#define RN_SCALE_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* p 2^k, k as in rn_whole; in two factors, which reach subnormal results. */
static inline rn_real rn_scale(rn_real p, rn_real t)
{
    uint64_t n = rn_bits(t) - UINT64_C(0x4338000000000000);
    uint64_t half = (uint64_t)((int64_t)n >> 1);
    return p * rn_from_bits((half + 1023u) << 52) *
           rn_from_bits((n - half + 1023u) << 52);
}

#endif
