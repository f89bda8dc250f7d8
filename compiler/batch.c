/* batch.c -- how predict_batch takes its samples: one after the other, as many
 * at once as there are lanes, one in each, or some that share the weights
 * (batch_some.c). For lanes the functions of the layers are spelled once more
 * with lanes for numbers, so it is for layers whose templates allow it, and
 * while states and values of so many samples fit the stack. Of small layers all
 * sums are spelled out, for a sample in every lane or, without vectors, in
 * every turn of a loop. Measured shapes: design/batch.md; numbers: tuning.h. */

#include <string.h>

#include "rnnc.h"
#include "tuning.h"

bool activation_in_lanes(const Plan *p, const ActivationRow *row)
{
    bool own = p->options->math != MATH_LIBM && p->options->math != MATH_EXACT;
    return row->lanes == LANES_ALWAYS || (row->lanes == LANES_OWN && own);
}

/* Every activation has a twin for lanes. */
static bool has_twins(const Plan *p, const Node *n)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        bool is = n->op->attrs[i].type == ATTR_ACTIVATION;
        if (is && !activation_in_lanes(p, n->attr[i].activation.row))
            return false;
    }
    return true;
}

/* What tiles sum in several parts lanes sum in one, or in fours spelled out. */
static bool same_sums(const Plan *p, const Step *s)
{
    return !p->options->reproducible || (!s->tiles.units && !s->tiles.dots) ||
           (p->batch_spelled && tiles_in_fours(p, s));
}

/* Narrow weights are widened into lanes of units, and the inputs of blocks are
 * picked one by one. */
static bool packed(const Plan *p, const Node *n)
{
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].node == n && (p->array[i].narrow || p->array[i].blocks))
            return true;
    return false;
}

static bool fits(const Plan *p, const Step *s)
{
    if (!s->node)
        return true;
    bool masked = s->node->op->recurrent && attr_bool(s->node, "masked");
    return s->node->op->lanes.locals && !masked && !s->push && !s->sequence &&
           s->times <= 1 && same_sums(p, s) && !packed(p, s->node) &&
           has_twins(p, s->node);
}

static bool all_fit(const Plan *p)
{
    bool all = p->rings == 0 && p->clocks == 0;
    for (int i = 0; i < p->steps; i++)
        all = all && fits(p, &p->step[i]);
    return all;
}

/* Loops over timesteps hold one of them, and no copies. */
static bool by_row(const Plan *p)
{
    return !p->unroll || p->batch_spelled;
}

static bool is_copied(const Plan *p, int output)
{
    for (int i = 0; i < p->steps; i++) {
        Place out = p->step[i].out;
        if (!p->step[i].node && out.index == output)
            return by_row(p);
    }
    return false;
}

static int64_t count_port(const Plan *p, const Port *port)
{
    return port->each && by_row(p) && !p->batch_whole
               ? port->slice
               : shape_size(&port->tensor->shape);
}

/* Of a sample; of several rows, of one. */
static int64_t products_of(const Plan *p)
{
    int64_t products = 0;
    for (int i = 0; i < p->steps; i++)
        products += p->step[i].node ? p->step[i].macs / p->step[i].rows : 0;
    return products;
}

static int64_t columns_of(const Node *n)
{
    return n->op->gates * expr_eval(n->op->tile_units, &n->scope);
}

/* Of straight lines, in products. */
static int64_t size_of_lines(const Plan *p)
{
    int64_t size = 0;
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (s->node)
            size += s->macs + SPELLED_GATES * s->rows * columns_of(s->node);
    }
    return size;
}

/* Recurrences of one gate, and none of more: of their straight lines gcc makes
 * a call for every timestep. */
static bool has_one_gate(const Plan *p)
{
    bool any = false;
    for (int i = 0; i < p->steps; i++) {
        const Node *n = p->step[i].node;
        if (n && n->op->gates > 1)
            return false;
        any = any || (n && n->op->recurrent);
    }
    return any;
}

/* Sums of few products are spelled out where predict has loops, or straight
 * lines are slower or large, or have not the bits of tiles. */
static bool has_few_products(const Plan *p)
{
    const Options *o = p->options;
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        bool alike = s->node && s->node->op->recurrent && o->reproducible;
        if (s->tiles.count > 1 || (alike && !tiles_in_fours(p, s)))
            return false;
    }
    bool slow = size_of_lines(p) > SPELLED_BEYOND || has_one_gate(p);
    bool few = p->unroll ? slow && !o->reproducible
                         : products_of(p) <= SPELLED_MOST;
    return o->unroll == UNROLL_AUTO && few;
}

/* Linear or a maximum. */
static bool takes_little_text(const Node *n)
{
    bool little = true;
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        const Activation *a = &n->attr[i].activation;
        if (n->op->attrs[i].type == ATTR_ACTIVATION)
            little = little && (activation_is_linear(a) ||
                                strcmp(a->row->name, "relu") == 0);
    }
    return little;
}

bool batch_is_line(const Plan *p, const Step *s)
{
    const Node *n = s->node;
    if (!p->batch_spelled || !n->op->lanes.locals)
        return false;
    bool little = size_of_lines(p) <= SPELLED_BEYOND;
    int most = n->op->gates > 1       ? (little ? SPELLED_LINE_GATED : 0)
               : n->op->recurrent     ? SPELLED_LINE_RECURRENT
               : takes_little_text(n) ? SPELLED_LINE_DENSE
                                      : 0;
    return columns_of(n) <= most;
}

/* Sequences that are short in all are gathered and scattered at once. */
static bool is_short(const Plan *p)
{
    int64_t size = 0;
    for (int i = 0; i < p->graph->inputs; i++)
        size += shape_size(&p->input[i].tensor->shape);
    for (int i = 0; i < p->graph->outputs; i++)
        size += shape_size(&p->output[i].tensor->shape);
    return !p->any_timesteps && size <= SPELLED_MOST_WHOLE;
}

/* Loops take sets of lanes, of which a recurrence without tiles knows one. */
static bool needs_one_set(const Plan *p)
{
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (!p->unroll && s->node && s->node->op->recurrent && !s->tiles.units)
            return true;
    }
    return false;
}

/* Rows of the kernels stay in the nearest cache, though some units take little
 * of each: those go through a timestep before others begin, unless a gate waits
 * for all. SimpleRNN, whose units wait for an activation only, gain nothing. */
bool batch_is_near(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    int64_t bytes = 0;
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].node == s->node && p->array[i].tiles.units)
            bytes += p->array[i].size * array_bytes(p, &p->array[i]);
    return !p->batch_spelled && op->gates > 1 && !batch_waits(s) &&
           s->tiles.count == 1 && bytes <= LANES_MOST_KERNELS;
}

/* In tiles, or of a recurrence's text for one sample. */
static int64_t locals_of(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    const Scope *scope = &s->node->scope;
    if (op->recurrent && !s->tiles.units && !p->batch_spelled)
        return expr_eval(op->scratch, scope);
    int64_t width = p->batch_spelled ? columns_of(s->node) : s->tiles.width;
    int64_t sums = op->lanes.sums * width;
    if (batch_is_near(p, s)) /* a GRU needs no s, but what g is made of */
        sums = LANES_SUMS;
    return expr_eval(op->lanes.locals, scope) + sums;
}

static int64_t count_locals(const Plan *p)
{
    int64_t most = 0;
    for (int i = 0; i < p->steps; i++) {
        int64_t size = p->step[i].node ? locals_of(p, &p->step[i]) : 0;
        most = size > most ? size : most;
    }
    return most;
}

static int64_t count_values(const Plan *p)
{
    int64_t values = count_locals(p);
    for (int i = 0; i < p->graph->inputs; i++)
        values += count_port(p, &p->input[i]);
    for (int i = 0; i < p->graph->outputs; i++)
        values += is_copied(p, i) ? 0 : count_port(p, &p->output[i]);
    for (int i = 0; i < p->states; i++)
        values += p->state[i].size;
    for (int i = 0; i < p->buffers; i++)
        values += by_row(p) ? p->buffer[i].step_size : p->buffer[i].size;
    return values;
}

/* The most bytes of a value that fit: runtime/sets.h times runtime/lanes.h. */
static int64_t widest(const Plan *p, int64_t values)
{
    static const int tiled[] = {LANES_SETS_32, LANES_SETS_64, LANES_SETS_16, 0};
    static const int spelled_out[] = {LANES_REGISTER, 32, 16, 0};
    bool sets = by_row(p) && !p->one_set && !p->batch_spelled;
    const int *bytes = sets ? tiled : spelled_out;
    while (*bytes && *bytes * values > p->batch_most)
        bytes++;
    return *bytes;
}

/* A recurrence; but many units, without a zero behind them, fill registers of
 * one sample as well. */
static bool waits_for_activations(const Step *s)
{
    if (!s->node || !s->node->op->recurrent)
        return false;
    int64_t units = expr_eval(s->node->op->tile_units, &s->node->scope);
    return tiles_zeros(s) != 0 || units < LANES_LEAST_FULL;
}

/* Vectors of 4 are worth it for what waits for activations, too. */
static int least_lane_bytes(const Plan *p)
{
    for (int i = 0; i < p->steps; i++)
        if (p->unroll || waits_for_activations(&p->step[i]))
            return LANES_LEAST_WAITING;
    return LANES_LEAST_REGISTER;
}

/* Samples for which a set of lanes, filled up, is as fast as predict for each:
 * more where units fill registers of one sample, too (gcc and clang make
 * vectors of straight lines), and where loops over samples wait for compilers
 * to make vectors of them. */
static const char *fewest(const Plan *p)
{
    Arena *a = p->graph->arena;
    int64_t most = 0;
    for (int i = 0; i < p->steps; i++) {
        const Node *n = p->step[i].node;
        bool counts = n && n->op->recurrent && n->op->tile_units;
        int64_t units = counts ? expr_eval(n->op->tile_units, &n->scope) : 0;
        most = units > most ? units : most;
    }
    if (!p->unroll && !p->one_set && !p->batch_spelled)
        return arena_printf(a, "%s_SAMPLES * %d / %d", p->upper, LANES_FILLED,
                            LANES_FILLED_OF);
    const char *loops = p->batch_loops || p->batch_spelled
                            ? arena_printf(a, " + %s_SETS * %d / %s_WIDTH",
                                           p->upper, LANES_LOOPED, p->upper)
                            : "";
    int more = most < LANES_LEAST_UNITS ? LANES_FOR_ONE_MORE
                                        : LANES_FOR_ONE_MORE_UNITS;
    return arena_printf(a, "%s_LANES / %d + %d%s", p->upper, more,
                        LANES_LEAST_SAMPLES, loops);
}

/* Of rows and of timesteps of what is spelled out. */
static void choose_loops(Plan *p)
{
    int64_t products = products_of(p);
    bool looped = products > SPELLED_MOST_IN_A_ROW ||
                  size_of_lines(p) > SPELLED_MOST_SIZE;
    p->batch_rows = looped ? SPELLED_ROWS : 0;
    p->batch_turns = p->batch_whole && has_one_gate(p) &&
                     products * p->timesteps <= SPELLED_MOST_TURNS;
}

/* Sums are spelled out where arrays fit the stack whatever the lanes are. */
static void choose_sums(Plan *p, bool all)
{
    p->one_set = p->batch_turns = false;
    p->batch_rows = 0;
    p->batch_spelled = all && has_few_products(p);
    p->batch_whole = p->batch_spelled && is_short(p);
    if (p->batch_spelled && LANES_REGISTER * count_values(p) > p->batch_most)
        p->batch_spelled = p->batch_whole = false;
    p->one_set = all && !p->batch_spelled && needs_one_set(p);
    if (p->batch_spelled)
        choose_loops(p);
}

void plan_batch(Plan *p)
{
    int64_t budget = p->options->budget_stack;
    p->batch_spelled = true; /* perhaps */
    bool all = all_fit(p);
    p->batch_most =
        budget < 0 || budget > LANES_MOST_STACK ? LANES_MOST_STACK : budget;
    choose_sums(p, all);
    all = all && all_fit(p);
    p->batch_values = all ? count_values(p) : 0;
    p->batch_bytes = p->batch_values * widest(p, p->batch_values);
    p->samples_in_lanes = p->batch_bytes > 0;
    bool lines = p->samples_in_lanes && p->unroll && !p->batch_spelled;
    p->batch_loops =
        lines && LANES_REGISTER * p->batch_values <= p->batch_most;
    p->batch_apart = lines && p->timesteps > LANES_MOST_COPIES;
    p->batch_least = least_lane_bytes(p);
    p->fewest_samples = fewest(p);
    plan_batch_some(p);
}
