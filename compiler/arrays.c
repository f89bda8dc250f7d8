/* arrays.c -- the arrays of weights in the C, and what stands in their rows:
 * the numbers of the model, of a kernel in tiles or for dot products in another
 * order, of a pruned one without its zeros. */

#include "rnnc.h"
#include "tuning.h"

#include <string.h>

static Step *step_of(const Plan *p, const Node *n)
{
    for (int i = 0; i < p->steps; i++)
        if (p->step[i].node == n && !p->step[i].push)
            return &p->step[i];
    return NULL;
}

/* Of the weight in the model. */
static int64_t whole_rows(const Array *array)
{
    const Op *op = array->node->op;
    int64_t size = shape_size(&array->weight->shape);
    return size / (op->gates * expr_eval(op->tile_units, &array->node->scope));
}

int64_t array_rows(const Array *array)
{
    int64_t size = shape_size(&array->weight->shape);
    if (array->blocks)
        return array->blocks->count * PRUNED_ROWS;
    if (!array->tiles.units)
        return size / array_row_numbers(array);
    return whole_rows(array);
}

int64_t tile_rows(const Array *array)
{
    int pack = storage_pack(array);
    return (array_rows(array) + pack - 1) / pack;
}

static int64_t count_elements(const Array *array)
{
    const Tiles *t = &array->tiles;
    if (t->units && !array->blocks)
        return t->count * tile_rows(array) * (int64_t)t->width;
    return array_rows(array) * array_row_size(array);
}

enum { LEAST_SHARED = 32 }; /* elements: of fewer, names tell more */

static bool same_layout(const Array *a, const Array *b)
{
    return a->spec == b->spec && a->tiles.units == b->tiles.units &&
           a->tiles.groups == b->tiles.groups &&
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
    blocks_choose(a, p, array);
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
    p->arrays = 0;
    p->wide_bytes = 0;
    for (const Node *n = p->graph->first; n; n = n->next) {
        Step *s = step_of(p, n);
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
            const Array *added = array_of(p, n, array.spec->name);
            if (added->blocks)
                s->locals += blocks_locals(added);
        }
    }
}

int64_t array_row_numbers(const Array *array)
{
    const Shape *s = &array->weight->shape;
    if (array->blocks)
        return array->tiles.width / array->blocks->groups;
    return array->tiles.units  ? array->tiles.width
           : array->tiles.dots ? s->dim[0]
           : s->rank > 1       ? s->dim[s->rank - 1]
                               : shape_size(s);
}

int64_t array_row_size(const Array *array)
{
    int64_t numbers = array_row_numbers(array);
    int pack = storage_pack(array), whole = LANES_MOST * pack;
    if (!array->tiles.dots)
        return numbers;
    return numbers / whole * LANES_MOST + (numbers % whole + pack - 1) / pack;
}

/* What stands in row r of an array in tiles: the first gate of a row of the
 * weight, if there is one. */
typedef struct Row {
    int64_t tile, gate, row;
    bool given;
} Row;

static Row find_row(const Array *array, int64_t r)
{
    const Blocks *b = array->blocks;
    Row row = {.given = true};
    if (!b) {
        row.tile = r / array_rows(array);
        row.row = r % array_rows(array);
        return row;
    }
    int64_t group;
    row.row = blocks_row(b, r, &group);
    row.tile = group / b->groups;
    row.gate = group % b->groups;
    row.given = row.row < whole_rows(array);
    return row;
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
    int64_t own = units / t->groups; /* of a group */
    int64_t tiles = t->few ? 1 : t->count / t->groups;
    Row row = find_row(array, r);
    for (int64_t i = 0; i < size; i++) {
        int64_t gate = row.gate + (t->few ? 0 : i / t->units);
        int64_t group = t->few ? i / t->units : row.tile / tiles;
        int64_t unit = row.tile % tiles * t->units + i % t->units;
        bool used = row.given && gate < op->gates && unit < own;
        unit += group * own;
        out[i] = used ? data[(row.row * op->gates + gate) * units + unit] : 0;
    }
}

int64_t plan_stored(const Plan *p, const Node *n)
{
    int64_t sum = 0;
    for (int i = 0; i < p->arrays; i++) {
        const Array *array = &p->array[i];
        if (array->node != n || array->same)
            continue;
        sum += array->size * array_bytes(p, array);
        if (array->blocks)
            sum += blocks_bytes(array);
    }
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
