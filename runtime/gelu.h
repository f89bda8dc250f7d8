/* runtime/gelu.h -- the Gaussian error linear unit. */
#ifndef RN_GELU_H
#define RN_GELU_H

#include "abs.h"
#include "if_above.h"
#include "limit.h"
#include "normal_tail.h"
#include "real.h"

/* x Phi(x), Phi the normal distribution (Hendrycks and Gimpel 2016), from the
 * tail Phi(-|x|), so that negative x keep their digits too. Beyond |x| = 50
 * the tail is 0.
 *   error: at most 8 ULP above -12, absolute below */
static inline rn_real rn_gelu(rn_real x)
{
    rn_real t = rn_limit(x, 50);
    rn_real tail = rn_normal_tail(rn_abs(t));
    return rn_if_above(x, 0, x * (1 - tail), t * tail);
}

#endif
