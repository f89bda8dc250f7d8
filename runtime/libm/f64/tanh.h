/* runtime/libm/f64/tanh.h -- the hyperbolic tangent, from the C library. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include <math.h>

static inline double rn_tanh(double x)
{
    return tanh(x);
}

#endif
