/* runtime/soft_shrink.h -- numbers moved toward 0. */
#ifndef RN_SOFT_SHRINK_H
#define RN_SOFT_SHRINK_H

#include "real.h"
#include "relu.h"

/* x - threshold, x + threshold, or 0 in between, as the difference of two
 * rectifiers; threshold >= 0 */
static inline rn_real rn_soft_shrink(rn_real x, rn_scalar threshold)
{
    return rn_relu(x - threshold) - rn_relu(-x - threshold);
}

#endif
