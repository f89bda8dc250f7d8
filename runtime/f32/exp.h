/* runtime/f32/exp.h -- the exponential function. */
#ifndef RN_EXP_H
#define RN_EXP_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "limit.h"
#include "real.h"

/* exp(x) = 2^k exp(r), |r| <= log(2) / 2 (Cody and Waite 1980); exp(r) by a
 * polynomial of degree 6. 2^k in two factors reaches subnormal results.
 *   at most 1.01 ULP; 0, infinity and NaN where they belong */
static inline float rn_exp(float x)
{
    x = rn_limit(x, 104.0f);
    float t = x * 1.44269504f + 12582912.0f; /* 1.5 * 2^23: rounds */
    uint32_t n = rn_bits(t) - 0x4b400000u;   /* k, from the sum's bits */
    float k = (float)(int32_t)n;
    float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float p;
    p = 0.00137824577f;
    p = p * r + 0.00836866908f;
    p = p * r + 0.0416689627f;
    p = p * r + 0.166665211f;
    p = p * r + 0.499999911f;
    p = p * (r * r) + r + 1.0f;
    uint32_t half = (uint32_t)((int32_t)n >> 1);
    return p * rn_from_bits((half + 127u) << 23) *
           rn_from_bits((n - half + 127u) << 23);
}

#endif
