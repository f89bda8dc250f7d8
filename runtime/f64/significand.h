/* runtime/f64/significand.h -- a number without its exponent. */
#ifndef RN_SIGNIFICAND_H
#define RN_SIGNIFICAND_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* m of x = 2^k m, 1 <= m < 2, for normal x > 0. */
static inline rn_real rn_significand(rn_real x)
{
    return rn_from_bits((rn_bits(x) & UINT64_C(0x000fffffffffffff)) |
                        UINT64_C(0x3ff0000000000000));
}

#endif
