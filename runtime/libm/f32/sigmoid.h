/* runtime/libm/f32/sigmoid.h -- the logistic function, from the C library. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include <math.h>

/* 1 / (1 + exp(-x)); exp may overflow to infinity, which gives 0. */
static inline float rn_sigmoid(float x)
{
    return 1.0f / (1.0f + expf(-x));
}

#endif
