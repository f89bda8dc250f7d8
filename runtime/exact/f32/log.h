/* runtime/exact/f32/log.h -- the logarithm of a number of at least 1, correctly
 * rounded. */
#ifndef RN_LOG_H
#define RN_LOG_H

#include "exponent.h"
#include "significand.h"
#include "wide_log1p.h"

/* log(2^k m) = k log(2) + log(1 + (m - 1)), 1 <= m < 2, in double, rounded
 * once. For finite x >= 1; NaN for NaN. correctly rounded */
static inline float rn_log(float x)
{
    double k = (double)rn_exponent(x), m = (double)rn_significand(x);
    double low = k * 1.9082149292705877e-10 + rn_wide_log1p(m - 1.0);
    return (float)(k * 0.69314718036912382 + low) + (x - x);
}

#endif
