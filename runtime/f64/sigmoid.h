/* runtime/f64/sigmoid.h -- the logistic function. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "abs.h"
#include "exp.h"
#include "real.h"
#include "select.h"

/* With e = exp(-|x|): 1 / (1 + e) for x > 0, else e / (1 + e).
 *   at most 1.95 ULP, in the lower tail too */
static inline double rn_sigmoid(double x)
{
    double e = rn_exp(-rn_abs(x));
    double sum = 1.0 + e, lost = e - (sum - 1.0);
    double y = rn_select(x > 0, 1.0, e) / sum;
    /* What the sum's rounding lost, divided by the sum, is taken back. */
    return y - y * (lost * rn_select(x > 0, y, 1.0 - y));
}

#endif
