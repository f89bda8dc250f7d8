/* runtime/dot.h -- the product of two vectors. */
#ifndef RN_DOT_H
#define RN_DOT_H

#include <stddef.h>

#include "abreast.h"
#include "add_quads.h"
#include "add_sixteen.h"
#include "eight.h"
#include "lanes.h"
#include "real.h"

/* sum over f of x[f] w[f], f < n, in 16 sums of every 16th, which are then
 * added two by two, and one of what is no whole eight. What was stored as eight
 * lanes, or as one, could be read as sixteen or four after a wait only. */
RN_INLINE rn_real rn_dot(const rn_real *x, const rn_real *w, size_t n)
{
    const size_t whole = n - n % 16, rest = n - n % 8; /* known to gcc */
    rn_real s[16] = {0}, last = 0;

    for (size_t f = rest; f < n; f++)
        last += x[f] * w[f];
#if RN_BYTES
    rn_eight sum[16 / RN_EIGHT], zero = {0};

    RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
        sum[i] = zero;
    for (size_t f = 0; f < whole; f += 16)
        RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
            sum[i] += rn_load_eight(x + f + i * RN_EIGHT) *
                      rn_load_eight(w + f + i * RN_EIGHT);
    if (rest > whole)
        RN_UNROLL for (int i = 0; i < 8 / RN_EIGHT; i++)
            sum[i] += rn_load_eight(x + whole + i * RN_EIGHT) *
                      rn_load_eight(w + whole + i * RN_EIGHT);
    RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
        rn_store_eight(s + i * RN_EIGHT, sum[i]);
    const rn_real all = rn_add_quads(s);
#else
    for (size_t f = 0; f < whole; f += 16)
        RN_ABREAST(16) for (size_t i = 0; i < 16; i++)
            s[i] += x[f + i] * w[f + i];
    for (size_t i = 0; i < rest - whole; i++)
        s[i] += x[whole + i] * w[whole + i];
    const rn_real all = rn_add_sixteen(s);
#endif
    return n % 8 ? all + last : all;
}

#endif
