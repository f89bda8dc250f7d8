/* runtime/exact/f32/wide_power.h -- a power of 2, in double. */
#ifndef RN_WIDE_POWER_H
#define RN_WIDE_POWER_H

#include <stdint.h>
#include <string.h>

/* 2^k, of t = y + 1.5 2^52, a sum that rounds y to k, |k| < 1022. */
static inline double rn_wide_power(double t)
{
    uint64_t n;
    memcpy(&n, &t, sizeof n);
    n = (n - UINT64_C(0x4338000000000000) + 1023u) << 52;
    memcpy(&t, &n, sizeof t);
    return t;
}

#endif
