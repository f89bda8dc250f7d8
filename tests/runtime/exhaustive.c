/* exhaustive.c -- the float functions over all 2^32 inputs, in seconds.
 *
 *   cc -O3 -DREFERENCE -Iruntime/f64 -Iruntime -c exhaustive.c -o reference.o
 *   cc -O3 -DTIER=2 -Iruntime/accurate/f32 -Iruntime/f32 -Iruntime \
 *       exhaustive.c reference.o
 *
 * The reference is runtime/f64, which accuracy.c holds within a few ULP of
 * double, 2^-29 of a float's, and which compilers vectorize. (accuracy.c
 * itself compares with the C library, at a hundred times the cost.) Prints a
 * TAP line for each function that the tier has to itself; the default tier
 * has them all. TIER: 0 default, 1 fast, 2 accurate, 3 exact. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "softplus.h"

#include "elu.h"
#include "exp.h"
#include "expm1.h"
#include "gelu.h"
#include "gelu_tanh.h"
#include "log1p.h"
#include "mish.h"
#include "real.h"
#include "selu.h"
#include "sigmoid.h"
#include "softsign.h"
#include "swish.h"
#include "tanh.h"

#define EACH(X)                                                                \
    X(tanh)                                                                    \
    X(sigmoid)                                                                 \
    X(exp)                                                                     \
    X(expm1)                                                                   \
    X(log1p)                                                                   \
    X(elu1)                                                                    \
    X(selu)                                                                    \
    X(softplus)                                                                \
    X(softsign)                                                                \
    X(swish)                                                                   \
    X(gelu)                                                                    \
    X(gelu_tanh)                                                               \
    X(mish)

static inline rn_real rn_elu1(rn_real x)
{
    return rn_elu(x, 1);
}

enum { BLOCK = 4096 };

#ifdef REFERENCE
#define WIDE(name)                                                             \
    void wide_##name(const double *x, double *y)                               \
    {                                                                          \
        for (int i = 0; i < BLOCK; i++)                                        \
            y[i] = rn_##name(x[i]);                                            \
    }
EACH(WIDE)
#else

#define NARROW(name)                                                           \
    void wide_##name(const double *x, double *y);                              \
    static void narrow_##name(const float *x, float *y)                        \
    {                                                                          \
        for (int i = 0; i < BLOCK; i++)                                        \
            y[i] = rn_##name(x[i]);                                            \
    }
EACH(NARROW)

typedef struct Bound { /* ULP, and absolute relative to max(1, |x|) */
    double ulp, abs;
} Bound;

typedef struct Row {
    const char *name;
    void (*narrow)(const float *, float *);
    void (*wide)(const double *, double *);
    double low, high; /* where the bounds hold */
    Bound tier[4];    /* 0, 0: the tier has the default's */
} Row;

#define F(name) #name, narrow_##name, wide_##name
#define ALL     -INFINITY, INFINITY
#define ROUNDED                                                                \
    {                                                                          \
        0.50000002, INFINITY                                                   \
    }
#define NONE                                                                   \
    {                                                                          \
        0, 0                                                                   \
    }
static const Row rows[] = {
    {F(tanh), ALL, {{6.6, 4e-7}, {INFINITY, 1.4e-5}, {1.25, 7.2e-8}, ROUNDED}},
    {F(sigmoid),
     ALL,
     {{INFINITY, 2.1e-7}, {INFINITY, 7e-6}, {2.5, 8e-8}, ROUNDED}},
    {F(exp), ALL, {{1.02, INFINITY}, NONE, NONE, ROUNDED}},
    {F(expm1), ALL, {{1.66, INFINITY}, NONE, NONE, ROUNDED}},
    {F(log1p), 0, 1, {{2, 1.2e-7}, NONE, NONE, ROUNDED}},
    {F(elu1), ALL, {{2, INFINITY}, NONE, NONE, ROUNDED}},
    /* Its scale, rounded up, reaches infinity a few floats too soon. */
    {F(selu), -INFINITY, 3.2386e38, {{4, INFINITY}, NONE, NONE, ROUNDED}},
    {F(softplus), ALL, {{3, INFINITY}, NONE, NONE, ROUNDED}},
    {F(softsign), ALL, {{1.5, INFINITY}, NONE, NONE, NONE}},
    {F(swish), -80, INFINITY, {{4, INFINITY}, NONE, NONE, ROUNDED}},
    {F(gelu), -12, INFINITY, {{8, INFINITY}, NONE, NONE, {0.5000001, 1}}},
    {F(gelu_tanh), ALL, {{INFINITY, 4e-7}, NONE, NONE, {0.5000001, 1}}},
    {F(mish), -80, INFINITY, {{5, INFINITY}, NONE, NONE, ROUNDED}},
};

/* The spacing of floats at a value, by its exponent. */
static double spacing(double value)
{
    uint64_t bits, lowest = UINT64_C(0x3810000000000000); /* 2^-126 */
    memcpy(&bits, &value, sizeof bits);
    bits &= UINT64_C(0x7ff0000000000000);
    bits = bits > lowest ? bits : lowest;
    bits -= UINT64_C(23) << 52;
    memcpy(&value, &bits, sizeof value);
    return value;
}

typedef struct Worst {
    double ulp, abs;
    float at_ulp;
    long misrounded, outside; /* beyond 1, or not as odd as tanh */
} Worst;

/* A block of bits in a row; what is outside the domain counts as 1. */
static void fill(const Row *row, uint64_t first, float *x, double *wide)
{
    for (int i = 0; i < BLOCK; i++) {
        uint32_t bits = (uint32_t)(first + (uint64_t)i);
        float v;
        memcpy(&v, &bits, sizeof v);
        v = v - v == 0 && (double)v >= row->low && (double)v <= row->high ? v
                                                                          : 1;
        x[i] = v;
        wide[i] = (double)v;
    }
}

static void measure(const Row *row, uint64_t first, Worst *worst)
{
    static float x[BLOCK], y[BLOCK];
    static double wide[BLOCK], want[BLOCK], ulp[BLOCK];
    fill(row, first, x, wide);
    row->narrow(x, y);
    row->wide(wide, want);
    double most = 0, abs = 0;
    for (int i = 0; i < BLOCK; i++) {
        double error = fabs((double)y[i] - want[i]), size = fabs(wide[i]);
        error = (float)want[i] == y[i] && y[i] - y[i] != 0 ? 0 : error;
        ulp[i] = error / spacing(want[i]);
        most = ulp[i] > most ? ulp[i] : most;
        error /= size > 1 ? size : 1;
        abs = error > abs ? error : abs;
        worst->misrounded += ulp[i] > 0.5;
    }
    worst->abs = abs > worst->abs ? abs : worst->abs;
    for (int i = 0; most > worst->ulp && i < BLOCK; i++)
        if (ulp[i] == most)
            worst->at_ulp = x[i];
    worst->ulp = most > worst->ulp ? most : worst->ulp;
}

/* tanh is odd and within 1, sigmoid within 0 and 1. */
static void check_shape(const Row *row, uint64_t first, Worst *worst)
{
    static float x[BLOCK], y[BLOCK], z[BLOCK];
    static double wide[BLOCK];
    int odd = strcmp(row->name, "tanh") == 0;
    fill(row, first, x, wide);
    row->narrow(x, y);
    for (int i = 0; i < BLOCK; i++)
        x[i] = -x[i];
    row->narrow(x, z);
    for (int i = 0; i < BLOCK; i++)
        worst->outside +=
            !(y[i] >= (odd ? -1 : 0) && y[i] <= 1) || (odd && y[i] != -z[i]);
}

int main(int argc, char **argv)
{
    int failures = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const Row *row = &rows[k];
        Bound bound = row->tier[TIER];
        Worst worst = {0, 0, 0, 0, 0};
        if (bound.ulp == 0 || (argc > 1 && strcmp(argv[1], row->name) != 0))
            continue;
        for (uint64_t bits = 0; bits <= UINT32_MAX; bits += BLOCK) {
            measure(row, bits, &worst);
            if (k < 2)
                check_shape(row, bits, &worst);
        }
        int ok = worst.ulp <= bound.ulp && worst.abs <= bound.abs &&
                 worst.outside == 0;
        failures += !ok;
        printf("%sok - %s: %.9g ULP at %.9g, absolute %.3g, %ld of 2^32 not "
               "the nearest\n",
               ok ? "" : "not ", row->name, worst.ulp, (double)worst.at_ulp,
               worst.abs, worst.misrounded);
        fflush(stdout);
    }
    return failures != 0;
}
#endif
