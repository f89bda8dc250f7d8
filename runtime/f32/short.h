/* runtime/f32/short.h -- the leading half of a number. */
#ifndef RN_SHORT_H
#define RN_SHORT_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* x without its last 12 bits, so that its square is exact. */
static inline rn_real rn_short(rn_real x)
{
    return rn_from_bits(rn_bits(x) & 0xfffff000u);
}

#endif
