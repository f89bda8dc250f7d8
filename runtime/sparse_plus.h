/* runtime/sparse_plus.h -- a rectifier with a rounded corner. */
#ifndef RN_SPARSE_PLUS_H
#define RN_SPARSE_PLUS_H

#include "if_above.h"
#include "limit.h"
#include "real.h"

/* 0 for x <= -1, (x + 1)^2 / 4 up to 1, then x
 *   error: at most 2.5 ULP */
static inline rn_real rn_sparse_plus(rn_real x)
{
    rn_real t = rn_limit(x, 1) + 1;
    return rn_if_above(x, 1, x, t * t / 4);
}

#endif
