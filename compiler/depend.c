/* depend.c -- the dependency file: one rule, spelled as gcc spells it. */

#include "rnnc.h"

#include <string.h>

enum { LINE_WIDTH = 72 }; /* gcc's: without the blank before a name */

/* The quoting that GNU make undoes. A backslash is only special before a
 * blank or a #, where it has to be doubled. */
static void add_escaped(Buf *out, const char *path)
{
    size_t slashes = 0; /* backslashes just before */
    for (const char *p = path; *p; p++) {
        if (*p == ' ' || *p == '\t' || *p == '#')
            for (size_t i = 0; i <= slashes; i++)
                buf_add(out, "\\", 1);
        if (*p == '$')
            buf_add(out, "$", 1);
        slashes = *p == '\\' ? slashes + 1 : 0;
        buf_add(out, p, 1);
    }
}

static void add_targets(Buf *out, const Options *o)
{
    if (*o->dep_target) {
        for (int i = 0; o->dep_target[i]; i++)
            buf_printf(out, "%s%s", i ? " " : "", o->dep_target[i]);
        return;
    }
    add_escaped(out, o->output);
    if (o->want_header && o->header) {
        buf_puts(out, " ");
        add_escaped(out, o->header);
    }
}

static void add_rule(Buf *out, const Options *o, const char *const *files,
                     int count)
{
    add_targets(out, o);
    buf_puts(out, ":");
    size_t column = out->size;
    for (int i = 0; i < count; i++) {
        Buf name = {0};
        add_escaped(&name, files[i]);
        if (column + name.size > LINE_WIDTH) {
            buf_puts(out, " \\\n");
            column = 0;
        }
        buf_printf(out, " %s", name.data);
        column += 1 + name.size;
        buf_free(&name);
    }
    buf_puts(out, "\n");
}

/* So that make goes on when a file it depended on is gone; without the model,
 * whose loss is an error. From standard input it is not among the files. */
static void add_phony(Buf *out, const Options *o, const char *const *files,
                      int count)
{
    for (int i = strcmp(o->model, "-") == 0 ? 0 : 1; i < count; i++) {
        add_escaped(out, files[i]);
        buf_puts(out, ":\n");
    }
}

/* -MF, or the output with .d for its ending. */
static void add_path(Buf *out, const Options *o)
{
    const char *slash = strrchr(o->output, '/');
    const char *base = slash ? slash + 1 : o->output;
    const char *dot = strrchr(base, '.');
    size_t length =
        dot && dot != base ? (size_t)(dot - o->output) : strlen(o->output);
    if (o->dep_file)
        buf_puts(out, o->dep_file);
    else {
        buf_add(out, o->output, length);
        buf_puts(out, ".d");
    }
}

bool depend_write(const Options *o, const char *const *files, int count)
{
    Buf text = {0}, path = {0};
    add_rule(&text, o, files, count);
    if (o->dep_phony)
        add_phony(&text, o, files, count);
    add_path(&path, o);
    const char *why = file_write(path.data, text.data, text.size);
    if (why)
        error_file(path.data, "%s", why);
    buf_free(&text);
    buf_free(&path);
    return !why;
}
