/* runtime/celu.h -- the exponential linear unit, continuous in its slope. */
#ifndef RN_CELU_H
#define RN_CELU_H

#include "expm1.h"
#include "real.h"
#include "relu.h"

/* max(x, 0) + min(0, alpha (exp(x / alpha) - 1)) for alpha > 0 (Barron 2017)
 *   error: at most 3 ULP */
static inline rn_real rn_celu(rn_real x, rn_scalar alpha)
{
    return rn_relu(x) + alpha * rn_expm1(-rn_relu(-x) / alpha);
}

#endif
