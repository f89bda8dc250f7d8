/* formats/aidax.c -- AIDA-X models (aidadsp-lv2, rt-neural-generic.cpp, 2024):
 * RTNeural's JSON, and around it
 *
 *   y = out_gain (net(in_gain x) + in_gain x)        the last only if in_skip
 *
 * with gains in dB. Where there are several inputs, the first is the sound and
 * the others are knobs: gain and skip are the sound's. input_batch and
 * output_batch are golden samples, with the state starting at zero. */

#include "rtneural.h"

#include <math.h>

typedef struct Aida {
    Build b;
    int features;
    double in_gain, out_gain; /* factors */
    bool skip;
} Aida;

static bool read_gain(const Source *src, const At *root, const char *key,
                      double *factor)
{
    At at = at_key(root, key);
    double decibels = 0;
    bool ok = !at.json || want_number(src, &at, &decibels);
    *factor = pow(10, decibels / 20);
    return ok;
}

/* 0 and 1, or true and false. */
static bool read_skip(const Source *src, const At *root, bool *skip)
{
    At at = at_key(root, "in_skip");
    int number = 0;
    *skip = false;
    if (!at.json)
        return true;
    if (at_is_bool(&at))
        return want_bool(src, &at, skip);
    bool ok = want_int(src, &at, 0, 1, &number);
    *skip = number == 1;
    return ok;
}

static void rescale(Aida *m, const char *name, const At *at, double by)
{
    build_number(build_layer(&m->b, "Rescaling", name, at), "scale", by);
    convention(m->b.g, "%s: a factor of %.9g", name, by);
}

/* x's columns through a fixed matrix: its diagonal, or its first column. */
static Tensor *product(Aida *m, const char *name, const At *at, int units,
                       double first)
{
    Values kernel = values_zeros(m->b.g->arena, shape2(m->features, units));
    for (int u = 0; u < units; u++)
        kernel.data[u * units + u] = u ? 1 : first;
    kernel.wide = true; /* a gain is no float32 */
    Node *n = build_layer(&m->b, "Dense", name, at);
    build_int(n, "units", units);
    build_bool(n, "use_bias", false);
    build_weight(&m->b, n, "kernel", at, kernel);
    return n->out;
}

static void amplify_input(Aida *m, const At *root)
{
    At at = at_key(root, "in_gain");
    if (m->in_gain == 1)
        return;
    if (m->features == 1)
        rescale(m, "in_gain", &at, m->in_gain);
    else
        product(m, "in_gain", &at, m->features, m->in_gain);
}

static void add_skip(Aida *m, Tensor *x, const At *root)
{
    At at = at_key(root, "in_skip");
    Tensor *wet = m->b.last;
    m->b.last = x;
    Tensor *dry = m->features == 1 ? x : product(m, "dry", &at, 1, 1);
    m->b.last = wet;
    Node *n = build_layer(&m->b, "Add", "in_skip", &at);
    build_inputs(&m->b, n, (Tensor *[]){wet, dry}, 2);
    convention(m->b.g, "in_skip: the first input is added to the output");
}

/* A flat list of samples, or one row for each timestep. */
static bool read_batch(Aida *m, const At *root, const char *key, int columns,
                       const At **at, Values *out)
{
    At list = at_key(root, key);
    *at = at_keep(m->b.g->arena, &list);
    if (!list.json) {
        error_missing(m->b.src, &list);
        return false;
    }
    if (!read_tensor(m->b.src, *at, m->b.inputs, false, out))
        return false;
    int64_t size = shape_size(&out->shape);
    if (size % columns == 0) {
        *out = values_reshape(*out, shape2((int)(size / columns), columns));
        return true;
    }
    error_at(m->b.src, *at, "expected a multiple of %d numbers, got %lld",
             columns, (long long)size);
    return false;
}

static bool read_golden(Aida *m, const At *root)
{
    const At *in_at, *out_at;
    Values in, out;
    if (!at_key(root, "input_batch").json && !at_key(root, "output_batch").json)
        return true;
    bool ok = read_batch(m, root, "input_batch", m->features, &in_at, &in);
    ok &= read_batch(m, root, "output_batch", 1, &out_at, &out);
    if (ok)
        build_sample(&m->b, in_at, in, out_at, out, 1e-5,
                     "input_batch and output_batch of the model");
    return ok;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    enum { OWN = 7, SPARE = 16 };
    const char *keys[OWN + SPARE] = {"in_shape",    "layers",   "in_skip",
                                     "in_gain",     "out_gain", "input_batch",
                                     "output_batch"};
    Aida m = {.b = build_new(src, g, inputs)};
    for (int i = 0; rtneural_metadata[i]; i++)
        keys[OWN + i] = rtneural_metadata[i];
    bool ok = want_keys(src, root, keys);
    build_unused(&m.b, root, rtneural_metadata);
    ok &= read_gain(src, root, "in_gain", &m.in_gain);
    ok &= read_gain(src, root, "out_gain", &m.out_gain);
    ok &= read_skip(src, root, &m.skip);
    if (!rtneural_input(&m.b, root))
        return false;
    m.features = m.b.last->shape.dim[1];
    amplify_input(&m, root);
    Tensor *x = m.b.last;
    if (!rtneural_layers(&m.b, root) || !ok)
        return false;
    if (m.skip)
        add_skip(&m, x, root);
    if (m.out_gain != 1) {
        At at = at_key(root, "out_gain");
        rescale(&m, "out_gain", &at, m.out_gain);
    }
    build_output(&m.b, "y", root);
    return read_golden(&m, root);
}

static bool probe(const At *root)
{
    return rtneural_probe(root) &&
           (at_key(root, "in_skip").json || at_key(root, "in_gain").json ||
            at_key(root, "out_gain").json || at_key(root, "input_batch").json);
}

const Format format_aidax = {
    .name = "aida-x",
    .doc = "AIDA-X: RTNeural's, with gains, skip and golden samples",
    .probe = probe,
    .read = read,
};
