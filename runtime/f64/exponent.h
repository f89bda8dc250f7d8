/* runtime/f64/exponent.h -- the exponent of a number. */
#ifndef RN_EXPONENT_H
#define RN_EXPONENT_H

#include <stdint.h>

#include "bits.h"
#include "real.h"

/* k of x = 2^k m, 1 <= m < 2, for normal x > 0. */
static inline rn_real rn_exponent(rn_real x)
{
    return (rn_real)((int32_t)(rn_bits(x) >> 52) - 1023);
}

#endif
