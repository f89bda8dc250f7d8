/* runtime/f32/product_rows_narrow.h -- several vectors times the same matrix of
 * stored weights. */
#ifndef RN_PRODUCT_ROWS_NARROW_H
#define RN_PRODUCT_ROWS_NARROW_H

#include <stddef.h>
#include <stdint.h>

#include "lanes.h"
#include "opened.h"
#include "product_narrow.h"
#include "real.h"
#include "unpack.h"
#include "bit_words.h"

/* z[r] = init[r] + scale (x[r] kernel), as rn_product_narrow has it, r < rows
 *   z [rows][z_stride]  x [rows][x_stride]  scale [columns]
 *   init [rows][init_stride], as rn_product_rows has it
 * Four rows at a time share what is unpacked of the kernel, unless there are
 * few columns, which are summed in four parts. */
#if RN_BYTES
RN_INLINE void rn_product_4_narrow(rn_real *z, size_t z_stride,
                                   const rn_real *init, size_t init_stride,
                                   const rn_real *x, ptrdiff_t x_stride,
                                   const uint32_t *kernel, const rn_real *scale,
                                   size_t features, size_t stride, int lanes)
{
    rn_lanes even[4][2], odd[4][2], zero = {0};
    size_t f;

    RN_UNROLL for (int i = 0; i < 4 * lanes; i++)
        even[i % 4][i / 4] = odd[i % 4][i / 4] = zero;
    RN_ROLL for (f = 0; f + RN_PACK <= features; f += RN_PACK, kernel += stride)
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_opened w = rn_open(kernel + i * RN_LANES);
            RN_UNROLL for (int r = 0; r < 4; r++)
                rn_add_opened(&even[r][i], &odd[r][i],
                              x + ((ptrdiff_t)f + r * x_stride), &w);
        }
    if (f < features) {
        rn_real rest[4][RN_PACK] = {{0}}; /* behind the last there are zeros */
        for (size_t k = 0; k < features % RN_PACK; k++)
            for (int r = 0; r < 4; r++)
                rest[r][k] = x[(ptrdiff_t)(f + k) + r * x_stride];
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_opened w = rn_open(kernel + i * RN_LANES);
            RN_UNROLL for (int r = 0; r < 4; r++)
                rn_add_opened(&even[r][i], &odd[r][i], rest[r], &w);
        }
    }
    RN_UNROLL for (int i = 0; i < lanes; i++)
        RN_UNROLL for (int r = 0; r < 4; r++) {
            rn_lanes sum = rn_join(even[r][i], odd[r][i]);
            if (scale)
                sum *= rn_load_lanes(scale + i * RN_LANES);
            if (init)
                sum += rn_load_lanes(init + (size_t)r * init_stride +
                                     i * RN_LANES);
            rn_store_lanes(z + (size_t)r * z_stride + i * RN_LANES, sum);
        }
}
#endif

RN_INLINE void rn_product_rows_narrow(rn_real *z, size_t z_stride,
                                      const rn_real *init, size_t init_stride,
                                      const rn_real *x, ptrdiff_t x_stride,
                                      const uint32_t *kernel,
                                      const rn_real *scale, size_t features,
                                      size_t columns, size_t stride,
                                      size_t rows)
{
    size_t r = 0;
#if RN_BYTES
    const size_t whole = (columns + 15) / 16 * 16;
    const int lanes = RN_SUMS == 16 && whole / RN_LANES % 2 == 0 ? 2 : 1;
    const size_t step = (size_t)(lanes * RN_LANES);
    for (; r + 4 <= rows && columns > 16; r += 4) {
        for (size_t c = 0; c < columns; c += step)
            rn_product_4_narrow(z + c, z_stride, init ? init + c : init,
                                init_stride, x, x_stride, kernel + c,
                                scale ? scale + c : scale, features, stride,
                                lanes);
        z += 4 * z_stride;
        x += 4 * x_stride;
        init = init ? init + 4 * init_stride : init;
    }
#endif
    for (; r < rows; r++, z += z_stride, x += x_stride) {
        rn_product_narrow(z, init, x, kernel, scale, features, columns, stride);
        init = init ? init + init_stride : init;
    }
}

#endif
