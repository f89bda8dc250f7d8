/* runtime/largest.h -- the largest element of a vector. */
#ifndef RN_LARGEST_H
#define RN_LARGEST_H

#include <stddef.h>

#include "finite.h"
#include "lanes.h"
#include "maximum.h"
#include "maximum_lanes.h"
#include "real.h"

/* max x[i], i < n, n > 0: finite, or NaN if one is. */
RN_INLINE rn_real rn_largest(const rn_real *x, size_t n)
{
    rn_real most = x[0];
    size_t done = 1; /* known before a loop, or gcc warns of one without end */
#if RN_BYTES
    if (n >= RN_LANES) {
        rn_real each[RN_LANES];
        rn_lanes m = rn_load_lanes(x);

        done = n / RN_LANES * RN_LANES;
        for (size_t i = RN_LANES; i < done; i += RN_LANES)
            m = rn_maximum_lanes(m, rn_load_lanes(x + i));
        rn_store_lanes(each, m);
        for (int k = 0; k < RN_LANES; k++)
            most = rn_maximum(most, each[k]);
    }
#endif
    for (size_t i = done; i < n; i++)
        most = rn_maximum(most, x[i]);
    return rn_finite(most);
}

#endif
