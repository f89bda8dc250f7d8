/* runtime/f16/widen.h -- a weight stored in IEEE half precision. */
#ifndef RN_WIDEN_H
#define RN_WIDEN_H

#include <stdint.h>
#include <string.h>

#include "real.h"

typedef uint16_t rn_narrow;

/* Exponent and fraction in the places of a float's are the number times 2^-112,
 * subnormal numbers too. None is infinite. */
static inline rn_scalar rn_widen(rn_narrow w)
{
    uint32_t word = w;
    uint32_t bits = (word & 0x8000u) << 16 | (word & 0x7fffu) << 13;
    rn_scalar x;
    memcpy(&x, &bits, sizeof x);
    return x * 5.192296858534828e33f;
}

#endif
