/* runtime/f64/log.h -- the logarithm of a number of at least 1. */
#ifndef RN_LOG_H
#define RN_LOG_H

#include "exponent.h"
#include "log1p.h"
#include "real.h"
#include "significand.h"

/* log(2^k m) = k log(2) + log(1 + (m - 1)), 1 <= m < 2; log(2) in two parts,
 * the first short enough that k times it is exact. For finite x >= 1.
 *   error: at most 2 ULP; NaN for NaN */
static inline rn_real rn_log(rn_real x)
{
    rn_real k = rn_exponent(x), m = rn_significand(x);
    return k * 0.69314718036912382 +
           (k * 1.9082149292705877e-10 + rn_log1p(m - 1.0)) + (x - x);
}

#endif
