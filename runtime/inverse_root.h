/* runtime/inverse_root.h -- one over the square root. */
#ifndef RN_INVERSE_ROOT_H
#define RN_INVERSE_ROOT_H

#include "infinity.h"
#include "real.h"
#include "root.h"
#include "select.h"

/* 1 / sqrt(x); infinity of 0, NaN below.
 *   error: at most 2 ULP */
static inline rn_real rn_inverse_root(rn_real x)
{
    rn_real root = rn_root(x);

    return rn_select(x == 0, rn_infinity(), 1 / rn_select(x == 0, 1, root));
}

#endif
