/* twin.c -- the text of a runtime function once more, for lanes: what is
 * written for one number is said again for several side by side.
 *
 *   tanh.h         ->  tanh_lanes    rn_real becomes rn_lanes, rn_limit(...)
 *                                    rn_limit_lanes(...)
 *   limit_lanes.h  ->  limit_eight   rn_lanes becomes rn_eight
 *                      limit_quad    or rn_quad
 *
 * So a formula stands in one file only. It has to be one that C understands for
 * both: operators and calls, no conditions and no casts; what needs those is a
 * file of its own for lanes, such as limit_lanes.h. */

#include "rnnc.h"

#include <string.h>

const char *const twin_kinds[] = {"lanes", "eight", "quad", NULL};

const char *twin_kind(const char *name)
{
    const char *last = strrchr(name, '_');
    for (int i = 0; last && last > name && twin_kinds[i]; i++)
        if (strcmp(last + 1, twin_kinds[i]) == 0)
            return twin_kinds[i];
    return NULL;
}

static bool equals(const char *word, size_t size, const char *text)
{
    return strlen(text) == size && strncmp(word, text, size) == 0;
}

/* A word of a file for one number, as `kind` says it. */
static void add_scalar_word(Buf *out, const char *word, size_t size,
                            const char *kind)
{
    if (equals(word, size, "rn_real"))
        buf_printf(out, "rn_%s", kind);
    else if (size > 3 && strncmp(word, "rn_", 3) == 0 &&
             !equals(word, size, "rn_scalar"))
        buf_printf(out, "%.*s_%s", (int)size, word, kind);
    else
        buf_add(out, word, size);
}

/* A word of a file for lanes, for eight or a quad. */
static void add_lanes_word(Buf *out, const char *word, size_t size,
                           const char *kind)
{
    if (equals(word, size, "RN_LANES"))
        buf_puts(out, strcmp(kind, "quad") == 0 ? "RN_QUAD" : "RN_EIGHT");
    else if (size > 6 && strncmp(word, "rn_", 3) == 0 &&
             strncmp(word + size - 5, "lanes", 5) == 0)
        buf_printf(out, "%.*s%s", (int)size - 5, word, kind);
    else
        buf_add(out, word, size);
}

/* #include "limit.h" as the twin's include; others as they are. */
static void add_include(Buf *out, const char *line, size_t size, bool scalar,
                        const char *kind)
{
    static const char head[] = "#include \"";
    const char *name = line + sizeof head - 1;
    const char *dot = memchr(name, '.', size - (sizeof head - 1));
    size_t length = (size_t)(dot - name);
    bool lanes =
        length > 6 && strncmp(dot - 6, "_lanes", 6) == 0; /* of a lanes file */
    if (equals(name, length, scalar ? "real" : "lanes"))
        buf_printf(out, "%s%s.h\"", head, kind);
    else if (scalar)
        buf_printf(out, "%s%.*s_%s.h\"", head, (int)length, name, kind);
    else if (lanes)
        buf_printf(out, "%s%.*s%s.h\"", head, (int)length - 5, name, kind);
    else
        buf_add(out, line, size);
}

static void add_words(Buf *out, const char *line, size_t size, bool scalar,
                      const char *kind)
{
    static const char head[] = "static inline ";
    size_t i = 0;
    if (scalar && strncmp(line, head, sizeof head - 1) == 0) {
        buf_puts(out, "RN_INLINE ");
        i = sizeof head - 1;
    }
    for (size_t end; i < size; i = end) {
        for (end = i; end < size && in_name(line[end]); end++)
            ;
        if (end == i)
            buf_add(out, line + i, 1), end++;
        else if (scalar)
            add_scalar_word(out, line + i, end - i, kind);
        else
            add_lanes_word(out, line + i, end - i, kind);
    }
}

/* The end of a comment that starts a line, behind its line: a relative that
 * stands in the file already has said it. */
static const char *skip_comment(const char *line)
{
    const char *end = strncmp(line, "/*", 2) == 0 ? strstr(line, "*/") : NULL;
    const char *next = end ? strchr(end, '\n') : NULL;
    return next ? next + 1 : line;
}

static const char *translate(Arena *a, const char *text, bool scalar,
                             const char *kind, bool comments)
{
    Buf out = {0};
    for (const char *line = text; *line;) {
        const char *behind = comments ? line : skip_comment(line);
        if (behind != line) {
            line = behind;
            continue;
        }
        size_t size = strcspn(line, "\n");
        if (strncmp(line, "#include \"", 10) == 0)
            add_include(&out, line, size, scalar, kind);
        else
            add_words(&out, line, size, scalar, kind);
        buf_puts(&out, "\n");
        line += size + (line[size] == '\n');
    }
    char *twin = arena_strndup(a, out.data, out.size);
    buf_free(&out);
    return twin;
}

const char *twin_text(Arena *a, const char *name, TwinSource source,
                      const void *from, bool comments)
{
    const char *kind = twin_kind(name);
    if (!kind)
        return NULL;
    int length = (int)(strlen(name) - strlen(kind)) - 1;
    const char *text = NULL;
    if (strcmp(kind, "lanes") != 0)
        text = source(from, arena_printf(a, "%.*s_lanes", length, name));
    if (text)
        return translate(a, text, false, kind, comments);
    text = source(from, arena_printf(a, "%.*s", length, name));
    return text ? translate(a, text, true, kind, comments) : NULL;
}
