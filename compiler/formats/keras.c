/* formats/keras.c -- Keras models as JSON: what to_json() writes (Keras 2 and
 * 3, Sequential and Functional) together with the weights, and what people
 * write by hand in a notebook:
 *
 *   {"architecture": <to_json()>, "weights": {"lstm": [...], "dense": [...]}}
 *   {"architecture": <to_json()>, "weights": [model.get_weights()...]}
 *   <to_json()>, with "weights" in each layer or at the top
 *   {"layers": [{"name", "class_name", "config", "weights"}], "input_shape"}
 *   {"input_shape": [10, 3], "layers": [{"class_name", "units", "weights"}]}
 *   [{"name", "type", "weights"}, ...]
 *
 * "architecture" may be called model, model_config or topology. to_json() makes
 * a string: json.loads() it first. */

#include "keras.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const homes[] = {"architecture", "model_config",  "model",
                                    "topology",     "modelTopology", NULL};

/* ---- Shapes -------------------------------------------------------------- */

bool keras_shape(const Keras *k, const At *at, bool batch, Shape *out)
{
    int index = 0;
    bool ok = true;
    *out = (Shape){0};
    if (!want_array(k->b.src, at))
        return false;
    int rank = json_size(at->json) - batch;
    if (rank < 1 || rank > MAX_RANK) {
        error_at(k->b.src, at, "expected %s1 to %d dimensions, got %d",
                 batch ? "the batch and " : "", MAX_RANK, rank);
        return false;
    }
    for (const Json *item = json_first(at->json); item;
         item = json_next(item), index++) {
        At dim = at_item(at, item, index);
        if (index < batch)
            continue;
        int *size = &out->dim[out->rank++];
        if (out->rank == 1 && rank > 1 && at_is_null(&dim))
            *size = ANY;
        else
            ok &= want_int(k->b.src, &dim, 1, MAX_DIM, size);
    }
    if (ok && shape_size(out) > MAX_ELEMENTS) {
        error_at(k->b.src, at, "expected at most %lld elements",
                 (long long)MAX_ELEMENTS);
        return false;
    }
    return ok;
}

At keras_input_shape(const At *at, const At *config, bool *batch)
{
    static const char *const with[] = {"batch_shape", "batch_input_shape",
                                       "build_input_shape", NULL};
    *batch = true;
    for (int i = 0; with[i]; i++) {
        At own = at_key(config, with[i]), outer = at_key(at, with[i]);
        if (at_is_array(&own) || at_is_array(&outer))
            return at_is_array(&own) ? own : outer;
    }
    *batch = false;
    At own = at_key(config, "input_shape"), outer = at_key(at, "input_shape");
    if (at_is_array(&own) || at_is_array(&outer))
        return at_is_array(&own) ? own : outer;
    return (At){.json = NULL};
}

/* ---- A list of layers ---------------------------------------------------- */

/* In Keras 3 a layer that was built says on what: with the batch. */
static At built_shape(const At *layer)
{
    At build = at_key(layer, "build_config");
    const At *kept = &build;
    return at_is_object(kept) ? at_key(layer, "build_config")
                              : (At){.json = NULL};
}

/* Where the first layer, or the model, says what goes in. */
static bool make_input(Keras *k, const At *layers, const At *model)
{
    Arena *a = k->b.g->arena;
    At first = at_item(layers, json_first(layers->json), 0);
    At config = at_key(&first, "config"),
       model_config = at_key(model, "config");
    bool batch;
    At at = keras_input_shape(&first, &config, &batch);
    if (!at.json)
        at = keras_input_shape(model, &model_config, &batch);
    At build = built_shape(&first);
    if (!at.json && at_is_array(&(At){at_key(&build, "input_shape").json,
                                      &build, "input_shape", 0})) {
        at = at_key(&build, "input_shape");
        batch = true;
    }
    Shape shape;
    if (!at.json) {
        error_at(k->b.src, at_is_object(model) ? model : layers,
                 "the input's shape is stated nowhere: write \"input_shape\": "
                 "[timesteps or null, features] beside \"layers\"");
        return false;
    }
    if (!keras_shape(k, at_keep(a, &at), batch, &shape))
        return false;
    build_input(&k->b, "x", at_keep(a, &at), shape);
    return true;
}

int keras_call_model(KerasLayer *l, const char *name, Tensor *const *in,
                     int inputs, Tensor **out)
{
    Keras *k = l->k;
    At layers = at_key(l->config, "layers");
    const char *prefix = arena_printf(k->b.g->arena, "%s_", name);
    int count = 0;
    KerasWeights outer = keras_enter(l);
    if (strcmp(l->type, "Sequential") != 0) {
        count = keras_functional(k, l->config, prefix, in, inputs, out);
    } else if (inputs != 1) {
        error_at(k->b.src, l->at, "Sequential takes 1 input, got %d", inputs);
    } else {
        count = keras_sequential(k, &layers, l->at, prefix, in[0]);
        out[0] = k->b.last;
    }
    return keras_leave(l, outer) ? count : 0;
}

static bool nested(Keras *k, KerasLayer *l, const char *name)
{
    Tensor *out[MAX_PORTS], *in = k->b.last;
    int count = keras_call_model(l, name, &in, 1, out);
    if (count > 1)
        error_at(k->b.src, l->at, "%d outputs, and one layer behind", count);
    if (count == 1)
        k->b.last = out[0];
    return count == 1;
}

static bool one_output(KerasLayer *l, const char *name, Tensor *in,
                       Tensor **out)
{
    int count = keras_call(l, name, &in, 1, out);
    if (count > 1)
        error_at(l->k->b.src, l->config,
                 "return_state in a Sequential model: %d outputs, and one "
                 "layer behind",
                 count);
    return count == 1;
}

bool keras_sequential(Keras *k, const At *layers, const At *model,
                      const char *prefix, Tensor *in)
{
    const At *list = at_keep(k->b.g->arena, layers);
    int index = 0;
    bool ok = true;
    if (!want_array(k->b.src, list))
        return false;
    if (json_size(list->json) == 0) {
        error_at(k->b.src, list, "expected layers, got none");
        return false;
    }
    if (!in && !make_input(k, list, model))
        return false;
    if (in)
        k->b.last = in;
    for (const Json *item = json_first(list->json); item;
         item = json_next(item), index++) {
        At at = at_item(list, item, index);
        Tensor *out[KERAS_OUTPUTS], *last = k->b.last;
        KerasLayer l;
        if (!keras_open(k, &at, &l)) {
            build_lost(&k->b);
            ok = false;
            continue;
        }
        const char *name = arena_printf(k->b.g->arena, "%s%s", prefix, l.name);
        if (keras_is_input(&l))
            continue;
        bool done = keras_is_model(&l) ? nested(k, &l, name)
                                       : one_output(&l, name, last, out);
        if (done && !keras_is_model(&l))
            k->b.last = out[0];
        if (!done)
            build_lost(&k->b);
        ok &= done;
    }
    return ok;
}

/* ---- The file ------------------------------------------------------------ */

/* "2.11.0", or the module names that only Keras 3 writes. */
static int find_version(const At *root, const At *model, int *minor)
{
    At at = at_key(root, "keras_version"),
       inner = at_key(model, "keras_version");
    if (!at.json)
        at = inner;
    if (at_is_string(&at)) {
        const char *text = at.json->valuestring, *point = strchr(text, '.');
        if (point && isdigit((unsigned char)point[1]))
            *minor = (int)strtol(point + 1, NULL, 10);
        return text[0] == '3' ? 3 : 2;
    }
    if (at_is_number(&at))
        return at.json->valuedouble >= 3 ? 3 : 2;
    return at_key(model, "module").json ? 3 : 0;
}

/* The object with the layers. */
static const At *find_model(Keras *k, const At *root)
{
    At at = *root;
    for (int i = 0; homes[i]; i++)
        if (at_key(root, homes[i]).json)
            at = at_key(root, homes[i]);
    const At *model = at_keep(k->b.g->arena, &at);
    At inner = at_key(model, "model_config");
    return inner.json ? at_keep(k->b.g->arena, &inner) : model;
}

static bool functional_outputs(Keras *k, const At *config, const At *model)
{
    Tensor *out[MAX_PORTS];
    int count = keras_functional(k, config, "", NULL, 0, out);
    for (int i = 0; i < count; i++) {
        k->b.last = out[i];
        build_output(&k->b, NULL, model);
    }
    return count > 0;
}

static bool read_model(Keras *k, const At *model)
{
    At config = at_key(model, "config"), layers = at_key(model, "layers");
    const At *kept = at_keep(k->b.g->arena, &config);
    if (at_is_array(model))
        layers = *model;
    else if (at_is_array(kept)) /* Keras 2.0 */
        layers = config;
    else if (!layers.json)
        layers = at_key(kept, "layers");
    if (at_key(kept, "input_layers").json)
        return functional_outputs(k, kept, model);
    if (at_key(model, "input_layers").json)
        return functional_outputs(k, model, model);
    if (!keras_sequential(k, &layers, model, "", NULL))
        return false;
    if (k->b.last->from)
        build_output(&k->b, NULL, model);
    else
        error_at(k->b.src, model, "no layer that computes anything");
    return k->b.last->from != NULL;
}

static bool check_top(const Source *src, const At *root)
{
    static const char *const keys[] = {"class_name",
                                       "config",
                                       "keras_version",
                                       "backend",
                                       "module",
                                       "registered_name",
                                       "build_config",
                                       "compile_config",
                                       "build_input_shape",
                                       "weights",
                                       "layers",
                                       "input_shape",
                                       "name",
                                       "samples",
                                       "architecture",
                                       "model_config",
                                       "model",
                                       "topology",
                                       "training_config",
                                       "input_layers",
                                       "output_layers",
                                       "generatedBy",
                                       "convertedBy",
                                       "date_saved",
                                       "trainable",
                                       "dtype",
                                       "batch_input_shape",
                                       NULL};
    return !at_is_object(root) || want_keys(src, root, keys);
}

bool keras_read(Keras *k, const At *root)
{
    const At *model = find_model(k, root);
    k->minor = -1;
    if (!k->version)
        k->version = find_version(root, model, &k->minor);
    if (k->version > 0)
        convention(k->b.g, "Keras %d: its defaults and activations",
                   k->version);
    return read_model(k, model) && keras_all_taken(k) &&
           keras_arrays_taken(k) && keras_check_handed_on(k);
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    Keras k = {.b = build_new(src, g, inputs),
               .missing = "write \"weights\" with each layer, or all at the "
                          "top: {\"layer name\": [...]}"};
    At weights = at_key(root, "weights"), samples = at_key(root, "samples");
    if (!check_top(src, root))
        return false;
    if (weights.json)
        k.weights = at_keep(g->arena, &weights);
    if (!keras_read(&k, root))
        return false;
    return !samples.json || read_samples(src, &samples, g, inputs);
}

/* Layers that say "class_name" or "type", and no "format": rnnc's own. */
static bool layer_list(const At *list)
{
    At first =
        at_item(list, at_is_array(list) ? json_first(list->json) : NULL, 0);
    return at_is_object(&first) &&
           (at_key(&first, "class_name").json || at_key(&first, "type").json);
}

static bool probe(const At *root)
{
    At layers = at_key(root, "layers"), other = at_key(root, "format");
    for (int i = 0; homes[i] && !other.json; i++)
        if (at_key(root, homes[i]).json && at_key(root, "weights").json)
            return true;
    bool whole = at_key(root, "class_name").json && at_key(root, "config").json;
    return !other.json && (whole || layer_list(root) || layer_list(&layers));
}

const Format format_keras = {
    .name = "keras",
    .doc = "Keras 2 and 3: to_json() with the weights, and notebooks' own",
    .probe = probe,
    .read = read,
};
