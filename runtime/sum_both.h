/* runtime/sum_both.h -- both products of a recurrence, of samples in lanes. */
#ifndef RN_SUM_BOTH_H
#define RN_SUM_BOTH_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"
#include "sum_samples.h"

/* Sums of x kernel and of h recurrent_kernel, each with its bias, of some
 * units. Those of a gate are added to each other; with more slots than gates
 * those of the last gate are not: the second stands behind the others.
 *   sum [slots][units][RN_SETS]
 *   x [features][RN_SETS]  kernel [features][stride]  bias [gates][..], or NULL
 *   h [of_h][RN_SETS]  recurrent_kernel [of_h][stride]  recurrent_bias likewise
 * Gates of biases and kernels are `apart` elements apart. */
#if RN_BYTES
RN_INLINE void rn_sum_both(rn_lanes *sum, const rn_real *bias,
                           const rn_real *recurrent_bias, const rn_lanes *x,
                           const rn_real *kernel, size_t features,
                           const rn_lanes *h, const rn_real *recurrent_kernel,
                           size_t of_h, size_t stride, size_t apart, int gates,
                           int units, int slots)
{
    const int sums = slots * units * RN_SETS;
    rn_lanes z[16];

    RN_UNROLL for (int i = 0; i < sums; i++) {
        const int slot = i / RN_SETS / units, u = i / RN_SETS % units;
        const int last = gates - 1, g = slot < gates ? slot : last;
        const size_t at = (size_t)g * apart + (size_t)u;
        const int second = slot < last || slot == slots - 1;
        rn_real b = bias && slot < gates ? bias[at] : 0;
        if (recurrent_bias && second)
            b += recurrent_bias[at];
        z[i] = rn_spread_lanes(b);
    }
    rn_add_samples(z, x, kernel, features, stride, apart, gates, units,
                   gates - 1);
    rn_add_samples(z, h, recurrent_kernel, of_h, stride, apart, gates, units,
                   slots - 1);
    RN_UNROLL for (int i = 0; i < sums; i++)
        sum[i] = z[i];
}
#endif

#endif
