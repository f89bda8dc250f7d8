/* runtime/f64/select.h -- a choice without a branch. */
#ifndef RN_SELECT_H
#define RN_SELECT_H

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* a where condition is 1, b where it is 0. Any bits, NaN too. */
static inline rn_real rn_select(int condition, rn_real a, rn_real b)
{
    uint64_t mask = 0u - (uint64_t)condition;
    return rn_from_bits((rn_bits(a) & mask) | (rn_bits(b) & ~mask));
}

#endif
