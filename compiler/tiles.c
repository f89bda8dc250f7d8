/* tiles.c -- how the columns of a layer's kernels stand in the C.
 *
 * A processor multiplies 4, 8 or 16 numbers at once, a Keras kernel has units
 * columns for each gate. In a tile all gates of some units stand side by side,
 * [rows][gate][units], filled up with zeros: its product is one walk through
 * memory, and its units can be activated while the next one is multiplied.
 * Measured shapes: design/codegen.md, sections 2 and 5; numbers: tuning.h. */

#include "rnnc.h"
#include "tuning.h"

static int round_up(int64_t n, int to)
{
    return (int)((n + to - 1) / to * to);
}

/* Units per tile, a multiple of 16, for the fewest columns, with zeros; a tile
 * takes the time of some columns at least. Of equals the smallest: its units
 * are activated while the next one is multiplied. */
static int divide(int64_t units, int gates, int least_columns)
{
    int64_t least = INT64_MAX;
    int best = LANES_MOST;
    for (int n = LANES_MOST; n * gates <= TILES_MOST_COLUMNS; n += LANES_MOST) {
        int64_t columns = n * gates;
        if (columns < least_columns)
            columns = least_columns;
        int64_t all = round_up(units, n) / n * columns;
        if (all < least) {
            least = all;
            best = n;
        }
    }
    return best;
}

static int64_t features_of(const Step *s)
{
    int64_t features = 0;
    scope_find(&s->node->scope, "features", &features);
    return features;
}

/* A gate's softmax is over its units, which are not side by side in tiles. */
static bool joins_units(const Node *n)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        if (n->op->attrs[i].type == ATTR_ACTIVATION &&
            n->attr[i].activation.row->eval_all)
            return n->op->recurrent;
    return false;
}

/* Weights as they are, whose sums may be in other parts than those of lanes. */
static bool is_free(const Options *o)
{
    return !o->reproducible && o->weights == STORE_F32;
}

/* Units of a recurrence whose tiles are faster than straight lines. Lanes have
 * the bits of straight lines, not those of tiles. */
static bool fills_loops(const Plan *p, const Op *op, int64_t units)
{
    if (!is_free(p->options) && op->gates > 1)
        return units >= LOOPS_LEAST_ALIKE;
    return units >= LOOPS_LEAST_RECURRENT &&
           (op->gates != 3 || units != LINES_THREE_GATES);
}

bool tiles_fill(const Plan *p, const Step *s)
{
    const Op *op = s->node ? s->node->op : NULL;
    const Shape *out = &s->out_shape;
    if (!op || (op->recurrent && !op->tile_units) || joins_units(s->node))
        return false;
    if (!op->tile_units) /* lanes along the last axis */
        return out->rank > 0 && out->dim[out->rank - 1] >= LOOPS_LEAST_ABREAST;
    int64_t units = expr_eval(op->tile_units, &s->node->scope);
    return op->recurrent     ? fills_loops(p, op, units)
           : op->tile_window ? units >= LOOPS_LEAST_ABREAST
                             : units >= LOOPS_LEAST_DENSE ||
                                   features_of(s) >= TILES_LEAST_DOT;
}

static int64_t groups_of(const Node *n)
{
    const char *groups = n->op->tile_groups;
    return groups ? expr_eval(groups, &n->scope) : 1;
}

/* Elements that the layer puts side by side for one product. */
static int64_t window_of(const Step *s)
{
    const Op *op = s->node->op;
    return op->tile_window ? expr_eval(op->tile_window, &s->node->scope) : 0;
}

/* Groups of few units stand beside each other. Those of 2, 4 or 8 units and as
 * many features do as they are, for lanes can pick these from a row; others are
 * filled up to 4 or 8 units, which share a number of x. */
static Tiles join_groups(const Plan *p, const Step *s, int groups, int units)
{
    bool alike = units * groups == features_of(s) &&
                 (units == 2 || units == 4 || units == 8);
    int filled = alike ? units : round_up(units, 4), all = groups * filled;
    if (units < TILES_LEAST_JOINED || all % 4 != 0)
        return (Tiles){.how = "in loops: too few units"};
    if (p->options->weights != STORE_F32)
        return (Tiles){.how = "in loops: --weights"};
    return (Tiles){.units = filled,
                   .groups = groups,
                   .count = 1,
                   .width = all,
                   .timesteps = 1,
                   .few = alike && all % 16 == 0            ? "lanes"
                          : (alike ? all : filled) % 8 == 0 ? "eight"
                                                            : "quad",
                   .how = filled == units ? "beside the others"
                          : filled == 4   ? "beside the others, filled up to 4"
                                        : "beside the others, filled up to 8"};
}

/* Columns of a layer that is one tile; of four gates, whose units are activated
 * in sixteens and an eight, more where that leaves fewer empty. */
static int most_alone(const Op *op, int64_t units)
{
    bool eights = round_up(units, TILES_GATED) % LANES_MOST != 0;
    if (op->gates == 1)
        return TILES_MOST_ALONE;
    return op->gates == 4 && eights ? TILES_MOST_ALONE_EIGHTS
                                    : TILES_MOST_ALONE_GATED;
}

/* Of each group as many as those of a layer. */
static Tiles divide_units(const Plan *p, const Op *op, int groups,
                          int64_t units)
{
    bool narrow = p->options->weights != STORE_F32;
    Tiles t = {.groups = groups, .timesteps = 1};
    bool half =
        op->gates == 1 && groups == 1 && !narrow && units <= TILES_GATED;
    t.units = round_up(units, op->gates > 1 || half ? TILES_GATED : LANES_MOST);
    if ((int64_t)t.units * op->gates > most_alone(op, units))
        t.units = divide(units, op->gates,
                         narrow ? TILES_LEAST_NARROW : TILES_LEAST_COLUMNS);
    t.count = groups * round_up(units, t.units) / t.units;
    t.width = round_up((int64_t)op->gates * t.units,
                       half ? TILES_GATED : LANES_MOST);
    t.how = groups > 1 ? "in tiles of its own" : NULL;
    return t;
}

int64_t tiles_zeros(const Step *s)
{
    int64_t units = expr_eval(s->node->op->tile_units, &s->node->scope);
    return (int64_t)s->tiles.count * s->tiles.units - units;
}

/* Whether sums can stand in the output: a product writes whole tiles. */
bool tiles_exact(const Step *s)
{
    const Tiles *t = &s->tiles;
    int64_t all =
        t->few || t->count == 1 ? t->width : (int64_t)t->count * t->units;
    return all == expr_eval(s->node->op->tile_units, &s->node->scope);
}

/* Whether predict_batch has to sum in fours, as rn_product_few does. */
bool tiles_in_fours(const Plan *p, const Step *s)
{
    const Tiles *t = &s->tiles;
    return p->options->reproducible && s->node->op->gates == 1 && t->units &&
           t->count == 1 && t->width <= LANES_MOST;
}

/* Numbers that stand alone, on a processor without vectors, are fastest in
 * straight lines, which do not add up in parts and store nothing between. */
bool tiles_alone(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    bool brief = op->recurrent ? lines_text(s) <= LINES_MOST_OF_LAYER
                               : !op_walks(op) && s->macs <= LINES_MOST_ALONE;
    return s->tiles.count == 1 && s->tiles.groups == 1 && s->rows == 1 &&
           s->tiles.timesteps == 1 && op->gates == 1 && !op->tile_window &&
           p->options->unroll == UNROLL_AUTO && is_free(p->options) && brief;
}

/* Dense of few units: dot products of the features, if those are many. */
static bool prefers_dots(const Plan *p, const Step *s, int64_t units)
{
    bool narrow = p->options->weights != STORE_F32;
    int64_t each = narrow ? 0 : units * TILES_DOT_EACH;
    int64_t features = features_of(s);
    return !op_walks(s->node->op) && !s->node->op->tile_window &&
           units < TILES_LEAST_WINDOW && features >= TILES_LEAST_DOT &&
           features >= each;
}

/* Units of a layer, below which there are loops as Keras has its weights. */
static int least_units(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    if (!op->recurrent)
        return op->tile_window ? TILES_LEAST_WINDOW : TILES_LEAST_DENSE;
    bool few = op->gates == 1 ? p->options->weights == STORE_F32
                              : is_free(p->options);
    return few ? TILES_LEAST_FEW : TILES_LEAST_RECURRENT;
}

Tiles tiles_choose(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    Tiles t = {0};
    if (!p->tiled || !op->tile_units || joins_units(s->node))
        return t;
    int groups = (int)groups_of(s->node);
    int64_t units = expr_eval(op->tile_units, &s->node->scope) / groups;
    bool few = groups > 1 && units <= TILES_MOST_JOINED;
    t.dots = !few && prefers_dots(p, s, units);
    if (t.dots || (!few && units < least_units(p, s)))
        return t;
    int64_t window = window_of(s) * (p->options->is_double ? 8 : 4);
    if (window > (p->spare ? 0 : TILES_MOST_BYTES)) {
        t.how = groups > 1 ? "in loops: windows take memory" : NULL;
        return t;
    }
    if (few)
        return join_groups(p, s, groups, (int)units);
    t = divide_units(p, op, groups, units);
    blocks_tiles(p->graph->arena, s->node, &t);
    return t;
}

bool few_taps(const Step *s)
{
    int64_t rows = 0, columns = 0;
    scope_find(&s->node->scope, "window_rows", &rows);
    scope_find(&s->node->scope, "window_columns", &columns);
    return rows * columns <= WINDOW_MOST_TAPS;
}

/* ---- Timesteps at once --------------------------------------------------- */

static int fitting(const Plan *p, const Step *s, int timesteps)
{
    int64_t size = (p->options->is_double ? 8 : 4) *
                   (s->tiles.count * s->tiles.width + window_of(s));
    while (timesteps > 1 && size * timesteps > TILES_MOST_BYTES)
        timesteps /= 2;
    return timesteps;
}

static bool gains(const Step *s)
{
    bool alone = s->inputs == 1; /* no first states, no mask */
    bool enough = s->tiles.count > 1 ||
                  features_of(s) * s->tiles.width >= TILES_LEAST_KERNEL;
    return s->node->op->tile_window ||
           (enough && (alone || s->phase == PHASE_EACH));
}

/* Elements on the stack of a layer's function: sums, next states. */
static int64_t count_locals(const Step *s)
{
    const Tiles *t = &s->tiles;
    int64_t rows = (int64_t)t->count * t->width;
    int64_t units = (int64_t)t->count * t->units;
    if (s->node->op->tile_window) /* no sums where they stand in the output */
        return (t->pixels ? t->pixels : t->timesteps) *
               (window_of(s) + (tiles_exact(s) ? 0 : t->width));
    if (!op_walks(s->node->op))
        return (int64_t)t->rows * t->width;
    int64_t states = 0;
    for (int i = 0; i < MAX_STATES && s->node->op->state[i].name; i++)
        states += s->sequence ? units : 0;
    return rows * t->timesteps + 2 * units + t->width + states;
}

/* A layer over its whole sequence decides for itself, and so does one over a
 * plane; those that take turns at every timestep of predict decide together,
 * unless some come less often. */
void tiles_timesteps(Plan *p)
{
    int most = p->rings || p->clocks ? 1 : TILES_MOST_TIMESTEPS;
    bool wanted = false;
    for (int i = 0; i < p->steps; i++) {
        Step *s = &p->step[i];
        if (!s->tiles.units)
            continue;
        if (!op_walks(s->node->op)) {
            if (s->node->op->tile_window)
                s->tiles.pixels = fitting(p, s, TILES_MOST_TIMESTEPS);
            continue;
        }
        if (s->sequence && gains(s))
            s->tiles.timesteps = fitting(p, s, TILES_MOST_TIMESTEPS);
        if (s->phase == PHASE_EACH && !s->sequence) {
            wanted |= gains(s);
            most = fitting(p, s, most);
        }
    }
    if (!p->any_timesteps && most > p->timesteps)
        most = p->timesteps;
    p->chunk = wanted ? most : 1;
    for (int i = 0; i < p->steps; i++) {
        Step *s = &p->step[i];
        if (s->tiles.units && s->phase == PHASE_EACH && !s->sequence &&
            !s->tiles.pixels)
            s->tiles.timesteps = p->chunk;
        s->tiles.rows = s->rows < TILES_MOST_TIMESTEPS && s->tiles.timesteps < 2
                            ? (int)s->rows
                            : TILES_MOST_TIMESTEPS;
        if (s->tiles.units)
            s->locals = count_locals(s);
    }
}
