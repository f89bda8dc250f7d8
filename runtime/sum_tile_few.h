/* runtime/sum_tile_few.h -- products of one gate, some units at a time. */
#ifndef RN_SUM_TILE_FEW_H
#define RN_SUM_TILE_FEW_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"
#include "sum_samples.h"

/* rn_sum_tile of one gate, some units at a time. */
#if RN_BYTES
RN_APART void rn_sum_tile_few(rn_lanes *sum, const rn_real *bias,
                              const rn_lanes *x, const rn_real *kernel,
                              size_t features, size_t stride, size_t apart,
                              size_t whole)
{
    rn_sum_tile(sum, bias, x, kernel, features, stride, apart, 1, RN_UNITS_2,
                whole);
}
#endif

#endif
