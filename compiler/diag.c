/* diag.c -- messages: one line that editors can jump to, and on a terminal
 * the source line with a caret.
 *
 *   model.json:12:5: error: /layers/1/units: expected an integer ... */

#include "rnnc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The only mutable state of a run outside its arena. */
static struct {
    int errors;          /* printed or not */
    bool color, excerpt; /* excerpt: show the line, too */
} diag;

/* An empty variable counts as unset, as no-color.org wants it. */
static bool env_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* The conventions of no-color.org and bixense.com/clicolors. */
static bool auto_color(void)
{
    const char *term = getenv("TERM"), *force = getenv("CLICOLOR_FORCE");
    if (env_set("NO_COLOR"))
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
}

/* Starts a run: the count of errors goes back to 0. */
void diag_setup(Color color, bool quiet)
{
    diag.errors = 0;
    diag.color = color == COLOR_ALWAYS || (color == COLOR_AUTO && auto_color());
    diag.excerpt = !quiet && (diag.color || isatty(STDERR_FILENO));
}

int error_count(void)
{
    return diag.errors;
}

bool color_enabled(void)
{
    return diag.color;
}

/* ---- Errors -------------------------------------------------------------- */

/* Counts an error; true if it is one of those that are printed. */
static bool count_error(void)
{
    progress_end();
    if (diag.errors++ == MAX_ERRORS)
        fprintf(stderr, "rnnc: error: too many errors, %d shown\n", MAX_ERRORS);
    return diag.errors <= MAX_ERRORS;
}

/* A piece of text in the colour of an SGR code, or plain. */
static void add_colored(Buf *b, const char *code, const char *text)
{
    if (diag.color)
        buf_printf(b, "\033[%sm%s\033[0m", code, text);
    else
        buf_puts(b, text);
}

static void add_message(Buf *b, const char *place, const char *prefix,
                        const char *fmt, va_list ap)
{
    char text[2048]; /* nothing longer is readable; it is cut, not lost */
    vsnprintf(text, sizeof text, fmt, ap);
    add_colored(b, "1", place);
    buf_puts(b, " ");
    add_colored(b, "1;31", "error:");
    if (prefix && *prefix)
        buf_printf(b, " %s:", prefix);
    buf_printf(b, " %s\n", text);
}

/* The line around `offset` and a caret. Bytes that a terminal could take for
 * commands, or that are more or less than a column wide, become '?'. */
static void add_excerpt(Buf *b, const Source *src, size_t offset, size_t column)
{
    enum { WIDTH = 100 };
    const char *line = src->text + offset - (column - 1);
    size_t length = (size_t)(src->text + src->size - line), from = 0;
    const char *newline = memchr(line, '\n', length);
    if (newline)
        length = (size_t)(newline - line);
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length > WIDTH && column > WIDTH / 2)
        from = column - WIDTH / 2;
    size_t to = length - from > WIDTH ? from + WIDTH : length;

    buf_puts(b, "    ");
    for (size_t i = from; i < to; i++) {
        char c = line[i] == '\t' ? ' ' : line[i];
        if (c < ' ' || c > '~')
            c = '?';
        buf_add(b, &c, 1);
    }
    buf_printf(b, "\n    %*s", (int)(column - 1 - from), "");
    add_colored(b, "1;32", "^");
    buf_puts(b, "\n");
}

/* One write for each error, so that parallel runs do not mix their lines. */
static void print(Buf *b)
{
    fwrite(b->data, 1, b->size, stderr);
    buf_free(b);
}

/* The line is counted here and not while scanning: a correct file of 2 GB
 * does not pay for it. */
void error_offset_v(const Source *src, size_t offset, const char *prefix,
                    const char *fmt, va_list ap)
{
    if (!count_error())
        return;
    if (offset > src->size)
        offset = src->size;
    size_t line = 1, start = 0;
    const char *newline;
    while ((newline = memchr(src->text + start, '\n', offset - start))) {
        start = (size_t)(newline + 1 - src->text);
        line++;
    }
    size_t column = offset - start + 1;

    Buf place = {0}, out = {0};
    const char *file = strcmp(src->file, "-") == 0 ? "<stdin>" : src->file;
    buf_printf(&place, "%s:%zu:%zu:", file, line, column);
    add_message(&out, place.data, prefix, fmt, ap);
    if (diag.excerpt)
        add_excerpt(&out, src, offset, column);
    buf_free(&place);
    print(&out);
}

void error_offset(const Source *src, size_t offset, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    error_offset_v(src, offset, NULL, fmt, ap);
    va_end(ap);
}

void error_file(const char *file, const char *fmt, ...)
{
    if (!count_error())
        return;
    Buf place = {0}, out = {0};
    va_list ap;
    if (file && strcmp(file, "-") == 0)
        file = "<stdin>";
    buf_printf(&place, "%s:", file ? file : "rnnc");
    va_start(ap, fmt);
    add_message(&out, place.data, NULL, fmt, ap);
    va_end(ap);
    buf_free(&place);
    print(&out);
}

/* ---- Helpers for messages ------------------------------------------------ */

/* Longer names are not worth the quadratic comparison. */
enum { LONGEST_NAME = 63 };

static int min(int a, int b)
{
    return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Edits from a to b: insertions, deletions, replacements and swaps of
 * neighbours (optimal string alignment). Upper and lower case are the same,
 * because "lstm" for "LSTM" is the commonest slip of all. */
static int edits(const char *a, const char *b)
{
    int row[3][LONGEST_NAME + 1]; /* of two letters ago, of the last, this */
    int m = (int)strlen(a), n = (int)strlen(b);
    for (int j = 0; j <= n; j++)
        row[1][j] = j;
    for (int i = 1; i <= m; i++) {
        row[2][0] = i;
        for (int j = 1; j <= n; j++) {
            int replace = row[1][j - 1] + !same_letter(a[i - 1], b[j - 1]);
            int best = min(replace, min(row[1][j], row[2][j - 1]) + 1);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]))
                best = min(best, row[0][j - 2] + 1);
            row[2][j] = best;
        }
        memmove(row[0], row[1], 2 * sizeof row[0]);
    }
    return row[1][n];
}

/* A third of the length: "RNN" is no misspelt "GRU". */
const char *nearest(const char *name, const char *const *names)
{
    const char *found = NULL;
    size_t length = strlen(name);
    int limit = min(2, (int)(length / 3));
    if (length > LONGEST_NAME)
        return NULL;
    for (; *names; names++) {
        if (strlen(*names) > LONGEST_NAME)
            continue;
        int distance = edits(name, *names);
        if (distance <= limit) {
            found = *names;
            limit = distance - 1; /* the first of the nearest */
        }
    }
    return found;
}

/* Backslashes stay single: this is for reading, not for parsing. */
const char *printable(Arena *a, const char *text)
{
    enum { LONGEST = 60, ELLIPSIS = 3 };
    char *out = arena_alloc(a, LONGEST + 1, 1);
    size_t size = 0, fits = 0; /* how much stays if "..." has to follow */
    for (; *text; text++) {
        bool plain = *text >= ' ' && *text <= '~';
        if (size + (plain ? 1 : 4) > LONGEST) {
            strcpy(out + fits, "...");
            return out;
        }
        if (plain)
            out[size++] = *text;
        else
            size += (size_t)snprintf(out + size, 5, "\\x%02x",
                                     (unsigned)(unsigned char)*text);
        if (size <= LONGEST - ELLIPSIS)
            fits = size;
    }
    out[size] = '\0';
    return out;
}
