/* runtime/f64/tanh.h -- the hyperbolic tangent. */
#ifndef RN_TANH_H
#define RN_TANH_H

#include "abs.h"
#include "copy_sign.h"
#include "exp.h"
#include "if_above.h"
#include "limit.h"
#include "real.h"

/* Below 0.625 an odd polynomial of degree 25 (Chebyshev nodes), above it
 * 1 - 2 / (exp(2 |x|) + 1).
 *   error: at most 1.34 ULP */
static inline rn_real rn_tanh(rn_real x)
{
    rn_real a = rn_abs(rn_limit(x, 22.0)), t = a * a, p;
    p = t * 6.3543408148448471e-06 + -3.092912547383041e-05;
    p = p * t + 9.232749708081939e-05;
    p = p * t + -0.00023746756598221291;
    p = p * t + 0.00058962214868719899;
    p = p * t + -0.0014557676940659438;
    p = p * t + 0.0035921207608708406;
    p = p * t + -0.0088632350243061063;
    p = p * t + 0.021869488515352347;
    p = p * t + -0.053968253967810541;
    p = p * t + 0.13333333333332961;
    p = p * t + -0.33333333333333331;
    rn_real small = a + a * (t * p);
    rn_real large = 1.0 - 2.0 / (rn_exp(a + a) + 1.0);
    return rn_copy_sign(rn_if_above(a, 0.625, large, small), x);
}

#endif
