/* runtime/hard_tanh.h -- a number within [-1, 1]. */
#ifndef RN_HARD_TANH_H
#define RN_HARD_TANH_H

#include "limit.h"
#include "real.h"

/* clip(x, -1, 1) */
static inline rn_real rn_hard_tanh(rn_real x)
{
    return rn_limit(x, 1);
}

#endif
