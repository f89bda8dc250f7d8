/* runtime/mish.h -- a smooth rectifier that dips below 0. */
#ifndef RN_MISH_H
#define RN_MISH_H

#include "abs.h"
#include "at_least.h"
#include "exp.h"
#include "real.h"
#include "set_above.h"

/* x tanh(log(1 + exp(x))) (Misra 2019). With (a, b) = (1, exp(-x)) for x > 0,
 * else (exp(x), 1), the tangent is a (a + 2 b) / (a (a + 2 b) + 2 b^2); of two
 * choices by the same condition, clang makes a branch. x is limited from below
 * where the tangent is 0, against 0 times infinity.
 *   error: at most 5 ULP above -80, absolute 2.5e-7 of x below */
static inline rn_real rn_mish(rn_real x)
{
    rn_real e = rn_exp(-rn_abs(x)), low = rn_at_least(x, -1000);
    rn_real a = rn_set_above(x, 0, 1, e), b = rn_set_above(-x, 0, 1, e);
    rn_real top = a * (a + 2 * b);
    return low * top / (top + 2 * b * b);
}

#endif
