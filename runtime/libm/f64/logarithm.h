/* runtime/libm/f64/logarithm.h -- the logarithm, from the C library. */
#ifndef RN_LOGARITHM_H
#define RN_LOGARITHM_H

#include <math.h>


static inline double rn_logarithm(double x)
{
    return log(x);
}

#endif
