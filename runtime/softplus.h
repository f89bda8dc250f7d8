/* runtime/softplus.h -- the smooth rectifier. */
#ifndef RN_SOFTPLUS_H
#define RN_SOFTPLUS_H

#include "abs.h"
#include "exp.h"
#include "log1p.h"
#include "real.h"
#include "relu.h"

/* log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)): never overflows.
 *   error: at most 3 ULP */
static inline rn_real rn_softplus(rn_real x)
{
    return rn_relu(x) + rn_log1p(rn_exp(-rn_abs(x)));
}

#endif
