/* runtime/exact/f32/wide_exp.h -- the exponential function, in double. */
#ifndef RN_WIDE_EXP_H
#define RN_WIDE_EXP_H

#include "wide_power.h"
#include "wide_whole.h"

/* 2^k exp(r), |r| <= log(2) / 2; exp(r) by a polynomial of degree 12. For |x|
 * <= 700; NaN stays NaN. */
static inline double rn_wide_exp(double x)
{
    double t = x * 1.4426950408889634 + 6755399441055744.0; /* 1.5 * 2^52 */
    double k = rn_wide_whole(t), power = rn_wide_power(t);
    double r = (x - k * 0.69314718036912382) - k * 1.9082149292705877e-10;
    double p = 2.0914707069612355e-09;
    p = p * r + 2.5105245153901371e-08;
    p = p * r + 2.7557273594799413e-07;
    p = p * r + 2.7557255332554409e-06;
    p = p * r + 2.4801587325585839e-05;
    p = p * r + 0.00019841269874873975;
    p = p * r + 0.0013888888888883737;
    p = p * r + 0.0083333333333261202;
    p = p * r + 0.041666666666666671;
    p = p * r + 0.16666666666666671;
    p = p * r + 0.5;
    return power + power * (p * (r * r) + r);
}

#endif
