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
    for (int i = 1; i < n->seen[0].rank; i++)
        if (n->seen[0].dim[i] == ANY)
            return false;
    return true;
}

static bool match_input(const Source *src, Node *n)
{
    const Shape *in = n->inputs ? &n->seen[0] : NULL;
    bind_attrs(n);
    if (n->inputs == 0)
        return true;
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

/* What the op's functions see. Slices of several inputs come together, so there
 * are as many of each. */
static bool see_inputs(const Source *src, Node *n)
{
    n->seen = arena_alloc(src->arena, (size_t)n->inputs, sizeof *n->seen);
    for (int i = 0; i < n->inputs; i++) {
        const Shape *in = &n->in[i]->shape, *first = &n->in[0]->shape;
        bool enough = in->rank > n->distributed, same = true;
        for (int k = 0; enough && k < n->distributed; k++)
            same &= in->dim[k] == first->dim[k];
        n->seen[i] = shape_part(in, n->distributed);
        if (n->distributed == 0 || (enough && same))
            continue;
        error_at(src, &n->at,
                 enough ? "TimeDistributed needs inputs of as many timesteps, "
                          "got %s"
                        : "TimeDistributed needs timesteps of at least one "
                          "dimension, got an input of shape %s",
                 shape_text(src->arena, in));
        return false;
    }
    return true;
}

/* The slices' outputs, one for each: [timesteps, ...]. */
static bool join_slices(const Source *src, Node *n)
{
    const Shape each = n->out->shape;
    int levels = n->distributed;
    if (each.rank + levels > MAX_RANK) {
        error_at(src, &n->at, "the output has more than %d dimensions",
                 MAX_RANK);
        return false;
    }
    n->out->shape = n->in[0]->shape;
    n->out->shape.rank = each.rank + levels;
    for (int i = 0; i < each.rank; i++)
        n->out->shape.dim[i + levels] = each.dim[i];
    return check_size(src, n);
}

static bool infer_seen(const Source *src, Node *n)
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

bool infer_node(const Source *src, Node *n)
{
    return see_inputs(src, n) && infer_seen(src, n) &&
           (n->distributed == 0 || join_slices(src, n));
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
