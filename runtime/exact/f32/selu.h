/* runtime/exact/f32/selu.h -- the self-normalizing unit, correctly rounded. */
#ifndef RN_SELU_H
#define RN_SELU_H

#include "limit.h"
#include "relu.h"
#include "wide_expm1.h"

/* 1.0507 elu(x, 1.6733), in double, rounded once.
 *   error: correctly rounded */
static inline float rn_selu(float x)
{
    double low = -(double)rn_relu(rn_limit(-x, 104.0f));
    return (float)(1.0507009873554805 * (double)rn_relu(x) +
                   1.7580993408473768 * rn_wide_expm1(low));
}

#endif
