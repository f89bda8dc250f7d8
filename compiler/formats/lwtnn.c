/* formats/lwtnn.c -- networks of lwtnn, the Lightweight Trained Neural Network
 * (lwtnn 2.14: src/parse_json.cxx, include/lwtnn/generic/Stack.tcc).
 *
 *   {"inputs": [{"name": "pt", "offset": -20, "scale": 0.1}, ...],
 *    "layers": [{"architecture": "dense", "activation": "rectified",
 *                "weights": [...], "bias": [...]}],
 *    "outputs": ["signal", "background"], "defaults": {}, "miscellaneous": {}}
 *
 * runs layer by layer; a file with "nodes" is a graph (lwtnn_graph.c). Inputs
 * become (x + offset) * scale. Weights are flat: row-major [outputs][inputs],
 * [filters][features][kernel_size] of a conv1d. Recurrent layers come first,
 * and the others read the last timestep.
 *
 * The number of timesteps is in no file of lwtnn; "timesteps", an addition of
 * ours beside "inputs", fixes it where a layer needs to know.
 *
 * "default" is what lwtnn's NanReplacer puts in for NaN and infinities where
 * the program that runs the network asks for it; the network knows nothing of
 * it, and neither does the C. */

#include "lwtnn.h"

#include <cjson/cJSON.h>
#include <string.h>

/* ---- Inputs -------------------------------------------------------------- */

static void build_scaling(Build *b, const At *at, const char *name,
                          Values offset, Values scale)
{
    bool changes = false;
    for (int i = 0; i < offset.shape.dim[0]; i++)
        changes |= offset.data[i] != 0 || scale.data[i] != 1;
    if (!changes)
        return;
    lw_scale(b, at, arena_printf(b->g->arena, "%s_scaled", name), offset,
             scale);
    convention(b->g, "%s: (x + offset) * scale for each variable", name);
}

static bool read_variable(Build *b, const At *at, double *offset, double *scale)
{
    static const char *const keys[] = {"name", "offset", "scale", "default",
                                       NULL};
    const char *name;
    double number;
    At name_at = at_key(at, "name"), offset_at = at_key(at, "offset"),
       scale_at = at_key(at, "scale"), default_at = at_key(at, "default");
    if (!want_object(b->src, at))
        return false;
    bool ok = want_keys(b->src, at, keys);
    ok &= want_string(b->src, &name_at, &name);
    ok &= want_number(b->src, &offset_at, offset);
    ok &= want_number(b->src, &scale_at, scale);
    return ok & (!default_at.json || want_number(b->src, &default_at, &number));
}

int lw_input(Build *b, const At *variables, const char *name, LwTime time)
{
    int i = 0;
    bool ok = true;
    if (!want_array(b->src, variables))
        return -1;
    int count = json_size(variables->json);
    if (count < 1 || count > MAX_DIM) {
        error_at(b->src, variables, "expected at least one variable");
        return -1;
    }
    Values offset = values_zeros(b->g->arena, shape1(count)), scale = offset;
    scale.data = arena_alloc(b->g->arena, (size_t)count, sizeof(double));
    offset.wide = scale.wide = true;
    for (const Json *item = json_first(variables->json); item;
         item = json_next(item), i++) {
        At at = at_item(variables, item, i);
        ok &= read_variable(b, &at, &offset.data[i], &scale.data[i]);
    }
    build_input(b, name, variables,
                time.sequence ? shape2(time.steps, count) : shape1(count));
    if (!ok)
        return -1;
    build_scaling(b, variables, name, offset, scale);
    return count;
}

bool lw_labels(Build *b, const At *labels, int features)
{
    bool ok = true;
    int i = 0;
    if (!want_array(b->src, labels))
        return false;
    for (const Json *item = json_first(labels->json); item;
         item = json_next(item)) {
        const char *label;
        At at = at_item(labels, item, i++);
        ok &= want_string(b->src, &at, &label);
    }
    if (!ok || features == ANY || i == features)
        return ok;
    error_at(b->src, labels, "expected %d labels, one for each output, got %d",
             features, i);
    return false;
}

/* ---- Layer by layer ------------------------------------------------------ */

static bool is_conv1d(const At *layer)
{
    At at = at_key(layer, "architecture");
    return strcmp(at.json->valuestring, "conv1d") == 0;
}

/* Of count layers, those at the front that walk a sequence; -1 after messages.
 */
static int count_recurrent(Build *b, const At *layers)
{
    int i = 0, recurrent = 0;
    bool ok = true;
    for (const Json *item = json_first(layers->json); item;
         item = json_next(item), i++) {
        LwKind kind;
        At at = at_item(layers, item, i);
        if (!lw_kind(b, &at, &kind)) {
            ok = false;
        } else if (kind == LW_SEQUENCE && is_conv1d(&at)) {
            error_at(b->src, &at,
                     "lwtnn runs a conv1d only in a graph, a file "
                     "with \"nodes\"");
            ok = false;
        } else if (kind == LW_SEQUENCE && recurrent < i) {
            error_at(b->src, &at,
                     "behind a layer that is not recurrent: lwtnn would run it "
                     "before that one; a file with \"nodes\" can say the "
                     "order");
            ok = false;
        } else {
            recurrent += kind == LW_SEQUENCE;
        }
    }
    return ok ? recurrent : -1;
}

static bool read_stack(Build *b, const At *layers, int recurrent, int *features)
{
    int i = 0;
    bool ok = true;
    for (const Json *item = json_first(layers->json); item;
         item = json_next(item), i++) {
        At at = at_item(layers, item, i);
        LwLayer l = {.b = b,
                     .at = at_keep(b->g->arena, &at),
                     .name = arena_printf(b->g->arena, "layer_%d", i),
                     .features = *features,
                     .sequences = i + 1 < recurrent};
        if (!lw_read(&l, i < recurrent ? LW_SEQUENCE : LW_ROWS)) {
            build_lost(b);
            l.features = ANY;
            ok = false;
        }
        *features = l.features;
    }
    return ok;
}

static bool read_sequential(Build *b, const At *root, int timesteps)
{
    At inputs = at_key(root, "inputs"), at = at_key(root, "layers"),
       outputs = at_key(root, "outputs");
    const At *layers = at_keep(b->g->arena, &at);
    if (!want_array(b->src, layers))
        return false;
    int count = json_size(layers->json);
    if (count < 1 || count > MAX_LAYERS / 8) {
        error_at(b->src, layers, "expected 1 to %d layers, got %d",
                 MAX_LAYERS / 8, count);
        return false;
    }
    int recurrent = count_recurrent(b, layers);
    int features =
        lw_input(b, &inputs, "x", (LwTime){recurrent > 0, timesteps});
    if (recurrent < 0 || features < 0)
        return false;
    bool ok = read_stack(b, layers, recurrent, &features);
    ok &= lw_labels(b, &outputs, features);
    if (!ok)
        return false;
    if (recurrent)
        convention(b->g, "the last timestep is what comes out");
    build_output(b, "y", root);
    return true;
}

/* ---- The file ------------------------------------------------------------ */

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    static const char *const sequential[] = {
        "inputs",        "layers",    "outputs", "defaults",
        "miscellaneous", "timesteps", NULL};
    static const char *const graph[] = {
        "inputs",  "input_sequences", "nodes",         "layers",
        "outputs", "timesteps",       "miscellaneous", NULL};
    static const char *const metadata[] = {"defaults", "miscellaneous", NULL};
    Build b = build_new(src, g, inputs);
    if (!want_object(src, root))
        return false;
    bool nodes = at_key(root, "nodes").json != NULL;
    bool ok = want_keys(src, root, nodes ? graph : sequential);
    build_unused(&b, root, metadata);
    At at = at_key(root, "timesteps");
    int timesteps = ANY;
    ok &= !at.json || want_int(src, &at, 1, MAX_DIM, &timesteps);
    return (nodes ? lw_graph(&b, root, timesteps)
                  : read_sequential(&b, root, timesteps)) &&
           ok;
}

static bool probe(const At *root)
{
    At layers = at_key(root, "layers"), inputs = at_key(root, "inputs");
    if (!at_is_array(&layers) || !at_is_array(&inputs))
        return false;
    for (const Json *item = json_first(layers.json); item;
         item = json_next(item)) {
        At at = at_item(&layers, item, 0);
        if (at_key(&at, "architecture").json)
            return true;
    }
    return false;
}

const Format format_lwtnn = {
    .name = "lwtnn",
    .doc = "lwtnn: dense, normalization, recurrences, conv1d; graphs",
    .probe = probe,
    .read = read,
};
