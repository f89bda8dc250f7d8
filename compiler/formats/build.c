/* formats/build.c -- a Graph, layer by layer; tensors turned and cut. */

#include "build.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"

Build build_new(Source *src, Graph *g, Inputs *inputs)
{
    return (Build){.src = src, .g = g, .inputs = inputs};
}

Tensor *build_input(Build *b, const char *name, const At *at, Shape shape)
{
    assert(b->g->inputs < MAX_PORTS);
    Tensor *t = graph_tensor(b->g, name);
    t->shape = shape;
    b->g->input_at[b->g->inputs] = *at_keep(b->g->arena, at);
    b->g->input[b->g->inputs++] = t;
    return b->last = t;
}

/* A name that no tensor has: `name`, else `name_2` and so on. */
static const char *free_name(const Graph *g, const char *name)
{
    const char *tried = name;
    for (int k = 2;; k++) {
        bool taken = false;
        for (int i = 0; i < g->inputs; i++)
            taken |= strcmp(g->input[i]->name, tried) == 0;
        for (const Node *n = g->first; n; n = n->next)
            taken |= n->name && strcmp(n->name, tried) == 0;
        if (!taken)
            return tried;
        tried = arena_printf(g->arena, "%s_%d", name, k);
    }
}

Node *build_layer(Build *b, const char *type, const char *name, const At *at)
{
    if (!name || !*name)
        name = arena_printf(b->g->arena, "layer_%d", b->g->nodes + 1);
    Node *n = graph_add(b->g, type, free_name(b->g, name), at, &b->last, 1);
    b->last = n->out;
    return n;
}

void build_inputs(Build *b, Node *n, Tensor *const *in, int count)
{
    n->inputs = count;
    n->in = arena_alloc(b->g->arena, (size_t)count, sizeof *n->in);
    memcpy(n->in, in, (size_t)count * sizeof *in);
}

/* An attribute to set; from then on it is no default. */
static Attr *attr(Node *n, const char *name)
{
    Attr *attr = &n->attr[attr_of(n, name) - n->attr];
    attr->at = n->at;
    return attr;
}

void build_int(Node *n, const char *name, int value)
{
    attr(n, name)->number = value;
}

void build_bool(Node *n, const char *name, bool value)
{
    attr(n, name)->number = value;
}

void build_number(Node *n, const char *name, double value)
{
    attr(n, name)->number = value;
}

void build_shape(Node *n, const char *name, Shape shape)
{
    attr(n, name)->shape = shape;
}

void build_choice(Node *n, const char *name, const char *word)
{
    Attr *a = attr(n, name);
    const char *const *choices = n->op->attrs[a - n->attr].choices;
    int i = 0;
    while (strcmp(choices[i], word) != 0)
        i++;
    a->number = i;
}

void build_activation(Node *n, const char *name, const char *activation,
                      const char *key, const char *value, double param)
{
    const ActivationRow *row = activation_find(activation);
    assert(row);
    while (key && row->name &&
           !(row->key && strcmp(row->key, key) == 0 &&
             strcmp(row->value, value) == 0))
        row++;
    while (!key && row->key && !row->fallback)
        row++;
    assert(row->name && strcmp(row->name, activation) == 0);
    attr(n, name)->activation = (Activation){
        .row = row, .param = isnan(param) ? row->param_default : param};
}

void build_weight(Build *b, Node *n, const char *name, const At *at,
                  Values values)
{
    Weight *w = &n->weight[weight_of(n, name) - n->weight];
    *w = (Weight){.name = name,
                  .shape = values.shape,
                  .data = values.data,
                  .wide = values.wide,
                  .at = *at_keep(b->g->arena, at)};
}

void build_lost(Build *b)
{
    b->last = graph_tensor(b->g, NULL);
}

void build_output(Build *b, const char *name, const At *at)
{
    assert(b->g->outputs < MAX_PORTS);
    if (name && b->last->from)
        b->last->from->name = b->last->name = free_name(b->g, name);
    b->g->output_at[b->g->outputs] = *at_keep(b->g->arena, at);
    b->g->output[b->g->outputs++] = b->last;
}

void convention(Graph *g, const char *fmt, ...)
{
    char line[400];
    int count = 0;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    while (g->conventions && g->conventions[count])
        count++;
    const char **list = arena_alloc(g->arena, (size_t)count + 2, sizeof *list);
    if (count)
        memcpy(list, g->conventions, (size_t)count * sizeof *list);
    list[count] = arena_strndup(g->arena, line, strlen(line));
    g->conventions = list;
}

void build_sample(Build *b, const At *in_at, Values in, const At *out_at,
                  Values out, double atol, const char *note)
{
    Arena *a = b->g->arena;
    Sample *all = arena_alloc(a, (size_t)b->g->samples + 1, sizeof *all);
    if (b->g->samples)
        memcpy(all, b->g->sample, (size_t)b->g->samples * sizeof *all);
    Sample *s = &all[b->g->samples++];
    *s = (Sample){
        .atol = atol, .src = b->src, .at = *at_keep(a, out_at), .note = note};
    s->input = arena_alloc(a, 1, sizeof *s->input);
    s->output = arena_alloc(a, 1, sizeof *s->output);
    s->input[0] = in.data;
    s->output[0] = out.data;
    s->input_shape = arena_alloc(a, 1, sizeof(Shape));
    s->output_shape = arena_alloc(a, 1, sizeof(Shape));
    *s->input_shape = in.shape;
    *s->output_shape = out.shape;
    s->input_at = at_keep(a, in_at);
    s->output_at = at_keep(a, out_at);
    b->g->sample = all;
}

/* ---- Reading ---------------------------------------------------------------
 */

static bool fits(const Shape *shape, const Shape *expected)
{
    bool same = shape->rank == expected->rank;
    for (int i = 0; same && i < shape->rank; i++)
        same = expected->dim[i] == ANY || shape->dim[i] == expected->dim[i];
    return same;
}

bool build_read(Build *b, const At *at, const char *what, Shape expected,
                Values *out)
{
    if (!at->json) {
        error_missing(b->src, at);
        return false;
    }
    if (!read_tensor(b->src, at, b->inputs, true, out))
        return false;
    if (fits(&out->shape, &expected))
        return true;
    error_at(b->src, at, "%s has shape %s, expected %s", what,
             shape_text(b->src->arena, &out->shape),
             shape_text(b->src->arena, &expected));
    return false;
}

int build_read_list(Build *b, const At *list, int min, int max, const At **at,
                    Values *out)
{
    int count = 0;
    bool ok = true;
    if (!want_array(b->src, list))
        return -1;
    if (json_size(list->json) < min || json_size(list->json) > max) {
        error_at(b->src, list, "expected %s%d tensors, got %d",
                 min == max ? "" : arena_printf(b->g->arena, "%d to ", min),
                 max, json_size(list->json));
        return -1;
    }
    const At *parent = at_keep(b->g->arena, list);
    for (const Json *item = json_first(list->json); item;
         item = json_next(item), count++) {
        at[count] = at_keep(b->g->arena, &(At){item, parent, NULL, count});
        ok &= read_tensor(b->src, at[count], b->inputs, true, &out[count]);
    }
    return ok ? count : -1;
}

void build_unused(Build *b, const At *object, const char *const *keys)
{
    for (int i = 0; keys[i]; i++) {
        At at = at_key(object, keys[i]);
        if (at.json)
            convention(b->g, "%s: changes no numbers; not used",
                       at_path(b->g->arena, &at));
    }
}

/* ---- Tensors --------------------------------------------------------------
 */

Shape shape1(int a)
{
    return (Shape){1, {a}};
}

Shape shape2(int a, int b)
{
    return (Shape){2, {a, b}};
}

Shape shape3(int a, int b, int c)
{
    return (Shape){3, {a, b, c}};
}

static Values like(Arena *a, Shape shape, bool wide)
{
    Values v = {.shape = shape, .wide = wide};
    v.data = arena_alloc(a, (size_t)shape_size(&shape), sizeof *v.data);
    return v;
}

Values values_zeros(Arena *a, Shape shape)
{
    return like(a, shape, false);
}

Values values_transpose(Arena *a, Values v)
{
    Shape turned = v.shape;
    int rank = v.shape.rank, at[MAX_RANK] = {0};
    for (int i = 0; i < rank; i++)
        turned.dim[i] = v.shape.dim[rank - 1 - i];
    Values out = like(a, turned, v.wide);
    for (int64_t i = 0; i < shape_size(&v.shape); i++) {
        int64_t to = 0; /* at[], the index of element i, read backwards */
        for (int d = rank - 1; d >= 0; d--)
            to = to * v.shape.dim[d] + at[d];
        out.data[to] = v.data[i];
        for (int d = rank - 1; d >= 0 && ++at[d] == v.shape.dim[d]; d--)
            at[d] = 0;
    }
    return out;
}

Values values_reshape(Values v, Shape shape)
{
    assert(shape_size(&v.shape) == shape_size(&shape));
    v.shape = shape;
    return v;
}

/* The sum of two floats is a double, nearly always; it stays one where a float
 * would lose something. */
Values values_add(Arena *a, Values v, Values w)
{
    assert(shape_equal(&v.shape, &w.shape));
    Values out = like(a, v.shape, v.wide || w.wide);
    for (int64_t i = 0; i < shape_size(&v.shape); i++) {
        out.data[i] = v.data[i] + w.data[i];
        out.wide |= out.data[i] != (float)out.data[i];
    }
    return out;
}

Values values_product(Arena *a, Values v, Values w)
{
    int64_t inner = v.shape.dim[1], columns = w.shape.dim[1];
    assert(w.shape.dim[0] == inner);
    Values out = like(a, shape2(v.shape.dim[0], w.shape.dim[1]), true);
    for (int64_t r = 0; r < v.shape.dim[0]; r++)
        for (int64_t k = 0; k < inner; k++)
            for (int64_t i = 0; i < columns; i++)
                out.data[r * columns + i] +=
                    v.data[r * inner + k] * w.data[k * columns + i];
    return out;
}

Values values_stack(Arena *a, Values v, Values w)
{
    int64_t size = shape_size(&v.shape);
    assert(shape_equal(&v.shape, &w.shape));
    Values out = like(a, shape2(2, (int)size), v.wide || w.wide);
    memcpy(out.data, v.data, (size_t)size * sizeof *v.data);
    memcpy(out.data + size, w.data, (size_t)size * sizeof *w.data);
    return out;
}

Values values_gates(Arena *a, Values v, int units, const int *order, int gates)
{
    Values out = like(a, v.shape, v.wide);
    int64_t columns = (int64_t)gates * units;
    int64_t rows = shape_size(&v.shape) / columns;
    assert(v.shape.dim[v.shape.rank - 1] == columns);
    for (int64_t r = 0; r < rows; r++)
        for (int i = 0; i < gates; i++)
            memcpy(out.data + r * columns + (int64_t)i * units,
                   v.data + r * columns + (int64_t)order[i] * units,
                   (size_t)units * sizeof *v.data);
    return out;
}

Values values_part(Values flat, int64_t from, Shape shape)
{
    assert(from + shape_size(&shape) <= shape_size(&flat.shape));
    return (Values){shape, flat.data + from, flat.wide};
}
