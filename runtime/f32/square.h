/* runtime/f32/square.h -- the square of a number, not above a bound. */
#ifndef RN_SQUARE_H
#define RN_SQUARE_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* The lesser of x^2 and the bound; of NaN, the bound. As integers what is not
 * negative is in order, with NaN last, and an integer minimum is an instruction
 * everywhere. */
static inline rn_real rn_square(rn_real x, rn_scalar bound)
{
    uint32_t square = rn_bits(x * x), most = rn_bits(bound);
    return rn_from_bits(square < most ? square : most);
}

#endif
