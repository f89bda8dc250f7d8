/* kernels.c -- runtime/product*.h, sum_both*.h, dot.h, sum.h, largest.h in long
 * double: every width that tiles have, and features from none to more than a
 * pass. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "dot.h"
#include "largest.h"
#include "product_groups_lanes.h"
#include "product_rows.h"
#include "product_samples.h"
#include "real.h"
#include "sum.h"
#include "sum_both_3.h"
#include "sum_both_4.h"

enum { MOST_FEATURES = 41, MOST_COLUMNS = 192, ROWS = 9, MOST = 17 };

static rn_real x[ROWS * 3 * MOST_FEATURES], init[MOST_COLUMNS];
static rn_real kernel[MOST_FEATURES * MOST_COLUMNS];
static rn_real z[MOST * MOST_COLUMNS + 1];
static const double tolerance = sizeof(rn_real) == 4 ? 4e-6 : 4e-15;
static double worst;

static void compare(double got, long double want)
{
    double error = (double)(got - want);
    error = error < 0 ? -error : error;
    worst = error > worst || error != error ? error : worst;
}

static void fill(rn_real *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = (rn_real)(rand() % 2001 - 1000) / 1000;
}

static void check_z(size_t features, size_t columns, size_t stride, size_t rows,
                    int with_init)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            long double sum = with_init ? init[c] : 0;
            for (size_t f = 0; f < features; f++)
                sum += (long double)x[r * features + f] * kernel[f * stride + c];
            compare(z[r * stride + c], sum);
        }
}

/* Rows that start from sums of their own, in place. */
static void start(size_t stride)
{
    for (size_t i = 0; i < MOST * stride; i++)
        z[i] = init[i % stride];
}

/* The columns have to be known where a kernel is compiled. */
#define PRODUCTS(columns, stride)                                              \
    for (size_t n = 0; n <= MOST_FEATURES; n++) {                              \
        rn_product(z, NULL, x, kernel, n, columns, stride);                    \
        check_z(n, columns, stride, 1, 0);                                     \
        for (int own = 0; own < 2; own++) {                                    \
            start(stride);                                                     \
            rn_product_rows(z, stride, own ? z : init, own ? stride : 0, x,    \
                            (ptrdiff_t)n, kernel, n, columns, stride, ROWS);   \
            check_z(n, columns, stride, ROWS, 1);                              \
        }                                                                      \
    }

RN_INLINE rn_lanes twice(rn_lanes sum)
{
    return sum + sum;
}

/* The first so many rows are twice what they were to be. */
static void halve(size_t rows, size_t columns, size_t stride)
{
    for (size_t i = 0; i < rows * stride; i++)
        z[i] /= i % stride < columns ? 2 : 1;
}

/* Every number of samples; of 192 columns 33 features are several parts. */
#define SAMPLES(columns, stride)                                               \
    for (size_t n = 1; n <= 33; n += 16)                                       \
        for (size_t rows = 1; rows <= MOST; rows++) {                          \
            const int how = (int)(rows % 3); /* NULL, init, z */               \
            const rn_real *from = how == 0 ? NULL : how == 1 ? init : z;       \
            const size_t apart = how == 2 ? stride : 0;                        \
            start(stride);                                                     \
            rn_product_samples(z, stride, from, apart, x, (ptrdiff_t)n,        \
                               kernel, n, columns, stride, rows, NULL);        \
            check_z(n, columns, stride, rows, how);                            \
            start(stride);                                                     \
            halve(rn_product_samples(z, stride, from, apart, x, (ptrdiff_t)n,  \
                                     kernel, n, columns, stride, rows, twice), \
                  columns, stride);                                            \
            check_z(n, columns, stride, rows, how);                            \
        }

/* Groups of some columns and features, over three taps; the lanes are full. */
static void check_groups(size_t groups, size_t columns, size_t features,
                         size_t rows, int with_init)
{
    const size_t taps = 3, all = groups * columns;
    const size_t size = taps * groups * features;

    rn_product_groups_lanes(z, all + 1, with_init ? init : NULL, x,
                            (ptrdiff_t)size, kernel, taps, groups, features,
                            columns, rows);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < all; c++) {
            long double sum = with_init ? init[c] : 0;
            for (size_t i = 0; i < taps * features; i++)
                sum +=
                    (long double)x[r * size + i / features * groups * features +
                                   c / columns * features + i % features] *
                    kernel[i * all + c];
            compare(z[r * (all + 1) + c], sum);
        }
}

static void check_all_groups(void)
{
    for (size_t rows = 1; rows <= 6; rows++)
        for (int own = 0; own < 2; own++) {
            check_groups(16, 2, 2, rows, own);
            check_groups(4, 4, 4, rows, own);
            check_groups(2, 8, 8, rows, own);
            check_groups(4, 8, 8, rows, own);
            check_groups(2, 16, 5, rows, own);
            check_groups(3, 16, 1, rows, own);
        }
}

#if RN_BYTES
/* Sums of x, or of h, of a gate's column: its first lane. */
static long double column(size_t features, size_t first, size_t stride,
                          size_t c)
{
    long double sum = 0;
    for (size_t f = 0; f < features; f++)
        sum += (long double)x[first + f] * kernel[f * stride + c];
    return sum;
}

/* Both products of 24 units from `u` on, with two biases or none; of three gates
 * the last is not added up. */
static void check_both(size_t features, size_t u, int with_bias, int gates)
{
    enum { UNITS = 24, WIDTH = 96, OF_H = 7, MOST_NUMBERS = 16 };
    rn_lanes sum[MOST_NUMBERS], of_x[MOST_FEATURES * RN_SETS];
    rn_lanes of_h[OF_H * RN_SETS];
    const rn_real *bias = with_bias ? init + u : NULL;
    const rn_real *second = with_bias && gates == 3 ? init + WIDTH + u : NULL;
    const size_t units = gates == 3 ? RN_UNITS_3 : RN_UNITS_4;

    for (size_t i = 0; i < features * RN_SETS; i++)
        of_x[i] = rn_spread_lanes(x[i / RN_SETS]);
    for (size_t i = 0; i < OF_H * RN_SETS; i++)
        of_h[i] = rn_spread_lanes(x[50 + i / RN_SETS]);
    if (gates == 3)
        rn_sum_both_3(sum, bias, second, of_x, kernel + u, features, of_h,
                      kernel + 5 + u, OF_H, WIDTH, UNITS);
    else
        rn_sum_both_4(sum, bias, second, of_x, kernel + u, features, of_h,
                      kernel + 5 + u, OF_H, WIDTH, UNITS);
    for (size_t i = 0; i < 4 * units * RN_SETS; i++) {
        const size_t slot = i / RN_SETS / units;
        const size_t g = slot < (size_t)gates ? slot : 2;
        const size_t c = g * UNITS + u + i / RN_SETS % units;
        long double want = 0;
        if (slot < (size_t)gates)
            want += (bias ? init[c] : 0) + column(features, 0, WIDTH, c);
        if (slot != 2 || gates == 4)
            want += (second ? init[WIDTH + c] : 0) +
                    column(OF_H, 50, WIDTH, c + 5);
        compare(sum[i][0], want);
        compare(sum[i][RN_LANES - 1], want);
    }
}

static void check_all_both(void)
{
    for (size_t features = 0; features <= MOST_FEATURES; features++)
        for (int own = 0; own < 2; own++) {
            check_both(features, 8, own, 3);
            check_both(features, 16, own, 4);
        }
}
#endif

static void check_dots(void)
{
    for (size_t n = 0; n <= 60; n++) {
        long double sum = 0;
        for (size_t f = 0; f < n; f++)
            sum += (long double)x[f] * kernel[f];
        compare(rn_dot(x, kernel, n), sum);
    }
}

/* Their sum and the largest, wherever it stands; NaN if one is. */
static void check_rows(void)
{
    for (size_t n = 1; n <= MOST_FEATURES; n++)
        for (size_t most = 0; most < n; most++) {
            rn_real row[MOST_FEATURES];
            long double sum = 0;

            for (size_t i = 0; i < n; i++)
                row[i] = i == most ? 2 : x[i];
            for (size_t i = 0; i < n; i++)
                sum += row[i];
            compare(rn_sum(row, n), sum);
            compare(rn_largest(row, n), 2);
            row[most] = (rn_real)NAN;
            compare(rn_largest(row, n) != rn_largest(row, n), 1);
        }
}

int main(void)
{
    fill(x, sizeof x / sizeof *x);
    fill(init, MOST_COLUMNS);
    fill(kernel, sizeof kernel / sizeof *kernel);
    z[MOST * MOST_COLUMNS] = 7;
    PRODUCTS(5, 8)
    PRODUCTS(8, 8)
    PRODUCTS(9, 16)
    PRODUCTS(16, 16)
    PRODUCTS(24, 32)
    PRODUCTS(48, 48)
    PRODUCTS(64, 64)
    PRODUCTS(72, 80)
    PRODUCTS(96, 96)
    PRODUCTS(112, 112)
    PRODUCTS(120, 128)
    PRODUCTS(160, 160)
    PRODUCTS(192, 192)
    SAMPLES(5, 8)
    SAMPLES(24, 32)
    SAMPLES(48, 48)
    SAMPLES(72, 80)
    SAMPLES(96, 96)
    SAMPLES(112, 112)
    SAMPLES(192, 192)
    check_all_groups();
#if RN_BYTES
    check_all_both();
#endif
    check_dots();
    check_rows();
    printf("%sok - products of %d lanes, error %.2g\n",
           worst <= tolerance && z[MOST * MOST_COLUMNS] == 7 ? "" : "not ",
           RN_LANES, worst);
    return !(worst <= tolerance && z[MOST * MOST_COLUMNS] == 7);
}
