/* runtime/exact/f32/gelu.h -- the Gaussian error linear unit. */
#ifndef RN_GELU_H
#define RN_GELU_H

#include "abs.h"
#include "limit.h"
#include "real.h"
#include "wide_exp.h"
#include "wide_select.h"

/* x Phi(x) in double, rounded once, from the tail Phi(-|x|) = exp(-x^2 / 2) t
 * H(2 t - 1), t = 1 / (1 + |x| / 4), H a polynomial of degree 24. Beyond |x| =
 * 14.5 the tail is 0 in float.
 *   error: at most 0.5000001 ULP */
static inline float rn_gelu(float x)
{
    double low = (double)rn_limit(x, 14.5f), a = (double)rn_abs((float)low);
    double t = 1.0 / (1.0 + a * 0.25), v = 2.0 * t - 1.0;
    double p = -1.293965508460865e-12;
    p = p * v + 1.7554211456044523e-10;
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
    double tail = rn_wide_exp(-0.5 * (a * a)) * (t * p);
    return (float)rn_wide_select(x < 0, low * tail, (double)x * (1.0 - tail));
}

#endif
