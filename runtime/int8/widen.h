/* runtime/int8/widen.h -- a weight stored as an integer of 8 bits. */
#ifndef RN_WIDEN_H
#define RN_WIDEN_H

#include <stdint.h>

#include "real.h"

typedef int8_t rn_narrow;

/* Without the factor of its column. */
static inline rn_scalar rn_widen(rn_narrow w)
{
    return w;
}

#endif
