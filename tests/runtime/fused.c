/* fused.c -- runtime/f32/fused.h against the C library's fmaf: numbers drawn
 * so that sums cancel, tie and underflow, and all pairs of special ones. Built
 * for processors with the instruction and without by run.sh. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "fused.h"

enum { DRAWS = 4000000 };

static uint64_t seed = 1;

static uint32_t draw(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 32);
}

static float from(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static int alike(float a, float b)
{
    return (a != a && b != b) || memcmp(&a, &b, sizeof a) == 0;
}

/* A significand with few bits set at either end, so that products and sums lie
 * on and beside the middle between two floats. */
static uint32_t sparse(void)
{
    return (1u << draw() % 23) ^ (draw() % 4 ? 0 : 0x7fffffu) ^ (draw() & 3);
}

static float number(int exponent)
{
    uint32_t bits = draw() % 2 ? draw() & 0x7fffffu : sparse();
    return from((draw() & 0x80000000u) | (uint32_t)exponent << 23 | bits);
}

static int wrong(float x, float y, float z)
{
    float got = rn_fused_one(x, y, z), want = fmaf(x, y, z);
    if (alike(got, want))
        return 0;
    printf("# %a * %a + %a: got %a, expected %a\n", (double)x, (double)y,
           (double)z, (double)got, (double)want);
    return 1;
}

static int check(const char *what, int failed)
{
    printf("%sok - fused: %s\n", failed ? "not " : "", what);
    return failed;
}

static int near_each_other(int low, int high)
{
    int failed = 0;
    for (long i = 0; i < DRAWS && failed < 5; i++) {
        int a = low + (int)(draw() % (unsigned)(high - low));
        int b = 127 - 30 + (int)(draw() % 60);
        int c = a + b - 127 + (int)(draw() % 80) - 40;
        c = c < 0 ? 0 : c > 254 ? 254 : c;
        failed += wrong(number(a), number(b), number(c));
    }
    return failed;
}

static int special(void)
{
    static const float some[] = {0,         -0.0f,      1,         -1,
                                 INFINITY,  -INFINITY,  NAN,       0x1p-149f,
                                 0x1p-126f, 0x1.fp127f, -0x1p127f, 1.5f,
                                 0x1p-75f,  -0x1p-74f,  3,         1e30f};
    enum { N = sizeof some / sizeof *some };
    int failed = 0;
    for (int i = 0; i < N * N * N; i++)
        failed += wrong(some[i / N / N], some[i / N % N], some[i % N]);
    return failed;
}

#if RN_BYTES
static int vectors(void)
{
    int failed = 0;
    for (long i = 0; i < DRAWS / 100; i++) {
        rn_lanes x, y, z, got, spread;
        for (int k = 0; k < RN_LANES; k++) {
            x[k] = number(120 + (int)(draw() % 10));
            y[k] = number(120 + (int)(draw() % 10));
            z[k] = number(120 + (int)(draw() % 10));
        }
        got = RN_FUSED(x, y, z);
        spread = RN_FUSED(x[0], y, z);
        for (int k = 0; k < RN_LANES; k++) {
            failed += !alike(got[k], fmaf(x[k], y[k], z[k]));
            failed += !alike(spread[k], fmaf(x[0], y[k], z[k]));
        }
    }
    return failed;
}
#else
static int vectors(void)
{
    return !alike(RN_FUSED(3, 0.1f, -0.3f), fmaf(3, 0.1f, -0.3f));
}
#endif

int main(void)
{
    int failed = check("numbers of all sizes", near_each_other(60, 200));
    failed += check("numbers that underflow", near_each_other(1, 30));
    failed += check("special numbers", special());
    failed += check("vectors", vectors());
    return failed != 0;
}
