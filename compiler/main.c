/* main.c -- the pipeline, on one screen. */

#include "rnnc.h"

#include <string.h>

static const struct {
    const char *name;
    bool (*run)(const Source *src, Graph *g);
} passes[] = {
    {"infer_shapes", infer_shapes},     {"insert_masks", insert_masks},
    {"drop_unused", drop_unused},       {"find_time", find_time},
    {"derive_weights", derive_weights},
};

static bool run_passes(Graph *g, const Options *o)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        if (!passes[i].run(g->src, g))
            return false;
        graph_check(g);
        if (o->verbose) {
            fprintf(stderr, "after %s:\n", passes[i].name);
            graph_dump(g, stderr);
        }
    }
    return true;
}

/* ---- Output -------------------------------------------------------------- */

static bool write_file(const char *path, const Buf *text)
{
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

/* The default header: the output with .h for its ending. */
static const char *header_path(Arena *a, const Options *o, const char *output)
{
    if (o->header)
        return o->header;
    const char *slash = strrchr(output, '/');
    const char *dot = strrchr(output, '.');
    int length = dot && (!slash || dot > slash + 1) ? (int)(dot - output)
                                                    : (int)strlen(output);
    return arena_printf(a, "%.*s.h", length, output);
}

static int write_report(const Plan *p, const Options *o)
{
    Buf text = {0};
    if (o->report == REPORT_JSON)
        report_json(p, &text);
    else if (o->report == REPORT_TEXT)
        report_text(p, &text);
    bool ok = o->report == REPORT_NONE ||
              write_file(o->report_file ? o->report_file : "-", &text);
    buf_free(&text);
    return ok ? EXIT_DONE : EXIT_IO;
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

/* The C comes last: while it is old, make runs rnnc again. */
static bool write_all(const Plan *p, const Options *o, const Inputs *inputs,
                      const Buf *c, const Buf *header)
{
    return (!o->want_header || write_file(o->header, header)) &&
           (!o->dep ||
            depend_write(o, inputs->depends, inputs->depend_count)) &&
           write_report(p, o) == EXIT_DONE && write_file(o->output, c);
}

static int write_c(Arena *a, const Plan *p, Options *o, Inputs *inputs)
{
    Buf c = {0}, header = {0};
    int status = EXIT_INTERNAL;
    o->output = output_path(a, o, ".c");
    if (o->want_header)
        o->header = header_path(a, o, o->output);
    if (overwrites_input(o, inputs))
        status = EXIT_USAGE;
    else if (emit_model(a, p, inputs, &c, o->want_header ? &header : NULL))
        status = write_all(p, o, inputs, &c, &header) ? EXIT_DONE : EXIT_IO;
    buf_free(&c);
    buf_free(&header);
    return status;
}

static int write_text(Arena *a, const Graph *g, const Options *o,
                      void (*write)(const Graph *g, Buf *out),
                      const char *ending)
{
    Buf text = {0};
    write(g, &text);
    bool ok = write_file(output_path(a, o, ending), &text);
    buf_free(&text);
    return ok ? EXIT_DONE : EXIT_IO;
}

static int run(Graph *g, const Options *o, Inputs *inputs)
{
    Buf text = {0};
    if (!run_model(g, inputs, o->run, &text))
        return inputs->unreadable ? EXIT_IO : EXIT_MODEL;
    bool ok = write_file(output_path(g->arena, o, ""), &text);
    buf_free(&text);
    return ok ? EXIT_DONE : EXIT_IO;
}

/* ---- Lists --------------------------------------------------------------- */

static int list_layers(void)
{
    for (int i = 0; op_table[i]; i++) {
        const Op *op = op_table[i];
        printf("%-15s %s\n", op->name, op->doc);
        for (int k = 0; k < MAX_INNER && op->inner[k]; k++)
            printf("                %s\n", op->inner[k]);
        for (int k = 0; k < MAX_ATTRS && op->attrs[k].name; k++) {
            const AttrSpec *attr = &op->attrs[k];
            if (attr->derived)
                continue;
            printf("                %s%s%s\n", attr->name,
                   attr->fallback || attr->settle ? ", default " : "",
                   attr->fallback ? attr->fallback
                   : attr->settle ? "as the weights tell"
                                  : "");
        }
    }
    printf("activations:");
    for (const char *const *name = activation_names(); *name; name++)
        printf(" %s", *name);
    printf("\n");
    return finish_output();
}

static int print_schema(void)
{
    Buf text = {0};
    Arena *a = arena_new();
    bool ok = schema_write(a, &text) && write_file("-", &text);
    buf_free(&text);
    arena_free(a);
    return ok ? EXIT_DONE : EXIT_IO;
}

static int list_formats(void)
{
    for (int i = 0; format_table[i]; i++)
        printf("%-8s %s\n", format_table[i]->name, format_table[i]->doc);
    return finish_output();
}

/* ---- The pipeline -------------------------------------------------------- */

static const char *model_name(Arena *a, const Graph *g, const Options *o)
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

static int compile(Arena *a, Options *o)
{
    Inputs inputs = {.model = o->model,
                     .samples = o->samples,
                     .max_bytes = o->max_bytes,
                     .format = o->format};
    Graph *g = graph_read(a, &inputs);
    if (!g || !run_passes(g, o) || !samples_fit(g))
        return inputs.unreadable ? EXIT_IO : EXIT_MODEL;
    if (!samples_check(g))
        return EXIT_SAMPLES;
    if (o->explain) {
        explain(g, stdout);
        if (finish_output() != EXIT_DONE)
            return EXIT_IO;
    }
    if (o->run)
        return run(g, o, &inputs);
    o->name = model_name(a, g, o);
    Plan *p = plan_make(a, g->src, g, o);
    if (!p)
        return EXIT_MODEL;
    if (o->verbose)
        plan_dump(p, stderr);
    int status = EXIT_DONE;
    if (!o->check && o->emit == EMIT_DOT)
        status = write_text(a, g, o, graph_dot, ".dot");
    else if (!o->check && o->emit == EMIT_JSON)
        status = write_text(a, g, o, graph_write_json, ".rnnc.json");
    else if (!o->check) {
        if (!g->samples)
            samples_make(g, o->is_double);
        return write_c(a, p, o, &inputs);
    }
    return status == EXIT_DONE ? write_report(p, o) : status;
}

int main(int argc, char **argv)
{
    Options o = {.max_bytes = 0};
    int status = options_parse(argc, argv, &o);
    if (status >= 0)
        return status;
    diag_setup(o.color, o.quiet);
    if (o.list_layers)
        return list_layers();
    if (o.list_formats)
        return list_formats();
    if (o.schema)
        return print_schema();
    if (o.dump_templates)
        return assets_dump(o.dump_templates) ? EXIT_DONE : EXIT_IO;
    Arena *a = arena_new();
    status = compile(a, &o);
    arena_free(a);
    return status;
}
