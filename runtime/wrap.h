/* runtime/wrap.h -- an index into a ring. */
#ifndef RN_WRAP_H
#define RN_WRAP_H

#include <stddef.h>

/* i mod n, for i < 2 n: one subtraction, no division and no branch. */
static inline size_t rn_wrap(size_t i, size_t n)
{
    return i - (n & ((size_t)0 - (size_t)(i >= n)));
}

#endif
