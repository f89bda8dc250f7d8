/* runtime/sum_both_3.h -- both products of three gates, the last apart. */
#ifndef RN_SUM_BOTH_3_H
#define RN_SUM_BOTH_3_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"
#include "sum_both.h"

/* rn_sum_both of three gates, the last apart. */
#if RN_BYTES
RN_APART void rn_sum_both_3(rn_lanes *sum, const rn_real *bias,
                            const rn_real *recurrent_bias, const rn_lanes *x,
                            const rn_real *kernel, size_t features,
                            const rn_lanes *h, const rn_real *recurrent_kernel,
                            size_t of_h, size_t stride, size_t apart)
{
    rn_sum_both(sum, bias, recurrent_bias, x, kernel, features, h,
                recurrent_kernel, of_h, stride, apart, 3, RN_UNITS_3, 4);
}
#endif

#endif
