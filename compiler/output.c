/* output.c -- what is written where: the C file and what lies beside it, or one
 * text instead of it, and the report. */

#include "rnnc.h"

#include <string.h>

bool output_file(const char *path, const Buf *text)
{
    progress("writing", (int64_t)text->size, 0);
    if (strcmp(path, "-") == 0)
        progress_end();
    const char *why =
        file_write(path, text->data ? text->data : "", text->size);
    if (why && strcmp(path, "-") == 0)
        error_file(NULL, "standard output: %s", why);
    else if (why)
        error_file(path, "%s", why);
    return !why;
}

/* "-o", else the model's base name with another ending, else standard
 * output for a model from standard input. */
static const char *output_path(Arena *a, const Options *o, const char *ending)
{
    if (o->output)
        return o->output;
    if (strcmp(o->model, "-") == 0 || o->run)
        return "-";
    const char *slash = strrchr(o->model, '/');
    const char *base = slash ? slash + 1 : o->model;
    const char *dot = strrchr(base, '.');
    int length = dot && dot != base ? (int)(dot - base) : (int)strlen(base);
    return arena_printf(a, "%.*s%s", length, base, ending);
}

/* False after a message: a template is broken. */
static bool make_report(Arena *a, const Plan *p, Inputs *inputs, Buf *text)
{
    if (p->options->report == REPORT_HTML)
        return emit_report(a, p, inputs, text);
    if (p->options->report == REPORT_JSON)
        report_json(p, text);
    else if (p->options->report == REPORT_TEXT)
        report_text(p, text);
    return true;
}

static bool write_report(const Options *o, const Buf *text)
{
    return o->report == REPORT_NONE ||
           output_file(o->report_file ? o->report_file : "-", text);
}

static int report_alone(Arena *a, const Plan *p, const Options *o,
                        Inputs *inputs)
{
    Buf text = {0};
    int status = EXIT_INTERNAL;
    if (make_report(a, p, inputs, &text))
        status = write_report(o, &text) ? EXIT_DONE : EXIT_IO;
    buf_free(&text);
    return status;
}

/* Side files and templates are known only after reading. */
static bool overwrites_input(const Options *o, const Inputs *inputs)
{
    for (int i = 0; i < inputs->depend_count; i++)
        if (same_file(inputs->depends[i], o->output) ||
            (o->want_header && same_file(inputs->depends[i], o->header))) {
            error_file(inputs->depends[i], "is read and written");
            return true;
        }
    return false;
}

typedef struct Texts {
    Buf c, header, python, report;
} Texts;

/* The C comes last: while it is old, make runs rnnc again. */
static bool write_all(Arena *a, const Options *o, const Inputs *inputs,
                      const Texts *t)
{
    return (!o->want_header || output_file(o->header, &t->header)) &&
           (o->emit != EMIT_PYTHON ||
            output_file(with_ending(a, o->output, ".py"), &t->python)) &&
           (!o->dep ||
            depend_write(o, inputs->depends, inputs->depend_count)) &&
           write_report(o, &t->report) && output_file(o->output, &t->c);
}

static int write_c(Arena *a, const Plan *p, Options *o, Inputs *inputs)
{
    Texts t = {.c = {0}};
    int status = EXIT_INTERNAL;
    o->output = output_path(a, o, ".c");
    if (o->emit == EMIT_PYTHON) /* which may have been named */
        o->output = with_ending(a, o->output, ".c");
    if (o->want_header && !o->header)
        o->header = with_ending(a, o->output, ".h");
    if (overwrites_input(o, inputs))
        status = EXIT_USAGE;
    else if (emit_model(a, p, inputs, &t.c, o->want_header ? &t.header : NULL,
                        o->emit == EMIT_PYTHON ? &t.python : NULL) &&
             make_report(a, p, inputs, &t.report))
        status = write_all(a, o, inputs, &t) ? EXIT_DONE : EXIT_IO;
    buf_free(&t.c);
    buf_free(&t.header);
    buf_free(&t.python);
    buf_free(&t.report);
    return status;
}

static int write_text(Arena *a, const Graph *g, const Options *o,
                      void (*write)(const Graph *g, Buf *out),
                      const char *ending)
{
    Buf text = {0};
    write(g, &text);
    bool ok = output_file(output_path(a, o, ending), &text);
    buf_free(&text);
    return ok ? EXIT_DONE : EXIT_IO;
}

static int write_svg(Arena *a, const Plan *p, const Options *o, Inputs *inputs)
{
    Buf text = {0};
    int status = EXIT_INTERNAL;
    if (emit_svg(a, p, inputs, &text))
        status =
            output_file(output_path(a, o, ".svg"), &text) ? EXIT_DONE : EXIT_IO;
    buf_free(&text);
    return status;
}

int output_run(Graph *g, const Options *o, Inputs *inputs)
{
    Buf text = {0};
    if (!run_model(g, inputs, o->run, &text))
        return inputs->unreadable ? EXIT_IO : EXIT_MODEL;
    bool ok = output_file(output_path(g->arena, o, ""), &text);
    buf_free(&text);
    return ok ? EXIT_DONE : EXIT_IO;
}

const char *output_name(Arena *a, const Graph *g, const Options *o)
{
    if (o->name)
        return o->name;
    if (g->name && *g->name)
        return g->name;
    if (strcmp(o->model, "-") == 0)
        return "model";
    Options plain = *o;
    plain.output = plain.run = NULL;
    return output_path(a, &plain, "");
}

/* What is about the model and not about its C. */
static int write_graph(Arena *a, Graph *g, const Plan *p, const Options *o,
                       Inputs *inputs)
{
    if (o->emit == EMIT_DOT)
        return write_text(a, g, o, graph_dot, ".dot");
    if (o->emit == EMIT_JSON)
        return write_text(a, g, o, graph_write_json, ".rnnc.json");
    return o->emit == EMIT_SVG ? write_svg(a, p, o, inputs) : EXIT_DONE;
}

int output_write(Arena *a, Graph *g, Plan *p, Options *o, Inputs *inputs)
{
    bool c = !o->check && emits_c(o);
    bool narrow = o->weights != STORE_F32 && o->report;
    int status = o->check ? EXIT_DONE : write_graph(a, g, p, o, inputs);
    if (status != EXIT_DONE)
        return status;
    if (c || narrow || o->report == REPORT_HTML) {
        if (!g->samples)
            samples_make(g, o->is_double);
        samples_store(g, p);
        samples_allow(g, o);
    }
    return c ? write_c(a, p, o, inputs) : report_alone(a, p, o, inputs);
}
