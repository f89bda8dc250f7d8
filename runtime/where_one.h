/* runtime/where_one.h -- a flag as a number. */
#ifndef RN_WHERE_ONE_H
#define RN_WHERE_ONE_H

#include <stdint.h>

#include "limit.h"
#include "real.h"

/* 1 where any bit is set, else 0. Compilers do not see that it is one of two
 * values, of which they would make a branch wherever it is used. */
static inline rn_real rn_where_one(uint32_t bits)
{
    return rn_limit((rn_real)bits, 1);
}

#endif
