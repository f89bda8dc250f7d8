/* runtime/gelu_tanh.h -- the Gaussian error linear unit, by its tanh formula.
 */
#ifndef RN_GELU_TANH_H
#define RN_GELU_TANH_H

#include "abs.h"
#include "exp.h"
#include "if_above.h"
#include "limit.h"
#include "real.h"

/* 0.5 x (1 + tanh(z)), z = sqrt(2/pi) (x + 0.044715 x^3), written as
 * x / (1 + exp(-2 z)) so that the negative tail keeps its digits. Beyond |x| =
 * 50 the exponential has long vanished.
 *   error: absolute at most 4e-7 of the larger of 1 and |x| */
static inline rn_real rn_gelu_tanh(rn_real x)
{
    rn_real t = rn_limit(x, 50);
    rn_real z =
        (rn_scalar)1.5957691216057308 * (t + (rn_scalar)0.044715 * (t * t * t));
    rn_real e = rn_exp(-rn_abs(z));
    return rn_if_above(x, 0, x, t * e) / (1 + e);
}

#endif
