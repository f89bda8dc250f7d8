/* runtime/sum_tile_4.h -- products of four gates. */
#ifndef RN_SUM_TILE_4_H
#define RN_SUM_TILE_4_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"
#include "sets.h"
#include "sum_samples.h"

/* rn_sum_tile of four gates. */
#if RN_BYTES
RN_APART void rn_sum_tile_4(rn_lanes *sum, const rn_real *bias,
                            const rn_lanes *x, const rn_real *kernel,
                            size_t features, size_t stride, size_t apart,
                            size_t whole)
{
    rn_sum_tile(sum, bias, x, kernel, features, stride, apart, 4, RN_UNITS_4,
                whole);
}
#endif

#endif
