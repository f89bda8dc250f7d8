/* runtime/dot.h -- the product of two vectors. */
#ifndef RN_DOT_H
#define RN_DOT_H

#include <stddef.h>

#include "abreast.h"
#include "eight.h"
#include "lanes.h"
#include "real.h"

/* sum over f of x[f] w[f], f < n, in 16 sums of every 16th, which are then
 * added two by two. What was stored as eight lanes could be read as sixteen
 * after a wait only. */
RN_INLINE rn_real rn_dot(const rn_real *x, const rn_real *w, size_t n)
{
    rn_real s[16] = {0};
    size_t f = 0;
#if RN_BYTES
    rn_eight sum[16 / RN_EIGHT], zero = {0};

    RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
        sum[i] = zero;
    for (; f + 16 <= n; f += 16)
        RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
            sum[i] += rn_load_eight(x + f + i * RN_EIGHT) *
                      rn_load_eight(w + f + i * RN_EIGHT);
    if (n - f >= 8)
        RN_UNROLL for (int i = 0; i < 8 / RN_EIGHT; i++)
            sum[i] += rn_load_eight(x + f + i * RN_EIGHT) *
                      rn_load_eight(w + f + i * RN_EIGHT);
    RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
        rn_store_eight(s + i * RN_EIGHT, sum[i]);
    f += n - f >= 8 ? 8 : 0;
#else
    for (; f + 16 <= n; f += 16)
        RN_ABREAST(16) for (size_t i = 0; i < 16; i++)
            s[i] += x[f + i] * w[f + i];
    for (size_t i = 0; i < 8 && n - f >= 8; i++)
        s[i] += x[f + i] * w[f + i];
    f += n - f >= 8 ? 8 : 0;
#endif
    for (size_t i = 0; f < n; i++, f++)
        s[i] += x[f] * w[f];
    return (((s[0] + s[8]) + (s[4] + s[12])) +
            ((s[2] + s[10]) + (s[6] + s[14]))) +
           (((s[1] + s[9]) + (s[5] + s[13])) +
            ((s[3] + s[11]) + (s[7] + s[15])));
}

#endif
