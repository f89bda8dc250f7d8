/* runtime/sum_samples.h -- products with a sample in every lane. */
#ifndef RN_SUM_SAMPLES_H
#define RN_SUM_SAMPLES_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"

/* sum[g][u] = bias[g][u] + sum over f of x[f] kernel[f][g][u]
 *   sum [gates][units], gates * units <= RN_SUMS
 *   x [features]  bias [gates][..]  kernel [features][stride]
 * The gates of bias and of each row of the kernel are `apart` elements apart.
 * Without a bias the sums go on from what they are. All stay in registers, and
 * a weight is loaded once for RN_LANES samples. */
#if RN_BYTES
RN_INLINE void rn_sum_samples(rn_lanes *sum, const rn_real *bias,
                              const rn_lanes *x, const rn_real *kernel,
                              size_t features, size_t stride, size_t apart,
                              int gates, int units)
{
    const rn_real *row[4];
    rn_lanes z[RN_SUMS];

    RN_UNROLL for (int g = 0; g < gates; g++)
        row[g] = kernel + (size_t)g * apart;
    RN_UNROLL for (int i = 0; i < gates * units; i++)
        z[i] = bias ? rn_spread_lanes(bias[(size_t)(i / units) * apart +
                                           (size_t)(i % units)])
                    : sum[i];
    RN_ROLL for (size_t f = 0; f < features * stride; f += stride, x++)
        RN_UNROLL for (int i = 0; i < gates * units; i++)
            z[i] += row[i / units][f + (size_t)(i % units)] * *x;
    RN_UNROLL for (int i = 0; i < gates * units; i++)
        sum[i] = z[i];
}
#endif

#endif
