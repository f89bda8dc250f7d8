/* runtime/exact/f32/expm1.h -- exp(x) - 1, correctly rounded. */
#ifndef RN_EXPM1_H
#define RN_EXPM1_H

#include "limit.h"
#include "wide_expm1.h"

/* Through double, rounded once.
 *   error: correctly rounded */
static inline float rn_expm1(float x)
{
    return (float)rn_wide_expm1((double)rn_limit(x, 89.0f));
}

#endif
