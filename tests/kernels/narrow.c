/* narrow.c -- runtime/f32/product*_narrow.h, dot_narrow.h and gemv_narrow.h
 * against sums in long double: widths of every kind, and features from one to
 * more than a pass. The weights are small integers over 8, which every storage
 * holds; they are packed here as storage.c says. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dot_narrow.h"
#include "gemv_narrow.h"
#include "product_rows_narrow.h"
#include "real.h"

enum { MOST_FEATURES = 41, MOST_COLUMNS = 192, ROWS = 9, LONG = 150 };

static float x[ROWS * LONG], init[MOST_COLUMNS], factor[MOST_COLUMNS];
static int kernel[LONG * MOST_COLUMNS]; /* eighths */
static uint32_t words[LONG * MOST_COLUMNS];
static rn_narrow plain[LONG * MOST_COLUMNS];
static float z[ROWS * MOST_COLUMNS + 1];
static const int scaled = RN_PACK == 4;
static double worst;

static void compare(double got, long double want)
{
    double error = (double)(got - want);
    error = error < 0 ? -error : error;
    worst = error > worst || error != error ? error : worst;
}

/* Bits of eighths / 8, or, with factors, of eighths. */
static uint32_t bits_of(int eighths)
{
    float value = (float)eighths / 8;
    uint32_t bits, size;
    if (scaled)
        return (uint32_t)eighths & 0xff;
    memcpy(&bits, &value, sizeof bits);
    size = bits & 0x7fffffffu;
    /* A half: its exponent counts from 15 and not from 127. */
    return HALF
               ? (bits >> 16 & 0x8000) | (size ? (size >> 13) - (112 << 10) : 0)
               : bits >> 16;
}

static long double weight(size_t at, size_t column)
{
    return scaled ? (long double)kernel[at] * factor[column]
                  : kernel[at] / 8.0L;
}

static void pack_rows(size_t features, size_t stride)
{
    memset(words, 0, sizeof words);
    for (size_t f = 0; f < features; f++)
        for (size_t c = 0; c < stride; c++)
            words[f / RN_PACK * stride + c] |= bits_of(kernel[f * stride + c])
                                               << f % RN_PACK * (32 / RN_PACK);
}

static void check_z(size_t features, size_t columns, size_t stride, size_t rows,
                    int with_init)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            long double sum = with_init ? init[c] : 0;
            for (size_t f = 0; f < features; f++)
                sum += x[r * features + f] * weight(f * stride + c, c);
            compare((double)z[r * stride + c], sum);
        }
}

/* Rows that start from sums of their own, in place. */
static void start(size_t stride)
{
    for (size_t i = 0; i < ROWS * stride; i++)
        z[i] = init[i % stride];
}

/* The columns have to be known where a kernel is compiled. */
#define PRODUCTS(columns, stride)                                              \
    for (size_t n = 1; n <= MOST_FEATURES; n++) {                              \
        const float *scale = scaled ? factor : NULL;                           \
        pack_rows(n, stride);                                                  \
        rn_product_narrow(z, NULL, x, words, scale, n, columns, stride);       \
        check_z(n, columns, stride, 1, 0);                                     \
        for (int own = 0; own < 2; own++) {                                    \
            start(stride);                                                     \
            rn_product_rows_narrow(z, stride, own ? z : init,                  \
                                   own ? stride : 0, x, (ptrdiff_t)n, words,   \
                                   scale, n, columns, stride, ROWS);           \
            check_z(n, columns, stride, ROWS, 1);                              \
        }                                                                      \
        memcpy(z, init, sizeof init);                                          \
        rn_product_narrow(z, z, x, words, scale, n, columns, stride);          \
        check_z(n, columns, stride, 1, 1);                                     \
    }

static void check_dots(void)
{
    for (size_t n = 1; n <= LONG; n++) {
        long double sum = 0;
        size_t word = 0;
        memset(words, 0, sizeof words);
        for (size_t f = 0; f < n; f += 16 * RN_PACK) {
            size_t rest = n - f, some = (rest + RN_PACK - 1) / RN_PACK;
            some = some < 16 ? some : 16;
            for (size_t i = 0; i < rest && i < some * RN_PACK; i++)
                words[word + i % some] |= bits_of(kernel[f + i])
                                          << i / some * (32 / RN_PACK);
            word += some;
        }
        for (size_t f = 0; f < n; f++)
            sum += (long double)x[f] * kernel[f] / (scaled ? 1 : 8);
        compare((double)rn_dot_narrow(x, words, n) / (scaled ? 8 : 1),
                sum / (scaled ? 8 : 1));
    }
}

static void check_gemv(size_t features, size_t units, size_t stride)
{
    for (size_t i = 0; i < features * stride; i++) {
        uint32_t bits = bits_of(kernel[i]);
        plain[i] = (rn_narrow)bits;
    }
    memcpy(z, init, sizeof init);
    rn_gemv_narrow(z, x, plain, scaled ? factor : NULL, features, units,
                   stride);
    check_z(features, units, stride, 1, 1);
    compare((double)z[units], units < MOST_COLUMNS ? init[units] : z[units]);
}

int main(void)
{
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        x[i] = (float)(rand() % 2001 - 1000) / 1000;
    for (size_t i = 0; i < MOST_COLUMNS; i++) {
        init[i] = (float)(rand() % 2001 - 1000) / 1000;
        factor[i] = (float)(rand() % 1000 + 1) / 8000;
    }
    for (size_t i = 0; i < sizeof kernel / sizeof *kernel; i++)
        kernel[i] = rand() % 31 - 15;
    z[ROWS * MOST_COLUMNS] = 7;
    PRODUCTS(8, 16)
    PRODUCTS(24, 32)
    PRODUCTS(72, 80)
    PRODUCTS(112, 112)
    PRODUCTS(192, 192)
    check_dots();
    for (size_t n = 1; n < 20; n++)
        for (size_t units = 1; units < 20; units++) {
            check_gemv(n, units, units);
            check_gemv(n, units, 23);
        }
    printf("%s - products and dots of narrow weights, error %.2g\n",
           worst < 8e-6 && z[ROWS * MOST_COLUMNS] == 7 ? "ok" : "not ok",
           worst);
    return 0;
}
