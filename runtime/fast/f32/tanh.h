/* runtime/fast/f32/tanh.h -- the hyperbolic tangent, fast. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include "limit.h"
#include "real.h"

/* x P(t) / Q(t), t = x^2, of degrees 2 and 3 (minimax, bound to reach 1 at the
 * limit). Within [-1, 1], exactly -1 and 1 beyond the limit, with and without
 * fused multiply-add.
 *   error: absolute at most 1.4e-5, relative 6.1e-5 */
static inline rn_real rn_tanh(rn_real x)
{
    x = rn_limit(x, 5.96299887f);
    rn_real t = x * x, p, q;
    p = t * 0.00139752182f + 0.112854898f;
    p = p * t + 1.0f;
    q = t * 4.92021754e-05f + 0.0168911945f;
    q = q * t + 0.446029991f;
    q = q * t + 1.00006044f;
    return x * p / q;
}

#endif
