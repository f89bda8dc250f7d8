/* runtime/f64/expm1.h -- exp(x) - 1, exact in its digits near 0. */
#ifndef RN_EXPM1_H
#define RN_EXPM1_H

#include "at_least.h"
#include "half_power.h"
#include "limit.h"
#include "real.h"
#include "whole.h"

/* 2^k (exp(r) - 1) + (2^k - 1), |r| <= log(2) / 2, halved inside so that 2^k
 * cannot overflow before the result does.
 *   error: at most 1.85 ULP */
static inline rn_real rn_expm1(rn_real x)
{
    x = rn_at_least(rn_limit(x, 710.0), -38.0);
    rn_real t = x * 1.4426950408889634 + 6755399441055744.0; /* 1.5 * 2^52 */
    rn_real k = rn_whole(t);
    rn_real r = (x - k * 0.69314718036912382) - k * 1.9082149292705877e-10;
    rn_real p;
    p = r * 2.0914707069612355e-09 + 2.5105245153901371e-08;
    p = p * r + 2.7557273594799413e-07;
    p = p * r + 2.7557255332554409e-06;
    p = p * r + 2.4801587325585839e-05;
    p = p * r + 0.00019841269874873975;
    p = p * r + 0.0013888888888883737;
    p = p * r + 0.0083333333333261202;
    p = p * r + 0.041666666666666671;
    p = p * r + 0.16666666666666671;
    p = p * r + 0.5;
    p = p * (r * r) + r;
    rn_real half = rn_half_power(t);
    return 2.0 * (half * p + (half - 0.5));
}

#endif
