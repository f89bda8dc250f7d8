/* runtime/f32/differ.h -- whether numbers differ, as bits. */
#ifndef RN_DIFFER_H
#define RN_DIFFER_H

#include "bits.h"
#include "real.h"

/* 0 if x == y, else any other number; NaN differs. No comparison, of which
 * compilers make a branch: + 0 makes one zero of both. y is not NaN. */
static inline uint32_t rn_differ(rn_real x, rn_real y)
{
    return rn_bits(x + 0.0f) ^ rn_bits(y + 0.0f);
}

#endif
