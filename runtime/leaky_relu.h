/* runtime/leaky_relu.h -- the rectifier that leaks. */
#ifndef RN_LEAKY_RELU_H
#define RN_LEAKY_RELU_H

#include "real.h"
#include "relu.h"

/* max(x, 0) + negative_slope min(x, 0) */
static inline rn_real rn_leaky_relu(rn_real x, rn_scalar negative_slope)
{
    return rn_relu(x) - negative_slope * rn_relu(-x);
}

#endif
