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

/* Filled lines; a row of a matrix starts on a new line. */
static void decimal(Buf *out, const Weight *w, bool is_double)
{
    int64_t size = shape_size(&w->shape);
    int64_t row = w->shape.rank > 1 ? w->shape.dim[w->shape.rank - 1] : size;
    size_t column = 0;
    for (int64_t i = 0; i < size; i++) {
        char text[40];
        size_t length = literal(text, w->data[i], is_double);
        if (i % row == 0 || column + length + 2 > COLUMNS) {
            buf_puts(out, i ? "\n    " : "    ");
            column = 4;
        } else {
            buf_puts(out, " ");
            column++;
        }
        buf_add(out, text, length);
        buf_puts(out, i + 1 < size ? "," : "");
        column += length + 1;
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

static void string(Buf *out, const Weight *w, bool is_double)
{
    int64_t size = shape_size(&w->shape);
    char line[STRING_COLUMNS + 40];
    size_t length = 0;
    for (int64_t i = 0; i < size; i++) {
        unsigned char bytes[8];
        int count = element(bytes, w->data[i], is_double);
        for (int k = 0; k < count; k++)
            length += escape(line + length, bytes[k]);
        if (length > STRING_COLUMNS - 16 || i + 1 == size) {
            buf_puts(out, "    \"");
            buf_add(out, line, length);
            buf_puts(out, "\"\n");
            length = 0;
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

void weight_text(Arena *a, const Plan *p, const Node *n, int index, Buf *out)
{
    const Weight *w = &n->weight[index];
    const WeightSpec *spec = &n->op->weights[index];
    bool wide = p->options->is_double;
    const char *real = wide ? "double" : "float";
    long long size = (long long)shape_size(&w->shape);

    buf_printf(out, "/* %s, %s [%s], %s */\n", n->ident, w->name,
               spec->shape ? spec->shape : "...", sizes(a, &w->shape));
    if (!p->string_weights) {
        buf_printf(out, "static const %s %s_%s[%lld] = {\n", real, n->ident,
                   w->name, size);
        decimal(out, w, wide);
        buf_puts(out, "};\n\n");
        return;
    }
    buf_printf(out,
               "static const union {\n    char bytes[%lld];\n"
               "    %s value[%lld];\n} %s_%s = {\n",
               size * (wide ? 8 : 4) + 1, real, size, n->ident, w->name);
    string(out, w, wide);
    buf_puts(out, "};\n\n");
}
