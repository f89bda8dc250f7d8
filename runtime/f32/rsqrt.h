/* runtime/f32/rsqrt.h -- one over the square root. */
#ifndef RN_RSQRT_H
#define RN_RSQRT_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* For x > 0 whose half is normal. The exponent halved as an integer gives two
 * digits (Lomont 2003), each of Newton's steps y (1.5 - x/2 y^2) doubles them;
 * the last one adds its correction, which rounds less.
 *   at most 1.22 ULP; NaN for NaN */
static inline float rn_rsqrt(float x)
{
    uint32_t bits = 0x5f375a86u - (rn_bits(x) >> 1);
    float y = rn_from_bits(bits), half = x * 0.5f;
    y = y * (1.5f - half * y * y);
    y = y * (1.5f - half * y * y);

    return y + y * (0.5f - half * y * y) + (x - x);
}

#endif
