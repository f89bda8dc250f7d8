/* ops.c -- the op table, and access to a node's attributes and weights. */

#include "rnnc.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ops.h"

#define DECLARE(name) extern const Op op_##name;
OPS(DECLARE)

#define ADDRESS(name) &op_##name,
const Op *const op_table[] = {OPS(ADDRESS) NULL};

const Op *op_find(const char *name)
{
    for (const Op *const *op = op_table; *op; op++)
        if (strcmp((*op)->name, name) == 0)
            return *op;
    return NULL;
}

const char *const *op_names(void)
{
    static const char *names[sizeof op_table / sizeof *op_table];
    for (int i = 0; op_table[i]; i++)
        names[i] = op_table[i]->name;
    return names;
}

bool op_walks(const Op *op)
{
    return op->recurrent || op->temporal;
}

bool node_walks(const Node *n)
{
    return op_walks(n->op) && !n->distributed;
}

bool node_slides(const Node *n)
{
    return n->op->window && !n->distributed;
}

bool node_gathers(const Node *n)
{
    return n->op->gathers && !n->distributed && n->op->gathers(n);
}

const Attr *attr_of(const Node *n, const char *name)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        if (strcmp(n->op->attrs[i].name, name) == 0)
            return &n->attr[i];
    assert(!"attribute missing from the op row");
    return NULL;
}

int attr_int(const Node *n, const char *name)
{
    return (int)attr_of(n, name)->number;
}

int attr_item(const Node *n, const char *name, int i)
{
    const Shape *list = &attr_of(n, name)->shape;
    assert(list->rank == 1 || i < list->rank);
    return list->dim[list->rank == 1 ? 0 : i];
}

bool attr_bool(const Node *n, const char *name)
{
    return attr_of(n, name)->number != 0;
}

const Weight *weight_of(const Node *n, const char *name)
{
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (strcmp(n->op->weights[i].name, name) == 0)
            return &n->weight[i];
    assert(!"weight missing from the op row");
    return NULL;
}

bool weight_needed(const Node *n, const WeightSpec *spec)
{
    return spec->role != WEIGHT_DERIVED && !spec->optional &&
           (!spec->when || attr_bool(n, spec->when));
}

const char *condition_off(const Node *n, const WeightSpec *spec)
{
    const Attr *attr = attr_of(n, spec->when);
    const char *const *choices = n->op->attrs[attr - n->attr].choices;
    return choices ? choices[0] : "false";
}

/* ---- Shared by rows ------------------------------------------------------ */

/* Elements of the weights that exist, except those of one role. */
static int64_t count_weights(const Node *n, WeightRole except)
{
    int64_t count = 0;
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (n->weight[i].data && n->op->weights[i].role != except)
            count += shape_size(&n->weight[i].shape);
    return count;
}

/* As Keras counts them, those included that do not train. */
int64_t node_params(const Node *n)
{
    return count_weights(n, WEIGHT_DERIVED);
}

const char *node_kind(Arena *a, const Node *n)
{
    return n->folded ? arena_printf(a, "%s + %s", n->op->name, n->folded)
                     : n->op->name;
}

double *weight_derive(Arena *a, Node *n, const char *name)
{
    int i = (int)(weight_of(n, name) - n->weight);
    Weight *w = &n->weight[i];
    *w = (Weight){.name = name,
                  .shape = shape_eval(n->op->weights[i].shape, &n->scope),
                  .wide = true};
    return w->data =
               arena_alloc(a, (size_t)shape_size(&w->shape), sizeof *w->data);
}

void activation_set(Node *n, const char *name, double param)
{
    const ActivationRow *row = activation_find(name);
    n->attr[attr_of(n, "activation") - n->attr].activation =
        (Activation){.row = row, .param = param};
}

void add_product(double *z, const double *x, const double *kernel,
                 int64_t features, int64_t units)
{
    for (int64_t f = 0; f < features; f++)
        for (int64_t u = 0; u < units; u++)
            z[u] += x[f] * kernel[f * units + u];
}

const char *const mask_joins[] = {"any", "all", "refused", NULL};

void eval_copy(const Eval *e)
{
    size_t size = (size_t)shape_size(&e->out_shape);
    memcpy(e->out, e->in[0], size * sizeof *e->out);
}

/* The default is JSON text of its own, kept simple enough for this. */
void default_attr(const AttrSpec *spec, Attr *out)
{
    if (spec->type == ATTR_ACTIVATION) {
        size_t length = strlen(spec->fallback) - 2; /* without quotes */
        for (const ActivationRow *row = activation_rows; row->name; row++)
            if (strlen(row->name) == length &&
                strncmp(row->name, spec->fallback + 1, length) == 0)
                out->activation =
                    (Activation){.row = row, .param = row->param_default};
    } else if (strcmp(spec->fallback, "null") == 0) {
        out->number = NAN;
        out->shape.rank = 0;
    } else if (spec->type == ATTR_LIST) {
        out->shape = (Shape){1, {(int)strtol(spec->fallback, NULL, 10)}};
    } else if (spec->type == ATTR_BOOL) {
        out->number = strcmp(spec->fallback, "true") == 0;
    } else if (spec->type == ATTR_CHOICE) {
        size_t length = strlen(spec->fallback) - 2;
        for (int i = 0; spec->choices[i]; i++)
            if (strncmp(spec->choices[i], spec->fallback + 1, length) == 0)
                out->number = i;
    } else {
        out->number = strtod(spec->fallback, NULL);
    }
}

/* A distributed layer, slice by slice: e has whole tensors. */
static void evaluate_slices(const Eval *whole)
{
    Eval e = *whole;
    double **in = arena_alloc(e.arena, (size_t)e.node->inputs, sizeof *in);
    Shape *in_shape =
        arena_alloc(e.arena, (size_t)e.node->inputs, sizeof *in_shape);
    e.in = in;
    e.in_shape = in_shape;
    int levels = e.node->distributed;
    e.out_shape = shape_part(&whole->out_shape, levels);
    int64_t slices = shape_size(&whole->out_shape) / shape_size(&e.out_shape);
    for (int64_t k = 0; k < slices; k++) {
        for (int i = 0; i < e.node->inputs; i++) {
            in_shape[i] = shape_part(&whole->in_shape[i], levels);
            in[i] = whole->in[i] + k * shape_size(&in_shape[i]);
        }
        e.out = whole->out + k * shape_size(&e.out_shape);
        e.node->op->eval(&e);
    }
}

void node_eval(const Eval *e)
{
    if (e->node->distributed > 0)
        evaluate_slices(e);
    else
        e->node->op->eval(e);
}
