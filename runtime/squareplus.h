/* runtime/squareplus.h -- a smooth rectifier without an exponential. */
#ifndef RN_SQUAREPLUS_H
#define RN_SQUAREPLUS_H

#include "abs.h"
#include "limit.h"
#include "max.h"
#include "real.h"
#include "relu.h"
#include "rsqrt.h"

/* (x + sqrt(x^2 + b)) / 2 for b > 0 (Barron 2021), as max(x, 0) + (b / 4) /
 * ((|x| + sqrt(x^2 + b)) / 2), which does not cancel for negative x. The root
 * is |x| where the square would overflow.
 *   error: at most 4 ULP */
static inline rn_real rn_squareplus(rn_real x, rn_scalar b)
{
    rn_real t = rn_limit(x, 1 << 30), square = t * t + b;
    rn_real root = rn_max(rn_abs(x), square * rn_rsqrt(square));
    return rn_relu(x) + b / 4 / (rn_abs(x) / 2 + root / 2);
}

#endif
