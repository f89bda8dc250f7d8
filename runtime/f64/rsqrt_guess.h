/* runtime/f64/rsqrt_guess.h -- a first guess of one over the square root. */
#ifndef RN_RSQRT_GUESS_H
#define RN_RSQRT_GUESS_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* The exponent halved as an integer gives two digits (Lomont 2003). */
static inline rn_real rn_rsqrt_guess(rn_real x)
{
    return rn_from_bits(UINT64_C(0x5fe6eb50c7b537a9) - (rn_bits(x) >> 1));
}

#endif
