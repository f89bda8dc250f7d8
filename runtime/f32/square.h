/* runtime/f32/square.h -- the square of a number, not above a bound. */
#ifndef RN_SQUARE_H
#define RN_SQUARE_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* The lesser of x^2 and the bound; of NaN either: an integer minimum, as in
 * rn_limit. Without a subtraction, as there, clang sees one of floats, and -Os
 * makes a branch of it. */
static inline rn_real rn_square(rn_real x, rn_scalar bound)
{
#ifdef __clang__
    const uint32_t first = 0x7f800001u;
#else
    const uint32_t first = 0;
#endif
    uint32_t m = rn_bits(x * x) - first, most = rn_bits(bound) - first;
    m = m < most ? m : most;
    return rn_from_bits(m + first);
}

#endif
