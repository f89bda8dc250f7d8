/* formats/tensor.c -- numbers out of JSON: nested arrays, base64, side files.
 *
 * A decimal in a nested array means the nearest float32. cJSON gives doubles;
 * rounding those once more errs only where the double lies exactly between
 * two floats, and there the text itself is read again. */

#include "../rnnc.h"

#include <cjson/cJSON.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Element types ------------------------------------------------------- */

static const struct {
    const char *name, *safetensors;
    int size;
} dtypes[] = {
    {"float32", "F32", 4},
    {"float64", "F64", 8},
    {"float16", "F16", 2},
    {"bfloat16", "BF16", 2},
};

static int dtype_index(const char *dtype)
{
    for (int i = 0; i < 4; i++)
        if (strcmp(dtype, dtypes[i].name) == 0 ||
            strcmp(dtype, dtypes[i].safetensors) == 0)
            return i;
    return -1;
}

int dtype_size(const char *dtype)
{
    int i = dtype_index(dtype);
    return i < 0 ? 0 : dtypes[i].size;
}

/* Little-endian whatever the host is. */
static uint64_t little_endian(const unsigned char *p, int size)
{
    uint64_t bits = 0;
    for (int i = size - 1; i >= 0; i--)
        bits = bits << 8 | p[i];
    return bits;
}

static double decode(int dtype, const unsigned char *p)
{
    uint64_t bits = little_endian(p, dtypes[dtype].size);
    uint32_t low = (uint32_t)bits;
    float f;
    double d;
    switch (dtype) {
    case 0:
        memcpy(&f, &low, sizeof f);
        return f;
    case 1:
        memcpy(&d, &bits, sizeof d);
        return d;
    case 2:
        return half_to_float((uint16_t)bits);
    default:
        return bfloat16_to_float((uint16_t)bits);
    }
}

void dtype_decode(const char *dtype, const unsigned char *bytes, int64_t count,
                  double *out)
{
    int index = dtype_index(dtype), size = dtypes[index].size;
    for (int64_t i = 0; i < count; i++)
        out[i] = decode(index, bytes + i * size);
}

/* ---- Nested arrays ------------------------------------------------------- */

typedef struct Nested {
    const Source *src;
    Values *out;
    int64_t filled;
    bool narrow, ok;
    const char *token; /* the text of number `token_index` */
    int64_t token_index;
} Nested;

static bool number_start(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

/* The text of the number being read. Only ever moves forward, so that a file
 * full of halfway cases is still read in linear time. */
static const char *token_text(Nested *n, const At *at)
{
    if (!n->token) {
        n->token = n->src->text + at_offset(n->src, at);
        n->token_index = n->filled;
    }
    for (; n->token_index < n->filled; n->token_index++) {
        while (number_start(*n->token) || strchr("+.eE", *n->token))
            n->token++;
        while (!number_start(*n->token))
            n->token++;
    }
    return n->token;
}

/* Rounds to float32 as strtof rounds the text: only a double halfway between
 * two floats, or among the subnormal ones, can come out otherwise. */
static double narrow(Nested *n, const At *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x1fffffff) == 0x10000000 || isinf((float)value) ||
        (value != 0 && fabs(value) < FLT_MIN))
        return strtof(token_text(n, at), NULL);
    return (float)value;
}

static void read_number(Nested *n, const At *at)
{
    double value;
    if (!want_number(n->src, at, &value)) {
        n->ok = false;
        return;
    }
    double single = n->narrow ? narrow(n, at, value) : value;
    if (isinf(single)) {
        error_at(n->src, at,
                 "expected a number in the range of float32, "
                 "got %s",
                 at_describe(n->src->arena, at));
        n->ok = false;
        return;
    }
    n->out->data[n->filled] = single;
    n->filled++;
}

static void fill(Nested *n, const At *at, int axis)
{
    if (axis == n->out->shape.rank) {
        read_number(n, at);
        return;
    }
    int expected = n->out->shape.dim[axis];
    if (!at_is_array(at) || json_size(at->json) != expected) {
        error_at(n->src, at,
                 "expected an array of %d, as in the rows before, "
                 "got %s",
                 expected, at_describe(n->src->arena, at));
        n->ok = false;
        return;
    }
    int i = 0;
    for (const Json *item = json_first(at->json); item && n->ok;
         item = json_next(item)) {
        At element = at_item(at, item, i++);
        fill(n, &element, axis + 1);
    }
}

/* The shape that the first elements show. */
static bool nested_shape(const Source *src, const At *at, Shape *shape)
{
    const Json *json = at->json;
    shape->rank = 0;
    while (cJSON_IsArray(json)) {
        int size = json_size(json);
        if (size == 0 || size > MAX_DIM || shape->rank == MAX_RANK) {
            error_at(src, at,
                     size == 0 ? "expected numbers, got an empty array"
                     : shape->rank == MAX_RANK
                         ? "expected at most 8 dimensions"
                         : "expected at most 16777216 elements per dimension");
            return false;
        }
        shape->dim[shape->rank++] = size;
        json = json_first(json);
    }
    return true;
}

static bool read_nested(const Source *src, const At *at, bool narrow_values,
                        Values *out)
{
    if (!nested_shape(src, at, &out->shape))
        return false;
    int64_t size = shape_size(&out->shape);
    /* Every number takes two bytes of text at least: a cheap bound that
     * holds whatever the first elements claim. */
    if (size > (int64_t)(src->size / 2 + 1)) {
        error_at(src, at, "expected %lld numbers, as the first rows tell",
                 (long long)size);
        return false;
    }
    out->data = arena_alloc(src->arena, (size_t)size, sizeof *out->data);
    Nested n = {.src = src, .out = out, .narrow = narrow_values, .ok = true};
    fill(&n, at, 0);
    return n.ok;
}

bool read_scalar(const Source *src, const At *at, bool narrow_values,
                 Values *out)
{
    *out = (Values){.data = NULL};
    bool ok = read_nested(src, at, narrow_values, out);
    out->shape = (Shape){1, {1}};
    return ok;
}

/* ---- base64 -------------------------------------------------------------- */

static bool read_shape(const Source *src, const At *at, Shape *shape)
{
    if (!want_array(src, at))
        return false;
    int size = json_size(at->json), i = 0;
    if (size < 1 || size > MAX_RANK) {
        error_at(src, at, "expected 1 to %d dimensions, got %d", MAX_RANK,
                 size);
        return false;
    }
    shape->rank = size;
    for (const Json *item = json_first(at->json); item;
         item = json_next(item), i++) {
        At element = at_item(at, item, i);
        if (!want_int(src, &element, 1, MAX_DIM, &shape->dim[i]))
            return false;
    }
    if (shape_size(shape) > MAX_ELEMENTS) {
        error_at(src, at, "expected at most %lld elements",
                 (long long)MAX_ELEMENTS);
        return false;
    }
    return true;
}

static bool check_finite(const Source *src, const At *at, const Values *v)
{
    int64_t size = shape_size(&v->shape);
    for (int64_t i = 0; i < size; i++)
        if (!isfinite(v->data[i])) {
            error_at(src, at, "element %lld is not a finite number",
                     (long long)i);
            return false;
        }
    return true;
}

static bool decode_base64(const Source *src, const At *at, const char *dtype,
                          const char *text, Values *out)
{
    size_t length = strlen(text);
    unsigned char *bytes = arena_alloc(src->arena, length / 4 * 3 + 3, 1);
    ptrdiff_t size = base64_decode(text, length, bytes);
    int64_t count = shape_size(&out->shape);
    if (size < 0) {
        error_at(src, at, "expected base64 (RFC 4648, padded, no white space)");
        return false;
    }
    if (size != count * dtype_size(dtype)) {
        error_at(src, at, "expected %lld bytes for shape %s of %s, got %lld",
                 (long long)(count * dtype_size(dtype)),
                 shape_text(src->arena, &out->shape), dtype, (long long)size);
        return false;
    }
    out->data = arena_alloc(src->arena, (size_t)count, sizeof *out->data);
    dtype_decode(dtype, bytes, count, out->data);
    out->wide = dtype_size(dtype) == 8;
    return check_finite(src, at, out);
}

static bool read_base64(const Source *src, const At *at, Values *out)
{
    static const char *const keys[] = {"shape", "dtype", "base64", NULL};
    static const char *const names[] = {"float32", "float64", "float16",
                                        "bfloat16", NULL};
    At shape = at_key(at, "shape"), dtype_at = at_key(at, "dtype"),
       data = at_key(at, "base64");
    const char *dtype, *text;
    bool ok = want_keys(src, at, keys);
    ok &= read_shape(src, &shape, &out->shape);
    ok &= want_string(src, &data, &text);
    if (!want_string(src, &dtype_at, &dtype))
        return false;
    bool known = false;
    for (int i = 0; names[i]; i++)
        known |= strcmp(names[i], dtype) == 0;
    if (!known) {
        error_at(src, &dtype_at,
                 "expected float32, float64, float16 or bfloat16, got %s",
                 at_describe(src->arena, &dtype_at));
        return false;
    }
    return ok && decode_base64(src, &data, dtype, text, out);
}

bool read_tensor(Source *src, const At *at, Inputs *inputs, bool narrow_values,
                 Values *out)
{
    static const char *const keys[] = {"file", "tensor", NULL};
    *out = (Values){.data = NULL};
    if (at_is_array(at))
        return read_nested(src, at, narrow_values, out);
    At file_at = at_key(at, "file"), tensor_at = at_key(at, "tensor");
    if (!at_is_object(at)) {
        error_at(src, at,
                 "expected a tensor: a nested array, {\"shape\", "
                 "\"dtype\", \"base64\"} or {\"file\", \"tensor\"}, "
                 "got %s",
                 at_describe(src->arena, at));
        return false;
    }
    if (!file_at.json)
        return read_base64(src, at, out);
    const char *file, *tensor;
    bool ok = want_keys(src, at, keys);
    ok &= want_string(src, &file_at, &file);
    ok &= want_string(src, &tensor_at, &tensor);
    return ok && safetensors_read(src, at, inputs, file, tensor, out) &&
           check_finite(src, at, out);
}

At *at_keep(Arena *a, const At *at)
{
    At *copy = arena_alloc(a, 1, sizeof *copy);
    *copy = *at;
    if (at->parent)
        copy->parent = at_keep(a, at->parent);
    return copy;
}
