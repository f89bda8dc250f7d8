/* runtime/exact/f32/gelu_tanh.h -- the Gaussian error linear unit, by its tanh
 * formula. */
#ifndef RN_GELU_TANH_H
#define RN_GELU_TANH_H

#include "at_least.h"
#include "limit.h"
#include "wide_exp.h"

/* x / (1 + exp(-2 z)), z = sqrt(2/pi) (x + 0.044715 x^3), in double, rounded
 * once. Beyond |x| = 12 the exponential has long vanished.
 *   error: correctly rounded */
static inline float rn_gelu_tanh(float x)
{
    double low = (double)rn_at_least(x, -12.0f);
    double t = (double)rn_limit(x, 12.0f);
    double z = 1.5957691216057308 * (t + 0.044715 * (t * t * t));
    return (float)(low / (1.0 + rn_wide_exp(-z)));
}

#endif
