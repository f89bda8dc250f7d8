/* runtime/libm/f32/tanh.h -- the hyperbolic tangent, from the C library. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include <math.h>

static inline float rn_tanh(float x)
{
    return tanhf(x);
}

#endif
