/* splice.c -- runtime functions into the generated file.
 *
 * runtime/ is a library of headers, one function each, found along a search
 * path as a C compiler finds them along -I: runtime/f64 before runtime for
 * double, the tier of --math and of --weights before both. A function that a
 * template uses is a root; its includes are walked depth first, each file
 * comes once, without its guard and its first comment, with rn_real and
 * rn_scalar turned into the type and rn_ into the model's prefix. System
 * includes are collected, to stand at the top. */

#include "rnnc.h"

#include <string.h>

struct Splice {
    Arena *arena;
    const char *prefix, *real, *dir;
    const char *path[6]; /* the search path, NULL-terminated */
    Inputs *inputs;
    const char *seen[256];
    int seen_count;
    const char *system[16]; /* <stdint.h> */
    int system_count;
    Buf text, figures;
    const char *missing; /* a file that does not exist, or NULL */
};

static void release(void *splice)
{
    buf_free(&((Splice *)splice)->text);
    buf_free(&((Splice *)splice)->figures);
}

Splice *splice_new(Arena *a, const Plan *p, Inputs *inputs)
{
    Splice *s = arena_alloc(a, 1, sizeof *s);
    static const char *const tier[][2] = {
        [MATH_DEFAULT] = {"", ""},
        [MATH_FAST] = {"runtime/fast/f32/", ""},
        [MATH_ACCURATE] = {"runtime/accurate/f32/", ""},
        [MATH_EXACT] = {"runtime/exact/f32/", ""},
        [MATH_LIBM] = {"runtime/libm/f32/", "runtime/libm/f64/"}};
    static const char *const storage[] = {NULL, "runtime/bf16/", "runtime/f16/",
                                          "runtime/int8/"};
    bool wide = p->options->is_double;
    int n = 0;
    *s = (Splice){.arena = a,
                  .prefix = p->prefix,
                  .inputs = inputs,
                  .real = wide ? "double" : "float",
                  .dir = p->options->template_dir};
    arena_defer(a, release, s);
    if (p->unroll || p->batch_spelled)
        s->path[n++] = "runtime/straight/";
    if (p->one_set)
        s->path[n++] = "runtime/one/";
    if (storage[p->options->weights])
        s->path[n++] = storage[p->options->weights];
    if (*tier[p->options->math][wide])
        s->path[n++] = tier[p->options->math][wide];
    s->path[n++] = wide ? "runtime/f64/" : "runtime/f32/";
    s->path[n++] = "runtime/";
    return s;
}

/* A folder of the search path. */
typedef struct Folder {
    const Splice *splice;
    const char *path;
} Folder;

static const char *read_in(const void *folder, const char *name)
{
    const Folder *f = folder;
    const Splice *s = f->splice;
    return asset_read(s->arena, s->dir,
                      arena_printf(s->arena, "%s%s.h", f->path, name),
                      s->inputs);
}

/* Whether "tanh", "tanh_lanes" or "tanh_eight" was used before one of them. */
static bool has_relative(const Splice *s, const char *name)
{
    const char *kind = twin_kind(name);
    size_t length = kind ? strlen(name) - strlen(kind) - 1 : 0;
    for (int i = 0; kind && i < s->seen_count; i++) {
        const char *seen = s->seen[i], *other = twin_kind(seen);
        if (strncmp(seen, name, length) == 0 && strcmp(seen, name) != 0 &&
            (!seen[length] ||
             (other && strlen(seen) - strlen(other) - 1 == length)))
            return true;
    }
    return false;
}

/* The text of a function: in the first folder that has it, or has what it is a
 * twin of. */
static const char *find(const Splice *s, const char *name)
{
    const char *text = NULL;
    bool comments = !has_relative(s, name);
    for (int i = 0; s->path[i] && !text; i++) {
        Folder folder = {s, s->path[i]};
        text = read_in(&folder, name);
        if (!text)
            text = twin_text(s->arena, name, read_in, &folder, comments);
    }
    return text;
}

static bool add_once(const char **list, int *count, int max, const char *name)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(list[i], name) == 0)
            return false;
    if (*count == max)
        return false;
    list[(*count)++] = name;
    return true;
}

/* One line with its words renamed. */
static void add_line(Splice *s, const char *line, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t end = i;
        while (end < length && in_name(line[end]))
            end++;
        size_t size = end - i;
        if ((size == 7 && strncmp(line + i, "rn_real", 7) == 0) ||
            (size == 9 && strncmp(line + i, "rn_scalar", 9) == 0))
            buf_puts(&s->text, s->real);
        else if (size > 3 && strncmp(line + i, "rn_", 3) == 0)
            buf_printf(&s->text, "%s_%.*s", s->prefix, (int)size - 3,
                       line + i + 3);
        else if (size > 3 && strncmp(line + i, "RN_", 3) == 0)
            buf_printf(&s->text, "%s_%.*s", make_upper(s->arena, s->prefix),
                       (int)size - 3, line + i + 3);
        else
            buf_add(&s->text, line + i, size ? size : 1);
        i = size ? end : i + 1;
    }
    buf_add(&s->text, "\n", 1);
}

/* The name between the quotes or brackets of an #include line, or NULL. */
static const char *included(Arena *a, const char *line, char open, char close)
{
    if (strncmp(line, "#include ", 9) != 0 || line[9] != open)
        return NULL;
    const char *end = strchr(line + 10, close);
    return end ? arena_strndup(a, line + 10, (size_t)(end - line) - 10) : NULL;
}

/* The text after the first comment, if that names the file. */
static const char *skip_title(const char *text)
{
    const char *end = strstr(text, "*/");
    if (strncmp(text, "/* runtime/", 11) != 0 || !end)
        return text;
    for (end += 2; *end == '\n'; end++)
        ;
    return end;
}

/* The guard's #endif is the last line that is not empty. */
static const char *body_end(const char *text)
{
    const char *end = text + strlen(text);
    while (end > text && end[-1] == '\n')
        end--;
    while (end > text && end[-1] != '\n')
        end--;
    while (end > text && end[-1] == '\n')
        end--;
    return end;
}

static void add_body(Splice *s, const char *text)
{
    const char *end = body_end(text);
    bool blank = true; /* no empty line at the start, nor two together */
    for (const char *line = text; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((next ? next : end) - line);
        bool guard = strncmp(line, "#ifndef RN_", 11) == 0 ||
                     (strncmp(line, "#define RN_", 11) == 0 &&
                      strncmp(line + length - 2, "_H", 2) == 0);
        bool include = strncmp(line, "#include ", 9) == 0;
        if (!guard && !include && !(blank && length == 0)) {
            add_line(s, line, length);
            blank = length == 0;
        }
        line = next ? next + 1 : end;
    }
    buf_add(&s->text, "\n", 1);
}

/* What the comment above a function says of its error. */
static void add_figure(Splice *s, const char *name, const char *text)
{
    static const char mark[] = " *   error: ";
    const char *from = strstr(text, mark);
    const char *to = from ? strstr(from, " */") : NULL;
    if (!to)
        return;
    const char *kind = twin_kind(name);
    size_t length = strlen(name) - (kind ? strlen(kind) + 1 : 0);
    char *line = arena_printf(s->arena, "%.*s: %.*s\n", (int)length, name,
                              (int)(to - from) - (int)sizeof mark + 1,
                              from + sizeof mark - 1);
    if (!strstr(splice_figures(s), line)) /* not yet that of its twin */
        buf_puts(&s->figures, line);
}

void splice_use(Splice *s, const char *name)
{
    name = arena_printf(s->arena, "%s", name); /* Lua's text does not last */
    if (!add_once(s->seen, &s->seen_count, 256, name))
        return;
    const char *text = find(s, name);
    if (!text) {
        s->missing = s->missing ? s->missing : name;
        return;
    }
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *own = included(s->arena, line, '"', '"');
        const char *system = included(s->arena, line, '<', '>');
        if (system)
            add_once(s->system, &s->system_count, 16, system);
        if (own && strcmp(own, "real.h") != 0)
            splice_use(s, arena_strndup(s->arena, own, strlen(own) - 2));
    }
    add_figure(s, name, text);
    add_body(s, skip_title(text));
}

bool splice_uses(const Splice *s, const char *name)
{
    for (int i = 0; i < s->seen_count; i++)
        if (strcmp(s->seen[i], name) == 0)
            return true;
    return false;
}

const char *splice_text(const Splice *s)
{
    return s->text.data ? s->text.data : "";
}

const char *splice_figures(const Splice *s)
{
    return s->figures.data ? s->figures.data : "";
}

/* System headers in alphabetical order, one #include line each. */
const char *splice_includes(const Splice *s)
{
    static const char *const order[] = {"math.h", "stdint.h", "string.h", NULL};
    char *lines = arena_printf(s->arena, "%s", "");
    for (int k = 0; order[k]; k++)
        for (int i = 0; i < s->system_count; i++)
            if (strcmp(order[k], s->system[i]) == 0)
                lines = arena_printf(s->arena, "%s#include <%s>\n", lines,
                                     order[k]);
    return lines;
}

const char *splice_missing(const Splice *s)
{
    return s->missing;
}
