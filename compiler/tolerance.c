/* tolerance.c -- what the samples must allow for when the C is to compute less
 * exactly than the model: the interpreter runs them both ways, and the largest
 * difference in a sample's outputs is added to its tolerance. So the self-test
 * still compares with the model's own numbers, and a fault that is larger than
 * what the options cost still fails it. */

#include "rnnc.h"

#include <math.h>
#include <stdlib.h>

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
