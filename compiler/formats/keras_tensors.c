/* formats/keras_tensors.c -- functions called on tensors that become several
 * layers here, or layers with other arguments:
 *
 *   x[:, -1, 1:]          Slice for each axis, Squeeze, ExpandDims
 *   stack([x, y], axis)   ExpandDims of each, Concatenate
 *   reshape, transpose    Reshape and Permute, which leave the batch out
 *   x ** 2                an activation, or a product
 *
 * Keras 3 has the slices among the arguments of a call, {"class_name":
 * "__slice__", "config": {"start", "stop", "step"}}; TensorFlow's "slice_spec"
 * has {"start", "stop", "step"}. */

#include "keras.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

/* ---- x[...] -------------------------------------------------------------- */

typedef struct Item {
    enum { ITEM_PART, ITEM_ONE, ITEM_NEW, ITEM_REST } kind;
    int from, to, step;
} Item;

enum { MAX_ITEMS = 2 * MAX_RANK };

static bool is_whole(const Item *item)
{
    return item->kind == ITEM_PART && item->from == 0 && item->to == 0 &&
           item->step == 1;
}

static bool read_bound(const Source *src, const At *at, int least, int *out)
{
    return !at->json || at_is_null(at) ||
           want_int(src, at, least, MAX_DIM, out);
}

static bool read_part(const Source *src, const At *at, Item *out)
{
    At start = at_key(at, "start"), stop = at_key(at, "stop"),
       step = at_key(at, "step");
    if (!read_bound(src, &start, -MAX_DIM, &out->from) ||
        !read_bound(src, &stop, -MAX_DIM, &out->to) ||
        !read_bound(src, &step, 1, &out->step))
        return false;
    if (out->to == 0 && stop.json && !at_is_null(&stop)) {
        error_at(src, &stop, "no elements are left");
        return false;
    }
    return true;
}

static bool read_item(const Source *src, const At *at, Item *out)
{
    At class = at_key(at, "class_name"), config = at_key(at, "config");
    *out = (Item){.kind = ITEM_PART, .step = 1};
    if (at_is_null(at)) {
        out->kind = ITEM_NEW;
        return true;
    }
    if (at_is_number(at)) {
        out->kind = ITEM_ONE;
        if (!want_int(src, at, -MAX_DIM, MAX_DIM - 1, &out->from))
            return false;
        out->to = out->from + 1; /* of -1: 0, the end */
        return true;
    }
    if (!want_object(src, at))
        return false;
    if (at_is_string(&class) &&
        strcmp(class.json->valuestring, "__ellipsis__") == 0) {
        out->kind = ITEM_REST;
        return true;
    }
    return read_part(src, class.json ? &config : at, out);
}

/* How many, or -1 after a message; *rest: the place of "...", or count. */
static int read_items(const KerasLayer *l, Item *item, int *rest)
{
    const Source *src = l->k->b.src;
    int count = 0;
    *rest = -1;
    if (!l->spec || !want_array(src, l->spec))
        return -1;
    for (const Json *j = json_first(l->spec->json); j; j = json_next(j)) {
        At at = at_item(l->spec, j, count);
        if (count == MAX_ITEMS || !read_item(src, &at, &item[count]))
            return -1;
        if (item[count].kind == ITEM_REST)
            *rest = count;
        count++;
    }
    *rest = *rest < 0 ? count : *rest;
    if (count == 0 || (item[0].kind != ITEM_REST && !is_whole(&item[0]))) {
        error_at(src, l->spec, "expected all of the batch, x[:, ...]");
        return -1;
    }
    return count;
}

/* Of entries first..end those that are not of the kind: dimensions of what is
 * read without new ones, and of what comes out without single ones. */
static int count_but(const Item *item, int first, int end, int kind)
{
    int count = 0;
    for (int i = first; i < end; i++)
        count += (int)item[i].kind != kind && item[i].kind != ITEM_REST;
    return count;
}

static Node *add(const KerasLayer *l, const char *op, const char *name,
                 int number)
{
    Build *b = &l->k->b;
    Arena *a = b->g->arena;
    return build_layer(b, op, arena_printf(a, "%s_part%d", name, number),
                       l->config);
}

/* Leaves the result in b->last. */
static void take_items(const KerasLayer *l, const char *name, const Item *item,
                       int count, int rest)
{
    Shape gone = {.rank = 0};
    int number = 0;
    for (int i = 0; i < count; i++) {
        int axis = i < rest ? count_but(item, 0, i, ITEM_NEW)
                            : -count_but(item, i, count, ITEM_NEW);
        if (item[i].kind > ITEM_ONE || is_whole(&item[i]))
            continue;
        Node *n = add(l, "Slice", name, number++);
        build_int(n, "from", item[i].from);
        build_int(n, "to", item[i].to);
        build_int(n, "step", item[i].step);
        build_int(n, "axis", axis);
        if (item[i].kind == ITEM_ONE && gone.rank < MAX_RANK)
            gone.dim[gone.rank++] = axis;
    }
    if (gone.rank > 0)
        build_shape(add(l, "Squeeze", name, number++), "axis", gone);
    for (int i = 0; i < rest; i++)
        if (item[i].kind == ITEM_NEW)
            build_int(add(l, "ExpandDims", name, number++), "axis",
                      count_but(item, 0, i, ITEM_ONE));
    for (int i = count - 1; i > rest; i--)
        if (item[i].kind == ITEM_NEW)
            build_int(add(l, "ExpandDims", name, number++), "axis",
                      -count_but(item, i + 1, count, ITEM_ONE) - 1);
}

/* ---- Others -------------------------------------------------------------- */

static bool stack(const KerasLayer *l, const char *name, Tensor *const *in,
                  int inputs)
{
    Build *b = &l->k->b;
    Tensor *wide[MAX_PORTS];
    At at = at_key(l->options, "axis");
    int axis = 0;
    if (inputs > MAX_PORTS ||
        !want_int(b->src, &at, -MAX_RANK, MAX_RANK, &axis))
        return false;
    for (int i = 0; i < inputs; i++) {
        b->last = in[i];
        build_int(add(l, "ExpandDims", name, i), "axis", axis);
        wide[i] = b->last;
    }
    if (inputs == 1)
        return true;
    Node *n =
        build_layer(b, "Concatenate",
                    arena_printf(b->g->arena, "%s_joined", name), l->config);
    build_inputs(b, n, wide, inputs);
    build_int(n, "axis", axis);
    return true;
}

/* The list behind its first entry, which is the batch's. */
static bool read_list(const KerasLayer *l, const At *at, int batch, Shape *out)
{
    const Source *src = l->k->b.src;
    int index = 0;
    out->rank = 0;
    if (!want_array(src, at))
        return false;
    for (const Json *j = json_first(at->json); j; j = json_next(j), index++) {
        At item = at_item(at, j, index);
        int value;
        if (out->rank == MAX_RANK || !want_int(src, &item, -1, MAX_DIM, &value))
            return false;
        if (index == 0 && value != batch) {
            error_at(src, &item, "expected %d, for the batch, got %d", batch,
                     value);
            return false;
        }
        if (index > 0)
            out->dim[out->rank++] = value;
    }
    if (out->rank == 0)
        error_at(src, at, "expected dimensions behind that of the batch");
    return out->rank > 0;
}

static bool move(const KerasLayer *l, const char *name, bool turns)
{
    At shape = at_key(l->options, "newshape"), tf = at_key(l->options, "shape"),
       axes = at_key(l->options, "axes"), perm = at_key(l->options, "perm");
    At at = turns ? (axes.json ? axes : perm) : shape.json ? shape : tf;
    Shape list;
    if (!read_list(l, &at, turns ? 0 : -1, &list))
        return false;
    for (int i = 0; i < list.rank; i++)
        if (list.dim[i] < 1) {
            error_at(l->k->b.src, &at,
                     "expected dimensions of at least 1 behind the batch");
            return false;
        }
    build_shape(add(l, turns ? "Permute" : "Reshape", name, 0),
                turns ? "dims" : "target_shape", list);
    return true;
}

/* x^3 as a product; the rest are activations. */
static bool raise(const KerasLayer *l, const char *name, Tensor *in)
{
    static const struct {
        double exponent;
        const char *activation;
    } rows[] = {{2, "square"}, {0.5, "sqrt"}, {-0.5, "rsqrt"}, {1, "linear"}};
    Build *b = &l->k->b;
    for (int i = 0; i < 4; i++)
        if (rows[i].exponent == l->exponent) {
            build_activation(add(l, "Activation", name, 0), "activation",
                             rows[i].activation, NULL, NULL, NAN);
            return true;
        }
    if (l->exponent != 3 && l->exponent != 4) {
        error_at(b->src, l->at,
                 "powers of 0.5, -0.5, 1, 2, 3 and 4 are supported, got %g",
                 l->exponent);
        return false;
    }
    Node *n = add(l, "Multiply", name, 0);
    build_inputs(b, n, (Tensor *[]){in, in, in, in}, (int)l->exponent);
    build_choice(n, "masks", "any");
    return true;
}

bool keras_is_compound(const KerasLayer *l)
{
    static const char *const classes[] = {"GetItem",   "Stack", "Reshape",
                                          "Transpose", "Power", NULL};
    for (int i = 0; classes[i]; i++)
        if (keras_is_function(l, classes[i]))
            return true;
    return false;
}

int keras_call_compound(KerasLayer *l, const char *name, Tensor *const *in,
                        int inputs, Tensor **out)
{
    Build *b = &l->k->b;
    Item item[MAX_ITEMS];
    int count = 1, rest;
    bool ok = true;
    if (!keras_check_function(l))
        return 0;
    b->last = in[0];
    if (keras_is_function(l, "GetItem") &&
        (count = read_items(l, item, &rest)) > 0)
        take_items(l, name, item, count, rest);
    else if (keras_is_function(l, "Stack"))
        ok = stack(l, name, in, inputs);
    else if (keras_is_function(l, "Power"))
        ok = raise(l, name, in[0]);
    else if (count > 0)
        ok = move(l, name, keras_is_function(l, "Transpose"));
    if (!ok || count < 0)
        return 0;
    if (b->last != in[0])
        b->last->name = b->last->from->name = name;
    out[0] = keras_without_mask(l, name, b->last);
    return 1;
}
