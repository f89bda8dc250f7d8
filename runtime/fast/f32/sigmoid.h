/* runtime/fast/f32/sigmoid.h -- the logistic function, fast. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "limit.h"
#include "real.h"

/* 0.5 + 0.5 tanh(x / 2), tanh's rational with its coefficients scaled by
 * powers of 2. Within [0, 1], exactly 0 and 1 beyond the limit.
 *   error: absolute at most 7e-6 (not relative in the lower tail) */
static inline rn_real rn_sigmoid(rn_real x)
{
    x = rn_limit(x, 11.9259977f);
    rn_real t = x * x, p, q;
    p = t * 2.18362784e-05f + 0.00705343112f;
    p = p * t + 0.25f;
    q = t * 7.68783991e-07f + 0.00105569966f;
    q = q * t + 0.111507498f;
    q = q * t + 1.00006044f;
    return 0.5f + x * p / q;
}

#endif
