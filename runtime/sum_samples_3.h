/* runtime/sum_samples_3.h -- products of three gates. */
#ifndef RN_SUM_SAMPLES_3_H
#define RN_SUM_SAMPLES_3_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sum_samples.h"

/* rn_sum_samples of three gates of RN_SUMS / 4 units. */
#if RN_BYTES
RN_APART void rn_sum_samples_3(rn_lanes *sum, const rn_real *bias,
                               const rn_lanes *x, const rn_real *kernel,
                               size_t features, size_t stride, size_t apart)
{
    rn_sum_samples(sum, bias, x, kernel, features, stride, apart, 3,
                   RN_SUMS / 4);
}
#endif

#endif
