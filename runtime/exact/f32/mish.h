/* runtime/exact/f32/mish.h -- a smooth rectifier that dips below 0, correctly
 * rounded. */
#ifndef RN_MISH_H
#define RN_MISH_H

#include "at_least.h"
#include "limit.h"
#include "wide_exp.h"

/* x tanh(log(1 + exp(x))) (Misra 2019), the tangent as n / (n + 2), n = e (e +
 * 2), e = exp(x); in double, rounded once.
 *   error: correctly rounded */
static inline float rn_mish(float x)
{
    double low = (double)rn_at_least(x, -120.0f);
    double e = rn_wide_exp((double)rn_limit(x, 120.0f)), n = e * (e + 2.0);
    return (float)(low * (n / (n + 2.0)));
}

#endif
