/* runtime/log_softmax.h -- the logarithm of softmax. */
#ifndef RN_LOG_SOFTMAX_H
#define RN_LOG_SOFTMAX_H

#include <stddef.h>

#include "exp.h"
#include "finite.h"
#include "log.h"
#include "max.h"
#include "real.h"

/* y[i] = x[i] - m - log(sum over k of exp(x[k] - m)),   m = max x
 *   x, y [n]; may be the same array. Infinities count as the largest finite
 * numbers, as in softmax; a NaN makes all of y NaN. */
static inline void rn_log_softmax(rn_real *y, const rn_real *x, size_t n)
{
    rn_real most = rn_finite(x[0]), total = 0;

    for (size_t i = 1; i < n; i++)
        most = rn_max(most, rn_finite(x[i]));
    for (size_t i = 0; i < n; i++) {
        y[i] = rn_finite(x[i]) - most;
        total += rn_exp(y[i]);
    }
    total = rn_log(total);
    for (size_t i = 0; i < n; i++)
        y[i] -= total;
}

#endif
