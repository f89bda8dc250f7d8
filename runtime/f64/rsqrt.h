/* runtime/f64/rsqrt.h -- one over the square root. */
#ifndef RN_RSQRT_H
#define RN_RSQRT_H

#include "real.h"
#include "rsqrt_guess.h"

/* For x > 0 whose half is normal. Each of Newton's steps y (1.5 - x/2 y^2)
 * doubles the digits; the last one adds its correction, which rounds less.
 *   error: at most 1.0 ULP; NaN for NaN */
static inline rn_real rn_rsqrt(rn_real x)
{
    rn_real y = rn_rsqrt_guess(x), half = x * 0.5;
    y = y * (1.5 - half * y * y);
    y = y * (1.5 - half * y * y);
    y = y * (1.5 - half * y * y);
    return y + y * (0.5 - half * y * y) + (x - x);
}

#endif
