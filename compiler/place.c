/* place.c -- where every value lives: which buffer, which state, which
 * parameter. Buffers are shared by liveness; a hidden state is the output of
 * its layer; a layer's output that is the model's is written there at once. */

#include "planner.h"

#include <string.h>

/* The tensor whose memory t is: aliases share that of their input. */
static const Tensor *storage(const Tensor *t)
{
    while (t->from && t->from->op->alias)
        t = t->from->in[0];
    return t;
}

static void make_states(Planner *pl, Step *s)
{
    Plan *p = pl->p;
    const Op *op = s->node->op;
    for (int i = 0; i < MAX_STATES && op->state[i].name; i++) {
        s->state[i] = (Place){PLACE_STATE, p->states};
        p->state[p->states++] = (StateSlot){
            .node = s->node,
            .ident =
                arena_printf(pl->a, "%s_%s", s->node->ident, op->state[i].name),
            .what = op->state[i].doc,
            .size = expr_eval(op->state[i].shape, &s->node->scope),
            .position = op->state[i].position,
            .initial = op->state[i].initial
                           ? weight_of(s->node, op->state[i].initial)
                           : NULL};
    }
}

/* A model output that no step has been given to write yet. */
static int free_output(const Planner *pl, const Tensor *t, const bool *taken)
{
    for (int i = 0; i < pl->g->outputs; i++)
        if (!taken[i] && storage(pl->g->output[i]) == t)
            return i;
    return -1;
}

/* The last step that reads what step `index` makes. What predict computes
 * once must outlive every timestep that reads it. */
static int last_reader(const Planner *pl, int index)
{
    const Plan *p = pl->p;
    const Tensor *made = p->step[index].node->out;
    int last = index;
    for (int i = index + 1; i < p->steps; i++) {
        const Step *s = &p->step[i];
        for (int k = 0; s->node && k < s->inputs; k++)
            if (storage(s->node->in[k]) == made)
                last = i;
    }
    for (int i = 0; i < pl->g->outputs; i++)
        if (storage(pl->g->output[i]) == made)
            return p->steps; /* copied out at the end of its phase */
    while (p->step[index].phase < p->step[last].phase &&
           p->step[last].phase == PHASE_EACH && last + 1 < p->steps &&
           p->step[last + 1].phase == PHASE_EACH)
        last++;
    return last;
}

/* First fit: a buffer that is free and large enough, else the largest free
 * one, grown, else a new one. */
static Place take_buffer(Planner *pl, int index)
{
    Plan *p = pl->p;
    const Step *s = &p->step[index];
    int64_t size = shape_size(&s->out_shape);
    int best = -1;
    for (int i = 0; i < p->buffers; i++) {
        const BufferSlot *b = &p->buffer[i];
        if (b->free_at < index &&
            (best < 0 || (b->size >= size && p->buffer[best].size < size) ||
             (b->size < size && b->size > p->buffer[best].size)))
            best = i;
    }
    if (best < 0)
        best = p->buffers++;
    BufferSlot *b = &p->buffer[best];
    b->size = b->size > size ? b->size : size;
    b->free_at = last_reader(pl, index);
    b->holds = b->holds
                   ? arena_printf(pl->a, "%s, %s", b->holds, s->node->ident)
                   : s->node->ident;
    return (Place){PLACE_BUFFER, best};
}

static Place place_of(const Planner *pl, const Tensor *t)
{
    t = storage(t);
    for (int i = 0; i < pl->g->inputs; i++)
        if (pl->g->input[i] == t)
            return (Place){PLACE_INPUT, i};
    return pl->maker[node_index(pl, t->from)]->out;
}

/* Model outputs that are an input, a state or another output: copied. They
 * come last in their phase, where the phases' order is restored by a stable
 * insertion. */
static void add_copy(Planner *pl, int output)
{
    Plan *p = pl->p;
    const Tensor *t = pl->g->output[output];
    Phase phase = !p->streams || t->time == TIME_NONE ? PHASE_ONCE
                  : t->time == TIME_EACH              ? PHASE_EACH
                                                      : PHASE_LAST;
    int at = p->steps;
    while (at > 0 && p->step[at - 1].phase > phase)
        at--;
    memmove(&p->step[at + 1], &p->step[at],
            (size_t)(p->steps - at) * sizeof *p->step);
    p->steps++;
    Step *s = &p->step[at];
    *s = (Step){
        .phase = phase, .inputs = 1, .out = {PLACE_OUTPUT, output}, .rows = 1};
    s->in = arena_alloc(pl->a, 1, sizeof *s->in);
    s->in[0] = place_of(pl, t);
    s->out_shape = p->streams ? slice(t) : t->shape;
    s->lines = count_lines(s);
}

void place_outputs(Planner *pl)
{
    Plan *p = pl->p;
    bool taken[MAX_PORTS] = {false};
    for (int i = 0; i < p->steps; i++) {
        Step *s = &p->step[i];
        for (int k = 0; k < s->inputs; k++)
            s->in[k] = place_of(pl, s->node->in[k]);
        int output = free_output(pl, s->node->out, taken);
        if (op_walks(s->node->op) && !s->sequence)
            make_states(pl, s);
        if (s->node->op->recurrent && !s->sequence) {
            s->out = s->state[0];
        } else if (output >= 0) {
            taken[output] = true;
            s->out = (Place){PLACE_OUTPUT, output};
        } else {
            s->out = take_buffer(pl, i);
        }
    }
    /* From here on pl->maker points at moved steps: places are read first. */
    Place from[MAX_PORTS];
    for (int i = 0; i < pl->g->outputs; i++)
        if (!taken[i])
            from[i] = place_of(pl, pl->g->output[i]);
    for (int i = 0; i < pl->g->outputs; i++)
        if (!taken[i])
            add_copy(pl, i);
    for (int i = 0; i < p->steps; i++)
        if (!p->step[i].node)
            p->step[i].in[0] = from[p->step[i].out.index];
}
