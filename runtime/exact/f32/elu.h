/* runtime/exact/f32/elu.h -- the exponential linear unit, correctly rounded. */
#ifndef RN_ELU_H
#define RN_ELU_H

#include "limit.h"
#include "relu.h"
#include "wide_expm1.h"

/* alpha (exp(x) - 1) for x < 0, else x; in double, rounded once.
 *   error: correctly rounded */
static inline float rn_elu(float x, float alpha)
{
    double low = -(double)rn_relu(rn_limit(-x, 104.0f));
    return (float)((double)rn_relu(x) + (double)alpha * rn_wide_expm1(low));
}

#endif
