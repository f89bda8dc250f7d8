/* weights.c -- weights as C text.
 *
 * Decimals that a person can read for small nets; for large ones a string
 * literal seen through a union, which compilers digest ten times faster. */

#include "rnnc.h"
#include "tuning.h"

#include <string.h>

enum { COLUMNS = 78 }; /* nobody reads strings, which have longer lines */

/* A row of an array: numbers, or what stands for them where they are narrow. */
typedef struct Row {
    const Plan *plan;
    const Array *array;
    double *number; /* [array_row_numbers] */
    uint32_t *bits; /* [array_row_size] */
} Row;

/* Element i as a literal of its type, "0.5f", "0.5", "0x3f00" or "-12". */
static size_t literal(char text[40], const Row *row, int64_t i)
{
    if (row->array->narrow) {
        int bytes = (int)array_bytes(row->plan, row->array);
        if (bytes == 1)
            return (size_t)snprintf(text, 40, "%d", (int8_t)row->bits[i]);
        return (size_t)snprintf(text, 40, "0x%0*x%s", 2 * bytes, row->bits[i],
                                bytes == 4 ? "u" : "");
    }
    if (row->plan->options->is_double) {
        number_double(text, row->number[i]);
        return strlen(text);
    }
    number_float(text, (float)row->number[i]);
    strcat(text, "f");
    return strlen(text);
}

/* Row r of an array that starts with element `before` of all weights. */
static void next_row(const Row *row, int64_t before, int64_t r)
{
    if (r % 64 == 0)
        progress("packing weights", before + r * array_row_size(row->array),
                 row->plan->params);
    if (row->array->narrow)
        array_bits(row->array, r, row->number, row->bits);
    else
        array_row(row->array, r, row->number);
}

/* Filled lines; a row of a matrix starts on a new line. */
static void decimal(Buf *out, const Row *row, int64_t before)
{
    int64_t columns = array_row_size(row->array);
    int64_t rows = row->array->size / columns;
    for (int64_t r = 0; r < rows; r++) {
        size_t column = 0;
        next_row(row, before, r);
        for (int64_t i = 0; i < columns; i++) {
            char text[40];
            size_t length = literal(text, row, i);
            if (i == 0 || column + length + 2 > COLUMNS) {
                buf_puts(out, r || i ? "\n    " : "    ");
                column = 4;
            } else {
                buf_puts(out, " ");
                column++;
            }
            buf_add(out, text, length);
            buf_puts(out, r + 1 < rows || i + 1 < columns ? "," : "");
            column += length + 1;
        }
    }
    buf_puts(out, "\n");
}

/* The bytes of element i, little-endian whatever the host is. */
static int element(unsigned char *bytes, const Row *row, int64_t i)
{
    int size = (int)array_bytes(row->plan, row->array);
    float single = (float)row->number[i];
    uint64_t bits = 0;
    uint32_t low;
    if (row->array->narrow) {
        bits = row->bits[i];
    } else if (size == 8) {
        memcpy(&bits, &row->number[i], sizeof bits);
    } else {
        memcpy(&low, &single, sizeof low);
        bits = low;
    }
    for (int k = 0; k < size; k++)
        bytes[k] = (unsigned char)(bits >> 8 * k);
    return size;
}

/* Printable bytes as they are, the rest in octal, always three digits so that
 * what follows cannot be taken for one more. '?' would start a trigraph. */
static size_t escape(char *text, unsigned char byte)
{
    if (byte >= ' ' && byte < 127 && byte != '"' && byte != '\\' &&
        byte != '?') {
        *text = (char)byte;
        return 1;
    }
    text[0] = '\\';
    text[1] = (char)('0' + (byte >> 6));
    text[2] = (char)('0' + (byte >> 3 & 7));
    text[3] = (char)('0' + (byte & 7));
    return 4;
}

static void string(Buf *out, const Row *row, int64_t before)
{
    int64_t columns = array_row_size(row->array);
    int64_t rows = row->array->size / columns;
    char line[TEXT_STRING_COLUMNS + 40];
    size_t length = 0;
    for (int64_t r = 0; r < rows; r++) {
        next_row(row, before, r);
        for (int64_t i = 0; i < columns; i++) {
            unsigned char bytes[8];
            int count = element(bytes, row, i);
            for (int k = 0; k < count; k++)
                length += escape(line + length, bytes[k]);
            bool last = i + 1 == columns && r + 1 == rows;
            if (length > TEXT_STRING_COLUMNS - 16 || last) {
                buf_puts(out, "    \"");
                buf_add(out, line, length);
                buf_puts(out, "\"\n");
                length = 0;
            }
        }
    }
}

static const char *sizes(Arena *a, const Shape *s)
{
    char *text = arena_printf(a, "%s", "");
    for (int i = 0; i < s->rank; i++)
        text = arena_printf(a, "%s[%d]", text, s->dim[i]);
    return text;
}

/* The name of the array, its shape in the model and, if that is another, in
 * the C. */
static void comment(Arena *a, const Plan *p, const Array *array, Buf *out)
{
    const Tiles *t = &array->tiles;
    const WeightSpec *spec = array->spec;
    buf_printf(out, "/* %s, %s [%s], %s", array->node->ident, spec->name,
               spec->shape ? spec->shape : "...",
               sizes(a, &array->weight->shape));
    for (int i = 0; i < p->arrays; i++)
        if (p->array[i].same == array)
            buf_printf(out, "\n * and %s's", p->array[i].node->ident);
    if (t->few && array->size > shape_size(&array->weight->shape))
        buf_printf(out, "\n * each group filled up to %d: [%lld][%d]", t->units,
                   (long long)tile_rows(array), t->width);
    if (t->units && !t->few && !array->blocks)
        buf_printf(out, "\n * in tiles of %d units: [%d][%lld][%d]", t->units,
                   t->count, (long long)tile_rows(array), t->width);
    if (array->blocks)
        buf_printf(out,
                   "\n * in tiles of %d units, without zeros: [%lld][%lld]",
                   t->units, (long long)tile_rows(array),
                   (long long)array_row_numbers(array));
    const char *pruned = blocks_text(a, array);
    if (pruned)
        buf_printf(out, "\n * %s", pruned);
    if (t->dots)
        buf_printf(out, "\n * transposed: [%lld][%d]",
                   (long long)(array->size / array_row_size(array)),
                   (int)array_row_size(array));
    if (array->narrow)
        buf_printf(out, "\n * as %s", storage_name(array->storage));
    if (storage_pack(array) > 1)
        buf_printf(out, ", %d in a word: of %s", storage_pack(array),
                   t->units ? "rows after each other" : "every 16th feature");
    buf_puts(out, " */\n");
}

static void integers(Buf *out, int64_t count, const Blocks *b, bool first)
{
    for (int64_t i = 0; i < count; i++)
        buf_printf(out, "%s%lu%s", i % 12 ? " " : "    ",
                   (unsigned long)(first ? b->first[i] : b->block[i]),
                   i + 1 == count ? "\n};\n"
                   : i % 12 == 11 ? ",\n"
                                  : ",");
}

/* Of each group of columns in each tile the blocks: inputs 8 n to 8 n + 7. */
static void lists(const Array *array, const char *ident, Buf *out)
{
    const Blocks *b = array->blocks;
    int64_t groups = (int64_t)array->tiles.count * b->groups;
    buf_printf(out, "static const uint32_t %s_first[%lld] = {\n", ident,
               (long long)groups + 1);
    integers(out, groups + 1, b, true);
    buf_printf(out, "static const uint16_t %s_block[%lld] = {\n", ident,
               (long long)b->count);
    integers(out, b->count, b, false);
    buf_puts(out, "\n");
}

/* The C type of an element. */
static const char *type_of(const Plan *p, const Array *array)
{
    int64_t bytes = array_bytes(p, array);
    if (array->narrow)
        return bytes == 4 ? "uint32_t" : bytes == 2 ? "uint16_t" : "int8_t";
    return bytes == 8 ? "double" : "float";
}

void weight_text(Arena *a, const Plan *p, const Array *array, int64_t before,
                 Buf *out)
{
    const char *real = type_of(p, array);
    const char *aligned =
        array->tiles.units ? arena_printf(a, "%s_ALIGNED ", p->upper) : "";
    const char *ident =
        arena_printf(a, "%s_%s", array->node->ident, array->spec->name);
    long long size = (long long)array->size;
    size_t numbers = (size_t)array_row_numbers(array);
    Row row = {p, array, arena_alloc(a, numbers, sizeof(double)),
               arena_alloc(a, numbers, sizeof(uint32_t))};

    comment(a, p, array, out);
    if (!p->string_weights) {
        buf_printf(out, "static const %s %s%s[%lld] = {\n", real, aligned,
                   ident, size);
        decimal(out, &row, before);
        buf_puts(out, array->blocks ? "};\n" : "};\n\n");
        if (array->blocks)
            lists(array, ident, out);
        return;
    }
    buf_printf(out,
               "static const union {\n    char bytes[%lld];\n"
               "    %s value[%lld];\n} %s%s = {\n",
               size * (long long)array_bytes(p, array) + 1, real, size, aligned,
               ident);
    string(out, &row, before);
    buf_puts(out, array->blocks ? "};\n" : "};\n\n");
    if (array->blocks)
        lists(array, ident, out);
}
