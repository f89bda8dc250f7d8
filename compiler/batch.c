/* batch.c -- how predict_batch takes its samples: one after the other, as many
 * at once as there are lanes, one in each, or some that share the weights
 * (batch_some.c). For lanes the functions of the layers are spelled once more
 * with lanes for numbers, so it is for layers whose templates allow it, and
 * while states and values of so many samples fit the stack. Of small layers all
 * sums are spelled out, for a sample in every lane or, without vectors, in
 * every turn of a loop. Measured shapes: design/batch.md. */

#include <string.h>

#include "rnnc.h"

enum {
    MOST_BYTES = 64 * 1024, /* of inputs, outputs, states and buffers */
    /* Products of a sample of which sums are spelled out; of how many, and up
     * to which size_of_lines, one after the other, else in loops of so many
     * rows of a kernel; of all timesteps, of which the loop may vanish; and the
     * size of straight lines: so the text of predict_batch is at most 8 KB with
     * gcc, 16 KB with clang. */
    MOST_SPELLED = 500,
    MOST_IN_A_ROW = 288,
    MOST_SPELLED_LINES = 620,
    LOOPED_ROWS = 2,
    MOST_TURNS = 512,
    MOST_LINES = 290,
    MOST_WHOLE = 512, /* elements of a sample's inputs and outputs */
    LANE_BYTES = 64   /* of a value in all lanes, at most */
};

bool activation_in_lanes(const Plan *p, const ActivationRow *row)
{
    bool own = p->options->math != MATH_LIBM && p->options->math != MATH_EXACT;
    return row->lanes == LANES_ALWAYS || (row->lanes == LANES_OWN && own);
}

/* Every activation has a twin for lanes. */
static bool has_twins(const Plan *p, const Node *n)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        if (n->op->attrs[i].type != ATTR_ACTIVATION)
            continue;
        if (!activation_in_lanes(p, n->attr[i].activation.row))
            return false;
    }
    return true;
}

/* What tiles sum in several parts lanes sum in one. */
static bool same_sums(const Plan *p, const Step *s)
{
    return !p->options->reproducible || (!s->tiles.units && !s->tiles.dots);
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

/* Of straight lines, in products: what gates make of sums takes ten. */
static int64_t size_of_lines(const Plan *p)
{
    int64_t size = 0;
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (s->node)
            size += s->macs + 10 * s->rows * columns_of(s->node);
    }
    return size;
}

/* Recurrences of one gate, and none of more: of their straight lines gcc makes
 * a call for every timestep (the notebook, AVX2: 35 ns, spelled out 26). */
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
 * lines are slower or large; not where their bits have to be those of tiles. */
static bool has_few_products(const Plan *p)
{
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].tiles.count > 1)
            return false;
    const Options *o = p->options;
    if (p->unroll && size_of_lines(p) <= MOST_LINES && !has_one_gate(p))
        return false;
    return o->unroll == UNROLL_AUTO && !o->reproducible &&
           products_of(p) <= MOST_SPELLED;
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
    if (!p->batch_spelled || n->op->gates != 1 || !n->op->lanes.locals)
        return false;
    int most = n->op->recurrent ? 8 : takes_little_text(n) ? 16 : 0;
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
    return !p->any_timesteps && size <= MOST_WHOLE;
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

/* In tiles, or of a recurrence's text for one sample. */
static int64_t locals_of(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    const Scope *scope = &s->node->scope;
    if (op->recurrent && !s->tiles.units && !p->batch_spelled)
        return expr_eval(op->scratch, scope);
    int64_t width = p->batch_spelled ? columns_of(s->node) : s->tiles.width;
    return expr_eval(op->lanes.locals, scope) + op->lanes.sums * width;
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
    static const int tiled[] = {96, 64, 48, 0}, spelled_out[] = {64, 32, 16, 0};
    bool sets = by_row(p) && !p->one_set && !p->batch_spelled;
    const int *bytes = sets ? tiled : spelled_out;
    while (*bytes && *bytes * values > p->batch_most)
        bytes++;
    return *bytes;
}

/* Products of vectors of 4 spread weights no faster than a sample alone does
 * (W8: 0.94 times): worth it for what waits for activations, too. */
static int least_lane_bytes(const Plan *p)
{
    for (int i = 0; i < p->steps; i++)
        if (p->unroll || (p->step[i].node && p->step[i].node->op->recurrent))
            return 16;
    return 32;
}

/* Samples for which a set of lanes, filled up, is as fast as predict for each:
 * of straight lines 2 to 4 in 16 lanes, 2 in 8 or 4; 3 to 6 where 8 units and
 * more fill registers of one sample, too (gcc and clang make vectors of them).
 * 16 in a loop take the time of 3 to 7 where compilers make it one of vectors
 * of 64 bytes, of 7 to 15 with those of 16. */
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
        return arena_printf(a, "%s_SAMPLES * 3 / 4", p->upper);
    const char *loops =
        p->batch_loops || p->batch_spelled
            ? arena_printf(a, " + %s_SETS * 8 / %s_WIDTH", p->upper, p->upper)
            : "";
    return arena_printf(a, "%s_LANES / %d + 3%s", p->upper, most < 8 ? 16 : 4,
                        loops);
}

/* Of rows and of timesteps of what is spelled out. */
static void choose_loops(Plan *p)
{
    int64_t products = products_of(p);
    bool looped =
        products > MOST_IN_A_ROW || size_of_lines(p) > MOST_SPELLED_LINES;
    p->batch_rows = looped ? LOOPED_ROWS : 0;
    p->batch_turns = p->batch_whole && products * p->timesteps <= MOST_TURNS;
}

/* Sums are spelled out where arrays fit the stack whatever the lanes are. */
static void choose_sums(Plan *p, bool all)
{
    p->one_set = p->batch_turns = false;
    p->batch_rows = 0;
    p->batch_spelled = all && has_few_products(p);
    p->batch_whole = p->batch_spelled && is_short(p);
    if (p->batch_spelled && LANE_BYTES * count_values(p) > p->batch_most)
        p->batch_spelled = p->batch_whole = false;
    p->one_set = all && !p->batch_spelled && needs_one_set(p);
    if (p->batch_spelled)
        choose_loops(p);
}

void plan_batch(Plan *p)
{
    int64_t budget = p->options->budget_stack;
    bool all = p->rings == 0 && p->clocks == 0;
    for (int i = 0; i < p->steps; i++)
        all = all && fits(p, &p->step[i]);
    p->batch_most = budget < 0 || budget > MOST_BYTES ? MOST_BYTES : budget;
    choose_sums(p, all);
    p->batch_values = all ? count_values(p) : 0;
    p->batch_bytes = p->batch_values * widest(p, p->batch_values);
    p->samples_in_lanes = p->batch_bytes > 0;
    p->batch_loops = p->samples_in_lanes && p->unroll && !p->batch_spelled &&
                     LANE_BYTES * p->batch_values <= p->batch_most;
    p->batch_least = least_lane_bytes(p);
    p->fewest_samples = fewest(p);
    plan_batch_some(p);
}
