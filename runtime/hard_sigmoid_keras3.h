/* runtime/hard_sigmoid_keras3.h -- the piecewise linear sigmoid of Keras 3. */
#ifndef RN_HARD_SIGMOID_KERAS3_H
#define RN_HARD_SIGMOID_KERAS3_H

#include "limit.h"
#include "real.h"
#include "relu.h"

/* clip(x / 6 + 0.5, 0, 1) = relu6(x + 3) / 6 */
static inline rn_real rn_hard_sigmoid_keras3(rn_real x)
{
    rn_real y = (x + 3) / 6;
    return rn_limit(rn_relu(y), 1);
}

#endif
