/* blocks.c -- pruned weights: blocks of zeros, which the C neither stores nor
 * multiplies.
 *
 * A block is 8 rows of a kernel in tiles (8 inputs) times some columns of one
 * tile: all gates of its units, [8][gates][units], or one gate's, [8][units],
 * whichever has more zeros together. Of each such group of columns the C has
 * the blocks that are not zero, one after the other, and a list of their
 * numbers. Its inputs are picked by that list, then multiplied as ever: 64
 * columns take 16 times what it costs to copy an input. Measured, 75 % of
 * the blocks zero, the product alone: 3.1 to 4.5 times as fast, of half 1.6 to
 * 2.3 times. */

#include "rnnc.h"
#include "tuning.h"

enum {
    BAND = PRUNED_ROWS,
    SLICE = LANES_MOST /* columns that are looked at together */
};

/* Which parts of a weight are not zero: [bands][gates][slices], a slice being
 * 16 units. */
typedef struct Map {
    int64_t rows, units, bands, slices;
    int gates;
    bool *used;
} Map;

static int64_t parts(int64_t n, int64_t size)
{
    return (n + size - 1) / size;
}

static Map look(Arena *a, const Node *n, const Weight *w)
{
    Map m = {.units = expr_eval(n->op->tile_units, &n->scope),
             .gates = n->op->gates};
    m.rows = shape_size(&w->shape) / (m.gates * m.units);
    m.bands = parts(m.rows, BAND);
    m.slices = parts(m.units, SLICE);
    m.used = arena_alloc(a, (size_t)(m.bands * m.gates * m.slices), 1);
    for (int64_t r = 0; r < m.rows; r++)
        for (int64_t g = 0; g < m.gates; g++) {
            const double *row = w->data + (r * m.gates + g) * m.units;
            bool *used = m.used + (r / BAND * m.gates + g) * m.slices;
            for (int64_t u = 0; u < m.units; u++)
                used[u / SLICE] |= row[u] != 0;
        }
    return m;
}

/* Whether group i of all has a number other than 0 in a band. */
static bool used(const Map *m, const Tiles *t, int groups, int64_t i,
                 int64_t band)
{
    int64_t tile = i / groups, from = tile * t->units / SLICE;
    int64_t to = parts((tile + 1) * t->units, SLICE);
    int gate = (int)(i % groups), gates = groups == 1 ? m->gates : gate + 1;
    to = to < m->slices ? to : m->slices;
    for (; gate < gates; gate++)
        for (int64_t k = from; k < to; k++)
            if (m->used[(band * m->gates + gate) * m->slices + k])
                return true;
    return false;
}

static int64_t count_used(const Map *m, const Tiles *t, int groups)
{
    int64_t count = 0;
    for (int64_t i = 0; i < (int64_t)t->count * groups; i++)
        for (int64_t band = 0; band < m->bands; band++)
            count += used(m, t, groups, i, band);
    return count;
}

/* ---- What it costs ------------------------------------------------------- */

typedef struct Choice {
    int groups;          /* 0: all blocks are multiplied */
    int64_t cost;        /* in weights multiplied */
    int64_t zeros, all;  /* blocks */
    int columns;         /* of one */
} Choice;

/* In so many groups of columns for each tile. */
static Choice count(const Map *m, const Tiles *t, int groups)
{
    Choice c = {.groups = groups, .columns = t->width / groups};
    int64_t blocks = count_used(m, t, groups);
    c.all = (int64_t)t->count * groups * m->bands;
    c.zeros = c.all - blocks;
    c.cost = blocks * BAND * (c.columns + PRUNED_BLOCK) +
             (int64_t)t->count * groups * PRUNED_GROUP;
    return c;
}

/* The cheapest way for a weight in these tiles. What many samples at once gain
 * by other means (batch.c) is lost, so it has to be worth it. */
static Choice choose(const Map *m, const Tiles *t)
{
    int64_t all = (int64_t)t->count * t->width * m->rows;
    Choice best = count(m, t, 1);
    if (m->gates > 1 && t->units % SLICE == 0) {
        Choice apart = count(m, t, m->gates);
        best = apart.cost < best.cost ? apart : best;
    }
    bool dear = best.cost > all * PRUNED_MOST_COST / 100;
    if (dear || m->bands > UINT16_MAX + 1) { /* which lists cannot name */
        best.groups = 0;
        best.cost = all;
    }
    return best;
}

/* A matrix with all gates in its columns. */
static bool can_be(const Node *n, int i)
{
    return n->op->weights[i].tiled && n->weight[i].data &&
           n->weight[i].shape.rank == 2 && n->op->weights[i].narrow;
}

static int64_t layer_cost(const Node *n, const Map *map, const Tiles *t)
{
    int64_t cost = 0;
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (can_be(n, i))
            cost += choose(&map[i], t).cost;
    return cost;
}

/* Tiles of so many units that most zeros are together, where that is worth it;
 * else they stay as they are. */
void blocks_tiles(Arena *a, const Node *n, Tiles *t)
{
    static const int sizes[] = {PRUNED_UNITS, 0};
    Map map[MAX_WEIGHTS] = {{0}};
    int gates = n->op->gates;
    int64_t units = expr_eval(n->op->tile_units, &n->scope);
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (can_be(n, i))
            map[i] = look(a, n, &n->weight[i]);
    int64_t least = layer_cost(n, map, t) * PRUNED_MOST_OTHER / 100;
    for (int i = 0; sizes[i] && sizes[i] - SLICE < units; i++) {
        Tiles other = *t;
        other.units = sizes[i];
        other.count = (int)parts(units, other.units);
        other.width = gates * other.units;
        int64_t cost = layer_cost(n, map, &other);
        if (other.width > PRUNED_MOST_COLUMNS || cost >= least)
            continue;
        least = cost;
        *t = other;
    }
}

/* ---- Lists --------------------------------------------------------------- */

static void list_blocks(Arena *a, const Map *m, const Tiles *t, Blocks *b)
{
    int64_t groups = (int64_t)t->count * b->groups, most = groups * m->bands;
    b->first = arena_alloc(a, (size_t)groups + 1, sizeof *b->first);
    b->block = arena_alloc(a, (size_t)most, sizeof *b->block);
    for (int64_t i = 0; i < groups; i++) {
        for (int64_t band = 0; band < m->bands; band++)
            /* C has no arrays of nothing. */
            if (used(m, t, b->groups, i, band) ||
                (i + 1 == groups && band + 1 == m->bands && b->count == 0))
                b->block[b->count++] = (uint16_t)band;
        b->first[i + 1] = (uint32_t)b->count;
    }
}

/* ---- Straight lines ------------------------------------------------------ */

/* Of so many numbers from i on. */
static int64_t count_zeros(const Weight *w, int64_t i, int64_t size)
{
    int64_t zeros = 0;
    for (int64_t k = i; k < i + size; k++)
        zeros += w->data[k] == 0;
    return zeros;
}

/* Compilers make vectors of straight lines, which gaps spoil. A scalar
 * processor gains what was left out, lanes of samples 1.1 to 1.6 times. Rows of
 * zeros make no gaps. */
static void choose_lines(Array *array)
{
    const Weight *w = array->weight;
    int64_t size = shape_size(&w->shape), width = w->shape.dim[1], rows = 0;
    int64_t zeros = count_zeros(w, 0, size);
    for (int64_t i = 0; i < size; i += width)
        rows += count_zeros(w, i, width) == width;
    array->pruned.rows = array->pruned.columns = 1;
    array->pruned.zeros = zeros;
    array->pruned.all = size;
    array->pruned.left_out =
        zeros > 0 && zeros * 100 >= size * PRUNED_LEAST_LINES;
    if (array->pruned.left_out || rows == 0)
        return;
    array->pruned.columns = (int)width;
    array->pruned.zeros = rows;
    array->pruned.all = size / width;
    array->pruned.left_out = true;
}

bool blocks_line(const Array *array, int64_t i)
{
    int64_t columns = array->pruned.columns;
    return array->pruned.left_out &&
           count_zeros(array->weight, i - i % columns, columns) == columns;
}

void blocks_choose(Arena *a, const Plan *p, Array *array)
{
    const Node *n = array->node;
    bool known = can_be(n, (int)(array->weight - n->weight));
    if (known && p->unroll)
        choose_lines(array);
    if (!known || !array->tiles.units)
        return;
    Map m = look(a, n, array->weight);
    Choice c = choose(&m, &array->tiles);
    array->pruned.zeros = c.zeros;
    array->pruned.all = c.all;
    array->pruned.rows = BAND;
    array->pruned.columns = c.columns;
    array->pruned.left_out = c.groups && c.zeros > 0;
    if (!c.groups)
        return;
    array->blocks = arena_alloc(a, 1, sizeof *array->blocks);
    array->blocks->groups = c.groups;
    list_blocks(a, &m, &array->tiles, array->blocks);
}

const char *blocks_text(Arena *a, const Array *array)
{
    if (array->pruned.zeros == 0)
        return NULL;
    const char *what = "weights";
    if (array->pruned.columns > 1)
        what = arena_printf(a, "blocks of %d x %d", array->pruned.rows,
                            array->pruned.columns);
    return arena_printf(a, "%lld of %lld %s are zero, %s",
                        (long long)array->pruned.zeros,
                        (long long)array->pruned.all, what,
                        array->pruned.left_out
                            ? "and left out"
                            : "too few to gain by leaving them out");
}

/* Row r of the blocks, one after the other: its group, and its row of the
 * weight, or one beyond. */
int64_t blocks_row(const Blocks *b, int64_t r, int64_t *group)
{
    int64_t low = 0, high = 1, block = r / BAND;
    while (b->first[high] <= block)
        high++, low++;
    *group = low;
    return (int64_t)b->block[block] * BAND + r % BAND;
}

int64_t blocks_bytes(const Array *array)
{
    const Blocks *b = array->blocks;
    return 2 * b->count + 4 * ((int64_t)array->tiles.count * b->groups + 1);
}

/* Of four timesteps: inputs that were picked, and sums. */
int64_t blocks_locals(const Array *array)
{
    return 4 * (PRUNED_PICKED + array_row_numbers(array));
}
