/* runtime/f32/tanh.h -- the hyperbolic tangent. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include "limit.h"
#include "real.h"

/* x P(t) / Q(t), t = x^2, both of degree 4. Horner's order saturates at
 * exactly 1 at the limit, with and without fused multiply-add, and never
 * exceeds it.
 *   error: at most 6.57 ULP, 5.15 with fused multiply-add; absolute 2.1e-7 */
static inline rn_real rn_tanh(rn_real x)
{
    x = rn_limit(x, 8.17867374f);
    rn_real t = x * x, p, q;
    p = t * 1.3319462e-08f + 2.05833549e-05f;
    p = p * t + 0.00349403895f;
    p = p * t + 0.133797005f;
    p = p * t + 1.0f;
    q = t * 7.76196089e-07f + 0.000328309456f;
    q = q * t + 0.0258710533f;
    q = q * t + 0.467130095f;
    q = q * t + 1.0f;
    return x * p / q;
}

#endif
