/* runtime/f32/log1p.h -- log(1 + x) for x in [0, 1]. */
#ifndef RN_LOG1P_H
#define RN_LOG1P_H

#include "real.h"
#include "one_above.h"

/* 2 atanh(s), s = x / (2 + x); above sqrt(2) - 1 first halved: log(2) +
 * log((1 + x) / 2), so that |s| stays below 0.172.
 *   error: at most 1.97 ULP on [0, 1]; elsewhere meaningless, NaN for NaN */
static inline rn_real rn_log1p(rn_real x)
{
    rn_real large = rn_one_above(x, 0.414213568f);
    rn_real s = (x - large) / (x + (2.0f + large));
    rn_real u = s * s, p;
    p = u * 0.233368114f + 0.285505861f;
    p = p * u + 0.400001228f;
    p = p * u + 0.666666687f;
    /* log(2) in two parts, the first short enough to add exactly. */
    rn_real high = large * 0.693359375f, low = large * -0.000212194442f;
    return high + (2.0f * s + (s * (u * p) + low));
}

#endif
