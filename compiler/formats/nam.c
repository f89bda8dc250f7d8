/* formats/nam.c -- Neural Amp Modeler's .nam files: LSTM, WaveNet, ConvNet and
 * Linear (NeuralAmpModelerCore, NAM/lstm.cpp, convnet.cpp, linear.cpp and
 * wavenet/model.cpp, 2026).
 *
 *   {"version": "0.5.4", "architecture": "LSTM", "config": {...},
 *    "weights": [0.1, ...], "sample_rate": 48000, "metadata": {...}}
 *
 * The weights are one flat list, in the order in which the network takes them;
 * its length must be exactly what the config needs. Players feed a network with
 * silence before they use it; the generated reset() does not. */

#include "nam.h"

#include <string.h>

/* ---- LSTM ---------------------------------------------------------------- */

/* One cell: W [4 units, features + units], b [4 units], first h and c. */
static bool read_cell(Nam *m, int index, int features, int units)
{
    Values both, bias, first_h, first_c;
    bool ok = nam_take(m, shape2(4 * units, features + units), &both);
    ok &= nam_take(m, shape1(4 * units), &bias);
    ok &= nam_take(m, shape1(units), &first_h);
    ok &= nam_take(m, shape1(units), &first_c);
    if (!ok)
        return false;
    Arena *a = m->b.g->arena;
    Values columns = values_transpose(a, both);
    Values kernel = values_part(columns, 0, shape2(features, 4 * units));
    Values recurrent = values_part(columns, (int64_t)features * 4 * units,
                                   shape2(units, 4 * units));
    Node *n = build_layer(&m->b, "LSTM", arena_printf(a, "lstm_%d", index + 1),
                          m->config);
    build_int(n, "units", units);
    build_bool(n, "return_sequences", true);
    build_weight(&m->b, n, "kernel", m->weights_at, kernel);
    build_weight(&m->b, n, "recurrent_kernel", m->weights_at, recurrent);
    build_weight(&m->b, n, "bias", m->weights_at, bias);
    build_weight(&m->b, n, "initial_h", m->weights_at, first_h);
    build_weight(&m->b, n, "initial_c", m->weights_at, first_c);
    return true;
}

static Tensor *read_lstm(Nam *m, Tensor *x)
{
    static const char *const keys[] = {"input_size",   "hidden_size",
                                       "num_layers",   "in_channels",
                                       "out_channels", NULL};
    int units, layers, out, features = x->shape.dim[1];
    At count = at_key(m->config, "num_layers");
    bool ok = want_keys(m->b.src, m->config, keys);
    ok &= nam_int(m, m->config, "hidden_size", 1, -1, &units);
    ok &= want_int(m->b.src, &count, 1, MAX_LAYERS - 1, &layers);
    ok &= nam_int(m, m->config, "out_channels", 1, 1, &out);
    if (!ok)
        return NULL;
    for (int i = 0; i < layers; i++)
        read_cell(m, i, i ? units : features, units);
    convention(m->b.g, "LSTM: gates i f g o; the state starts as the file "
                       "says, not at zero");
    return nam_conv(m, "head", m->b.last, (NamConv){units, out, 1, 1, 1, true});
}

/* ---- ConvNet ------------------------------------------------------------- */

/* mean, variance, weight, bias [channels] and epsilon */
static void read_batchnorm(Nam *m, const char *name, int channels)
{
    static const char *const order[] = {"moving_mean", "moving_variance",
                                        "gamma", "beta"};
    Values value[4], epsilon;
    bool ok = true;
    for (int i = 0; i < 4; i++)
        ok &= nam_take(m, shape1(channels), &value[i]);
    if (!nam_take(m, shape1(1), &epsilon) || !ok)
        return;
    Node *n = build_layer(&m->b, "BatchNormalization", name, m->config);
    for (int i = 0; i < 4; i++)
        build_weight(&m->b, n, order[i], m->weights_at, value[i]);
    build_number(n, "epsilon", epsilon.data[0]);
}

static Tensor *read_blocks(Nam *m, Tensor *x, NamConv c, bool normalize)
{
    At dilations = at_key(m->config, "dilations"),
       activation = at_key(m->config, "activation");
    int index = 0;
    if (!want_array(m->b.src, &dilations))
        return NULL;
    for (const Json *item = json_first(dilations.json); x && item;
         item = json_next(item), index++) {
        At at = at_item(&dilations, item, index);
        Arena *a = m->b.g->arena;
        if (!want_int(m->b.src, &at, 1, MAX_DIM, &c.dilation))
            return NULL;
        x = nam_conv(m, arena_printf(a, "conv_%d", index + 1), x, c);
        if (normalize)
            read_batchnorm(m, arena_printf(a, "norm_%d", index + 1), c.out);
        x = nam_activation(m, arena_printf(a, "activation_%d", index + 1),
                           m->b.last, &activation);
        c.in = c.out;
    }
    return x;
}

static Tensor *read_convnet(Nam *m, Tensor *x)
{
    static const char *const keys[] = {
        "channels", "dilations",   "batchnorm",    "activation",
        "groups",   "in_channels", "out_channels", NULL};
    int channels, groups, out;
    bool normalize;
    bool ok = want_keys(m->b.src, m->config, keys);
    ok &= nam_int(m, m->config, "channels", 1, -1, &channels);
    ok &= nam_int(m, m->config, "groups", 1, 1, &groups);
    ok &= nam_int(m, m->config, "out_channels", 1, 1, &out);
    ok &= nam_bool(m, m->config, "batchnorm", false, &normalize);
    if (!ok)
        return NULL;
    x = read_blocks(
        m, x, (NamConv){x->shape.dim[1], channels, 2, 1, groups, !normalize},
        normalize);
    return x ? nam_conv(m, "head", x, (NamConv){channels, out, 1, 1, 1, true})
             : NULL;
}

/* ---- Linear -------------------------------------------------------------- */

/* An impulse response, the newest sample first: a convolution turned round. */
static Tensor *read_linear(Nam *m, Tensor *x)
{
    static const char *const keys[] = {"receptive_field", "bias",
                                       "implementation",  "in_channels",
                                       "out_channels",    NULL};
    int size, out;
    bool has_bias;
    Values response, bias;
    bool ok = want_keys(m->b.src, m->config, keys);
    ok &= nam_int(m, m->config, "receptive_field", 1, -1, &size);
    ok &= nam_int(m, m->config, "out_channels", 1, 1, &out);
    ok &= nam_bool(m, m->config, "bias", false, &has_bias);
    if (ok && (out != 1 || x->shape.dim[1] != 1)) {
        error_at(m->b.src, m->config,
                 "a Linear model has one channel in and out");
        ok = false;
    }
    if (!ok || !nam_take(m, shape1(size), &response) ||
        (has_bias && !nam_take(m, shape1(1), &bias)))
        return NULL;
    Values kernel = values_zeros(m->b.g->arena, shape3(size, 1, 1));
    for (int i = 0; i < size; i++)
        kernel.data[i] = response.data[size - 1 - i];
    Node *n = build_layer(&m->b, "Conv1D", "response", m->config);
    build_int(n, "filters", 1);
    build_int(n, "kernel_size", size);
    build_choice(n, "padding", "causal");
    build_bool(n, "use_bias", has_bias);
    build_weight(&m->b, n, "kernel", m->weights_at, kernel);
    if (has_bias)
        build_weight(&m->b, n, "bias", m->weights_at, bias);
    return n->out;
}

/* ---- The file ------------------------------------------------------------ */

static const struct {
    const char *name, *channels; /* the key with the input's channels */
    Tensor *(*read)(Nam *m, Tensor *x);
} architectures[] = {{"LSTM", "input_size", read_lstm},
                     {"WaveNet", "in_channels", nam_wavenet},
                     {"ConvNet", "in_channels", read_convnet},
                     {"Linear", "in_channels", read_linear}};
enum { ARCHITECTURES = sizeof architectures / sizeof *architectures };

static int find_architecture(const Source *src, const At *root)
{
    At at = at_key(root, "architecture");
    const char *name;
    if (!want_string(src, &at, &name))
        return -1;
    for (int i = 0; i < ARCHITECTURES; i++)
        if (strcmp(architectures[i].name, name) == 0)
            return i;
    error_at(src, &at,
             "expected \"LSTM\", \"WaveNet\", \"ConvNet\" or \"Linear\", got "
             "\"%s\"",
             printable(src->arena, name));
    return -1;
}

static bool all_used(const Nam *m)
{
    int64_t given = shape_size(&m->weights.shape);
    if (m->used == given || m->failed)
        return !m->failed;
    error_at(m->b.src, m->weights_at,
             "the config needs %lld weights, the file has %lld",
             (long long)m->used, (long long)given);
    return false;
}

static bool read_network(Nam *m, int architecture)
{
    int channels;
    const char *key = architectures[architecture].channels;
    if (!nam_int(m, m->config, key, 1, strcmp(key, "in_channels") == 0 ? 1 : -1,
                 &channels))
        return false;
    At at = at_key(m->config, key);
    Tensor *x = build_input(&m->b, "x", at.json ? &at : m->config,
                            shape2(ANY, channels));
    m->b.last = architectures[architecture].read(m, x);
    if (!m->b.last || !all_used(m))
        return false;
    build_output(&m->b, "y", m->config);
    convention(m->b.g, "players run silence through a model before they use "
                       "it; reset() does not: step over zeros to do the same");
    return true;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    static const char *const unused[] = {"metadata", "sample_rate", "notes",
                                         NULL};
    static const char *const keys[] = {
        "version",  "architecture", "config", "weights",
        "metadata", "sample_rate",  "notes",  NULL};
    Nam m = {.b = build_new(src, g, inputs)};
    At config = at_key(root, "config"), weights = at_key(root, "weights");
    bool ok = want_keys(src, root, keys);
    m.config = at_keep(g->arena, &config);
    m.weights_at = at_keep(g->arena, &weights);
    int architecture = find_architecture(src, root);
    ok &= architecture >= 0 && want_object(src, m.config);
    ok &= build_read(&m.b, m.weights_at, "the list of weights", shape1(ANY),
                     &m.weights);
    build_unused(&m.b, root, unused);
    return ok && read_network(&m, architecture);
}

static bool probe(const At *root)
{
    return at_key(root, "architecture").json && at_key(root, "config").json &&
           at_key(root, "weights").json;
}

const Format format_nam = {
    .name = "nam",
    .doc = "Neural Amp Modeler: LSTM, WaveNet, ConvNet, Linear",
    .probe = probe,
    .read = read,
};
