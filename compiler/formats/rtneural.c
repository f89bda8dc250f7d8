/* formats/rtneural.c -- what RTNeural's model_utils.py writes (RTNeural,
 * python/model_utils.py and RTNeural/model_loader.h, 2025).
 *
 *   {"in_shape": [null, null, 1], "layers": [{"type": "lstm", "activation":
 *    "", "shape": [null, null, 16], "weights": [kernel, recurrent, bias]}]}
 *
 * Weights are Keras' get_weights(), so nothing is reordered. RTNeural runs
 * timestep by timestep and keeps its state: every layer returns sequences and
 * every convolution is causal, whatever the network was trained with. */

#include "rtneural.h"

#include <string.h>

/* ---- The file ------------------------------------------------------------ */

static int find_type(const RtLayer *l)
{
    const char **names =
        arena_alloc(l->b->g->arena, (size_t)rt_type_count + 1, sizeof *names);
    At at = at_key(l->at, "type");
    for (int i = 0; i < rt_type_count; i++) {
        names[i] = rt_types[i].type;
        if (strcmp(l->type, rt_types[i].type) == 0)
            return i;
    }
    const char *guess = nearest(l->type, names);
    if (strcmp(l->type, "unknown") == 0)
        error_at(l->b->src, &at,
                 "the exporter did not know this layer and wrote \"unknown\": "
                 "what it computed is lost, so rnnc cannot go on without it");
    else
        error_at(l->b->src, &at, "unknown layer type \"%s\"%s%s%s",
                 printable(l->b->g->arena, l->type),
                 guess ? " (did you mean \"" : "", guess ? guess : "",
                 guess ? "\"?)" : "");
    return -1;
}

/* The last of [null, null, 16]. */
static bool read_units(const Source *src, const At *at, int *units)
{
    int count = 0;
    At last = *at;
    if (!want_array(src, at))
        return false;
    for (const Json *item = json_first(at->json); item; item = json_next(item))
        last = at_item(at, item, count++);
    if (count < 2 || count > 3) {
        error_at(src, at,
                 "expected [null, features] or [null, timesteps, features], "
                 "got %d dimensions",
                 count);
        return false;
    }
    return want_int(src, &last, 1, MAX_DIM, units);
}

static bool read_function(const RtLayer *l, const char **name)
{
    static const char *const known[] = {"",        "tanh", "relu", "sigmoid",
                                        "softmax", "elu",  NULL};
    At at = at_key(l->at, "activation");
    *name = "";
    if (!at.json)
        return true;
    if (!want_string(l->b->src, &at, name))
        return false;
    for (int i = 0; known[i]; i++)
        if (strcmp(*name, known[i]) == 0)
            return true;
    error_at(l->b->src, &at,
             "expected \"\", \"tanh\", \"relu\", \"sigmoid\", \"softmax\" or "
             "\"elu\", got \"%s\"",
             printable(l->b->g->arena, *name));
    return false;
}

static bool read_layer(Build *b, const At *at)
{
    RtLayer l = {.b = b, .at = at_keep(b->g->arena, at)};
    const char *keys[9] = {"type", "activation", "shape", "weights"};
    if (!want_object(b->src, at))
        return false;
    At type = at_key(l.at, "type"), shape = at_key(l.at, "shape"),
       weights = at_key(l.at, "weights");
    if (!want_string(b->src, &type, &l.type))
        return false;
    int t = find_type(&l);
    if (t < 0)
        return false;
    for (int i = 0; rt_types[t].keys[i]; i++)
        keys[4 + i] = rt_types[t].keys[i];
    bool ok = want_keys(b->src, at, keys);
    ok &= read_units(b->src, &shape, &l.units);
    ok &= read_function(&l, &l.activation);
    l.name = rt_types[t].name;
    l.weights = build_read_list(b, &weights, rt_types[t].min, rt_types[t].max,
                                l.weight_at, l.weight);
    return ok && l.weights >= 0 && rt_types[t].read(&l);
}

bool rtneural_layers(Build *b, const At *root)
{
    At layers = at_key(root, "layers");
    int index = 0;
    bool ok = true;
    if (!want_array(b->src, &layers))
        return false;
    const At *parent = at_keep(b->g->arena, &layers);
    for (const Json *item = json_first(layers.json); item;
         item = json_next(item), index++) {
        At at = at_item(parent, item, index);
        if (!read_layer(b, &at)) {
            build_lost(b);
            ok = false;
        }
    }
    if (index == 0)
        error_at(b->src, &layers, "expected layers, got none");
    return ok && index > 0;
}

bool rtneural_input(Build *b, const At *root)
{
    At at = at_key(root, "in_shape");
    int features;
    if (!read_units(b->src, &at, &features))
        return false;
    build_input(b, "x", &at, shape2(ANY, features));
    convention(b->g, "x: any number of timesteps, one after the other");
    return true;
}

bool rtneural_probe(const At *root)
{
    At in_shape = at_key(root, "in_shape"), layers = at_key(root, "layers");
    return in_shape.json && layers.json;
}

const char *const rtneural_metadata[] = {
    "samplerate", "sample_rate", "author", "esr", "metadata",
    "name",       "version",     "date",   "id",  "license",
    "comment",    "description", NULL};

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    enum { OWN = 2, SPARE = 16 };
    Build b = build_new(src, g, inputs);
    const char *keys[OWN + SPARE] = {"in_shape", "layers"};
    for (int i = 0; rtneural_metadata[i]; i++)
        keys[OWN + i] = rtneural_metadata[i];
    bool ok = want_keys(src, root, keys);
    build_unused(&b, root, rtneural_metadata);
    if (!rtneural_input(&b, root))
        return false;
    ok &= rtneural_layers(&b, root);
    if (ok)
        build_output(&b, "y", root);
    return ok;
}

const Format format_rtneural = {
    .name = "rtneural",
    .doc = "RTNeural's JSON: dense, lstm, gru, conv1d, batchnorm, prelu",
    .probe = rtneural_probe,
    .read = read,
};
