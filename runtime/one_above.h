/* runtime/one_above.h -- the step function. */
#ifndef RN_ONE_ABOVE_H
#define RN_ONE_ABOVE_H

#include "real.h"
#include "select.h"

/* 1 where x > edge, else 0 */
static inline rn_real rn_one_above(rn_real x, rn_scalar edge)
{
    return rn_select(x > edge, 1, 0);
}

#endif
