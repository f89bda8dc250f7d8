/* runtime/accurate/f32/tanh.h -- the hyperbolic tangent, accurate. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include "abs.h"
#include "copy_sign.h"
#include "half_power.h"
#include "if_above.h"
#include "limit.h"
#include "real.h"
#include "whole.h"

/* Below 0.625 an odd polynomial of degree 11, above it 1 - 2 / (exp(2 |x|) + 1)
 * as 1 - 1 / (2^(k-1) exp(r) + 1/2), |r| <= log(2) / 2.
 *   error: at most 1.21 ULP */
static inline rn_real rn_tanh(rn_real x)
{
    rn_real a = rn_abs(rn_limit(x, 9.1f)), u = a * a, q, p;
    q = u * -0.00570104969f + 0.0206342619f;
    q = q * u + -0.0537379384f;
    q = q * u + 0.133314163f;
    q = q * u + -0.333332807f;
    rn_real small = a + a * (u * q);
    rn_real t = a * 2.88539008f + 12582912.0f; /* 1.5 * 2^23: rounds */
    rn_real k = rn_whole(t), half = rn_half_power(t);
    rn_real r = (a + a - k * 0.693359375f) + k * 2.12194440e-4f;
    p = r * 0.00137824577f + 0.00836866908f;
    p = p * r + 0.0416689627f;
    p = p * r + 0.166665211f;
    p = p * r + 0.499999911f;
    p = p * (r * r) + r;
    rn_real large = 1.0f - 1.0f / (half * p + (half + 0.5f));
    return rn_copy_sign(rn_if_above(a, 0.625f, large, small), x);
}

#endif
