/* runtime/sum_tile_half.h -- products of one gate in a tile of 8. */
#ifndef RN_SUM_TILE_HALF_H
#define RN_SUM_TILE_HALF_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"
#include "sum_samples.h"

/* rn_sum_tile of one gate in a tile of 8 units. */
#if RN_BYTES
RN_APART void rn_sum_tile_half(rn_lanes *sum, const rn_real *bias,
                               const rn_lanes *x, const rn_real *kernel,
                               size_t features, size_t stride, size_t apart,
                               size_t whole)
{
    rn_sum_tile(sum, bias, x, kernel, features, stride, apart, 1,
                RN_UNITS_HALF, whole);
}
#endif

#endif
