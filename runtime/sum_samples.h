/* runtime/sum_samples.h -- products with a sample in every lane. */
#ifndef RN_SUM_SAMPLES_H
#define RN_SUM_SAMPLES_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"

/* z[slot][u] += sum over f of x[f] kernel[f][g][u], of every sample: slot is g,
 * but that of the last gate `last`.
 *   z [..][units][RN_SETS]  x [features][RN_SETS]  kernel [features][stride]
 * The gates of each row of the kernel are `apart` elements apart. All sums stay
 * in registers, and a weight is loaded once for all samples. */
#if RN_BYTES
RN_INLINE void rn_add_samples(rn_lanes *z, const rn_lanes *x,
                              const rn_real *kernel, size_t features,
                              size_t stride, size_t apart, int gates, int units,
                              int last)
{
    const int numbers = units * RN_SETS;
    const rn_real *row[4];

    RN_UNROLL for (int g = 0; g < gates; g++)
        row[g] = kernel + (size_t)g * apart;
    RN_ROLL for (size_t f = 0; f < features * stride; f += stride) {
        RN_UNROLL for (int i = 0; i < gates * numbers; i++) {
            const int g = i / numbers, slot = g == gates - 1 ? last : g;
            const rn_real *k = row[g] + f;
            z[slot * numbers + i % numbers] +=
                k[i / RN_SETS % units] * x[i % RN_SETS];
        }
        x += RN_SETS;
    }
}

/* sum[g][u] += sum over f of x[f] kernel[f][g][u]; with a bias [gates][..],
 * `apart` too, the sums start from it. */
RN_INLINE void rn_sum_samples(rn_lanes *sum, const rn_real *bias,
                              const rn_lanes *x, const rn_real *kernel,
                              size_t features, size_t stride, size_t apart,
                              int gates, int units)
{
    const int sums = gates * units * RN_SETS;
    rn_lanes z[16];

    RN_UNROLL for (int i = 0; i < sums; i++) {
        size_t g = (size_t)(i / RN_SETS / units);
        size_t u = (size_t)(i / RN_SETS % units);
        z[i] = bias ? rn_spread_lanes(bias[g * apart + u]) : sum[i];
    }
    rn_add_samples(z, x, kernel, features, stride, apart, gates, units,
                   gates - 1);
    RN_UNROLL for (int i = 0; i < sums; i++)
        sum[i] = z[i];
}

/* The same of a tile's units, sum [whole / units][gates][units][RN_SETS]: for
 * some features all units, so that the rows of the kernel, of which a few units
 * take little, are in the nearest cache for the others. */
RN_INLINE void rn_sum_tile(rn_lanes *sum, const rn_real *bias,
                           const rn_lanes *x, const rn_real *kernel,
                           size_t features, size_t stride, size_t apart,
                           int gates, int units, size_t whole)
{
    const size_t most = stride > 64 ? 32 : 64; /* features: 16 KB of kernel */

    for (size_t f = 0; f < features; f += most) {
        const size_t n = features - f < most ? features - f : most;
        rn_lanes *z = sum;
        for (size_t u = 0; u < whole; u += (size_t)units) {
            rn_sum_samples(z, bias && f == 0 ? bias + u : NULL, x + f * RN_SETS,
                           kernel + f * stride + u, n, stride, apart, gates,
                           units);
            z += gates * units * RN_SETS;
        }
    }
}
#endif

#endif
