/* runtime/product_rows.h -- several vectors times the same matrix. */
#ifndef RN_PRODUCT_ROWS_H
#define RN_PRODUCT_ROWS_H

#include <stddef.h>

#include "abreast.h"
#include "four.h"
#include "keep.h"
#include "lanes.h"
#include "product.h"
#include "real.h"

/* z[r] = init[r] + x[r] kernel, as rn_product has it, for r < rows
 *   z [rows][z_stride]  x [rows][x_stride]  init [rows][init_stride], which may
 *   be z, or with 0 the same for all  kernel [features][stride]
 * Four rows at a time share what is loaded of the kernel, unless there are few
 * columns, which are summed in four parts. */
#if RN_FOUR && RN_BYTES
RN_INLINE void rn_product_4(rn_real *z, size_t z_stride, const rn_real *init,
                            size_t init_stride, const rn_real *x,
                            ptrdiff_t x_stride, const rn_real *kernel,
                            size_t features, size_t stride, int lanes)
{
    rn_lanes even[4][2], odd[4][2], zero = {0};
    size_t f;

    RN_UNROLL for (int i = 0; i < 4 * lanes; i++) {
        size_t at = (size_t)(i % 4) * init_stride + (size_t)(i / 4) * RN_LANES;
        even[i % 4][i / 4] = init ? rn_load_lanes(init + at) : zero;
        odd[i % 4][i / 4] = zero;
    }
    RN_ROLL for (f = 0; f + 2 <= features; f += 2, kernel += 2 * stride) {
        const rn_real *x_f = x + f;
        RN_UNROLL for (int i = 0; i < lanes; i++) {
            rn_lanes k0 = rn_load_lanes(kernel + i * RN_LANES);
            rn_lanes k1 = rn_load_lanes(kernel + stride + i * RN_LANES);
            RN_KEEP(k0);
            RN_KEEP(k1);
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
#elif RN_FOUR
/* features > 1 */
RN_WIDE RN_INLINE void rn_product_4(rn_real *z, size_t z_stride,
                                    const rn_real *init, size_t init_stride,
                                    const rn_real *x, ptrdiff_t x_stride,
                                    const rn_real *kernel, size_t features,
                                    size_t stride, int lanes)
{
    const rn_real *x1 = x + x_stride, *x2 = x1 + x_stride, *x3 = x2 + x_stride;
    rn_real *z1 = z + z_stride, *z2 = z1 + z_stride, *z3 = z2 + z_stride;
    const size_t columns = RN_VEIL((size_t)lanes * RN_BLOCK);
    const rn_real *k = kernel, *next = k + stride;
    rn_real even[4][2 * RN_BLOCK], odd[4][2 * RN_BLOCK];
    size_t f = 2;

    RN_FEW(RN_BLOCKS * RN_BLOCK) for (size_t i = 0; i < columns; i++) {
        even[0][i] = init ? init[i] : 0;
        even[1][i] = init ? init[init_stride + i] : 0;
        even[2][i] = init ? init[2 * init_stride + i] : 0;
        even[3][i] = init ? init[3 * init_stride + i] : 0;
        odd[0][i] = odd[1][i] = odd[2][i] = odd[3][i] = 0;
        even[0][i] += x[0] * k[i];
        even[1][i] += x1[0] * k[i];
        even[2][i] += x2[0] * k[i];
        even[3][i] += x3[0] * k[i];
        odd[0][i] += x[1] * next[i];
        odd[1][i] += x1[1] * next[i];
        odd[2][i] += x2[1] * next[i];
        odd[3][i] += x3[1] * next[i];
    }
    RN_ROLL for (; f + 2 <= features; f += 2) {
        k += 2 * stride, next = k + stride;
        RN_FEW(RN_BLOCKS * RN_BLOCK) for (size_t i = 0; i < columns; i++) {
            even[0][i] += x[f] * k[i];
            even[1][i] += x1[f] * k[i];
            even[2][i] += x2[f] * k[i];
            even[3][i] += x3[f] * k[i];
            odd[0][i] += x[f + 1] * next[i];
            odd[1][i] += x1[f + 1] * next[i];
            odd[2][i] += x2[f + 1] * next[i];
            odd[3][i] += x3[f + 1] * next[i];
        }
    }
    k += 2 * stride;
    if (f < features)
        RN_FEW(RN_BLOCKS * RN_BLOCK) for (size_t i = 0; i < columns; i++) {
            even[0][i] += x[f] * k[i];
            even[1][i] += x1[f] * k[i];
            even[2][i] += x2[f] * k[i];
            even[3][i] += x3[f] * k[i];
        }
    RN_FEW(RN_BLOCKS * RN_BLOCK) for (size_t i = 0; i < columns; i++) {
        z[i] = even[0][i] + odd[0][i];
        z1[i] = even[1][i] + odd[1][i];
        z2[i] = even[2][i] + odd[2][i];
        z3[i] = even[3][i] + odd[3][i];
    }
}
#endif

RN_INLINE void rn_product_rows(rn_real *z, size_t z_stride,
                               const rn_real *init, size_t init_stride,
                               const rn_real *x, ptrdiff_t x_stride,
                               const rn_real *kernel, size_t features,
                               size_t columns, size_t stride, size_t rows)
{
    size_t r = 0;
#if RN_FOUR
    const size_t vectors = (columns + RN_BLOCK - 1) / RN_BLOCK;
    const int lanes = RN_SUMS == 16 && vectors % 2 == 0 ? 2 : RN_BLOCKS;
    const size_t step = (size_t)(lanes * RN_BLOCK);
    for (; r + 4 <= rows && columns > 16 && features > 1; r += 4) {
        for (size_t c = 0; c < columns; c += step)
            rn_product_4(z + c, z_stride, init ? init + c : init, init_stride,
                         x, x_stride, kernel + c, features, stride, lanes);
        z += 4 * z_stride;
        x += 4 * x_stride;
        init = init ? init + 4 * init_stride : init;
    }
#endif
    for (; r < rows; r++, z += z_stride, x += x_stride) {
        rn_product(z, init, x, kernel, features, columns, stride);
        init = init ? init + init_stride : init;
    }
}

#endif
