/* runtime/f64/sigmoid.h -- the logistic function. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "abs.h"
#include "exp.h"
#include "if_above.h"
#include "real.h"
#include "set_above.h"

/* With e = exp(-|x|): 1 / (1 + e) for x > 0, else e / (1 + e).
 *   error: at most 1.95 ULP, in the lower tail too */
static inline rn_real rn_sigmoid(rn_real x)
{
    rn_real e = rn_exp(-rn_abs(x));
    rn_real sum = 1.0 + e, lost = e - (sum - 1.0);
    rn_real y = rn_set_above(x, 0, 1, e) / sum;
    /* What the sum's rounding lost, divided by the sum, is taken back. Of two
     * choices by the same condition, clang makes a branch. */
    return y - y * (lost * rn_if_above(-x, 0, 1.0 - y, y));
}

#endif
