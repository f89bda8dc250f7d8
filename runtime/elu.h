/* runtime/elu.h -- the exponential linear unit. */
#ifndef RN_ELU_H
#define RN_ELU_H

#include "expm1.h"
#include "real.h"
#include "relu.h"

/* alpha (exp(x) - 1) for x < 0, else x (Clevert et al. 2015), as the sum of
 * both, of which one is 0.
 *   error: at most 2 ULP */
static inline rn_real rn_elu(rn_real x, rn_scalar alpha)
{
    return rn_relu(x) + alpha * rn_expm1(-rn_relu(-x));
}

#endif
