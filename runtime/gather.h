/* runtime/gather.h -- a sample in every lane: in and out. */
#ifndef RN_GATHER_H
#define RN_GATHER_H

#include <stddef.h>

#include "lanes.h"
#include "real.h"

/* Samples and lanes change places in squares of four by four: number by number,
 * what is stored could be loaded as lanes after a wait only. The last square of
 * a row overlaps the one before. */
#if (defined(__clang__) || __GNUC__ >= 12) && RN_BYTES
#define RN_SQUARES (RN_LANES >= 4)
typedef rn_real rn_four __attribute__((
    vector_size(4 * sizeof(rn_real)), aligned(sizeof(rn_real)), may_alias));

/* y[i][k] = x[k][i] */
RN_INLINE void rn_transpose(rn_real *y0, rn_real *y1, rn_real *y2, rn_real *y3,
                            const rn_real *x0, const rn_real *x1,
                            const rn_real *x2, const rn_real *x3)
{
    const rn_four a = *(const rn_four *)x0, b = *(const rn_four *)x1;
    const rn_four c = *(const rn_four *)x2, d = *(const rn_four *)x3;
    const rn_four low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const rn_four low2 = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const rn_four high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const rn_four high2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);

    *(rn_four *)y0 = __builtin_shufflevector(low, low2, 0, 1, 4, 5);
    *(rn_four *)y1 = __builtin_shufflevector(low, low2, 2, 3, 6, 7);
    *(rn_four *)y2 = __builtin_shufflevector(high, high2, 0, 1, 4, 5);
    *(rn_four *)y3 = __builtin_shufflevector(high, high2, 2, 3, 6, 7);
}
#else
#define RN_SQUARES 0

RN_INLINE void rn_transpose(rn_real *y0, rn_real *y1, rn_real *y2, rn_real *y3,
                            const rn_real *x0, const rn_real *x1,
                            const rn_real *x2, const rn_real *x3)
{
    const rn_real *const x[4] = {x0, x1, x2, x3};

    for (size_t k = 0; k < 4; k++) {
        y0[k] = x[k][0];
        y1[k] = x[k][1];
        y2[k] = x[k][2];
        y3[k] = x[k][3];
    }
}
#endif

/* Without vectors clang would unroll, and then start the loop over the same
 * samples of the layer behind from what was stored last, which keeps it from
 * making vectors of that. */
#if RN_BYTES
#define RN_GATHER
#else
#define RN_GATHER RN_ROLL
#endif

/* x[i][k] = what is at `at` + i in RN_LANES of the arrays, i < size, k < sets:
 * the first, the next... */
RN_INLINE void rn_gather(rn_lanes *x, const rn_real *const *from, size_t at,
                         size_t size, size_t sets)
{
    const size_t all = sets * RN_LANES;
    rn_real *to = (rn_real *)x;

    for (size_t f = 0; RN_SQUARES && f < size && size >= 4; f += 4) {
        const size_t i = f + 4 <= size ? f : size - 4;
        rn_real *row = to + i * all;
        for (size_t s = 0; s < all; s += 4)
            rn_transpose(row + s, row + all + s, row + 2 * all + s,
                         row + 3 * all + s, from[s] + at + i,
                         from[s + 1] + at + i, from[s + 2] + at + i,
                         from[s + 3] + at + i);
    }
    for (size_t i = 0; i < size && (size < 4 || !RN_SQUARES); i++)
        RN_GATHER for (size_t s = 0; s < all; s++)
            to[i * all + s] = from[s][at + i];
}

/* The way back. */
RN_INLINE void rn_scatter(const rn_lanes *y, rn_real *const *to, size_t at,
                          size_t size, size_t sets)
{
    const size_t all = sets * RN_LANES;
    const rn_real *from = (const rn_real *)y;

    for (size_t f = 0; RN_SQUARES && f < size && size >= 4; f += 4) {
        const size_t i = f + 4 <= size ? f : size - 4;
        const rn_real *row = from + i * all;
        for (size_t s = 0; s < all; s += 4)
            rn_transpose(to[s] + at + i, to[s + 1] + at + i, to[s + 2] + at + i,
                         to[s + 3] + at + i, row + s, row + all + s,
                         row + 2 * all + s, row + 3 * all + s);
    }
    for (size_t i = 0; i < size && (size < 4 || !RN_SQUARES); i++)
        for (size_t s = 0; s < all; s++)
            to[s][at + i] = from[i * all + s];
}

#endif
