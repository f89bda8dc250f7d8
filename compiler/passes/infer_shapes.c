/* passes/infer_shapes.c -- give every tensor its shape, every weight its own.
 *
 * Walks the nodes in execution order; for each, matches the input against the
 * op row's pattern, binds attributes and dimensions to names, compares the
 * weights with the row's shapes, and evaluates the output's shape. Reports
 * every wrong weight, not only the first. A node behind one that failed is
 * skipped in silence: its fault would be an echo. */

#include "../rnnc.h"

#include <string.h>

/* Attributes by name; booleans as 0 and 1. Limits keep products in range. */
static void bind_attrs(Node *n)
{
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++) {
        AttrType type = n->op->attrs[i].type;
        if (type == ATTR_INT || type == ATTR_BOOL)
            scope_bind(&n->scope, n->op->attrs[i].name,
                       (int64_t)n->attr[i].number);
    }
}

static bool fixed_except_time(const Node *n)
{
    for (int i = 1; i < n->in[0]->shape.rank; i++)
        if (n->in[0]->shape.dim[i] == ANY)
            return false;
    return true;
}

static bool match_input(const Source *src, Node *n)
{
    const Shape *in = &n->in[0]->shape;
    bind_attrs(n);
    if (!shape_match(n->op->input, in, &n->scope)) {
        error_at(src, &n->at, "%s needs an input of shape [%s], got %s",
                 n->op->name, n->op->input, shape_text(src->arena, in));
        return false;
    }
    int64_t features = 0;
    if (scope_find(&n->scope, "features", &features) && features == ANY) {
        error_at(src, &n->at,
                 "%s needs a fixed number of features, got an input of "
                 "shape %s",
                 n->op->name, shape_text(src->arena, in));
        return false;
    }
    return fixed_except_time(n);
}

/* Compares weight i with the row; an absent weight was the reader's concern. */
static bool check_weight(const Source *src, const Node *n, int i)
{
    const WeightSpec *spec = &n->op->weights[i];
    const Weight *w = &n->weight[i];
    if (!spec->shape)
        return true;
    Shape expected = shape_eval(spec->shape, &n->scope);
    if (!w->data || shape_equal(&w->shape, &expected))
        return true;
    error_at(src, &w->at, "%s has shape %s, expected %s", spec->name,
             shape_text(src->arena, &w->shape),
             shape_explain(src->arena, spec->shape, &n->scope));
    return false;
}

static bool check_size(const Source *src, const Node *n)
{
    const Shape *out = &n->out->shape;
    bool fits = shape_size(out) <= MAX_ELEMENTS;
    for (int i = 0; i < out->rank; i++)
        fits &= out->dim[i] <= MAX_DIM;
    if (!fits)
        error_at(src, &n->at,
                 "the output is larger than %d in one dimension "
                 "or %lld elements",
                 MAX_DIM, (long long)MAX_ELEMENTS);
    return fits;
}

static bool has_weights(const Node *n)
{
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        if (!n->weight[i].data && weight_needed(n, &n->op->weights[i]))
            return false;
    return true;
}

bool infer_node(const Source *src, Node *n)
{
    if (!match_input(src, n))
        return false;
    if (n->op->bind && !n->op->bind(src, n))
        return false;
    bool ok = true;
    for (int i = 0; i < MAX_WEIGHTS && n->op->weights[i].name; i++)
        ok &= check_weight(src, n, i);
    if (n->op->infer && !has_weights(n))
        return false; /* reported by the reader */
    if (n->op->infer)
        return ok && n->op->infer(src, n) && check_size(src, n);
    n->out->shape = shape_eval(n->op->output, &n->scope);
    return check_size(src, n) && ok;
}

bool infer_shapes(const Source *src, Graph *g)
{
    bool ok = true;
    for (Node *n = g->first; n; n = n->next) {
        bool known = !n->broken;
        for (int i = 0; known && i < n->inputs; i++)
            known = n->in[i]->shape.rank > 0;
        if (!known || !infer_node(src, n)) {
            n->out->shape.rank = 0; /* unknown to what follows */
            ok = false;
        }
    }
    return ok && !g->unfinished;
}
