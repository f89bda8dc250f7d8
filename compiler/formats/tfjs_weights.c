/* formats/tfjs_weights.c -- one weight of a TensorFlow.js manifest: its entry,
 * and its bytes (little-endian, whatever the host is). */

#include "tfjs.h"

#include <math.h>
#include <string.h>

enum { FLOAT32, INT32, BOOL, FLOAT16, UINT8, UINT16 };
static const struct {
    const char *name;
    int size;
} kinds[] = {{"float32", 4}, {"int32", 4}, {"bool", 1},
             {"float16", 2}, {"uint8", 1}, {"uint16", 2}};

/* kinds[from..to] that the string names; -1 after a message. */
static int read_kind(Build *b, const At *at, int from, int to)
{
    const char *name, *list = "";
    if (!want_string(b->src, at, &name))
        return -1;
    for (int i = from; i <= to; i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return i;
        list = arena_printf(b->g->arena, "%s%s%s", list,
                            i == from ? ""
                            : i == to ? " or "
                                      : ", ",
                            kinds[i].name);
    }
    error_at(b->src, at, "expected %s, got %s", list,
             at_describe(b->g->arena, at));
    return -1;
}

/* A scalar has no dimensions; it becomes [1]. */
static bool read_shape(Build *b, const At *at, Shape *out)
{
    *out = (Shape){0};
    if (!want_array(b->src, at))
        return false;
    if (json_size(at->json) > MAX_RANK) {
        error_at(b->src, at, "expected at most %d dimensions, got %d", MAX_RANK,
                 json_size(at->json));
        return false;
    }
    for (const Json *item = json_first(at->json); item;
         item = json_next(item)) {
        At dim = at_item(at, item, out->rank);
        if (!want_int(b->src, &dim, 1, MAX_DIM, &out->dim[out->rank++]))
            return false;
    }
    if (out->rank == 0)
        *out = shape1(1);
    if (shape_size(out) <= MAX_ELEMENTS)
        return true;
    error_at(b->src, at, "expected at most %lld elements",
             (long long)MAX_ELEMENTS);
    return false;
}

static bool read_quantization(Build *b, const At *at, TfjsWeight *w)
{
    static const char *const keys[] = {"dtype", "min", "scale",
                                       "original_dtype", NULL};
    At dtype = at_key(at, "dtype"), min = at_key(at, "min"),
       scale = at_key(at, "scale");
    if (!want_object(b->src, at) || !want_keys(b->src, at, keys))
        return false;
    w->stored = read_kind(b, &dtype, FLOAT16, UINT16);
    if (w->stored < 0)
        return false;
    if (w->stored != FLOAT16)
        return want_number(b->src, &min, &w->min) &
               want_number(b->src, &scale, &w->scale);
    if (w->whole)
        error_at(b->src, &dtype, "only float32 can be stored as float16");
    return !w->whole;
}

bool tfjs_read_weight(Build *b, const At *at, TfjsWeight *out)
{
    static const char *const keys[] = {"name",         "shape", "dtype",
                                       "quantization", "group", NULL};
    At name = at_key(at, "name"), shape = at_key(at, "shape"),
       dtype = at_key(at, "dtype"), packed = at_key(at, "quantization"),
       group = at_key(at, "group");
    const char *set = "";
    *out = (TfjsWeight){.at = at};
    if (!want_object(b->src, at))
        return false;
    bool ok = want_keys(b->src, at, keys);
    ok &= want_string(b->src, &name, &out->name);
    ok &= read_shape(b, &shape, &out->shape);
    out->stored = read_kind(b, &dtype, FLOAT32, BOOL);
    out->whole = out->stored != FLOAT32;
    if (!ok || out->stored < 0 ||
        (group.json && !want_string(b->src, &group, &set)))
        return false;
    out->optimizer = strcmp(set, "optimizer") == 0;
    if (packed.json && !read_quantization(b, &packed, out))
        return false;
    out->size =
        (size_t)shape_size(&out->shape) * (size_t)kinds[out->stored].size;
    return true;
}

/* As TensorFlow.js computes it: q scale + min in float64, then in the weight's
 * own type. */
static double unpack(const TfjsWeight *w, unsigned q)
{
    double product = q * w->scale; /* rounded: no fused multiply-add */
    double value = product + w->min;
    return w->whole ? floor(value + 0.5) : (double)(float)value;
}

static double element(const TfjsWeight *w, const unsigned char *p)
{
    uint32_t bits = 0;
    float single;
    for (int i = kinds[w->stored].size - 1; i >= 0; i--)
        bits = bits << 8 | p[i];
    switch (w->stored) {
    case FLOAT32:
        memcpy(&single, &bits, sizeof single);
        return single;
    case INT32:
        return bits < 0x80000000 ? bits : bits - 4294967296.0;
    case BOOL:
        return bits != 0;
    case FLOAT16:
        return half_to_float((uint16_t)bits);
    default:
        return unpack(w, bits);
    }
}

bool tfjs_decode(Build *b, const TfjsWeight *w, const unsigned char *bytes,
                 Values *out)
{
    int64_t count = shape_size(&w->shape);
    *out = (Values){.shape = w->shape};
    out->data = arena_alloc(b->g->arena, (size_t)count, sizeof *out->data);
    for (int64_t i = 0; i < count; i++) {
        double value = element(w, bytes + i * kinds[w->stored].size);
        if (!isfinite(value)) {
            error_at(b->src, w->at, "element %lld is not a finite number",
                     (long long)i);
            return false;
        }
        out->data[i] = value;
        out->wide |= value != (double)(float)value;
    }
    return true;
}
