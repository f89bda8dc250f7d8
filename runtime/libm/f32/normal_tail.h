/* runtime/libm/f32/normal_tail.h -- the tail of the normal distribution. */
#ifndef RN_NORMAL_TAIL_H
#define RN_NORMAL_TAIL_H

#include <math.h>

/* Phi(-x) = erfc(x / sqrt(2)) / 2 */
static inline float rn_normal_tail(float x)
{
    return 0.5f * erfcf(x * 0.70710678118654752f);
}

#endif
