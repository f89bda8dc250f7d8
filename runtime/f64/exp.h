/* runtime/f64/exp.h -- the exponential function. */
#ifndef RN_EXP_H
#define RN_EXP_H

#include "limit.h"
#include "real.h"
#include "scale.h"
#include "whole.h"

/* exp(x) = 2^k exp(r), |r| <= log(2) / 2 (Cody and Waite 1980); exp(r) by a
 * polynomial of degree 12.
 *   error: at most 1.0 ULP; 0, infinity and NaN where they belong */
static inline rn_real rn_exp(rn_real x)
{
    x = rn_limit(x, 746.0);
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
    p = p * (r * r) + r + 1.0;
    return rn_scale(p, t);
}

#endif
