/* runtime/exact/f32/exp.h -- the exponential function, correctly rounded. */
#ifndef RN_EXP_H
#define RN_EXP_H

#include "limit.h"
#include "wide_exp.h"

/* Through double, rounded once.
 *   error: correctly rounded */
static inline float rn_exp(float x)
{
    return (float)rn_wide_exp((double)rn_limit(x, 104.0f));
}

#endif
