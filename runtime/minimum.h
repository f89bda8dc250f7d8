/* runtime/minimum.h -- the smaller of two numbers, or NaN. */
#ifndef RN_MINIMUM_H
#define RN_MINIMUM_H

#include "real.h"
#include "select.h"

/* NaN where either is: a NaN in a is its own, one in b is what is left. */
static inline rn_real rn_minimum(rn_real a, rn_real b)
{
    return rn_select((a < b) | (a != a), a, b);
}

#endif
