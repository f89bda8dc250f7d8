/* batch.c -- how predict_batch takes its samples: one after the other, as many
 * at once as there are lanes, one in each, or four to 32 whose products
 * share the weights. For lanes the functions of the layers are spelled once
 * more with lanes for numbers, so it is for layers whose templates allow it,
 * and while states and values of so many samples fit the stack. Recurrences in
 * tiles can share: their products are those of predict, bit for bit, of narrow
 * and of pruned weights, too. Measured shapes: design/batch.md. */

#include "rnnc.h"

enum { MOST_BYTES = 64 * 1024 }; /* of inputs, outputs, states and buffers */

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
    return !p->unroll;
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
    return port->each && by_row(p) ? port->slice
                                   : shape_size(&port->tensor->shape);
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
static int64_t locals_of(const Step *s)
{
    const Op *op = s->node->op;
    if (op->recurrent && !s->tiles.units)
        return expr_eval(op->scratch, &s->node->scope);
    return expr_eval(op->lanes.locals, &s->node->scope) +
           (int64_t)op->lanes.sums * s->tiles.width;
}

static int64_t count_locals(const Plan *p)
{
    int64_t most = 0;
    for (int i = 0; i < p->steps; i++) {
        int64_t size = p->step[i].node ? locals_of(&p->step[i]) : 0;
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
    const int *bytes = by_row(p) && !p->one_set ? tiled : spelled_out;
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

/* ---- Samples that share the weights -------------------------------------- */

/* Kernels that stand in the second cache are read once for eight samples at
 * hardly any cost; larger ones for as many as the stack allows: W9 takes 930k
 * ns per sample with 8, 740k with 16 and 570k with 32. */
enum { SOME_MOST = 32, SOME_FEW = 8, LARGE_KERNELS = 1 << 20 };

static int64_t kernel_bytes(const Plan *p)
{
    int64_t bytes = 0;
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].tiles.units)
            bytes += p->array[i].size * array_bytes(p, &p->array[i]);
    return bytes;
}

/* Takes several samples: a product of so many rows. */
static bool shares(const Step *s)
{
    const Op *op = s->node->op;
    bool once = s->inputs == 1 && s->rows == 1;
    return s->tiles.units && op->lanes.locals && once;
}

/* Layers that do not are called for each sample, with one timestep: those that
 * look back gain more by taking several of one sample at once. */
static bool can_stand_beside(const Step *s)
{
    if (!s->node)
        return true;
    const Op *op = s->node->op;
    bool masked = op->recurrent && attr_bool(s->node, "masked");
    return !op->temporal && !op->gathers && !masked && !s->push &&
           !s->sequence && s->times <= 1 &&
           (shares(s) || !op->recurrent || !s->tiles.units);
}

static int64_t some_locals(const Step *s)
{
    const Tiles *t = &s->tiles;
    int64_t states = (int64_t)t->count * t->units;
    if (!s->node->op->recurrent)
        return t->width;
    if (s->node->op->gates == 4) /* sums go on from those of x */
        return t->width + states;
    /* What waits for all units: sums of all tiles, and r h. */
    bool waits =
        s->node->op->lanes.sums > 1 && !attr_bool(s->node, "reset_after");
    return waits ? t->count * t->width + 2 * states : 2 * t->width + states;
}

/* Elements that a sample takes. */
static int64_t count_some(const Plan *p)
{
    int64_t values = 0, most = 0;
    for (int i = 0; i < p->steps; i++) {
        int64_t size = p->step[i].some ? some_locals(&p->step[i]) : 0;
        most = size > most ? size : most;
    }
    for (int i = 0; i < p->states; i++)
        values += p->state[i].size;
    for (int i = 0; i < p->buffers; i++)
        values += p->buffer[i].step_size;
    return values + most;
}

/* Registers of sixteen floats are full of the units of a sample, too, if those
 * are many sixteens with few zeros behind them. Then sharing is faster than
 * lanes, whose weights are spread one by one: LSTM 32 1.2 times, GRU 64 1.2,
 * SimpleRNN 24 1.3; but LSTM 40, in eights, 0.8 times, and LSTM 50 0.9. */
static bool fills_registers(const Plan *p)
{
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (!s->some || !s->node->op->recurrent || s->node->op->gates == 1)
            continue;
        int64_t units = expr_eval(s->node->op->tile_units, &s->node->scope);
        if (s->tiles.units % LANES_MOST ||
            (int64_t)s->tiles.count * s->tiles.units * 8 > units * 9)
            return false;
    }
    return true;
}

/* They stand in lanes wherever there are any. */
static bool lanes_do(const Plan *p)
{
    return p->samples_in_lanes && 96 * p->batch_values <= p->batch_most;
}

/* Elements for all of them: layers called for one after the other, and the
 * inputs that pruned products pick. */
static int64_t count_once(const Plan *p)
{
    int64_t most = 0;
    for (int i = 0; i < p->steps; i++)
        if (!p->step[i].some && p->step[i].locals > most)
            most = p->step[i].locals;
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].blocks && blocks_locals(&p->array[i]) > most)
            most = blocks_locals(&p->array[i]);
    return most;
}

static void plan_some(Plan *p)
{
    int64_t size = p->options->is_double ? 8 : 4;
    bool all = !p->unroll && p->rings == 0 && p->clocks == 0, any = false;
    for (int i = 0; i < p->steps; i++)
        all = all && can_stand_beside(&p->step[i]);
    for (int i = 0; all && i < p->steps; i++) {
        Step *s = &p->step[i];
        s->some = s->node && shares(s);
        any |= s->some && s->node->op->recurrent;
    }
    int64_t most = p->options->budget_stack, one = size * count_some(p);
    int64_t once = size * count_once(p);
    int n = kernel_bytes(p) < LARGE_KERNELS ? SOME_FEW : SOME_MOST;
    for (; any && n >= 4 && !p->batch_some; n -= 4)
        if (n * one + once <= (most < p->batch_most ? p->batch_most : most))
            p->batch_some = n;
    p->batch_narrow = p->batch_some && fills_registers(p);
    if (lanes_do(p) && !p->batch_narrow)
        p->batch_some = 0; /* lanes are better */
    int64_t bytes = p->batch_some ? p->batch_some * one + once : 0;
    p->batch_bytes = bytes > p->batch_bytes ? bytes : p->batch_bytes;
}

/* What is unpacked at some expense four samples share everywhere. */
static const char *where_some(const Plan *p)
{
    const char *macro = p->options->weights > STORE_BF16 ? "BYTES" : "FOUR";
    const char *text =
        p->samples_in_lanes ? "!defined %s_IN_LANES && %s_%s" : "%.0s%s_%s";
    return arena_printf(p->graph->arena, text, p->upper, p->upper, macro);
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
    if (!p->unroll && !p->one_set)
        return arena_printf(a, "%s_SAMPLES * 3 / 4", p->upper);
    const char *loops =
        p->batch_loops
            ? arena_printf(a, " + %s_SETS * 8 / %s_WIDTH", p->upper, p->upper)
            : "";
    return arena_printf(a, "%s_LANES / %d + 3%s", p->upper, most < 8 ? 16 : 4,
                        loops);
}

void plan_batch(Plan *p)
{
    int64_t budget = p->options->budget_stack;
    bool all = p->rings == 0 && p->clocks == 0;
    for (int i = 0; i < p->steps; i++)
        all = all && fits(p, &p->step[i]);
    p->batch_most = budget < 0 || budget > MOST_BYTES ? MOST_BYTES : budget;
    p->one_set = all && needs_one_set(p);
    p->batch_values = all ? count_values(p) : 0;
    p->batch_bytes = p->batch_values * widest(p, p->batch_values);
    p->samples_in_lanes = p->batch_bytes > 0;
    p->batch_loops = p->samples_in_lanes && p->unroll &&
                     64 * p->batch_values <= p->batch_most;
    p->batch_least = least_lane_bytes(p);
    p->fewest_samples = fewest(p);
    p->batch_some = 0;
    plan_some(p);
    p->batch_four = where_some(p);
}
