/* runtime/at_least.h -- a number, limited from below. */
#ifndef RN_AT_LEAST_H
#define RN_AT_LEAST_H

#include "real.h"
#include "select.h"

/* max(x, low); NaN stays NaN. */
static inline rn_real rn_at_least(rn_real x, rn_scalar low)
{
    return rn_select(x < low, low, x);
}

#endif
