/* runtime/f64/from_bits.h -- the number that some bits spell. */
#ifndef RN_FROM_BITS_H
#define RN_FROM_BITS_H

#include <stdint.h>
#include <string.h>

#include "real.h"

static inline rn_real rn_from_bits(uint64_t bits)
{
    rn_real x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
