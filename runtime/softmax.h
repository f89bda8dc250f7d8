/* runtime/softmax.h -- exponentials that sum to one. */
#ifndef RN_SOFTMAX_H
#define RN_SOFTMAX_H

#include <stddef.h>

#include "exp.h"
#include "finite.h"
#include "max.h"
#include "real.h"

/* y[i] = exp(x[i] - m) / sum over k of exp(x[k] - m),   m = max x
 *   x, y [n]; may be the same array. Infinities count as the largest finite
 * numbers, so that the result saturates; a NaN makes all of y NaN. */
static inline void rn_softmax(rn_real *y, const rn_real *x, size_t n)
{
    rn_real most = rn_finite(x[0]), total = 0;

    for (size_t i = 1; i < n; i++)
        most = rn_max(most, rn_finite(x[i]));
    for (size_t i = 0; i < n; i++) {
        y[i] = rn_exp(rn_finite(x[i]) - most);
        total += y[i];
    }
    for (size_t i = 0; i < n; i++)
        y[i] /= total;
}

#endif
