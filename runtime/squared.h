/* runtime/squared.h -- a number times itself. */
#ifndef RN_SQUARED_H
#define RN_SQUARED_H

#include "real.h"

/* x^2 */
static inline rn_real rn_squared(rn_real x)
{
    return x * x;
}

#endif
