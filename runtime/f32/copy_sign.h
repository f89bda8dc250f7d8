/* runtime/f32/copy_sign.h -- a magnitude with the sign of another number. */
#ifndef RN_COPY_SIGN_H
#define RN_COPY_SIGN_H

#include <stdint.h>

#include "bits.h"
#include "from_bits.h"
#include "real.h"

/* For a >= 0. */
static inline rn_real rn_copy_sign(rn_real a, rn_real x)
{
    return rn_from_bits(rn_bits(a) | (rn_bits(x) & 0x80000000u));
}

#endif
