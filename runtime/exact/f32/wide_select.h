/* runtime/exact/f32/wide_select.h -- a choice without a branch, in double. */
#ifndef RN_WIDE_SELECT_H
#define RN_WIDE_SELECT_H

#include <stdint.h>
#include <string.h>

/* a where condition is 1, b where it is 0. Any bits, NaN too. */
static inline double rn_wide_select(int condition, double a, double b)
{
    uint64_t mask = 0u - (uint64_t)condition, x, y;
    memcpy(&x, &a, sizeof x);
    memcpy(&y, &b, sizeof y);
    x = (x & mask) | (y & ~mask);
    memcpy(&a, &x, sizeof a);
    return a;
}

#endif
