/* runtime/support.h -- what stays above zero in sparsemax. */
#ifndef RN_SUPPORT_H
#define RN_SUPPORT_H

#include <stddef.h>

#include "finite.h"
#include "maximum.h"
#include "real.h"
#include "relu.h"
#include "where.h"

/* x into y, and returns max x. y[i] is in the support where 1 is more than the
 * sum over k of max(y[k] - y[i], 0) (Martins & Astudillo 2016), so nothing need
 * be sorted. 1 comes first: that leaves small y[i] beside a y[k] of 1 what they
 * are. Of the support: size, sums of y - max x and of those sums.
 *   x, y [n]; may be the same array. Takes n^2 differences. Infinities count as
 * the largest finite numbers, as in softmax; a NaN makes all of y NaN. */
static inline rn_real rn_support(rn_real *y, const rn_real *x, size_t n,
                                 rn_real *size, rn_real *total, rn_real *pairs)
{
    rn_real most = rn_finite(x[0]);

    *size = *total = *pairs = 0;
    for (size_t i = 1; i < n; i++)
        most = rn_maximum(most, rn_finite(x[i]));
    for (size_t i = 0; i < n; i++)
        y[i] = rn_finite(x[i]);
    for (size_t i = 0; i < n; i++) {
        rn_real left = 1, over = 0;
        for (size_t k = 0; k < n; k++) {
            rn_real more = rn_relu(y[k] - y[i]);
            left = rn_where(more, (left - y[k]) + y[i], left);
            over += more;
        }
        left = rn_relu(left);
        *size += rn_where(left, 1, 0);
        *total += rn_where(left, y[i] - most, 0);
        *pairs += rn_where(left, over, 0);
    }
    return most;
}

#endif
