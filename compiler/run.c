/* run.c -- --run INPUT: the interpreter's outputs, as JSON.
 *
 * INPUT holds {"x": [[...]], ...} by input name, the same under "inputs" (so
 * a golden vector serves as it is), or, for a model of one input, the bare
 * array. */

#include "rnnc.h"

#include <string.h>

/* {"inputs": {...}, ...} unless the model has an input of that very name. */
static At inputs_of(const At *root, const Graph *g)
{
    At inner = at_key(root, "inputs");
    for (int i = 0; i < g->inputs; i++)
        if (strcmp(g->input[i]->name, "inputs") == 0)
            return *root;
    return inner.json && at_is_object(&inner) ? inner : *root;
}

static bool read_inputs(Source *src, const At *root, Graph *g, Inputs *inputs,
                        double **data, Shape *shape, At *where)
{
    Values values;
    if (at_is_array(root) && g->inputs == 1) {
        where[0] = *root;
        if (!read_tensor(src, root, inputs, false, &values))
            return false;
        data[0] = values.data;
        shape[0] = values.shape;
        return true;
    }
    At at = at_is_object(root) ? inputs_of(root, g) : *root;
    return read_ports(src, &at, g, inputs, g->input, g->inputs, data, shape,
                      where);
}

static void write_outputs(const Graph *g, double *const *output, int timesteps,
                          Buf *out)
{
    buf_puts(out, "{");
    for (int i = 0; i < g->outputs; i++) {
        Shape shape = tensor_at(g->output[i], timesteps);
        buf_puts(out, i ? ",\n " : "");
        json_string(out, g->output[i]->name);
        buf_puts(out, ": ");
        json_tensor(out, &shape, output[i], false);
    }
    buf_puts(out, "}\n");
}

bool run_model(Graph *g, Inputs *inputs, const char *path, Buf *out)
{
    Arena *a = g->arena;
    double *data[MAX_PORTS];
    Shape shape[MAX_PORTS];
    At where[MAX_PORTS], root;
    int timesteps = -1;
    Source *src = source_load(a, inputs, path, &root, NULL);
    if (!src || !read_inputs(src, &root, g, inputs, data, shape, where) ||
        !ports_fit(src, g->input, g->inputs, shape, where, &timesteps) ||
        !rows_fit(src, g, data, shape, where) ||
        !timesteps_fit(src, g, timesteps, &where[0]))
        return false;
    write_outputs(g, reference_run(a, g, data, timesteps), timesteps, out);
    return true;
}
