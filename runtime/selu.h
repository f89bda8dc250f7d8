/* runtime/selu.h -- the self-normalizing unit. */
#ifndef RN_SELU_H
#define RN_SELU_H

#include "elu.h"
#include "real.h"

/* 1.0507 elu(x, 1.6733) (Klambauer et al. 2017).
 *   error: at most 4 ULP */
static inline rn_real rn_selu(rn_real x)
{
    return (rn_scalar)1.0507009873554805 *
           rn_elu(x, (rn_scalar)1.6732632423543772);
}

#endif
