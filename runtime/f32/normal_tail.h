/* runtime/f32/normal_tail.h -- the tail of the normal distribution. */
#ifndef RN_NORMAL_TAIL_H
#define RN_NORMAL_TAIL_H

#include "exp.h"
#include "real.h"
#include "short.h"

/* Phi(-x) = exp(-x^2 / 2) t H(2 t - 1), t = 1 / (1 + x / 4), for 0 <= x <= 50;
 * H a polynomial of degree 10 (Chebyshev nodes). exp magnifies the rounding of
 * x^2, so that is taken in two parts: high^2, exact, and the rest, whose
 * exponential is four terms of its series. */
static inline rn_real rn_normal_tail(rn_real x)
{
    rn_real high = rn_short(x);
    rn_real rest = (x - high) * (x + high) * 0.5f;
    rn_real t = 1.0f / (1.0f + x * 0.25f), v = 2.0f * t - 1.0f, p;
    p = v * -1.28891479e-05f + 5.794967e-05f;
    p = p * v + 4.27636514e-05f;
    p = p * v + -0.00041130482f;
    p = p * v + -0.000872329343f;
    p = p * v + 0.00188631704f;
    p = p * v + 0.015099383f;
    p = p * v + 0.0466303192f;
    p = p * v + 0.0967843384f;
    p = p * v + 0.151974171f;
    p = p * v + 0.188821286f;
    rn_real less =
        rest *
        (1.0f - rest * (0.5f - rest * (0.166666672f - rest * 0.0416666679f)));
    return rn_exp(-0.5f * (high * high)) * (t * (p - p * less));
}

#endif
