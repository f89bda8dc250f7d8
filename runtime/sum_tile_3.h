/* runtime/sum_tile_3.h -- products of three gates. */
#ifndef RN_SUM_TILE_3_H
#define RN_SUM_TILE_3_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"
#include "sum_samples.h"

/* rn_sum_tile of three gates. */
#if RN_BYTES
RN_APART void rn_sum_tile_3(rn_lanes *sum, const rn_real *bias,
                            const rn_lanes *x, const rn_real *kernel,
                            size_t features, size_t stride, size_t apart,
                            size_t whole)
{
    rn_sum_tile(sum, bias, x, kernel, features, stride, apart, 3, RN_UNITS_3,
                whole);
}
#endif

#endif
