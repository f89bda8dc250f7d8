/* runtime/f64/whole.h -- the integer that a rounding sum holds. */
#ifndef RN_WHOLE_H
#define RN_WHOLE_H

#include "real.h"

/* k, of t = y + 1.5 2^52, a sum that rounds y to k. */
static inline rn_real rn_whole(rn_real t)
{
    return t - 6755399441055744.0;
}

#endif
