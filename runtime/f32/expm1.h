/* runtime/f32/expm1.h -- exp(x) - 1, exact in its digits near 0. */
#ifndef RN_EXPM1_H
#define RN_EXPM1_H

#include "at_least.h"
#include "half_power.h"
#include "limit.h"
#include "real.h"
#include "whole.h"

/* 2^k (exp(r) - 1) + (2^k - 1), |r| <= log(2) / 2, halved inside so that 2^k
 * cannot overflow before the result does.
 *   error: at most 1.65 ULP */
static inline rn_real rn_expm1(rn_real x)
{
    x = rn_at_least(rn_limit(x, 89.0f), -18.0f);
    rn_real t = x * 1.44269504f + 12582912.0f; /* 1.5 * 2^23: rounds */
    rn_real k = rn_whole(t);
    rn_real r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    rn_real p;
    p = r * 0.00138645177f + 0.00836653169f;
    p = p * r + 0.0416675024f;
    p = p * r + 0.166665435f;
    p = p * r + 0.49999997f;
    p = p * (r * r) + r;
    rn_real half = rn_half_power(t);
    return 2.0f * (half * p + (half - 0.5f));
}

#endif
