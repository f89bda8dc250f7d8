/* runtime/f64/abs.h -- the magnitude of a number. */
#ifndef RN_ABS_H
#define RN_ABS_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

static inline rn_real rn_abs(rn_real x)
{
    return rn_from_bits(rn_bits(x) & UINT64_C(0x7fffffffffffffff));
}

#endif
