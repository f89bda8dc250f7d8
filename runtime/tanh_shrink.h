/* runtime/tanh_shrink.h -- what tanh takes away. */
#ifndef RN_TANH_SHRINK_H
#define RN_TANH_SHRINK_H

#include "real.h"
#include "tanh.h"

/* x - tanh(x); near 0 the difference has the absolute accuracy of tanh.
 *   error: absolute, that of tanh */
static inline rn_real rn_tanh_shrink(rn_real x)
{
    return x - rn_tanh(x);
}

#endif
