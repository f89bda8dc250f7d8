/* ops/recurrent.c -- the walk along the time axis that every recurrent layer
 * makes. go_backwards walks from the end, and returns the outputs in that
 * order, as Keras does. */

#include "recurrent.h"

#include <string.h>

/* The inputs that are first values of states. */
static int first_states(const Node *n)
{
    return n->inputs - 1 - attr_bool(n, "masked");
}

const char *recurrent_no_stream(const Node *n)
{
    return attr_bool(n, "go_backwards")
               ? "go_backwards starts at the last timestep"
           : first_states(n) ? "its first state comes from other layers"
           : attr_bool(n, "return_state")
               ? "it returns its state, which belongs to a whole sequence"
               : NULL;
}

static int count_states(const Node *n)
{
    return n->op->max_inputs - 2;
}

static bool check_first_states(const Source *src, const Node *n)
{
    int units = attr_int(n, "units"), given = first_states(n);
    if (given != 0 && given != count_states(n)) {
        error_at(src, &n->at,
                 "%s takes 1 input or %d, with first states%s; got "
                 "%d",
                 n->op->name, 1 + count_states(n),
                 attr_bool(n, "masked") ? ", and a mask" : "", n->inputs);
        return false;
    }
    for (int i = 1; i <= given; i++) {
        const Shape *s = &n->seen[i];
        if (s->rank == 1 && s->dim[0] == units)
            continue;
        error_at(src, &n->at, "a first state has shape [%d], got %s", units,
                 shape_text(src->arena, s));
        return false;
    }
    return true;
}

static bool check_mask(const Source *src, const Node *n)
{
    Shape expected = {2, {n->seen[0].dim[0], 1}};
    const Shape *mask = &n->seen[n->inputs - 1];
    if (!attr_bool(n, "masked") || shape_equal(mask, &expected))
        return true;
    error_at(src, &n->at, "a mask has shape %s, got %s",
             shape_text(src->arena, &expected), shape_text(src->arena, mask));
    return false;
}

bool recurrent_infer(const Source *src, Node *n)
{
    int timesteps = n->seen[0].dim[0], units = attr_int(n, "units");
    bool sequences = attr_bool(n, "return_sequences");
    Shape out = {1, {units}};
    if (!check_first_states(src, n) || !check_mask(src, n))
        return false;
    if (sequences)
        out = (Shape){2, {timesteps, units}};
    if (attr_bool(n, "return_state")) {
        int64_t size = shape_size(&out) + (int64_t)count_states(n) * units;
        if (!shape_fixed(&out)) {
            error_at(src, &n->at,
                     "return_state with return_sequences needs a "
                     "fixed number of timesteps");
            return false;
        }
        out = (Shape){1, {size > MAX_DIM ? MAX_DIM + 1 : (int)size}};
    }
    n->out->shape = out;
    return true;
}

void set_bias(double *z, const double *bias, int64_t columns)
{
    for (int64_t i = 0; i < columns; i++)
        z[i] = bias ? bias[i] : 0;
}

/* Zeros, the learned initial state, or what other layers give. */
static double *first_state(const Eval *e, const StateSpec *spec, int index)
{
    int64_t size = expr_eval(spec->shape, &e->node->scope);
    const Weight *initial =
        spec->initial ? weight_of(e->node, spec->initial) : NULL;
    double *state = arena_alloc(e->arena, (size_t)size, sizeof *state);
    set_bias(state, initial ? initial->data : NULL, size);
    if (first_states(e->node) > 0)
        set_bias(state, e->in[1 + index], size);
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
        state[i] = first_state(e, &n->op->state[i], i);
    const double *mask = attr_bool(n, "masked") ? e->in[n->inputs - 1] : NULL;
    bool seen = first_states(n) == 0; /* a timestep that counts */
    for (int64_t t = 0; t < timesteps; t++) {
        int64_t row = attr_bool(n, "go_backwards") ? timesteps - 1 - t : t;
        if (!mask || mask[row] != 0) {
            cell(n, e->in[0] + row * features, features, state, scratch);
            seen = true;
        }
        if (sequences)
            set_bias(e->out + t * units, seen ? state[0] : NULL, units);
    }
    if (!sequences)
        set_bias(e->out, seen ? state[0] : NULL, units);
    double *last = e->out + (sequences ? timesteps * units : units);
    for (int i = 0; attr_bool(n, "return_state") && i < count_states(n); i++)
        memcpy(last + i * units, state[i], (size_t)units * sizeof(double));
}
