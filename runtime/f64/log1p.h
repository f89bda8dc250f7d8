/* runtime/f64/log1p.h -- log(1 + x) for x in [0, 1]. */
#ifndef RN_LOG1P_H
#define RN_LOG1P_H

#include "real.h"
#include "one_above.h"

/* 2 atanh(s), s = x / (2 + x); above sqrt(2) - 1 first halved: log(2) +
 * log((1 + x) / 2), so that |s| stays below 0.172.
 *   error: at most 1.86 ULP on [0, 1]; elsewhere meaningless, NaN for NaN */
static inline rn_real rn_log1p(rn_real x)
{
    rn_real large = rn_one_above(x, 0.41421356237309503);
    rn_real s = (x - large) / (x + (2.0 + large));
    rn_real u = s * s, p;
    p = u * 0.13094416666525815 + 0.13268026140428688;
    p = p * u + 0.15386267672882228;
    p = p * u + 0.18181795124476754;
    p = p * u + 0.22222222396552982;
    p = p * u + 0.28571428570782209;
    p = p * u + 0.40000000000000913;
    p = p * u + 0.66666666666666663;
    /* log(2) in two parts, the first short enough to add exactly. */
    rn_real high = large * 0.69314718036912382;
    rn_real low = large * 1.9082149292705877e-10;
    return high + (2.0 * s + (s * (u * p) + low));
}

#endif
