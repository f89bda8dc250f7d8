/* runtime/libm/f64/exp.h -- the exponential function, from the C library. */
#ifndef RN_EXP_H
#define RN_EXP_H

#include <math.h>

static inline double rn_exp(double x)
{
    return exp(x);
}

#endif
