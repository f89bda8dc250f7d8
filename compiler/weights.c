/* weights.c -- weights as C text.
 *
 * Decimals that a person can read for small nets; for large ones a string
 * literal seen through a union, which compilers digest ten times faster. */

#include "rnnc.h"

#include <string.h>

/* Nobody reads the strings; longer lines spare gcc a fifth of its time and a
 * third of its memory (10 million floats: 4.1 s to 3.1 s, 666 to 476 MB), and
 * beyond 1000 columns nothing more. */
enum { COLUMNS = 78, STRING_COLUMNS = 1000 };

/* One element as a literal of the type, "0.5f" or "0.5". */
static size_t literal(char text[40], double value, bool is_double)
{
    if (is_double)
        number_double(text, value);
    else
        number_float(text, (float)value);
    size_t length = strlen(text);
    if (!is_double)
        text[length++] = 'f';
    return length;
}

/* Row r of an array that starts with element `before` of all weights. */
static void next_row(const Plan *p, const Array *array, int64_t before,
                     int64_t r, double *row)
{
    if (r % 64 == 0)
        progress("packing weights", before + r * array_row_size(array),
                 p->params);
    array_row(array, r, row);
}

/* Filled lines; a row of a matrix starts on a new line. */
static void decimal(Buf *out, const Plan *p, const Array *array, int64_t before,
                    double *row)
{
    bool is_double = p->options->is_double;
    int64_t columns = array_row_size(array), rows = array->size / columns;
    for (int64_t r = 0; r < rows; r++) {
        size_t column = 0;
        next_row(p, array, before, r, row);
        for (int64_t i = 0; i < columns; i++) {
            char text[40];
            size_t length = literal(text, row[i], is_double);
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

/* The bytes of one element, little-endian whatever the host is. */
static int element(unsigned char *bytes, double value, bool is_double)
{
    float narrow = (float)value;
    uint64_t bits = 0;
    uint32_t low;
    if (is_double) {
        memcpy(&bits, &value, sizeof bits);
    } else {
        memcpy(&low, &narrow, sizeof low);
        bits = low;
    }
    int size = is_double ? 8 : 4;
    for (int i = 0; i < size; i++)
        bytes[i] = (unsigned char)(bits >> 8 * i);
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

static void string(Buf *out, const Plan *p, const Array *array, int64_t before,
                   double *row)
{
    bool is_double = p->options->is_double;
    int64_t columns = array_row_size(array), rows = array->size / columns;
    char line[STRING_COLUMNS + 40];
    size_t length = 0;
    for (int64_t r = 0; r < rows; r++) {
        next_row(p, array, before, r, row);
        for (int64_t i = 0; i < columns; i++) {
            unsigned char bytes[8];
            int count = element(bytes, row[i], is_double);
            for (int k = 0; k < count; k++)
                length += escape(line + length, bytes[k]);
            bool last = i + 1 == columns && r + 1 == rows;
            if (length > STRING_COLUMNS - 16 || last) {
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
static void comment(Arena *a, const Array *array, Buf *out)
{
    const Tiles *t = &array->tiles;
    const WeightSpec *spec = array->spec;
    buf_printf(out, "/* %s, %s [%s], %s", array->node->ident, spec->name,
               spec->shape ? spec->shape : "...",
               sizes(a, &array->weight->shape));
    if (t->units)
        buf_printf(out, "\n * in tiles of %d units: [%d][%lld][%d]", t->units,
                   t->count, (long long)(array->size / t->count / t->width),
                   t->width);
    if (t->dots)
        buf_printf(out, "\n * transposed: [%lld][%d]",
                   (long long)(array->size / array_row_size(array)),
                   (int)array_row_size(array));
    buf_puts(out, " */\n");
}

void weight_text(Arena *a, const Plan *p, const Array *array, int64_t before,
                 Buf *out)
{
    bool wide = p->options->is_double;
    const char *real = wide ? "double" : "float";
    const char *aligned =
        array->tiles.units ? arena_printf(a, "%s_ALIGNED ", p->upper) : "";
    const char *ident =
        arena_printf(a, "%s_%s", array->node->ident, array->spec->name);
    long long size = (long long)array->size;
    double *row = arena_alloc(a, (size_t)array_row_size(array), sizeof *row);

    comment(a, array, out);
    if (!p->string_weights) {
        buf_printf(out, "static const %s %s%s[%lld] = {\n", real, aligned,
                   ident, size);
        decimal(out, p, array, before, row);
        buf_puts(out, "};\n\n");
        return;
    }
    buf_printf(out,
               "static const union {\n    char bytes[%lld];\n"
               "    %s value[%lld];\n} %s%s = {\n",
               size * (wide ? 8 : 4) + 1, real, size, aligned, ident);
    string(out, p, array, before, row);
    buf_puts(out, "};\n\n");
}
