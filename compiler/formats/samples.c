/* formats/samples.c -- golden vectors: {"inputs", "outputs", "atol", "rtol",
 * "note"}, inside a model or in a file of their own. */

#include "../rnnc.h"

#include <string.h>

/* One tensor for each port, by name: {"x": [[...]], ...}. Shapes are held
 * against the ports by whoever knows them. */
bool read_ports(Source *src, const At *at, Graph *g, Inputs *inputs,
                Tensor *const *port, int ports, double **data, Shape *shape,
                At *where)
{
    const char *names[MAX_PORTS + 1];
    bool ok = true;
    if (!want_object(src, at))
        return false;
    for (int i = 0; i < ports; i++)
        names[i] = port[i]->name;
    names[ports] = NULL;
    ok &= want_keys(src, at, names);
    At *parent = at_keep(g->arena, at);
    for (int i = 0; i < ports; i++) {
        Values values;
        where[i] = at_key(parent, names[i]);
        if (!where[i].json) {
            error_missing(src, &where[i]);
            ok = false;
        } else if (read_tensor(src, &where[i], inputs, false, &values)) {
            data[i] = values.data;
            shape[i] = values.shape;
        } else {
            ok = false;
        }
    }
    return ok;
}

static bool read_tolerance(const Source *src, const At *sample,
                           const char *name, double *out)
{
    At at = at_key(sample, name);
    if (!at.json)
        return true;
    if (!want_number(src, &at, out))
        return false;
    if (*out >= 0)
        return true;
    error_at(src, &at, "expected a number of at least 0, got %s",
             at_describe(src->arena, &at));
    return false;
}

static bool read_sample(Source *src, const At *at, Graph *g, Inputs *inputs,
                        Sample *s)
{
    static const char *const keys[] = {"inputs", "outputs", "atol",
                                       "rtol",   "note",    NULL};
    Arena *a = g->arena;
    *s = (Sample){.atol = 1e-6, .rtol = 1e-5, .src = src, .at = *at};
    if (!want_object(src, at))
        return false;
    s->input = arena_alloc(a, MAX_PORTS, sizeof *s->input);
    s->output = arena_alloc(a, MAX_PORTS, sizeof *s->output);
    s->input_shape = arena_alloc(a, MAX_PORTS, sizeof(Shape));
    s->output_shape = arena_alloc(a, MAX_PORTS, sizeof(Shape));
    s->input_at = arena_alloc(a, MAX_PORTS, sizeof(At));
    s->output_at = arena_alloc(a, MAX_PORTS, sizeof(At));

    At in = at_key(at, "inputs"), out = at_key(at, "outputs"),
       note_at = at_key(at, "note");
    bool ok = want_keys(src, at, keys);
    ok &= read_ports(src, &in, g, inputs, g->input, g->inputs, s->input,
                     s->input_shape, s->input_at);
    ok &= read_ports(src, &out, g, inputs, g->output, g->outputs, s->output,
                     s->output_shape, s->output_at);
    ok &= read_tolerance(src, at, "atol", &s->atol);
    ok &= read_tolerance(src, at, "rtol", &s->rtol);
    return ok & (!note_at.json || want_string(src, &note_at, &s->note));
}

bool read_samples(Source *src, const At *at, Graph *g, Inputs *inputs)
{
    if (!want_array(src, at))
        return false;
    int count = json_size(at->json), i = 0;
    Sample *all =
        arena_alloc(g->arena, (size_t)(g->samples + count) + 1, sizeof *all);
    if (g->samples)
        memcpy(all, g->sample, (size_t)g->samples * sizeof *all);
    g->sample = all;
    bool ok = true;
    At *parent = at_keep(g->arena, at);
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At *sample = at_keep(g->arena, &(At){item, parent, NULL, i++});
        ok &= read_sample(src, sample, g, inputs, &all[g->samples++]);
    }
    return ok;
}
