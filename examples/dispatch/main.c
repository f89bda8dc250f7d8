/* main.c -- proves and times every variant that this processor can run, and
 * says which one the functions of keywords.h are. */

#define _POSIX_C_SOURCE 199309L

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "variants.h"

enum { T = 64, FEATURES = 12, WORDS = 6, N = 2 };

static const struct {
    const char *name;
    const keywords_variant *calls;
} variants[] = {
#ifdef __x86_64__
    {"avx512", &keywords_avx512},
    {"avx2", &keywords_avx2},
#endif
    {"base", &keywords_base},
};
enum { VARIANTS = sizeof variants / sizeof *variants };

/* What keywords.h declares, as a variant. */
static const keywords_variant declared = {
    .predict = keywords_predict,
    .predict_batch = keywords_predict_batch,
    .reset = keywords_reset,
    .step = keywords_step,
    .process = keywords_process,
};

static float features[N][T][FEATURES], who[N][4];

typedef struct Results {
    float predict[WORDS], batch[N][WORDS], process[T][WORDS];
    keywords_state state;
} Results;

/* Any numbers will do. */
static void fill(void)
{
    unsigned random = 1;
    for (int n = 0; n < N; n++)
        for (int t = 0; t < T; t++)
            for (int k = 0; k < FEATURES; k++) {
                random = random * 1664525u + 1013904223u;
                features[n][t][k] = (float)(random >> 8) / 8388608 - 1;
            }
}

/* Every function; the second half of the sequence step by step. */
static void compute(const keywords_variant *calls, Results *r)
{
    memset(r, 0, sizeof *r);
    calls->predict(features[0][0], who[0], r->predict);
    calls->predict_batch(features[0][0], who[0], r->batch[0], N);
    calls->reset(&r->state);
    calls->process(&r->state, features[0][0], who[0], r->process[0], T / 2);
    for (int t = T / 2; t < T; t++)
        calls->step(&r->state, features[0][t], who[0], r->process[t]);
}

/* Time spent waiting for the processor is not the network's. */
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* ns of one timestep, the least of as many sequences as 20 ms have. */
static double step_time(const keywords_variant *calls)
{
    keywords_state state;
    float y[WORDS];
    double start = now(), end = start, least = 1e99;
    for (double stop = start + 2e7; start < stop; start = end) {
        calls->reset(&state);
        for (int t = 0; t < T; t++)
            calls->step(&state, features[0][t], who[0], y);
        end = now();
        least = end - start < least ? end - start : least;
    }
    return least / T;
}

/* Proves and times those from `first` on; returns how many were wrong. They
 * take turns, so that what else the machine does is nobody's alone. */
static int measure(int first)
{
    double least[VARIANTS];
    int failed = 0;
    for (int round = 0; round < 10; round++)
        for (int k = first; k < VARIANTS; k++) {
            double time = step_time(variants[k].calls);
            if (round == 0 || time < least[k])
                least[k] = time;
        }
    for (int k = first; k < VARIANTS; k++) {
        double error;
        int wrong = variants[k].calls->selftest(&error);
        printf("%-6s  max error %.3g: %s, %.0f ns per timestep%s\n",
               variants[k].name, error, wrong ? "FAILED" : "ok", least[k],
               k == first ? " (chosen)" : "");
        failed += wrong != 0;
    }
    return failed;
}

/* Whether the functions of keywords.h give the bits of a variant's. */
static int same_bits(const keywords_variant *calls)
{
    static Results a, b;
    compute(&declared, &a);
    compute(calls, &b);
    return memcmp(&a, &b, sizeof a) == 0;
}

/* A processor that can run a variant can run those behind it, too. */
int main(void)
{
    const keywords_variant *best = keywords_best();
    int same, k = 0;

    fill();
    same = same_bits(best);
    printf("keywords.h: %s bits as what is chosen\n",
           same ? "the same" : "FAILED, not the same");
    while (variants[k].calls != best)
        printf("%-6s  not for this processor\n", variants[k++].name);
    return measure(k) || !same;
}
