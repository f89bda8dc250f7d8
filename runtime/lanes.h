/* runtime/lanes.h -- as many numbers side by side as a processor takes. */
#ifndef RN_LANES_H
#define RN_LANES_H

#include <stddef.h>

#include "real.h"
#include "unroll.h"

/* Bytes of the processor's registers for several numbers. */
#if defined(__AVX512F__)
#define RN_WIDTH 64
#elif defined(__AVX__)
#define RN_WIDTH 32
#elif defined(__SSE2__) || defined(__ARM_NEON) || defined(__VSX__)
#define RN_WIDTH 16
#else
#define RN_WIDTH 0
#endif

/* RN_LANES numbers in one of them, where the compiler has vectors. Elsewhere,
 * or where RN_PLAIN is defined, one number, in plain C99. The operations and
 * their order are the same. */
#if defined(RN_PLAIN) || !(defined(__GNUC__) || defined(__clang__))
#define RN_BYTES 0
#else
#define RN_BYTES RN_WIDTH
#endif

/* Before a public function that another one calls: a copy there would keep gcc
 * from copying to it the layers, which two functions would call (1.4 times). In
 * a header, where RN_EXPORTED is not defined, its user's compiler decides. */
#if defined(RN_EXPORTED) && defined(__GNUC__)
#define RN_CALLED __attribute__((noinline))
#else
#define RN_CALLED
#endif

/* How many lanes of sums an inner loop may keep in registers. */
#if defined(__AVX512F__) || defined(__aarch64__)
#define RN_SUMS 16
#else
#define RN_SUMS 8
#endif

#if RN_BYTES
#define RN_LANES   (RN_BYTES / (int)sizeof(rn_real))
#define RN_INLINE  static inline __attribute__((always_inline))
#define RN_ALIGNED __attribute__((aligned(64)))
#define RN_APART   static __attribute__((noinline))
#define RN_ALONE   static
/* RN_APART keeps a function from being inlined beside activations, whose
 * constants would take its registers (gcc: 1.9 times as long); RN_ALONE one in
 * plain C beside others alike, where gcc keeps sums in memory (1.3 times). */
typedef rn_real rn_lanes __attribute__((vector_size(RN_BYTES)));
typedef rn_real rn_lanes_anywhere
    __attribute__((vector_size(RN_BYTES), aligned(sizeof(rn_real)), may_alias));

RN_INLINE rn_lanes rn_load_lanes(const rn_real *x)
{
    return *(const rn_lanes_anywhere *)x;
}

RN_INLINE void rn_store_lanes(rn_real *x, rn_lanes value)
{
    *(rn_lanes_anywhere *)x = value;
}

/* x in every lane. */
RN_INLINE rn_lanes rn_spread_lanes(rn_real x)
{
    rn_lanes zero = {0};
    return zero + x;
}
#else
#define RN_LANES 1
#if RN_WIDTH && defined(__GNUC__)
#define RN_INLINE  static inline __attribute__((always_inline))
#define RN_ALIGNED __attribute__((aligned(64)))
#define RN_APART   static __attribute__((noinline))
#define RN_ALONE   static __attribute__((noinline))
#else
#define RN_INLINE static inline
#define RN_ALIGNED
#define RN_APART static
#define RN_ALONE static
#endif
typedef rn_real rn_lanes;

RN_INLINE rn_lanes rn_load_lanes(const rn_real *x)
{
    return *x;
}

RN_INLINE void rn_store_lanes(rn_real *x, rn_lanes value)
{
    *x = value;
}

RN_INLINE rn_lanes rn_spread_lanes(rn_real x)
{
    return x;
}
#endif

#endif
