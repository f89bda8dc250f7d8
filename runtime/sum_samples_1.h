/* runtime/sum_samples_1.h -- products of one gate, of few units. */
#ifndef RN_SUM_SAMPLES_1_H
#define RN_SUM_SAMPLES_1_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sum_samples.h"

/* rn_sum_samples of one gate of RN_SUMS / 2 units. */
#if RN_BYTES
RN_APART void rn_sum_samples_1(rn_lanes *sum, const rn_real *bias,
                               const rn_lanes *x, const rn_real *kernel,
                               size_t features, size_t stride, size_t apart)
{
    rn_sum_samples(sum, bias, x, kernel, features, stride, apart, 1,
                   RN_SUMS / 2);
}
#endif

#endif
