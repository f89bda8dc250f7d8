/* shape.c -- shapes, and the little language that op rows state them in.
 *
 *   shape     = [ "..." "," ] dimension { "," dimension }
 *   dimension = sum [ "if" name ]          left out when the name is 0
 *   sum       = product { "+" product }
 *   product   = factor { "*" factor }
 *   factor    = name | integer
 *
 * "..." is the leading dimensions of the input that its pattern left open.
 * A text that does not parse is our own bug, so it aborts. */

#include "rnnc.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool shape_equal(const Shape *a, const Shape *b)
{
    return a->rank == b->rank &&
           memcmp(a->dim, b->dim, (size_t)a->rank * sizeof *a->dim) == 0;
}

bool shape_fixed(const Shape *s)
{
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] == ANY)
            return false;
    return true;
}

/* Saturates just above MAX_ELEMENTS, so that "too large" is one compare. */
int64_t shape_size(const Shape *s)
{
    int64_t size = 1;
    for (int i = 0; i < s->rank; i++)
        if (s->dim[i] != ANY && (size *= s->dim[i]) > MAX_ELEMENTS)
            return MAX_ELEMENTS + 1;
    return size;
}

Shape shape_tail(const Shape *s)
{
    Shape tail = {.rank = s->rank - 1};
    assert(s->rank > 0);
    memcpy(tail.dim, s->dim + 1, (size_t)tail.rank * sizeof *tail.dim);
    return tail;
}

Shape shape_part(const Shape *s, int first)
{
    Shape part = *s;
    for (int i = 0; i < first && part.rank > 0; i++)
        part = shape_tail(&part);
    return part;
}

Shape shape_at(const Shape *s, int timesteps)
{
    Shape fixed = *s;
    for (int i = 0; i < fixed.rank; i++)
        if (fixed.dim[i] == ANY)
            fixed.dim[i] = timesteps;
    return fixed;
}

const char *shape_text(Arena *a, const Shape *s)
{
    char *text = arena_printf(a, "[");
    for (int i = 0; i < s->rank; i++)
        text = s->dim[i] == ANY
                   ? arena_printf(a, "%s%sany", text, i ? ", " : "")
                   : arena_printf(a, "%s%s%d", text, i ? ", " : "", s->dim[i]);
    return arena_printf(a, "%s]", text);
}

/* ---- Scopes -------------------------------------------------------------- */

void scope_bind(Scope *scope, const char *name, int64_t value)
{
    assert(scope->count < MAX_BINDINGS);
    scope->binding[scope->count++] = (Binding){name, value};
}

bool scope_find(const Scope *scope, const char *name, int64_t *value)
{
    for (int i = 0; i < scope->count; i++)
        if (strcmp(scope->binding[i].name, name) == 0) {
            *value = scope->binding[i].value;
            return true;
        }
    return false;
}

/* ---- Parsing ------------------------------------------------------------- */

typedef struct Reader {
    const char *p;
    const Scope *scope;
} Reader;

static void skip(Reader *r)
{
    while (*r->p == ' ')
        r->p++;
}

static bool accept(Reader *r, const char *token)
{
    skip(r);
    size_t length = strlen(token);
    if (strncmp(r->p, token, length) != 0)
        return false;
    r->p += length;
    return true;
}

static void word(Reader *r, char name[32])
{
    skip(r);
    size_t n = 0;
    while (in_name(*r->p)) {
        assert(n < 31);
        name[n++] = *r->p++;
    }
    name[n] = '\0';
    assert(n > 0);
}

static int64_t factor(Reader *r)
{
    char name[32];
    int64_t value = 0;

    word(r, name);
    if (isdigit((unsigned char)name[0]))
        return strtol(name, NULL, 10);
    bool found = scope_find(r->scope, name, &value);
    assert(found);
    (void)found;
    return value;
}

/* Saturating, so that absurd dimensions cannot overflow. */
static int64_t times(int64_t a, int64_t b)
{
    int64_t product;
    return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

static int64_t product(Reader *r)
{
    int64_t value = factor(r);
    while (accept(r, "*"))
        value = times(value, factor(r));
    return value;
}

static int64_t sum(Reader *r)
{
    int64_t value = product(r), total;
    while (accept(r, "+"))
        value = __builtin_add_overflow(value, product(r), &total) ? INT64_MAX
                                                                  : total;
    return value;
}

int64_t expr_eval(const char *text, const Scope *scope)
{
    Reader r = {text, scope};
    int64_t value = sum(&r);
    assert(*r.p == '\0');
    return value;
}

/* One dimension; *kept tells whether its "if" holds. */
static int64_t dimension(Reader *r, bool *kept)
{
    int64_t value = sum(r);
    *kept = !accept(r, "if") || factor(r) != 0;
    return value;
}

/* A dimension beyond any limit becomes one that the limit check refuses. */
static void append(Shape *s, int64_t value)
{
    assert(s->rank < MAX_RANK);
    s->dim[s->rank++] = value > MAX_DIM ? MAX_DIM + 1 : (int)value;
}

Shape shape_eval(const char *text, const Scope *scope)
{
    Reader r = {text, scope};
    Shape shape = {.rank = 0};

    if (accept(&r, "...")) {
        shape = scope->rest;
        if (!accept(&r, ","))
            return shape;
    }
    do {
        bool kept;
        int64_t value = dimension(&r, &kept);
        if (kept)
            append(&shape, value);
    } while (accept(&r, ","));
    assert(*r.p == '\0');
    return shape;
}

/* The names that patterns may bind; a Scope keeps pointers, not copies. */
static const char *pattern_name(const char *name)
{
    static const char *const names[] = {"features", "timesteps", "rows",
                                        "columns"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return names[i];
    assert(!"unknown name in an input pattern");
    return NULL;
}

bool shape_match(const char *pattern, const Shape *shape, Scope *scope)
{
    Reader r = {pattern, scope};
    int items = 1;
    for (const char *p = pattern; *p; p++)
        items += *p == ',';

    bool open = accept(&r, "...");
    int rest = open ? shape->rank - (items - 1) : 0;
    if (rest < 0 || (!open && shape->rank != items))
        return false;
    scope->rest = (Shape){.rank = rest};
    memcpy(scope->rest.dim, shape->dim, (size_t)rest * sizeof *shape->dim);
    for (int i = rest; i < shape->rank; i++) {
        char name[32];
        accept(&r, ",");
        word(&r, name);
        scope_bind(scope, pattern_name(name), shape->dim[i]);
    }
    return true;
}

/* "3*units" becomes "3*units=12" unless it is a plain number. */
const char *shape_explain(Arena *a, const char *text, const Scope *scope)
{
    Reader r = {text, scope};
    char *out = arena_printf(a, "[");
    const char *comma = "";

    do {
        bool kept;
        skip(&r);
        const char *start = r.p;
        int64_t value = sum(&r);
        size_t length = (size_t)(r.p - start);
        while (length && start[length - 1] == ' ')
            length--;
        kept = !accept(&r, "if") || factor(&r) != 0;
        if (!kept)
            continue;
        out = isdigit((unsigned char)*start)
                  ? arena_printf(a, "%s%s%lld", out, comma, (long long)value)
                  : arena_printf(a, "%s%s%.*s=%lld", out, comma, (int)length,
                                 start, (long long)value);
        comma = ", ";
    } while (accept(&r, ","));
    return arena_printf(a, "%s]", out);
}
