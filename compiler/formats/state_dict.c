/* formats/state_dict.c -- PyTorch's state_dict, tensors as nested arrays.
 *
 *   {"architecture": [
 *      {"type": "LSTM", "module": "lstm", "return_sequences": false},
 *      {"type": "Linear", "module": "fc", "activation": "tanh"}],
 *    "input_shape": [10, 3],
 *    "state_dict": {"lstm.weight_ih_l0": [[...]], ..., "fc.bias": [...]}}
 *
 * A state_dict knows neither activations nor the order of calls, so the file
 * says both in "architecture": what the model's forward() calls, in order.
 *
 * "type" is the class in torch.nn, "module" the name of the attribute that
 * holds it, "" when the state_dict is that of the layer alone. A layer without
 * tensors needs no module. Further keys are named after the constructor's
 * arguments and have its defaults; what the tensors say (hidden_size,
 * num_layers, bidirectional, ...) may be left out.
 *
 *   LSTM, GRU, RNN   "return_sequences": true for out, false for out[:, -1];
 *                    where bidirectional and false, "last": "out" for that
 *                    or "h_n" for the final states; RNN's "nonlinearity"; an
 *                    LSTM's proj_size shows by its weight_hr
 *   LSTMCell, GRUCell, RNNCell   the same, called in a loop over the timesteps
 *   Linear, Conv1d   "activation": a function of torch.nn.functional that
 *                    follows; Conv1d's "stride", "padding", "dilation",
 *                    "groups"; "padding": "causal" for zeros in front only
 *   BatchNorm1d, BatchNorm2d, LayerNorm, PReLU    "eps"
 *   MaxPool1d, AvgPool1d, AdaptiveMaxPool1d and AdaptiveAvgPool1d of size 1
 *   Conv2d, MaxPool2d, AvgPool2d, AdaptiveMaxPool2d, AdaptiveAvgPool2d
 *   Normalize        (x - "mean") / "std", a number for each feature: what a
 *                    Dataset does in PyTorch
 *   Flatten          "order": "timesteps" for [timesteps, features] as it is,
 *                    "channels" as PyTorch has it after a Conv1d, [C, L], and
 *                    always after a Conv2d
 *   Tanh, Sigmoid, ReLU, ReLU6, LeakyReLU, ELU, SELU, GELU, SiLU, Softplus,
 *   Softsign, Hardsigmoid, Hardswish, Hardtanh, Mish, CELU, LogSigmoid,
 *   Softshrink, Hardshrink, Tanhshrink, Softmax, LogSoftmax, GLU ("dim": the
 *   features, -1), Dropout, Identity
 *
 * "input_shape" is [timesteps, features], null for any number of timesteps, or
 * [features] or [rows, columns, channels]: without the batch, and features last
 * even where the first layer is a convolution. The dictionary may also be
 * called "state" or "model_state_dict". "samples" (or "test_vectors") are those
 * of format rnnc, for input "x" and output "y". */

#include "state_dict.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "fields.h"

static const char *const homes[] = {"state_dict", "state", "model_state_dict",
                                    NULL};
/* What trainers save beside the weights, and the weights tell better. */
static const char *const metadata[] = {
    "hparams",       "hyper_parameters",
    "hidden",        "hidden_size",
    "epoch",         "global_step",
    "torch_version", "pytorch-lightning_version",
    "description",   "author",
    "license",       "metadata",
    "loss",          NULL};

/* ---- Layers -------------------------------------------------------------- */

/* The tensors of a layer that could not be read are nobody else's. */
static void take_all(TorchLayer *l)
{
    int i = 0;
    for (const Json *j = json_first(l->s->dict->json); j; j = json_next(j), i++)
        l->s->used[i] |= !l->module || torch_in_module(j->string, l->module);
}

/* Whether no layer takes any tensor of the module of this one. */
static bool unknown_module(const StateDict *s, const char *module)
{
    int i = 0;
    for (const Json *j = json_first(s->dict->json); j; j = json_next(j), i++)
        if (s->used[i] && torch_in_module(j->string, module))
            return false;
    return true;
}

static void report_unused(TorchLayer *l, const At *tensor)
{
    Arena *a = l->b->g->arena;
    l->module = torch_module(a, tensor->key);
    if (unknown_module(l->s, l->module)) {
        error_at(l->b->src, tensor,
                 "no layer of \"architecture\" is module \"%s\"",
                 printable(a, l->module));
        take_all(l);
    } else {
        error_at(l->b->src, tensor, "no layer of \"architecture\" takes \"%s\"",
                 printable(a, tensor->key));
    }
}

static bool check_used(StateDict *s)
{
    int i = 0;
    bool ok = true;
    TorchLayer l = {.s = s, .b = &s->b};
    for (const Json *j = json_first(s->dict->json); j; j = json_next(j), i++) {
        At at = {.json = j, .parent = s->dict, .key = j->string};
        if (s->used[i])
            continue;
        report_unused(&l, &at);
        ok = false;
    }
    return ok;
}

static const TorchType *read_type(TorchLayer *l)
{
    Arena *a = l->b->g->arena;
    At at = at_key(l->at, "type");
    if (!want_string(l->b->src, &at, &l->type))
        return NULL;
    const TorchType *row = torch_type(l->type);
    if (row)
        return row;
    const char *guess = nearest(l->type, torch_types()), *all = "";
    for (const char *const *name = torch_types(); *name; name++)
        all = arena_printf(a, "%s%s%s", all, *all ? ", " : "", *name);
    error_at(l->b->src, &at, "unknown layer type \"%s\" (%s%s%s)",
             printable(a, l->type), guess ? "did you mean \"" : "there are ",
             guess ? guess : all, guess ? "\"?" : "");
    return NULL;
}

static const char *nearest_module(const StateDict *s, const char *module)
{
    Arena *a = s->b.g->arena;
    int count = 0;
    const char **known =
        arena_alloc(a, (size_t)json_size(s->dict->json) + 1, sizeof *known);
    for (const Json *j = json_first(s->dict->json); j; j = json_next(j))
        known[count++] = torch_module(a, j->string);
    return nearest(module, known);
}

/* "module", which has to have a tensor at least. */
static bool read_module(TorchLayer *l, const TorchType *row)
{
    Arena *a = l->b->g->arena;
    At at = at_key(l->at, "module");
    if (!at.json && !row->tensors)
        return true;
    if (!want_string(l->b->src, &at, &l->module))
        return false;
    for (const Json *j = json_first(l->s->dict->json); j; j = json_next(j))
        if (torch_in_module(j->string, l->module))
            return true;
    At affine = at_key(l->at, "elementwise_affine");
    if (!row->tensors || cJSON_IsFalse(affine.json))
        return true;
    const char *guess = nearest_module(l->s, l->module);
    error_at(l->b->src, &at, "module %s has no tensors%s%s%s",
             at_describe(a, &at), guess ? " (did you mean \"" : "",
             guess ? printable(a, guess) : "", guess ? "\"?)" : "");
    return false;
}

static bool read_layer(StateDict *s, const At *at)
{
    TorchLayer l = {.s = s, .b = &s->b, .at = at_keep(s->b.g->arena, at)};
    const char *keys[TORCH_KEYS + 2] = {"type", "module"};
    const TorchType *row = NULL;
    if (want_object(s->b.src, at))
        row = read_type(&l);
    bool ok = row != NULL;
    for (int i = 0; row && i < TORCH_KEYS && row->keys[i]; i++)
        keys[2 + i] = row->keys[i];
    ok = ok && want_keys(s->b.src, at, keys) & read_module(&l, row);
    bool turned = s->turned;
    ok = ok && row->read(&l);
    if (ok && turned && s->turned && row->tensors) {
        error_at(s->b.src, at,
                 "after \"order\": \"channels\" expected a Linear, got %s",
                 row->type);
        ok = false;
    }
    if (!ok) {
        take_all(&l);
        s->shape.rank = 0;
        build_lost(&s->b);
    }
    return ok;
}

static bool read_layers(StateDict *s, const At *list)
{
    int count = 0;
    bool ok = true;
    if (!want_array(s->b.src, list))
        return false;
    if (json_size(list->json) < 1 || json_size(list->json) > MAX_LAYERS / 4) {
        error_at(s->b.src, list, "expected 1 to %d layers, got %d",
                 MAX_LAYERS / 4, json_size(list->json));
        return false;
    }
    for (const Json *item = json_first(list->json); item;
         item = json_next(item)) {
        At at = at_item(list, item, count++);
        ok &= read_layer(s, &at);
    }
    ok &= check_used(s);
    if (s->turned)
        error_at(s->b.src, list,
                 "after \"order\": \"channels\" expected a Linear");
    return ok && !s->turned;
}

/* ---- The file ------------------------------------------------------------ */

static bool find_dict(StateDict *s, const At *root)
{
    const char *found = NULL;
    if (!want_object(s->b.src, root))
        return false;
    s->dict = root;
    for (int i = 0; homes[i]; i++) {
        At at = at_key(root, homes[i]);
        if (!at.json)
            continue;
        if (found) {
            error_at(s->b.src, &at, "\"%s\" is given as well, expected one",
                     found);
            return false;
        }
        found = homes[i];
        s->dict = at_keep(s->b.g->arena, &at);
    }
    At architecture = at_key(root, "architecture"),
       missing = at_key(root, homes[0]);
    if (!found && architecture.json) {
        error_missing(s->b.src, &missing);
        return false;
    }
    return want_object(s->b.src, s->dict);
}

static bool check_keys(StateDict *s, const At *root)
{
    const char *keys[26] = {"architecture", "input_shape", "name", "samples",
                            "test_vectors"};
    int count = 5;
    for (int i = 0; homes[i]; i++)
        keys[count++] = homes[i];
    for (int i = 0; metadata[i]; i++)
        keys[count++] = metadata[i];
    static const char *const scaler[] = {"mean", "std"};
    At name = at_key(root, "name");
    bool plain = true;
    for (int i = 0; i < 2; i++) {
        At at = at_key(root, scaler[i]);
        if (!at.json)
            continue;
        error_at(s->b.src, &at,
                 "\"%s\" could be that of the input or of the output: say "
                 "where it belongs, as {\"type\": \"Normalize\", \"mean\": "
                 "[...], \"std\": [...]} in \"architecture\"",
                 scaler[i]);
        keys[count++] = scaler[i];
        plain = false;
    }
    bool ok = plain & want_keys(s->b.src, root, keys);
    build_unused(&s->b, root, metadata);
    return (!name.json || want_string(s->b.src, &name, &s->b.g->name)) & ok;
}

static bool read_all_samples(StateDict *s, const At *root)
{
    static const char *const names[] = {"samples", "test_vectors"};
    bool ok = true;
    for (int i = 0; i < 2; i++) {
        At at = at_key(root, names[i]);
        if (at.json)
            ok &= read_samples(s->b.src, &at, s->b.g, s->b.inputs);
    }
    return ok;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    StateDict s = {.b = build_new(src, g, inputs)};
    if (!find_dict(&s, root))
        return false;
    At list = at_key(root, "architecture"), at = at_key(root, "input_shape");
    if (!list.json) {
        torch_suggest(&s);
        return false;
    }
    s.used = arena_alloc(g->arena, (size_t)json_size(s.dict->json) + 1,
                         sizeof *s.used);
    bool ok = check_keys(&s, root);
    bool known = read_input_shape(src, &at, &s.shape);
    if (!known)
        s.shape.rank = 0;
    build_input(&s.b, "x", &at, s.shape);
    ok &= read_layers(&s, at_keep(g->arena, &list));
    if (!ok || !known)
        return false;
    build_output(&s.b, "y", root);
    return read_all_samples(&s, root);
}

/* A bare state_dict shows by the names of its tensors. */
static bool probe(const At *root)
{
    At architecture = at_key(root, "architecture");
    if (!at_is_object(root))
        return false;
    for (int i = 0; homes[i]; i++) {
        At at = at_key(root, homes[i]);
        if (at_is_object(&at))
            return true;
    }
    for (const Json *j = json_first(root->json); j; j = json_next(j)) {
        const char *dot = strrchr(j->string, '.');
        const char *name = dot ? dot + 1 : j->string;
        if (strncmp(name, "weight_ih", 9) == 0 ||
            (dot && strcmp(name, "weight") == 0))
            return true;
    }
    return at_is_array(&architecture);
}

const Format format_state_dict = {
    .name = "pytorch",
    .doc = "PyTorch's state_dict as JSON, with the calls beside it",
    .probe = probe,
    .read = read,
};
