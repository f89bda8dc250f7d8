/* runtime/f16/native.h -- halves widened by the processor. */
#ifndef RN_NATIVE_H
#define RN_NATIVE_H

#include <stdint.h>
#include <string.h>

#include "lanes.h"
#include "real.h"
#include "bit_words.h"

/* rn_opened, where the processor widens halves. It does so in their
 * order, in which both numbers of a word are neighbours: so they meet pairs of
 * x. */
#if RN_BYTES == 64 || (RN_BYTES == 32 && defined(__F16C__))
#define RN_NATIVE
typedef short rn_halves __attribute__((vector_size(RN_BYTES / 2)));
typedef short rn_halves_anywhere
    __attribute__((vector_size(RN_BYTES / 2), aligned(4), may_alias));
typedef uint64_t rn_pairs __attribute__((vector_size(RN_BYTES)));

typedef struct rn_opened {
    rn_lanes first, last; /* of the words */
} rn_opened;

RN_INLINE rn_lanes rn_widen_halves(const uint32_t *words)
{
    rn_halves halves = *(const rn_halves_anywhere *)words;
#if RN_BYTES == 64
#ifdef __clang__ /* for which the mask is unsigned */
    const unsigned short all = 0xffff;
#else
    const short all = -1;
#endif
    rn_lanes zero = {0};
    return (rn_lanes)__builtin_ia32_vcvtph2ps512_mask(halves, zero, all, 4);
#else
    return (rn_lanes)__builtin_ia32_vcvtph2ps256(halves);
#endif
}

RN_INLINE rn_opened rn_open(const uint32_t *words)
{
    rn_opened w;
    w.first = rn_widen_halves(words);
    w.last = rn_widen_halves(words + RN_LANES / 2);
    return w;
}

/* The features x [2], even and odd side by side in both sums... */
RN_INLINE void rn_add_opened(rn_lanes *first, rn_lanes *last, const rn_real *x,
                             const rn_opened *w)
{
    rn_pairs zero = {0};
    uint64_t pair;

    memcpy(&pair, x, sizeof pair);
    *first += (rn_lanes)(zero + pair) * w->first;
    *last += (rn_lanes)(zero + pair) * w->last;
}

/* ...and the sums of both. */
RN_INLINE rn_lanes rn_join(rn_lanes first, rn_lanes last)
{
#if RN_BYTES == 64
#define RN_EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define RN_ODD  1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#else
#define RN_EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define RN_ODD  1, 3, 5, 7, 9, 11, 13, 15
#endif
#ifdef __clang__
    return __builtin_shufflevector(first, last, RN_EVEN) +
           __builtin_shufflevector(first, last, RN_ODD);
#else
    const rn_integers even = {RN_EVEN}, odd = {RN_ODD};
    return __builtin_shuffle(first, last, even) +
           __builtin_shuffle(first, last, odd);
#endif
}
#endif

#endif
