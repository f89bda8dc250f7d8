/* runtime/libm/f64/log1p.h -- log(1 + x), from the C library. */
#ifndef RN_LOG1P_H
#define RN_LOG1P_H

#include <math.h>

static inline double rn_log1p(double x)
{
    return log1p(x);
}

#endif
