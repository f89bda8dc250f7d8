/* runtime/f32/sigmoid.h -- the logistic function. */
#ifndef RN_SIGMOID_H
#define RN_SIGMOID_H

#include "limit.h"
#include "real.h"
#include "square.h"

/* 1 / (1 + exp(-x)) = 0.5 + 0.5 tanh(x / 2), tanh's rational with its
 * coefficients scaled by powers of 2. Within [0, 1], exactly 0 and 1 beyond
 * |x| = 16.14.
 *   error: absolute at most 1.8e-7 (not relative in the lower tail) */
static inline rn_real rn_sigmoid(rn_real x)
{
    rn_real t = rn_square(x, 260.43652f), t2 = t * t, p, q, y;
    q = (t * 1.4792394e-05f + 0.0060033742f) * t2 + (t * 0.4630931f + 4.0f);
    y = rn_limit(x, 16.138046f) / q;
    p = (t * 2.256277e-14f - 5.6929114e-11f) * t2 +
        (t * 1.5377725e-07f + 0.00018638975f);
    p = p * t2 + t * 0.03243997f;
    return 0.5f + (y * p + y);
}

#endif
