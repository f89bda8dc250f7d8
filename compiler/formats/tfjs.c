/* formats/tfjs.c -- TensorFlow.js layers-models (tfjs-layers 4, 2024): what
 * model.save() and tensorflowjs_converter write.
 *
 *   {"format": "layers-model", "modelTopology": <Keras' to_json()>,
 *    "weightsManifest": [{"paths": ["group1-shard1of2.bin", ...],
 *                         "weights": [{"name": "lstm/kernel",
 *                                      "shape": [3, 16],
 *                                      "dtype": "float32",
 *                                      "quantization": {"dtype": "uint8",
 *                                                       "min", "scale"}}]}]}
 *
 * The shards of a group one after the other are its weights, packed, in the
 * order of the manifest. */

#include "tfjs.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ARRAYS = 1 << 15 };

/* ---- The manifest -------------------------------------------------------- */

static bool read_shard(Build *b, const At *at, size_t needed, Buf *all)
{
    Buf shard = {0};
    const char *name;
    if (!want_string(b->src, at, &name) ||
        !side_read(b->src, at, b->inputs, name, &shard))
        return false;
    buf_add(all, shard.data, shard.size);
    if (all->size <= needed)
        return true;
    error_at(b->src, at,
             "the weights have %zu bytes, and up to here there are %zu", needed,
             all->size);
    return false;
}

static bool read_shards(Build *b, const At *group, size_t needed, Buf *all)
{
    At paths = at_key(group, "paths");
    int index = 0;
    if (!want_array(b->src, &paths))
        return false;
    for (const Json *item = json_first(paths.json); item;
         item = json_next(item)) {
        At at = at_item(&paths, item, index++);
        if (!read_shard(b, &at, needed, all))
            return false;
    }
    if (all->size == needed)
        return true;
    error_at(b->src, &paths, "the weights have %zu bytes, the shards %zu",
             needed, all->size);
    return false;
}

/* What training needs: an optimizer's moments, a Dropout's random numbers. */
static bool only_training(const TfjsWeight *w)
{
    return w->optimizer || strncmp(w->name, "optimizer/", 10) == 0 ||
           strstr(w->name, "/seed_generator");
}

/* The weights of a group, from its bytes. */
static bool decode_group(Tfjs *t, const TfjsWeight *weight, int count,
                         const Buf *bytes)
{
    const unsigned char *p = (const unsigned char *)bytes->data;
    bool ok = true;
    for (int i = 0; i < count; p += weight[i].size, i++) {
        KerasArray *array = &t->array[t->arrays];
        if (only_training(&weight[i]))
            continue;
        *array = (KerasArray){.name = weight[i].name, .at = weight[i].at};
        ok &= tfjs_decode(&t->b, &weight[i], p, &array->values);
        t->arrays++;
    }
    return ok;
}

static bool read_group(Tfjs *t, const At *at)
{
    static const char *const keys[] = {"paths", "weights", NULL};
    Arena *a = t->b.g->arena;
    Buf bytes = {0};
    size_t needed = 0;
    int count = 0;
    if (!want_object(t->b.src, at) || !want_keys(t->b.src, at, keys))
        return false;
    At weights = at_key(at, "weights");
    if (!want_array(t->b.src, &weights))
        return false;
    TfjsWeight *weight =
        arena_alloc(a, (size_t)json_size(weights.json) + 1, sizeof *weight);
    for (const Json *item = json_first(weights.json); item;
         item = json_next(item), count++) {
        At entry = at_item(&weights, item, count);
        if (!tfjs_read_weight(&t->b, at_keep(a, &entry), &weight[count]))
            return false;
        needed += weight[count].size;
    }
    bool ok = read_shards(&t->b, at, needed, &bytes) &&
              decode_group(t, weight, count, &bytes);
    buf_free(&bytes);
    return ok;
}

static bool room_for(Tfjs *t, const At *manifest)
{
    int64_t count = 0;
    for (const Json *item = json_first(manifest->json); item;
         item = json_next(item))
        count += json_size(cJSON_GetObjectItemCaseSensitive(item, "weights"));
    if (count > MAX_ARRAYS) {
        error_at(t->b.src, manifest, "expected at most %d weights, got %lld",
                 MAX_ARRAYS, (long long)count);
        return false;
    }
    t->array = arena_alloc(t->b.g->arena, (size_t)count + 1, sizeof *t->array);
    return true;
}

static int by_name(const void *a, const void *b)
{
    const KerasArray *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* TensorFlow.js would not say which of two it means. */
static bool names_differ(const Tfjs *t)
{
    bool ok = true;
    const KerasArray **sorted =
        arena_alloc(t->b.g->arena, (size_t)t->arrays + 1, sizeof(KerasArray *));
    for (int i = 0; i < t->arrays; i++)
        sorted[i] = &t->array[i];
    qsort(sorted, (size_t)t->arrays, sizeof *sorted, by_name);
    for (int i = 1; i < t->arrays; i++)
        if (by_name(&sorted[i - 1], &sorted[i]) == 0) {
            error_at(t->b.src, sorted[i]->at, "two weights have this name");
            ok = false;
        }
    return ok;
}

static bool read_manifest(Tfjs *t, const At *root)
{
    At at = at_key(root, "weightsManifest");
    const At *manifest = at_keep(t->b.g->arena, &at);
    int index = 0;
    bool ok = true;
    if (!want_array(t->b.src, manifest) || !room_for(t, manifest))
        return false;
    for (const Json *item = json_first(manifest->json); item;
         item = json_next(item)) {
        At group = at_item(manifest, item, index++);
        ok &= read_group(t, &group);
    }
    return ok && names_differ(t);
}

/* ---- Keras 3 names arrays by number -------------------------------------- */

static bool all_numbered(const Tfjs *t)
{
    int i = 0;
    while (i < t->arrays && keras_number(t->array[i].name) >= 0)
        i++;
    return i > 0 && i == t->arrays;
}

/* "layers/lstm_1/cell/vars/0" -> "lstm_1/cell/vars/0": a model's layers stand
 * in a folder of their own. */
static const char *without_folders(Arena *a, const char *name)
{
    static const char *const folders[] = {
        "layers/", "_layer_checkpoint_dependencies/", NULL};
    const char *out = "";
    while (name) {
        const char *slash = strchr(name, '/');
        int length = slash ? (int)(slash - name) + 1 : (int)strlen(name);
        bool skip = false;
        for (int i = 0; folders[i]; i++)
            skip |= strncmp(name, folders[i], strlen(folders[i])) == 0;
        if (!skip)
            out = arena_printf(a, "%s%.*s", out, length, name);
        name = slash ? slash + 1 : NULL;
    }
    return out;
}

/* ---- The file ------------------------------------------------------------ */

/* What made the topology: "tfjs-layers 4.22.0", Keras' "2.15.0", or "". */
static const char *topology_version(const At *root)
{
    At topology = at_key(root, "modelTopology"),
       at = at_key(&topology, "keras_version");
    return at_is_string(&at) ? at.json->valuestring : "";
}

/* TensorFlow.js has the hard_sigmoid of Keras 2 whatever the file was converted
 * from: where that was Keras 3, nobody knows which of the two is meant. */
static int find_version(const At *root)
{
    if (at_key(root, "keras_version").json)
        return 0; /* keras_read reads it */
    return *topology_version(root) == '3' ? KERAS_OPEN : 2;
}

static bool check_format(const Source *src, const At *root)
{
    At at = at_key(root, "format");
    const char *format = "layers-model";
    if (at.json && !want_string(src, &at, &format))
        return false;
    if (strcmp(format, "layers-model") == 0)
        return true;
    error_at(src, &at, "expected \"layers-model\", got %s%s",
             at_describe(src->arena, &at),
             strcmp(format, "graph-model") == 0
                 ? ": a graph has no layers; convert the Keras model with "
                   "--output_format=tfjs_layers_model"
                 : "");
    return false;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    static const char *const keys[] = {"format",
                                       "generatedBy",
                                       "convertedBy",
                                       "modelTopology",
                                       "weightsManifest",
                                       "userDefinedMetadata",
                                       "trainingConfig",
                                       "signature",
                                       "modelInitializer",
                                       "keras_version",
                                       "initializerSignature",
                                       "samples",
                                       "name",
                                       NULL};
    static const char *const unused[] = {"userDefinedMetadata",
                                         "trainingConfig", "signature", NULL};
    Tfjs t = {.b = build_new(src, g, inputs)};
    At samples = at_key(root, "samples");
    bool ok = want_keys(src, root, keys);
    if (!check_format(src, root) || !read_manifest(&t, root) || !ok)
        return false;
    build_unused(&t.b, root, unused);
    bool numbered = all_numbered(&t);
    for (int i = 0; numbered && i < t.arrays; i++)
        t.array[i].name = without_folders(g->arena, t.array[i].name);
    Keras k = {.b = t.b,
               .version = find_version(root),
               .missing = "weightsManifest names none of this layer",
               .array = t.array,
               .arrays = t.arrays,
               .counts_making = strncmp(topology_version(root), "tfjs", 4) == 0,
               .gates_stated = true,
               .naming = numbered ? KERAS_CLASSES : KERAS_PATHS};
    g->masks_leak = k.counts_making;
    if (!keras_read(&k, root))
        return false;
    return !samples.json || read_samples(src, &samples, g, inputs);
}

static bool probe(const At *root)
{
    return at_key(root, "modelTopology").json &&
           at_key(root, "weightsManifest").json;
}

const Format format_tfjs = {
    .name = "tfjs",
    .doc = "TensorFlow.js: model.json of a layers-model, and its shards",
    .probe = probe,
    .read = read,
};
