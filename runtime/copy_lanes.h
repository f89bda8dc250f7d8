/* runtime/copy_lanes.h -- an array from one place to another. */
#ifndef RN_COPY_LANES_H
#define RN_COPY_LANES_H

#include <stddef.h>

#include "abreast.h"
#include "lanes.h"
#include "real.h"

/* y[i] = x[i], i < n, a multiple of RN_LANES. Of a plain loop gcc makes a call
 * of memcpy, or rep movsq, which takes longer than all of a small layer. */
RN_INLINE void rn_copy_lanes(rn_real *y, const rn_real *x, size_t n)
{
    RN_ABREAST(8) for (size_t i = 0; i < n; i += RN_LANES)
        rn_store_lanes(y + i, rn_load_lanes(x + i));
}

#endif
