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
 * Of weights' values only blocks.c looks at some: whether they are zero. */

#include "planner.h"
#include "tuning.h"

/* ---- Ports --------------------------------------------------------------- */

Shape slice(const Tensor *t)
{
    return t->time == TIME_EACH ? shape_tail(&t->shape) : t->shape;
}

/* The only input is x and the only output y; several carry their names. Where
 * nothing streams all of it is one slice. */
static Port make_port(Planner *pl, const Tensor *t, const char *alone,
                      int ports)
{
    bool each = pl->p->streams && t->time == TIME_EACH;
    Shape s = each ? slice(t) : t->shape;
    Port port = {.tensor = t,
                 .ident = alone,
                 .each = each,
                 .clock = {.stride = 1},
                 .held = -1,
                 .slice = shape_size(&s)};
    if (each)
        clock_settle(pl->g, t, &port.clock);
    if (ports > 1)
        port.ident = names_port(pl->names, pl->p->prefix, t->name);
    return port;
}

/* Of the output that waits longest, and of the one that looks back furthest. */
static void measure_stream(Planner *pl)
{
    Plan *p = pl->p;
    int64_t field = 1;
    bool endless = false;
    for (int i = 0; p->streams && i < pl->g->outputs; i++) {
        const Tensor *t = pl->g->output[i];
        const Stream *s = &t->stream;
        int64_t delay =
            p->output[i].each ? p->output[i].clock.delay : s->clock.delay;
        p->latency = delay > p->latency ? delay : p->latency;
        field = s->to - s->from + 1 > field ? s->to - s->from + 1 : field;
        endless |= s->endless;
    }
    p->receptive_field = endless ? 0 : field;
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
    measure_stream(pl);
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

/* A ring for each input at most, with two states, and a step. */
static void allocate(Planner *pl)
{
    Plan *p = pl->p;
    size_t nodes = (size_t)pl->g->nodes, rings = MAX_PORTS;
    for (const Node *n = pl->g->first; n; n = n->next)
        rings += (size_t)n->inputs;
    size_t steps = nodes + rings + MAX_PORTS;
    p->state = arena_alloc(pl->a, nodes * MAX_STATES + 2 * rings + MAX_PORTS,
                           sizeof *p->state);
    p->buffer = arena_alloc(pl->a, nodes + 1, sizeof *p->buffer);
    p->ring = arena_alloc(pl->a, rings, sizeof *p->ring);
    p->step = arena_alloc(pl->a, steps, sizeof *p->step);
    p->clock = arena_alloc(pl->a, steps, sizeof *p->clock);
    pl->maker = arena_alloc(pl->a, nodes + 1, sizeof *pl->maker);
}

/* What comes after the last timestep, or before the first, step does each time:
 * so has process. */
static bool all_walk(const Plan *p)
{
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].phase != PHASE_EACH || p->step[i].sequence)
            return false;
    return true;
}

/* Names, steps and places; again, if a decision has changed. */
static void lay_out(Planner *pl)
{
    Plan *p = pl->p;
    p->steps = p->states = p->rings = p->clocks = p->buffers = 0;
    pl->names = names_new(pl->a);
    allocate(pl);
    names_fixed(pl->names, p->prefix, p->upper);
    make_ports(pl); /* their names are public, those of layers give way */
    list_nodes(pl);
    make_steps(pl);
    tiles_timesteps(p);
    place_outputs(pl);
    p->processes_at_once = p->chunk > 1 && all_walk(p);
}

/* Convolutions in tiles take memory that is only for speed, but for those of
 * pixels. */
static bool has_windows(const Plan *p)
{
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (s->tiles.units && s->node->op->tile_window)
            return true;
    }
    return false;
}

static void count(Planner *pl)
{
    list_arrays(pl->a, pl->p);
    plan_lines(pl->p);
    plan_batch(pl->p);
    plan_count(pl->p);
}

Plan *plan_make(Arena *a, const Source *src, const Graph *g,
                const Options *options)
{
    Plan *p = arena_alloc(a, 1, sizeof *p);
    Planner pl = {.a = a, .g = g, .p = p};
    p->graph = g;
    p->options = options;
    p->prefix = make_prefix(a, options->name);
    p->upper = make_upper(a, p->prefix);
    p->streams = !g->no_stream;
    p->any_timesteps = g->any_timesteps;
    p->timesteps = p->chunk = 1;
    for (int i = 0; p->streams && i < g->inputs; i++)
        if (g->input[i]->time == TIME_EACH && !p->any_timesteps)
            p->timesteps = g->input[i]->shape.dim[0];
    lay_out(&pl);
    bool fits = plan_unroll(a, p, src);
    if (!p->unroll) { /* once more, the layers that can in tiles */
        p->tiled = true;
        lay_out(&pl);
    }
    count(&pl);
    if (has_windows(p) && !plan_affords(p)) {
        p->spare = true;
        p->why_unroll = arena_printf(
            a, "%s; no windows of convolutions, for a budget", p->why_unroll);
        lay_out(&pl);
        count(&pl);
    }
    p->string_weights =
        options->weight_text == TEXT_STRING ||
        (options->weight_text == TEXT_AUTO && p->params > TEXT_MOST_DECIMAL);
    return plan_budgets(p, src) && fits ? p : NULL;
}

static const char *place_text(Arena *a, Place place)
{
    static const char *const kinds[] = {"input", "output", "buffer", "state",
                                        "ring"};
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
                s->push   ? s->push
                : s->node ? s->node->ident
                          : "copy");
        for (int k = 0; k < s->inputs; k++)
            fprintf(to, "%s%s", k ? ", " : "", place_text(a, s->in[k]));
        fprintf(to, ") -> %s\n", place_text(a, s->out));
    }
}
