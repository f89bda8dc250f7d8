/* formats/frugally_deep_floats.c -- numbers in frugally-deep's JSON: lists, and
 * the tests that the converter writes beside the model. */

#include "frugally_deep.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

/* What frugally-deep itself allows when it runs the tests. */
static const double test_tolerance = 1e-4;

/* ---- Lists --------------------------------------------------------------- */

/* One string, or the pieces of one. */
static bool join(const Source *src, const At *at, Buf *text)
{
    int index = 0;
    if (at_is_string(at)) {
        buf_puts(text, at->json->valuestring);
        return true;
    }
    if (!want_array(src, at))
        return false;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At piece = at_item(at, item, index++);
        const char *part;
        if (!want_string(src, &piece, &part))
            return false;
        buf_puts(text, part);
    }
    return true;
}

static bool decode(Build *b, const At *at, const Buf *text, Values *out)
{
    unsigned char *bytes = arena_alloc(b->g->arena, text->size / 4 * 3 + 3, 1);
    ptrdiff_t size =
        base64_decode(text->data ? text->data : "", text->size, bytes);
    int count = (int)(size / 4);
    if (size <= 0 || size % 4 != 0) {
        error_at(b->src, at, "expected base64 of float32 numbers");
        return false;
    }
    out->shape = shape1(count);
    out->data = arena_alloc(b->g->arena, (size_t)count, sizeof *out->data);
    dtype_decode("float32", bytes, count, out->data);
    for (int i = 0; i < count; i++)
        if (!isfinite(out->data[i])) {
            error_at(b->src, at, "element %d is not a finite number", i);
            return false;
        }
    return true;
}

bool fdeep_floats(Build *b, const At *at, Values *out)
{
    Buf text = {0};
    At first = at_item(at, at_is_array(at) ? json_first(at->json) : NULL, 0);
    *out = (Values){.data = NULL};
    if (at_is_number(&first))
        return build_read(b, at, at->key, shape1(ANY), out);
    bool ok = join(b->src, at, &text) && decode(b, at, &text, out);
    buf_free(&text);
    return ok;
}

/* ---- Tests --------------------------------------------------------------- */

static bool read_shape(Build *b, const At *at, Shape *out)
{
    *out = (Shape){0};
    if (!want_array(b->src, at))
        return false;
    if (json_size(at->json) < 1 || json_size(at->json) > MAX_RANK) {
        error_at(b->src, at, "expected 1 to %d dimensions, got %d", MAX_RANK,
                 json_size(at->json));
        return false;
    }
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At dim = at_item(at, item, out->rank);
        if (!want_int(b->src, &dim, 1, MAX_DIM, &out->dim[out->rank++]))
            return false;
    }
    return true;
}

/* {"shape": [6, 3], "values": [...]} */
static bool read_value(Build *b, const At *at, double **data, Shape *shape)
{
    static const char *const keys[] = {"shape", "values", NULL};
    At shape_at = at_key(at, "shape"), values_at = at_key(at, "values");
    Values values;
    if (!want_object(b->src, at) || !want_keys(b->src, at, keys) ||
        !read_shape(b, &shape_at, shape) ||
        !fdeep_floats(b, &values_at, &values))
        return false;
    *data = values.data;
    if (shape_size(&values.shape) == shape_size(shape))
        return true;
    error_at(b->src, &values_at, "expected numbers for shape %s, got %lld",
             shape_text(b->g->arena, shape),
             (long long)shape_size(&values.shape));
    return false;
}

/* One for each port, in their order. */
static bool read_values(Build *b, const At *list, int ports, double ***data,
                        Shape **shape, At **at)
{
    Arena *a = b->g->arena;
    bool ok = true;
    *data = arena_alloc(a, MAX_PORTS, sizeof **data);
    *shape = arena_alloc(a, MAX_PORTS, sizeof **shape);
    *at = arena_alloc(a, MAX_PORTS, sizeof **at);
    if (!want_array(b->src, list))
        return false;
    if (json_size(list->json) != ports) {
        error_at(b->src, list, "expected %d, as the model has, got %d", ports,
                 json_size(list->json));
        return false;
    }
    int i = 0;
    for (const Json *item = json_first(list->json); item;
         item = json_next(item), i++) {
        (*at)[i] = at_item(list, item, i);
        ok &= read_value(b, &(*at)[i], &(*data)[i], &(*shape)[i]);
    }
    return ok;
}

static bool read_test(Build *b, const At *at, Sample *s)
{
    static const char *const keys[] = {"inputs", "outputs", NULL};
    Graph *g = b->g;
    At in = at_key(at, "inputs"), out = at_key(at, "outputs");
    *s = (Sample){.atol = test_tolerance,
                  .src = b->src,
                  .at = *at,
                  .note = "a test of the model file"};
    if (!want_object(b->src, at) || !want_keys(b->src, at, keys))
        return false;
    return read_values(b, at_keep(g->arena, &in), g->inputs, &s->input,
                       &s->input_shape, &s->input_at) &
           read_values(b, at_keep(g->arena, &out), g->outputs, &s->output,
                       &s->output_shape, &s->output_at);
}

bool fdeep_tests(Build *b, const At *root)
{
    Graph *g = b->g;
    At at = at_key(root, "tests");
    const At *tests = at_keep(g->arena, &at);
    bool ok = true;
    if (!at.json)
        return true;
    if (!want_array(b->src, tests))
        return false;
    g->sample = arena_alloc(g->arena, (size_t)json_size(tests->json) + 1,
                            sizeof *g->sample);
    for (const Json *item = json_first(tests->json); item;
         item = json_next(item), g->samples++) {
        At test = at_item(tests, item, g->samples);
        ok &= read_test(b, at_keep(g->arena, &test), &g->sample[g->samples]);
    }
    return ok;
}
