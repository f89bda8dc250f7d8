/* runtime/f32/sigmoid.h -- the logistic function. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "limit.h"
#include "real.h"

/* 1 / (1 + exp(-x)) = 0.5 + 0.5 tanh(x / 2), tanh's rational with its
 * coefficients scaled by powers of 2. Within [0, 1], exactly 0 and 1 beyond
 * |x| = 16.36.
 *   error: absolute at most 1.8e-7 (not relative in the lower tail) */
static inline rn_real rn_sigmoid(rn_real x)
{
    x = rn_limit(x, 16.3573475f);
    rn_real t = x * x, p, q;
    p = t * 1.30072871e-11f + 8.04037299e-08f;
    p = p * t + 5.45943585e-05f;
    p = p * t + 0.0083623128f;
    p = p * t + 0.25f;
    q = t * 3.03201597e-09f + 5.12983524e-06f;
    q = q * t + 0.00161694083f;
    q = q * t + 0.116782524f;
    q = q * t + 1.0f;
    return 0.5f + x * p / q;
}

#endif
