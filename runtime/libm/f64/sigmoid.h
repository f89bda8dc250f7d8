/* runtime/libm/f64/sigmoid.h -- the logistic function, from the C library. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include <math.h>

/* 1 / (1 + exp(-x)); exp may overflow to infinity, which gives 0. */
static inline double rn_sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

#endif
