/* runtime/libm/f32/logarithm.h -- the logarithm, from the C library. */
#ifndef RN_LOGARITHM_H
#define RN_LOGARITHM_H

#include <math.h>


static inline float rn_logarithm(float x)
{
    return logf(x);
}

#endif
