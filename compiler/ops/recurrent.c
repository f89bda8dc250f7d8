/* ops/recurrent.c -- the walk along the time axis that every recurrent layer
 * makes. go_backwards walks from the end, and returns the outputs in that
 * order, as Keras does. */

#include "recurrent.h"

#include <string.h>

const char *recurrent_no_stream(const Node *n)
{
    return attr_bool(n, "go_backwards")
               ? "go_backwards starts at the last timestep"
               : NULL;
}

void set_bias(double *z, const double *bias, int64_t columns)
{
    for (int64_t i = 0; i < columns; i++)
        z[i] = bias ? bias[i] : 0;
}

/* Zeros, or the learned initial state. */
static double *first_state(const Eval *e, const StateSpec *spec)
{
    int64_t size = expr_eval(spec->shape, &e->node->scope);
    const Weight *initial =
        spec->initial ? weight_of(e->node, spec->initial) : NULL;
    double *state = arena_alloc(e->arena, (size_t)size, sizeof *state);
    set_bias(state, initial ? initial->data : NULL, size);
    return state;
}

void eval_recurrent(const Eval *e, Cell *cell)
{
    const Node *n = e->node;
    int64_t timesteps = e->in_shape[0].dim[0], features = e->in_shape[0].dim[1];
    int64_t units = attr_int(n, "units");
    bool sequences = attr_bool(n, "return_sequences");
    double *state[MAX_STATES];
    double *scratch = arena_alloc(
        e->arena, (size_t)expr_eval(n->op->scratch, &n->scope), sizeof(double));

    for (int i = 0; i < MAX_STATES && n->op->state[i].name; i++)
        state[i] = first_state(e, &n->op->state[i]);
    for (int64_t t = 0; t < timesteps; t++) {
        int64_t row = attr_bool(n, "go_backwards") ? timesteps - 1 - t : t;
        cell(n, e->in[0] + row * features, features, state, scratch);
        if (sequences)
            memcpy(e->out + t * units, state[0],
                   (size_t)units * sizeof(double));
    }
    if (!sequences)
        memcpy(e->out, state[0], (size_t)units * sizeof(double));
}
