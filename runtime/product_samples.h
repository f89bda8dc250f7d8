/* runtime/product_samples.h -- samples of a batch times the same matrix. */
#ifndef RN_PRODUCT_SAMPLES_H
#define RN_PRODUCT_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "eight.h"
#include "four.h"
#include "lanes.h"
#include "keep.h"
#include "late.h"
#include "product_rows.h"
#include "real.h"

/* z[r] = init[r] + x[r] kernel for r < rows; shapes, and what init may be, as
 * rn_product_rows has them. Its sums are those of one row, bit for bit, in two
 * parts each. Here each is one, so that registers hold twice as many and more
 * of them share what is loaded: six or four rows of up to four vectors, or two
 * of 16 registers. Elsewhere, and for rows left, rn_product_rows does it. */
#if RN_FOUR && RN_BYTES
/* What comes 8 KB later is fetched if `large`: a kernel above 24 KB is not in
 * the nearest cache, and processors foresee no further than a page. 64 samples,
 * gcc and clang: LSTM 128 -> 256 takes 0.92 to 0.96 of the time, 256 -> 512
 * 0.87, with AVX2 0.91 and 0.72; kernels that are in that cache took 1.03. */
RN_INLINE void rn_samples_fetch(const rn_real *kernel, int lanes)
{
    RN_UNROLL for (int i = 0; i < lanes * RN_BYTES; i += 64) {
        const uintptr_t at = (uintptr_t)kernel + 8192 + (uintptr_t)i;
        __builtin_prefetch((const void *)at, 0, 3);
    }
}

RN_INLINE void rn_samples_sums(rn_real *z, size_t z_stride, const rn_real *init,
                               size_t init_stride, const rn_real *x,
                               ptrdiff_t x_stride, const rn_real *kernel,
                               size_t features, size_t stride, int rows,
                               int lanes, int large,
                               rn_lanes (*last)(rn_lanes))
{
    const int starts = init != NULL;
    rn_lanes sum[6][4], weights[4], zero = {0};

    RN_UNROLL for (int r = 0; r < rows; r++)
        RN_UNROLL for (int i = 0; i < lanes; i++)
            sum[r][i] = zero;
    RN_ROLL for (size_t f = 0; f < features; f++, kernel += stride) {
        const rn_real *x_f = x + f;
        if (large)
            rn_samples_fetch(kernel, lanes);
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            weights[i] = rn_load_lanes(kernel + i * RN_LANES);
            RN_KEEP(weights[i]);
        }
        RN_UNROLL for (int r = 0; r < rows; r++)
            RN_UNROLL for (int i = 0; i < lanes; i++)
                sum[r][i] += x_f[r * x_stride] * weights[i];
    }
    RN_LATE(init);
    RN_UNROLL for (int r = 0; r < rows; r++)
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            const size_t row = (size_t)r, c = (size_t)(i * RN_LANES);
            if (starts)
                sum[r][i] += rn_load_lanes(init + row * init_stride + c);
            if (last)
                sum[r][i] = last(sum[r][i]);
            rn_store_lanes(z + row * z_stride + c, sum[r][i]);
        }
}

/* Rows of some features; how many are done. */
RN_INLINE size_t rn_samples_part(rn_real *z, size_t z_stride,
                                 const rn_real *init, size_t init_stride,
                                 const rn_real *x, ptrdiff_t x_stride,
                                 const rn_real *kernel, size_t features,
                                 size_t columns, size_t stride, size_t rows,
                                 int lanes, int large,
                                 rn_lanes (*last)(rn_lanes))
{
    const size_t step = (size_t)(lanes * RN_LANES);
    size_t r = 0;

    while (rows - r >= 4) {
        const size_t left = rows - r;
        const int six = lanes <= RN_SUMS / 4 && (left == 6 || left >= 10);
        const rn_real *x_r = x + (ptrdiff_t)r * x_stride;

        for (size_t c = 0; c < columns; c += step) {
            const rn_real *first = init ? init + r * init_stride + c : init;
            if (six)
                rn_samples_sums(z + r * z_stride + c, z_stride, first,
                                init_stride, x_r, x_stride, kernel + c,
                                features, stride, 6, lanes, large, last);
            else
                rn_samples_sums(z + r * z_stride + c, z_stride, first,
                                init_stride, x_r, x_stride, kernel + c,
                                features, stride, 4, lanes, large, last);
        }
        r += six ? 6 : 4;
    }
    return r;
}
#endif

#if RN_FOUR && RN_BYTES == 64
/* Of up to eight columns, in rows of eight: half a register, eight rows or four
 * at a time. The number of rows that are done. */
RN_INLINE size_t rn_samples_half(rn_real *z, size_t z_stride,
                                 const rn_real *init, size_t init_stride,
                                 const rn_real *x, ptrdiff_t x_stride,
                                 const rn_real *kernel, size_t features,
                                 size_t rows)
{
    size_t r = 0;

    while (rows - r >= 4) {
        const int all = rows - r >= 8 ? 8 : 4;
        const rn_real *x_r = x + (ptrdiff_t)r * x_stride;
        rn_eight sum[8], zero = {0};

        RN_UNROLL for (int i = 0; i < 8; i++)
            sum[i] = zero;
        if (all == 8)
            RN_ROLL for (size_t f = 0; f < features; f++)
                RN_UNROLL for (int i = 0; i < 8; i++)
                    sum[i] += x_r[i * x_stride + (ptrdiff_t)f] *
                              rn_load_eight(kernel + f * 8);
        else
            RN_ROLL for (size_t f = 0; f < features; f++)
                RN_UNROLL for (int i = 0; i < 4; i++)
                    sum[i] += x_r[i * x_stride + (ptrdiff_t)f] *
                              rn_load_eight(kernel + f * 8);
        for (int i = 0; i < all; i++, r++)
            rn_store_eight(z + r * z_stride,
                           init ? sum[i] + rn_load_eight(init + r * init_stride)
                                : sum[i]);
    }
    return r;
}
#endif

/* Rows of the kernel, 24 KB at a time, are in the nearest cache for all; sums
 * of so many are apart, too: W9's error is 3.5e-7, of sums in one go 4.6e-7.
 * last: what sums become before they leave their registers, or NULL; of the
 * first so many rows they have. */
RN_INLINE size_t rn_product_samples(rn_real *z, size_t z_stride,
                                    const rn_real *init, size_t init_stride,
                                    const rn_real *x, ptrdiff_t x_stride,
                                    const rn_real *kernel, size_t features,
                                    size_t columns, size_t stride, size_t rows,
                                    rn_lanes (*last)(rn_lanes))
{
    size_t done = 0;
#if RN_FOUR && RN_BYTES
    const size_t vectors = (columns + RN_LANES - 1) / RN_LANES;
    const int lanes = RN_SUMS == 16 && vectors % 4 == 0 ? 4
                      : vectors % 2 == 0                ? 2
                      : vectors % 3 == 0                ? 3
                                                        : 1;
    const size_t most = 24576 / sizeof *kernel / stride;

    if ((lanes > 1 || vectors == 1) && stride >= RN_LANES)
        for (size_t f = 0; f < features; f += most)
            done = rn_samples_part(z, z_stride, f > 0 ? z : init,
                                   f > 0 ? z_stride : init_stride, x + f,
                                   x_stride, kernel + f * stride,
                                   features - f < most ? features - f : most,
                                   columns, stride, rows, lanes,
                                   features > most,
                                   features - f > most ? NULL : last);
#if RN_BYTES == 64
    if (stride == 8 && RN_LANES > 8 && !last)
        done = rn_samples_half(z, z_stride, init, init_stride, x, x_stride,
                               kernel, features, rows);
#endif
#else
    (void)last;
#endif
    if (done < rows)
        rn_product_rows(z + done * z_stride, z_stride,
                        init ? init + done * init_stride : init, init_stride,
                        x + (ptrdiff_t)done * x_stride, x_stride, kernel,
                        features, columns, stride, rows - done);
    return done;
}

#endif
