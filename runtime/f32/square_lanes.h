/* runtime/f32/square_lanes.h -- the squares of numbers, not above a bound. */
#ifndef RN_SQUARE_LANES_H
#define RN_SQUARE_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "square.h"

/* The lesser of x^2 and the bound; of NaN, the bound: it is no less. */
#if RN_BYTES
RN_INLINE rn_lanes rn_square_lanes(rn_lanes x, rn_scalar bound)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes zero = {0}, square = x * x, most = zero + bound;
    bits_of less = (bits_of)(square < most);
    return (rn_lanes)(((bits_of)square & less) | ((bits_of)most & ~less));
}
#else
RN_INLINE rn_lanes rn_square_lanes(rn_lanes x, rn_scalar bound)
{
    return rn_square(x, bound);
}
#endif

#endif
