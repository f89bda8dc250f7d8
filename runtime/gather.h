/* runtime/gather.h -- a sample in every lane: in and out. */
#ifndef RN_GATHER_H
#define RN_GATHER_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"

#if RN_BYTES
/* x[i][k] = what is at `at` + i in RN_LANES of the arrays, i < size, k < sets:
 * the first, the next... */
RN_INLINE void rn_gather(rn_lanes *x, const rn_real *const *from, size_t at,
                         size_t size, size_t sets)
{
    for (size_t i = 0; i < size * sets; i++) {
        rn_real RN_ALIGNED number[RN_LANES];
        for (size_t s = 0; s < RN_LANES; s++)
            number[s] = from[i % sets * RN_LANES + s][at + i / sets];
        x[i] = rn_load_lanes(number);
    }
}

/* The way back. */
RN_INLINE void rn_scatter(const rn_lanes *y, rn_real *const *to, size_t at,
                          size_t size, size_t sets)
{
    for (size_t i = 0; i < size * sets; i++) {
        rn_real RN_ALIGNED number[RN_LANES];
        rn_store_lanes(number, y[i]);
        for (size_t s = 0; s < RN_LANES; s++)
            to[i % sets * RN_LANES + s][at + i / sets] = number[s];
    }
}
#endif

#endif
