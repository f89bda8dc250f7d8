/* runtime/libm/f64/log.h -- the logarithm, from the C library. */
#ifndef RN_LOG_H
#define RN_LOG_H

#include <math.h>

static inline double rn_log(double x)
{
    return log(x);
}

#endif
