/* runtime/f32/significand.h -- a number without its exponent. */
#ifndef RN_SIGNIFICAND_H
#define RN_SIGNIFICAND_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* m of x = 2^k m, 1 <= m < 2, for normal x > 0. */
static inline rn_real rn_significand(rn_real x)
{
    return rn_from_bits((rn_bits(x) & 0x007fffffu) | 0x3f800000u);
}

#endif
