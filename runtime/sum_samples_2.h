/* runtime/sum_samples_2.h -- products of two gates. */
#ifndef RN_SUM_SAMPLES_2_H
#define RN_SUM_SAMPLES_2_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sum_samples.h"

/* rn_sum_samples of two gates of RN_SUMS / 2 units. */
#if RN_BYTES
RN_APART void rn_sum_samples_2(rn_lanes *sum, const rn_real *bias,
                               const rn_lanes *x, const rn_real *kernel,
                               size_t features, size_t stride, size_t apart)
{
    rn_sum_samples(sum, bias, x, kernel, features, stride, apart, 2,
                   RN_SUMS / 2);
}
#endif

#endif
