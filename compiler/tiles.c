/* tiles.c -- how the columns of a layer's kernels stand in the C.
 *
 * A processor multiplies 4, 8 or 16 numbers at once, a Keras kernel has units
 * columns for each gate. In a tile all gates of some units stand side by side,
 * [rows][gate][units], filled up with zeros: its product is one walk through
 * memory, and its units can be activated while the next one is multiplied.
 * Measured shapes: design/codegen.md, sections 2 and 5. */

#include "rnnc.h"

#include <string.h>

enum {
    /* Below that straight-line code or plain loops are as fast. */
    LEAST_RECURRENT = 6,
    LEAST_DENSE = 5,
    LEAST_DOT = 16, /* features of a product of few units */
    /* Columns of a layer that is one tile, and of a tile of a larger one. */
    MOST_ALONE = 192,
    MOST_COLUMNS = 128,
    /* Timesteps whose inputs are multiplied at once: a kernel that is read
     * once for 8 costs an eighth; more gained less than 2 %. */
    MOST_TIMESTEPS = 8,
    LEAST_FEATURES = 4,      /* for which that is worth the memory */
    MOST_BYTES = 32 * 1024   /* of sums */
};

static int round_up(int64_t n, int to)
{
    return (int)((n + to - 1) / to * to);
}

/* Units per tile, a multiple of 16, so that the fewest are zeros; of equals the
 * most. */
static int divide(int64_t units, int gates)
{
    int best = LANES_MOST;
    for (int n = LANES_MOST; n * gates <= MOST_COLUMNS; n += LANES_MOST)
        if (round_up(units, n) <= round_up(units, best))
            best = n;
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

Tiles tiles_choose(const Plan *p, const Step *s)
{
    const Op *op = s->node->op;
    Tiles t = {0};
    if (!p->tiled || !op->tile_units || joins_units(s->node))
        return t;
    int64_t units = expr_eval(op->tile_units, &s->node->scope);
    if (units < (op->recurrent ? LEAST_RECURRENT : LEAST_DENSE)) {
        t.dots = !op->recurrent && features_of(s) >= LEAST_DOT;
        return t;
    }
    t.units = round_up(units, op->gates > 1 ? LANES_MOST / 2 : LANES_MOST);
    if ((int64_t)t.units * op->gates > MOST_ALONE)
        t.units = divide(units, op->gates);
    t.count = round_up(units, t.units) / t.units;
    t.width = round_up((int64_t)op->gates * t.units, LANES_MOST);
    t.timesteps = 1;
    return t;
}

/* ---- Timesteps at once --------------------------------------------------- */

static int fitting(const Plan *p, const Step *s, int timesteps)
{
    int64_t size = p->options->is_double ? 8 : 4;
    while (timesteps > 1 && size * s->tiles.count * s->tiles.width * timesteps >
                                MOST_BYTES)
        timesteps /= 2;
    return timesteps;
}

static bool gains(const Step *s)
{
    bool alone = s->inputs == 1; /* no first states, no mask */
    return features_of(s) >= LEAST_FEATURES &&
           (alone || s->phase == PHASE_EACH);
}

/* Elements on the stack of a layer's function: sums, next states. */
static int64_t count_locals(const Step *s)
{
    const Tiles *t = &s->tiles;
    int64_t rows = (int64_t)t->count * t->width, units = t->count * t->units;
    if (!s->node->op->recurrent) {
        int64_t at_once = s->rows < MOST_TIMESTEPS && t->timesteps == 1
                              ? s->rows
                              : MOST_TIMESTEPS;
        return at_once * t->width;
    }
    int64_t states = 0;
    for (int i = 0; i < MAX_STATES && s->node->op->state[i].name; i++)
        states += s->sequence ? units : 0;
    return rows * t->timesteps + 2 * units + t->width + states;
}

/* A layer over its whole sequence decides for itself; those that take turns at
 * every timestep of predict decide together, unless some come less often. */
void tiles_timesteps(Plan *p)
{
    int most = p->rings || p->clocks ? 1 : MOST_TIMESTEPS;
    bool wanted = false;
    for (int i = 0; i < p->steps; i++) {
        Step *s = &p->step[i];
        if (!s->tiles.units || !s->node->op->recurrent)
            continue;
        if (s->sequence && gains(s))
            s->tiles.timesteps = fitting(p, s, MOST_TIMESTEPS);
        if (s->phase == PHASE_EACH && !s->sequence) {
            wanted |= gains(s);
            most = fitting(p, s, most);
        }
    }
    if (!p->any_timesteps && most > p->timesteps)
        most = p->timesteps;
    p->chunk = wanted ? most : 1;
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].tiles.units && p->step[i].phase == PHASE_EACH &&
            !p->step[i].sequence)
            p->step[i].tiles.timesteps = p->chunk;
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].tiles.units)
            p->step[i].locals = count_locals(&p->step[i]);
}

/* ---- Arrays -------------------------------------------------------------- */

static const Step *step_of(const Plan *p, const Node *n)
{
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].node == n)
            return &p->step[i];
    return NULL;
}

int64_t array_rows(const Array *array)
{
    const Op *op = array->node->op;
    int64_t size = shape_size(&array->weight->shape);
    if (!array->tiles.units)
        return size / array_row_numbers(array);
    return size / (op->gates * expr_eval(op->tile_units, &array->node->scope));
}

int64_t tile_rows(const Array *array)
{
    int pack = storage_pack(array);
    return (array_rows(array) + pack - 1) / pack;
}

static int64_t count_elements(const Array *array)
{
    const Tiles *t = &array->tiles;
    if (t->units)
        return t->count * tile_rows(array) * (int64_t)t->width;
    return array_rows(array) * array_row_size(array);
}

enum { LEAST_SHARED = 32 }; /* elements: of fewer, names tell more */

static bool same_layout(const Array *a, const Array *b)
{
    return a->spec == b->spec && a->tiles.units == b->tiles.units &&
           a->tiles.dots == b->tiles.dots &&
           shape_equal(&a->weight->shape, &b->weight->shape);
}

static bool same_numbers(const Array *a, const Array *b)
{
    int64_t size = shape_size(&a->weight->shape);
    return size >= LEAST_SHARED && same_layout(a, b) &&
           memcmp(a->weight->data, b->weight->data,
                  (size_t)size * sizeof(double)) == 0;
}

/* Layers that a model uses in several places have the same weights, and so
 * have some that were never trained. The scales of an array are behind it. */
static bool add_shared(Plan *p, const Array *array)
{
    int i = 0;
    while (i < p->arrays &&
           (p->array[i].same || !same_numbers(&p->array[i], array)))
        i++;
    if (i == p->arrays)
        return false;
    const Array *same = &p->array[i];
    for (int k = 0; k < (same->scale ? 2 : 1); k++) {
        p->array[p->arrays] = same[k];
        p->array[p->arrays].node = array->node;
        p->array[p->arrays++].same = &same[k];
    }
    p->array[p->arrays - (same->scale ? 2 : 1)].weight = array->weight;
    return true;
}

/* And its scales behind it. */
static void add_array(Arena *a, Plan *p, Array *array)
{
    Array scale;
    if (add_shared(p, array))
        return;
    p->wide_bytes += (p->options->is_double ? 8 : 4) * count_elements(array);
    bool scaled = storage_choose(a, p, array, &scale);
    array->size = count_elements(array);
    p->array[p->arrays++] = *array;
    if (scaled) {
        scale.size = count_elements(&scale);
        p->array[p->arrays++] = scale;
    }
}

void list_arrays(Arena *a, Plan *p)
{
    int most = 2 * p->graph->nodes * MAX_WEIGHTS;
    p->array = arena_alloc(a, (size_t)most + 1, sizeof *p->array);
    for (const Node *n = p->graph->first; n; n = n->next) {
        const Step *s = step_of(p, n);
        for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++) {
            Array array = {.node = n,
                           .weight = &n->weight[i],
                           .spec = &n->op->weights[i]};
            if (!n->weight[i].data || array.spec->role == WEIGHT_FOLDED)
                continue;
            if (s && array.spec->tiled)
                array.tiles = s->tiles;
            if (n->weight[i].shape.rank < 2)
                array.tiles.dots = false;
            add_array(a, p, &array);
        }
    }
}

int64_t array_row_numbers(const Array *array)
{
    const Shape *s = &array->weight->shape;
    return array->tiles.units  ? array->tiles.width
           : array->tiles.dots ? s->dim[0]
           : s->rank > 1       ? s->dim[s->rank - 1]
                               : shape_size(s);
}

int64_t array_row_size(const Array *array)
{
    int64_t numbers = array_row_numbers(array);
    int pack = storage_pack(array), whole = 16 * pack;
    if (!array->tiles.dots)
        return numbers;
    return numbers / whole * 16 + (numbers % whole + pack - 1) / pack;
}

void array_row(const Array *array, int64_t r, double *out)
{
    const Tiles *t = &array->tiles;
    int64_t size = array_row_numbers(array);
    const double *data = array->code ? array->code : array->weight->data;
    if (!t->units) {
        int64_t rows = array_rows(array);
        for (int64_t i = 0; i < size; i++)
            out[i] = data[t->dots ? i * rows + r : r * size + i];
        return;
    }
    const Op *op = array->node->op;
    int64_t units = expr_eval(op->tile_units, &array->node->scope);
    int64_t rows = array_rows(array), first = r / rows * t->units;
    const double *row = data + r % rows * op->gates * units;
    for (int64_t i = 0; i < size; i++) {
        int64_t gate = i / t->units, unit = first + i % t->units;
        bool used = gate < op->gates && unit < units;
        out[i] = used ? row[gate * units + unit] : 0;
    }
}

int64_t plan_stored(const Plan *p, const Node *n)
{
    int64_t sum = 0;
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].node == n && !p->array[i].same)
            sum += p->array[i].size * array_bytes(p, &p->array[i]);
    return sum;
}

int64_t array_bytes(const Plan *p, const Array *array)
{
    if (!array->narrow)
        return p->options->is_double ? 8 : 4;
    return storage_pack(array) > 1           ? 4
           : array->storage == STORE_INT8 ? 1
                                          : 2;
}

const Array *array_of(const Plan *p, const Node *n, const char *name)
{
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].node == n && strcmp(p->array[i].spec->name, name) == 0)
            return &p->array[i];
    return NULL;
}
