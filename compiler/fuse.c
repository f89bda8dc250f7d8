/* fuse.c -- sums of products as fused multiply-adds, for --reproducible=fma.
 *
 *   even[i] += x[f] * k[i];  ->  even[i] = M_FUSED(x[f], k[i], even[i]);
 *
 * Which products a compiler fuses is its own choice, so none may: they are
 * spelled out (runtime/f32/fused.h), and that is what a statement of this form
 * means, in runtime/ as in templates/. Other products are rounded, everywhere.
 * So kernels are written once, for people. */

#include "rnnc.h"

#include <ctype.h>
#include <string.h>

enum { LINE = 80 };

/* The start of what stands before `end`: a name, perhaps with indices, members
 * and a star, of a statement that starts there; or NULL. */
static const char *target(const char *text, const char *end)
{
    const char *at = end;
    int depth = 0;
    while (at > text) {
        char c = at[-1];
        depth += (c == ']') - (c == '[');
        bool member = c == '.' || (at - text > 1 && at[-2] == '-' && c == '>');
        if (depth == 0 && !in_name(c) && c != '[' && !member)
            break;
        at -= member && c == '>' ? 2 : 1;
    }
    if (at == end)
        return NULL;
    if (at > text && at[-1] == '*')
        at--;
    return at == text || isspace((unsigned char)at[-1]) ? at : NULL;
}

/* Whether an operator with an operand on either side stands there, as they are
 * formatted: with space around it. */
static bool is_operator(const char *at)
{
    return strchr("+-*/%?:<>=!&|^", *at) && isspace((unsigned char)at[-1]) &&
           (isspace((unsigned char)at[1]) || ispunct((unsigned char)at[1]));
}

/* Of pointers and counts, which advance in the same way, neither side has an
 * element. */
static bool has_element(const char *from, const char *end)
{
    size_t size = (size_t)(end - from);
    return *from == '*' || memchr(from, '[', size);
}

/* The end of the statement whose right side starts at `from` and is a product
 * of two, with the place of its star; or NULL. */
static const char *product(const char *from, const char **star)
{
    int depth = 0;
    *star = NULL;
    for (const char *at = from; *at; at++) {
        depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
        if (depth > 0)
            continue;
        if (*at == ';')
            return *star ? at : NULL;
        if (at > from && is_operator(at)) {
            if (*star || *at != '*' || !isspace((unsigned char)at[1]))
                return NULL;
            *star = at;
        }
    }
    return NULL;
}

/* A part of the text as one line, without space around it. */
static const char *one_line(Arena *a, const char *from, const char *end)
{
    while (from < end && isspace((unsigned char)*from))
        from++;
    while (end > from && isspace((unsigned char)end[-1]))
        end--;
    char *line = arena_strndup(a, from, (size_t)(end - from)), *to = line;
    for (const char *at = line; *at; at++)
        if (!isspace((unsigned char)*at))
            *to++ = *at;
        else if (to > line && to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
    return line;
}

static size_t column_of(const Buf *out)
{
    size_t column = 0;
    while (column < out->size && out->data[out->size - column - 1] != '\n')
        column++;
    return column;
}

static void add_fused(Buf *out, const char *upper, const char *z, const char *x,
                      const char *y)
{
    size_t column = column_of(out);
    size_t size = 2 * strlen(z) + strlen(upper) + strlen(x) + strlen(y);
    buf_printf(out, "%s =", z);
    if (column + size + strlen(" = _FUSED(, , );") > LINE)
        buf_printf(out, "\n%*s", (int)column + 4, "");
    else
        buf_puts(out, " ");
    buf_printf(out, "%s_FUSED(%s, %s, %s);", upper, x, y, z);
}

/* Behind a comment or a string that starts there, else NULL. */
static const char *skip(const char *at)
{
    if (strncmp(at, "/*", 2) == 0) {
        const char *end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    if (*at != '"')
        return NULL;
    for (at++; *at && *at != '"'; at++)
        at += *at == '\\' && at[1];
    return *at ? at + 1 : at;
}

void fuse_products(Arena *a, const char *upper, const char *text, Buf *out)
{
    static const char sum[] = " += ";
    const char *done = text, *at = text;
    while ((at = strpbrk(at, "/\"+"))) {
        const char *star, *from, *end, *behind = skip(at);
        if (behind) {
            at = behind;
            continue;
        }
        if (at == text || strncmp(at - 1, sum, sizeof sum - 1) != 0 ||
            !(from = target(text, at - 1)) || !(end = product(at + 3, &star)) ||
            !has_element(from, end)) {
            at++;
            continue;
        }
        buf_add(out, done, (size_t)(from - done));
        add_fused(out, upper, one_line(a, from, at - 1),
                  one_line(a, at + 3, star), one_line(a, star + 1, end));
        done = at = end + 1;
    }
    buf_puts(out, done);
}
