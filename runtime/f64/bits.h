/* runtime/f64/bits.h -- a number as the integer of its bits. */
#ifndef RN_BITS_H
#define RN_BITS_H

#include <stdint.h>
#include <string.h>

#include "real.h"

/* memcpy is the bit cast that C and C++ both define; it costs nothing. */
static inline uint64_t rn_bits(rn_real x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

#endif
