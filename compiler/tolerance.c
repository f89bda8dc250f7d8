/* tolerance.c -- what the samples must allow for when the C is to compute less
 * exactly than the model: the interpreter runs them both ways.
 *
 * With --math=fast the largest difference in a sample's outputs is added to its
 * tolerance. So the self-test still compares with the model's own numbers, and
 * a fault that is larger than what the option costs still fails it. Rounded
 * weights (--weights) cost much more than that, so there the outputs become
 * those of the rounded weights, which the C has to meet as closely as ever, and
 * the difference is stated. */

#include "rnnc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Up, to two digits: the file must not depend on the last bits of a libm. */
static double round_up(double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.1e", 1.05 * value);
    return strtod(text, NULL);
}

static double difference(const Graph *g, const Sample *s, double *const *x,
                         double *const *y)
{
    double most = 0;
    for (int k = 0; k < g->outputs; k++)
        for (int64_t i = 0; i < shape_size(&s->output_shape[k]); i++)
            most = fmax(most, fabs(x[k][i] - y[k][i]));
    return most;
}

/* Copies, so that they outlive the arena of a run. */
static double **outputs(Graph *g, const Sample *s)
{
    Arena *scratch = arena_new();
    double **y = reference_run(scratch, g, s->input, s->timesteps);
    double **copy = arena_alloc(g->arena, (size_t)g->outputs, sizeof *copy);
    for (int k = 0; k < g->outputs; k++) {
        size_t size = (size_t)shape_size(&s->output_shape[k]);
        copy[k] = arena_alloc(g->arena, size, sizeof **copy);
        memcpy(copy[k], y[k], size * sizeof **copy);
    }
    arena_free(scratch);
    return copy;
}

void samples_store(Graph *g, Plan *p)
{
    if (p->options->weights == STORE_F32)
        return;
    double ***exact =
        arena_alloc(g->arena, (size_t)g->samples + 1, sizeof *exact);
    double error = g->samples ? 0 : -1;
    for (int i = 0; i < g->samples; i++)
        exact[i] = outputs(g, &g->sample[i]);
    weights_round(p);
    for (int i = 0; i < g->samples; i++) {
        Sample *s = &g->sample[i];
        s->output = outputs(g, s);
        error = fmax(error, difference(g, s, exact[i], s->output));
        for (int k = 0; k < g->outputs; k++)
            for (int64_t e = 0; e < shape_size(&s->output_shape[k]); e++) {
                double size = fabs(exact[i][k][e]);
                p->stored_largest = fmax(p->stored_largest, size);
                s->output[k][e] = round_digits(s->output[k][e]);
            }
    }
    p->stored_error = error > 0 ? round_up(error) : error;
}

void samples_allow(Graph *g, const Options *o)
{
    if (o->math != MATH_FAST || o->is_double)
        return;
    for (int i = 0; i < g->samples; i++) {
        Sample *s = &g->sample[i];
        Arena *scratch = arena_new();
        double **exact = reference_run(scratch, g, s->input, s->timesteps);
        activation_coarse(true);
        double **coarse = reference_run(scratch, g, s->input, s->timesteps);
        activation_coarse(false);
        s->atol += round_up(difference(g, s, exact, coarse));
        arena_free(scratch);
    }
}
