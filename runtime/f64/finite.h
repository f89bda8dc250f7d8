/* runtime/f64/finite.h -- infinities as the largest finite numbers. */
#ifndef RN_FINITE_H
#define RN_FINITE_H

#include "limit.h"
#include "real.h"

/* NaN stays NaN. */
static inline rn_real rn_finite(rn_real x)
{
    return rn_limit(x, 1.7976931348623157e+308);
}

#endif
