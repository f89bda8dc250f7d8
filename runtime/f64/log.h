/* runtime/f64/log.h -- the logarithm of a number of at least 1. */
#ifndef RN_LOG_H
#define RN_LOG_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "log1p.h"
#include "real.h"

/* log(2^k m) = k log(2) + log(1 + (m - 1)), 1 <= m < 2; log(2) in two parts,
 * the first short enough that k times it is exact. For finite x >= 1.
 *   at most 2 ULP; NaN for NaN */
static inline double rn_log(double x)
{
    uint64_t bits = rn_bits(x);
    double k = (double)((int32_t)(bits >> 52) - 1023);
    double m = rn_from_bits((bits & UINT64_C(0x000fffffffffffff)) |
                            UINT64_C(0x3ff0000000000000));
    return k * 0.69314718036912382 +
           (k * 1.9082149292705877e-10 + rn_log1p(m - 1.0)) + (x - x);
}

#endif
