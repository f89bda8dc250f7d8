/* runtime/gather.h -- a sample in every lane: in and out. */
#ifndef RN_GATHER_H
#define RN_GATHER_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"

#if RN_BYTES
/* x[i] = what is at `at` + i in each of RN_LANES arrays, i < size. */
static inline void rn_gather(rn_lanes *x, const rn_real *const *from, size_t at,
                             size_t size)
{
    for (size_t i = 0; i < size; i++) {
        rn_real RN_ALIGNED number[RN_LANES];
        for (int s = 0; s < RN_LANES; s++)
            number[s] = from[s][at + i];
        x[i] = rn_load_lanes(number);
    }
}

/* The way back. */
static inline void rn_scatter(const rn_lanes *y, rn_real *const *to, size_t at,
                              size_t size)
{
    for (size_t i = 0; i < size; i++) {
        rn_real RN_ALIGNED number[RN_LANES];
        rn_store_lanes(number, y[i]);
        for (int s = 0; s < RN_LANES; s++)
            to[s][at + i] = number[s];
    }
}
#endif

#endif
