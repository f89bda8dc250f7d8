/* runtime/f32/copy_sign_lanes.h -- magnitudes with the signs of others. */
#ifndef RN_COPY_SIGN_LANES_H
#define RN_COPY_SIGN_LANES_H

#include <stdint.h>

#include "copy_sign.h"
#include "lanes.h"
#include "real.h"

/* For a >= 0. */
#if RN_BYTES
RN_INLINE rn_lanes rn_copy_sign_lanes(rn_lanes a, rn_lanes x)
{
    typedef uint32_t bits_of __attribute__((vector_size(sizeof(rn_lanes))));
    return (rn_lanes)((bits_of)a | ((bits_of)x & 0x80000000u));
}
#else
RN_INLINE rn_lanes rn_copy_sign_lanes(rn_lanes a, rn_lanes x)
{
    return rn_copy_sign(a, x);
}
#endif

#endif
