/* runtime/support.h -- what stays above zero in sparsemax. */
#ifndef RN_SUPPORT_H
#define RN_SUPPORT_H

#include <stddef.h>

#include "finite.h"
#include "maximum.h"
#include "real.h"
#include "relu.h"
#include "where.h"

/* z = x - max x into y, and returns max x. z[i] is in the support where `over`,
 * the sum over k of max(z[k] - z[i], 0), is less than 1 (Martins & Astudillo
 * 2016), so nothing need be sorted. Of the support: size, sums of z and over.
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
        y[i] = rn_finite(rn_finite(x[i]) - most);
    for (size_t i = 0; i < n; i++) {
        rn_real over = 0;
        for (size_t k = 0; k < n; k++)
            over += rn_relu(y[k] - y[i]);
        *size += rn_where(rn_relu(1 - over), 1, 0);
        *total += rn_where(rn_relu(1 - over), y[i], 0);
        *pairs += rn_where(rn_relu(1 - over), over, 0);
    }
    return most;
}

#endif
