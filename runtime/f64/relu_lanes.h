/* runtime/f64/relu_lanes.h -- the rectifier. */
#ifndef RN_RELU_LANES_H
#define RN_RELU_LANES_H

#include <stdint.h>

#include "lanes.h"
#include "real.h"
#include "relu.h"

/* max(x, 0), 0 of -0, too; NaN, which no comparison finds too small, stays
 * NaN. */
#if RN_BYTES
RN_INLINE rn_lanes rn_relu_lanes(rn_lanes x)
{
    typedef uint64_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    rn_lanes zero = {0};
    return (rn_lanes)((bits_of)x & ~(bits_of)(x <= zero));
}
#else
RN_INLINE rn_lanes rn_relu_lanes(rn_lanes x)
{
    return rn_relu(x);
}
#endif

#endif
