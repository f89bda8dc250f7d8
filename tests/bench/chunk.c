/* chunk.c -- times calls of a compiled network, for bench.py through ctypes.
 *
 * The clock is the processor time of this process: on a machine with other
 * work, time spent waiting for the processor is not the network's. */

#include <stddef.h>
#include <time.h>

typedef void predict(const float *x, float *y);
typedef void batch(const float *x, float *y, size_t n);
typedef void step(void *state, const float *x, float *y);

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* ns per call of predict, over x [count][size] in turn. */
double chunk_predict(predict *f, const float *x, size_t size, size_t count,
                     float *y, size_t calls)
{
    double start = now();
    for (size_t i = 0, at = 0; i < calls; i++) {
        f(x + at * size, y);
        at = at + 1 == count ? 0 : at + 1;
    }
    return (now() - start) / (double)calls;
}

/* ns per call of predict_batch with n samples. */
double chunk_batch(batch *f, const float *x, size_t n, float *y, size_t calls)
{
    double start = now();
    for (size_t i = 0; i < calls; i++)
        f(x, y, n);
    return (now() - start) / (double)calls;
}

/* ns per timestep, over x [count][size] in turn, in one endless stream. */
double chunk_step(step *f, void *state, const float *x, size_t size,
                  size_t count, float *y, size_t calls)
{
    double start = now();
    for (size_t i = 0, at = 0; i < calls; i++) {
        f(state, x + at * size, y);
        at = at + 1 == count ? 0 : at + 1;
    }
    return (now() - start) / (double)calls;
}

/* Outputs of every timestep from the first state on, y [count][units]. */
void run_steps(void (*reset)(void *state), step *f, void *state, const float *x,
               size_t size, size_t count, float *y, size_t units)
{
    reset(state);
    for (size_t i = 0; i < count; i++)
        f(state, x + i * size, y + i * units);
}

/* ---- Libraries' entry points, by the shape of their arguments ------------ */

typedef void *entry8(void *, void *, void *, void *, size_t, void *, size_t,
                     void *);

/* A call with everything bound: for onnxruntime's Run. Returns what is not
 * NULL when it fails. */
struct bound {
    entry8 *f;
    void *session, *options, *input_names, *inputs;
    size_t input_count;
    void *output_names;
    size_t output_count;
    void *outputs;
};

void *run_bound(const struct bound *b)
{
    return b->f(b->session, b->options, b->input_names, b->inputs,
                b->input_count, b->output_names, b->output_count, b->outputs);
}

double chunk_bound(const struct bound *b, size_t calls)
{
    double start = now();
    for (size_t i = 0; i < calls; i++)
        run_bound(b);
    return (now() - start) / (double)calls;
}
