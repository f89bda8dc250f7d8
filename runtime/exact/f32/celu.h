/* runtime/exact/f32/celu.h -- the exponential linear unit, continuous in its
 * slope, correctly rounded. */
#ifndef RN_CELU_H
#define RN_CELU_H

#include "relu.h"
#include "wide_expm1.h"
#include "wide_select.h"

/* max(x, 0) + min(0, alpha (exp(x / alpha) - 1)), in double, rounded once.
 *   error: correctly rounded */
static inline float rn_celu(float x, float alpha)
{
    double low = -(double)rn_relu(-x) / (double)alpha;
    low = rn_wide_select(low < -104.0, -104.0, low);
    return (float)((double)rn_relu(x) + (double)alpha * rn_wide_expm1(low));
}

#endif
