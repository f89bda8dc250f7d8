/* formats/guitarml.c -- models of GuitarML's and CoreAudioML's trainer:
 * Proteus, NeuralPi, NeuralSeed.
 *
 *   {"model_data": {"model": "SimpleRNN", "unit_type": "LSTM", "input_size": 1,
 *                   "hidden_size": 20, "output_size": 1, "num_layers": 1,
 *                   "skip": 1, "bias_fl": true},
 *    "state_dict": {"rec.weight_ih_l0": [[...]], ..., "lin.bias": [...]}}
 *
 * y = lin(rec(x)) + x's first channel where skip is 1. "model" is the name of
 * the trainer's class and says nothing about the cell; unit_type does. */

#include "torch.h"

#include <string.h>

typedef struct Trained {
    Build b;
    int features, units, outputs, layers, skip;
    bool bias;
    const TorchCell *cell;
} Trained;

static bool read_class(const Source *src, const At *data)
{
    At at = at_key(data, "model");
    const char *name;
    if (!at.json)
        return true;
    if (!want_string(src, &at, &name))
        return false;
    if (strcmp(name, "SimpleRNN") == 0)
        return true;
    error_at(src, &at,
             "expected the trainer's class \"SimpleRNN\" (one recurrent "
             "network and a linear layer), got \"%s\"",
             printable(src->arena, name));
    return false;
}

static bool read_cell(Trained *m, const At *data)
{
    At at = at_key(data, "unit_type");
    const char *kind;
    if (!want_string(m->b.src, &at, &kind))
        return false;
    m->cell = torch_cell(kind);
    if (m->cell)
        return true;
    error_at(m->b.src, &at, "expected \"LSTM\", \"GRU\" or \"RNN\", got \"%s\"",
             printable(m->b.g->arena, kind));
    return false;
}

static bool read_data(Trained *m, const At *data)
{
    static const char *const keys[] = {
        "model",      "input_size", "skip",        "output_size", "unit_type",
        "num_layers", "bias_fl",    "hidden_size", NULL};
    const Source *src = m->b.src;
    At features = at_key(data, "input_size"), skip = at_key(data, "skip"),
       outputs = at_key(data, "output_size"),
       units = at_key(data, "hidden_size"), layers = at_key(data, "num_layers"),
       bias = at_key(data, "bias_fl");
    if (!want_object(src, data))
        return false;
    bool ok = want_keys(src, data, keys);
    ok &= read_class(src, data);
    ok &= read_cell(m, data);
    ok &= want_int(src, &features, 1, MAX_DIM, &m->features);
    ok &= want_int(src, &outputs, 1, MAX_DIM, &m->outputs);
    ok &= want_int(src, &units, 1, MAX_DIM, &m->units);
    ok &= want_int(src, &layers, 1, MAX_LAYERS / 2, &m->layers);
    ok &= want_int(src, &skip, 0, 1, &m->skip);
    m->bias = true;
    return ok && (!bias.json || want_bool(src, &bias, &m->bias));
}

/* Nothing but the tensors that model_data announces. */
static bool check_names(const Trained *m, const At *dict)
{
    static const char *const parts[] = {"weight_ih", "weight_hh", "bias_ih",
                                        "bias_hh"};
    Arena *a = m->b.g->arena;
    const char **keys = arena_alloc(a, 4 * (size_t)m->layers + 3, sizeof *keys);
    int count = 0;
    keys[count++] = "lin.weight";
    if (m->bias)
        keys[count++] = "lin.bias";
    for (int k = 0; k < m->layers; k++)
        for (int i = 0; i < 4; i++)
            keys[count++] = arena_printf(a, "rec.%s_l%d", parts[i], k);
    return want_keys(m->b.src, dict, keys);
}

/* The first of several channels: a product with [1, 0, ...]. */
static Tensor *first_channel(Trained *m, Tensor *x, const At *at)
{
    if (m->features == 1)
        return x;
    Values pick = values_zeros(m->b.g->arena, shape2(m->features, 1));
    pick.data[0] = 1;
    m->b.last = x;
    Node *n = build_layer(&m->b, "Dense", "dry", at);
    build_int(n, "units", 1);
    build_bool(n, "use_bias", false);
    build_weight(&m->b, n, "kernel", at, pick);
    return n->out;
}

static void add_skip(Trained *m, Tensor *x, const At *at)
{
    Tensor *wet = m->b.last, *dry = first_channel(m, x, at);
    m->b.last = wet;
    Node *n = build_layer(&m->b, "Add", "skip", at);
    build_inputs(&m->b, n, (Tensor *[]){wet, dry}, 2);
    convention(m->b.g, "skip is 1: the input's first channel is added to the "
                       "output");
}

static bool read_layers(Trained *m, const At *dict)
{
    bool ok = check_names(m, dict);
    for (int k = 0; k < m->layers; k++) {
        TorchKeys rec = {dict, "rec.", arena_printf(m->b.g->arena, "_l%d", k)};
        if (!torch_rnn(&m->b, &rec, m->cell, k ? m->units : m->features,
                       m->units, m->units, true)) {
            build_lost(&m->b);
            ok = false;
        }
    }
    TorchKeys lin = {dict, "lin.", ""};
    ok &= torch_linear(&m->b, &lin, m->units, m->outputs, m->bias) != NULL;
    return ok;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    static const char *const keys[] = {"model_data", "state_dict", NULL};
    Trained m = {.b = build_new(src, g, inputs)};
    At data = at_key(root, "model_data"), states = at_key(root, "state_dict");
    const At *dict = at_keep(g->arena, &states);
    bool ok = want_keys(src, root, keys);
    if (!want_object(src, dict) || !read_data(&m, &data))
        return false;
    At size = at_key(&data, "input_size");
    Tensor *x = build_input(&m.b, "x", &size, shape2(ANY, m.features));
    ok &= read_layers(&m, dict);
    if (!ok)
        return false;
    if (m.skip)
        add_skip(&m, x, &data);
    build_output(&m.b, "y", root);
    return true;
}

static bool probe(const At *root)
{
    return at_key(root, "model_data").json != NULL;
}

const Format format_guitarml = {
    .name = "guitarml",
    .doc = "GuitarML, Proteus, NeuralPi, NeuralSeed: LSTM, GRU and skip",
    .probe = probe,
    .read = read,
};
