/* runtime/exact/f32/swish.h -- x times its sigmoid, correctly rounded. */
#ifndef RN_SWISH_H
#define RN_SWISH_H

#include "at_least.h"
#include "limit.h"
#include "wide_exp.h"

/* x / (1 + exp(-x)), also called silu, in double, rounded once; x is limited
 * from below where that is 0.
 *   error: correctly rounded */
static inline float rn_swish(float x)
{
    double low = (double)rn_at_least(x, -120.0f);
    double e = rn_wide_exp(-(double)rn_limit(x, 120.0f));
    return (float)(low / (1.0 + e));
}

#endif
