/* fuzz_model.c -- libFuzzer harness: whatever the model file holds, reading,
 * planning and writing C neither crash nor leak; a model that is refused has
 * been told why, one that is not yields C. */

#include "rnnc.h"

#include <stdlib.h>
#include <unistd.h>

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* The compiler reads files: this one has no name but its descriptor's. */
static const char *model_file(const uint8_t *data, size_t size)
{
    static char path[64];
    static FILE *file;
    if (!file) {
        file = tmpfile();
        require(file != NULL);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    }
    require(ftruncate(fileno(file), 0) == 0);
    require(pwrite(fileno(file), data, size, 0) == (ssize_t)size);
    return path;
}

static bool run_passes(Graph *g)
{
    return infer_shapes(g->src, g) && drop_unused(g->src, g) &&
           drop_states(g->src, g) && derive_weights(g->src, g) &&
           fold_constants(g->src, g) && find_time(g->src, g);
}

/* Small enough to be computed and written a thousand times a second. */
static bool small(const Graph *g)
{
    int64_t work = 0;
    for (int i = 0; i < g->inputs; i++)
        work += shape_size(&g->input[i]->shape);
    for (const Node *n = g->first; n; n = n->next)
        work += shape_size(&n->out->shape) + node_macs(n, 16);
    return work < 20000;
}

static void compile(Arena *a, Graph *g, Inputs *inputs)
{
    Options options = {.model = inputs->model,
                       .output = "model.c",
                       .name = g->name ? g->name : "model",
                       .budget_flash = -1,
                       .budget_ram = -1,
                       .budget_stack = -1};
    Buf c = {0}, header = {0}, json = {0}, report = {0}, dot = {0};
    Plan *p = plan_make(a, g->src, g, &options);
    require((p != NULL) == (error_count() == 0));
    graph_write_json(g, &json);
    graph_dot(g, &dot);
    if (p) {
        if (!g->samples)
            samples_make(g, false);
        report_text(p, &report);
        require(emit_model(a, p, inputs, &c, &header, NULL));
        require(c.size > 0 && header.size > 0 && report.size > 0);
    }
    buf_free(&c);
    buf_free(&header);
    buf_free(&json);
    buf_free(&report);
    buf_free(&dot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *a = arena_new();
    Inputs inputs = {.model = model_file(data, size), .max_bytes = 1 << 20};
    diag_setup(COLOR_NEVER, false);
    Graph *g = graph_read(a, &inputs);
    require(g || error_count() > 0);
    if (g && (!run_passes(g) || !samples_fit(g)))
        require(error_count() > 0);
    else if (g && small(g) && samples_check(g))
        compile(a, g, &inputs);
    arena_free(a);
    return 0;
}
