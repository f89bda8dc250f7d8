/* runtime/hard_shrink.h -- small numbers as 0. */
#ifndef RN_HARD_SHRINK_H
#define RN_HARD_SHRINK_H

#include "abs.h"
#include "real.h"
#include "select.h"

/* x, but 0 where |x| <= threshold */
static inline rn_real rn_hard_shrink(rn_real x, rn_real threshold)
{
    return rn_select(rn_abs(x) <= threshold, 0, x);
}

#endif
