/* runtime/f32/tanh.h -- the hyperbolic tangent. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include "limit.h"
#include "real.h"
#include "square.h"

/* x + x p(t) over q(t), t = x^2, of degrees 5 and 3, in Estrin's order: half
 * the latency of Horner's, and the division need not wait for p. Reaches
 * exactly 1 at the limit, with and without fused multiply-add, and never
 * exceeds it.
 *   error: at most 5.31 ULP, 4.2 with fused multiply-add; absolute 3.2e-7 */
static inline rn_real rn_tanh(rn_real x)
{
    rn_real t = rn_square(x, 65.10913f), t2 = t * t, p, q, y;
    q = (t * 0.0002366783f + 0.024013497f) * t2 + (t * 0.4630931f + 1.0f);
    y = rn_limit(x, 8.069023f) / q;
    p = (t * 2.3104277e-11f - 1.4573853e-08f) * t2 +
        (t * 9.841744e-06f + 0.002982236f);
    p = p * t2 + t * 0.12975988f;
    return y * p + y;
}

#endif
