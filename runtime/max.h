/* runtime/max.h -- the larger of two numbers. */
#ifndef RN_MAX_H
#define RN_MAX_H

#include "real.h"
#include "select.h"

/* b where either is NaN. */
static inline rn_real rn_max(rn_real a, rn_real b)
{
    return rn_select(a > b, a, b);
}

#endif
