/* runtime/f64/differ.h -- whether numbers differ as floats, as bits. */
#ifndef RN_DIFFER_H
#define RN_DIFFER_H

#include "bits.h"
#include "real.h"

/* 0 if x == y, both rounded to float, else any other number; NaN differs. No
 * comparison, of which compilers make a branch: + 0 makes one zero of both. y
 * is not NaN. */
static inline uint32_t rn_differ(rn_real x, rn_real y)
{
    uint64_t m = rn_bits((double)(float)x + 0.0);
    m ^= rn_bits((double)(float)y + 0.0);
    return (uint32_t)(m >> 32) | (uint32_t)m;
}

#endif
