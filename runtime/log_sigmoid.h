/* runtime/log_sigmoid.h -- the logarithm of the sigmoid. */
#ifndef RN_LOG_SIGMOID_H
#define RN_LOG_SIGMOID_H

#include "real.h"
#include "softplus.h"

/* log(1 / (1 + exp(-x))) = -softplus(-x): never overflows.
 *   error: as softplus */
static inline rn_real rn_log_sigmoid(rn_real x)
{
    return -rn_softplus(-x);
}

#endif
