/* runtime/threshold.h -- numbers above a threshold, another for the rest. */
#ifndef RN_THRESHOLD_H
#define RN_THRESHOLD_H

#include "real.h"
#include "select.h"

/* x, but default_value where x <= threshold; NaN stays NaN. */
static inline rn_real rn_threshold(rn_real x, rn_real threshold,
                                   rn_real default_value)
{
    return rn_select(x <= threshold, default_value, x);
}

#endif
