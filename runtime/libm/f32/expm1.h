/* runtime/libm/f32/expm1.h -- exp(x) - 1, from the C library. */
#ifndef RN_EXPM1_H
#define RN_EXPM1_H

#include <math.h>

static inline float rn_expm1(float x)
{
    return expm1f(x);
}

#endif
