/* runtime/f64/relu.h -- the rectifier. */
#ifndef RN_RELU_H
#define RN_RELU_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* max(x, 0); NaN stays NaN. As integers, negative numbers are below 0, and
 * only negative NaNs, read without a sign, above -infinity: by how much is
 * taken away, which gives a NaN again. Of a floating-point comparison and a
 * choice compilers now and then make a branch, of integer maxima never. */
static inline rn_real rn_relu(rn_real x)
{
    uint64_t bits = rn_bits(x), infinity = UINT64_C(0xfff0000000000000);
    uint64_t most = bits > infinity ? bits : infinity;
    int64_t n = (int64_t)bits;
    n = n > 0 ? n : 0;
    return rn_from_bits((uint64_t)n - (most - infinity));
}

#endif
