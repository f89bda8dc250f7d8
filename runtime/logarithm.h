/* runtime/logarithm.h -- the logarithm. */
#ifndef RN_LOGARITHM_H
#define RN_LOGARITHM_H

#include "exponent.h"
#include "infinity.h"
#include "log1p.h"
#include "one_above.h"
#include "real.h"
#include "select.h"
#include "significand.h"

/* log(2^k m) = k log(2) + log(1 + (m - 1)), 0.71 < m < 1.42; log(2) in two
 * parts, the first short enough that k times it is exact. Subnormal numbers are
 * multiplied by 2^64 before. Minus infinity of 0, NaN below.
 *   error: at most 3 ULP */
static inline rn_real rn_logarithm(rn_real x)
{
    rn_real inf = rn_infinity();
    /* 1 or 0; where compilers see a choice of several values they branch. */
    rn_real small = 1 - rn_one_above(x, (rn_real)1e-30);
    rn_real z = x * (1 + small * (rn_real)18446744073709551616.0);
    rn_real m = rn_significand(z), k = rn_exponent(z) - small * 64;
    rn_real large = rn_one_above(m, (rn_real)1.4142135);
    k = k + large;
    m = m - large * (m * (rn_real)0.5);

    rn_real y = k * (rn_real)-0.000212194440054690583 + rn_log1p(m - 1);
    y = k * (rn_real)0.693359375 + y;
    y = rn_select(x - x == 0, y, x);
    y = rn_select(x == 0, -inf, y);
    return rn_select(x < 0, inf - inf, y);
}

#endif
