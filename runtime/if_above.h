/* runtime/if_above.h -- one of two values, by a third. */
#ifndef RN_IF_ABOVE_H
#define RN_IF_ABOVE_H

#include "real.h"
#include "select.h"

/* a where x > edge, else b (NaN is not above). */
static inline rn_real rn_if_above(rn_real x, rn_scalar edge, rn_real a,
                                  rn_real b)
{
    return rn_select(x > edge, a, b);
}

#endif
