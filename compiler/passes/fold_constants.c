/* passes/fold_constants.c -- compute once, at compile time, what depends on no
 * input: in float64, by the interpreter.
 *
 * A layer whose inputs are all constants becomes one. First states that are
 * constants become the learned ones of their layer, which streams then. Comes
 * after the masks are known and drop_unused, which runs again. */

#include "../rnnc.h"

#include <string.h>

static bool is_constant(const Tensor *t)
{
    return t->from && strcmp(t->from->op->name, "Constant") == 0;
}

/* Masks of what a constant has been are not led anywhere any more. */
static bool foldable(const Node *n)
{
    bool all = n->inputs > 0 && n->inputs <= MAX_PORTS;
    for (int i = 0; i < n->inputs; i++)
        all = all && is_constant(n->in[i]) && !n->in[i]->mask;
    return all && !n->out->mask;
}

static double *evaluate(Arena *a, const Node *n)
{
    double *in[MAX_PORTS];
    Shape in_shape[MAX_PORTS];
    for (int i = 0; i < n->inputs; i++) {
        in[i] = weight_of(n->in[i]->from, "value")->data;
        in_shape[i] = n->in[i]->shape;
    }
    Eval e = {.arena = a,
              .node = n,
              .in = in,
              .in_shape = in_shape,
              .out_shape = n->out->shape};
    e.out = arena_alloc(a, (size_t)shape_size(&e.out_shape), sizeof *e.out);
    node_eval(&e);
    return e.out;
}

/* n, with its name and output, as a Constant. */
static void fold(Arena *a, Node *n)
{
    double *data = evaluate(a, n);
    Shape shape = n->out->shape;
    n->op = op_find("Constant");
    n->inputs = 0;
    n->distributed = 0;
    n->scope.count = 0;
    memset(n->attr, 0, sizeof n->attr);
    memset(n->weight, 0, sizeof n->weight);
    n->weight[0] = (Weight){.name = "value",
                            .shape = shape,
                            .data = data,
                            .wide = true,
                            .at = n->at};
}

/* Inputs behind the first, without a mask. */
static bool gets_states(const Node *n)
{
    if (!n->op->recurrent || n->distributed || n->inputs < 2)
        return false;
    for (int i = 1; i < n->inputs; i++)
        if (!is_constant(n->in[i]))
            return false;
    return !attr_bool(n, "masked");
}

static void take_states(Node *n)
{
    for (int i = 0; i < n->inputs - 1; i++) {
        const char *name = n->op->state[i].initial;
        Weight *to = (Weight *)weight_of(n, name);
        *to = *weight_of(n->in[1 + i]->from, "value");
        to->name = name;
    }
    n->inputs = 1;
}

bool fold_constants(const Source *src, Graph *g)
{
    for (Node *n = g->first; n; n = n->next)
        if (gets_states(n))
            take_states(n);
        else if (foldable(n))
            fold(g->arena, n);
    return drop_unused(src, g);
}
