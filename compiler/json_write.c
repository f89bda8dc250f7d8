/* json_write.c -- JSON out: strings, tensors, and what --run prints.
 *
 * cJSON's own printer loses the last digits of one double in six, so numbers
 * are printed by number.c: the shortest text that reads back exactly. */

#include "rnnc.h"

#include <math.h>

void json_string(Buf *out, const char *text)
{
    buf_puts(out, "\"");
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c < ' ' || c == 127)
            buf_printf(out, "\\u%04x", c);
        else
            buf_add(out, text, 1);
    }
    buf_puts(out, "\"");
}

/* JSON has no infinities and no NaN: null, as other writers do. */
static void number(Buf *out, double value, bool narrow)
{
    char text[32];
    if (!isfinite(value)) {
        buf_puts(out, "null");
        return;
    }
    if (narrow)
        number_float(text, (float)value);
    else
        number_double(text, value);
    buf_puts(out, text);
}

/* Returns behind the values that the dimensions from `axis` on take. */
static const double *nested(Buf *out, const Shape *s, int axis,
                            const double *values, bool narrow)
{
    if (axis == s->rank) {
        number(out, *values, narrow);
        return values + 1;
    }
    buf_puts(out, "[");
    for (int i = 0; i < s->dim[axis]; i++) {
        buf_puts(out, i ? ", " : "");
        values = nested(out, s, axis + 1, values, narrow);
    }
    buf_puts(out, "]");
    return values;
}

void json_tensor(Buf *out, const Shape *shape, const double *values,
                 bool narrow)
{
    nested(out, shape, 0, values, narrow);
}
