/* runtime/f32/fused.h -- x y + z, rounded once. */
#ifndef RN_FUSED_H
#define RN_FUSED_H

#include <stdint.h>
#include <string.h>

#include "lanes.h"
#include "real.h"

/* Whether the processor has an instruction for it, and the compiler says so. */
#if defined(__FMA__) || defined(__FP_FAST_FMAF) || defined(__aarch64__) ||     \
    defined(__ARM_FEATURE_FMA) || defined(__riscv_f)
#define RN_FMA 1
#else
#define RN_FMA 0
#endif

/* Elsewhere in steps: the product is exact in double. The sum is rounded to
 * odd there, so that to round it again is right (Boldo and Melquiond 2008). */
static inline rn_real rn_fused_one(rn_real x, rn_real y, rn_real z)
{
#if RN_FMA
    return __builtin_fmaf(x, y, z);
#else
    const double product = (double)x * (double)y, wide = (double)z;
    double sum = product + wide;
    const double z_part = sum - product;
    const double rest = (product - (sum - z_part)) + (wide - z_part);
    uint64_t bits;

    memcpy(&bits, &sum, sizeof bits);
    if ((rest < 0 || rest > 0) && !(bits & 1))
        bits += (rest > 0) == (sum > 0) ? 1 : UINT64_MAX;
    memcpy(&sum, &bits, sizeof bits);
    return (rn_real)sum;
#endif
}

#if RN_BYTES >= 16
typedef rn_real rn_four_of __attribute__((vector_size(16)));

RN_INLINE rn_four_of rn_fused_4(rn_four_of x, rn_four_of y, rn_four_of z)
{
#if defined(__FMA__)
    return __builtin_ia32_vfmaddps(x, y, z);
#elif defined(__aarch64__) && !defined(__clang__)
    return __builtin_aarch64_fmav4sf(x, y, z);
#else
    for (int i = 0; i < 4; i++)
        z[i] = rn_fused_one(x[i], y[i], z[i]);
    return z;
#endif
}
#endif

#if RN_BYTES >= 32
typedef rn_real rn_eight_of __attribute__((vector_size(32)));

RN_INLINE rn_eight_of rn_fused_8(rn_eight_of x, rn_eight_of y, rn_eight_of z)
{
#if defined(__FMA__)
    return __builtin_ia32_vfmaddps256(x, y, z);
#else
    for (int i = 0; i < 8; i++)
        z[i] = rn_fused_one(x[i], y[i], z[i]);
    return z;
#endif
}
#endif

#if RN_BYTES >= 64
typedef rn_real rn_sixteen_of __attribute__((vector_size(64)));

RN_INLINE rn_sixteen_of rn_fused_16(rn_sixteen_of x, rn_sixteen_of y,
                                    rn_sixteen_of z)
{
#ifdef __clang__
    const unsigned short all = 0xffff;
#else
    const short all = -1;
#endif
    return __builtin_ia32_vfmaddps512_mask(x, y, z, all, 4);
}
#endif

/* RN_FUSED(x, y, z): of numbers, or of vectors of z's size, where x or y may
 * be a number. (x - 0 is x; 0 + x would lose the sign of -0.) */
#if !RN_BYTES
#define RN_FUSED(x, y, z) rn_fused_one(x, y, z)
#elif !defined(__cplusplus)
#define RN_LIKE(x, z) ((x) - (__typeof__(z)){0})
#define RN_IF         __builtin_choose_expr
#if RN_BYTES >= 64
#define RN_FUSED_MORE(z) RN_IF(sizeof(z) == 32, rn_fused_8, rn_fused_16)
#elif RN_BYTES >= 32
#define RN_FUSED_MORE(z) rn_fused_8
#else
#define RN_FUSED_MORE(z) rn_fused_4
#endif
#define RN_FUSED(x, y, z)                                                      \
    RN_IF(sizeof(z) == 4, rn_fused_one,                                        \
          RN_IF(sizeof(z) == 16, rn_fused_4, RN_FUSED_MORE(z)))                \
    (RN_LIKE(x, z), RN_LIKE(y, z), z)
#else
#define RN_FUSED rn_fused
#define RN_FUSED_OF(vector, fused)                                             \
    RN_INLINE vector rn_fused(vector x, vector y, vector z)                    \
    {                                                                          \
        return fused(x, y, z);                                                 \
    }                                                                          \
    RN_INLINE vector rn_fused(rn_real x, vector y, vector z)                   \
    {                                                                          \
        const vector zero = {0};                                               \
        return fused(x - zero, y, z);                                          \
    }                                                                          \
    RN_INLINE vector rn_fused(vector x, rn_real y, vector z)                   \
    {                                                                          \
        const vector zero = {0};                                               \
        return fused(x, y - zero, z);                                          \
    }

RN_INLINE rn_real rn_fused(rn_real x, rn_real y, rn_real z)
{
    return rn_fused_one(x, y, z);
}

RN_FUSED_OF(rn_four_of, rn_fused_4)
#if RN_BYTES >= 32
RN_FUSED_OF(rn_eight_of, rn_fused_8)
#endif
#if RN_BYTES >= 64
RN_FUSED_OF(rn_sixteen_of, rn_fused_16)
#endif
#endif

#endif
