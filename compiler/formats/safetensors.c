/* formats/safetensors.c -- tensors in a side file.
 *
 * A safetensors file is an unsigned 64-bit length, a JSON header of that
 * length, and the data:
 *   {"name": {"dtype": "F32", "shape": [..], "data_offsets": [from, to]}} */

#include "../rnnc.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct SideFile {
    const char *name; /* as the model spells it */
    Buf bytes;
    Source header;
    At root; /* json NULL: the file is broken, and has been reported */
    const unsigned char *data;
    size_t size; /* of data */
    struct SideFile *next;
};

static void release_json(void *json)
{
    json_free(json);
}

typedef struct Range {
    double from, to;
} Range;

static int by_start(const void *a, const void *b)
{
    const Range *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* The format wants each byte of data to belong to one tensor at most. */
static bool ranges_apart(Arena *a, const Json *root)
{
    int count = 0;
    Range *range = arena_alloc(a, (size_t)json_size(root) + 1, sizeof *range);
    for (const Json *e = json_first(root); e; e = json_next(e)) {
        const Json *pair = cJSON_GetObjectItemCaseSensitive(e, "data_offsets");
        const Json *from = json_first(pair),
                   *to = from ? json_next(from) : NULL;
        if (cJSON_IsNumber(from) && cJSON_IsNumber(to))
            range[count++] = (Range){from->valuedouble, to->valuedouble};
    }
    qsort(range, (size_t)count, sizeof *range, by_start);
    for (int i = 1; i < count; i++)
        if (range[i].from < range[i - 1].to)
            return false;
    return true;
}

/* Splits the file into header and data. Returns what is wrong with it. */
static const char *open_header(Arena *a, struct SideFile *f, const char *path)
{
    size_t length = 0;
    if (f->bytes.size < 8)
        return "it is shorter than 8 bytes";
    for (int i = 7; i >= 0; i--)
        length = length << 8 | (unsigned char)f->bytes.data[i];
    if (length > f->bytes.size - 8)
        return "its header is longer than the file";
    f->header =
        (Source){path, arena_strndup(a, f->bytes.data + 8, length), length, a};
    f->data = (const unsigned char *)f->bytes.data + 8 + length;
    f->size = f->bytes.size - 8 - length;
    Json *json = json_parse(&f->header);
    arena_defer(a, release_json, json);
    f->root = at_root(json);
    if (f->root.json && !want_object(&f->header, &f->root))
        return "";
    return f->root.json && !ranges_apart(a, f->root.json)
               ? "its tensors overlap"
               : NULL;
}

static struct SideFile *side_file(Source *src, const At *at, Inputs *inputs,
                                  const char *name)
{
    for (struct SideFile *f = inputs->side_files; f; f = f->next)
        if (strcmp(f->name, name) == 0)
            return f;
    struct SideFile *f = arena_alloc(src->arena, 1, sizeof *f);
    *f = (struct SideFile){.name = name, .next = inputs->side_files};
    inputs->side_files = f;

    At file = at_key(at, "file");
    const char *path = side_read(src, &file, inputs, name, &f->bytes);
    if (!path)
        return f;
    const char *why = open_header(src->arena, f, path);
    if (why && *why)
        error_at(src, &file, "cannot read %s: %s", printable(src->arena, path),
                 why);
    if (why)
        f->root.json = NULL;
    return f;
}

static bool read_offsets(const struct SideFile *f, const At *entry,
                         size_t *from, size_t *to)
{
    double value[2] = {0, 0};
    At offsets = at_key(entry, "data_offsets");
    if (!want_array(&f->header, &offsets))
        return false;
    int i = 0;
    for (const Json *item = json_first(offsets.json); item;
         item = json_next(item), i++) {
        At element = at_item(&offsets, item, i);
        if (i < 2 && !want_number(&f->header, &element, &value[i]))
            return false;
    }
    if (i != 2 || value[0] < 0 || value[1] < value[0] ||
        value[1] > (double)f->size || value[0] != floor(value[0]) ||
        value[1] != floor(value[1])) {
        error_at(&f->header, &offsets,
                 "expected two offsets within %zu bytes of data", f->size);
        return false;
    }
    *from = (size_t)value[0];
    *to = (size_t)value[1];
    return true;
}

static bool read_entry_shape(const struct SideFile *f, const At *entry,
                             Shape *shape)
{
    At at = at_key(entry, "shape");
    if (!want_array(&f->header, &at))
        return false;
    int i = 0;
    for (const Json *item = json_first(at.json); item;
         item = json_next(item), i++) {
        At element = at_item(&at, item, i);
        if (i == MAX_RANK) {
            error_at(&f->header, &at, "expected at most %d dimensions",
                     MAX_RANK);
            return false;
        }
        if (!want_int(&f->header, &element, 1, MAX_DIM, &shape->dim[i]))
            return false;
    }
    shape->rank = i;
    return true;
}

bool safetensors_read(Source *src, const At *at, Inputs *inputs,
                      const char *file, const char *tensor, Values *out)
{
    const struct SideFile *f = side_file(src, at, inputs, file);
    if (!f->root.json)
        return false;
    At entry = at_key(&f->root, tensor), tensor_at = at_key(at, "tensor");
    if (!entry.json) {
        error_at(src, &tensor_at, "there is no tensor %s in %s",
                 at_describe(src->arena, &tensor_at),
                 printable(src->arena, f->header.file));
        return false;
    }
    const char *dtype;
    size_t from, to;
    At dtype_at = at_key(&entry, "dtype");
    if (!want_object(&f->header, &entry) ||
        !want_string(&f->header, &dtype_at, &dtype) ||
        !read_entry_shape(f, &entry, &out->shape) ||
        !read_offsets(f, &entry, &from, &to))
        return false;
    int64_t count = shape_size(&out->shape);
    bool known = strcmp(dtype, "F32") == 0 || strcmp(dtype, "F64") == 0 ||
                 strcmp(dtype, "F16") == 0 || strcmp(dtype, "BF16") == 0;
    if (!known || count > MAX_ELEMENTS ||
        (size_t)count * (size_t)dtype_size(dtype) != to - from) {
        error_at(&f->header, &entry,
                 "expected F32, F64, F16 or BF16 and data for shape %s, got "
                 "%s and %zu bytes",
                 shape_text(src->arena, &out->shape),
                 at_describe(src->arena, &dtype_at), to - from);
        return false;
    }
    out->data = arena_alloc(src->arena, (size_t)count, sizeof *out->data);
    out->wide = dtype_size(dtype) == 8;
    dtype_decode(dtype, f->data + from, count, out->data);
    return true;
}
