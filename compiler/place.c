/* place.c -- where every value lives: which buffer, which state, which
 * parameter. Buffers are shared by liveness; a hidden state is the output of
 * its layer; a layer's output that is the model's is written there at once. */

#include "planner.h"

#include <string.h>

bool is_alias(const Plan *p, const Node *n)
{
    bool counts = p->streams && node_slides(n) && !n->op->state[0].name &&
                  n->in[0]->time == TIME_EACH;
    return n->op->alias || counts;
}

const Tensor *storage(const Plan *p, const Tensor *t)
{
    while (t->from && is_alias(p, t->from))
        t = t->from->in[0];
    return t;
}

/* Sixteens are in lines of the cache: across two, a timestep hands them to the
 * next one late (SimpleRNN of 16 units 455 ns, or 420, as the stack stands). */
static void make_states(Planner *pl, Step *s)
{
    Plan *p = pl->p;
    const Op *op = s->node->op;
    bool filled = s->tiles.units && op->recurrent; /* what products write */
    for (int i = 0; i < MAX_STATES && op->state[i].name; i++) {
        int64_t used = expr_eval(op->state[i].shape, &s->node->scope);
        s->state[i] = (Place){PLACE_STATE, p->states};
        p->state[p->states++] = (StateSlot){
            .node = s->node,
            .ident =
                arena_printf(pl->a, "%s_%s", s->node->ident, op->state[i].name),
            .what = op->state[i].doc,
            .size = filled ? s->tiles.count * s->tiles.units : used,
            .used = used,
            .aligned = filled && used > LANES_MOST / 2,
            .position = op->state[i].position,
            .initial = op->state[i].initial
                           ? weight_of(s->node, op->state[i].initial)
                           : NULL};
    }
}

/* A model output that no step has been given to write yet. */
static int free_output(const Planner *pl, const Step *s, const bool *taken)
{
    for (int i = 0; i < pl->g->outputs; i++) {
        const Port *port = &pl->p->output[i];
        if (!taken[i] && storage(pl->p, pl->g->output[i]) == s->node->out &&
            (!port->each || clock_equal(&port->clock, &s->clock)))
            return i;
    }
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
            if (storage(p, s->push ? s->pushes : s->node->in[k]) == made)
                last = i;
    }
    for (int i = 0; i < pl->g->outputs; i++)
        if (storage(pl->p, pl->g->output[i]) == made)
            return p->steps; /* copied out at the end of its phase */
    while (p->step[index].phase < p->step[last].phase &&
           p->step[last].phase == PHASE_EACH && last + 1 < p->steps &&
           p->step[last + 1].phase == PHASE_EACH)
        last++;
    return last;
}

/* Whether predict runs two steps in turns, row by row, and not the one for all
 * timesteps of a chunk before the other: no step between them takes several. */
static bool in_turns(const Plan *p, int first, int second)
{
    for (int i = first; i <= second; i++)
        if (p->step[i].phase != PHASE_EACH ||
            (p->step[i].tiles.timesteps > 1 && !p->step[i].sequence))
            return false;
    return p->chunk > 1;
}

/* What a buffer held may be overwritten, if nobody reads it any more. Rows of
 * another size would overwrite those of other timesteps, of both values. */
static bool is_free(const Plan *p, const BufferSlot *b, int index)
{
    int64_t slice =
        p->step[index].times * shape_size(&p->step[index].out_shape);
    return b->free_at < index &&
           (b->slice == slice || !in_turns(p, b->free_at, index));
}

/* First fit: a buffer that is free and large enough, else the largest free
 * one, grown, else a new one. */
static Place take_buffer(Planner *pl, int index)
{
    Plan *p = pl->p;
    const Step *s = &p->step[index];
    int64_t slice = s->times * shape_size(&s->out_shape), size = slice;
    int best = -1;
    if (s->phase == PHASE_EACH)
        size *= p->chunk;
    for (int i = 0; i < p->buffers; i++) {
        const BufferSlot *b = &p->buffer[i];
        if (is_free(p, b, index) &&
            (best < 0 || (b->size >= size && p->buffer[best].size < size) ||
             (b->size < size && b->size > p->buffer[best].size)))
            best = i;
    }
    if (best < 0)
        best = p->buffers++;
    BufferSlot *b = &p->buffer[best];
    b->size = b->size > size ? b->size : size;
    b->step_size = b->step_size > slice ? b->step_size : slice;
    b->slice = slice;
    b->free_at = last_reader(pl, index);
    b->holds = b->holds
                   ? arena_printf(pl->a, "%s, %s", b->holds, s->node->ident)
                   : s->node->ident;
    return (Place){PLACE_BUFFER, best};
}

static Place place_of(const Planner *pl, const Tensor *t)
{
    t = storage(pl->p, t);
    for (int i = 0; i < pl->g->inputs; i++)
        if (pl->g->input[i] == t)
            return (Place){PLACE_INPUT, i};
    return pl->p->step[pl->maker[node_index(pl, t->from)]].out;
}

/* Where a step reads an input. */
static Place source_of(const Planner *pl, const Step *s, int input)
{
    if (s->ring[input] >= 0)
        return (Place){PLACE_RING, s->ring[input]};
    return place_of(pl, s->push ? s->pushes : s->node->in[input]);
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
    *s = (Step){.phase = phase,
                .inputs = 1,
                .out = {PLACE_OUTPUT, output},
                .rows = 1,
                .times = 1};
    s->timer = -1;
    if (p->output[output].each)
        s->clock = p->output[output].clock, s->timer = timer_of(p, &s->clock);
    s->in = arena_alloc(pl->a, 1, sizeof *s->in);
    s->out_shape = p->streams ? slice(t) : t->shape;
    s->lines = count_lines(s);
}

/* What has its output in a state, where it stands: a recurrence not if it makes
 * those of several timesteps at once. */
static bool shows_state(const Plan *p, const Step *s)
{
    if (step_gathers(s))
        return true;
    return s->node->op->recurrent && !s->sequence &&
           (p->chunk == 1 || s->node->out->time != TIME_EACH);
}

/* States of a layer: those of the step that fills its ring, if there is one. */
static void place_states(Planner *pl, Step *s)
{
    if (s->pushed)
        for (int i = 0; i < MAX_STATES; i++)
            s->state[i] = s[-1].state[i];
    else
        make_states(pl, s);
}

static void place_step(Planner *pl, int index, bool *taken)
{
    Step *s = &pl->p->step[index];
    const Op *op = s->node->op;
    for (int k = 0; k < s->inputs; k++)
        s->in[k] = source_of(pl, s, k);
    if (s->push && s->state[0].kind == PLACE_STATE)
        return; /* add_late has placed it */
    if ((op_walks(op) && !s->sequence) || step_gathers(s))
        place_states(pl, s);
    if (s->push || shows_state(pl->p, s)) {
        s->out = s->state[0];
        return;
    }
    int output = free_output(pl, s, taken);
    if (output >= 0)
        taken[output] = true;
    s->out =
        output >= 0 ? (Place){PLACE_OUTPUT, output} : take_buffer(pl, index);
}

/* The last row of an output that step does not write every time. */
static void hold_output(Planner *pl, int index)
{
    Plan *p = pl->p;
    Port *port = &p->output[index];
    port->held = -1;
    if (!p->streams || !port->each || timer_of(p, &port->clock) < 0)
        return;
    port->held = p->states;
    p->state[p->states++] = (StateSlot){
        .ident = names_port(pl->names, p->prefix,
                            arena_printf(pl->a, "%s_held", port->tensor->name)),
        .what = "its last output",
        .size = port->slice,
        .used = port->slice,
        .held = true};
}

void place_outputs(Planner *pl)
{
    Plan *p = pl->p;
    bool taken[MAX_PORTS] = {false};
    for (int i = 0; i < p->steps; i++)
        place_step(pl, i, taken);
    /* From here on pl->maker counts without copies: places are read first. */
    Place from[MAX_PORTS];
    for (int i = 0; i < pl->g->outputs; i++)
        if (pl->late[i] >= 0)
            from[i] = (Place){PLACE_RING, pl->late[i]};
        else if (!taken[i])
            from[i] = place_of(pl, pl->g->output[i]);
    for (int i = 0; i < pl->g->outputs; i++) {
        if (!taken[i])
            add_copy(pl, i);
        hold_output(pl, i);
    }
    for (int i = 0; i < p->steps; i++)
        if (!p->step[i].node)
            p->step[i].in[0] = from[p->step[i].out.index];
}
