/* runtime/libm/f64/normal_tail.h -- the tail of the normal distribution. */
#ifndef RN_NORMAL_TAIL_H
#define RN_NORMAL_TAIL_H

#include <math.h>

/* Phi(-x) = erfc(x / sqrt(2)) / 2 */
static inline double rn_normal_tail(double x)
{
    return 0.5 * erfc(x * 0.70710678118654752);
}

#endif
