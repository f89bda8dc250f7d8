/* runtime/libm/f32/exp.h -- the exponential function, from the C library. */
#ifndef RN_EXP_H
#define RN_EXP_H

#include <math.h>

static inline float rn_exp(float x)
{
    return expf(x);
}

#endif
