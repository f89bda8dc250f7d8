/* runtime/exact/f32/log1p.h -- log(1 + x) for x in [0, 1], correctly rounded.
 */
#ifndef RN_LOG1P_H
#define RN_LOG1P_H

#include "wide_log1p.h"

/* Through double, rounded once.
 *   error: correctly rounded */
static inline float rn_log1p(float x)
{
    return (float)rn_wide_log1p((double)x);
}

#endif
