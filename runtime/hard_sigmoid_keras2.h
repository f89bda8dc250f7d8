/* runtime/hard_sigmoid_keras2.h -- the piecewise linear sigmoid of Keras 1
 * and 2. */
#ifndef RN_HARD_SIGMOID_KERAS2_H
#define RN_HARD_SIGMOID_KERAS2_H

#include "limit.h"
#include "real.h"
#include "relu.h"

/* clip(0.2 x + 0.5, 0, 1) */
static inline rn_real rn_hard_sigmoid_keras2(rn_real x)
{
    rn_real y = (rn_scalar)0.2 * x + (rn_scalar)0.5;
    return rn_limit(rn_relu(y), 1);
}

#endif
