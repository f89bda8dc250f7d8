/* formats/rnnc_v1.c -- rnnc's own model format, version 1.
 *
 * Described by compiler/rnnc-model.schema.json; names, shapes and orders are
 * Keras' own, so this reader translates nothing. It is generic over the op
 * table: attributes, weights and activations are read as the rows say. */

#include "rnnc_v1.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "fields.h"

/* ---- Inputs and outputs -------------------------------------------------- */

static bool read_input(V1 *v, const At *at)
{
    static const char *const keys[] = {"name", "shape", NULL};
    const char *name = "";
    if (!want_object(v->src, at))
        return false;
    At name_at = at_key(at, "name"), shape_at = at_key(at, "shape");
    bool ok = want_keys(v->src, at, keys);
    ok &= v1_name(v, &name_at, &name);
    Tensor *t = graph_tensor(v->g, name);
    if (!read_input_shape(v->src, &shape_at, &t->shape)) {
        t->shape.rank = 0; /* unknown to what follows */
        ok = false;
    }
    v->g->input_at[v->g->inputs] = *at;
    v->g->input[v->g->inputs++] = t;
    v1_know(v, t);
    return ok;
}

static bool read_output(V1 *v, const At *at)
{
    Tensor *t = v1_tensor(v, at);
    v->g->output_at[v->g->outputs] = *at;
    v->g->output[v->g->outputs++] = t;
    for (int i = 0; t && i < v->g->outputs - 1; i++)
        if (v->g->output[i] == t) {
            error_at(v->src, at, "%s is an output already",
                     at_describe(v->src->arena, at));
            return false;
        }
    return t != NULL;
}

static bool read_each_port(V1 *v, const At *root, const char *key,
                           bool (*read)(V1 *v, const At *at))
{
    At *at = at_keep(v->g->arena, root);
    at = at_keep(v->g->arena, &(At){at_key(root, key).json, at, key, 0});
    if (!want_array(v->src, at))
        return false;
    int count = json_size(at->json), i = 0;
    if (count < 1 || count > MAX_PORTS) {
        error_at(v->src, at, "expected 1 to %d %s, got %d", MAX_PORTS, key,
                 count);
        return false;
    }
    bool ok = true;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At element = at_item(at, item, i++);
        ok &= read(v, &element);
    }
    return ok;
}

/* ---- The file ------------------------------------------------------------ */

static bool probe(const At *root)
{
    At format = at_key(root, "format");
    return at_is_string(&format) &&
           strcmp(format.json->valuestring, "rnnc") == 0;
}

static bool read_head(const V1 *v, const At *root)
{
    static const char *const keys[] = {"format", "version", "name",    "inputs",
                                       "layers", "outputs", "samples", NULL};
    At version_at = at_key(root, "version"), name_at = at_key(root, "name");
    int version = 0;
    bool ok = want_keys(v->src, root, keys);
    if (!want_int(v->src, &version_at, 1, MAX_DIM, &version))
        ok = false;
    else if (version != 1) {
        error_at(v->src, &version_at,
                 "this rnnc reads version 1 of the format, got %d", version);
        ok = false;
    }
    if (name_at.json)
        ok &= want_string(v->src, &name_at, &v->g->name);
    return ok;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    V1 v = {.src = src, .g = g, .inputs = inputs};
    v.known =
        arena_alloc(g->arena, MAX_LAYERS + MAX_PORTS + 1, sizeof *v.known);
    At samples = at_key(root, "samples");
    bool ok = read_head(&v, root);
    ok &= read_each_port(&v, root, "inputs", read_input);
    if (g->inputs == 0)
        return false; /* nothing for the layers to read from */
    ok &= v1_layers(&v, root);
    ok &= read_each_port(&v, root, "outputs", read_output);
    if (ok && samples.json)
        ok = read_samples(src, &samples, g, inputs);
    return ok;
}

const Format format_rnnc_v1 = {
    .name = "rnnc",
    .doc = "rnnc's own format, version 1 (rnnc-model.schema.json)",
    .probe = probe,
    .read = read,
};
