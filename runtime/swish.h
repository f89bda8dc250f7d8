/* runtime/swish.h -- x times its sigmoid. */
#ifndef RN_SWISH_H
#define RN_SWISH_H

#include "abs.h"
#include "at_least.h"
#include "exp.h"
#include "if_above.h"
#include "real.h"

/* x / (1 + exp(-x)), also called silu; 0 and infinity at the infinities.
 * With e = exp(-|x|): x / (1 + e) for x > 0, else x e / (1 + e). x is limited
 * from below where e is 0 anyway, so that 0 times infinity does not arise.
 *   error: at most 4 ULP above -80, absolute 2e-7 of x below */
static inline rn_real rn_swish(rn_real x)
{
    rn_real e = rn_exp(-rn_abs(x)), low = rn_at_least(x, -1000);
    return rn_if_above(x, 0, low, low * e) / (1 + e);
}

#endif
