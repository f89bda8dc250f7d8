/* runtime/relu6.h -- the rectifier with a maximum. */
#ifndef RN_RELU6_H
#define RN_RELU6_H

#include "limit.h"
#include "real.h"
#include "relu.h"

/* min(max(x, 0), 6) */
static inline rn_real rn_relu6(rn_real x)
{
    return rn_limit(rn_relu(x), 6);
}

#endif
