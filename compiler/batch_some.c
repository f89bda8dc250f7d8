/* batch_some.c -- samples of predict_batch that share the weights, four to 32
 * at once. Recurrences in tiles can: their products are those of predict, bit
 * for bit, of narrow and of pruned weights, too. */

#include "rnnc.h"

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

static void choose_some(Plan *p)
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

void plan_batch_some(Plan *p)
{
    p->batch_some = 0;
    p->batch_narrow = false;
    if (!p->batch_spelled) /* lanes are better, however few */
        choose_some(p);
    p->batch_four = where_some(p);
}
