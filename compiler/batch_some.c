/* batch_some.c -- samples of predict_batch that share the weights, four to 32
 * at once. Recurrences in tiles can: their products are those of predict, bit
 * for bit, of narrow and of pruned weights, too; but where bits may differ,
 * sums in one part let more of them share what is loaded, and Dense layers. */

#include <string.h>

#include "rnnc.h"
#include "tuning.h"

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

/* All units wait for a gate of all others. */
bool batch_waits(const Step *s)
{
    return s->node->op->lanes.sums > 1 && !attr_bool(s->node, "reset_after");
}

static int64_t some_locals(const Step *s)
{
    const Tiles *t = &s->tiles;
    int64_t states = (int64_t)t->count * t->units;
    if (!s->node->op->recurrent)
        return t->width;
    if (s->node->op->gates == 4) /* sums go on from those of x */
        return t->width + states;
    return batch_waits(s) ? t->count * t->width + 2 * states /* and r h */
                          : 2 * t->width + states;
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

/* Behind its units are at most one in `parts` as many zeros. */
static bool is_full(const Step *s, int parts)
{
    int64_t units = expr_eval(s->node->op->tile_units, &s->node->scope);
    return tiles_zeros(s) * parts <= units;
}

/* Registers of sixteen floats are full of the units of a sample, too, if those
 * are many sixteens. Then sharing is faster than lanes, whose weights are
 * spread one by one. */
static bool fills_sixteens(const Plan *p)
{
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        if (!s->some || !s->node->op->recurrent || s->node->op->gates == 1)
            continue;
        if (s->tiles.units % LANES_MOST || !is_full(s, SHARED_FULL_RECURRENT))
            return false;
    }
    return true;
}

/* So are those of eight, where sums are in one part, but those of SimpleRNN,
 * which gain nothing. LSTM in sixteens are as fast as lanes for 72 samples,
 * which three vectors of lanes divide, else faster; in eights slower. */
static bool fills_eights(const Plan *p)
{
    for (int i = 0; i < p->steps; i++) {
        const Step *s = &p->step[i];
        int gates = s->node ? s->node->op->gates : 0;
        if (!s->some || !s->node->op->recurrent)
            continue;
        if (gates == 1 || (gates == 4 && s->tiles.units % LANES_MOST) ||
            !is_full(s, SHARED_FULL_RECURRENT))
            return false;
    }
    return !p->batch_alike;
}

/* Dense layers beyond sixteen units are sixteens of them: then sharing is
 * faster than lanes. */
static bool is_sixteens(const Step *s)
{
    int64_t units = expr_eval(s->node->op->tile_units, &s->node->scope);
    return units <= LANES_MOST || is_full(s, SHARED_FULL_DENSE);
}

/* They stand in lanes wherever there are any. */
static bool lanes_do(const Plan *p)
{
    return p->samples_in_lanes &&
           LANES_SETS_32 * p->batch_values <= p->batch_most;
}

static bool any_recurrent(const Plan *p)
{
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].some && p->step[i].node->op->recurrent)
            return true;
    return false;
}

/* Recurrences gain by sharing in any case, Dense layers alone only where sums
 * may be in one part: where registers are full, or lanes do not fit. */
static bool gains(const Plan *p)
{
    bool some = false, sixteens = true;
    for (int i = 0; i < p->steps; i++) {
        some |= p->step[i].some;
        sixteens &= !p->step[i].some || is_sixteens(&p->step[i]);
    }
    return any_recurrent(p) ||
           (some && !p->batch_alike && (sixteens || !lanes_do(p)));
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

/* Samples that share in sixes or fours: of sixes four may be left. */
static int fewer(int n, int rows)
{
    return n % rows == 0 && rows == SHARED_ROWS ? n - 2 : n - SHARED_ROWS_ALIKE;
}

static void choose_some(Plan *p)
{
    int64_t size = p->options->is_double ? 8 : 4;
    bool all = !p->unroll && p->rings == 0 && p->clocks == 0;
    for (int i = 0; i < p->steps; i++)
        all = all && can_stand_beside(&p->step[i]);
    for (int i = 0; all && i < p->steps; i++) {
        Step *s = &p->step[i];
        s->some = s->node && shares(s);
    }
    int64_t most = p->options->budget_stack, one = size * count_some(p);
    int64_t once = size * count_once(p);
    const bool gain = gains(p);
    int rows = p->batch_alike ? SHARED_ROWS_ALIKE : SHARED_ROWS;
    bool large = kernel_bytes(p) >= SHARED_LARGE_KERNELS;
    int n = rows * (large ? SHARED_MOST / rows : SHARED_PASSES);
    for (; gain && n >= SHARED_LEAST && !p->batch_some; n = fewer(n, rows))
        if (n * one + once <= (most < p->batch_most ? p->batch_most : most))
            p->batch_some = n;
    p->batch_fills_64 = p->batch_some && fills_sixteens(p);
    p->batch_fills_32 = p->batch_some && fills_eights(p);
    if (lanes_do(p) && !p->batch_fills_64 && !p->batch_fills_32)
        p->batch_some = 0; /* lanes are better */
    int64_t bytes = p->batch_some ? p->batch_some * one + once : 0;
    p->batch_bytes = bytes > p->batch_bytes ? bytes : p->batch_bytes;
}

/* What is unpacked at some expense four samples share everywhere; nets that had
 * rather stand in lanes not in plain C99, for its text (W2) or its speed (W8,
 * gcc 161 -> 241 ns, clang 180 -> 118). */
static const char *where_some(const Plan *p)
{
    Arena *arena = p->graph->arena;
    const char *u = p->upper, *lanes = "", *bytes = "";
    if (p->samples_in_lanes)
        lanes = arena_printf(arena, "!defined %s_IN_LANES && ", u);
    if (p->options->weights > STORE_BF16)
        return arena_printf(arena, "%s%s_BYTES", lanes, u);
    if (!any_recurrent(p) || (lanes_do(p) && !p->batch_fills_64))
        bytes = arena_printf(arena, " && %s_BYTES", u);
    return arena_printf(arena, "%s%s_FOUR%s", lanes, u, bytes);
}

/* Others than a rectifier take registers that sums need. */
bool batch_is_last(const Plan *p, const Step *s)
{
    if (!s->some || p->batch_alike || s->node->op->recurrent)
        return false;
    const Activation *a = &attr_of(s->node, "activation")->activation;
    return strcmp(a->row->name, "relu") == 0;
}

/* Those of products of every kind but plain ones are predict's in any case. */
static bool sums_are_alike(const Plan *p)
{
    bool alike = p->options->reproducible || p->options->weights != STORE_F32;
    for (int i = 0; i < p->arrays; i++)
        alike |= p->array[i].blocks != NULL;
    return alike;
}

void plan_batch_some(Plan *p)
{
    p->batch_some = 0;
    p->batch_fills_64 = p->batch_fills_32 = false;
    p->batch_alike = sums_are_alike(p);
    /* Six and four: any even number. */
    p->batch_multiple = p->batch_alike ? SHARED_ROWS_ALIKE : 2;
    if (!p->batch_spelled) /* lanes are better, however few */
        choose_some(p);
    p->batch_four = where_some(p);
}
