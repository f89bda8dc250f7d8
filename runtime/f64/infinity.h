/* runtime/f64/infinity.h -- infinity. */
#ifndef RN_INFINITY_H
#define RN_INFINITY_H

#include <stdint.h>

#include "from_bits.h"
#include "real.h"

static inline rn_real rn_infinity(void)
{
    return rn_from_bits(UINT64_C(0x7ff0000000000000));
}

#endif
