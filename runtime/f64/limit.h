/* runtime/f64/limit.h -- a number, its magnitude limited. */
#ifndef RN_LIMIT_H
#define RN_LIMIT_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* x within [-bound, bound]; NaN stays NaN. Magnitudes are in order as
 * integers; counted from behind infinity the NaNs come first, so that an
 * unsigned minimum spares them. An integer minimum is an instruction
 * everywhere, "x > bound ? bound : x" is a branch with gcc. */
static inline rn_real rn_limit(rn_real x, rn_scalar bound)
{
    uint64_t sign = rn_bits(x) & UINT64_C(0x8000000000000000),
             first = UINT64_C(0x7ff0000000000001);
    uint64_t m = (rn_bits(x) ^ sign) - first;
    uint64_t most = rn_bits(bound) - first;
    m = m < most ? m : most;
    return rn_from_bits((m + first) | sign);
}

#endif
