/* runtime/libm/f64/expm1.h -- exp(x) - 1, from the C library. */
#ifndef RN_EXPM1_H
#define RN_EXPM1_H

#include <math.h>

static inline double rn_expm1(double x)
{
    return expm1(x);
}

#endif
