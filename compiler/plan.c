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

#include "planner.h"

/* ---- Ports --------------------------------------------------------------- */

Shape slice(const Tensor *t)
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
    if (op_walks(s->node->op) ||
        !shape_match(s->node->op->input, &s->in_shape[0], &scope))
        return 1;
    return shape_size(&scope.rest);
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
    s->sequence = op_walks(n->op) && !each;
    s->rows = rows_of(s);
    int64_t macs = n->op->macs ? expr_eval(n->op->macs, &n->scope) : 0;
    int64_t timesteps =
        n->op->recurrent ? s->in_shape[0].dim[0] : s->out_shape.dim[0];
    s->macs = s->sequence ? macs * timesteps : macs * s->rows;
    s->locals = n->op->scratch ? expr_eval(n->op->scratch, &n->scope) : 0;
    for (int i = 0; s->sequence && i < MAX_STATES && n->op->state[i].name; i++)
        s->locals += expr_eval(n->op->state[i].shape, &n->scope);
    s->lines = count_lines(s);
}

int node_index(const Planner *pl, const Node *n)
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
    bool fits = plan_unroll(a, p, src);
    return plan_budgets(p, src) && fits ? p : NULL;
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
