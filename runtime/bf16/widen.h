/* runtime/bf16/widen.h -- a weight stored as the upper half of a float. */
#ifndef RN_WIDEN_H
#define RN_WIDEN_H

#include <stdint.h>
#include <string.h>

#include "real.h"

typedef uint16_t rn_narrow;

static inline rn_scalar rn_widen(rn_narrow w)
{
    uint32_t bits = (uint32_t)w << 16;
    rn_scalar x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
