/* runtime/set_above.h -- a constant or a value, by another. */
#ifndef RN_SET_ABOVE_H
#define RN_SET_ABOVE_H

#include "real.h"
#include "select.h"

/* c where x > edge, else b (NaN is not above). */
static inline rn_real rn_set_above(rn_real x, rn_scalar edge, rn_scalar c,
                                   rn_real b)
{
    return rn_select(x > edge, c, b);
}

#endif
