/* steps.c -- a graph's nodes as calls, in the order of their phases.
 *
 * Where a layer does not work at every timestep that brings it an input (a
 * strided convolution, pooling), the inputs are pushed into its ring at their
 * clock, and the layer is called at its own. What waits for a slower path
 * stands in a ring in front of its reader. */

#include "planner.h"

static Phase phase_of(const Plan *p, const Node *n)
{
    Phase phase = PHASE_ONCE;
    for (int i = 0; p->streams && i < n->inputs; i++)
        if (n->in[i]->time == TIME_EACH)
            return PHASE_EACH;
        else if (n->in[i]->time == TIME_LAST)
            phase = PHASE_LAST;
    return phase;
}

bool step_gathers(const Step *s)
{
    return s->node && s->phase == PHASE_EACH && node_gathers(s->node);
}

/* Rows of "...": how often the function's arithmetic is repeated. */
static int64_t rows_of(const Step *s)
{
    Scope scope = {.count = 0};
    if (op_walks(s->node->op) || s->inputs == 0 ||
        !shape_match(s->node->op->input, &s->in_shape[0], &scope))
        return 1;
    return shape_size(&scope.rest);
}

/* Of activations that compare each unit with every other. */
static int64_t pair_lines(const Step *s)
{
    const Node *n = s->node;
    const Shape *out = &s->out_shape; /* of a scalar, one unit */
    int64_t units = out->rank > 0 ? out->dim[out->rank - 1] : 1;
    int64_t lines = 0;
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        if (n->op->attrs[i].type == ATTR_ACTIVATION &&
            n->attr[i].activation.row->pairs)
            lines += units * (shape_size(out) + s->locals);
    return lines;
}

/* Statements of straight-line code in the function of a step: a multiply-add
 * is one, and so is an element set or activated. */
int64_t count_lines(const Step *s)
{
    int64_t out = shape_size(&s->out_shape);
    if (!s->node)
        return out;
    int64_t lines = s->macs + 2 * out;
    if (s->node->op->recurrent)
        lines =
            expr_eval(s->node->op->macs, &s->node->scope) + 2 * s->locals + out;
    return lines + pair_lines(s);
}

/* ---- Clocks and rings ---------------------------------------------------- */

int timer_of(Plan *p, const Clock *c)
{
    if (c->stride == 1 && c->delay == 0)
        return -1;
    for (int i = 0; i < p->clocks; i++)
        if (clock_equal(&p->clock[i], c))
            return i;
    p->clock[p->clocks] = *c;
    return p->clocks++;
}

static void set_clock(Plan *p, Step *s, Clock c)
{
    s->clock = c;
    s->timer = timer_of(p, &c);
}

/* Puts rows of t, which come with the clock, into the ring of n. */
static Step *push_step(Planner *pl, const Node *n, const Tensor *t, Clock clock)
{
    Plan *p = pl->p;
    Step *s = &p->step[p->steps++];
    *s = (Step){.node = n,
                .phase = PHASE_EACH,
                .inputs = 1,
                .rows = 1,
                .times = 1,
                .push = names_port(pl->names, n->ident, "push")};
    s->in = arena_alloc(pl->a, 1, sizeof *s->in);
    s->ring = arena_alloc(pl->a, 1, sizeof *s->ring);
    s->in_shape = arena_alloc(pl->a, 1, sizeof *s->in_shape);
    s->pushes = t;
    s->ring[0] = -1;
    s->in_shape[0] = s->out_shape = slice(t);
    s->lines = shape_size(&s->out_shape);
    set_clock(p, s, clock);
    return s;
}

static Place add_state(Plan *p, const Node *n, const char *ident,
                       const char *what, int64_t size, bool position)
{
    p->state[p->states] = (StateSlot){.node = n,
                                      .ident = ident,
                                      .what = what,
                                      .size = size,
                                      .used = size,
                                      .position = position};
    return (Place){PLACE_STATE, p->states++};
}

int add_late(Planner *pl, const Node *n, const Tensor *t, int64_t delay)
{
    Plan *p = pl->p;
    const Clock *c = &t->stream.clock;
    Step *s = push_step(pl, n, t, *c);
    Ring *r = &p->ring[p->rings];
    *r = (Ring){.at = -1, .slice = shape_size(&s->out_shape)};
    s->slots = (delay - c->delay) / c->stride + 1;
    s->state[0] =
        add_state(p, n, names_port(pl->names, n->ident, "late"),
                  "timesteps that wait for others", s->slots * r->slice, false);
    r->past = s->out.index = s->state[0].index;
    s->out = s->state[0];
    if (s->slots > 1) {
        s->state[1] =
            add_state(p, n, names_port(pl->names, n->ident, "late_at"),
                      "the oldest of those", 1, true);
        r->at = s->state[1].index;
    }
    return p->rings++;
}

/* Upsampling: its one row of state is its output. */
static bool only_holds(const Node *n)
{
    return node_slides(n) && n->op->state[0].name && !n->op->state[1].name;
}

/* The step of a layer that keeps its inputs, and in front of it the one that
 * hands them over, where that happens at other timesteps. */
static bool push_inputs(Planner *pl, const Node *n)
{
    const Stream *in = &n->in[0]->stream;
    Clock arrival = {in->clock.stride, in->first};
    bool together = clock_equal(&arrival, &n->out->stream.clock);
    if (!node_slides(n) || (together && !only_holds(n)))
        return false;
    Step *s = push_step(pl, n, n->in[0], arrival);
    s->slots =
        expr_eval(n->op->state[0].shape, &n->scope) / shape_size(&s->out_shape);
    return true;
}

/* ---- Steps --------------------------------------------------------------- */

/* The function of a distributed layer is called for every slice along so many
 * dimensions. */
static void take_slices(Step *s, int levels)
{
    for (int k = 0; k < levels; k++) {
        s->times *= s->out_shape.dim[0];
        for (int i = 0; i < s->inputs; i++)
            s->in_shape[i] = shape_tail(&s->in_shape[i]);
        s->out_shape = shape_tail(&s->out_shape);
    }
}

static void fill_step(Planner *pl, Step *s, const Node *n)
{
    bool each = s->phase == PHASE_EACH;
    s->node = n;
    s->inputs = n->inputs;
    s->in = arena_alloc(pl->a, (size_t)n->inputs, sizeof *s->in);
    s->in_shape = arena_alloc(pl->a, (size_t)n->inputs, sizeof *s->in_shape);
    for (int i = 0; i < n->inputs; i++)
        s->in_shape[i] = pl->p->streams ? slice(n->in[i]) : n->in[i]->shape;
    s->out_shape = pl->p->streams ? slice(n->out) : n->out->shape;
    s->times = 1;
    take_slices(s, n->distributed - (each && n->distributed > 0));
    s->sequence = op_walks(n->op) && (n->distributed || !each);
    s->rows = rows_of(s);
    int64_t macs = n->op->macs ? expr_eval(n->op->macs, &n->scope) : 0;
    int64_t timesteps =
        n->op->recurrent ? s->in_shape[0].dim[0] : s->out_shape.dim[0];
    s->macs = s->sequence ? macs * timesteps : macs * s->rows;
    s->locals = n->op->scratch ? expr_eval(n->op->scratch, &n->scope) : 0;
    bool own = s->sequence && n->op->recurrent;
    for (int i = 0; own && i < MAX_STATES && n->op->state[i].name; i++)
        s->locals += expr_eval(n->op->state[i].shape, &n->scope);
    s->lines = count_lines(s);
    s->macs *= s->times;
    s->tiles = tiles_choose(pl->p, s);
    s->few_taps = few_taps(s);
}

/* At one timestep: after what hands its inputs over. */
static void each_step(Planner *pl, const Node *n)
{
    Plan *p = pl->p;
    const Clock *clock = &n->out->stream.clock;
    int *ring = arena_alloc(pl->a, (size_t)n->inputs, sizeof *ring);
    bool pushed = push_inputs(pl, n);
    for (int i = 0; i < n->inputs; i++) {
        const Tensor *t = n->in[i];
        bool late = t->time == TIME_EACH && !node_slides(n) &&
                    t->stream.clock.delay != clock->delay;
        ring[i] = late ? add_late(pl, n, t, clock->delay) : -1;
    }
    if (only_holds(n))
        return;
    Step *s = &p->step[p->steps++];
    s->phase = PHASE_EACH;
    fill_step(pl, s, n);
    set_clock(p, s, *clock);
    s->ring = ring;
    s->pushed = pushed;
    s->inputs = pushed ? 0 : s->inputs;
}

int node_index(const Planner *pl, const Node *n)
{
    for (int i = 0; i < pl->g->nodes; i++)
        if (pl->node[i] == n)
            return i;
    return -1;
}

static void add_step(Planner *pl, const Node *n, Phase phase)
{
    if (phase == PHASE_EACH) {
        each_step(pl, n);
        return;
    }
    Step *s = &pl->p->step[pl->p->steps++];
    s->phase = phase;
    s->timer = -1;
    fill_step(pl, s, n);
    s->ring = arena_alloc(pl->a, (size_t)n->inputs, sizeof *s->ring);
    for (int i = 0; i < n->inputs; i++)
        s->ring[i] = -1;
}

/* Outputs whose rows have not all come with the last timestep otherwise. */
static void delay_outputs(Planner *pl)
{
    const Graph *g = pl->g;
    for (int i = 0; i < g->outputs; i++) {
        const Tensor *t = g->output[i];
        const Clock *c = &pl->p->output[i].clock;
        bool late = t->time == TIME_EACH && pl->p->streams &&
                    c->delay != t->stream.clock.delay;
        pl->late[i] = late ? add_late(pl, t->from, t, c->delay) : -1;
    }
}

/* Nodes in graph order within each phase; a phase only reads earlier ones. */
void make_steps(Planner *pl)
{
    for (Phase phase = PHASE_ONCE; phase <= PHASE_LAST; phase++) {
        for (int i = 0; i < pl->g->nodes; i++) {
            const Node *n = pl->node[i];
            if (is_alias(pl->p, n) || phase_of(pl->p, n) != phase)
                continue;
            add_step(pl, n, phase);
            pl->maker[i] = pl->p->steps - 1;
        }
        if (phase == PHASE_EACH)
            delay_outputs(pl);
    }
}
