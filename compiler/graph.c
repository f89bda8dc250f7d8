/* graph.c -- the network as a list of nodes in execution order. */

#include "rnnc.h"

#include <assert.h>
#include <string.h>

Graph *graph_new(Arena *a)
{
    Graph *g = arena_alloc(a, 1, sizeof *g);
    g->arena = a;
    return g;
}

Tensor *graph_tensor(Graph *g, const char *name)
{
    Tensor *t = arena_alloc(g->arena, 1, sizeof *t);
    t->name = name;
    return t;
}

/* The caller fills in everything but op, out and the order. */
Node *graph_append(Graph *g, const Op *op)
{
    Node *n = arena_alloc(g->arena, 1, sizeof *n);
    n->op = op;
    n->out = graph_tensor(g, NULL);
    n->out->from = n;
    graph_put(g, n);
    return n;
}

void graph_put(Graph *g, Node *n)
{
    n->next = NULL;
    if (g->last)
        g->last->next = n;
    else
        g->first = n;
    g->last = n;
    g->nodes++;
}

Node *graph_add(Graph *g, const char *op, const char *name, const At *at,
                Tensor *const *in, int inputs)
{
    Node *n = graph_append(g, op_find(op));
    assert(n->op);
    n->name = n->out->name = name;
    n->at = *at_keep(g->arena, at);
    n->inputs = inputs;
    n->in = arena_alloc(g->arena, (size_t)inputs, sizeof *n->in);
    memcpy(n->in, in, (size_t)inputs * sizeof *n->in);
    for (int i = 0; i < MAX_ATTRS && n->op->attrs[i].name; i++)
        if (n->op->attrs[i].fallback)
            default_attr(&n->op->attrs[i], &n->attr[i]);
    return n;
}

/* What must hold between any two passes: inputs come from the model or from
 * earlier nodes, and every weight that is there has its shape's data. */
void graph_check(const Graph *g)
{
    for (const Node *n = g->first; n; n = n->next) {
        assert(n->inputs >= n->op->min_inputs);
        assert(n->inputs <= n->op->max_inputs);
        assert(n->out->from == n);
        assert(n->out->name == n->name); /* --emit=json refers to it */
        for (int i = 0; i < n->inputs; i++) {
            bool found = !n->in[i]->from;
            for (const Node *m = g->first; m != n && !found; m = m->next)
                found = n->in[i] == m->out;
            assert(found);
            (void)found;
        }
    }
    assert(!g->last || !g->last->next);
    assert(g->inputs > 0 && g->outputs > 0);
}

/* Multiply-adds of a node over a whole sequence: op->macs counts a row of
 * "..." or, for a recurrence, a timestep. */
int64_t node_macs(const Node *n, int64_t timesteps)
{
    if (!n->op->macs)
        return 0;
    int64_t each = expr_eval(n->op->macs, &n->scope);
    Shape out = shape_at(&n->out->shape, (int)timesteps);
    for (int i = 0; i < n->distributed; i++) {
        each *= out.dim[0];
        out = shape_tail(&out);
    }
    if (op_walks(n->op)) {
        int64_t own = n->op->recurrent ? n->seen[0].dim[0] : out.dim[0];
        return each * (own == ANY ? timesteps : own);
    }
    Shape rows = shape_at(&n->scope.rest, (int)timesteps);
    return each * shape_size(&rows);
}

/* ---- Text ---------------------------------------------------------------- */

static const char *time_text(Time time)
{
    static const char *const text[] = {"", " each step", " last"};
    return text[time];
}

void graph_dump(const Graph *g, FILE *to)
{
    for (int i = 0; i < g->inputs; i++)
        fprintf(to, "  input %s %s%s\n", printable(g->arena, g->input[i]->name),
                shape_text(g->arena, &g->input[i]->shape),
                time_text(g->input[i]->time));
    for (const Node *n = g->first; n; n = n->next) {
        fprintf(to, "  %s = %s(", printable(g->arena, n->name), n->op->name);
        for (int i = 0; i < n->inputs; i++)
            fprintf(to, "%s%s", i ? ", " : "",
                    printable(g->arena, n->in[i]->name));
        fprintf(to, ") %s%s\n", shape_text(g->arena, &n->out->shape),
                time_text(n->out->time));
    }
    for (int i = 0; i < g->outputs; i++)
        fprintf(to, "  output %s\n", printable(g->arena, g->output[i]->name));
}

/* A JSON string inside a DOT string: everything but plain ASCII becomes _. */
static void dot_text(Buf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = c >= ' ' && c < 127 && !strchr("\"\\<>{}|", c);
        buf_add(out, plain ? text : "_", 1);
    }
}

static void dot_label(Buf *out, const char *id, int index, const char *name,
                      const char *what, const char *shape)
{
    buf_printf(out, "    %s%d [label=\"", id, index);
    dot_text(out, name);
    buf_printf(out, "\\n%s%s%s\"", what, *what ? " " : "", shape);
}

/* The number of the node that makes a tensor, or of the model input. */
static int tensor_index(const Graph *g, const Tensor *t, const char **id)
{
    int index = 0;
    *id = t->from ? "n" : "in";
    if (!t->from)
        while (g->input[index] != t)
            index++;
    else
        for (const Node *n = g->first; n != t->from; n = n->next)
            index++;
    return index;
}

static void dot_edge(const Graph *g, const Tensor *from, const char *to,
                     int index, Buf *out)
{
    const char *id;
    int source = tensor_index(g, from, &id);
    buf_printf(out, "    %s%d -> %s%d;\n", id, source, to, index);
}

void graph_dot(const Graph *g, Buf *out)
{
    Arena *a = g->arena;
    int index = 0;

    buf_puts(out, "digraph model {\n    rankdir=TB;\n"
                  "    node [shape=box, fontname=\"Helvetica\"];\n");
    for (int i = 0; i < g->inputs; i++) {
        dot_label(out, "in", i, g->input[i]->name, "",
                  shape_text(a, &g->input[i]->shape));
        buf_puts(out, ", style=rounded];\n");
    }
    for (const Node *n = g->first; n; n = n->next, index++) {
        dot_label(out, "n", index, n->name, n->op->name,
                  shape_text(a, &n->out->shape));
        buf_printf(out, ", tooltip=\"%lld parameters\"];\n",
                   (long long)node_params(n));
        for (int i = 0; i < n->inputs; i++)
            dot_edge(g, n->in[i], "n", index, out);
    }
    for (int i = 0; i < g->outputs; i++) {
        dot_label(out, "out", i, g->output[i]->name, "output", "");
        buf_puts(out, ", style=rounded];\n");
        dot_edge(g, g->output[i], "out", i, out);
    }
    buf_puts(out, "}\n");
}
