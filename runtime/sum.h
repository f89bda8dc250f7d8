/* runtime/sum.h -- the sum of a vector. */
#ifndef RN_SUM_H
#define RN_SUM_H

#include <stddef.h>

#include "abreast.h"
#include "add_quads.h"
#include "add_sixteen.h"
#include "eight.h"
#include "lanes.h"
#include "real.h"

/* sum over f of x[f], f < n, in 16 sums of every 16th, added two by two. */
RN_INLINE rn_real rn_sum(const rn_real *x, size_t n)
{
    const size_t whole = n - n % 16;
    rn_real s[16] = {0};
#if RN_BYTES
    rn_eight sum[16 / RN_EIGHT], zero = {0};

    RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
        sum[i] = zero;
    for (size_t f = 0; f < whole; f += 16)
        RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
            sum[i] += rn_load_eight(x + f + i * RN_EIGHT);
    RN_UNROLL for (int i = 0; i < 16 / RN_EIGHT; i++)
        rn_store_eight(s + i * RN_EIGHT, sum[i]);
    if (n % 16 == 0)
        return rn_add_quads(s);
#else
    for (size_t f = 0; f < whole; f += 16)
        RN_ABREAST(16) for (size_t i = 0; i < 16; i++)
            s[i] += x[f + i];
#endif
    for (size_t i = 0; i < n % 16; i++)
        s[i] += x[whole + i];
    return rn_add_sixteen(s);
}

#endif
