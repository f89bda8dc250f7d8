/* storage.c -- --weights: which weights the C stores in less than a float, and
 * as what. The C widens them to float again, and calculates as ever.
 *
 * Small are the matrices and tables whose templates can read them (`narrow` in
 * the op's row), where that saves bytes. Biases, first states and factors of
 * normalizations stay as they are: there is one for a whole column of weights,
 * so it would save next to nothing, and no sum evens out what it is off by.
 * Straight-line code has its weights as constants, in the text: it gets the
 * same rounded numbers, as floats.
 *
 *   bf16  8 bits of significand, the exponent of a float
 *   f16   11 bits, 6e-8 to 65504
 *   int8  -127..127 times a float of the column, the largest of it / 127
 *
 * Where several rows are read side by side (tiles, dots), numbers are packed
 * into words of 32 bits: of two features in their halves, or of four in their
 * bytes. Lanes of words widen by shifts; a vector of 16-bit numbers would have
 * to be spread over two registers first. */

#include "rnnc.h"
#include "tuning.h"

#include <float.h>
#include <math.h>
#include <string.h>

const char *storage_name(Storage s)
{
    static const char *const names[] = {"f32", "bf16", "f16", "int8"};
    return names[s];
}

const char *storage_error(Arena *a, const Plan *p)
{
    if (p->stored_error < 0)
        return "not known: there are no samples";
    return arena_printf(a, "%.2g at most, of up to %.2g", p->stored_error,
                        p->stored_largest);
}

/* ---- Numbers ------------------------------------------------------------- */

/* To so many digits, ties to even; none of less weight than 2^least. */
static double round_to(double value, int digits, int least)
{
    int exponent;
    frexp(value, &exponent);
    exponent = exponent - digits < least ? least : exponent - digits;
    return ldexp(rint(ldexp(value, -exponent)), exponent);
}

/* What would become infinite becomes the largest number. */
double storage_round(Storage s, double scale, double value)
{
    double most = s == STORE_BF16 ? 0x1.fep127 : s == STORE_F16 ? 65504 : 127;
    if (isnan(value) || s == STORE_F32)
        return value;
    if (s == STORE_INT8)
        value = scale > 0 ? rint(value / scale) : 0;
    else if (isfinite(value))
        value = s == STORE_BF16 ? round_to(value, 8, -133)
                                : round_to(value, 11, -24);
    value = fabs(value) > most ? copysign(most, value) : value;
    return s == STORE_INT8 ? value * scale : value;
}

static uint32_t float_bits(double value)
{
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    return bits;
}

/* Of a number that is one of them: the exponent counts from 2^-14, below which
 * numbers are multiples of 2^-24. */
static uint32_t half_bits(double value)
{
    uint32_t sign = signbit(value) ? 0x8000 : 0;
    double size = fabs(value);
    int exponent;
    if (isnan(value))
        return 0x7e00;
    if (size < 0x1p-14)
        return sign | (uint32_t)ldexp(size, 24);
    frexp(size, &exponent);
    return sign |
           (uint32_t)((exponent + 13) * 1024 + (int)ldexp(size, 11 - exponent));
}

uint32_t storage_bits(Storage s, double stored)
{
    if (s == STORE_INT8)
        return (uint32_t)(int32_t)stored & 0xff;
    if (s == STORE_F16)
        return half_bits(stored);
    return s == STORE_BF16 ? float_bits(stored) >> 16 : float_bits(stored);
}

/* ---- Arrays -------------------------------------------------------------- */

int storage_pack(const Array *array)
{
    bool packed = array->narrow && (array->tiles.units || array->tiles.dots);
    return !packed ? 1 : array->storage == STORE_INT8 ? 4 : 2;
}

/* A shape's text without its first dimensions. */
static const char *rest_of(const char *shape, int dimensions)
{
    for (; dimensions > 0; dimensions--)
        shape = strchr(shape, ',') + 2;
    return shape;
}

/* Outputs that a weight is summed up to. */
static int64_t count_columns(const Array *array)
{
    Shape rest = array->weight->shape;
    for (int i = 0; i < array->spec->narrow; i++)
        rest = shape_tail(&rest);
    return shape_size(&rest);
}

bool storage_choose(Arena *a, const Plan *p, Array *array, Array *scale)
{
    const Shape *s = &array->weight->shape;
    Storage wish = p->options->weights;
    int64_t columns = count_columns(array);
    int least = wish == STORE_INT8 ? NARROW_LEAST_INT8 : NARROW_LEAST;
    if (wish == STORE_F32 || !array->spec->narrow ||
        shape_size(s) / columns < least)
        return false;
    array->storage = wish;
    array->narrow = !p->unroll;
    if (wish != STORE_INT8)
        return false;
    Weight *w = arena_alloc(a, 1, sizeof *w);
    WeightSpec *spec = arena_alloc(a, 1, sizeof *spec);
    w->name = arena_printf(a, "%s_scale", array->spec->name);
    w->shape = (Shape){1, {(int)columns}};
    w->data = arena_alloc(a, (size_t)columns, sizeof *w->data);
    *spec =
        (WeightSpec){.name = w->name,
                     .shape = rest_of(array->spec->shape, array->spec->narrow)};
    *scale = (Array){
        .node = array->node, .weight = w, .spec = spec, .tiles = array->tiles};
    scale->tiles.dots = false;
    array->scale = w;
    if (array->narrow)
        array->code = arena_alloc(a, (size_t)shape_size(s), sizeof(double));
    return array->narrow;
}

/* Row r of a narrow array. In words of tiles stand the same column of pack rows
 * after the other; in those of dots what is 16 features further on, so that 16
 * lanes of x meet 16 of words; the last words are as many as are needed. */
void array_bits(const Array *array, int64_t r, double *scratch, uint32_t *out)
{
    int64_t size = array_row_size(array);
    int pack = storage_pack(array), bits = 32 / pack;
    memset(out, 0, (size_t)size * sizeof *out);
    if (array->tiles.dots) {
        int64_t features = array_row_numbers(array), word = 0;
        array_row(array, r, scratch);
        for (int64_t f = 0; f < features; f += LANES_MOST * pack) {
            int64_t rest = features - f, some = (rest + pack - 1) / pack;
            some = some < LANES_MOST ? some : LANES_MOST;
            for (int64_t i = 0; i < rest && i < some * pack; i++)
                out[word + i % some] |=
                    storage_bits(array->storage, scratch[f + i])
                    << bits * (i / some);
            word += some;
        }
        return;
    }
    int64_t rows = array->tiles.units ? tile_rows(array) : array_rows(array);
    int64_t numbers = array_rows(array), first = r % rows * pack;
    for (int k = 0; k < pack && first + k < numbers; k++) {
        array_row(array, r / rows * numbers + first + k, scratch);
        for (int64_t i = 0; i < size; i++)
            out[i] |= storage_bits(array->storage, scratch[i]) << bits * k;
    }
}

/* ---- The model ----------------------------------------------------------- */

/* Of each column the largest, as 127. Weights below what a float keeps with all
 * its digits are 0. */
static void find_scales(const Array *array)
{
    const Weight *w = array->weight;
    int64_t columns = shape_size(&array->scale->shape);
    for (int64_t i = 0; i < shape_size(&w->shape); i++) {
        double *most = &array->scale->data[i % columns];
        *most = fmax(*most, fabs(w->data[i]));
    }
    for (int64_t i = 0; i < columns; i++) {
        float scale = (float)(array->scale->data[i] / 127);
        array->scale->data[i] = scale < FLT_MIN ? 0 : (double)scale;
    }
}

void weights_round(const Plan *p)
{
    for (int i = 0; i < p->arrays; i++) {
        const Array *array = &p->array[i];
        double *data = array->weight->data;
        int64_t size = shape_size(&array->weight->shape), columns = 1;
        if (array->same) { /* has been rounded before */
            const double *from = array->same->weight->data;
            memmove(data, from, (size_t)size * sizeof *data);
            continue;
        }
        if (array->scale) {
            find_scales(array);
            columns = shape_size(&array->scale->shape);
        }
        for (int64_t k = 0; array->storage && k < size; k++) {
            double scale = array->scale ? array->scale->data[k % columns] : 1;
            data[k] = storage_round(array->storage, scale, data[k]);
            if (array->code)
                array->code[k] = scale > 0 ? rint(data[k] / scale) : 0;
        }
    }
}
