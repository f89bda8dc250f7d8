/* runtime/exact/f32/sigmoid.h -- the logistic function, correctly rounded. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "limit.h"
#include "wide_exp.h"

/* 1 / (1 + exp(-x)) in double, rounded once.
 *   error: correctly rounded but for at most 9 of 2^32 inputs */
static inline float rn_sigmoid(float x)
{
    return (float)(1.0 / (1.0 + rn_wide_exp(-(double)rn_limit(x, 105.0f))));
}

#endif
