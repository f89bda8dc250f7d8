/* reference.c -- the float64 interpreter: the second opinion.
 *
 * Runs the graph itself, before any plan, on whole sequences, with libm.
 * It shares no arithmetic with runtime/, and is held against numbers made
 * elsewhere by tests/layers/. */

#include "rnnc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *evaluate(Arena *a, const Node *n, int timesteps)
{
    double **in = arena_alloc(a, (size_t)n->inputs, sizeof *in);
    Shape *in_shape = arena_alloc(a, (size_t)n->inputs, sizeof *in_shape);
    for (int i = 0; i < n->inputs; i++) {
        in[i] = n->in[i]->value;
        in_shape[i] = tensor_at(n->in[i], timesteps);
    }
    Eval e = {.arena = a,
              .node = n,
              .in = in,
              .in_shape = in_shape,
              .out_shape = tensor_at(n->out, timesteps)};
    e.out = arena_alloc(a, (size_t)shape_size(&e.out_shape) + 1, sizeof *e.out);
    node_eval(&e);
    return e.out;
}

/* With `narrow` every layer's output is rounded to float32: what that
 * changes tells how much a float program may differ. */
static double **run(Arena *a, const Graph *g, double *const *input,
                    int timesteps, bool narrow)
{
    double **output = arena_alloc(a, (size_t)g->outputs, sizeof *output);
    int done = 0;
    for (int i = 0; i < g->inputs; i++)
        g->input[i]->value = input[i];
    for (const Node *n = g->first; n; n = n->next) {
        Shape shape = tensor_at(n->out, timesteps);
        int64_t size = narrow ? shape_size(&shape) : 0;
        progress("computing golden vectors", done++, g->nodes);
        n->out->value = evaluate(a, n, timesteps);
        for (int64_t i = 0; i < size; i++)
            n->out->value[i] = (float)n->out->value[i];
    }
    for (int i = 0; i < g->outputs; i++)
        output[i] = g->output[i]->value;
    return output;
}

double **reference_run(Arena *a, const Graph *g, double *const *input,
                       int timesteps)
{
    return run(a, g, input, timesteps, false);
}

double **reference_rounded(Arena *a, const Graph *g, double *const *input,
                           int timesteps)
{
    return run(a, g, input, timesteps, true);
}

/* ---- Samples ------------------------------------------------------------- */

/* The shape in a sample against the model's; ANY takes the sample's length,
 * the same one everywhere. */
static bool fits(const Source *src, const At *at, const Shape *have,
                 const Tensor *want, int *timesteps)
{
    Shape expected = want->shape;
    if (!shape_fixed(&expected) && have->rank == expected.rank) {
        if (*timesteps < 0)
            *timesteps = have->dim[0];
        expected = tensor_at(want, *timesteps);
    }
    bool number = expected.rank == 0 && have->rank == 1 && have->dim[0] == 1;
    if (number || shape_equal(have, &expected))
        return true;
    error_at(src, at, "expected shape %s, got %s",
             shape_text(src->arena, &expected), shape_text(src->arena, have));
    return false;
}

bool ports_fit(const Source *src, Tensor *const *port, int ports,
               const Shape *shape, const At *at, int *timesteps)
{
    bool ok = true;
    for (int i = 0; i < ports; i++)
        ok &= fits(src, &at[i], &shape[i], port[i], timesteps);
    return ok;
}

static bool is_int32(double x)
{
    return x >= INT32_MIN && x <= INT32_MAX && x == (int32_t)x;
}

bool rows_fit(const Source *src, const Graph *g, double *const *data,
              const Shape *shape, const At *at)
{
    bool ok = true;
    for (int i = 0; i < g->inputs; i++) {
        int64_t k = 0, size = g->input[i]->rows ? shape_size(&shape[i]) : 0;
        while (k < size && is_int32(data[i][k]))
            k++;
        if (k == size)
            continue;
        error_at(src, &at[i],
                 "element %lld is %.9g, expected an integer of 32 bits: this "
                 "input chooses rows of tables",
                 (long long)k, data[i][k]);
        ok = false;
    }
    return ok;
}

/* Reports the worst element of one output; NaN counts as a difference. */
static bool compare(const Sample *s, int index, const double *got)
{
    const double *want = s->output[index];
    int64_t size = shape_size(&s->output_shape[index]), worst = -1;
    double excess = 0;
    for (int64_t i = 0; i < size; i++) {
        double error = fabs(got[i] - want[i]);
        double over = error - (s->atol + s->rtol * fabs(want[i]));
        if (!(over <= excess)) {
            worst = i;
            excess = over;
        }
    }
    if (worst < 0)
        return true;
    error_at(s->src, &s->output_at[index],
             "element %lld is %.9g, but the model computes %.9g "
             "(tolerance %.3g)",
             (long long)worst, want[worst], got[worst],
             s->atol + s->rtol * fabs(want[worst]));
    return false;
}

/* Shapes first, for all samples: a wrong shape is a wrong model (exit 1),
 * a wrong number is a failed sample (exit 4). */
bool timesteps_fit(const Source *src, const Graph *g, int timesteps,
                   const At *at)
{
    if (!g->any_timesteps || timesteps >= least_timesteps(g))
        return true;
    error_at(src, at,
             "%d timesteps, but the model's windows need at least %lld",
             timesteps, (long long)least_timesteps(g));
    return false;
}

bool samples_fit(Graph *g)
{
    bool ok = true;
    for (int i = 0; i < g->samples; i++) {
        Sample *s = &g->sample[i];
        s->timesteps = -1;
        ok &= ports_fit(s->src, g->input, g->inputs, s->input_shape,
                        s->input_at, &s->timesteps) &&
              rows_fit(s->src, g, s->input, s->input_shape, s->input_at) &&
              timesteps_fit(s->src, g, s->timesteps, &s->input_at[0]);
        ok &= ports_fit(s->src, g->output, g->outputs, s->output_shape,
                        s->output_at, &s->timesteps);
    }
    return ok;
}

bool samples_check(Graph *g)
{
    bool ok = true;
    for (int i = 0; i < g->samples; i++) {
        const Sample *s = &g->sample[i];
        Arena *scratch = arena_new();
        double **got = reference_run(scratch, g, s->input, s->timesteps);
        for (int k = 0; k < g->outputs; k++)
            ok &= compare(s, k, got[k]);
        arena_free(scratch);
    }
    return ok;
}

/* ---- Golden vectors of our own ------------------------------------------- */

/* Multiples of 1/64 in [-2, 2), from Knuth's MMIX generator: exact in float,
 * short in decimal, the same everywhere. */
static double draw(uint64_t *seed)
{
    *seed =
        *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*seed >> 56) / 64 - 2;
}

enum { OWN_TIMESTEPS = 16 };

double round_digits(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.12g", value);
    return strtod(text, NULL);
}

/* Up, to one digit: a tolerance must not depend on last bits either. */
static double round_tolerance(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.0e", 1.5 * value);
    return strtod(text, NULL);
}

/* For tables of so many rows: those, and what is beyond them by one. */
static double draw_row(uint64_t *seed, int64_t rows)
{
    draw(seed);
    return (double)((int64_t)(*seed >> 33) % (rows + 2) - 1);
}

static void make_inputs(Graph *g, Sample *s, uint64_t seed, double scale)
{
    s->input = arena_alloc(g->arena, (size_t)g->inputs, sizeof *s->input);
    s->input_shape = arena_alloc(g->arena, (size_t)g->inputs, sizeof(Shape));
    for (int i = 0; i < g->inputs; i++) {
        s->input_shape[i] = shape_at(&g->input[i]->shape, s->timesteps);
        int64_t size = shape_size(&s->input_shape[i]);
        s->input[i] = arena_alloc(g->arena, (size_t)size, sizeof(double));
        for (int64_t k = 0; k < size; k++)
            s->input[i][k] = g->input[i]->rows
                                 ? draw_row(&seed, g->input[i]->rows)
                                 : scale * draw(&seed) + 0; /* no -0 */
    }
}

/* Inputs of half a unit in the last place more and less, in turns: the sums of
 * large ones lose about as much, inside of layers. Rows of tables stay. */
static double **nudge_inputs(Arena *a, const Graph *g, const Sample *s)
{
    double **input = arena_alloc(a, (size_t)g->inputs, sizeof *input);
    for (int i = 0; i < g->inputs; i++) {
        int64_t size = shape_size(&s->input_shape[i]);
        input[i] = arena_alloc(a, (size_t)size, sizeof **input);
        for (int64_t k = 0; k < size; k++) {
            double part = g->input[i]->rows ? 0 : k % 2 ? -0x1p-24 : 0x1p-24;
            input[i][k] = s->input[i][k] + part * s->input[i][k];
        }
    }
    return input;
}

/* Takes the outputs over, and a tolerance from them: 2e-6 of the largest, or
 * 16 times what rounding to float32 before and between layers changed. False
 * where the outputs leave the range in which a float program can follow. */
static bool take_outputs(Graph *g, Sample *s, double *const *got,
                         double *const *rounded, bool is_double)
{
    double largest = 1, change = 0;
    s->output = arena_alloc(g->arena, (size_t)g->outputs, sizeof *s->output);
    s->output_shape = arena_alloc(g->arena, (size_t)g->outputs, sizeof(Shape));
    for (int i = 0; i < g->outputs; i++) {
        s->output_shape[i] = tensor_at(g->output[i], s->timesteps);
        int64_t size = shape_size(&s->output_shape[i]);
        s->output[i] = arena_alloc(g->arena, (size_t)size, sizeof(double));
        for (int64_t k = 0; k < size; k++) {
            s->output[i][k] = round_digits(got[i][k]);
            largest = fmax(largest, fabs(got[i][k]));
            change = fmax(change, fabs(got[i][k] - rounded[i][k]));
            if (!isfinite(got[i][k]) || !isfinite(rounded[i][k]))
                return false;
        }
    }
    s->atol = is_double ? 1e-11 * largest + 1e-6 * change
                        : 2e-6 * largest + 16 * change;
    s->atol = round_tolerance(s->atol);
    s->rtol = is_double ? 1e-11 : 1e-5;
    return largest < 1e30;
}

/* Of a model that takes any: more, where windows need more to begin with. */
static int own_timesteps(const Graph *g)
{
    return OWN_TIMESTEPS + (int)least_timesteps(g) - 1;
}

/* kind 0: random, 1: zeros, 2: large values, which saturate. */
static bool make_sample(Graph *g, Sample *s, int kind, bool is_double)
{
    static const double scale[] = {1, 0, 32};
    Arena *scratch = arena_new();
    *s = (Sample){.timesteps = own_timesteps(g), .src = g->src};
    make_inputs(g, s, 1 + (uint64_t)kind, scale[kind]);
    double **got = run(scratch, g, s->input, s->timesteps, false);
    double **nudged = nudge_inputs(scratch, g, s);
    double **rounded = run(scratch, g, nudged, s->timesteps, true);
    bool usable = take_outputs(g, s, got, rounded, is_double);
    arena_free(scratch);
    return usable;
}

/* Of a golden vector: elements that go into the file. */
static int64_t sample_size(const Graph *g)
{
    int64_t size = 0;
    for (int i = 0; i < g->inputs + g->outputs; i++) {
        Shape s =
            tensor_at(i < g->inputs ? g->input[i] : g->output[i - g->inputs],
                      own_timesteps(g));
        size += shape_size(&s);
    }
    return size;
}

/* Three vectors where that is quick, one where it takes seconds or a megabyte
 * of text, none (and no selftest) where it would take more. */
void samples_make(Graph *g, bool is_double)
{
    int64_t macs = 0, size = sample_size(g);
    for (const Node *n = g->first; n; n = n->next)
        macs += node_macs(n, own_timesteps(g));
    int count = macs < 100000000 && size < 100000              ? 3
                : macs < INT64_C(4000000000) && size < 1000000 ? 1
                                                               : 0;
    g->sample = arena_alloc(g->arena, 3, sizeof *g->sample);
    for (int kind = 0; kind < count; kind++)
        g->samples += make_sample(g, &g->sample[g->samples], kind, is_double);
}
