/* loop.c -- the plain C loop that the others are measured by: a million rows
 * through predict_batch, the best of five. */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "forecast.h"

enum { N = 1000000 };

/* Of the processor's time, whatever else the machine does. */
static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

int main(void)
{
    float *x = malloc(3 * N * sizeof *x), *y = malloc(N * sizeof *y);
    double best = 1e9;

    if (!x || !y)
        return 1;
    for (int i = 0; i < 3 * N; i++)
        x[i] = (float)(i % 4001) / 2000 - 1;
    for (int turn = 0; turn < 5; turn++) {
        double start = now();
        forecast_predict_batch(x, y, N);
        double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    printf("c: %.0f rows/s\n", N / best);
    free(x);
    free(y);
    return 0;
}
