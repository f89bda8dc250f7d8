/* runtime/f32/finite.h -- infinities as the largest finite numbers. */
#ifndef RN_FINITE_H
#define RN_FINITE_H

#include "limit.h"
#include "real.h"

/* NaN stays NaN. */
static inline rn_real rn_finite(rn_real x)
{
    return rn_limit(x, 3.402823466e+38f);
}

#endif
