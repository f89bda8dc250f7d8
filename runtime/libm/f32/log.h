/* runtime/libm/f32/log.h -- the logarithm, from the C library. */
#ifndef RN_LOG_H
#define RN_LOG_H

#include <math.h>

static inline float rn_log(float x)
{
    return logf(x);
}

#endif
