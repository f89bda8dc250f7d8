/* runtime/maximum.h -- the larger of two numbers, or NaN. */
#ifndef RN_MAXIMUM_H
#define RN_MAXIMUM_H

#include "real.h"
#include "select.h"

/* NaN where either is: a NaN in a is its own, one in b is what is left. */
static inline rn_real rn_maximum(rn_real a, rn_real b)
{
    return rn_select((a > b) | (a != a), a, b);
}

#endif
