/* runtime/exact/f32/wide_log1p.h -- log(1 + x) for x in [0, 1], in double. */
#ifndef RN_WIDE_LOG1P_H
#define RN_WIDE_LOG1P_H

#include "wide_select.h"

/* 2 atanh(s), s = x / (2 + x); above sqrt(2) - 1 first halved: log(2) +
 * log((1 + x) / 2), so that |s| stays below 0.172. NaN stays NaN. */
static inline double rn_wide_log1p(double x)
{
    double large = rn_wide_select(x > 0.41421356237309503, 1.0, 0.0);
    double s = (x - large) / (x + (2.0 + large));
    double u = s * s, p = 0.13094416666525815;
    p = p * u + 0.13268026140428688;
    p = p * u + 0.15386267672882228;
    p = p * u + 0.18181795124476754;
    p = p * u + 0.22222222396552982;
    p = p * u + 0.28571428570782209;
    p = p * u + 0.40000000000000913;
    p = p * u + 0.66666666666666663;
    /* log(2) in two parts, the first short enough to add exactly. */
    double high = large * 0.69314718036912382;
    double low = large * 1.9082149292705877e-10;
    return high + (2.0 * s + (s * (u * p) + low));
}

#endif
