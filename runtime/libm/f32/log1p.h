/* runtime/libm/f32/log1p.h -- log(1 + x), from the C library. */
#ifndef RN_LOG1P_H
#define RN_LOG1P_H

#include <math.h>

static inline float rn_log1p(float x)
{
    return log1pf(x);
}

#endif
