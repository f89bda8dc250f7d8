/* runtime/product_rows.h -- several vectors times the same matrix. */
#ifndef RN_PRODUCT_ROWS_H
#define RN_PRODUCT_ROWS_H

#include <stddef.h>

#include "lanes.h"
#include "product.h"
#include "real.h"

/* z[r] = init + x[r] kernel, as rn_product has it, for r < rows
 *   z [rows][z_stride]  x [rows][x_stride]  init [columns]
 *   kernel [features][stride]
 * Four rows at a time share what is loaded of the kernel, unless there are few
 * columns, which are summed in four parts. */
#if RN_BYTES
RN_INLINE void rn_product_4(rn_real *z, size_t z_stride, const rn_real *init,
                            const rn_real *x, ptrdiff_t x_stride,
                            const rn_real *kernel, size_t features,
                            size_t stride, int lanes)
{
    rn_lanes even[4][2], odd[4][2], zero = {0};
    size_t f;

    RN_UNROLL for (int i = 0; i < 4 * lanes; i++) {
        size_t at = (size_t)(i / 4) * RN_LANES;
        even[i % 4][i / 4] = init ? rn_load_lanes(init + at) : zero;
        odd[i % 4][i / 4] = zero;
    }
    RN_ROLL for (f = 0; f + 2 <= features; f += 2, kernel += 2 * stride) {
        const rn_real *x_f = x + f;
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_lanes k0 = rn_load_lanes(kernel + i * RN_LANES);
            rn_lanes k1 = rn_load_lanes(kernel + stride + i * RN_LANES);
            RN_UNROLL for (int r = 0; r < 4; r++) {
                even[r][i] += x_f[r * x_stride] * k0;
                odd[r][i] += x_f[r * x_stride + 1] * k1;
            }
        }
    }
    if (f < features)
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_lanes k0 = rn_load_lanes(kernel + i * RN_LANES);
            RN_UNROLL for (int r = 0; r < 4; r++)
                even[r][i] += x[(ptrdiff_t)f + r * x_stride] * k0;
        }
    RN_UNROLL for (int i = 0; i < lanes; i++)
        RN_UNROLL for (int r = 0; r < 4; r++)
            rn_store_lanes(z + (size_t)r * z_stride + i * RN_LANES,
                           even[r][i] + odd[r][i]);
}
#endif

RN_INLINE void rn_product_rows(rn_real *z, size_t z_stride,
                               const rn_real *init, const rn_real *x,
                               ptrdiff_t x_stride, const rn_real *kernel,
                               size_t features, size_t columns, size_t stride,
                               size_t rows)
{
    size_t r = 0;
#if RN_BYTES
    const size_t whole = (columns + 15) / 16 * 16;
    const int lanes = RN_SUMS == 16 && whole / RN_LANES % 2 == 0 ? 2 : 1;
    const size_t step = (size_t)(lanes * RN_LANES);
    for (; r + 4 <= rows && columns > 16; r += 4) {
        for (size_t c = 0; c < columns; c += step)
            rn_product_4(z + c, z_stride, init ? init + c : init, x, x_stride,
                         kernel + c, features, stride, lanes);
        z += 4 * z_stride;
        x += 4 * x_stride;
    }
#endif
    for (; r < rows; r++, z += z_stride, x += x_stride)
        rn_product(z, init, x, kernel, features, columns, stride);
}

#endif
