/* formats/frugally_deep.c -- frugally-deep's JSON (convert_model.py, 0.20 of
 * 2026):
 *
 *   {"architecture": <Keras' to_json()>, "image_data_format": "channels_last",
 *    "input_shapes", "output_shapes", "hash",
 *    "tests": [{"inputs": [{"shape", "values"}], "outputs": [...]}],
 *    "trainable_params": {"lstm": {"weights", "recurrent_weights", "bias"},
 *                         "both": {"forward_weights", ...},
 *                         "outer_dense": ...}}
 *
 * Arrays are flat: base64 of little-endian float32, cut into strings of 1024
 * characters; before 2018, plain numbers. Their shapes follow from the layers.
 * All are as Keras has them, but the kernels of convolutions: they begin with
 * the filters, [filters, taps, features], those of each feature apart with the
 * features, [features, taps]. */

#include "frugally_deep.h"

#include <string.h>

enum { MAX_ARRAYS = 1 << 15 };

/* ---- From flat lists to weights ------------------------------------------ */

/* The columns of a layer's matrices. */
static const struct {
    const char *op, *attr;
    int factor;
} columns[] = {
    {"Dense", "units", 1}, {"SimpleRNN", "units", 1},      {"LSTM", "units", 4},
    {"GRU", "units", 3},   {"Embedding", "output_dim", 1},
};

/* 0: it has none. */
static int column_count(const Node *n)
{
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i].op, n->op->name) == 0)
            return columns[i].factor * attr_int(n, columns[i].attr);
    return 0;
}

static bool is_convolution(const Node *n)
{
    return strstr(n->op->name, "Conv") != NULL;
}

/* flat: a matrix, row after row. */
static bool fit_matrix(const KerasLayer *l, const Node *n, int index,
                       Values *flat)
{
    int64_t size = shape_size(&flat->shape);
    int width = column_count(n);
    if (size % width != 0) {
        error_at(l->k->b.src, l->weight_at[index],
                 "%lld numbers are no matrix of %d columns", (long long)size,
                 width);
        return false;
    }
    *flat = values_reshape(*flat, shape2((int)(size / width), width));
    return true;
}

/* kernel_size as Keras' kernels begin, and the number of taps. */
static Shape taps_of(const Node *n, int *taps)
{
    const Attr *size = attr_of(n, "kernel_size");
    bool plane = strstr(n->op->name, "2D") != NULL;
    Shape s = {.rank = plane ? 2 : 1};
    for (int i = 0; i < s.rank; i++)
        s.dim[i] = size->shape.rank ? attr_item(n, "kernel_size", i)
                                    : (int)size->number;
    *taps = plane ? s.dim[0] * s.dim[1] : s.dim[0];
    return s;
}

/* [first][middle][last] -> [middle][last][first] */
static Values first_last(Arena *a, Values v, int first, int rest)
{
    return values_transpose(a, values_reshape(v, shape2(first, rest)));
}

/* [first][taps][last] -> [taps][first][last] */
static Values first_inside(Arena *a, Values v, int first, int taps, int last)
{
    v = first_last(a, v, first, taps * last); /* [taps][last][first] */
    double *data = arena_alloc(a, (size_t)shape_size(&v.shape), sizeof *data);
    for (int t = 0; t < taps; t++)
        for (int k = 0; k < first * last; k++)
            data[t * first * last + k] =
                v.data[t * first * last + k % last * first + k / last];
    v.data = data;
    return v;
}

/* flat: a kernel, into Keras' order. `name` is Keras' own. */
static bool fit_kernel(const KerasLayer *l, const Node *n, int index,
                       const char *name, Values *flat)
{
    Arena *a = l->k->b.g->arena;
    bool apart = strcmp(name, "depthwise_kernel") == 0;
    bool across = strcmp(name, "pointwise_kernel") == 0;
    bool transposed = strstr(n->op->name, "Transpose") != NULL;
    int taps, filters = apart ? 1 : attr_int(n, "filters");
    Shape kernel = taps_of(n, &taps);
    if (across) /* one tap */
        for (int i = taps = 1; i <= kernel.rank; i++)
            kernel.dim[i - 1] = 1;
    int64_t size = shape_size(&flat->shape), one = (int64_t)filters * taps;
    if (size % one != 0) {
        error_at(l->k->b.src, l->weight_at[index],
                 "%lld numbers are no matrix of %d columns for each of %d taps",
                 (long long)size, filters, taps);
        return false;
    }
    int rows = (int)(size / one);
    *flat = transposed ? first_inside(a, *flat, filters, taps, rows)
            : apart    ? first_last(a, *flat, rows, taps)
                       : first_last(a, *flat, filters, taps * rows);
    kernel.dim[kernel.rank++] = transposed ? filters : rows;
    kernel.dim[kernel.rank++] = transposed ? rows : filters;
    *flat = values_reshape(*flat, kernel);
    return true;
}

/* frugally-deep's names to Keras'. */
static const char *weight_name(const Node *n, const char *own)
{
    if (strcmp(own, "weights") == 0)
        return strcmp(n->op->name, "Embedding") == 0 ? "embeddings" : "kernel";
    if (strcmp(own, "slice_weights") == 0)
        return "depthwise_kernel";
    if (strcmp(own, "stack_weights") == 0)
        return "pointwise_kernel";
    return strcmp(own, "recurrent_weights") == 0 ? "recurrent_kernel" : own;
}

/* A GRU with reset_after has a row of bias on either side of the reset gate. */
static bool two_rows(const Node *n, const char *name, int64_t size)
{
    return strcmp(n->op->name, "GRU") == 0 && strcmp(name, "bias") == 0 &&
           size == INT64_C(6) * attr_int(n, "units");
}

static bool fit(const KerasLayer *l, const Node *n, int index,
                const char **name, Values *values)
{
    int64_t size = shape_size(&values->shape);
    const char *own = strrchr(*name, '/') + 1;
    *name = weight_name(n, own);
    if (two_rows(n, *name, size))
        *values = values_reshape(*values, shape2(2, (int)(size / 2)));
    if (*name != own && is_convolution(n))
        return fit_kernel(l, n, index, *name, values);
    return *name == own || !column_count(n) || fit_matrix(l, n, index, values);
}

/* ---- trainable_params ---------------------------------------------------- */

/* "both" and "forward_bias" -> "both/forward/bias" */
static const char *array_name(Arena *a, const char *layer, const char *key)
{
    static const char *const ways[] = {"forward_", "backward_"};
    for (int i = 0; i < 2; i++) {
        int length = (int)strlen(ways[i]);
        if (strncmp(key, ways[i], (size_t)length) == 0)
            return arena_printf(a, "%s/%.*s/%s", layer, length - 1, key,
                                key + length);
    }
    return arena_printf(a, "%s/%s", layer, key);
}

static bool read_layer(Keras *k, const At *layer)
{
    /* The ranks of what a TimeDistributed reads and makes. */
    static const char *const ranks[] = {"td_input_len", "td_output_len", NULL};
    Arena *a = k->b.g->arena;
    bool ok = true;
    if (!want_object(k->b.src, layer))
        return false;
    for (const Json *item = json_first(layer->json); item;
         item = json_next(item)) {
        At at = at_member(layer, item);
        if (keras_listed(ranks, at.key))
            continue;
        KerasArray *array = &k->array[k->arrays++];
        array->name = array_name(a, layer->key, at.key);
        array->at = at_keep(a, &at);
        ok &= fdeep_floats(&k->b, array->at, &array->values);
    }
    return ok;
}

static bool read_params(Keras *k, const At *root)
{
    At params = at_key(root, "trainable_params");
    int64_t count = 0;
    bool ok = true;
    if (!want_object(k->b.src, &params))
        return false;
    for (const Json *item = json_first(params.json); item;
         item = json_next(item))
        count += json_size(item);
    if (count > MAX_ARRAYS) {
        error_at(k->b.src, &params, "expected at most %d arrays, got %lld",
                 MAX_ARRAYS, (long long)count);
        return false;
    }
    k->array = arena_alloc(k->b.g->arena, (size_t)count + 1, sizeof *k->array);
    for (const Json *item = json_first(params.json); item;
         item = json_next(item)) {
        At layer = at_member(&params, item);
        ok &= read_layer(k, &layer);
    }
    return ok;
}

/* ---- The file ------------------------------------------------------------ */

static bool check_order(const Source *src, const At *root)
{
    At at = at_key(root, "image_data_format");
    const char *order = "channels_last";
    if (at.json && !want_string(src, &at, &order))
        return false;
    if (strcmp(order, "channels_last") == 0)
        return true;
    error_at(src, &at, "rnnc supports only \"channels_last\", got %s",
             at_describe(src->arena, &at));
    return false;
}

static bool read(Source *src, const At *root, Graph *g, Inputs *inputs)
{
    static const char *const keys[] = {
        "architecture", "image_data_format", "input_shapes", "output_shapes",
        "tests",        "trainable_params",  "hash",         NULL};
    static const char *const unused[] = {"input_shapes", "output_shapes",
                                         "hash", NULL};
    Keras k = {.b = build_new(src, g, inputs),
               .missing = "trainable_params has none under this name",
               .naming = KERAS_PREFIXED,
               .fit = fit};
    bool ok = want_keys(src, root, keys);
    ok &= check_order(src, root);
    if (!read_params(&k, root) || !ok)
        return false;
    build_unused(&k.b, root, unused);
    return keras_read(&k, root) && fdeep_tests(&k.b, root);
}

static bool probe(const At *root)
{
    return at_key(root, "architecture").json &&
           at_key(root, "trainable_params").json;
}

const Format format_frugally_deep = {
    .name = "frugally-deep",
    .doc = "frugally-deep: what its convert_model.py writes, with its tests",
    .probe = probe,
    .read = read,
};
