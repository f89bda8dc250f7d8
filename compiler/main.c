/* main.c -- the pipeline, on one screen. */

#include "rnnc.h"

#include <string.h>

static const struct {
    const char *name;
    bool (*run)(const Source *src, Graph *g);
} passes[] = {
    {"infer_shapes", infer_shapes}, {"insert_masks", insert_masks},
    {"drop_unused", drop_unused},   {"drop_states", drop_states},
    {"find_rows", find_rows},       {"derive_weights", derive_weights},
    {"fold_constants", fold_constants}, {"find_time", find_time},
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
    bool ok = schema_write(a, &text) && output_file("-", &text);
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
    if (o->run && o->weights == STORE_F32)
        return output_run(g, o, &inputs);
    o->name = output_name(a, g, o);
    if (emits_c(o) && !o->run) {
        if (!g->samples && !o->check) /* of the model as it is */
            samples_make(g, o->is_double);
        fold_layers(g->src, g);
    }
    Plan *p = plan_make(a, g->src, g, o);
    if (!p)
        return EXIT_MODEL;
    if (o->run) {
        weights_round(p);
        return output_run(g, o, &inputs);
    }
    if (o->verbose)
        plan_dump(p, stderr);
    return output_write(a, g, p, o, &inputs);
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
    if (o.completions)
        return print_completions(o.completions);
    if (o.schema)
        return print_schema();
    if (o.dump_templates)
        return assets_dump(o.dump_templates) ? EXIT_DONE : EXIT_IO;
    Arena *a = arena_new();
    progress_start(o.quiet || o.verbose || o.explain);
    status = compile(a, &o);
    progress_end();
    arena_free(a);
    return status;
}
