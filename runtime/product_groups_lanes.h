/* runtime/product_groups_lanes.h -- products of groups of few columns. */
#ifndef RN_PRODUCT_GROUPS_LANES_H
#define RN_PRODUCT_GROUPS_LANES_H

#include <stddef.h>

#include "four.h"
#include "lanes.h"
#include "of_group_lanes.h"
#include "real.h"
#include "unroll_some.h"

/* z[r][g][c] = init[g][c] + sum over k, f of x[r][k][g][f] kernel[k][f][g][c]
 *   z [rows][z_stride], of which groups * columns, a multiple of RN_LANES
 *   x [rows][x_stride], of which taps * groups * features
 *   init [groups][columns], or NULL for 0
 *   kernel [taps][features][groups][columns]
 * Even and odd f are summed apart, as rn_product has it. Several sums are under
 * way: of four rows, which share what is loaded of the kernel, else of lanes
 * beside each other.
 * Groups of fewer columns than lanes have as many features: 2, 4 or 8. */
#if RN_BYTES
RN_INLINE void rn_groups_sums_lanes(rn_real *z, size_t z_stride,
                                    const rn_real *init, const rn_real *x,
                                    ptrdiff_t x_stride, const rn_real *kernel,
                                    size_t taps, size_t groups, size_t features,
                                    size_t columns, size_t from, int rows,
                                    int lanes)
{
    rn_lanes even[4], odd[4], zero = {0};

    z += from, kernel += from;
    RN_UNROLL for (int i = 0; i < rows * lanes; i++) {
        const rn_real *first = init ? init + from + i / rows * RN_LANES : init;
        even[i] = init ? rn_load_lanes(first) : zero;
        odd[i] = zero;
    }
    RN_ROLL for (size_t k = 0; k < taps; k++, x += groups * features)
        RN_SOME for (size_t f = 0; f < features; f++) {
            RN_UNROLL for (int i = 0; i < rows * lanes; i++) {
                const int c = i / rows * RN_LANES;
                const size_t group = (from + (size_t)c) / columns;
                rn_lanes x_f = rn_of_group_lanes(
                    x + group * features + i % rows * x_stride,
                    (unsigned)columns, (unsigned)f);
                if (f % 2)
                    odd[i] += x_f * rn_load_lanes(kernel + c);
                else
                    even[i] += x_f * rn_load_lanes(kernel + c);
            }
            kernel += groups * columns;
        }
    RN_UNROLL for (int i = 0; i < rows * lanes; i++)
        rn_store_lanes(z + (size_t)(i % rows) * z_stride + i / rows * RN_LANES,
                       even[i] + odd[i]);
}

RN_INLINE void rn_product_groups_lanes(rn_real *z, size_t z_stride,
                                       const rn_real *init, const rn_real *x,
                                       ptrdiff_t x_stride,
                                       const rn_real *kernel, size_t taps,
                                       size_t groups, size_t features,
                                       size_t columns, size_t rows)
{
    const size_t all = groups * columns;
    size_t r = 0, c;

#if RN_FOUR
    for (; r + 4 <= rows; r += 4, z += 4 * z_stride, x += 4 * x_stride)
        for (c = 0; c < all; c += RN_LANES)
            rn_groups_sums_lanes(z, z_stride, init, x, x_stride, kernel, taps,
                                 groups, features, columns, c, 4, 1);
#endif
    for (; r < rows; r++, z += z_stride, x += x_stride) {
        for (c = 0; c + 4 * RN_LANES <= all; c += 4 * RN_LANES)
            rn_groups_sums_lanes(z, z_stride, init, x, x_stride, kernel, taps,
                                 groups, features, columns, c, 1, 4);
        for (; c < all; c += RN_LANES)
            rn_groups_sums_lanes(z, z_stride, init, x, x_stride, kernel, taps,
                                 groups, features, columns, c, 1, 1);
    }
}
#else
/* Four columns, of a group or of two: eight sums, which 16 registers hold
 * beside the rest. */
RN_INLINE void rn_groups_four_lanes(rn_real *z, const rn_real *init,
                                    const rn_real *x, const rn_real *kernel,
                                    size_t taps, size_t groups, size_t features,
                                    size_t columns)
{
    const size_t all = groups * columns;
    const rn_real *x1 = x + (columns < 4 ? features : 0); /* of c and d */
    rn_real a0 = init ? init[0] : 0, b0 = init ? init[1] : 0;
    rn_real c0 = init ? init[2] : 0, d0 = init ? init[3] : 0;
    rn_real a1 = 0, b1 = 0, c1 = 0, d1 = 0;

    for (size_t k = 0; k < taps; k++) {
        size_t f = 0;

        for (; f + 2 <= features; f += 2, kernel += 2 * all) {
            a0 += x[f] * kernel[0];
            b0 += x[f] * kernel[1];
            c0 += x1[f] * kernel[2];
            d0 += x1[f] * kernel[3];
            a1 += x[f + 1] * kernel[all];
            b1 += x[f + 1] * kernel[all + 1];
            c1 += x1[f + 1] * kernel[all + 2];
            d1 += x1[f + 1] * kernel[all + 3];
        }
        if (f < features) {
            a0 += x[f] * kernel[0];
            b0 += x[f] * kernel[1];
            c0 += x1[f] * kernel[2];
            d0 += x1[f] * kernel[3];
            kernel += all;
        }
        x += groups * features;
        x1 += groups * features;
    }
    z[0] = a0 + a1;
    z[1] = b0 + b1;
    z[2] = c0 + c1;
    z[3] = d0 + d1;
}

RN_INLINE void rn_product_groups_lanes(rn_real *z, size_t z_stride,
                                       const rn_real *init, const rn_real *x,
                                       ptrdiff_t x_stride,
                                       const rn_real *kernel, size_t taps,
                                       size_t groups, size_t features,
                                       size_t columns, size_t rows)
{
    for (size_t r = 0; r < rows; r++, z += z_stride, x += x_stride)
        for (size_t c = 0; c < groups * columns; c += 4)
            rn_groups_four_lanes(z + c, init ? init + c : init,
                                 x + c / columns * features, kernel + c, taps,
                                 groups, features, columns);
}
#endif

#endif
