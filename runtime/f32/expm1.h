/* runtime/f32/expm1.h -- exp(x) - 1, exact in its digits near 0. */
#ifndef RN_EXPM1_H
#define RN_EXPM1_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "limit.h"
#include "real.h"
#include "select.h"

/* 2^k (exp(r) - 1) + (2^k - 1), |r| <= log(2) / 2, halved inside so that 2^k
 * cannot overflow before the result does.
 *   at most 1.65 ULP */
static inline float rn_expm1(float x)
{
    x = rn_limit(x, 89.0f);
    x = rn_select(x < -18.0f, -18.0f, x);
    float t = x * 1.44269504f + 12582912.0f; /* 1.5 * 2^23: rounds */
    uint32_t n = rn_bits(t) - 0x4b400000u;   /* k, from the sum's bits */
    float k = (float)(int32_t)n;
    float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float p;
    p = 0.00138645177f;
    p = p * r + 0.00836653169f;
    p = p * r + 0.0416675024f;
    p = p * r + 0.166665435f;
    p = p * r + 0.49999997f;
    p = p * (r * r) + r;
    float half = rn_from_bits((n + 126u) << 23);
    return 2.0f * (half * p + (half - 0.5f));
}

#endif
