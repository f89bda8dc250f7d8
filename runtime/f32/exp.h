/* runtime/f32/exp.h -- the exponential function. */
#ifndef RN_EXP_H
#define RN_EXP_H

#include "limit.h"
#include "real.h"
#include "scale.h"
#include "whole.h"

/* exp(x) = 2^k exp(r), |r| <= log(2) / 2 (Cody and Waite 1980); exp(r) by a
 * polynomial of degree 6.
 *   error: at most 1.01 ULP; 0, infinity and NaN where they belong */
static inline rn_real rn_exp(rn_real x)
{
    x = rn_limit(x, 104.0f);
    rn_real t = x * 1.44269504f + 12582912.0f; /* 1.5 * 2^23: rounds */
    rn_real k = rn_whole(t);
    rn_real r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    rn_real p;
    p = r * 0.00137824577f + 0.00836866908f;
    p = p * r + 0.0416689627f;
    p = p * r + 0.166665211f;
    p = p * r + 0.499999911f;
    p = p * (r * r) + r + 1.0f;
    return rn_scale(p, t);
}

#endif
