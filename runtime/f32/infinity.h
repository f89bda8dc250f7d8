/* runtime/f32/infinity.h -- infinity. */
#ifndef RN_INFINITY_H
#define RN_INFINITY_H

#include <stdint.h>

#include "from_bits.h"
#include "real.h"

static inline rn_real rn_infinity(void)
{
    return rn_from_bits(0x7f800000u);
}

#endif
