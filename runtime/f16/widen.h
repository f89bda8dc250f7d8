/* runtime/f16/widen.h -- a weight stored in IEEE half precision. */
#ifndef RN_WIDEN_H
#define RN_WIDEN_H

#include <stdint.h>
#include <string.h>

#include "real.h"

typedef uint16_t rn_narrow;

/* None is infinite. Of a subnormal number, f 2^-24, the exponent becomes 1
 * first, 2^-14 + f 2^-24, so that no subnormal float comes up: that would be 0
 * where the program has set it. */
static inline rn_scalar rn_widen(rn_narrow w)
{
    uint32_t word = w, sign = (word & 0x8000u) << 16;
    uint32_t size = (word & 0x7fffu) << 13, small = (size - 0x800000u) >> 31;
    uint32_t more = sign | (size + 0x38000000u + (small << 23));
    uint32_t less = sign | small * 0x38800000u;
    rn_scalar x, y;

    memcpy(&x, &more, sizeof x);
    memcpy(&y, &less, sizeof y);
    return x - y;
}

#endif
