/* plan.c -- every decision about the generated code, made before a template
 * sees it: phases, places, buffers, unrolling, budgets.
 *
 * A model that streams runs in three phases: what does not depend on time
 * (ONCE), what every timestep does (EACH), and what follows from the last
 * hidden states (LAST). predict runs ONCE, then EACH for all timesteps, then
 * LAST; step runs each phase for one timestep. Both call the same functions,
 * so they agree bit for bit. A model that does not stream has ONCE only, and
 * its functions take whole sequences.
 *
 * Nothing here looks at a weight's value. */

#include "rnnc.h"

#include <string.h>

typedef struct Planner {
    Arena *a;
    const Graph *g;
    Plan *p;
    Names *names;
    Step **maker; /* [nodes] by index: the step of a node, NULL for an alias */
    const Node **node;
} Planner;

/* ---- Ports --------------------------------------------------------------- */

static Shape slice(const Tensor *t)
{
    return t->time == TIME_EACH ? shape_tail(&t->shape) : t->shape;
}

/* The only input is x and the only output y; several carry their names. */
static Port make_port(Planner *pl, const Tensor *t, const char *alone,
                      int ports)
{
    Shape s = slice(t);
    Port port = {.tensor = t,
                 .ident = alone,
                 .each = t->time == TIME_EACH,
                 .slice = shape_size(&s)};
    if (ports > 1)
        port.ident = names_port(pl->names, pl->p->prefix, t->name);
    return port;
}

static void make_ports(Planner *pl)
{
    Plan *p = pl->p;
    p->input = arena_alloc(pl->a, MAX_PORTS, sizeof *p->input);
    p->output = arena_alloc(pl->a, MAX_PORTS, sizeof *p->output);
    for (int i = 0; i < pl->g->inputs; i++)
        p->input[i] = make_port(pl, pl->g->input[i], "x", pl->g->inputs);
    for (int i = 0; i < pl->g->outputs; i++)
        p->output[i] = make_port(pl, pl->g->output[i], "y", pl->g->outputs);
}

/* ---- Steps --------------------------------------------------------------- */

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

/* Rows of "...": how often the function's arithmetic is repeated. */
static int64_t rows_of(const Step *s)
{
    Scope scope = {.count = 0};
    if (s->node->op->recurrent ||
        !shape_match(s->node->op->input, &s->in_shape[0], &scope))
        return 1;
    return shape_size(&scope.rest);
}

/* Statements of straight-line code in the function of a step: a multiply-add
 * is one, and so is an element set or activated. */
static int64_t count_lines(const Step *s)
{
    int64_t out = shape_size(&s->out_shape);
    if (!s->node)
        return out;
    int64_t lines = s->macs + 2 * out;
    if (s->node->op->recurrent)
        lines = expr_eval(s->node->op->macs, &s->node->scope) +
                2 * attr_int(s->node, "units") + out;
    return lines;
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
    s->sequence = n->op->recurrent && !each;
    s->rows = rows_of(s);
    int64_t macs = n->op->macs ? expr_eval(n->op->macs, &n->scope) : 0;
    s->macs = s->sequence ? macs * s->in_shape[0].dim[0] : macs * s->rows;
    s->locals = n->op->scratch ? expr_eval(n->op->scratch, &n->scope) : 0;
    for (int i = 0; s->sequence && i < MAX_STATES && n->op->state[i].name; i++)
        s->locals += expr_eval(n->op->state[i].shape, &n->scope);
    s->lines = count_lines(s);
}

static int node_index(const Planner *pl, const Node *n)
{
    for (int i = 0; i < pl->g->nodes; i++)
        if (pl->node[i] == n)
            return i;
    return -1;
}

/* Nodes in graph order within each phase; a phase only reads earlier ones. */
static void make_steps(Planner *pl)
{
    Plan *p = pl->p;
    size_t nodes = (size_t)pl->g->nodes;
    p->step = arena_alloc(pl->a, nodes + MAX_PORTS, sizeof *p->step);
    pl->maker = arena_alloc(pl->a, nodes + 1, sizeof *pl->maker);
    for (Phase phase = PHASE_ONCE; phase <= PHASE_LAST; phase++)
        for (int i = 0; i < pl->g->nodes; i++) {
            const Node *n = pl->node[i];
            if (n->op->alias || phase_of(p, n) != phase)
                continue;
            Step *s = &p->step[p->steps++];
            s->phase = phase;
            fill_step(pl, s, n);
            pl->maker[i] = s;
        }
}

/* ---- Places -------------------------------------------------------------- */

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
            .what = op->state[i].name,
            .shape = shape_eval(op->state[i].shape, &s->node->scope)};
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

static void place_outputs(Planner *pl)
{
    Plan *p = pl->p;
    bool taken[MAX_PORTS] = {false};
    for (int i = 0; i < p->steps; i++) {
        Step *s = &p->step[i];
        for (int k = 0; k < s->inputs; k++)
            s->in[k] = place_of(pl, s->node->in[k]);
        int output = free_output(pl, s->node->out, taken);
        if (s->node->op->recurrent && !s->sequence) {
            make_states(pl, s);
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

/* ---- The plan ------------------------------------------------------------ */

static void list_nodes(Planner *pl)
{
    int i = 0;
    pl->node = arena_alloc(pl->a, (size_t)pl->g->nodes + 1, sizeof *pl->node);
    for (Node *n = pl->g->first; n; n = n->next) {
        pl->node[i++] = n;
        names_node(pl->names, pl->p->prefix, n);
    }
}

enum { STRING_WEIGHTS = 100000 }; /* parameters; codegen.md section 10 */

Plan *plan_make(Arena *a, const Source *src, const Graph *g,
                const Options *options)
{
    Plan *p = arena_alloc(a, 1, sizeof *p);
    Planner pl = {.a = a, .g = g, .p = p, .names = names_new(a)};
    p->graph = g;
    p->options = options;
    p->prefix = make_prefix(a, options->name);
    p->upper = make_upper(a, p->prefix);
    p->streams = !g->no_stream;
    p->any_timesteps = g->any_timesteps;
    p->timesteps = 1;
    for (int i = 0; p->streams && i < g->inputs; i++)
        if (g->input[i]->time == TIME_EACH && !p->any_timesteps)
            p->timesteps = g->input[i]->shape.dim[0];
    p->state =
        arena_alloc(a, (size_t)g->nodes * MAX_STATES + 1, sizeof *p->state);
    p->buffer = arena_alloc(a, (size_t)g->nodes + 1, sizeof *p->buffer);

    names_fixed(pl.names, p->prefix, p->upper);
    list_nodes(&pl);
    make_ports(&pl);
    make_steps(&pl);
    place_outputs(&pl);
    plan_count(p);
    p->string_weights =
        options->weight_text == TEXT_STRING ||
        (options->weight_text == TEXT_AUTO && p->params > STRING_WEIGHTS);
    return plan_unroll(a, p, src) & plan_budgets(p, src) ? p : NULL;
}

static const char *place_text(Arena *a, Place place)
{
    static const char *const kinds[] = {"input", "output", "buffer", "state"};
    return arena_printf(a, "%s %d", kinds[place.kind], place.index);
}

/* The memory plan, for -v. */
void plan_dump(const Plan *p, FILE *to)
{
    static const char *const phases[] = {"once", "each", "last"};
    Arena *a = p->graph->arena;
    fprintf(to, "plan: %s\n", p->why_unroll);
    for (int i = 0; i < p->buffers; i++)
        fprintf(to, "  buffer %d: %lld elements, holds %s\n", i,
                (long long)p->buffer[i].size, p->buffer[i].holds);
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        fprintf(to, "  %s: %s(", phases[s->phase],
                s->node ? s->node->ident : "copy");
        for (int k = 0; k < s->inputs; k++)
            fprintf(to, "%s%s", k ? ", " : "", place_text(a, s->in[k]));
        fprintf(to, ") -> %s\n", place_text(a, s->out));
    }
}
