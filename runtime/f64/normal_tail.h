/* runtime/f64/normal_tail.h -- the tail of the normal distribution. */
#ifndef RN_NORMAL_TAIL_H
#define RN_NORMAL_TAIL_H

#include "exp.h"
#include "real.h"
#include "short.h"

/* Phi(-x) = exp(-x^2 / 2) t H(2 t - 1), t = 1 / (1 + x / 4), for 0 <= x <= 50;
 * H a polynomial of degree 24 (Chebyshev nodes). exp magnifies the rounding of
 * x^2, so that is taken in two parts: high^2, exact, and the rest, whose
 * exponential is four terms of its series. */
static inline rn_real rn_normal_tail(rn_real x)
{
    rn_real high = rn_short(x);
    rn_real rest = (x - high) * (x + high) * 0.5;
    rn_real t = 1.0 / (1.0 + x * 0.25), v = 2.0 * t - 1.0, p;
    p = v * -1.293965508460865e-12 + 1.7554211456044523e-10;
    p = p * v + -6.0714921139491769e-10;
    p = p * v + -4.7015204902597995e-10;
    p = p * v + 4.8310493006208937e-09;
    p = p * v + -3.3105043194011236e-09;
    p = p * v + -2.1243329539022002e-08;
    p = p * v + 3.8704854417189278e-08;
    p = p * v + 6.7858556551631653e-08;
    p = p * v + -2.5534839341966e-07;
    p = p * v + -1.5737464782395017e-07;
    p = p * v + 1.4800195136758872e-06;
    p = p * v + 1.7914942326420692e-07;
    p = p * v + -8.7861630188923002e-06;
    p = p * v + -4.7706075990830764e-07;
    p = p * v + 5.7773731939311031e-05;
    p = p * v + 3.333607755383947e-05;
    p = p * v + -0.00040770461415755305;
    p = p * v + -0.00086992309180213001;
    p = p * v + 0.0018850472416648235;
    p = p * v + 0.015099143722732095;
    p = p * v + 0.046630464489914855;
    p = p * v + 0.096784350185553675;
    p = p * v + 0.15197416049297302;
    p = p * v + 0.18882128260393788;
    rn_real less =
        rest * (1.0 - rest * (0.5 - rest * (0.16666666666666666 -
                                            rest * 0.041666666666666664)));
    return rn_exp(-0.5 * (high * high)) * (t * (p - p * less));
}

#endif
