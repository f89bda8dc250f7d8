/* formats/keras_masks.c -- masks as Keras 3 writes them into a Functional
 * model: as operations between the layers, which end in a layer's "mask".
 *
 *   NotEqual(x, value), Any(., -1)     Masking's [timesteps]
 *   NotEqual(x, 0)                     Embedding's, of tokens [timesteps]
 *   LogicalOr(a, b)                    a merge of masked inputs
 *   ExpandDims, ZerosLike, OnesLike, LogicalOr, Concatenate, Any
 *                                      a Concatenate of masked inputs
 *   ConvertToTensor(a)                 what Attention hands on of its query's
 *
 * Their results are no tensors of the graph but notes, which become Mask layers
 * as far as anything reads them. In Keras 2, and in Sequential models, masks
 * are in no file: passes/insert_masks.c finds out. */

#include "keras_graph.h"

#include <math.h>
#include <string.h>

bool keras_is_operation(const KerasLayer *l)
{
    At module = at_key(l->at, "module");
    const char *name;
    return at_is_string(&module) && want_string(l->k->b.src, &module, &name) &&
           strncmp(name, "keras.src.ops", 13) == 0 && !keras_is_operator(l) &&
           !l->function;
}

KerasMask *keras_mask_of(const Model *m, const Tensor *t)
{
    for (int i = 0; i < m->masks; i++)
        if (m->mask[i].result == t)
            return &m->mask[i];
    return NULL;
}

/* A Mask layer; each: of single numbers, tokens. */
static Tensor *make_mask(Model *m, const KerasMask *of, bool each)
{
    Build *b = &m->k->b;
    b->last = of->of;
    Node *n = build_layer(
        b, "Mask",
        arena_printf(b->g->arena, "%s%s", m->prefix, of->layer->name),
        of->layer->at);
    build_number(n, "value", of->value);
    build_bool(n, "each", each);
    return n->out;
}

/* The mask [timesteps, 1] that a note stands for. */
static Tensor *rows_of(Model *m, KerasMask *note)
{
    if (note->kind != MASK_OF_ELEMENTS)
        return note->rows;
    note->rows = make_mask(m, note, true);
    note->kind = MASK_OF_ROWS;
    return note->rows;
}

static bool number_is(const KerasLayer *l, const char *key, int expected)
{
    At at = at_key(l->config, key);
    int value = expected;
    if (at.json && !want_int(l->k->b.src, &at, -MAX_RANK, MAX_RANK, &value))
        return false;
    if (value == expected)
        return true;
    error_at(l->k->b.src, &at, "a mask along another axis than %d: %d",
             expected, value);
    return false;
}

/* ---- The operations ------------------------------------------------------ */

static bool not_equal(Model *m, const KerasLayer *l, const Args *args,
                      KerasMask *out)
{
    if (args->count != 1 || !args->number_at.json ||
        keras_mask_of(m, args->in[0])) {
        error_at(m->k->b.src, l->at, "expected a tensor and a number");
        return false;
    }
    *out = (KerasMask){.kind = MASK_OF_ELEMENTS,
                       .layer = l,
                       .of = args->in[0],
                       .value = args->number};
    return true;
}

/* Of the elements of a timestep, or of a mask's copies for each feature. */
static bool any(Model *m, const KerasLayer *l, KerasMask *x, KerasMask *out)
{
    *out = *x;
    if (x->kind == MASK_OF_ELEMENTS)
        out->rows = make_mask(m, x, false);
    if (x->kind == MASK_OF_ELEMENTS)
        out->kind = MASK_OF_ROWS;
    return number_is(l, "axis", -1);
}

static Tensor *join(Model *m, const KerasLayer *l, const char *op, Tensor *a,
                    Tensor *b)
{
    Tensor *both[2] = {a, b};
    if (a == b)
        return a;
    Node *n = build_layer(
        &m->k->b, op,
        arena_printf(m->k->b.g->arena, "%s%s", m->prefix, l->name), l->at);
    build_inputs(&m->k->b, n, both, 2);
    return n->out;
}

/* With zeros a mask only takes the shape of what it is for. */
static bool both(Model *m, const KerasLayer *l, KerasMask *a, KerasMask *b,
                 KerasMask *out)
{
    bool any_of_both = strcmp(l->type, "LogicalOr") == 0;
    if (a->kind == MASK_OF_NONE || b->kind == MASK_OF_NONE) {
        *out = a->kind == MASK_OF_NONE ? *b : *a;
        return any_of_both;
    }
    if (a->kind == MASK_OF_ALL || b->kind == MASK_OF_ALL)
        return false;
    *out = (KerasMask){.kind = MASK_OF_ROWS,
                       .rows = join(m, l, any_of_both ? "Maximum" : "Minimum",
                                    rows_of(m, a), rows_of(m, b))};
    return true;
}

/* Features side by side, before Any: true where one of the masks is. */
static bool side_by_side(Model *m, const KerasLayer *l, KerasMask *const *x,
                         int count, KerasMask *out)
{
    *out = *x[0];
    for (int i = 0; i < count; i++)
        if (x[i]->kind == MASK_OF_ELEMENTS || x[i]->kind == MASK_OF_NONE)
            return false;
    for (int i = 1; i < count; i++)
        if (x[i]->kind == MASK_OF_ALL)
            *out = *x[i];
        else if (out->kind != MASK_OF_ALL)
            out->rows = join(m, l, "Maximum", out->rows, x[i]->rows);
    return number_is(l, "axis", -1);
}

static bool operate(Model *m, const KerasLayer *l, const Args *args,
                    KerasMask *out)
{
    KerasMask *x[MAX_CALL_INPUTS] = {0};
    const char *type = l->type;
    if (strcmp(type, "NotEqual") == 0)
        return not_equal(m, l, args, out);
    *out = (KerasMask){.kind = MASK_OF_NONE};
    if (strcmp(type, "OnesLike") == 0)
        out->kind = MASK_OF_ALL;
    if (strcmp(type, "OnesLike") == 0 || strcmp(type, "ZerosLike") == 0)
        return true;
    for (int i = 0; i < args->count; i++) {
        x[i] = keras_mask_of(m, args->in[i]);
        if (!x[i]) {
            error_at(m->k->b.src, l->at,
                     "rnnc has no operation \"%s\", except where Keras makes "
                     "masks of it",
                     printable(m->k->b.g->arena, type));
            return false;
        }
    }
    if (strcmp(type, "Concatenate") == 0)
        return side_by_side(m, l, x, args->count, out);
    if (args->count == 2 && strncmp(type, "Logical", 7) == 0)
        return both(m, l, x[0], x[1], out);
    if (args->count == 1 && strcmp(type, "Any") == 0)
        return any(m, l, x[0], out);
    *out = *x[0];
    if (args->count == 1 && strcmp(type, "ConvertToTensor") == 0)
        return true;
    rows_of(m, out);
    return strcmp(type, "ExpandDims") == 0 && number_is(l, "axis", -1);
}

Tensor *keras_mask_call(Model *m, const KerasLayer *l, const Args *args)
{
    KerasMask out = {.kind = MASK_OF_NONE};
    int before = error_count();
    if (m->masks == MAX_LAYERS || !operate(m, l, args, &out)) {
        if (error_count() == before)
            error_at(m->k->b.src, l->at, "expected masks as Keras makes them");
        return NULL;
    }
    Tensor *result = graph_tensor(m->k->b.g, l->name);
    out.result = result;
    m->mask[m->masks++] = out;
    return result;
}

bool keras_mask_read(Model *m, const At *call, const Args *args, Tensor **out)
{
    *out = NULL;
    for (int i = 0; i < args->count; i++)
        if (keras_mask_of(m, args->in[i])) {
            error_at(m->k->b.src, call, "a mask among the inputs");
            return false;
        }
    if (!args->mask)
        return true;
    KerasMask *note = keras_mask_of(m, args->mask);
    if (!note || note->kind == MASK_OF_NONE) {
        error_at(m->k->b.src, call,
                 "expected a mask that Masking or Embedding makes");
        return false;
    }
    if (note->kind != MASK_OF_ALL)
        *out = rows_of(m, note);
    return true;
}
