/* runtime/exact/f32/softplus.h -- the smooth rectifier, correctly rounded. */
#ifndef RN_SOFTPLUS_H
#define RN_SOFTPLUS_H

#include "abs.h"
#include "limit.h"
#include "relu.h"
#include "wide_exp.h"
#include "wide_log1p.h"

/* max(x, 0) + log(1 + exp(-|x|)), in double, rounded once.
 *   error: correctly rounded */
static inline float rn_softplus(float x)
{
    double e = rn_wide_exp(-(double)rn_abs(rn_limit(x, 105.0f)));
    return (float)((double)rn_relu(x) + rn_wide_log1p(e));
}

#endif
