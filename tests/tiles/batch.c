/* batch.c -- the self-test of a generated file m.c, and predict_batch against
 * predict for every number of samples up to some more than two of lanes. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "m.c"

#ifdef FIXED /* a number of timesteps */
enum { SAMPLES = 37, MOST = 1 << 10 }; /* elements of a sample */

static REAL x[SAMPLES * MOST], one[SAMPLES * MOST], all[SAMPLES * MOST + 1];

/* The elements that a call writes. */
static size_t written(const REAL *y)
{
    size_t size = 0;
    for (size_t i = 0; i < MOST; i++)
        size = y[i] == 77 ? size : i + 1;
    return size;
}

static double difference(size_t n, size_t inputs, size_t outputs)
{
    double worst = 0;
    for (size_t i = 0; i < n * outputs + 1; i++)
        all[i] = 77;
    m_predict_batch(x, all, n);
    for (size_t i = 0; i < n; i++)
        m_predict(x + i * inputs, one + i * outputs);
    for (size_t i = 0; i < n * outputs; i++) {
        double d = (double)all[i] - (double)one[i];
        d = d < 0 ? -d : d;
        worst = d > worst || d != d ? d : worst;
    }
    return all[n * outputs] == 77 ? worst : 99;
}
#endif

int main(void)
{
    double error;
    int failed = m_selftest(&error);
    printf("selftest %d, error %g\n", failed, error);
#ifdef FIXED
    double worst = 0;
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        x[i] = (REAL)(rand() % 2001 - 1000) / 500;
    for (size_t i = 0; i < MOST; i++)
        one[i] = 77;
    m_predict(x, one);
    size_t outputs = written(one);
    for (size_t n = 0; n <= SAMPLES; n++) {
        double d = difference(n, M_INPUTS, outputs);
        worst = d > worst || d != d ? d : worst;
    }
    printf("batch %g\n", worst);
#ifdef SAME /* bits */
    failed |= worst != 0;
#else
    failed |= !(worst <= (sizeof(REAL) == 4 ? 2e-6 : 1e-14));
#endif
#endif
    return failed;
}
