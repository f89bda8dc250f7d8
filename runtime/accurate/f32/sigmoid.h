/* runtime/accurate/f32/sigmoid.h -- the logistic function, accurate. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "abs.h"
#include "exp.h"
#include "real.h"
#include "set_above.h"

/* With e = exp(-|x|): 1 / (1 + e) for x > 0, else e / (1 + e).
 *   error: at most 2.41 ULP, in the lower tail too */
static inline rn_real rn_sigmoid(rn_real x)
{
    rn_real e = rn_exp(-rn_abs(x));
    return rn_set_above(x, 0, 1, e) / (1.0f + e);
}

#endif
