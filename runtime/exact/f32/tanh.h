/* runtime/exact/f32/tanh.h -- the hyperbolic tangent, correctly rounded. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include "limit.h"
#include "wide_expm1.h"

/* e / (e + 2), e = exp(2 x) - 1, in double, rounded once.
 *   error: correctly rounded */
static inline float rn_tanh(float x)
{
    double e = rn_wide_expm1(2.0 * (double)rn_limit(x, 9.1f));
    return (float)(e / (e + 2.0));
}

#endif
